// Sets of characters (Unicode code points), as the classes of a regular expression need them.
import { fold } from '../modifiers/folding.ts'

/** Ranges, lowest first, apart from each other: [low, high, low, high …], both ends included. */
export type CharacterSet = readonly number[]

const LAST = 0x10ffff

/** What ranges in any order, overlapping or not, are as a set. */
export function setOf(ranges: readonly (readonly [number, number])[]): CharacterSet {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0])
  const set: number[] = []
  for (const [low, high] of sorted) {
    const end = set.length - 1
    if (end > 0 && low <= set[end] + 1) set[end] = Math.max(set[end], high)
    else set.push(low, high)
  }
  return set
}

export const rangesOf = (set: CharacterSet): [number, number][] =>
  Array.from({ length: set.length / 2 }, (_, at) => [set[at * 2], set[at * 2 + 1]])

/** The same set twice is taken once: a class may repeat one of hundreds of ranges. */
export const union = (...sets: readonly CharacterSet[]): CharacterSet => setOf([...new Set(sets)].flatMap(rangesOf))

export function complement(set: CharacterSet): CharacterSet {
  const rest: number[] = []
  let from = 0
  for (const [low, high] of rangesOf(set)) {
    if (low > from) rest.push(from, low - 1)
    from = high + 1
  }
  if (from <= LAST) rest.push(from, LAST)
  return rest
}

export function holds(set: CharacterSet, character: number): boolean {
  let low = 0
  let high = set.length >> 1
  // The last range that begins at the character or before it.
  while (low < high) {
    const middle = (low + high) >> 1
    if (set[middle * 2] <= character) low = middle + 1
    else high = middle
  }
  return low > 0 && character <= set[low * 2 - 1]
}

export const isSubset = (inner: CharacterSet, outer: CharacterSet): boolean =>
  rangesOf(inner).every(([low, high]) => rangesOf(outer).some((range) => range[0] <= low && high <= range[1]))

const text = (ranges: string): CharacterSet =>
  setOf(ranges.match(/..?/gs)!.map((pair) => [pair.charCodeAt(0), pair.charCodeAt(pair.length - 1)]))

// PCRE without its Unicode option (pcre2pattern, "Generic character types"): of ASCII.
export const DIGITS = text('09')
export const WORD = text('09AZ__az')
export const SPACES: CharacterSet = [9, 13, 32, 32]
export const HORIZONTAL_SPACES: CharacterSet = [9, 9, 32, 32, 0xa0, 0xa0]
export const VERTICAL_SPACES: CharacterSet = [10, 13, 0x85, 0x85, 0x2028, 0x2029]
export const NEWLINE: CharacterSet = [10, 10]
export const EVERYTHING: CharacterSet = [0, LAST]
export const NOTHING: CharacterSet = []

/** `[:name:]` within a class (pcre2pattern, "POSIX character classes"). */
export const POSIX_CLASSES: ReadonlyMap<string, CharacterSet> = new Map([
  ['alnum', text('09AZaz')],
  ['alpha', text('AZaz')],
  ['ascii', [0, 127]],
  ['blank', [9, 9, 32, 32]],
  ['cntrl', [0, 31, 127, 127]],
  ['digit', DIGITS],
  ['graph', [33, 126]],
  ['lower', text('az')],
  ['print', [32, 126]],
  ['punct', [33, 47, 58, 64, 91, 96, 123, 126]],
  ['space', SPACES],
  ['upper', text('AZ')],
  ['word', WORD],
  ['xdigit', text('09AFaf')],
])

/** The set with every character that equals one of it without case (modifiers/folding.ts says which those are). */
export function withoutCase(set: CharacterSet): CharacterSet {
  const known = caseless.get(set)
  if (known) return known
  const { letters, others } = casedLetters()
  const more: [number, number][] = []
  for (let at = 0; at < set.length; at += 2)
    for (let index = firstFrom(letters, set[at]); index < letters.length && letters[index] <= set[at + 1]; index++)
      for (const other of others[index]) if (!holds(set, other)) more.push([other, other])
  const made = more.length ? setOf([...rangesOf(set), ...more]) : set
  caseless.set(set, made)
  return made
}

const caseless = new WeakMap<CharacterSet, CharacterSet>()

/** Letters that have others of the same meaning without case, lowest first, and by letter those others. */
let cased: { letters: readonly number[]; others: readonly (readonly number[])[] } | undefined

function casedLetters() {
  if (cased) return cased
  const byFolded = new Map<string, number[]>()
  for (let code = 65; code < 0x1f000; code++) {
    const letter = String.fromCodePoint(code)
    const folded = fold(letter)
    if (folded === letter) continue
    const same = byFolded.get(folded) ?? [folded.codePointAt(0)!]
    same.push(code)
    byFolded.set(folded, same)
  }
  const all = [...byFolded.values()].flatMap((same) =>
    same.map((code) => [code, same.filter((other) => other !== code)] as const),
  )
  all.sort((a, b) => a[0] - b[0])
  cased = { letters: all.map(([code]) => code), others: all.map(([, others]) => others) }
  return cased
}

/** The first index of a sorted list whose number is not below. */
function firstFrom(list: readonly number[], number: number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (list[middle] < number) low = middle + 1
    else high = middle
  }
  return low
}
