// Sigma 1 put aggregations behind the condition: `selection | count(User) by Host > 5`, over a `timeframe`. They are read as the correlation that they became in Sigma 2.
import type { CorrelationCondition, CorrelationType } from '../rule.ts'

export interface Aggregation {
  readonly type: CorrelationType
  readonly field?: string
  readonly groupBy: readonly string[]
  readonly bound: CorrelationCondition['bounds'][number]
}

const FORM =
  /^(count|sum|avg|min|max)\s*\(\s*([^()\s]*)\s*\)(?:\s+by\s+(.+?))?\s*(<=|>=|==?|<|>)\s*(-?\d+(?:\.\d+)?)\s*$/i
const OPERATORS = { '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte', '=': 'eq', '==': 'eq' } as const

/** What stands behind the `|`; text when it can't be read: why. */
export function parseAggregation(text: string): Aggregation | string {
  if (/^\s*near\b/i.test(text)) return '"near" of Sigma 1 is not supported: write a temporal correlation instead'
  const parts = FORM.exec(text.trim())
  if (!parts) return 'the aggregation behind "|" can\'t be read: count(field) by group > 5 was expected'
  const [, word, field, groups, operator, value] = parts
  const name = word.toLowerCase()
  if (name === 'min' || name === 'max') return `"${name}" of Sigma 1 has no counterpart in correlations`
  if (name !== 'count' && field === '') return `"${name}" needs a field`
  return {
    type:
      name === 'count' ? (field === '' ? 'event_count' : 'value_count') : name === 'sum' ? 'value_sum' : 'value_avg',
    ...(field !== '' && { field }),
    groupBy: groups === undefined ? [] : groups.split(/[\s,]+/).filter(Boolean),
    bound: { operator: OPERATORS[operator as keyof typeof OPERATORS], value: Number(value) },
  }
}
