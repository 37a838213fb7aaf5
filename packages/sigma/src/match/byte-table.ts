// Values by their bytes: the same bytes have the same number. Compared exactly; emptied when full, so that memory is bounded.
import type { Haystack } from './literals.ts'

/** Longer values seldom come twice, and cost more to compare than to search. */
export const MAX_KEPT_BYTES = 600

export class ByteTable {
  readonly #arena: Uint8Array
  readonly #view: DataView
  readonly #table: Int32Array
  readonly #shift: number
  readonly #maxEntries: number
  readonly #starts: Int32Array
  readonly #lengths: Int32Array
  readonly #owners: Int32Array
  readonly #hashes: Int32Array
  #used = 0
  #entries = 0
  #hash = 0

  /** `maxEntries`: well below 2 ** `bits`. */
  constructor(bits: number, maxEntries: number, arenaBytes: number) {
    this.#arena = new Uint8Array(arenaBytes)
    this.#view = new DataView(this.#arena.buffer)
    this.#table = new Int32Array(1 << bits)
    this.#shift = 32 - bits
    this.#maxEntries = maxEntries
    this.#starts = new Int32Array(maxEntries + 1)
    this.#lengths = new Int32Array(maxEntries + 1)
    this.#owners = new Int32Array(maxEntries + 1)
    this.#hashes = new Int32Array(maxEntries + 1)
  }

  /** The number of these bytes, from 1 on; 0 when there is none. `owner` tells apart what the bytes are kept for. */
  find(owner: number, value: Haystack): number {
    const { bytes, view, start, end } = value
    const hash = hashOf(owner, value)
    this.#hash = hash
    const length = end - start
    const table = this.#table
    const arena = this.#view
    for (let slot = hash >>> this.#shift; ; slot = (slot + 1) & (table.length - 1)) {
      const entry = table[slot]
      if (entry === 0) return 0
      if (this.#hashes[entry] !== hash || this.#owners[entry] !== owner || this.#lengths[entry] !== length) continue
      let at = start
      let kept = this.#starts[entry]
      while (at + 4 <= end && arena.getInt32(kept, true) === view.getInt32(at, true)) {
        at += 4
        kept += 4
      }
      while (at < end && this.#arena[kept] === bytes[at]) {
        at++
        kept++
      }
      if (at === end) return entry
    }
  }

  /** Whether there is room for so many bytes. */
  hasRoom(length: number): boolean {
    return this.#entries < this.#maxEntries && this.#used + length <= this.#arena.length
  }

  /** Forgets everything. */
  clear(): void {
    this.#table.fill(0)
    this.#entries = 0
    this.#used = 0
  }

  /** Keeps the bytes that `find` was just asked for and did not know; there must be room. Gives their number. */
  add(owner: number, { bytes, start, end }: Haystack): number {
    const entry = ++this.#entries
    const arena = this.#arena
    let to = this.#used
    this.#starts[entry] = to
    for (let at = start; at < end; at++) arena[to++] = bytes[at]
    this.#used = to
    this.#lengths[entry] = end - start
    this.#owners[entry] = owner
    this.#hashes[entry] = this.#hash
    const table = this.#table
    let slot = this.#hash >>> this.#shift
    while (table[slot] !== 0) slot = (slot + 1) & (table.length - 1)
    table[slot] = entry
    return entry
  }
}

function hashOf(owner: number, { bytes, view, start, end }: Haystack): number {
  let hash = Math.imul(owner + 1, 0x9e3779b1) ^ (end - start)
  let at = start
  for (; at + 4 <= end; at += 4) hash = Math.imul(hash ^ view.getInt32(at, true), 0x85ebca6b) ^ (hash >>> 13)
  for (; at < end; at++) hash = Math.imul(hash ^ bytes[at], 0x85ebca6b) ^ (hash >>> 13)
  return Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35)
}
