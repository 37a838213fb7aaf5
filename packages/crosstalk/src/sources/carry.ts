// The bytes of a stream that are still needed, in one buffer that is used again and again: memory does not grow with the stream.

/** grows with what is put in: most files of a collection are small */
const FIRST = 16 * 1024

export class Carry {
  #storage: Buffer = Buffer.allocUnsafe(FIRST)
  /** what is at hand */
  bytes: Buffer = this.#storage.subarray(0, 0)

  append(piece: Uint8Array): void {
    const filled = this.bytes.length
    if (filled + piece.length > this.#storage.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#storage.length * 2, filled + piece.length))
      larger.set(this.bytes)
      this.#storage = larger
    }
    this.#storage.set(piece, filled)
    this.bytes = this.#storage.subarray(0, filled + piece.length)
  }

  /** Forgets the first bytes. */
  drop(count: number): void {
    const kept = this.bytes.length - count
    this.#storage.copyWithin(0, count, this.bytes.length)
    this.bytes = this.#storage.subarray(0, kept)
  }
}
