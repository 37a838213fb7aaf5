import { InputError } from '../input-error.ts'
import type { Input } from '../source.ts'
import { type ContainedInput, expandInside, metered, type Walk } from './expand.ts'
import { mayHold, wrapperOf } from './names.ts'
import { part, readBytes } from './read-bytes.ts'
import { parseLongName, parsePax, parseTarHeader, TAR_BLOCK, type TarHeader, type TarOverride } from './tar.ts'

/** headers' own data (long names, pax records) are read up to this size */
const MAX_HEADER_DATA = 1024 * 1024
/** as much of an entry's start is kept, so that looking at its head costs no second pass */
const HEAD = 64 * 1024

/** The inputs of a tar archive. */
export async function* walkTar(archive: Input, depth: number, walk: Walk): AsyncGenerator<Input> {
  const direct = archive.path !== undefined || (archive as ContainedInput).seekable === true
  const cursor = direct ? undefined : new Cursor(archive)
  const take = (at: number, length: number): Promise<Buffer> =>
    cursor ? cursor.take(at, length) : readBytes(archive, at, at + length)
  let override: TarOverride = {}
  try {
    for (let at = 0; ; ) {
      const block = await take(at, TAR_BLOCK)
      if (block.length === 0 || block.every((byte) => byte === 0)) return
      if (block.length < TAR_BLOCK) throw new InputError(archive.name, 'the tar archive is cut off')
      const header = { ...parseTarHeader(block, archive.name, at), ...override }
      if (!(header.size >= 0 && Number.isSafeInteger(header.size)))
        throw new InputError(archive.name, `a tar archive that is damaged at offset ${at}`)
      const data = at + TAR_BLOCK
      at = data + Math.ceil(header.size / TAR_BLOCK) * TAR_BLOCK
      if (header.type === 'x' || header.type === 'L') {
        const said = await take(data, Math.min(header.size, MAX_HEADER_DATA))
        override = { ...override, ...(header.type === 'x' ? parsePax(said) : { name: parseLongName(said) }) }
        continue
      }
      override = {}
      if (header.type !== '0' && header.type !== '7') continue
      const name = `${wrapperOf(archive.name)}!${header.name}`
      walk.budget.enter(archive.name)
      if (!mayHold(name, walk.only)) continue
      const input = cursor
        ? await liveInput(archive, cursor, header, data, name)
        : directInput(archive, header, data, name)
      yield* expandInside(cursor ? input : metered(input, walk.budget), depth + 1, walk)
    }
  } finally {
    await cursor?.close()
  }
}

function directInput(archive: Input, header: TarHeader, data: number, name: string): ContainedInput {
  return {
    name,
    size: header.size,
    seekable: true,
    open: (start = 0, end = header.size) => archive.open(data + start, data + Math.min(end, header.size)),
  }
}

/** An entry under the cursor of a stream: its head is at hand, its rest comes from the stream once, and from a second pass otherwise. */
async function liveInput(
  archive: Input,
  cursor: Cursor,
  header: TarHeader,
  data: number,
  name: string,
): Promise<ContainedInput> {
  const head = await cursor.take(data, Math.min(header.size, HEAD))
  return {
    name,
    size: header.size,
    seekable: false,
    async *open(start = 0, end = header.size) {
      const stop = Math.min(end, header.size)
      if (start < head.length) yield head.subarray(start, Math.min(head.length, stop))
      const from = Math.max(start, head.length)
      if (stop <= from) return
      if (cursor.at === data + head.length)
        yield* part(cursor.stream(data + header.size), from - head.length, stop - head.length)
      else yield* part(archive.open(), data + from, data + stop)
    },
  }
}

/** Reads a stream forward, once. */
class Cursor {
  /** the stream's offset that comes next */
  at = 0
  #rest: Uint8Array = new Uint8Array(0)
  readonly #pieces: AsyncIterator<Uint8Array>

  constructor(input: Input) {
    this.#pieces = input.open()[Symbol.asyncIterator]()
  }

  /** The bytes [from, from + length), fewer at the stream's end; `from` must not lie behind. */
  async take(from: number, length: number): Promise<Buffer> {
    for await (const _ of this.stream(from)) {
      // passed over
    }
    const pieces: Buffer[] = []
    for await (const piece of this.stream(from + length)) pieces.push(Buffer.from(piece))
    return Buffer.concat(pieces)
  }

  /** Pieces up to the offset `end`. */
  async *stream(end: number): AsyncGenerator<Uint8Array> {
    while (this.at < end) {
      if (this.#rest.length === 0) {
        const next = await this.#pieces.next()
        if (next.done) return
        this.#rest = next.value
        continue
      }
      const piece = this.#rest.subarray(0, end - this.at)
      this.#rest = this.#rest.subarray(piece.length)
      this.at += piece.length
      yield piece
    }
  }

  async close(): Promise<void> {
    await this.#pieces.return?.()
  }
}
