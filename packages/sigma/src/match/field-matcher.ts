// Everything that rules ask of one field, asked at once. Each atom is filed under the literal that it cannot do without; only where that stands in the bytes is the atom
// itself tested. What has no such literal is tested on the decoded value.
import type { Atom } from '../compile/rule-set.ts'
import { fold, isAscii } from '../modifiers/folding.ts'
import { ANY, type Pattern } from '../modifiers/sigma-string.ts'
import { requiredTextsOf } from '../regex/linear.ts'
import { Hits, type Literal, LiteralSearch } from './literal-search.ts'
import { type TextTest, textTest } from './test-value.ts'

/** What an atom can be filed under. `exact`: finding the literal is already the answer. */
interface Handle {
  literal: string
  start?: boolean
  end?: boolean
  exact: boolean
}

/** The literal that a value must hold for the atom to be true; undefined when there is none that bytes can show. */
export function handleOf({ test }: Atom): Handle | undefined {
  if (test.kind === 'regex') {
    const { inOrder } = requiredTextsOf(test.source, test.flags)
    const literal = inOrder.reduce((longest, one) => (one.length > longest.length ? one : longest), '')
    return literal.length >= 1 ? { literal, exact: false } : undefined
  }
  if (test.kind !== 'pattern') return undefined
  const { pattern, cased } = test
  const texts = pattern.filter((part): part is string => typeof part === 'string' && isAscii(part))
  const best = texts.reduce((longest, one) => (one.length > longest.length ? one : longest), '')
  if (!best) return undefined
  const anchored = anchors(pattern)
  if (anchored && texts.length === 1) return { literal: fold(best), ...anchored, exact: !cased }
  return { literal: fold(best), exact: false }
}

/** An atom that only a value with a character outside ASCII can meet (emoji, homoglyphs): there are hundreds of such texts in one rule, and few such values. */
const isWide = ({ test }: Atom) =>
  test.kind === 'pattern' && test.pattern.some((part) => typeof part === 'string' && !isAscii(part))

function hasWide(bytes: Uint8Array, start: number, end: number, isUtf16: boolean): boolean {
  if (isUtf16) {
    for (let at = start; at < end; at += 2) if (bytes[at] > 127 || bytes[at + 1] !== 0) return true
    return false
  }
  let at = start
  for (; at + 4 <= end; at += 4) if ((bytes[at] | bytes[at + 1] | bytes[at + 2] | bytes[at + 3]) > 127) return true
  for (; at < end; at++) if (bytes[at] > 127) return true
  return false
}

/** The ends at which a pattern of one text is fixed; undefined when it has more than that. */
function anchors(pattern: Pattern): { start?: boolean; end?: boolean } | undefined {
  const inner = pattern.filter((part) => part !== ANY)
  if (inner.length !== 1 || typeof inner[0] !== 'string') return undefined
  const start = pattern[0] !== ANY
  const end = pattern.at(-1) !== ANY
  return { ...(start && { start }), ...(end && { end }) }
}

/**
 * What an atom costs when a plan must look out for it, mostly how often it will wake its rules: long text within a command line is seldom there, a program's name often. The
 * cheapest part of an AND is enough to wake the rule. Tuned on real telemetry with bench/sigma.ts; only speed depends on it.
 */
export function costOf(atom: Atom): number {
  const { test } = atom
  if (test.kind === 'null' || test.kind === 'exists' || test.kind === 'fieldref') return 5000
  if (isWide(atom)) return 0.2
  const handle = handleOf(atom)
  const keyword = atom.field === undefined ? 8 : 0
  if (!handle) {
    if (test.kind === 'pattern' && test.pattern.length === 0) return 4
    if (test.kind === 'pattern' && test.pattern.every((part) => typeof part !== 'string')) return 6000
    return 60 + keyword
  }
  const { literal, start, end } = handle
  if (start && end) return (literal.length >= 4 ? 6 : 20) + keyword
  if (end || start) return (literal.length >= 16 ? 4 : 10) + keyword
  if (literal.length < 4) return 40 + keyword
  return (literal.length >= 9 ? 0.5 : literal.length > 4 ? 1 : 3) + (handle.exact ? 0 : 0.5) + keyword
}

/** All atoms of one field that plans look out for. */
export class FieldMatcher {
  /** atom indices, by local id */
  readonly atoms: Int32Array
  readonly #table: readonly Atom[]
  /** made when the first value comes: many shapes never have one */
  #search: LiteralSearch | undefined
  #hits!: Hits
  /** by local id: the test that has the last word, where the literal was a hint; null where it was the answer */
  #confirm: (TextTest | null | undefined)[] = []
  /** local ids that need the decoded value */
  readonly #decoded: number[]
  /** local ids that need a character outside ASCII */
  readonly #wide: number[]
  #result!: Int32Array
  #needsWords: boolean | undefined
  #announcer: { search: LiteralSearch; hits: Hits } | null | undefined

  constructor(atoms: readonly number[], table: readonly Atom[]) {
    this.atoms = Int32Array.from(atoms)
    this.#table = table
    this.#decoded = []
    this.#wide = []
  }

  #prepare(): LiteralSearch {
    this.#hits = new Hits(this.atoms.length)
    this.#confirm = new Array(this.atoms.length).fill(null)
    this.#result = new Int32Array(this.atoms.length)
    const literals: Literal[] = []
    this.atoms.forEach((index, id) => {
      const atom = this.#table[index]
      const wide = isWide(atom)
      const handle = wide ? undefined : handleOf(atom)
      if (wide) this.#wide.push(id)
      else if (handle) literals.push({ text: handle.literal, id, start: handle.start, end: handle.end })
      else this.#decoded.push(id)
      if (!handle?.exact) this.#confirm[id] = undefined
    })
    this.#search = new LiteralSearch(literals)
    return this.#search
  }

  /** Whether no value of kind Plain can make any of the atoms true: each needs a text with a letter that such values do not have. */
  get needsWords(): boolean {
    this.#needsWords ??= Array.from(this.atoms, (atom) => handleOf(this.#table[atom])).every(
      (handle) => handle !== undefined && /[^0-9a-fxstzrul{}\-:.+ ]/.test(handle.literal),
    )
    return this.#needsWords
  }

  /**
   * Whether a JSON record can hold a value that makes any of the atoms true: false is sure. Looks for a part of each atom's text that JSON does not write in
   * another way; an atom without such a part makes it true always.
   */
  isAnnounced(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#announcer === undefined)
      this.#announcer = announcerOf(Array.from(this.atoms, (atom) => this.#table[atom]))
    if (this.#announcer === null) return true
    const { search, hits } = this.#announcer
    hits.clear()
    search.utf8(bytes, start, end, hits)
    return hits.count > 0 || Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).includes(UNICODE_ESCAPE)
  }

  /** Local ids of the atoms that are true of a value in bytes. `text` decodes it, if that is needed. The result is reused. */
  find(bytes: Uint8Array, start: number, end: number, isUtf16: boolean, text: () => string): Int32Array {
    const search = this.#search ?? this.#prepare()
    const hits = this.#hits
    hits.clear()
    if (isUtf16) search.utf16(bytes, start, end, hits)
    else search.utf8(bytes, start, end, hits)
    const wide = this.#wide.length > 0 && hasWide(bytes, start, end, isUtf16)
    if (hits.count === 0 && this.#decoded.length === 0 && !wide) return NONE
    let decoded: string | undefined
    let folded = ''
    let count = 0
    const holds = (id: number) => {
      let confirm = this.#confirm[id]
      if (confirm === null) return true
      if (confirm === undefined) confirm = this.#confirm[id] = textTest(this.#table[this.atoms[id]].test) ?? never
      if (decoded === undefined) {
        decoded = text()
        folded = fold(decoded)
      }
      return confirm(decoded, folded)
    }
    for (let at = 0; at < hits.count; at++) if (holds(hits.ids[at])) this.#result[count++] = hits.ids[at]
    for (const id of this.#decoded) if (holds(id)) this.#result[count++] = id
    if (wide) for (const id of this.#wide) if (holds(id)) this.#result[count++] = id
    return count === 0 ? NONE : this.#result.subarray(0, count)
  }
}

const UNICODE_ESCAPE = Buffer.from('\\u')

/** JSON writes these in two ways or more. */
const ESCAPED_IN_JSON = /[\\"/\u0000-\u001f]/

function announcerOf(atoms: readonly Atom[]): { search: LiteralSearch; hits: Hits } | null {
  const literals: Literal[] = []
  for (const [id, atom] of atoms.entries()) {
    const parts = isWide(atom) ? [] : (handleOf(atom)?.literal.split(ESCAPED_IN_JSON) ?? [])
    const text = parts.reduce((longest, one) => (one.length > longest.length ? one : longest), '')
    if (text.length < 4) return null
    literals.push({ text, id })
  }
  return { search: new LiteralSearch(literals), hits: new Hits(atoms.length) }
}

const never = () => false
const NONE = new Int32Array(0)
