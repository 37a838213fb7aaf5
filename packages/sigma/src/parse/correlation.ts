// Correlations (Sigma correlation rules specification).
import type { CorrelationCondition, CorrelationRule, CorrelationType } from '../rule.ts'
import { fail, isMapping, type Mapping, parseConditionText, parseMetadata, type RuleDocument } from './rule.ts'

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
  M: 2_592_000_000,
  y: 31_536_000_000,
}

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
  return {
    kind: 'correlation',
    ...parseMetadata(document),
    type: type as CorrelationType,
    rules: names(document, section, 'rules', true).map((one) =>
      /^[0-9a-f-]{36}$/i.test(one) ? one.toLowerCase() : one,
    ),
    groupBy: names(document, section, 'group-by', false),
    timespan: parseTimespan(document, section),
    aliases: parseAliases(document, section),
    condition: parseCorrelationCondition(document, section, type),
    generate: section.generate === true || document.value.generate === true,
  }
}

function names(document: RuleDocument, section: Mapping, name: string, required: boolean): string[] {
  const value = section[name]
  if (value === undefined || value === null)
    return required ? fail(document, ['correlation'], 'structure', `${name} is missing`) : []
  if (typeof value === 'string') return [value]
  if (Array.isArray(value) && value.length && value.every((one) => typeof one === 'string')) return value
  return fail(document, ['correlation', name], 'structure', `${name}: a list of names was expected`)
}

function parseTimespan(document: RuleDocument, section: Mapping): number {
  const match = /^(\d+)\s*([smhdwMy])$/.exec(String(section.timespan ?? ''))
  if (!match)
    return fail(
      document,
      ['correlation', 'timespan'],
      'structure',
      `timespan "${section.timespan ?? ''}": a number and s, m, h, d, w, M or y was expected (15m)`,
    )
  const milliseconds = Number(match[1]) * UNITS[match[2]]
  if (milliseconds <= 0 || !Number.isSafeInteger(milliseconds))
    fail(document, ['correlation', 'timespan'], 'value', 'the timespan is zero or too long')
  return milliseconds
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

function parseCorrelationCondition(document: RuleDocument, section: Mapping, type: string): CorrelationCondition {
  const { condition } = section
  const path = ['correlation', 'condition']
  const isTemporal = type === 'temporal' || type === 'temporal_ordered'
  if (condition === undefined || condition === null)
    return isTemporal
      ? { bounds: [] }
      : fail(document, ['correlation'], 'structure', `the condition is missing: ${type} needs one (gte: 10)`)
  if (typeof condition === 'string') return { bounds: [], expression: parseConditionText(document, path, condition) }
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
  if (type.startsWith('value_') && !fields)
    fail(document, path, 'structure', `${type} needs the field that it looks at (field: …)`)
  return {
    field: fields,
    percentile: condition.percentile === undefined ? undefined : Number(condition.percentile),
    bounds,
  }
}
