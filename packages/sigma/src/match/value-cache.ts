// What a field's matcher found for a value, remembered: telemetry repeats itself.
import { ByteTable } from './byte-table.ts'
import type { Haystack } from './literals.ts'

const ARENA_BYTES = 8 << 20
const TABLE_BITS = 16
const MAX_ENTRIES = 40_000
const MAX_FOUND = 1 << 18

export class ValueCache {
  readonly #values = new ByteTable(TABLE_BITS, MAX_ENTRIES, ARENA_BYTES)
  /** what was found, one value's behind the other's */
  readonly found: Int32Array = new Int32Array(MAX_FOUND)
  /** by number of a value: where in `found` it begins; one more at the end */
  readonly starts: Int32Array = new Int32Array(MAX_ENTRIES + 2)

  /** The number of a value of which it is known what was found; 0 when it is not. `owner` tells matchers and forms of bytes apart. */
  get(owner: number, value: Haystack): number {
    return this.#values.find(owner, value)
  }

  /** Keeps a result for the bytes that `get` was just asked for. */
  set(owner: number, value: Haystack, result: Int32Array, count: number): void {
    const values = this.#values
    if (count > MAX_FOUND) return
    if (!values.hasRoom(value.end - value.start) || this.#used + count > MAX_FOUND) {
      values.clear()
      this.#used = 0
    }
    const entry = values.add(owner, value)
    for (let at = 0; at < count; at++) this.found[this.#used++] = result[at]
    this.starts[entry + 1] = this.#used
  }

  #used = 0
}
