// What of an atom can be looked for in raw bytes: literals, one of which stands in every value of which the atom is true.
import type { Atom } from '../compile/rule-set.ts'
import { fold, isAscii } from '../modifiers/folding.ts'
import { ANY, DASH, ONE, type Pattern, type PatternPart } from '../modifiers/sigma-string.ts'
import { requiredTextsOf } from '../regex/linear.ts'

export interface Handle {
  /** folded, of ASCII, not empty: one of them stands in the value */
  readonly literals: readonly string[]
  /** where they stand */
  readonly start: boolean
  readonly end: boolean
  /** where one of them stands the atom is true; else it has still to be tested */
  readonly isExact: boolean
  /** a value with one of the dashes outside ASCII may make it true without a literal (windash) */
  readonly hasDash: boolean
}

/** Literals of one atom at most: two dashes in a text give four. */
const MAX_DASHES = 2
const DASHES_IN_ASCII = ['-', '/'] as const

/** Undefined when there is no literal that bytes can show. */
export function handleOf({ test }: Atom): Handle | undefined {
  if (test.kind === 'regex') return ofRegex(test.source, test.flags)
  return test.kind === 'pattern' && !isWide(test.pattern) ? ofPattern(test.pattern, test.cased === true) : undefined
}

/** Whether only a value with a character outside ASCII can fit (emoji, homoglyphs): there are hundreds of such texts in one rule, and few such values. */
export const isWide = (pattern: Pattern): boolean => pattern.some((part) => typeof part === 'string' && !isAscii(part))

function ofRegex(source: string, flags: string): Handle | undefined {
  const { inOrder, anyOf } = requiredTextsOf(source, flags)
  const single = longest(inOrder)
  const several = anyOf.reduce<readonly string[]>((best, list) => (shortest(list) > shortest(best) ? list : best), [])
  const literals = single.length < 4 && shortest(several) > single.length ? several : [single]
  if (literals[0] === '') return undefined
  return { literals, start: false, end: false, isExact: false, hasDash: false }
}

const longest = (texts: readonly string[]) => texts.reduce((best, one) => (one.length > best.length ? one : best), '')
const shortest = (texts: readonly string[]) => (texts.length ? Math.min(...texts.map((one) => one.length)) : 0)

function ofPattern(pattern: Pattern, isCased: boolean): Handle | undefined {
  const text = onlyText(pattern)
  if (text !== undefined) {
    const [start, end] = [pattern[0] !== ANY, pattern.at(-1) !== ANY]
    return { literals: [fold(text)], start, end, isExact: !isCased, hasDash: false }
  }
  const spans = spansOf(pattern)
  let best: readonly PatternPart[] = []
  for (const span of spans) {
    const window = windowOf(span)
    if (lengthOf(window) > lengthOf(best)) best = window
  }
  if (lengthOf(best) === 0) return undefined
  const literals = spelled(best).map(fold)
  const isWhole = spans.length === 1 && best.length === spans[0].length && !pattern.includes(ONE)
  const start = isWhole && pattern[0] !== ANY
  const end = isWhole && pattern.at(-1) !== ANY
  return { literals, start, end, isExact: isWhole && !isCased, hasDash: best.includes(DASH) }
}

/** Most patterns are one text, with or without `*` on either side; what is said below of spans comes to nothing for them. */
function onlyText(pattern: Pattern): string | undefined {
  const at = pattern[0] === ANY ? 1 : 0
  const text = pattern[at]
  const isAll = pattern.length === at + 1 || (pattern.length === at + 2 && pattern[at + 1] === ANY)
  return isAll && typeof text === 'string' && text ? text : undefined
}

/** What stands between wildcards. */
function spansOf(pattern: Pattern): PatternPart[][] {
  const spans: PatternPart[][] = [[]]
  for (const part of pattern) {
    if (part === ANY || part === ONE) spans.push([])
    else spans.at(-1)!.push(part)
  }
  return spans.filter((span) => span.length > 0)
}

/** The longest part of a span with few dashes; one at least of it is text. */
function windowOf(span: readonly PatternPart[]): readonly PatternPart[] {
  let best: readonly PatternPart[] = []
  for (let from = 0; from < span.length; from++) {
    let dashes = 0
    let to = from
    while (to < span.length && (span[to] !== DASH || ++dashes <= MAX_DASHES)) to++
    const window = span.slice(from, to)
    if (lengthOf(window) > lengthOf(best)) best = window
  }
  return best
}

/** Characters; 0 when there is no text among them, which any value with a dash would fit. */
const lengthOf = (window: readonly PatternPart[]): number =>
  window.some((part) => typeof part === 'string')
    ? window.reduce<number>((sum, part) => sum + (typeof part === 'string' ? part.length : 1), 0)
    : 0

function spelled(window: readonly PatternPart[]): string[] {
  let texts = ['']
  for (const part of window)
    texts =
      typeof part === 'string'
        ? texts.map((text) => text + part)
        : DASHES_IN_ASCII.flatMap((dash) => texts.map((text) => text + dash))
  return texts
}

/** What an atom costs that asks for more than its field's text. */
export const NO_TEXT_COST = 5000

/**
 * What an atom costs when a plan must look out for it, mostly how often it will wake its rules: long text within a command line is seldom there, a program's name often. The
 * cheapest part of an AND is enough to wake the rule. Found by measuring with bench/sigma.ts; only speed depends on it.
 */
export function costOf(atom: Atom): number {
  const { test } = atom
  if (test.kind === 'null' || test.kind === 'exists' || test.kind === 'fieldref') return NO_TEXT_COST
  if (test.kind === 'pattern' && isWide(test.pattern)) return 0.2
  const handle = handleOf(atom)
  const keyword = atom.field === undefined ? 8 : 0
  if (!handle) {
    if (test.kind === 'pattern' && test.pattern.length === 0) return 4
    if (test.kind === 'pattern' && test.pattern.every((part) => part === ANY || part === ONE)) return 6000
    return 60 + keyword
  }
  const length = shortest(handle.literals)
  if (handle.start && handle.end) return (length >= 4 ? 6 : 20) + keyword
  if (handle.start || handle.end) return (length >= 16 ? 4 : 10) + keyword
  if (length < 4) return 40 + keyword
  return (length >= 9 ? 0.5 : length > 4 ? 1 : 3) + (handle.isExact ? 0 : 0.5) + keyword
}
