// Looks for many literals at once in raw bytes, without making a string. Four folded bytes are hashed into a table; only where the table knows them is a literal compared. Steps
// over as many bytes as the shortest literal allows. Watched by bench/sigma.ts: this is where most bytes of telemetry are looked at.

/** ASCII upper case to lower; other bytes stay. */
const FOLDED = new Uint8Array(256).map((_, at) => (at >= 65 && at <= 90 ? at + 32 : at))
const BACKSLASH = 92

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

const MAX_STRIDE = 12
/** Shorter literals are looked for by their first two characters, or by the one. */
const GRAM = 4
const FACTOR = 0x9e3779b1
/** Bits that a capital letter lacks; other characters are folded with it, and told apart when they are compared. */
const CASE_BITS = 0x20202020

const bytesOf = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0))

/** What was found: ids, each once. */
export class Hits {
  readonly ids: Int32Array
  count = 0
  readonly #seen: Int32Array
  #round = 1

  constructor(capacity: number) {
    this.ids = new Int32Array(capacity)
    this.#seen = new Int32Array(capacity)
  }

  clear(): void {
    this.count = 0
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

/** Bytes that are searched. */
export interface Haystack {
  readonly bytes: Uint8Array
  /** over the same bytes */
  readonly view: DataView
  readonly start: number
  readonly end: number
}

/** The literals of a search, and whether one stands at a place. */
class Texts {
  readonly ids: Int32Array
  /** all texts, one behind the other */
  readonly #characters: Uint8Array
  /** by literal: where its text begins; one more at the end */
  readonly #starts: Int32Array
  /** by literal: 1 it stands at the start, 2 at the end */
  readonly #anchors: Uint8Array
  readonly #isJson: boolean

  constructor(literals: readonly Literal[], form: Form) {
    this.ids = Int32Array.from(literals, ({ id }) => id)
    this.#characters = bytesOf(literals.map(({ text }) => text).join(''))
    this.#starts = new Int32Array(literals.length + 1)
    literals.forEach(({ text }, at) => {
      this.#starts[at + 1] = this.#starts[at] + text.length
    })
    this.#anchors = Uint8Array.from(literals, ({ start, end }) => Number(start === true) + Number(end === true) * 2)
    this.#isJson = form === 'json'
  }

  /** Whether a literal stands at `from`, a character `width` bytes long, in bytes from `start` up to `end`. */
  stands(literal: number, bytes: Uint8Array, from: number, start: number, end: number, width: number): boolean {
    const first = this.#starts[literal]
    const last = this.#starts[literal + 1]
    const to = from + (last - first) * width
    if (from < start || to > end) return false
    const anchors = this.#anchors[literal]
    if (anchors !== 0 && (((anchors & 1) !== 0 && from !== start) || ((anchors & 2) !== 0 && to !== end))) return false
    const characters = this.#characters
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

/** How usual a character is in telemetry, roughly: literals are filed under their rarer parts. */
const USUAL = new Uint8Array(256).fill(1)
for (const [index, character] of [...' eatonsrildc.mpu\\-"/:0hfgw1_bv2yx3=5,46798;()k'].entries())
  USUAL[character.charCodeAt(0)] = 60 - index

/** Of the places of a text where so many parts behind each other may be filed, the one whose parts are rarest. */
function rarestOffset(text: string, parts: number, gram: number): number {
  const usual = (at: number) => {
    let product = 1
    for (let i = 0; i < gram; i++) product *= USUAL[text.charCodeAt(at + i)]
    return product
  }
  let best = 0
  let least = Number.POSITIVE_INFINITY
  for (let offset = 0; offset + parts + gram - 1 <= text.length; offset++) {
    let sum = 0
    for (let part = 0; part < parts; part++) sum += usual(offset + part)
    if (sum < least) {
      least = sum
      best = offset
    }
  }
  return best
}

/** Chains of literals by hash: each entry a literal and the place in it at which what was hashed stands. */
class Chains {
  readonly heads: Uint16Array | Int32Array
  readonly shift: number
  readonly nexts: Int32Array
  readonly literals: Int32Array
  readonly offsets: Int32Array
  #entries = 0

  constructor(capacity: number) {
    let bits = 8
    while (bits < 16 && 1 << bits < capacity * 8) bits++
    this.shift = 32 - bits
    this.heads = capacity < 65535 ? new Uint16Array(1 << bits) : new Int32Array(1 << bits)
    this.nexts = new Int32Array(capacity + 1)
    this.literals = new Int32Array(capacity + 1)
    this.offsets = new Int32Array(capacity + 1)
  }

  add(hash: number, literal: number, offset: number): void {
    const entry = ++this.#entries
    this.literals[entry] = literal
    this.offsets[entry] = offset
    this.nexts[entry] = this.heads[hash]
    this.heads[hash] = entry
  }
}

const hash4 = (text: Uint8Array, at: number) =>
  Math.imul(text[at] | (text[at + 1] << 8) | (text[at + 2] << 16) | (text[at + 3] << 24) | CASE_BITS, FACTOR)
const hash2 = (text: Uint8Array, at: number) => Math.imul(text[at] | (text[at + 1] << 8) | (CASE_BITS & 0xffff), FACTOR)

/** Literals of four characters or more, anywhere. */
class LongLiterals {
  readonly #texts: Texts
  readonly #stride: number
  readonly #chains: Chains

  constructor(literals: readonly Literal[], form: Form) {
    this.#texts = new Texts(literals, form)
    const shortest = literals.reduce((least, { text }) => Math.min(least, text.length), MAX_STRIDE + GRAM)
    this.#stride = Math.min(MAX_STRIDE, shortest - GRAM + 1)
    this.#chains = new Chains(literals.length * this.#stride)
    literals.forEach(({ text }, literal) => {
      const bytes = bytesOf(text)
      const first = rarestOffset(text, this.#stride, GRAM)
      for (let offset = first; offset < first + this.#stride; offset++)
        this.#chains.add(hash4(bytes, offset) >>> this.#chains.shift, literal, offset)
    })
  }

  utf8({ bytes, view, start, end }: Haystack, hits: Hits): void {
    const { heads, shift } = this.#chains
    const stride = this.#stride
    for (let at = start, last = end - 4; at <= last; at += stride) {
      const entry = heads[Math.imul(view.getInt32(at, true) | CASE_BITS, FACTOR) >>> shift]
      if (entry !== 0) this.#follow(entry, bytes, at, start, end, 1, hits)
    }
  }

  utf16({ bytes, view, start, end }: Haystack, hits: Hits): void {
    const { heads, shift } = this.#chains
    const step = this.#stride * 2
    for (let at = start, last = end - 8; at <= last; at += step) {
      const low = view.getInt32(at, true)
      const high = view.getInt32(at + 4, true)
      const word = (low & 0xff) | ((low >>> 8) & 0xff00) | ((high & 0xff) << 16) | ((high << 8) & 0xff000000)
      const entry = heads[Math.imul(word | CASE_BITS, FACTOR) >>> shift]
      if (entry !== 0) this.#follow(entry, bytes, at, start, end, 2, hits)
    }
  }

  #follow(first: number, bytes: Uint8Array, at: number, start: number, end: number, width: number, hits: Hits): void {
    const { nexts, literals, offsets } = this.#chains
    const texts = this.#texts
    for (let entry = first; entry !== 0; entry = nexts[entry]) {
      const literal = literals[entry]
      const id = texts.ids[literal]
      if (!hits.has(id) && texts.stands(literal, bytes, at - offsets[entry] * width, start, end, width)) hits.add(id)
    }
  }
}

/** Literals of two or three characters, anywhere. */
class ShortLiterals {
  readonly #texts: Texts
  readonly #chains: Chains

  constructor(literals: readonly Literal[], form: Form) {
    this.#texts = new Texts(literals, form)
    this.#chains = new Chains(literals.length)
    literals.forEach(({ text }, literal) => {
      const offset = rarestOffset(text, 1, 2)
      this.#chains.add(hash2(bytesOf(text), offset) >>> this.#chains.shift, literal, offset)
    })
  }

  utf8({ bytes, view, start, end }: Haystack, hits: Hits): void {
    const { heads, shift } = this.#chains
    for (let at = start, last = end - 2; at <= last; at++) {
      const entry = heads[Math.imul(view.getUint16(at, true) | (CASE_BITS & 0xffff), FACTOR) >>> shift]
      if (entry !== 0) this.#follow(entry, bytes, at, start, end, 1, hits)
    }
  }

  utf16({ bytes, view, start, end }: Haystack, hits: Hits): void {
    const { heads, shift } = this.#chains
    for (let at = start, last = end - 4; at <= last; at += 2) {
      const word = view.getInt32(at, true)
      const entry = heads[Math.imul((word & 0xff) | ((word >>> 8) & 0xff00) | (CASE_BITS & 0xffff), FACTOR) >>> shift]
      if (entry !== 0) this.#follow(entry, bytes, at, start, end, 2, hits)
    }
  }

  #follow(first: number, bytes: Uint8Array, at: number, start: number, end: number, width: number, hits: Hits): void {
    const { nexts, literals, offsets } = this.#chains
    const texts = this.#texts
    for (let entry = first; entry !== 0; entry = nexts[entry]) {
      const literal = literals[entry]
      const id = texts.ids[literal]
      if (!hits.has(id) && texts.stands(literal, bytes, at - offsets[entry] * width, start, end, width)) hits.add(id)
    }
  }
}

/** Literals of one character, anywhere: each looked for alone. There are hardly any. */
class SingleCharacters {
  readonly #texts: Texts
  readonly #characters: Uint8Array

  constructor(literals: readonly Literal[], form: Form) {
    this.#texts = new Texts(literals, form)
    this.#characters = bytesOf(literals.map(({ text }) => text).join(''))
  }

  find({ bytes, start, end }: Haystack, width: number, hits: Hits): void {
    for (let literal = 0; literal < this.#characters.length; literal++) {
      const character = this.#characters[literal]
      for (let at = start; at < end; at += width) {
        if (FOLDED[bytes[at]] !== character || !this.#texts.stands(literal, bytes, at, start, end, width)) continue
        hits.add(this.#texts.ids[literal])
        break
      }
    }
  }
}

/** Anchored literals of four characters or more: one hash of the four characters at that end finds all that may stand there. */
class AnchoredLiterals {
  readonly #texts: Texts
  readonly #lengths: Int32Array
  readonly #chains: Chains
  readonly #atEnd: boolean

  constructor(literals: readonly Literal[], form: Form, atEnd: boolean) {
    this.#texts = new Texts(literals, form)
    this.#lengths = Int32Array.from(literals, ({ text }) => text.length)
    this.#chains = new Chains(literals.length)
    this.#atEnd = atEnd
    literals.forEach(({ text }, literal) => {
      this.#chains.add(hash4(bytesOf(text), atEnd ? text.length - 4 : 0) >>> this.#chains.shift, literal, 0)
    })
  }

  find({ bytes, start, end }: Haystack, width: number, hits: Hits): void {
    if (end - start < 4 * width) return
    const { heads, shift, nexts, literals } = this.#chains
    const from = this.#atEnd ? end - 4 * width : start
    const word =
      bytes[from] | (bytes[from + width] << 8) | (bytes[from + 2 * width] << 16) | (bytes[from + 3 * width] << 24)
    for (let entry = heads[Math.imul(word | CASE_BITS, FACTOR) >>> shift]; entry !== 0; entry = nexts[entry]) {
      const literal = literals[entry]
      const at = this.#atEnd ? end - this.#lengths[literal] * width : start
      if (this.#texts.stands(literal, bytes, at, start, end, width)) hits.add(this.#texts.ids[literal])
    }
  }
}

/** Anchored literals of one to three characters: compared one by one. There are few. */
class ShortAnchored {
  readonly #texts: Texts
  readonly #lengths: Int32Array
  readonly #atEnd: readonly boolean[]

  constructor(literals: readonly Literal[], form: Form) {
    this.#texts = new Texts(literals, form)
    this.#lengths = Int32Array.from(literals, ({ text }) => text.length)
    this.#atEnd = literals.map(({ end }) => end === true)
  }

  find({ bytes, start, end }: Haystack, width: number, hits: Hits): void {
    for (let literal = 0; literal < this.#lengths.length; literal++) {
      const at = this.#atEnd[literal] ? end - this.#lengths[literal] * width : start
      if (this.#texts.stands(literal, bytes, at, start, end, width)) hits.add(this.#texts.ids[literal])
    }
  }
}

/** Searches for all of its literals; see the file's first comment. */
export class LiteralSearch {
  readonly #long: LongLiterals | undefined
  readonly #short: ShortLiterals | undefined
  readonly #single: SingleCharacters | undefined
  readonly #starts: AnchoredLiterals | undefined
  readonly #ends: AnchoredLiterals | undefined
  readonly #shortAnchored: ShortAnchored | undefined

  constructor(literals: readonly Literal[], form: Form) {
    const anywhere = literals.filter(({ start, end }) => !start && !end)
    const anchored = literals.filter(({ start, end }) => start || end)
    const long = anywhere.filter(({ text }) => text.length >= GRAM)
    const short = anywhere.filter(({ text }) => text.length > 1 && text.length < GRAM)
    const single = anywhere.filter(({ text }) => text.length === 1)
    const ends = anchored.filter(({ text, end }) => text.length >= GRAM && end)
    const starts = anchored.filter(({ text, end }) => text.length >= GRAM && !end)
    const shortAnchored = anchored.filter(({ text }) => text.length < GRAM)
    if (long.length) this.#long = new LongLiterals(long, form)
    if (short.length) this.#short = new ShortLiterals(short, form)
    if (single.length) this.#single = new SingleCharacters(single, form)
    if (starts.length) this.#starts = new AnchoredLiterals(starts, form, false)
    if (ends.length) this.#ends = new AnchoredLiterals(ends, form, true)
    if (shortAnchored.length) this.#shortAnchored = new ShortAnchored(shortAnchored, form)
  }

  /** Adds the ids of all literals found in bytes, one a character (UTF-8). */
  utf8(haystack: Haystack, hits: Hits): void {
    this.#long?.utf8(haystack, hits)
    this.#short?.utf8(haystack, hits)
    this.#ends?.find(haystack, 1, hits)
    this.#starts?.find(haystack, 1, hits)
    this.#single?.find(haystack, 1, hits)
    this.#shortAnchored?.find(haystack, 1, hits)
  }

  /** The same in UTF-16LE. */
  utf16(haystack: Haystack, hits: Hits): void {
    this.#long?.utf16(haystack, hits)
    this.#short?.utf16(haystack, hits)
    this.#ends?.find(haystack, 2, hits)
    this.#starts?.find(haystack, 2, hits)
    this.#single?.find(haystack, 2, hits)
    this.#shortAnchored?.find(haystack, 2, hits)
  }
}
