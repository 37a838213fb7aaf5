// What a correlation at work is made of, what it may keep, and what it tells.
import type { CorrelationRule } from '../rule.ts'
import type { Clause } from './clauses.ts'
import type { Producer } from './correlated-event.ts'

/** One of the rules that a correlation refers to, and where the fields stand among what it hands on. */
export interface Slot {
  readonly producer: Producer
  readonly groupBy: readonly number[]
  /** the condition's `field` */
  readonly values: readonly number[]
  /** fields beyond group-by that correlations over this one ask for */
  readonly further: readonly number[]
}

/** What a node is made of: a rule with its references resolved. */
export interface NodePlan {
  readonly rule: CorrelationRule
  /** this correlation as a producer, for correlations over it */
  readonly output: Producer
  readonly slots: readonly Slot[]
  /** by place in `output.needs`: the place in group-by, or −1 − the place in `further` */
  readonly handsOn: readonly number[]
  /** the boolean form */
  readonly clauses?: readonly Clause[]
  readonly isOrdered: boolean
  /** one event may come more than once: from several rules, or by several fields */
  readonly countsOnce: boolean
}

/** What all nodes may keep together. One is an event in a window; what else grows is counted in as many events as it is worth in memory. */
export interface Room {
  used: number
  readonly limit: number
  /** forgets the oldest event of all; false when there is none */
  free(): boolean
}

/** What happened that a user must know. */
export interface NodeCounts {
  /** input without one of the group-by fields */
  withoutGroup: number
  /** input without (a number in) the condition's field */
  withoutValue: number
  /** input that belonged to more groups than are taken */
  tooManyGroups: number
  /** events forgotten before their time, because the room was full */
  forgotten: number
}
