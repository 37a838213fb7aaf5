// Everything that rules ask of one field, asked at once. Each atom is filed under the literals of which it needs one; only where one stands in the bytes is the atom itself tested.
// What has no literal is tested on the decoded value.
import type { Atom } from '../compile/rule-set.ts'
import { ValueKind } from '../event.ts'
import type { ByteValue } from './byte-value.ts'
import { type Handle, isWide } from './handles.ts'
import { LiteralSearch } from './literal-search.ts'
import { type Form, Hits, type Literal } from './literals.ts'
import { type TextTest, textTest } from './test-value.ts'

/** The literals of one form of bytes. */
interface FormSearch {
  readonly search: LiteralSearch
  /** by local id: 1 where a literal found is not yet the answer */
  readonly isHint: Uint8Array
}

/** All atoms of one field that plans look out for. */
export class FieldMatcher {
  /** atom indices, by local id */
  readonly atoms: Int32Array
  readonly #table: readonly Atom[]
  readonly #handleOf: (atom: number) => Handle | undefined
  /** made when the first value comes: many shapes never have one */
  #handles: readonly (Handle | undefined)[] | undefined
  #plain: FormSearch | undefined
  #json: FormSearch | undefined
  #hits!: Hits
  /** by local id, made when first asked */
  #tests: TextTest[] = []
  /** local ids that need the decoded value */
  #decoded: number[] = []
  /** local ids that need a character outside ASCII */
  #wide: number[] = []
  /** local ids that a dash outside ASCII may make true */
  #dashed: number[] = []
  #result!: Int32Array
  #needsWords: boolean | undefined
  #announcer: { search: LiteralSearch; hits: Hits } | null | undefined

  /** `handleOf`: of an atom of the table, as handles.ts says. */
  constructor(atoms: readonly number[], table: readonly Atom[], handleOf: (atom: number) => Handle | undefined) {
    this.atoms = Int32Array.from(atoms)
    this.#table = table
    this.#handleOf = handleOf
  }

  #prepare(): readonly (Handle | undefined)[] {
    const count = this.atoms.length
    this.#hits = new Hits(count)
    this.#result = new Int32Array(count)
    this.#tests = new Array(count)
    const handles = Array.from(this.atoms, (atom, id) => {
      const { test } = this.#table[atom]
      const handle = this.#handleOf(atom)
      if (test.kind === 'pattern' && isWide(test.pattern)) this.#wide.push(id)
      else if (!handle) this.#decoded.push(id)
      else if (handle.hasDash) this.#dashed.push(id)
      return handle
    })
    this.#handles = handles
    return handles
  }

  #searchOf(form: Form): FormSearch {
    const handles = this.#handles ?? this.#prepare()
    const isHint = new Uint8Array(handles.length)
    const literals: Literal[] = []
    handles.forEach((handle, id) => {
      if (!handle) return
      const { start, end, isExact } = handle
      if (!isExact) isHint[id] = 1
      for (const text of handle.literals) {
        const spelled = form === 'json' ? inJson(text) : text
        if (spelled !== undefined) literals.push({ text: spelled, id, start, end })
        else {
          isHint[id] = 1
          const part = inJson(longestPart(text, CONTROLS))
          if (part) literals.push({ text: part, id })
          // Once, though several of its texts stand nowhere: ids found are each told once.
          else if (!this.#decoded.includes(id)) this.#decoded.push(id)
        }
      }
    })
    return { search: new LiteralSearch(literals, form), isHint }
  }

  /** how many `find` has found */
  found = 0

  /** Local ids of the atoms that are true of a value: the first `found` of the result, which is used again. */
  find(value: ByteValue): Int32Array {
    if (value.kind === ValueKind.JsonEscaped) {
      if (!value.isPlainlyEscaped) return this.find(value.unescaped())
      this.#json ??= this.#searchOf('json')
      this.#hits.clear(value.end - value.start)
      this.#json.search.utf8(value, this.#hits)
      if (this.#hits.left < 0) return this.#testAll(value)
      return this.#confirmed(value, this.#json.isHint)
    }
    this.#plain ??= this.#searchOf('plain')
    this.#hits.clear(value.end - value.start)
    if (value.kind === ValueKind.Utf16) this.#plain.search.utf16(value, this.#hits)
    else this.#plain.search.utf8(value, this.#hits)
    if (this.#hits.left < 0) return this.#testAll(value)
    return this.#confirmed(value, this.#plain.isHint)
  }

  /** Where the search was given up: each atom on its own. */
  #testAll(value: ByteValue): Int32Array {
    const result = this.#result
    let count = 0
    for (let id = 0; id < result.length; id++) if (this.#holds(id, value)) result[count++] = id
    this.found = count
    return result
  }

  #confirmed(value: ByteValue, isHint: Uint8Array): Int32Array {
    const hits = this.#hits
    const result = this.#result
    let count = 0
    for (let at = 0; at < hits.count; at++) {
      const id = hits.ids[at]
      if (isHint[id] === 0 || this.#holds(id, value)) result[count++] = id
    }
    for (const id of this.#decoded) if (!hits.has(id) && this.#holds(id, value)) result[count++] = id
    if ((this.#wide.length > 0 || this.#dashed.length > 0) && value.isWide) {
      for (const id of this.#wide) if (this.#holds(id, value)) result[count++] = id
      if (this.#dashed.length > 0 && DASHES_BEYOND_ASCII.test(value.text))
        for (const id of this.#dashed) if (!hits.has(id) && this.#holds(id, value)) result[count++] = id
    }
    this.found = count
    return result
  }

  #holds(id: number, value: ByteValue): boolean {
    const test = (this.#tests[id] ??= textTest(this.#table[this.atoms[id]].test) ?? never)
    return test(value.text, value.folded)
  }

  /** Whether no value of kind Plain can make any of the atoms true: each needs a text with a letter that such values do not have. */
  get needsWords(): boolean {
    this.#needsWords ??= (this.#handles ?? this.#prepare()).every(
      (handle) => handle?.literals.every((text) => /[^0-9a-fxstzrul{}\-:.+ ]/.test(text)) === true,
    )
    return this.#needsWords
  }

  /**
   * Whether a JSON record can hold a value that makes any of the atoms true: false is sure. Looks for a part of each atom's text that JSON does not write in
   * another way; an atom without such a part makes it true always.
   */
  isAnnounced(record: ByteValue, hasUnicodeEscapes: boolean | undefined): boolean {
    if (this.#announcer === undefined) this.#announcer = announcerOf(this.#handles ?? this.#prepare())
    if (this.#announcer === null) return true
    const { search, hits } = this.#announcer
    hits.clear(record.end - record.start)
    search.utf8(record, hits)
    if (hits.left < 0) return true
    if (hits.count > 0 || hasUnicodeEscapes !== undefined) return hits.count > 0 || hasUnicodeEscapes === true
    const { buffer, byteOffset } = record.bytes
    return Buffer.from(buffer, byteOffset + record.start, record.end - record.start).includes(UNICODE_ESCAPE)
  }
}

const DASHES_BEYOND_ASCII = /[–—―]/
const UNICODE_ESCAPE = Buffer.from('\\u')
/** As escapes they are written, or, by lenient writers, as they are. */
const CONTROLS = /[\u0000-\u001f]/

/** How a text stands within a JSON string whose escapes are plain; undefined when there are several ways. */
function inJson(text: string): string | undefined {
  return CONTROLS.test(text) ? undefined : text.replace(/[\\"]/g, '\\$&')
}

const longestPart = (text: string, separators: RegExp): string =>
  text.split(separators).reduce((longest, one) => (one.length > longest.length ? one : longest), '')

/** JSON writes these in two ways or more; dashes stand for others of their kind. */
const WRITTEN_OTHERWISE = /[\\"/\u0000-\u001f]/

function announcerOf(handles: readonly (Handle | undefined)[]): { search: LiteralSearch; hits: Hits } | null {
  const literals: Literal[] = []
  for (const [id, handle] of handles.entries()) {
    if (!handle) return null
    for (const literal of handle.literals) {
      const text = longestPart(literal, handle.hasDash ? /[\\"/\-\u0000-\u001f]/ : WRITTEN_OTHERWISE)
      // Numbers have several forms: 1e3 is 1000.
      if (text.length < 4 || /^[\d.e+-]+$/.test(text)) return null
      literals.push({ text, id })
    }
  }
  return { search: new LiteralSearch(literals, 'plain'), hits: new Hits(handles.length) }
}

const never = () => false
