// A query language, and rules in it.
import { SigmaError } from '../errors.ts'
import type { CorrelationRule, DetectionRule } from '../rule.ts'
import { ConversionError, type Query, type QueryOptions, queryOf } from './query.ts'

/** One query language: fulfil this and add it to BACKENDS. */
export interface Backend {
  readonly name: string
  /** what it is, and what it can't say, for people */
  readonly summary: string
  /** The whole query. Throws ConversionError for what the language has no words for. */
  render(query: Query, rule: DetectionRule, options: BackendOptions): string
}

export interface BackendOptions {
  /** table, index or the like that is searched */
  table?: string
  /** where keywords are looked for, when the language can't look everywhere */
  keywordField?: string
}

export interface ConvertedRule {
  readonly rule: DetectionRule
  readonly query: string
}

/** Queries of all rules that the language can express, and why the others are refused. Correlations are always refused. */
export function convertRules(
  rules: readonly DetectionRule[],
  correlations: readonly CorrelationRule[],
  backend: Backend,
  options: BackendOptions & QueryOptions = {},
): { converted: ConvertedRule[]; refused: SigmaError[] } {
  const refused = correlations.map(
    (rule) => new SigmaError('unsupported', `${backend.name}: correlations are not converted`, rule.source),
  )
  const converted: ConvertedRule[] = []
  for (const rule of rules) {
    try {
      converted.push({ rule, query: backend.render(queryOf(rule, options), rule, options) })
    } catch (error) {
      if (error instanceof SigmaError) refused.push(error)
      else if (error instanceof ConversionError)
        refused.push(new SigmaError('unsupported', `${backend.name}: ${error.message}`, rule.source))
      else throw error
    }
  }
  return { converted, refused }
}
