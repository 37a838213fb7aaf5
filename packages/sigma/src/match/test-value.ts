// A test on a decoded value: what the fast paths fall back on, and what says the last word where a literal was only a hint.
import { fold } from '../modifiers/folding.ts'
import { isInNetwork, parseIp, parseNetwork } from '../modifiers/ip-network.ts'
import { ANY } from '../modifiers/sigma-string.ts'
import type { Test } from '../modifiers/values.ts'
import { compileRegex } from '../regex/linear.ts'
import { patternTest } from './pattern-test.ts'
import { timePartOf } from './time-part.ts'

/** Tests one value, given as written and folded. */
export type TextTest = (text: string, folded: string) => boolean

/** `*`: true of every text, which need not be decoded for it. */
export const anyText: TextTest = () => true

/** The test of a text, compiled. Tests that look at more than the text (null, exists, fieldref) are none: undefined. */
export function textTest(test: Test): TextTest | undefined {
  switch (test.kind) {
    case 'pattern': {
      if (test.pattern.length === 1 && test.pattern[0] === ANY) return anyText
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
        const number = timePartOf(text, part)
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
  return Number.isFinite(number) ? number : undefined
}

function compare(number: number, operator: 'lt' | 'lte' | 'gt' | 'gte', value: number): boolean {
  if (operator === 'lt') return number < value
  if (operator === 'lte') return number <= value
  return operator === 'gt' ? number > value : number >= value
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
