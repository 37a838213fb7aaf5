// Values that atoms are tested on one by one: what their text is, and which tests of it have been made. Both outlive the event.
import { fold } from '../modifiers/folding.ts'
import { ByteTable } from './byte-table.ts'
import type { Haystack } from './literals.ts'

const TABLE_BITS = 15
const MAX_VALUES = 16_000
const ARENA_BYTES = 2 << 20
const ANSWER_BITS = 16

export class KnownTests {
  readonly #values = new ByteTable(TABLE_BITS, MAX_VALUES, ARENA_BYTES)
  readonly #texts: string[] = new Array(MAX_VALUES + 1).fill('')
  readonly #folded: string[] = new Array(MAX_VALUES + 1).fill('')
  /** A test's place is the hash of its atom and its value: which atom was tested there last, and twice the value's number plus the answer. */
  readonly #atoms = new Int32Array(1 << ANSWER_BITS)
  readonly #answers = new Int32Array(1 << ANSWER_BITS)

  /** The number of a value that was kept; 0 when there is none. */
  find(form: number, value: Haystack): number {
    return this.#values.find(form, value)
  }

  /** Keeps the value that `find` was just asked for. */
  add(form: number, value: Haystack, text: string): number {
    if (!this.#values.hasRoom(value.end - value.start)) {
      this.#values.clear()
      this.#answers.fill(0)
    }
    const number = this.#values.add(form, value)
    this.#texts[number] = text
    this.#folded[number] = fold(text)
    return number
  }

  textOf(number: number): string {
    return this.#texts[number]
  }

  foldedOf(number: number): string {
    return this.#folded[number]
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
