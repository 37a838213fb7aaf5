// Finds the keys and the values of one JSON object in bytes, without making strings or objects (RFC 8259). What comes out is the
// record's layout, and for each position of it the kind of the value and where it lies. Accepts exactly what JSON.parse accepts, and
// raw control characters in strings besides. Watched by bench/sources.ts: about 1 ns a byte, a few ns more a key.
import { ValueKind } from '@crosstalk/sigma/match'
import { enter, type JsonLayout, type Key, type LayoutNode, LayoutTree, layoutAt, leave } from './layout.ts'
import { HAS_ESCAPES, HAS_UNICODE_ESCAPES, PLACE, StringIndex } from './strings/string-index.ts'

/** Bounds against hostile records. */
export const MAX_FIELDS = 10_000
/** objects nested deeper than this are one value */
export const MAX_DEPTH = 32
const MAX_SKIP_DEPTH = 100_000

/** the problem of a record that ends too early */
export const CUT_OFF = 'the record is cut off'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const COMMA = 0x2c
const OPEN = 0x7b
const CLOSE = 0x7d
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d

/** 1 for bytes that go on a string: all but the quote, the backslash and control characters */
const PLAIN = new Uint8Array(256)
for (let byte = 0x20; byte < 256; byte++) PLAIN[byte] = byte === QUOTE || byte === BACKSLASH ? 0 : 1
/** 1 for white space (section 2) */
const SPACE = new Uint8Array(256)
for (const byte of [0x20, 0x09, 0x0a, 0x0d]) SPACE[byte] = 1
/** 1 for what may follow a backslash, 2 for u */
const ESCAPE = new Uint8Array(256)
for (const char of '"\\/bfnrt') ESCAPE[char.charCodeAt(0)] = 1
ESCAPE[0x75] = 2
const HEX = new Uint8Array(256)
for (const char of '0123456789abcdefABCDEF') HEX[char.charCodeAt(0)] = 1
const NO_MARKS = Int32Array.of(-1, -1)
const WORDS = ['true', 'false', 'null'].map((word) => Buffer.from(word))

/** One scanner a stream: it keeps the layouts that it has seen. */
export class JsonScanner {
  /** by position of the layout; valid until the next scan */
  kinds: Uint8Array = new Uint8Array(256)
  starts: Int32Array = new Int32Array(256)
  ends: Int32Array = new Int32Array(256)
  layout!: JsonLayout
  /** some value of the record last scanned has a `\u` */
  hasUnicodeEscapes = false
  /** some value of the record last scanned is a list with objects in it */
  hasListedObjects = false
  /** why the last scan failed, and where */
  problem = ''
  problemAt = 0
  #layouts = new LayoutTree()
  /** the last key that was understood */
  #last: LayoutNode = this.#layouts.root
  /** set by #string: the string has escapes */
  #escaped = false
  /** the strings of the line that is scanned, where they were marked; and the mark that comes next */
  #strings: StringIndex | undefined | null = null
  #marks: Int32Array = NO_MARKS
  #mark = 0
  #view: DataView = new DataView(new ArrayBuffer(0))
  #viewed: Buffer | undefined

  /** Memory that lines are scanned fastest in, to be given back; undefined when there is none, or somebody has it. */
  takeBuffer(): Buffer | undefined {
    if (this.#strings === null) this.#strings = StringIndex.create()
    return this.#strings?.take()
  }

  giveBuffer(): void {
    this.#strings?.giveBack()
  }

  /** To be called before the records of a line are scanned. */
  beginLine(bytes: Buffer, start: number, end: number): void {
    this.#look(bytes)
    if (bytes !== this.#strings?.text) return
    this.#strings.mark(start, end)
    this.#marks = this.#strings.marks
    this.#mark = 0
  }

  #look(bytes: Buffer): void {
    if (bytes === this.#viewed) return
    this.#viewed = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#marks = NO_MARKS
    this.#mark = 0
  }

  /**
   * Scans the object whose brace stands at `start`. No byte from `limit` on belongs to it.
   * Gives the offset behind its closing brace, or -1; `problem` then says why.
   */
  scan(bytes: Buffer, start: number, limit: number): number {
    if (this.#layouts.isFull) this.#layouts = new LayoutTree()
    this.hasUnicodeEscapes = false
    this.hasListedObjects = false
    this.#look(bytes)
    let at = this.#layouts.root
    this.#last = at
    let depth = 1
    let i = start + 1
    while (SPACE[bytes[i]] === 1) i++
    if (bytes[i] === CLOSE) return this.#finish(at, i, limit)
    for (;;) {
      // a key
      if (bytes[i] !== QUOTE) return this.#fail('a key was expected', i, limit)
      const node = this.#key(bytes, i + 1, limit, at)
      if (node === undefined) return -1
      i = this.#keyEnd + 1
      if (bytes[i] !== COLON) {
        while (SPACE[bytes[i]] === 1) i++
        if (bytes[i] !== COLON) return this.#fail('a colon was expected', i, limit)
      }
      i++
      while (SPACE[bytes[i]] === 1) i++
      // its value
      at = node
      this.#last = node
      const position = node.position
      const first = bytes[i]
      if (first === QUOTE) {
        const from = ++i
        i = this.#string(bytes, i, limit)
        if (i < 0) return -1
        const kind = this.#escaped ? ValueKind.JsonEscaped : ValueKind.Utf8
        if (position >= this.kinds.length && !this.#grow(position)) return this.#fail('too many fields', i, limit)
        this.kinds[position] = kind
        this.starts[position] = from
        this.ends[position] = i
        i++
      } else {
        if (first === OPEN && depth < MAX_DEPTH) {
          let inner = i + 1
          while (SPACE[bytes[inner]] === 1) inner++
          if (bytes[inner] !== CLOSE) {
            at = enter(node)
            depth++
            i = inner
            continue
          }
        }
        const end = this.#other(bytes, i, limit)
        if (end < 0) return -1
        if (position >= this.kinds.length && !this.#grow(position)) return this.#fail('too many fields', i, limit)
        this.kinds[position] = first === 0x6e ? ValueKind.Null : ValueKind.Other
        this.starts[position] = i
        this.ends[position] = end
        i = end
      }
      // what follows it
      for (;;) {
        while (SPACE[bytes[i]] === 1) i++
        if (bytes[i] !== CLOSE) break
        if (--depth === 0) return this.#finish(at, i, limit)
        at = leave(at)
        i++
      }
      if (bytes[i] !== COMMA) return this.#fail('a comma or a closing brace was expected', i, limit)
      i++
      while (SPACE[bytes[i]] === 1) i++
    }
  }

  #keyEnd = 0

  /** The node of the key whose first byte stands at `from`; #keyEnd is then its closing quote. Undefined: the key is broken. */
  #key(bytes: Buffer, from: number, limit: number, at: LayoutNode): LayoutNode | undefined {
    const end = this.#string(bytes, from, limit)
    if (end < 0) return undefined
    this.#keyEnd = end
    const likely = at.likely
    if (likely !== undefined && this.#isKey(bytes, from, end, likely.key)) return likely
    return this.#layouts.follow(at, bytes, from, end)
  }

  /** Whether [from, end) are the bytes of a key. */
  #isKey(bytes: Buffer, from: number, end: number, { bytes: keyBytes, words, lastWord }: Key): boolean {
    const { length } = keyBytes
    if (end - from !== length) return false
    if (length < 4) {
      for (let at = 0; at < length; at++) if (bytes[from + at] !== keyBytes[at]) return false
      return true
    }
    // Four bytes at once, the last four again where some are left: keys are most of what is compared.
    const view = this.#view
    for (let word = 0; word < words.length; word++)
      if (view.getInt32(from + word * 4, true) !== words[word]) return false
    return view.getInt32(end - 4, true) === lastWord
  }

  /** The closing quote of the string whose first byte is at `from`; -1 when there is none. */
  #string(bytes: Buffer, from: number, limit: number): number {
    const marks = this.#marks
    if (marks[this.#mark] !== from - 1) return this.#walk(bytes, from, limit)
    const close = marks[this.#mark + 1]
    this.#mark += 2
    if (close < 0) return this.#walk(bytes, from, limit)
    this.#escaped = (close & HAS_ESCAPES) !== 0
    if ((close & HAS_UNICODE_ESCAPES) !== 0) this.hasUnicodeEscapes = true
    return close & PLACE
  }

  /** The same byte by byte. */
  #walk(bytes: Buffer, from: number, limit: number): number {
    let i = from
    this.#escaped = false
    for (;;) {
      while (PLAIN[bytes[i]] === 1) i++
      const byte = bytes[i]
      if (byte === QUOTE) return i
      if (byte === BACKSLASH) {
        this.#escaped = true
        const letter = ESCAPE[bytes[i + 1]]
        if (letter === 1) i += 2
        else if (letter === 2 && HEX[bytes[i + 2]] && HEX[bytes[i + 3]] && HEX[bytes[i + 4]] && HEX[bytes[i + 5]]) {
          this.hasUnicodeEscapes = true
          i += 6
        } else return this.#fail('a backslash that starts no escape', letter === 2 ? i + 5 : i + 1, limit)
      } else if (i >= limit) return this.#fail('the record ends inside a string', i, limit)
      else i++
    }
  }

  /** The end of a number, a word, a list, or an object that is taken as one value; -1 when it is none. */
  #other(bytes: Buffer, i: number, limit: number): number {
    const first = bytes[i]
    if (first === 0x2d || (first >= 0x30 && first <= 0x39)) return this.#number(bytes, i, limit)
    if (first === OPEN_LIST || first === OPEN) return this.#skip(bytes, i, limit)
    for (const word of WORDS) {
      if (first !== word[0]) continue
      for (let j = 1; j < word.length; j++) if (bytes[i + j] !== word[j]) return this.#fail('no JSON value', i, limit)
      return i + word.length
    }
    return this.#fail('a value was expected', i, limit)
  }

  /** Section 6. */
  #number(bytes: Buffer, at: number, limit: number): number {
    let i = at
    if (bytes[i] === 0x2d) i++
    if (bytes[i] === 0x30) i++
    else if (bytes[i] >= 0x31 && bytes[i] <= 0x39) i = digits(bytes, i)
    else return this.#fail('a digit was expected', i, limit)
    if (bytes[i] === 0x2e) {
      const end = digits(bytes, i + 1)
      if (end === i + 1) return this.#fail('a digit was expected', end, limit)
      i = end
    }
    if (bytes[i] === 0x65 || bytes[i] === 0x45) {
      i++
      if (bytes[i] === 0x2b || bytes[i] === 0x2d) i++
      const end = digits(bytes, i)
      if (end === i) return this.#fail('a digit was expected', end, limit)
      i = end
    }
    return i
  }

  /** The end of a list or object, checked all through. */
  #skip(bytes: Buffer, at: number, limit: number): number {
    // which brackets are open: true for a list
    const open: boolean[] = []
    let i = at
    for (;;) {
      // a value
      while (SPACE[bytes[i]] === 1) i++
      const first = bytes[i]
      if (first === OPEN_LIST || first === OPEN) {
        if (open.length >= MAX_SKIP_DEPTH) return this.#fail('nested too deep', i, limit)
        let inner = i + 1
        while (SPACE[bytes[inner]] === 1) inner++
        if (bytes[inner] === (first === OPEN ? CLOSE : CLOSE_LIST)) i = inner + 1
        else {
          if (first === OPEN && open.length > 0) this.hasListedObjects = true
          open.push(first === OPEN_LIST)
          i = first === OPEN_LIST ? inner : this.#memberKey(bytes, inner, limit)
          if (i < 0) return -1
          continue
        }
      } else if (first === QUOTE) {
        i = this.#string(bytes, i + 1, limit) + 1
        if (i === 0) return -1
      } else {
        i = this.#other(bytes, i, limit)
        if (i < 0) return -1
      }
      // what follows it
      for (;;) {
        if (open.length === 0) return i
        while (SPACE[bytes[i]] === 1) i++
        if (bytes[i] !== (open[open.length - 1] ? CLOSE_LIST : CLOSE)) break
        open.pop()
        i++
      }
      if (bytes[i] !== COMMA) return this.#fail('a comma or a closing bracket was expected', i, limit)
      i++
      if (open[open.length - 1]) continue
      while (SPACE[bytes[i]] === 1) i++
      i = this.#memberKey(bytes, i, limit)
      if (i < 0) return -1
    }
  }

  /** Behind the colon of a member that is not told apart. */
  #memberKey(bytes: Buffer, at: number, limit: number): number {
    if (bytes[at] !== QUOTE) return this.#fail('a key was expected', at, limit)
    let i = this.#string(bytes, at + 1, limit) + 1
    if (i === 0) return -1
    while (SPACE[bytes[i]] === 1) i++
    return bytes[i] === COLON ? i + 1 : this.#fail('a colon was expected', i, limit)
  }

  /** The names that the scan had come across when it failed. */
  partial(): string[] {
    return [...layoutAt(this.#last).names]
  }

  #finish(at: LayoutNode, brace: number, limit: number): number {
    if (brace >= limit) return this.#fail(CUT_OFF, brace, limit)
    this.layout = layoutAt(at)
    return brace + 1
  }

  #fail(problem: string, at: number, limit: number): -1 {
    this.problem = at >= limit ? CUT_OFF : problem
    this.problemAt = Math.min(at, limit)
    return -1
  }

  #grow(position: number): boolean {
    if (position >= MAX_FIELDS) return false
    const size = Math.min(MAX_FIELDS, this.kinds.length * 4)
    const kinds = new Uint8Array(size)
    const starts = new Int32Array(size)
    const ends = new Int32Array(size)
    kinds.set(this.kinds)
    starts.set(this.starts)
    ends.set(this.ends)
    this.kinds = kinds
    this.starts = starts
    this.ends = ends
    return true
  }
}

function digits(bytes: Buffer, at: number): number {
  let i = at
  while (bytes[i] >= 0x30 && bytes[i] <= 0x39) i++
  return i
}
