// Looks for many literals at once in raw bytes, without making a string. Four folded bytes are hashed into a table; only where the table knows them is a literal
// compared. Steps over as many bytes as the shortest literal allows. Watched by bench/sigma.ts: this is where most bytes of telemetry are looked at.

/** ASCII upper case to lower; other bytes stay. */
export const FOLDED = new Uint8Array(256).map((_, at) => (at >= 65 && at <= 90 ? at + 32 : at))

/** A literal of at least 4 ASCII characters, folded. */
export interface Literal {
  text: string
  /** what a hit reports */
  id: number
  /** it stands at the start, at the end */
  start?: boolean
  end?: boolean
}

const MAX_STRIDE = 8
/** Literals from this length on are looked for in a pass of their own, with longer steps. */
const LONG = 9

/** Hash of four folded characters; both encodings give the same. */
const gram = (a: number, b: number, c: number, d: number) =>
  Math.imul(a | (b << 8) | (c << 16) | (d << 24) | 0x20202020, 0x9e3779b1) >>> 0

class Pass {
  readonly stride: number
  readonly shift: number
  /** hash → first entry + 1; 0 is none */
  readonly heads: Uint16Array | Int32Array
  readonly nexts: Int32Array
  readonly entryLiteral: Int32Array
  readonly entryOffset: Uint8Array
  readonly texts: Uint8Array[]
  readonly literals: readonly Literal[]

  constructor(literals: readonly Literal[]) {
    const shortest = Math.min(...literals.map((one) => one.text.length))
    this.stride = Math.min(MAX_STRIDE, shortest - 3)
    this.literals = literals
    this.texts = literals.map((one) => Uint8Array.from(one.text, (c) => c.charCodeAt(0)))
    const entries = literals.length * this.stride
    let bits = 10
    while (bits < 16 && 1 << bits < entries * 8) bits++
    this.shift = 32 - bits
    this.heads = entries < 65535 ? new Uint16Array(1 << bits) : new Int32Array(1 << bits)
    this.nexts = new Int32Array(entries + 1)
    this.entryLiteral = new Int32Array(entries + 1)
    this.entryOffset = new Uint8Array(entries + 1)
    let entry = 0
    this.texts.forEach((text, literal) => {
      for (let offset = 0; offset < this.stride; offset++) {
        const hash = gram(text[offset], text[offset + 1], text[offset + 2], text[offset + 3]) >>> this.shift
        entry++
        this.entryLiteral[entry] = literal
        this.entryOffset[entry] = offset
        this.nexts[entry] = this.heads[hash]
        this.heads[hash] = entry
      }
    })
  }

  utf8(bytes: Uint8Array, start: number, end: number, hits: Hits): void {
    const { stride, shift, heads } = this
    const last = end - 4
    for (let at = start; at <= last; at += stride) {
      const word = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24) | 0x20202020
      const entry = heads[Math.imul(word, 0x9e3779b1) >>> shift]
      if (entry !== 0) this.#verify8(bytes, at, start, end, entry, hits)
    }
  }

  #verify8(bytes: Uint8Array, at: number, start: number, end: number, first: number, hits: Hits): void {
    for (let entry = first; entry !== 0; entry = this.nexts[entry]) {
      const index = this.entryLiteral[entry]
      const from = at - this.entryOffset[entry]
      const text = this.texts[index]
      const to = from + text.length
      if (from < start || to > end) continue
      const literal = this.literals[index]
      if ((literal.start && from !== start) || (literal.end && to !== end)) continue
      let same = 0
      while (same < text.length && FOLDED[bytes[from + same]] === text[same]) same++
      if (same === text.length) hits.add(literal.id)
    }
  }

  /** `start` and `end` in bytes, two a character. */
  utf16(bytes: Uint8Array, start: number, end: number, hits: Hits): void {
    const { shift, heads } = this
    const step = this.stride * 2
    const last = end - 8
    for (let at = start; at <= last; at += step) {
      const word = bytes[at] | (bytes[at + 2] << 8) | (bytes[at + 4] << 16) | (bytes[at + 6] << 24) | 0x20202020
      const entry = heads[Math.imul(word, 0x9e3779b1) >>> shift]
      if (entry !== 0) this.#verify16(bytes, at, start, end, entry, hits)
    }
  }

  #verify16(bytes: Uint8Array, at: number, start: number, end: number, first: number, hits: Hits): void {
    for (let entry = first; entry !== 0; entry = this.nexts[entry]) {
      const index = this.entryLiteral[entry]
      const from = at - this.entryOffset[entry] * 2
      const text = this.texts[index]
      const to = from + text.length * 2
      if (from < start || to > end) continue
      const literal = this.literals[index]
      if ((literal.start && from !== start) || (literal.end && to !== end)) continue
      let same = 0
      while (same < text.length && FOLDED[bytes[from + same * 2]] === text[same] && bytes[from + same * 2 + 1] === 0)
        same++
      if (same === text.length) hits.add(literal.id)
    }
  }
}

/** What was found: ids, each once. */
export class Hits {
  ids: Int32Array
  count = 0
  readonly #seen: Int32Array
  #round = 1

  constructor(capacity: number) {
    this.ids = new Int32Array(capacity)
    this.#seen = new Int32Array(capacity)
  }

  clear(): void {
    this.count = 0
    this.#round++
  }

  add(id: number): void {
    if (this.#seen[id] === this.#round) return
    this.#seen[id] = this.#round
    this.ids[this.count++] = id
  }
}

/** Anchored literals: one hash of the four characters at that end finds all that may stand there. */
class Anchored {
  readonly #byHash = new Map<number, { text: Uint8Array; id: number; whole: boolean }[]>()
  readonly #atEnd: boolean

  constructor(literals: readonly Literal[], atEnd: boolean) {
    this.#atEnd = atEnd
    for (const { text, id, start, end } of literals) {
      const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0))
      const from = atEnd ? bytes.length - 4 : 0
      const hash = gram(bytes[from], bytes[from + 1], bytes[from + 2], bytes[from + 3])
      const list = this.#byHash.get(hash)
      const entry = { text: bytes, id, whole: start === true && end === true }
      if (list) list.push(entry)
      else this.#byHash.set(hash, [entry])
    }
  }

  /** `width`: bytes a character. */
  find(bytes: Uint8Array, start: number, end: number, width: 1 | 2, hits: Hits): void {
    const length = (end - start) / width
    if (length < 4) return
    const from = this.#atEnd ? end - 4 * width : start
    const list = this.#byHash.get(
      gram(bytes[from], bytes[from + width], bytes[from + 2 * width], bytes[from + 3 * width]),
    )
    if (!list) return
    for (const { text, id, whole } of list) {
      if (whole ? text.length !== length : text.length > length) continue
      const at = this.#atEnd ? end - text.length * width : start
      if (isText(bytes, at, text, width)) hits.add(id)
    }
  }
}

function isText(bytes: Uint8Array, at: number, text: Uint8Array, width: 1 | 2): boolean {
  for (let i = 0; i < text.length; i++) {
    if (FOLDED[bytes[at + i * width]] !== text[i] || (width === 2 && bytes[at + i * 2 + 1] !== 0)) return false
  }
  return true
}

/** Above this many bytes the engine's own search is faster than a loop here. */
const NATIVE_BYTES = 200

/** Whether a text without letters stands in the bytes, at a whole character. */
function holdsBytes(bytes: Uint8Array, start: number, end: number, text: Uint8Array, width: 1 | 2): boolean {
  const part = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
  for (let at = part.indexOf(text); at >= 0; at = part.indexOf(text, at + 1))
    if (width === 1 || (at & 1) === 0) return true
  return false
}

/** Literals of one to three characters: compared at their end, or looked for one by one. There are few. */
class Short {
  readonly #literals: {
    text: Uint8Array
    wide: Uint8Array
    hasLetter: boolean
    id: number
    start: boolean
    end: boolean
  }[]

  constructor(literals: readonly Literal[]) {
    this.#literals = literals.map(({ text, id, start = false, end = false }) => ({
      text: Uint8Array.from(text, (c) => c.charCodeAt(0)),
      wide: Uint8Array.from([...text].flatMap((c) => [c.charCodeAt(0), 0])),
      hasLetter: /[a-z]/.test(text),
      id,
      start,
      end,
    }))
  }

  find(bytes: Uint8Array, start: number, end: number, width: 1 | 2, hits: Hits): void {
    for (const { text, wide, hasLetter, id, start: atStart, end: atEnd } of this.#literals) {
      const size = text.length * width
      const last = end - size
      if (last < start) continue
      if (atStart || atEnd) {
        if (atStart && atEnd && last !== start) continue
        if (isText(bytes, atStart ? start : last, text, width)) hits.add(id)
        continue
      }
      if (!hasLetter && end - start > NATIVE_BYTES) {
        if (holdsBytes(bytes, start, end, width === 1 ? text : wide, width)) hits.add(id)
        continue
      }
      const first = text[0]
      for (let at = start; at <= last; at += width) {
        if (FOLDED[bytes[at]] === first && isText(bytes, at, text, width)) {
          hits.add(id)
          break
        }
      }
    }
  }
}

/** Searches for all of its literals; see the file's first comment. */
export class LiteralSearch {
  readonly #passes: Pass[] = []
  readonly #starts: Anchored | undefined
  readonly #ends: Anchored | undefined
  readonly #short: Short | undefined

  constructor(literals: readonly Literal[]) {
    const short = literals.filter((one) => one.text.length < 4)
    const long = literals.filter((one) => one.text.length >= 4)
    const within = long.filter((one) => !one.start && !one.end)
    const ends = long.filter((one) => one.end)
    const starts = long.filter((one) => one.start && !one.end)
    for (const group of [
      within.filter((one) => one.text.length < LONG),
      within.filter((one) => one.text.length >= LONG),
    ]) {
      if (group.length) this.#passes.push(new Pass(group))
    }
    if (ends.length) this.#ends = new Anchored(ends, true)
    if (starts.length) this.#starts = new Anchored(starts, false)
    if (short.length) this.#short = new Short(short)
  }

  /** Adds the ids of all literals found in UTF-8 bytes. */
  utf8(bytes: Uint8Array, start: number, end: number, hits: Hits): void {
    for (const pass of this.#passes) pass.utf8(bytes, start, end, hits)
    this.#ends?.find(bytes, start, end, 1, hits)
    this.#starts?.find(bytes, start, end, 1, hits)
    this.#short?.find(bytes, start, end, 1, hits)
  }

  /** The same in UTF-16LE. */
  utf16(bytes: Uint8Array, start: number, end: number, hits: Hits): void {
    for (const pass of this.#passes) pass.utf16(bytes, start, end, hits)
    this.#ends?.find(bytes, start, end, 2, hits)
    this.#starts?.find(bytes, start, end, 2, hits)
    this.#short?.find(bytes, start, end, 2, hits)
  }
}
