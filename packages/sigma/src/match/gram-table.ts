// Which literals may stand at a place, by the few characters that stand there (a gram): one hash, and a table that mostly says none.
import type { Hits, Literal, Texts } from './literals.ts'

const FACTOR = 0x9e3779b1
/** Buckets for each gram that is filed: most of what is looked up is not there, and should end at an empty bucket. */
const SPARSE = 256
/** So many buckets at most: as bits they stay in the processor's cache. */
const MAX_BITS = 16
/** Entries are looked up in eight times fewer buckets, which take four bytes each. */
const FEWER_BITS = 3

/** Comparing a literal of so many characters (2 to this power) counts as one more. */
const LONG_BITS = 5

/** Bits that a capital letter lacks; other characters are folded with it, and told apart when they are compared. */
export const CASE_BITS4 = 0x20202020
export const CASE_BITS2 = 0x2020

/** Spreads a gram over 32 bits; the upper ones are the best. */
export const hashOf = (gram: number): number => Math.imul(gram, FACTOR)

/** Whether a gram is filed in a bucket. */
export const isFilled = (filled: Int32Array, bucket: number): boolean => ((filled[bucket >>> 5] >>> bucket) & 1) !== 0

/** Literals filed under one or several of their grams. */
export class GramTable {
  readonly texts: Texts
  /** by bucket, a bit: a gram is filed there. The first look, in the loops over bytes (`isFilled`). */
  readonly filled: Int32Array
  /** of a hash, to its bucket */
  readonly shift: number
  /** the first entry of a chain; 0 is none */
  readonly #heads: Int32Array
  /** by entry: the next of the chain; the gram; the literal, and where in it the gram stands */
  readonly #nexts: Int32Array
  readonly #grams: Int32Array
  readonly #literals: Int32Array
  readonly #offsets: Int32Array
  #entries = 0

  /** `capacity`: grams that will be filed. */
  constructor(texts: Texts, capacity: number) {
    let bits = 8
    while (bits < MAX_BITS && 1 << bits < capacity * SPARSE) bits++
    this.texts = texts
    this.shift = 32 - bits
    this.filled = new Int32Array(1 << (bits - 5))
    this.#heads = new Int32Array(1 << (bits - FEWER_BITS))
    this.#nexts = new Int32Array(capacity + 1)
    this.#grams = new Int32Array(capacity + 1)
    this.#literals = new Int32Array(capacity + 1)
    this.#offsets = new Int32Array(capacity + 1)
  }

  /** Files a literal under the gram of `size` characters (2 or 4) at `offset`. */
  file(literal: number, offset: number, size: number): void {
    const { characters, starts } = this.texts
    const at = starts[literal] + offset
    let gram = characters[at] | (characters[at + 1] << 8)
    if (size === 4) gram |= (characters[at + 2] << 16) | (characters[at + 3] << 24)
    gram |= size === 4 ? CASE_BITS4 : CASE_BITS2
    const bucket = hashOf(gram) >>> this.shift
    const entry = ++this.#entries
    this.#grams[entry] = gram
    this.#literals[entry] = literal
    this.#offsets[entry] = offset
    this.#nexts[entry] = this.#heads[bucket >>> FEWER_BITS]
    this.#heads[bucket >>> FEWER_BITS] = entry
    this.filled[bucket >>> 5] |= 1 << bucket
  }

  /** Adds the literals that stand where `gram` stands at `at`, as long as comparisons are left; characters are `width` bytes. */
  follow(gram: number, bytes: Uint8Array, at: number, start: number, end: number, width: number, hits: Hits): void {
    const { texts } = this
    for (let entry = this.#heads[hashOf(gram) >>> (this.shift + FEWER_BITS)]; entry !== 0; entry = this.#nexts[entry]) {
      if (--hits.left < 0) return
      if (this.#grams[entry] !== gram) continue
      const literal = this.#literals[entry]
      hits.left -= texts.lengthOf(literal) >> LONG_BITS
      const id = texts.ids[literal]
      if (!hits.has(id) && texts.stands(literal, bytes, at - this.#offsets[entry] * width, start, end, width))
        hits.add(id)
    }
  }

  /** The same where literals stand at the end of the bytes. */
  followToEnd(gram: number, bytes: Uint8Array, start: number, end: number, width: number, hits: Hits): void {
    const { texts } = this
    for (let entry = this.#heads[hashOf(gram) >>> (this.shift + FEWER_BITS)]; entry !== 0; entry = this.#nexts[entry]) {
      if (this.#grams[entry] !== gram) continue
      const literal = this.#literals[entry]
      if (texts.stands(literal, bytes, end - texts.lengthOf(literal) * width, start, end, width))
        hits.add(texts.ids[literal])
    }
  }
}

/** How usual a character is in telemetry, roughly: literals are filed under their rarer grams. */
const USUAL = new Uint8Array(256).fill(1)
for (const [index, character] of [...' eatonsrildc.mpu\\-"/:0hfgw1_bv2yx3=5,46798;()k'].entries())
  USUAL[character.charCodeAt(0)] = 60 - index

/** Of the places of a text where so many grams behind each other may be filed, the one whose grams are rarest. */
export function rarestOffset(text: string, grams: number, size: number): number {
  const last = text.length - size
  let best = 0
  let least = Number.POSITIVE_INFINITY
  let sum = 0
  for (let gram = 0; gram <= last; gram++) {
    sum += usualness(text, gram, size)
    if (gram >= grams) sum -= usualness(text, gram - grams, size)
    if (gram >= grams - 1 && sum < least) {
      least = sum
      best = gram - grams + 1
    }
  }
  return best
}

function usualness(text: string, gram: number, size: number): number {
  let product = 1
  for (let at = gram; at < gram + size; at++) product *= USUAL[text.charCodeAt(at)]
  return product
}

/** A table of literals, each under one gram, or under as many behind each other as `stride` is; `offsetOf` says where. */
export function fileLiterals(
  texts: Texts,
  literals: readonly Literal[],
  size: 2 | 4,
  stride: number,
  offsetOf: (text: string) => number,
): GramTable {
  const table = new GramTable(texts, literals.length * stride)
  literals.forEach(({ text }, literal) => {
    const first = offsetOf(text)
    for (let offset = first; offset < first + stride; offset++) table.file(literal, offset, size)
  })
  return table
}
