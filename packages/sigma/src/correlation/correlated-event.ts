// What goes into correlations and what comes out.
import type { FieldValue } from '../event.ts'
import type { CorrelationRule } from '../rule.ts'
import type { Texts } from './group-keys.ts'

/** A match of a detection rule, as it is pushed. */
export interface CorrelationInput<Ref = unknown> {
  /** the rule that matched: its id, or its title when it has none (`CompiledRule.id`) */
  rule: string
  /** microseconds since 1970 UTC */
  time: number
  /** The value of a field of the event; asked only while `push` runs. */
  field(name: string): FieldValue | undefined
  /** What tells the event from all others (host, channel, record id …): the same key with the same rule is the same match, seen twice. */
  key?: string
  /** handed back in the matches that the event is part of */
  ref?: Ref
}

/** One of the events that a correlation's match is made of. */
export interface CorrelatedEvent<Ref = unknown> {
  readonly rule: string
  /** microseconds since 1970 UTC */
  readonly time: number
  readonly key?: string
  readonly ref?: Ref
}

export interface CorrelationMatch<Ref = unknown> {
  readonly rule: CorrelationRule
  /** the event that completed it, and the first one in its window: microseconds since 1970 UTC */
  readonly time: number
  readonly firstTime: number
  /** what was counted or measured: events, values, rules, a sum … */
  readonly value: number
  /** group-by field → value; empty when the rule does not group */
  readonly group: Readonly<Record<string, string>>
  /** rule matches in the window; an event that two of the rules match is two */
  readonly eventCount: number
  /** the newest of them, oldest first; of matches of other correlations, the events behind those */
  readonly events: readonly CorrelatedEvent<Ref>[]
}

/** Evidence inside the engine: an event, or the evidence of another correlation's match. */
export type Evidence = CorrelatedEvent | readonly CorrelatedEvent[]

/** Something that makes input for correlations: a detection rule or another correlation. `needs` are the fields that somebody asks of it. */
export interface Producer {
  readonly id: string
  readonly needs: string[]
}

/** The place of a field among those a producer hands on. */
export function need(producer: Producer, field: string): number {
  const at = producer.needs.indexOf(field)
  return at >= 0 ? at : producer.needs.push(field) - 1
}

/** An event on its way into a correlation. */
export interface Input {
  readonly time: number
  readonly producer: Producer
  /** by place in the producer's `needs` */
  readonly values: readonly Texts[]
  readonly key: string | undefined
  readonly evidence: Evidence
}
