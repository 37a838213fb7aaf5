// What a detection item's value is while its modifiers work on it, and what it is at last: a test.
import type { PatternPart } from './sigma-string.ts'

/** A test of one value of an event. Plain data: it is interned by its JSON and kept on disk. */
export type Test =
  /** case-insensitive unless `cased`; the pattern is folded then */
  | { kind: 'pattern'; pattern: readonly PatternPart[]; cased?: true }
  | { kind: 'regex'; source: string; flags: string }
  | { kind: 'cidr'; network: string }
  | { kind: 'compare'; operator: 'lt' | 'lte' | 'gt' | 'gte'; value: number }
  | { kind: 'null' }
  | { kind: 'exists'; value: boolean }
  /** the value of another field, whole or at one end or within */
  | { kind: 'fieldref'; field: string; at: 'whole' | 'start' | 'end' | 'within'; cased?: true }
  /** a part of a timestamp */
  | { kind: 'time-part'; part: TimePart; operator: 'eq' | 'lt' | 'lte' | 'gt' | 'gte'; value: number }

export type TimePart = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year'

/** Between modifiers: text with wildcards, bytes (as a string of code units 0–255), or a plain value. */
export type Intermediate =
  | { kind: 'text'; pattern: readonly PatternPart[]; raw: string }
  | { kind: 'bytes'; bytes: string }
  | { kind: 'plain'; value: number | boolean | null }
