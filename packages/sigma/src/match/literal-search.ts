// Looks for many literals at once in raw bytes, without making a string. Four folded bytes are hashed into a table (gram-table.ts); only where the table knows them is a
// literal compared. Steps over as many bytes as the shortest literal allows. Watched by bench/scan.ts: this is where most bytes of telemetry are looked at.
import { CASE_BITS2, CASE_BITS4, fileLiterals, type GramTable, hashOf, isFilled, rarestOffset } from './gram-table.ts'
import { FOLDED, type Form, type Haystack, type Hits, type Literal, Texts } from './literals.ts'

const MAX_STRIDE = 12
/** Shorter literals are looked for by their first two characters, or by the one. */
const GRAM = 4

/** Literals of four characters or more, anywhere. */
class LongLiterals {
  readonly #stride: number
  readonly #table: GramTable

  constructor(literals: readonly Literal[], form: Form) {
    const shortest = literals.reduce((least, { text }) => Math.min(least, text.length), MAX_STRIDE + GRAM)
    const stride = Math.min(MAX_STRIDE, shortest - GRAM + 1)
    this.#stride = stride
    this.#table = fileLiterals(new Texts(literals, form), literals, GRAM, stride, (text) =>
      rarestOffset(text, stride, GRAM),
    )
  }

  utf8({ bytes, view, start, end }: Haystack, hits: Hits): void {
    const table = this.#table
    const { filled, shift } = table
    const stride = this.#stride
    const last = end - GRAM
    let at = start
    // Four places a round, and one question of all: going round costs more than looking.
    for (const lastRound = last - 3 * stride; at <= lastRound; at += 4 * stride) {
      const gram0 = view.getInt32(at, true) | CASE_BITS4
      const gram1 = view.getInt32(at + stride, true) | CASE_BITS4
      const gram2 = view.getInt32(at + 2 * stride, true) | CASE_BITS4
      const gram3 = view.getInt32(at + 3 * stride, true) | CASE_BITS4
      const bucket0 = hashOf(gram0) >>> shift
      const bucket1 = hashOf(gram1) >>> shift
      const bucket2 = hashOf(gram2) >>> shift
      const bucket3 = hashOf(gram3) >>> shift
      const filled0 = filled[bucket0 >>> 5] >>> bucket0
      const filled1 = filled[bucket1 >>> 5] >>> bucket1
      const filled2 = filled[bucket2 >>> 5] >>> bucket2
      const filled3 = filled[bucket3 >>> 5] >>> bucket3
      if (((filled0 | filled1 | filled2 | filled3) & 1) === 0) continue
      if ((filled0 & 1) !== 0) table.follow(gram0, bytes, at, start, end, 1, hits)
      if ((filled1 & 1) !== 0) table.follow(gram1, bytes, at + stride, start, end, 1, hits)
      if ((filled2 & 1) !== 0) table.follow(gram2, bytes, at + 2 * stride, start, end, 1, hits)
      if ((filled3 & 1) !== 0) table.follow(gram3, bytes, at + 3 * stride, start, end, 1, hits)
    }
    for (; at <= last; at += stride) {
      const gram = view.getInt32(at, true) | CASE_BITS4
      if (isFilled(filled, hashOf(gram) >>> shift)) table.follow(gram, bytes, at, start, end, 1, hits)
    }
  }

  utf16({ bytes, view, start, end }: Haystack, hits: Hits): void {
    const table = this.#table
    const { filled, shift } = table
    const step = this.#stride * 2
    for (let at = start, last = end - 8; at <= last; at += step) {
      const low = view.getInt32(at, true)
      const high = view.getInt32(at + 4, true)
      const gram =
        (low & 0xff) | ((low >>> 8) & 0xff00) | ((high & 0xff) << 16) | ((high << 8) & 0xff000000) | CASE_BITS4
      if (isFilled(filled, hashOf(gram) >>> shift)) table.follow(gram, bytes, at, start, end, 2, hits)
    }
  }
}

/** Literals of two or three characters, anywhere. */
class ShortLiterals {
  readonly #table: GramTable

  constructor(literals: readonly Literal[], form: Form) {
    this.#table = fileLiterals(new Texts(literals, form), literals, 2, 1, (text) => rarestOffset(text, 1, 2))
  }

  utf8({ bytes, view, start, end }: Haystack, hits: Hits): void {
    const table = this.#table
    const { filled, shift } = table
    for (let at = start, last = end - 2; at <= last; at++) {
      const gram = view.getUint16(at, true) | CASE_BITS2
      if (isFilled(filled, hashOf(gram) >>> shift)) table.follow(gram, bytes, at, start, end, 1, hits)
    }
  }

  utf16({ bytes, view, start, end }: Haystack, hits: Hits): void {
    const table = this.#table
    const { filled, shift } = table
    for (let at = start, last = end - 4; at <= last; at += 2) {
      const word = view.getInt32(at, true)
      const gram = (word & 0xff) | ((word >>> 8) & 0xff00) | CASE_BITS2
      if (isFilled(filled, hashOf(gram) >>> shift)) table.follow(gram, bytes, at, start, end, 2, hits)
    }
  }
}

/** Literals of one character, anywhere: each looked for alone. There are hardly any. */
class SingleCharacters {
  readonly #texts: Texts

  constructor(literals: readonly Literal[], form: Form) {
    this.#texts = new Texts(literals, form)
  }

  find({ bytes, start, end }: Haystack, width: number, hits: Hits): void {
    const { characters, ids } = this.#texts
    for (let literal = 0; literal < characters.length; literal++) {
      const character = characters[literal]
      for (let at = start; at < end; at += width) {
        if (FOLDED[bytes[at]] !== character || !this.#texts.stands(literal, bytes, at, start, end, width)) continue
        hits.add(ids[literal])
        break
      }
    }
  }
}

/** Anchored literals of four characters or more: one hash of the four characters at that end finds all that may stand there. */
class AnchoredLiterals {
  readonly #table: GramTable
  readonly #atEnd: boolean

  constructor(literals: readonly Literal[], form: Form, atEnd: boolean) {
    this.#atEnd = atEnd
    this.#table = fileLiterals(new Texts(literals, form), literals, GRAM, 1, (text) => (atEnd ? text.length - GRAM : 0))
  }

  find({ bytes, start, end }: Haystack, width: number, hits: Hits): void {
    if (end - start < GRAM * width) return
    const from = this.#atEnd ? end - GRAM * width : start
    const gram =
      bytes[from] |
      (bytes[from + width] << 8) |
      (bytes[from + 2 * width] << 16) |
      (bytes[from + 3 * width] << 24) |
      CASE_BITS4
    const table = this.#table
    if (!isFilled(table.filled, hashOf(gram) >>> table.shift)) return
    if (this.#atEnd) table.followToEnd(gram, bytes, start, end, width, hits)
    else table.follow(gram, bytes, start, start, end, width, hits)
  }
}

/** Anchored literals of one to three characters: compared one by one. There are few. */
class ShortAnchored {
  readonly #texts: Texts
  readonly #atEnd: readonly boolean[]

  constructor(literals: readonly Literal[], form: Form) {
    this.#texts = new Texts(literals, form)
    this.#atEnd = literals.map(({ end }) => end === true)
  }

  find({ bytes, start, end }: Haystack, width: number, hits: Hits): void {
    const texts = this.#texts
    for (let literal = 0; literal < this.#atEnd.length; literal++) {
      const at = this.#atEnd[literal] ? end - texts.lengthOf(literal) * width : start
      if (texts.stands(literal, bytes, at, start, end, width)) hits.add(texts.ids[literal])
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
