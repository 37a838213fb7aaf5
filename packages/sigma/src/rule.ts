// The specification's nouns (Sigma rules specification 2.1): what a parsed rule is. Parsed once at the border, trusted inside.
import type { LogSource } from './log-source.ts'

/** informational < low < medium < high < critical */
export type Level = 'informational' | 'low' | 'medium' | 'high' | 'critical'
export type Status = 'stable' | 'test' | 'experimental' | 'deprecated' | 'unsupported'

/** Where something stands in a rule file. line and column start at 1. */
export interface Location {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** What detection rules, correlations and filters have in common. */
export interface RuleMetadata {
  readonly title: string
  readonly id?: string
  readonly name?: string
  readonly status?: Status
  readonly level?: Level
  readonly description?: string
  readonly author?: string
  readonly date?: string
  readonly modified?: string
  readonly license?: string
  readonly references: readonly string[]
  readonly tags: readonly string[]
  readonly falsepositives: readonly string[]
  readonly fields: readonly string[]
  readonly related: readonly { readonly id: string; readonly type: string }[]
  readonly scope?: readonly string[]
  /** the file it came from and where in it the document starts */
  readonly source: Location
  /** everything else that stood in the document */
  readonly custom: Readonly<Record<string, unknown>>
}

/** A plain value of a detection item, before modifiers. Strings keep their escapes and wildcards as written. */
export type RuleValue = string | number | boolean | null

/** `field|modifier|modifier: value(s)`; without a field it is a keyword search. */
export interface DetectionItem {
  readonly field?: string
  readonly modifiers: readonly string[]
  readonly values: readonly RuleValue[]
  /** `all` links the values with AND; otherwise any of them is enough */
  readonly all: boolean
}

/** A search identifier's content: a map of items is joined by AND, a list of maps or keywords by OR. */
export type Detection =
  | { readonly kind: 'item'; readonly item: DetectionItem }
  | { readonly kind: 'and'; readonly parts: readonly Detection[] }
  | { readonly kind: 'or'; readonly parts: readonly Detection[] }

/** A condition, parsed; `of` is expanded against the rule's search identifiers when it is compiled. */
export type Condition =
  | { readonly kind: 'identifier'; readonly name: string }
  | { readonly kind: 'of'; readonly quantifier: 'all' | 'any' | number; readonly pattern: string }
  | { readonly kind: 'and'; readonly parts: readonly Condition[] }
  | { readonly kind: 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }

export interface DetectionRule extends RuleMetadata {
  readonly kind: 'rule'
  readonly logSource: LogSource & { readonly definition?: string }
  readonly detections: ReadonlyMap<string, Detection>
  /** several conditions: the rule matches when any of them does */
  readonly conditions: readonly Condition[]
  readonly timeframe?: string
}

export type CorrelationType =
  | 'event_count'
  | 'value_count'
  | 'temporal'
  | 'temporal_ordered'
  | 'value_sum'
  | 'value_avg'
  | 'value_percentile'
  | 'value_median'

export interface CorrelationRule extends RuleMetadata {
  readonly kind: 'correlation'
  readonly type: CorrelationType
  /** ids or names of the rules it is built on */
  readonly rules: readonly string[]
  readonly groupBy: readonly string[]
  /** milliseconds */
  readonly timespan: number
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>
  readonly condition: CorrelationCondition
  /** true: the rules it refers to still give matches of their own */
  readonly generate: boolean
}

export interface CorrelationCondition {
  readonly field?: readonly string[]
  readonly percentile?: number
  /** all of them must hold: {gte: 10, lte: 20} is a range */
  readonly bounds: readonly { readonly operator: 'lt' | 'lte' | 'gt' | 'gte' | 'eq' | 'neq'; readonly value: number }[]
  /** the boolean form of temporal correlations over rule names */
  readonly expression?: Condition
}

export interface FilterRule extends RuleMetadata {
  readonly kind: 'filter'
  readonly logSource: LogSource
  /** ids or names of the rules it narrows; 'any' narrows every rule of the log source */
  readonly rules: readonly string[] | 'any'
  readonly detections: ReadonlyMap<string, Detection>
  readonly condition: Condition
}

export type Rule = DetectionRule | CorrelationRule | FilterRule
