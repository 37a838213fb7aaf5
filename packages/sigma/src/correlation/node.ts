// One correlation at work: its groups, each with a sliding window of events. Input comes in any order up to a watermark and is worked through in the order of
// time, all events of one time at once, so that nothing depends on the order of arrival. The window of a group at time t is [t - timespan, t]; it is judged whenever an
// event comes into it. What is old is found from the head of one list over all groups: no cost depends on how many groups there are.
import type { CorrelationRule } from '../rule.ts'
import { type Clause, ClauseState } from './clauses.ts'
import type { CorrelatedEvent, CorrelationMatch, Evidence, Input, Producer } from './correlated-event.ts'
import { groupKeys, keyOf, type Texts } from './group-keys.ts'
import { isWithin, type Measure, measureOf } from './measures.ts'
import { type Timed, TimeHeap } from './time-heap.ts'

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

/** How many events all nodes may keep together. */
export interface Room {
  used: number
  readonly limit: number
  /** forgets the oldest event of all */
  free(): void
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

/** An event as a match of one of the rules. */
interface Step {
  readonly input: Input
  readonly slot: number
  /** it matches no other of the rules */
  isAlone: boolean
}

interface Entry {
  readonly time: number
  readonly slot: number
  readonly isAlone: boolean
  readonly key: string | undefined
  readonly value: string | number | undefined
  readonly evidence: Evidence
  /** values of the fields that correlations over this one ask for */
  readonly further: readonly Texts[] | undefined
  readonly group: Group
  /** the next in the order of time, of all groups and of this one */
  next: Entry | undefined
  nextInGroup: Entry | undefined
  previousInGroup: Entry | undefined
}

interface Group {
  readonly key: string
  readonly values: Texts
  readonly measure: Measure | undefined
  readonly clauses: ClauseState | undefined
  first: Entry | undefined
  last: Entry | undefined
  size: number
  /** whether the condition held when the group was judged last */
  holds: boolean
  /** the newest entry that was handed on to correlations over this one */
  handedOn: Entry | undefined
  /** judgements that wait for what must not come */
  waiting: number
  /** the window had been empty before its oldest event came */
  fresh: boolean
  touched: number
}

/** A window of which is not yet known whether something unwanted comes into it. */
interface Waiting extends Timed {
  readonly group: Group
  readonly met: readonly number[]
  readonly isNew: boolean
  readonly events: readonly CorrelatedEvent[]
  readonly rows: readonly (readonly Texts[])[]
  readonly firstTime: number
  readonly eventCount: number
}

export class CorrelationNode {
  readonly plan: NodePlan
  readonly counts: NodeCounts = { withoutGroup: 0, withoutValue: 0, tooManyGroups: 0, forgotten: 0 }
  /** nodes that take this one's matches */
  readonly parents: CorrelationNode[] = []
  /** how long after its input's time what this node hands on is known: microseconds */
  readonly delay: number
  readonly #inputDelay: number
  readonly #span: number
  readonly #waits: boolean
  readonly #isNumeric: boolean
  readonly #newMeasure: () => Measure
  readonly #slotsOf: ReadonlyMap<Producer, readonly number[]>
  readonly #inbox = new TimeHeap<Input>()
  readonly #groups = new Map<string, Group>()
  readonly #room: Room
  readonly #maxEvidence: number
  readonly #onMatch: (match: CorrelationMatch) => void
  #first: Entry | undefined
  #last: Entry | undefined
  #waiting: Waiting[] = []
  #waitingFrom = 0
  #tick = 0

  /** `children`: the nodes that feed it; they must be run before it. */
  constructor(
    plan: NodePlan,
    children: readonly CorrelationNode[],
    room: Room,
    maxEvidence: number,
    onMatch: (match: CorrelationMatch) => void,
  ) {
    this.plan = plan
    for (const child of children) child.parents.push(this)
    this.#inputDelay = children.reduce((most, child) => Math.max(most, child.delay), 0)
    this.#room = room
    this.#maxEvidence = maxEvidence
    this.#onMatch = onMatch
    this.#span = plan.rule.timespan * 1000
    this.#waits = plan.clauses?.some(({ absent }) => absent.length > 0) ?? false
    this.delay = this.#inputDelay + (this.#waits ? this.#span : 0)
    this.#isNumeric =
      plan.rule.type.startsWith('value_') &&
      plan.rule.type !== 'value_count' &&
      !(plan.rule.type === 'value_percentile' && plan.rule.condition.percentile === undefined)
    this.#newMeasure = measureOf(plan.rule, plan.slots.length, plan.countsOnce)
    const slots = new Map<Producer, number[]>()
    plan.slots.forEach(({ producer }, slot) => {
      slots.set(producer, [...(slots.get(producer) ?? []), slot])
    })
    this.#slotsOf = slots
  }

  /** Whether time alone may still bring a match. */
  get isWaiting(): boolean {
    return this.#waitingFrom < this.#waiting.length || this.#inbox.size > 0
  }

  /** The oldest time that is kept; Infinity when nothing is. */
  get oldest(): number {
    return this.#first?.time ?? Number.POSITIVE_INFINITY
  }

  receive(input: Input): void {
    this.#inbox.push(input)
  }

  /** Works through everything that is certain when no event from before `watermark` can come any more. */
  run(watermark: number): void {
    const limit = watermark - this.#inputDelay
    while (this.#inbox.oldest < limit) {
      const time = this.#inbox.oldest
      const inputs: Input[] = []
      while (this.#inbox.oldest === time) inputs.push(this.#inbox.pop()!)
      this.#work(time, inputs)
    }
    this.#settle(limit)
    this.#expire(limit - this.#span)
  }

  /** All input of one time. */
  #work(time: number, inputs: Input[]): void {
    this.#settle(time)
    this.#expire(time - this.#span)
    const touched: Group[] = []
    this.#tick++
    for (const step of this.#steps(inputs)) this.#insert(step, touched)
    if (touched.length > 1) touched.sort((a, b) => compare(a.key, b.key))
    for (const group of touched) this.#judge(group, time)
  }

  /** What goes in at one time, in an order that does not depend on that of arrival: events that match several rules first, then rule by rule. */
  #steps(inputs: readonly Input[]): readonly Step[] {
    const steps = inputs.flatMap((input) =>
      this.#slotsOf.get(input.producer)!.map((slot): Step => ({ input, slot, isAlone: true })),
    )
    if (steps.length === 1) return steps
    const slots = new Map<unknown, Set<number>>()
    for (const { input, slot } of steps) {
      const event = input.key ?? input
      const known = slots.get(event)
      if (known) known.add(slot)
      else slots.set(event, new Set([slot]))
    }
    for (const step of steps) step.isAlone = slots.get(step.input.key ?? step.input)!.size === 1
    return steps.sort(
      (a, b) =>
        Number(a.isAlone) - Number(b.isAlone) || a.slot - b.slot || compare(a.input.key ?? '', b.input.key ?? ''),
    )
  }

  #insert({ input, slot, isAlone }: Step, touched: Group[]): void {
    const { groupBy, values, further } = this.plan.slots[slot]
    const value = this.#valueOf(input, values)
    if (value === null) {
      this.counts.withoutValue++
      return
    }
    const groups = groupKeys(
      groupBy.map((at) => input.values[at]),
      () => this.counts.tooManyGroups++,
    )
    if (groups.length === 0) this.counts.withoutGroup++
    for (const { key, values: written } of groups) {
      if (this.#room.used >= this.#room.limit) this.#room.free()
      const group = this.#groups.get(key) ?? this.#newGroup(key, written)
      this.#append({
        time: input.time,
        slot,
        isAlone,
        key: input.key,
        value,
        evidence: input.evidence,
        further: further.length ? further.map((at) => input.values[at]) : undefined,
        group,
        next: undefined,
        nextInGroup: undefined,
        previousInGroup: group.last,
      })
      if (group.touched !== this.#tick) {
        group.touched = this.#tick
        touched.push(group)
      }
    }
  }

  /** The value that the measure looks at; null when the event lacks it. */
  #valueOf(input: Input, places: readonly number[]): string | number | undefined | null {
    if (places.length === 0) return undefined
    const texts = places.map((at) => input.values[at])
    if (texts.some((one) => one.length === 0)) return null
    if (!this.#isNumeric) return keyOf(texts.map((one) => one.join('\u0001')))
    const text = texts[0][0].trim()
    const number = text === '' ? Number.NaN : Number(text)
    return Number.isFinite(number) ? number : null
  }

  #newGroup(key: string, values: Texts): Group {
    const { clauses, slots, isOrdered } = this.plan
    const group: Group = {
      key,
      values,
      measure: clauses ? undefined : this.#newMeasure(),
      clauses: clauses && new ClauseState(clauses, slots.length, isOrdered),
      first: undefined,
      last: undefined,
      size: 0,
      holds: false,
      handedOn: undefined,
      waiting: 0,
      fresh: true,
      touched: 0,
    }
    this.#groups.set(key, group)
    return group
  }

  #append(entry: Entry): void {
    const { group } = entry
    this.#room.used++
    if (this.#last) this.#last.next = entry
    else this.#first = entry
    this.#last = entry
    if (group.last) group.last.nextInGroup = entry
    else {
      group.first = entry
      // The window had been empty: what held before is over.
      group.fresh = true
    }
    group.last = entry
    group.size++
    group.measure?.add(entry)
    group.clauses?.add(entry.slot, entry.time, entry.isAlone)
  }

  #expire(before: number): void {
    while (this.#first && this.#first.time < before) this.#dropFirst()
  }

  #dropFirst(): void {
    const entry = this.#first!
    const { group } = entry
    this.#first = entry.next
    if (!this.#first) this.#last = undefined
    this.#room.used--
    group.first = entry.nextInGroup
    if (group.first) group.first.previousInGroup = undefined
    else group.last = undefined
    if (group.handedOn === entry) group.handedOn = undefined
    group.size--
    group.measure?.remove(entry)
    if (group.size === 0 && group.waiting === 0) this.#groups.delete(group.key)
  }

  /** The room is full: the oldest event of this correlation goes, and it is counted. */
  forget(): void {
    if (!this.#first) return
    this.counts.forgotten++
    this.#dropFirst()
  }

  #judge(group: Group, time: number): void {
    const { rule } = this.plan
    const start = time - this.#span
    if (group.clauses) {
      const met = group.clauses.met(start)
      if (this.#waits) this.#wait(group, time, met)
      else this.#result(group, time, met.length > 0, met.length && this.#rulesIn(group))
      return
    }
    const value = group.measure!.value(start, time)
    this.#result(group, time, isWithin(value, rule.condition.bounds), value)
  }

  #rulesIn(group: Group): number {
    const slots = new Set<number>()
    for (let entry = group.last; entry && slots.size < this.plan.slots.length; entry = entry.previousInGroup)
      slots.add(entry.slot)
    return slots.size
  }

  #result(group: Group, time: number, holds: boolean, value: number): void {
    const isNew = holds && (group.fresh || !group.holds)
    group.holds = holds
    group.fresh = false
    if (!holds) return
    if (this.parents.length)
      this.#handOn(group, time, isNew ? this.#newest(group) : this.#sinceHandedOn(group), this.#rows(group, isNew))
    if (isNew) this.#report(group, time, value, group.first?.time ?? time, group.size, this.#newest(group))
    group.handedOn = group.last
  }

  #report(
    group: Group,
    time: number,
    value: number,
    firstTime: number,
    eventCount: number,
    events: readonly CorrelatedEvent[],
  ): void {
    const { rule } = this.plan
    const named = Object.fromEntries(rule.groupBy.map((field, at) => [field, group.values[at]]))
    this.#onMatch({ rule, time, firstTime, value, group: named, eventCount, events })
  }

  /** The newest events of a group, oldest first. */
  #newest(group: Group): CorrelatedEvent[] {
    return this.#evidence(group, undefined)
  }

  #sinceHandedOn(group: Group): CorrelatedEvent[] {
    return this.#evidence(group, group.handedOn)
  }

  #evidence(group: Group, until: Entry | undefined): CorrelatedEvent[] {
    const events: CorrelatedEvent[] = []
    const seen = new Set<CorrelatedEvent>()
    for (
      let entry = group.last;
      entry && entry !== until && events.length < this.#maxEvidence;
      entry = entry.previousInGroup
    ) {
      const { evidence } = entry
      const list = isList(evidence) ? evidence : [evidence]
      for (let at = list.length - 1; at >= 0 && events.length < this.#maxEvidence; at--) {
        if (seen.has(list[at])) continue
        seen.add(list[at])
        events.push(list[at])
      }
    }
    return events.reverse()
  }

  /** The different values, among events not handed on before, of the fields that correlations over this one ask for beyond group-by. */
  #rows(group: Group, isNew: boolean): readonly (readonly Texts[])[] {
    if (!group.last?.further) return [[]]
    const rows = new Map<string, readonly Texts[]>()
    const until = isNew ? undefined : group.handedOn
    for (
      let entry: Entry | undefined = group.last;
      entry && entry !== until && rows.size < MAX_ROWS;
      entry = entry.previousInGroup
    ) {
      const row = entry.further!
      const key = row.map((texts) => keyOf(texts)).join('\u0001')
      if (!rows.has(key)) rows.set(key, row)
    }
    return [...rows.values()]
  }

  /** The match as input of correlations over this one. */
  #handOn(group: Group, time: number, evidence: readonly CorrelatedEvent[], rows: readonly (readonly Texts[])[]): void {
    const { output, handsOn } = this.plan
    const key = `${output.id}\u0000${time}\u0000${group.key}`
    const grouped = group.values.map((value): Texts => [value])
    for (const row of rows) {
      const values = handsOn.map((at) => (at >= 0 ? grouped[at] : row[-1 - at]))
      for (const parent of this.parents) parent.receive({ time, producer: output, values, key, evidence })
    }
  }

  /** Something unwanted may still come: the window is judged a timespan later. */
  #wait(group: Group, time: number, met: readonly number[]): void {
    group.waiting++
    const isNew = group.fresh
    group.fresh = false
    const isMet = met.length > 0
    this.#waiting.push({
      time,
      group,
      met,
      isNew,
      events: isMet ? this.#newest(group) : [],
      rows: isMet && this.parents.length ? this.#rows(group, true) : [],
      firstTime: group.first?.time ?? time,
      eventCount: group.size,
    })
  }

  /** Judges the windows of which everything that counts is known: all before `now` is. */
  #settle(now: number): void {
    while (this.#waitingFrom < this.#waiting.length && this.#waiting[this.#waitingFrom].time + this.#span < now) {
      const { time, group, met, isNew, events, rows, firstTime, eventCount } = this.#waiting[this.#waitingFrom++]
      group.waiting--
      const holds = met.some((clause) => group.clauses!.isUndisturbed(clause, time - this.#span))
      const begins = holds && (isNew || !group.holds)
      group.holds = holds
      if (holds && this.parents.length) this.#handOn(group, time, events, rows)
      if (begins) this.#report(group, time, met.length, firstTime, eventCount, events)
      if (group.size === 0 && group.waiting === 0) this.#groups.delete(group.key)
    }
    if (this.#waitingFrom > 1024 && this.#waitingFrom * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#waitingFrom)
      this.#waitingFrom = 0
    }
  }
}

/** Different values of further fields that one match hands on. */
const MAX_ROWS = 1000

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const isList = (evidence: Evidence): evidence is readonly CorrelatedEvent[] => Array.isArray(evidence)
