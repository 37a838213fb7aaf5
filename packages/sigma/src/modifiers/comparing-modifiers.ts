// Modifiers that say how a value is compared: cased, re with i, m, s, cidr, lt and its kin, parts of times, exists, fieldref.

import { parseNetwork } from './ip-network.ts'
import { type Kind, type Modifier, ModifierError, type RegexValue, type StringValue, type Value } from './modifier.ts'
import { hasPlaceholder } from './placeholders.ts'
import type { Operator, TimePart } from './values.ts'

export const cased: Modifier = {
  takes: ['string', 'number', 'boolean', 'field'],
  apply: (value) => (value.kind === 'string' || value.kind === 'field' ? [{ ...value, cased: true }] : [value]),
}

/** Text as it stands in the rule. */
function written(value: Value, name: string): string {
  if (value.kind === 'number') return String(value.value)
  const { written: text } = value as StringValue
  if (text === undefined) throw new ModifierError(`${name} takes a value that no other modifier changed`)
  return text
}

export const re: Modifier = {
  takes: ['string', 'number'],
  apply: (value) => [{ kind: 'regex', source: written(value, 're'), flags: '', fromStart: false, toEnd: false }],
}

export const regexFlag = (flag: 'i' | 'm' | 's'): Modifier => ({
  takes: ['regex'],
  apply(value) {
    const { flags } = value as RegexValue
    return [{ ...(value as RegexValue), flags: [...new Set(flags + flag)].sort().join('') }]
  },
})

export const cidr: Modifier = {
  takes: ['string'],
  apply(value) {
    const text = value as StringValue
    if (hasPlaceholder(text)) throw new ModifierError('cidr: expand comes before it')
    const network = text.pattern.length === 1 && typeof text.pattern[0] === 'string' ? text.pattern[0] : ''
    if (!parseNetwork(network))
      throw new ModifierError(`cidr: "${text.written ?? network}" is no network (10.0.0.0/8, fe80::/10)`, 'value')
    return [{ kind: 'network', network: network.trim() }]
  },
}

function numberOf(value: Value, name: string): number {
  const text = value.kind === 'number' ? String(value.value) : written(value, name)
  const number = Number(text)
  if (text.trim() === '' || !Number.isFinite(number))
    throw new ModifierError(`${name}: "${text}" is no number`, 'value')
  return number
}

export const compare = (operator: Operator): Modifier => ({
  takes: ['number', 'string', 'time'],
  apply: (value) =>
    value.kind === 'time'
      ? [{ ...value, operator }]
      : [{ kind: 'comparison', operator, value: numberOf(value, operator) }],
})

export const timePart = (part: TimePart): Modifier => ({
  takes: ['number', 'string', 'comparison'],
  apply: (value) =>
    value.kind === 'comparison'
      ? [{ ...value, kind: 'time', part }]
      : [{ kind: 'time', part, operator: 'eq', value: numberOf(value, part) }],
})

/** Truth values are `true` and `false` in YAML 1.2; pySigma reads 1.1, where these words are some too (yaml.org/type/bool.html). */
const TRUE: readonly string[] = ['true', 'yes', 'on']
const FALSE: readonly string[] = ['false', 'no', 'off']

export const exists: Modifier = {
  takes: ['boolean', 'string'],
  apply(value) {
    const text = value.kind === 'boolean' ? String(value.value) : written(value, 'exists').toLowerCase()
    const isTrue = TRUE.includes(text)
    if (!isTrue && !FALSE.includes(text)) throw new ModifierError('exists takes true or false', 'value')
    return [{ kind: 'existence', exists: isTrue }]
  },
}

export const fieldref: Modifier = {
  takes: ['string'],
  apply(value) {
    const { pattern, cased: isCased, written: text } = value as StringValue
    // `contains|fieldref` says the same as `fieldref|contains`: the wildcards are at the ends.
    const end = text === undefined && pattern[0] === 0
    const start = text === undefined && pattern.at(-1) === 0
    const names = pattern.slice(Number(end), start ? -1 : undefined)
    if (names.length !== 1 || typeof names[0] !== 'string')
      throw new ModifierError('fieldref takes the name of a field, without wildcards', 'value')
    return [{ kind: 'field', field: names[0], start, end, cased: isCased }]
  },
}

/** Those that a keyword, which has no field, can't have. */
export const NEEDS_FIELD: readonly Kind[] = ['existence', 'field', 'null']

/** Modifiers after which a value is no text with wildcards. */
export const MAKES_NO_TEXT: readonly string[] = [
  're',
  'cidr',
  'exists',
  'fieldref',
  'lt',
  'lte',
  'gt',
  'gte',
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'year',
]
