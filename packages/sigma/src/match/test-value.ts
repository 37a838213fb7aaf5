// A test on a decoded value: what the fast paths fall back on, and what says the last word where a literal was only a hint.
import { fold } from '../modifiers/folding.ts'
import { isInNetwork, parseIp, parseNetwork } from '../modifiers/modifiers.ts'
import { ANY, ONE, type Pattern } from '../modifiers/sigma-string.ts'
import type { Test, TimePart } from '../modifiers/values.ts'
import { compileRegex } from '../regex/linear.ts'

/** Tests one value, given as written and folded. */
export type TextTest = (text: string, folded: string) => boolean

/** The test of a text, compiled. Tests that look at more than the text (null, exists, fieldref) are none: undefined. */
export function textTest(test: Test): TextTest | undefined {
  switch (test.kind) {
    case 'pattern': {
      const matches = patternTest(test.pattern)
      return test.cased ? (text) => matches(text) : (_, folded) => matches(folded)
    }
    case 'regex':
      return compileRegex(test.source, test.flags)
    case 'cidr': {
      const network = parseNetwork(test.network)!
      return (text) => {
        const address = parseIp(text.trim())
        return address !== undefined && isInNetwork(address, network)
      }
    }
    case 'compare': {
      const { operator, value } = test
      return (text) => {
        const number = numberOf(text)
        return number !== undefined && compare(number, operator, value)
      }
    }
    case 'time-part': {
      const { part, operator, value } = test
      return (text) => {
        const number = timePart(text, part)
        return number !== undefined && (operator === 'eq' ? number === value : compare(number, operator, value))
      }
    }
    default:
      return undefined
  }
}

/** Numbers as text, decimal or `0x…`; undefined for anything else. */
export function numberOf(text: string): number | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  const number = Number(trimmed)
  return Number.isNaN(number) ? undefined : number
}

function compare(number: number, operator: 'lt' | 'lte' | 'gt' | 'gte', value: number): boolean {
  if (operator === 'lt') return number < value
  if (operator === 'lte') return number <= value
  return operator === 'gt' ? number > value : number >= value
}

/** A part of a timestamp (ISO 8601, or `2026-01-01 10:00:00` taken as UTC), in UTC; weeks as ISO 8601 counts them. */
function timePart(text: string, part: TimePart): number | undefined {
  const plain =
    /^\d{4}-\d\d-\d\d \d\d:\d\d/.test(text) && !/[zZ]|[+-]\d\d:?\d\d$/.test(text) ? `${text.replace(' ', 'T')}Z` : text
  const date = new Date(plain)
  if (Number.isNaN(date.getTime())) return undefined
  switch (part) {
    case 'minute':
      return date.getUTCMinutes()
    case 'hour':
      return date.getUTCHours()
    case 'day':
      return date.getUTCDate()
    case 'month':
      return date.getUTCMonth() + 1
    case 'year':
      return date.getUTCFullYear()
    case 'week': {
      const thursday = new Date(
        Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 4 - (date.getUTCDay() || 7)),
      )
      return Math.ceil(((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / 86_400_000 + 1) / 7)
    }
  }
}

/** Matches a whole text against a pattern. The text between two ANY is found leftmost first, which for `*` is always right. */
export function patternTest(pattern: Pattern): (text: string) => boolean {
  const segments: (string | readonly (string | typeof ONE)[])[] = [[]]
  for (const part of pattern) {
    if (part === ANY) segments.push([])
    else (segments.at(-1) as (string | typeof ONE)[]).push(part)
  }
  const pieces = segments.map((segment) =>
    segment.length === 0
      ? ''
      : segment.length === 1 && typeof segment[0] === 'string'
        ? segment[0]
        : (segment as readonly (string | typeof ONE)[]),
  )
  if (pieces.length === 1) return (text) => isAt(text, 0, pieces[0]) && text.length === lengthOf(pieces[0])
  const first = pieces[0]
  const last = pieces.at(-1)!
  const middle = pieces.slice(1, -1).filter((piece) => piece !== '')
  const fixed = lengthOf(first) + lengthOf(last)
  return (text) => {
    if (text.length < fixed || !isAt(text, 0, first) || !isAt(text, text.length - lengthOf(last), last)) return false
    let at = lengthOf(first)
    const end = text.length - lengthOf(last)
    for (const piece of middle) {
      const found = find(text, at, piece)
      if (found < 0) return false
      at = found + lengthOf(piece)
    }
    return at <= end
  }
}

type Piece = string | readonly (string | typeof ONE)[]

const lengthOf = (piece: Piece): number =>
  typeof piece === 'string'
    ? piece.length
    : piece.reduce<number>((sum, part) => sum + (typeof part === 'string' ? part.length : 1), 0)

function isAt(text: string, at: number, piece: Piece): boolean {
  if (typeof piece === 'string') return text.startsWith(piece, at)
  let from = at
  for (const part of piece) {
    if (part === ONE) from++
    else if (text.startsWith(part, from)) from += part.length
    else return false
  }
  return from <= text.length
}

function find(text: string, from: number, piece: Piece): number {
  if (typeof piece === 'string') return text.indexOf(piece, from)
  const last = text.length - lengthOf(piece)
  for (let at = from; at <= last; at++) if (isAt(text, at, piece)) return at
  return -1
}

/** Compares two values as `fieldref` does. */
export function comparesTo(text: string, other: string, { at, cased }: Extract<Test, { kind: 'fieldref' }>): boolean {
  const left = cased ? text : fold(text)
  const right = cased ? other : fold(other)
  switch (at) {
    case 'whole':
      return left === right
    case 'start':
      return left.startsWith(right)
    case 'end':
      return left.endsWith(right)
    case 'within':
      return left.includes(right)
  }
}
