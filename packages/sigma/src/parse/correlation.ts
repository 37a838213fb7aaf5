// Correlations (Sigma correlation rules specification).
import { nearName } from '../near-name.ts'
import type { Condition, CorrelationCondition, CorrelationRule, CorrelationType } from '../rule.ts'
import { parseConditionText } from './detection.ts'
import { parseMetadata } from './metadata.ts'
import { fail, isMapping, type Mapping, type RuleDocument } from './rule-document.ts'

const TYPES: readonly string[] = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_percentile',
  'value_median',
]
const OPERATORS = ['lt', 'lte', 'gt', 'gte', 'eq', 'neq'] as const
const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  // as pySigma counts them: a twelfth of a year, and a year of the Gregorian calendar
  M: 2_629_746_000,
  y: 31_556_952_000,
}

/** A hundred years, in milliseconds: in microseconds still exact. */
const MAX_TIMESPAN = 100 * UNITS.y

export function parseCorrelation(document: RuleDocument): CorrelationRule {
  const section = document.value.correlation
  if (!isMapping(section))
    return fail(
      document,
      ['correlation'],
      'structure',
      'correlation: a mapping with type, rules, timespan was expected',
    )
  const type = String(section.type ?? '').toLowerCase()
  if (!TYPES.includes(type))
    fail(
      document,
      ['correlation', 'type'],
      'structure',
      `type "${section.type ?? ''}": one of ${TYPES.join(', ')} was expected`,
    )
  const named = names(document, section, 'rules', typeof section.condition !== 'string').map((one) =>
    /^[0-9a-f-]{36}$/i.test(one) ? one.toLowerCase() : one,
  )
  const condition = parseCorrelationCondition(document, section, type, named)
  return {
    kind: 'correlation',
    ...parseMetadata(document),
    type: type as CorrelationType,
    rules: named.length ? named : identifiersOf(condition.expression),
    groupBy: names(document, section, 'group-by', false),
    timespan: parseTimespan(document, section),
    aliases: parseAliases(document, section),
    condition,
    generate: parseGenerate(document, section),
  }
}

function parseGenerate(document: RuleDocument, section: Mapping): boolean {
  const value = section.generate ?? document.value.generate ?? false
  return typeof value === 'boolean'
    ? value
    : fail(
        document,
        section.generate === undefined ? ['generate'] : ['correlation', 'generate'],
        'structure',
        'generate: true or false was expected',
      )
}

/** The rules that a boolean condition names, in its order. */
function identifiersOf(condition: Condition | undefined): string[] {
  const found = new Set<string>()
  const visit = (node: Condition): void => {
    if (node.kind === 'identifier') found.add(node.name)
    else if (node.kind === 'not') visit(node.part)
    else if (node.kind !== 'of') node.parts.forEach(visit)
  }
  if (condition) visit(condition)
  return [...found]
}

function names(document: RuleDocument, section: Mapping, name: string, required: boolean): string[] {
  const value = section[name]
  if (value === undefined || value === null)
    return required ? fail(document, ['correlation'], 'structure', `${name} is missing${meantFor(section, name)}`) : []
  if (typeof value === 'string') return [value]
  if (Array.isArray(value) && value.length && value.every((one) => typeof one === 'string')) return value
  return fail(document, ['correlation', name], 'structure', `${name}: a list of names was expected`)
}

/** `: "rule" was meant to be "rules"?`, where there is such a key. */
function meantFor(section: Mapping, name: string): string {
  const key = Object.keys(section).find((one) => nearName(one, [name]) !== undefined)
  return key === undefined ? '' : `: "${key}" was meant to be "${name}"?`
}

/** Milliseconds; undefined when it is no time span. */
export function timespanOf(text: string): number | undefined {
  const match = /^(\d+)([smhdwMy])$/.exec(text.trim())
  const milliseconds = match ? Number(match[1]) * UNITS[match[2]] : 0
  return milliseconds > 0 && milliseconds <= MAX_TIMESPAN ? milliseconds : undefined
}

function parseTimespan(document: RuleDocument, section: Mapping): number {
  if (section.timespan === undefined)
    fail(
      document,
      ['correlation'],
      'structure',
      `timespan is missing${'timeframe' in section ? ': "timeframe" is Sigma 1' : meantFor(section, 'timespan') || ' (timespan: 15m)'}`,
    )
  const text = String(section.timespan ?? '')
  return (
    timespanOf(text) ??
    fail(
      document,
      ['correlation', 'timespan'],
      'structure',
      `timespan "${text}": a number above 0 and s, m, h, d, w, M or y was expected (15m)`,
    )
  )
}

function parseAliases(document: RuleDocument, section: Mapping): Map<string, Map<string, string>> {
  const { aliases } = section
  if (aliases === undefined || aliases === null) return new Map()
  if (!isMapping(aliases))
    return fail(document, ['correlation', 'aliases'], 'structure', 'aliases: a mapping of names was expected')
  return new Map(
    Object.entries(aliases).map(([alias, fields]) => {
      if (!isMapping(fields))
        return fail(
          document,
          ['correlation', 'aliases', alias],
          'structure',
          `${alias}: a mapping of rules to fields was expected`,
        )
      return [alias, new Map(Object.entries(fields).map(([rule, field]) => [rule, String(field)]))]
    }),
  )
}

function parseCorrelationCondition(
  document: RuleDocument,
  section: Mapping,
  type: string,
  rules: readonly string[],
): CorrelationCondition {
  const { condition } = section
  const path = ['correlation', 'condition']
  const isTemporal = type === 'temporal' || type === 'temporal_ordered'
  if (condition === undefined || condition === null)
    return isTemporal
      ? { bounds: [{ operator: 'gte', value: rules.length }] }
      : fail(document, ['correlation'], 'structure', `the condition is missing: ${type} needs one (gte: 10)`)
  if (typeof condition === 'string') {
    if (!isTemporal)
      fail(document, path, 'structure', `${type}: a boolean condition is for temporal and temporal_ordered only`)
    return { bounds: [], expression: parseExpression(document, path, condition, rules) }
  }
  if (!isMapping(condition)) return fail(document, path, 'structure', 'condition: comparisons (gte: 10) were expected')
  const bounds = OPERATORS.flatMap((operator) => {
    const value = condition[operator]
    if (value === undefined) return []
    const number = Number(value)
    if (typeof value === 'boolean' || value === null || Number.isNaN(number))
      return fail(document, [...path, operator], 'value', `${operator}: a number was expected`)
    return [{ operator, value: number }]
  })
  const unknown = Object.keys(condition).find((name) => !['field', 'percentile', ...OPERATORS].includes(name))
  if (unknown)
    fail(
      document,
      [...path, unknown],
      'structure',
      `${unknown}: one of ${OPERATORS.join(', ')}, field, percentile was expected`,
    )
  if (!bounds.length && !isTemporal)
    fail(document, path, 'structure', `no comparison: one of ${OPERATORS.join(', ')} was expected`)
  const fields =
    condition.field === undefined
      ? undefined
      : Array.isArray(condition.field)
        ? condition.field.map(String)
        : [String(condition.field)]
  if (type.startsWith('value_') && !fields?.length)
    fail(document, path, 'structure', `${type} needs the field that it looks at (field: …)`)
  const isNumeric =
    type.startsWith('value_') &&
    type !== 'value_count' &&
    !(type === 'value_percentile' && condition.percentile === undefined)
  if (isNumeric && fields && fields.length !== 1)
    fail(
      document,
      [...path, 'field'],
      'structure',
      `${type} measures one field: its numbers, of several, have no meaning together`,
    )
  return {
    field: fields,
    percentile: parsePercentile(document, condition.percentile),
    bounds: bounds.length ? bounds : [{ operator: 'gte', value: rules.length }],
  }
}

function parsePercentile(document: RuleDocument, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined
  const number = Number(value)
  return typeof value !== 'boolean' && number >= 0 && number <= 100
    ? number
    : fail(
        document,
        ['correlation', 'condition', 'percentile'],
        'value',
        'percentile: a number from 0 to 100 was expected',
      )
}

/** The boolean form names every rule of the list, and no other. */
function parseExpression(
  document: RuleDocument,
  path: readonly string[],
  text: string,
  rules: readonly string[],
): Condition {
  const expression = parseConditionText(document, path, text)
  if (!rules.length) return expression
  const named = identifiersOf(expression)
  const unknown = named.find((name) => !rules.includes(name))
  if (unknown !== undefined)
    fail(document, path, 'reference', `the condition names "${unknown}", which is not among the rules`)
  const unused = rules.find((rule) => !named.includes(rule))
  if (unused !== undefined)
    fail(document, path, 'reference', `the condition does not name "${unused}", which is among the rules`)
  return expression
}
