// Values that atoms are tested on one by one, and which tests of them have been made: both outlive the event. No text is kept, which the collector would have to move about.
import { ByteTable } from './byte-table.ts'
import type { Haystack } from './literals.ts'

const TABLE_BITS = 15
const MAX_VALUES = 16_000
const ARENA_BYTES = 2 << 20
const ANSWER_BITS = 16

export class KnownTests {
  readonly #values = new ByteTable(TABLE_BITS, MAX_VALUES, ARENA_BYTES)
  /** A test's place is the hash of its atom and its value: which atom was tested there last, and twice the value's number plus the answer. */
  readonly #atoms = new Int32Array(1 << ANSWER_BITS)
  readonly #answers = new Int32Array(1 << ANSWER_BITS)

  #isFull = false

  /** To be called between two events: numbers that were given are good until then. */
  begin(): void {
    if (!this.#isFull) return
    this.#values.clear()
    this.#answers.fill(0)
    this.#isFull = false
  }

  /** The number of a value; 0 when there is no room for it. `form` tells apart what the same bytes may mean. */
  numberOf(form: number, value: Haystack): number {
    const values = this.#values
    const number = values.find(form, value)
    if (number !== 0) return number
    this.#isFull ||= !values.hasRoom(value.end - value.start)
    return this.#isFull ? 0 : values.add(form, value)
  }

  /** 1 the atom is true of the value, 0 it is not, -1 it is not known. */
  answer(atom: number, value: number): number {
    const place = placeOf(atom, value)
    const answer = this.#answers[place]
    return answer >> 1 === value && this.#atoms[place] === atom ? answer & 1 : -1
  }

  keep(atom: number, value: number, holds: boolean): void {
    const place = placeOf(atom, value)
    this.#atoms[place] = atom
    this.#answers[place] = value * 2 + Number(holds)
  }
}

const placeOf = (atom: number, value: number): number =>
  (Math.imul(atom, 0x9e3779b1) ^ Math.imul(value, 0x85ebca6b)) >>> (32 - ANSWER_BITS)
