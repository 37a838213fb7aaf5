// Node's zlib as codecs. A transform of it that fails takes along what it has unpacked and nobody has taken yet, so that a small file with one wrong bit
// gives nothing: then the stream is gone over once more, and everything before the damage comes out.
import { pipeline, Readable, type Transform } from 'node:stream'
import { InputError } from '../input-error.ts'
import type { Bytes, Codec } from './codec.ts'

/** packed bytes that are given at once on the way to the damage */
const STEP = 32 * 1024
/** and near it, in a second pass and in a third: damage is often the checksum behind the last byte */
const SMALL_STEPS = [256, 1]

/** A transform of zlib as a codec; leaving the loop early ends both sides. `prepare`: what is done to the packed bytes before. */
export function through(make: () => Transform, prepare: (packed: Bytes) => Bytes = (packed) => packed): Codec {
  return async function* (open) {
    const transform = make()
    let given = 0
    let failure: unknown
    try {
      pipeline(Readable.from(copies(prepare(open())), { objectMode: false }), transform, (error) => {
        failure = error
      })
      for await (const piece of transform as AsyncIterable<Buffer>) {
        given += piece.length
        yield piece
      }
      if (failure) throw failure
    } catch (error) {
      // What failed below has given all that it had, and was told.
      if (error instanceof InputError) throw error
      let reached: Reached | undefined = { given, sound: transform.bytesWritten }
      for (const step of SMALL_STEPS) if (reached) reached = yield* rest(make(), prepare(open()), reached, step)
      throw error
    }
  }
}

/** bytes handed on; packed bytes up to which there is no damage */
interface Reached {
  readonly given: number
  readonly sound: number
}

declare module 'node:stream' {
  interface Transform {
    /** of zlib's: packed bytes that were worked through */
    readonly bytesWritten: number
  }
}

/** Streams ask for the next piece while they still hold the last: who reuses its buffer (a file) must not see that. */
async function* copies(packed: Bytes): Bytes {
  for await (const piece of packed) yield Buffer.from(piece)
}

/** What a stream unpacks to behind what was given, up to its damage; gives how far that was, undefined where no step failed. */
async function* rest(
  transform: Transform,
  packed: Bytes,
  { given, sound }: Reached,
  small: number,
): AsyncGenerator<Uint8Array, Reached | undefined> {
  let out: Buffer[] = []
  let passed = 0
  let taken = 0
  let settle: { resolve: () => void; reject: (error: Error) => void } = { resolve() {}, reject() {} }
  // Taken as it comes, so that nothing waits in a buffer that goes when the transform does.
  transform.push = (piece: Buffer | null) => {
    if (piece === null) settle.resolve()
    else if (passed + piece.length > given) out.push(piece.subarray(Math.max(0, given - passed)))
    passed += piece?.length ?? 0
    return true
  }
  transform.on('error', (error) => settle.reject(error))
  const write = (step: Buffer) =>
    new Promise<void>((resolve, reject) => {
      settle = { resolve, reject }
      transform.write(step, (error) => (error ? reject(error) : resolve()))
    })
  try {
    for await (const step of inSteps(packed, sound, small)) {
      try {
        await write(step)
      } catch {
        return { given: Math.max(given, passed), sound: taken }
      }
      taken += step.length
      const ready = out
      out = []
      yield* ready
    }
  } catch {
    // What failed below: whoever asked for the rest knows of it.
  } finally {
    transform.destroy()
  }
  return undefined
}

async function* inSteps(packed: Bytes, sound: number, small: number): AsyncGenerator<Buffer> {
  let at = 0
  for await (const piece of packed)
    for (let from = 0; from < piece.length; ) {
      const step = Buffer.from(piece.subarray(from, from + (at < sound ? Math.min(STEP, sound - at) : small)))
      from += step.length
      at += step.length
      yield step
    }
}
