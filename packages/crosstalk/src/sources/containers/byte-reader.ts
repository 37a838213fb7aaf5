// Pulls bytes from a stream for decoders that need so many at a time.

export const CUT_OFF = 'unexpected end of file'

export class ByteReader {
  /** what is at hand: bytes[at, end) */
  bytes: Uint8Array = new Uint8Array(0)
  at = 0
  end = 0
  /** the stream has ended: no more bytes than those at hand will come */
  ended = false
  readonly #pieces: AsyncIterator<Uint8Array>

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#pieces = stream[Symbol.asyncIterator]()
  }

  get available(): number {
    return this.end - this.at
  }

  /** Waits until `count` bytes are at hand; false when the stream ends before. */
  async need(count: number): Promise<boolean> {
    while (this.available < count && !this.ended) {
      const next = await this.#pieces.next()
      if (next.done) this.ended = true
      else this.#append(next.value)
    }
    return this.available >= count
  }

  /** The next bytes; throws when the stream ends before. The bytes are valid until the next call. */
  async take(count: number): Promise<Buffer> {
    if (!(await this.need(count))) throw new Error(CUT_OFF)
    this.at += count
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + this.at - count, count)
  }

  async close(): Promise<void> {
    await this.#pieces.return?.()
  }

  #append(piece: Uint8Array): void {
    const left = this.available
    if (left + piece.length > this.bytes.length - this.at || this.at > 0) {
      const size = left + piece.length
      const target = size > this.bytes.length ? new Uint8Array(Math.max(size, this.bytes.length * 2)) : this.bytes
      target.set(this.bytes.subarray(this.at, this.end))
      this.bytes = target
      this.at = 0
      this.end = left
    }
    this.bytes.set(piece, this.end)
    this.end += piece.length
  }
}
