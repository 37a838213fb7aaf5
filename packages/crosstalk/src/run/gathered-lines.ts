// Lines as the bytes that will be written: text that waits in large numbers costs the collector more than making it.
const GATHER_CHARACTERS = 1 << 14
const FIRST_BYTES = 1 << 16
/** A batch is handed on when it holds so many. */
const BATCH_BYTES = 1 << 20

const encoder = new TextEncoder()

export class GatheredLines {
  #text = ''
  #bytes = new Uint8Array(FIRST_BYTES)
  #used = 0

  /** With its end. */
  add(line: string): void {
    this.#text += line
    if (this.#text.length >= GATHER_CHARACTERS) this.#encode()
  }

  #encode(): void {
    const wanted = this.#used + this.#text.length * 3
    if (wanted > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(wanted, this.#bytes.length * 2))
      larger.set(this.#bytes.subarray(0, this.#used))
      this.#bytes = larger
    }
    this.#used += encoder.encodeInto(this.#text, this.#bytes.subarray(this.#used)).written
    this.#text = ''
  }

  get isFull(): boolean {
    return this.#used >= BATCH_BYTES
  }

  /** All that was added since, in memory of its own, which can be given to another thread; undefined when nothing was. */
  take(): Uint8Array | undefined {
    this.#encode()
    if (this.#used === 0) return undefined
    const taken = this.#bytes.slice(0, this.#used)
    this.#used = 0
    return taken
  }
}
