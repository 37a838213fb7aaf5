// A fast way through the YAML in which nearly all rules are written: block mappings and lists, scalars on one line, plain or quoted, and block scalars. It gives what js-yaml gives,
// or nothing at all: whatever is unusual (flow collections, anchors, tags, tabs, scalars over several lines, keys that are quoted, are numbers or stand there twice, and
// all errors) is left to js-yaml. plain-yaml.test.ts compares the two, and so does `npm run fuzz -- sigma`.

/** What a plain scalar that starts as a number does, or `~`, means. */
export type ReadNumber = (text: string) => unknown

/** The value of a document; undefined when js-yaml has to read it. Documents with `---` before or within them are left to it, too. */
export function readPlainYaml(text: string, readNumber: ReadNumber): Record<string, unknown> | undefined {
  const lines = text.includes('\r') ? text.replaceAll('\r\n', '\n') : text
  if (UNUSUAL.test(lines)) return undefined
  try {
    return new PlainYaml(lines, readNumber).document()
  } catch (error) {
    if (error === LEFT) return undefined
    throw error
  }
}

/** Where the entries of a document's mappings and lists begin, by the mapping or list: offsets of keys, and of a list's values where there are any. */
export type Places = ReadonlyMap<object, ReadonlyMap<string | number, number>>

/** The document once more, with its places; undefined when js-yaml has to read it, or lines end in two characters. */
export function readPlainPlaces(text: string): { value: object; places: Places } | undefined {
  if (text.includes('\r') || UNUSUAL.test(text)) return undefined
  try {
    const places = new Map<object, Map<string | number, number>>()
    return { value: new PlainYaml(text, (number) => number, places).document(), places }
  } catch (error) {
    if (error === LEFT) return undefined
    throw error
  }
}

/** Characters that js-yaml refuses, splits lines at, or treats in ways of their own. */
const UNUSUAL =
  /[^\n\x20-\x7e\xa0-\ufefe\uff00-\ufffd]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/
/** A key that is text, with its colon. */
const KEY = /(?:[A-Za-z_][\w.|/\\-]*|'[A-Za-z_|][\w.|/\\-]*'):(?=[ \n]|$)/y
const ESCAPE = /["\\/bfnrt]|u[\dA-Fa-f]{4}/y
/** Thrown, always the same: an error with a stack would cost more than the reading. */
const LEFT = Symbol('left to js-yaml')
const MAX_DEPTH = 16

/** Words that are no text (YAML 1.2, core schema). */
const WORDS = new Map<string, boolean | null>([
  ['null', null],
  ['Null', null],
  ['NULL', null],
  ['true', true],
  ['True', true],
  ['TRUE', true],
  ['false', false],
  ['False', false],
  ['FALSE', false],
])

const LONGEST_WORD = 5
/** What may be one, and a little more; with the sign of nothing. */
const NUMBER = /^(?:[-+]?[\d.]+(?:e[-+]?\d+)?|0x[\da-f]+|0o[0-7]+|[-+]?\.(?:inf|nan)|~)$/i
/** First characters of what is not a plain scalar, or one that stands for more than it says (`<<`). */
const MARKS = '[]{},#&*!|>\'"%@`?:<='

const NINE = 0x39
const FEED = 0x0a
const SPACE = 0x20
const HASH = 0x23
const DASH = 0x2d
const QUOTE = 0x27

class PlainYaml {
  readonly #text: string
  readonly #readNumber: ReadNumber
  readonly #places: Map<object, Map<string | number, number>> | undefined
  #at = 0
  /** of the line that `at` is in */
  #lineStart = 0
  /** column of the line's first character; −1 behind the last line */
  #indent = -1
  #depth = 0

  constructor(text: string, readNumber: ReadNumber, places?: Map<object, Map<string | number, number>>) {
    this.#text = text
    this.#readNumber = readNumber
    this.#places = places
  }

  document(): Record<string, unknown> {
    this.#toLine(0)
    if (this.#indent !== 0) throw LEFT
    const value = this.#mapping(0)
    if (this.#indent >= 0) throw LEFT
    return value
  }

  /** To the next line from `start` on with more than a comment. */
  #toLine(start: number): void {
    const text = this.#text
    for (let lineStart = start; lineStart < text.length; ) {
      let at = lineStart
      while (text.charCodeAt(at) === SPACE) at++
      const first = text.charCodeAt(at)
      if (at < text.length && first !== FEED && first !== HASH) {
        this.#at = at
        this.#lineStart = lineStart
        this.#indent = at - lineStart
        return
      }
      lineStart = this.#lineEnd(at) + 1
    }
    this.#at = text.length
    this.#indent = -1
  }

  #lineEnd(at: number): number {
    const end = this.#text.indexOf('\n', at)
    return end < 0 ? this.#text.length : end
  }

  #isEntry(): boolean {
    const next = this.#text.charCodeAt(this.#at + 1)
    return this.#text.charCodeAt(this.#at) === DASH && (next === SPACE || next === FEED || Number.isNaN(next))
  }

  #isKey(): boolean {
    KEY.lastIndex = this.#at
    return KEY.test(this.#text)
  }

  /** The key that stands here; then `at` is behind its colon. */
  #key(): string | undefined {
    const start = this.#at
    if (!this.#isKey()) return undefined
    this.#at = KEY.lastIndex
    const isQuoted = this.#text.charCodeAt(start) === QUOTE
    return this.#text.slice(start + Number(isQuoted), this.#at - 1 - Number(isQuoted))
  }

  #enter(): void {
    if (++this.#depth > MAX_DEPTH) throw LEFT
  }

  #nested(): unknown {
    return this.#isEntry() ? this.#list(this.#indent) : this.#mapping(this.#indent)
  }

  #mapping(indent: number): Record<string, unknown> {
    this.#enter()
    const mapping: Record<string, unknown> = {}
    const places = this.#placesOf(mapping)
    for (;;) {
      const start = this.#at
      const key = this.#key()
      if (key === undefined || WORDS.has(key) || key === '__proto__' || Object.hasOwn(mapping, key)) throw LEFT
      places?.set(key, start)
      mapping[key] = this.#value(indent, false)
      if (this.#indent < indent) break
      if (this.#indent > indent) throw LEFT
    }
    this.#depth--
    return mapping
  }

  #list(indent: number): unknown[] {
    this.#enter()
    const list: unknown[] = []
    const places = this.#placesOf(list)
    while (this.#indent === indent && this.#isEntry()) {
      this.#at++
      if (places) this.#placeEntry(places, list.length, indent)
      list.push(this.#value(indent, true))
      if (this.#indent > indent) throw LEFT
    }
    this.#depth--
    return list
  }

  #placesOf(collection: object): Map<string | number, number> | undefined {
    const places = this.#places && new Map<string | number, number>()
    if (places) this.#places?.set(collection, places)
    return places
  }

  /** Where the value behind a dash begins, in its line or below. */
  #placeEntry(places: Map<string | number, number>, index: number, indent: number): void {
    const [at, lineStart, ownIndent] = [this.#at, this.#lineStart, this.#indent]
    while (this.#text.charCodeAt(this.#at) === SPACE) this.#at++
    const isBelow = /^(?:$|[\n#])/.test(this.#text.charAt(this.#at))
    if (isBelow) this.#toLine(this.#lineEnd(this.#at) + 1)
    if (!isBelow || this.#indent > indent) places.set(index, this.#at)
    this.#at = at
    this.#lineStart = lineStart
    this.#indent = ownIndent
  }

  /** What stands behind a key or a dash at the column `indent`. Then `at` is in the next line. */
  #value(indent: number, isEntry: boolean): unknown {
    const text = this.#text
    while (text.charCodeAt(this.#at) === SPACE) this.#at++
    const first = text[this.#at]
    if (first === undefined || first === '\n' || first === '#') {
      this.#toLine(this.#lineEnd(this.#at) + 1)
      if (this.#indent > indent) return this.#nested()
      return !isEntry && this.#indent === indent && this.#isEntry() ? this.#list(indent) : null
    }
    if (isEntry && this.#isKey()) return this.#mapping(this.#at - this.#lineStart)
    if (first === "'") return this.#singleQuoted()
    if (first === '"') return this.#doubleQuoted()
    if (first === '|' || first === '>') return this.#block(indent, first === '>')
    return this.#plain()
  }

  #plain(): unknown {
    const end = this.#lineEnd(this.#at)
    let line = this.#text.slice(this.#at, end)
    const comment = line.indexOf(' #')
    if (comment >= 0) line = line.slice(0, comment)
    let length = line.length
    while (line.charCodeAt(length - 1) === SPACE) length--
    const value = line.slice(0, length)
    // Other first characters mean something, as does a colon that ends a key.
    if (MARKS.includes(value[0]) || value.startsWith('- ') || value === '-') throw LEFT
    const colon = value.indexOf(':')
    if (colon >= 0 && (value.includes(': ', colon) || value.endsWith(':'))) throw LEFT
    this.#toLine(end + 1)
    // A letter and more of them than a word has, in most cases.
    if (value.length > LONGEST_WORD && value.charCodeAt(0) > NINE) return value
    if (WORDS.has(value)) return WORDS.get(value)
    return NUMBER.test(value) ? this.#readNumber(value) : value
  }

  #singleQuoted(): string {
    const text = this.#text
    const start = this.#at + 1
    let end = start
    let hasQuote = false
    for (; text[end] !== "'" || text[end + 1] === "'"; end++) {
      if (end >= text.length || text[end] === '\n') throw LEFT
      if (text[end] !== "'") continue
      hasQuote = true
      end++
    }
    this.#endLine(end + 1)
    const value = text.slice(start, end)
    return hasQuote ? value.replaceAll("''", "'") : value
  }

  #doubleQuoted(): string {
    const text = this.#text
    const start = this.#at
    let end = start + 1
    let hasEscape = false
    for (; text[end] !== '"'; end++) {
      if (end >= text.length || text[end] === '\n') throw LEFT
      if (text[end] !== '\\') continue
      // Those that JSON has, too, and that mean the same there.
      ESCAPE.lastIndex = end + 1
      if (!ESCAPE.test(text)) throw LEFT
      hasEscape = true
      end++
    }
    this.#endLine(end + 1)
    return hasEscape ? (JSON.parse(text.slice(start, end + 1)) as string) : text.slice(start + 1, end)
  }

  /** Behind a quoted scalar there may be a comment. */
  #endLine(from: number): void {
    const text = this.#text
    let at = from
    while (text.charCodeAt(at) === SPACE) at++
    const isEnd = at >= text.length || text.charCodeAt(at) === FEED || (text.charCodeAt(at) === HASH && at > from)
    if (!isEnd) throw LEFT
    this.#toLine(this.#lineEnd(at) + 1)
  }

  /** A block scalar below a key or dash at the column `parent`: its lines have the indentation of the first, or more. */
  #block(parent: number, isFolded: boolean): string {
    const text = this.#text
    const isStripped = text[this.#at + 1] === '-'
    const header = this.#lineEnd(this.#at)
    if (header !== this.#at + (isStripped ? 2 : 1)) throw LEFT
    let value = ''
    let indent = -1
    let empty = 0
    let lineStart = header + 1
    while (lineStart < text.length) {
      let at = lineStart
      while (text.charCodeAt(at) === SPACE) at++
      const column = at - lineStart
      const isEmpty = at >= text.length || text.charCodeAt(at) === FEED
      // Lines of spaces only: before the first line, or longer than its indentation, they count.
      if (isEmpty && (indent < 0 || column > indent)) throw LEFT
      if (!isEmpty && column < (indent < 0 ? parent + 1 : indent)) break
      const end = this.#lineEnd(at)
      if (isEmpty) empty++
      else {
        if (indent >= 0) value += isFolded && empty === 0 ? ' ' : '\n'.repeat(isFolded ? empty : empty + 1)
        else indent = column
        if (isFolded && column > indent) throw LEFT
        value += text.slice(lineStart + indent, end)
        empty = 0
      }
      lineStart = end + 1
    }
    if (indent < 0) throw LEFT
    this.#toLine(lineStart)
    return isStripped ? value : `${value}\n`
  }
}
