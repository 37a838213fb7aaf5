// Entries of an archive that is one stream: they pass by once, in order.

import { part } from './read-bytes.ts'
import type { ContainedInput } from './walk.ts'

/** as much of an entry's start is kept, so that looking at its head costs no second pass */
const HEAD = 64 * 1024

/** Reads a stream forward, once. */
export class Cursor {
  /** the stream's offset that comes next */
  at = 0
  #rest: Uint8Array = new Uint8Array(0)
  #failure: unknown
  readonly #pieces: AsyncIterator<Uint8Array>

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#pieces = stream[Symbol.asyncIterator]()
  }

  /** The bytes [from, from + length), fewer at the stream's end; `from` must not lie behind. */
  async take(from: number, length: number): Promise<Buffer> {
    const { head, error } = await this.takeWhatIsThere(from, length)
    if (error) throw error
    return head
  }

  /** The same, up to where the stream fails. */
  async takeWhatIsThere(from: number, length: number): Promise<{ head: Buffer; error?: unknown }> {
    const pieces: Buffer[] = []
    try {
      for await (const _ of this.stream(from)) {
        // passed over
      }
      for await (const piece of this.stream(from + length)) pieces.push(Buffer.from(piece))
    } catch (error) {
      return { head: Buffer.concat(pieces), error }
    }
    return { head: Buffer.concat(pieces) }
  }

  /** Pieces up to the offset `end`. */
  async *stream(end: number): AsyncGenerator<Uint8Array> {
    while (this.at < end) {
      if (this.#rest.length === 0) {
        // A stream that has failed says no more than that it is at its end.
        if (this.#failure) throw this.#failure
        const next = await this.#next()
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

  async #next(): Promise<IteratorResult<Uint8Array>> {
    try {
      return await this.#pieces.next()
    } catch (error) {
      this.#failure = error
      throw error
    }
  }

  async close(): Promise<void> {
    await this.#pieces.return?.()
  }
}

/** The entry at `offset` of the stream, which must not lie behind: its head is at hand, its rest comes from the stream once, and from another pass (`again`) otherwise. */
export async function liveInput(
  cursor: Cursor,
  again: () => AsyncIterable<Uint8Array>,
  entry: { readonly name: string; readonly size: number; readonly offset: number },
): Promise<ContainedInput> {
  const { name, size, offset } = entry
  const { head, error } = await cursor.takeWhatIsThere(offset, Math.min(size, HEAD))
  return {
    name,
    size,
    seekable: false,
    async *open(start = 0, end = size) {
      const stop = Math.min(end, size)
      if (start < Math.min(head.length, stop)) yield head.subarray(start, Math.min(head.length, stop))
      const from = Math.max(start, head.length)
      if (stop <= from) return
      if (error) throw error
      if (cursor.at === offset + head.length)
        yield* part(cursor.stream(offset + size), from - head.length, stop - head.length)
      else yield* part(again(), offset + from, offset + stop)
    },
  }
}
