// What a field's matcher found for a value, remembered: telemetry repeats itself. Keyed by the bytes, compared exactly; emptied when full, so that memory is bounded.
import type { Haystack } from './literals.ts'

const ARENA_BYTES = 8 << 20
const TABLE_BITS = 16
const MAX_ENTRIES = 40_000
/** Longer values seldom come twice, and cost more to compare than to search. */
export const MAX_CACHED_BYTES = 600

export class ValueCache {
  readonly #arena = new Uint8Array(ARENA_BYTES)
  readonly #view = new DataView(this.#arena.buffer)
  readonly #table = new Int32Array(1 << TABLE_BITS)
  readonly #starts = new Int32Array(MAX_ENTRIES + 1)
  readonly #lengths = new Int32Array(MAX_ENTRIES + 1)
  readonly #owners = new Int32Array(MAX_ENTRIES + 1)
  readonly #hashes = new Int32Array(MAX_ENTRIES + 1)
  readonly #results: Int32Array[] = new Array(MAX_ENTRIES + 1)
  #used = 0
  #entries = 0
  #hash = 0

  /** The result kept for these bytes; undefined when there is none. `owner` tells matchers and forms of bytes apart. */
  get(owner: number, value: Haystack): Int32Array | undefined {
    const hash = hashOf(owner, value)
    this.#hash = hash
    const length = value.end - value.start
    for (let slot = hash >>> (32 - TABLE_BITS); ; slot = (slot + 1) & ((1 << TABLE_BITS) - 1)) {
      const entry = this.#table[slot]
      if (entry === 0) return undefined
      if (
        this.#hashes[entry] === hash &&
        this.#owners[entry] === owner &&
        this.#lengths[entry] === length &&
        this.#isSame(entry, value)
      )
        return this.#results[entry]
    }
  }

  #isSame(entry: number, { bytes, view, start, end }: Haystack): boolean {
    const arena = this.#view
    let at = start
    let kept = this.#starts[entry]
    for (; at + 4 <= end; at += 4, kept += 4) if (arena.getInt32(kept) !== view.getInt32(at)) return false
    for (; at < end; at++, kept++) if (this.#arena[kept] !== bytes[at]) return false
    return true
  }

  /** Keeps a result for the bytes that `get` was just asked for. */
  set(owner: number, { bytes, start, end }: Haystack, result: Int32Array, count: number): void {
    const length = end - start
    if (this.#entries >= MAX_ENTRIES || this.#used + length > ARENA_BYTES) {
      this.#table.fill(0)
      this.#entries = 0
      this.#used = 0
    }
    const entry = ++this.#entries
    for (let i = 0; i < length; i++) this.#arena[this.#used + i] = bytes[start + i]
    this.#starts[entry] = this.#used
    this.#lengths[entry] = length
    this.#owners[entry] = owner
    this.#hashes[entry] = this.#hash
    this.#results[entry] = count === 0 ? EMPTY : result.slice(0, count)
    this.#used += length
    let slot = this.#hash >>> (32 - TABLE_BITS)
    while (this.#table[slot] !== 0) slot = (slot + 1) & ((1 << TABLE_BITS) - 1)
    this.#table[slot] = entry
  }
}

const EMPTY = new Int32Array(0)

function hashOf(owner: number, { bytes, view, start, end }: Haystack): number {
  let hash = Math.imul(owner + 1, 0x9e3779b1) ^ (end - start)
  let at = start
  for (; at + 4 <= end; at += 4) hash = Math.imul(hash ^ view.getInt32(at, true), 0x85ebca6b) ^ (hash >>> 13)
  for (; at < end; at++) hash = Math.imul(hash ^ bytes[at], 0x85ebca6b) ^ (hash >>> 13)
  return Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35)
}
