// What a detection item's value is at last, when its modifiers are done with it: a test.
import type { PatternPart } from './sigma-string.ts'

/** A test of one value of an event. Plain data: it is interned by its JSON and kept on disk. */
export type Test =
  /** case-insensitive unless `cased`; the pattern is folded then */
  | { kind: 'pattern'; pattern: readonly PatternPart[]; cased?: true }
  | { kind: 'regex'; source: string; flags: string }
  | { kind: 'cidr'; network: string }
  | { kind: 'compare'; operator: Operator; value: number }
  | { kind: 'null' }
  | { kind: 'exists'; value: boolean }
  /** the value of another field, whole or at one end or within */
  | { kind: 'fieldref'; field: string; at: 'whole' | 'start' | 'end' | 'within'; cased?: true }
  /** a part of a timestamp */
  | { kind: 'time-part'; part: TimePart; operator: Operator | 'eq'; value: number }

export type Operator = 'lt' | 'lte' | 'gt' | 'gte'
export type TimePart = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year'
