// Correlation of rule matches, over files and over endless streams with the same result. Matches come in any order; each waits until everything up to its time
// is known (`lateness`), and is then worked through in the order of time. What is remembered is bounded; a bound that is hit is counted.
import type { SigmaError } from '../errors.ts'
import type { CorrelationRule } from '../rule.ts'
import type { CorrelationInput, CorrelationMatch, Producer } from './correlated-event.ts'
import { textsOf } from './group-keys.ts'
import { CorrelationNode } from './node.ts'
import type { Room } from './node-plan.ts'
import { planCorrelations, type ResolveRule } from './resolve.ts'
import { WaitingInput } from './waiting-input.ts'

export const DEFAULT_LATENESS = 300_000_000
export const DEFAULT_MAX_EVENTS = 1_000_000
export const DEFAULT_MAX_EVIDENCE = 100

export interface CorrelatorOptions<Ref> {
  /** Called for every match. Within what one call of `push` or `finish` decides: each correlation in the order of time. */
  onMatch(match: CorrelationMatch<Ref>): void
  /**
   * How much later than the newest event so far an event may come, in microseconds of event time (default five minutes). Infinity: everything is
   * gathered and sorted, for files. Events that come later than this are left out and counted.
   */
  lateness?: number
  /** events kept in all windows together, and as many again waiting for their turn (default 1,000,000) */
  maxEvents?: number
  /** events named in a match (default 100, the newest) */
  maxEvidence?: number
}

/** What became of the input. Everything but `pushed` and `matches` is something that may have cost a match. */
export interface CorrelatorAccount {
  pushed: number
  matches: number
  /** seen already: the same rule and key */
  duplicates: number
  /** older than the lateness allows */
  late: number
  /** without a time */
  untimed: number
  /** worked through before everything older was known, because `maxEvents` were waiting */
  hurried: number
  /** forgotten before their time, because windows held `maxEvents` */
  forgotten: number
  /** without one of a correlation's group-by fields (counted once a correlation) */
  withoutGroup: number
  /** without the field, or without a number in the field, that a correlation measures */
  withoutValue: number
  /** belonging to more groups, or with more values to measure, than are taken */
  tooManyGroups: number
}

export interface Correlator<Ref = unknown> {
  /** correlations that can't run, and why */
  readonly refused: readonly SigmaError[]
  /** those that run, each behind those it is built on */
  readonly correlations: readonly CorrelationRule[]
  /** Whether some correlation is built on the rule: others need not be pushed. */
  wants(rule: string): boolean
  /** The fields of the rule's events that correlations look at; undefined when none is built on it. */
  fieldsOf(rule: string): readonly string[] | undefined
  push(input: CorrelationInput<Ref>): void
  /** Says that time has come this far (microseconds) though no event did: windows that wait are judged. */
  advance(time: number): void
  /** Everything has come: what waits is worked through. */
  finish(): void
  account(): CorrelatorAccount
}

/** Makes the correlations of rules run. References are looked up once, here. */
export function createCorrelator<Ref = unknown>(
  correlations: readonly CorrelationRule[],
  resolveRule: ResolveRule,
  options: CorrelatorOptions<Ref>,
): Correlator<Ref> {
  return new StreamCorrelator(correlations, resolveRule, options)
}

/** So many waiting events are handed to the correlations at once. */
const BATCH = 1024

class StreamCorrelator<Ref> implements Correlator<Ref> {
  readonly refused: readonly SigmaError[]
  readonly correlations: readonly CorrelationRule[]
  readonly #sources: ReadonlyMap<string, Producer>
  /** each behind those that feed it */
  readonly #nodes: readonly CorrelationNode[]
  readonly #takers = new Map<Producer, CorrelationNode[]>()
  readonly #lateness: number
  readonly #maxEvents: number
  readonly #room: Room
  readonly #waiting: WaitingInput
  /** by rule: its place among the producers of `#waiting` */
  readonly #places: ReadonlyMap<string, number>
  #newest = Number.NEGATIVE_INFINITY
  /** everything before it has been worked through */
  #watermark = Number.NEGATIVE_INFINITY
  /** no event from before it is worked on any more */
  #worked = Number.NEGATIVE_INFINITY
  readonly #account = { pushed: 0, matches: 0, duplicates: 0, late: 0, untimed: 0, hurried: 0 }

  constructor(correlations: readonly CorrelationRule[], resolveRule: ResolveRule, options: CorrelatorOptions<Ref>) {
    const { lateness = DEFAULT_LATENESS, maxEvents = DEFAULT_MAX_EVENTS, maxEvidence = DEFAULT_MAX_EVIDENCE } = options
    this.#lateness = lateness
    this.#maxEvents = maxEvents
    const { plans, sources, refused } = planCorrelations(correlations, resolveRule)
    this.refused = refused
    this.correlations = plans.map(({ rule }) => rule)
    this.#sources = sources
    this.#waiting = new WaitingInput([...sources.values()])
    this.#places = new Map([...sources.keys()].map((rule, at) => [rule, at]))
    const room: Room = { used: 0, limit: maxEvents, free: () => this.#forgetOldest() }
    this.#room = room
    const onMatch = (match: CorrelationMatch) => {
      this.#account.matches++
      options.onMatch(match as CorrelationMatch<Ref>)
    }
    const byOutput = new Map<Producer, CorrelationNode>()
    this.#nodes = plans.map((plan) => {
      const producers = [...new Set(plan.slots.map((slot) => slot.producer))]
      const children = producers.flatMap((producer) => byOutput.get(producer) ?? [])
      const node = new CorrelationNode(plan, children, room, maxEvidence, onMatch)
      for (const producer of producers)
        if (!byOutput.has(producer)) this.#takers.set(producer, [...(this.#takers.get(producer) ?? []), node])
      byOutput.set(plan.output, node)
      return node
    })
  }

  wants(rule: string): boolean {
    return this.#sources.has(rule)
  }

  fieldsOf(rule: string): readonly string[] | undefined {
    return this.#sources.get(rule)?.needs
  }

  push(input: CorrelationInput<Ref>): void {
    const producer = this.#sources.get(input.rule)
    if (!producer) return
    const { time } = input
    this.#account.pushed++
    if (!Number.isFinite(time)) {
      this.#account.untimed++
      return
    }
    if (time < this.#watermark) {
      this.#account.late++
      return
    }
    const place = this.#places.get(input.rule)!
    if (input.key !== undefined && this.#waiting.has(place, input.key)) {
      this.#account.duplicates++
      return
    }
    const values = producer.needs.map((field) => textsOf(input.field(field)))
    this.#waiting.push(place, time, input.key, input.ref, values)
    this.advance(time)
    if (this.#waiting.weight > this.#maxEvents) this.#hurry()
  }

  advance(time: number): void {
    if (time <= this.#newest) return
    this.#newest = time
    const watermark = time - this.#lateness
    if (watermark > this.#watermark) this.#release(watermark)
  }

  finish(): void {
    this.#release(Number.POSITIVE_INFINITY)
  }

  account(): CorrelatorAccount {
    const sum = (name: 'forgotten' | 'withoutGroup' | 'withoutValue' | 'tooManyGroups') =>
      this.#nodes.reduce((total, node) => total + node.counts[name], 0)
    return {
      ...this.#account,
      forgotten: sum('forgotten'),
      withoutGroup: sum('withoutGroup'),
      withoutValue: sum('withoutValue'),
      tooManyGroups: sum('tooManyGroups'),
    }
  }

  /** Works through everything before the watermark. */
  #release(watermark: number): void {
    const waiting = this.#waiting
    this.#watermark = watermark
    do {
      let time = waiting.oldest
      for (let taken = 0; waiting.oldest < watermark && (taken < BATCH || waiting.oldest === time); taken++) {
        time = waiting.oldest
        const input = waiting.pop()
        for (const node of this.#takers.get(input.producer)!) node.receive(input)
      }
      const known = Math.min(watermark, waiting.oldest)
      for (const node of this.#nodes) if (node.isWaiting) node.run(known)
      while (this.#room.used > this.#room.limit && this.#forgetOldest()) {
        // until what was handed on has room
      }
      this.#worked = known
    } while (waiting.oldest < watermark)
  }

  /** Too many wait: a tenth of them, the oldest, is worked through early; where all those have one time, everything of that time. */
  #hurry(): void {
    const { size, oldest } = this.#waiting
    const time = this.#waiting.timeOf(Math.floor(size / 10))
    this.#release(Math.max(time > oldest ? time : oldest + 1, this.#watermark))
    this.#account.hurried += size - this.#waiting.size
  }

  /** False: there is nothing to forget. */
  #forgetOldest(): boolean {
    let oldest: CorrelationNode | undefined
    for (const node of this.#nodes)
      if (node.oldest < Number.POSITIVE_INFINITY && (!oldest || node.oldest < oldest.oldest)) oldest = node
    oldest?.forget(this.#worked)
    return oldest !== undefined
  }
}
