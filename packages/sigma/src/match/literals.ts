// Literals that are looked for in raw bytes, and what of them was found.

/** A literal of ASCII characters, folded, at least one. */
export interface Literal {
  readonly text: string
  /** what a hit reports; several literals may report the same */
  readonly id: number
  /** it stands at the start, at the end */
  readonly start?: boolean
  readonly end?: boolean
}

/** In which form the bytes are. JSON: the inside of a string whose escapes are all of one letter and none is `\/`; literals are given in that form. */
export type Form = 'plain' | 'json'

/** Bytes that are searched. */
export interface Haystack {
  readonly bytes: Uint8Array
  /** over the same bytes */
  readonly view: DataView
  readonly start: number
  readonly end: number
}

/** Literals that are compared at most in a value of no length, and for each byte more. Real values need a hundredth. */
const MOST_COMPARED = 1 << 15
const MOST_COMPARED_A_BYTE = 8

/** What was found: ids, each once. */
export class Hits {
  readonly ids: Int32Array
  count = 0
  /** Comparisons that are left; below 0 the search was given up, and more may stand there than was found: a thousand literals of one letter in a value of that letter. */
  left = 0
  readonly #seen: Int32Array
  #round = 1

  constructor(capacity: number) {
    this.ids = new Int32Array(capacity)
    this.#seen = new Int32Array(capacity)
  }

  /** To be called before a search, `length`: of the bytes. */
  clear(length: number): void {
    this.count = 0
    this.left = MOST_COMPARED + length * MOST_COMPARED_A_BYTE
    if (++this.#round > 0x3fff_ffff) {
      this.#round = 1
      this.#seen.fill(0)
    }
  }

  has(id: number): boolean {
    return this.#seen[id] === this.#round
  }

  add(id: number): void {
    if (this.#seen[id] === this.#round) return
    this.#seen[id] = this.#round
    this.ids[this.count++] = id
  }
}

/** ASCII upper case to lower; other bytes stay. */
export const FOLDED: Uint8Array = new Uint8Array(256).map((_, at) => (at >= 65 && at <= 90 ? at + 32 : at))
const BACKSLASH = 92

/** The literals of a search, and whether one stands at a place. */
export class Texts {
  readonly ids: Int32Array
  /** all texts, one behind the other */
  readonly characters: Uint8Array
  /** by literal: where its text begins; one more at the end */
  readonly starts: Int32Array
  /** by literal: 1 it stands at the start, 2 at the end */
  readonly #anchors: Uint8Array
  readonly #isJson: boolean

  constructor(literals: readonly Literal[], form: Form) {
    const count = literals.length
    this.ids = new Int32Array(count)
    this.starts = new Int32Array(count + 1)
    this.#anchors = new Uint8Array(count)
    this.#isJson = form === 'json'
    let all = ''
    for (let at = 0; at < count; at++) {
      const { id, text, start, end } = literals[at]
      this.ids[at] = id
      this.#anchors[at] = Number(start === true) + Number(end === true) * 2
      all += text
      this.starts[at + 1] = all.length
    }
    this.characters = Buffer.from(all, 'latin1')
  }

  lengthOf(literal: number): number {
    return this.starts[literal + 1] - this.starts[literal]
  }

  /** Whether a literal stands at `from`, a character `width` bytes long, in bytes from `start` up to `end`. */
  stands(literal: number, bytes: Uint8Array, from: number, start: number, end: number, width: number): boolean {
    const first = this.starts[literal]
    const last = this.starts[literal + 1]
    const to = from + (last - first) * width
    if (from < start || to > end) return false
    const anchors = this.#anchors[literal]
    if (anchors !== 0 && (((anchors & 1) !== 0 && from !== start) || ((anchors & 2) !== 0 && to !== end))) return false
    const { characters } = this
    if (width === 1) {
      for (let at = from, character = first; character < last; at++, character++)
        if (FOLDED[bytes[at]] !== characters[character]) return false
      return !this.#isJson || !isWithinEscape(bytes, start, from)
    }
    for (let at = from, character = first; character < last; at += 2, character++)
      if (FOLDED[bytes[at]] !== characters[character] || bytes[at + 1] !== 0) return false
    return true
  }
}

/** Whether a backslash before `at` makes what stands there part of an escape. */
function isWithinEscape(bytes: Uint8Array, start: number, at: number): boolean {
  let from = at
  while (from > start && bytes[from - 1] === BACKSLASH) from--
  return ((at - from) & 1) === 1
}
