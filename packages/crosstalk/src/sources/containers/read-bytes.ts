import { InputError } from '../input-error.ts'
import type { Input } from '../source.ts'

/** The bytes [start, end) of an input, fewer where it ends before. */
export async function readBytes(input: Input, start: number, end: number): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  let missing = end - start
  if (missing <= 0) return Buffer.alloc(0)
  for await (const piece of input.open(start, end)) {
    // Pieces may be one buffer used again and again.
    pieces.push(Buffer.from(piece.subarray(0, missing)))
    missing -= piece.length
    if (missing <= 0) break
  }
  return Buffer.concat(pieces)
}

/** The first bytes, as far as they can be read, and what ended them before: whoever reads the input will be told of the damage behind them too. */
export async function readHead(input: Input, length: number): Promise<{ head: Buffer; error?: InputError }> {
  const pieces: Buffer[] = []
  let missing = length
  try {
    for await (const piece of input.open(0, length)) {
      pieces.push(Buffer.from(piece.subarray(0, missing)))
      missing -= piece.length
      if (missing <= 0) break
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { head: Buffer.concat(pieces), error }
  }
  return { head: Buffer.concat(pieces) }
}

/** The part [start, end) of a stream of bytes. */
export async function* part(stream: AsyncIterable<Uint8Array>, start = 0, end = Number.POSITIVE_INFINITY) {
  let at = 0
  if (start >= end) return
  for await (const piece of stream) {
    const from = Math.max(0, start - at)
    const to = Math.min(piece.length, end - at)
    at += piece.length
    if (from < to) yield from === 0 && to === piece.length ? piece : piece.subarray(from, to)
    if (at >= end) return
  }
}

/** Bytes in memory as an input. */
export function fromMemory(name: string, bytes: Uint8Array): Input {
  return {
    name,
    size: bytes.length,
    async *open(start = 0, end = bytes.length) {
      if (start < Math.min(end, bytes.length)) yield bytes.subarray(start, end)
    },
  }
}
