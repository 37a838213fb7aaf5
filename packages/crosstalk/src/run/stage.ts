// What a run asks of every event, as plain data: it goes to worker threads as it is.

import type { LogSource } from '@crosstalk/sigma'
import type { Fact } from '../facts/fact.ts'
import type { ContainerLimits } from '../sources/containers/limits.ts'
import type { ZipPart } from '../sources/containers/zip-parts.ts'
import type { Zone } from '../sources/local-zone.ts'
import type { ByteRange } from '../sources/source.ts'
import type { FileAccount } from './account.ts'
import type { FilePath } from './file-path.ts'

/**
 * `dump`: events as JSON lines; `scan`: rule matches; `hunt`: facts, rule matches among them; `coverage`: what kinds of events there are; `validate`: matches
 * and kinds.
 */
export type StageKind = 'dump' | 'scan' | 'hunt' | 'coverage' | 'validate'

/** Events of one kind from one host, counted. */
export interface KindCount {
  host: string
  channel: string
  eventId: number | string
  format: string
  logSources: readonly LogSource[]
  fields: readonly string[]
  count: number
  /** microseconds since 1970 UTC; NaN: unknown */
  first: number
  last: number
  /** UTC days since 1970 on which there were any */
  days: readonly number[]
}

/** Forms of matches of which each has a line; `table` tells of them together. */
export type LineFormat = 'jsonl' | 'csv' | 'ocsf'
export type MatchFormat = LineFormat | 'table'

export interface Stage {
  kind: StageKind
  /** `scan`: in which form matches are wanted; left out where correlations look at them first */
  matchesAs?: MatchFormat
  /** microseconds since 1970 UTC; events without a time are always within */
  since?: number
  until?: number
  /** of times that name none */
  zone: Zone
  /** EVTX: also look for records in slack space */
  carve: boolean
  /** what archives may cost, where it is not the default */
  archiveLimits?: Partial<ContainerLimits>
  /** compiled rules (stored-rules.ts), shared by all threads */
  rules?: Uint8Array
}

/** Part of a file that one thread reads; what comes of it is printed in the order of `number`. */
export interface Task {
  number: number
  /** as evidence names it */
  name: string
  path: FilePath
  size: number
  /** a source's format; undefined: an archive, whose entries are recognised one by one */
  format?: string
  range?: ByteRange
  /** part of a ZIP archive */
  part?: ZipPart
  /** to be read, where it is known: what an archive holds need not be */
  bytes: number
}

/** A rule's match of an event. */
export interface RuleMatch {
  /** index in the rule set */
  rule: number
  recordId: number
  /** microseconds since 1970 UTC; NaN: unknown */
  time: number
  channel: string
  eventId: number | string
  computer: string
  /** field → value */
  matched: Record<string, string>
  /** values that correlations over the rule ask for */
  asked?: Record<string, string>
  /** of a correlation: the events that it is made of, the newest of them */
  events?: readonly { rule: string; file: string; recordId: number; time: number }[]
}

export interface InputName {
  name: string
  format: string
}

/** What came of some events of one input. Facts carry 0 as file: who takes the batch knows the input's place in the run. */
export interface Batch {
  input: InputName
  /** UTF-8, each with its end */
  lines?: Uint8Array
  matches?: RuleMatch[]
  /** rules, and how often each matched, where lines tell of the matches */
  counts?: readonly (readonly [rule: number, count: number])[]
  facts?: Fact[]
  kinds?: KindCount[]
}

export interface TaskResult {
  files: FileAccount[]
  /** events left out because of `since` and `until` */
  outsideTime: number
}
