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

export const union = (...sets: readonly CharacterSet[]): CharacterSet => setOf(sets.flatMap(rangesOf))

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
  for (let at = 0; at < set.length && set[at] <= character; at += 2) if (character <= set[at + 1]) return true
  return false
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

/** Larger ranges have the other case of nearly all their letters; they are not asked one by one. */
const MAX_FOLDED = 0x3000

/** The set with every character that equals one of it without case (modifiers/folding.ts says which those are). */
export function withoutCase(set: CharacterSet): CharacterSet {
  const ranges = rangesOf(set)
  for (const [low, high] of rangesOf(set)) {
    if (high - low > MAX_FOLDED) continue
    for (let character = low; character <= high; character++)
      for (const other of sameLetters(character)) ranges.push([other, other])
  }
  return setOf(ranges)
}

/** Other characters that fold to the same. */
function sameLetters(character: number): number[] {
  if (character < 128) {
    const isLetter = (character >= 65 && character <= 90) || (character >= 97 && character <= 122)
    return isLetter ? [character ^ 32] : []
  }
  const letter = String.fromCodePoint(character)
  const folded = fold(letter)
  const others: number[] = []
  for (const other of [folded, letter.toUpperCase(), folded.toUpperCase(), ...titles(folded)]) {
    const code = other.codePointAt(0)!
    if (code !== character && other.length === letter.length && fold(other) === folded) others.push(code)
  }
  return others
}

/** Letters that fold to a letter and are not its upper case (title case `ǅ`, `ẞ`, the symbols Ohm and Angstrom): upper-casing does not lead to them. */
let byFolded: Map<string, string[]> | undefined
function titles(folded: string): readonly string[] {
  if (!byFolded) {
    byFolded = new Map()
    for (let code = 128; code < 0x1f000; code++) {
      if (code >= 0xd800 && code < 0xe000) continue
      const letter = String.fromCodePoint(code)
      const lower = fold(letter)
      if (lower !== letter && lower.toUpperCase() !== letter)
        byFolded.set(lower, [...(byFolded.get(lower) ?? []), letter])
    }
  }
  return byFolded.get(folded) ?? []
}
