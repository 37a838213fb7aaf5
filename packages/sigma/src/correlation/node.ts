// One correlation at work: its groups, each with a sliding window of events. Input comes in any order up to a watermark and is worked through in the order of
// time, all events of one time at once, so that nothing depends on the order of arrival. The window of a group at time t is [t - timespan, t]; it is judged whenever an
// event comes into it.
import { ClauseStates } from './clauses.ts'
import type { CorrelatedEvent, CorrelationMatch, Input, Producer } from './correlated-event.ts'
import { evidenceOf, rowsOf, weightOf } from './evidence.ts'
import { type GroupKey, groupKeys, keyOf, MAX_GROUPS_PER_EVENT, type Texts } from './group-keys.ts'
import { GroupState } from './groups.ts'
import type { Measure } from './measure.ts'
import { isWithin, measureOf } from './measures.ts'
import type { NodeCounts, NodePlan, Room } from './node-plan.ts'
import { type Row, weightOfRows } from './rows.ts'
import { TimeHeap } from './time-heap.ts'
import { type WaitingWindow, WaitingWindows, weightOfWindow } from './waiting-windows.ts'
import { Windows } from './windows.ts'

/** An event as a match of one of the rules. */
interface Step {
  readonly input: Input
  readonly slot: number
  /** it matches no other of the rules */
  isAlone: boolean
}

const NOTHING_MEASURED = [undefined]

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
  readonly #keepsThings: boolean
  readonly #slotsOf: ReadonlyMap<Producer, readonly number[]>
  readonly #inbox = new TimeHeap<Input>()
  readonly #windows: Windows
  /** one of the two */
  readonly #measure: Measure | undefined
  readonly #clauses: ClauseStates | undefined
  /** what a group costs beside its events */
  readonly #groupWeight: number
  readonly #room: Room
  readonly #maxEvidence: number
  readonly #onMatch: (match: CorrelationMatch) => void
  readonly #waiting = new WaitingWindows()
  /** which events came of the matches of other correlations at the time that is worked on */
  readonly #seen = new Map<string, number>()

  /** `children`: the nodes that feed it; they must be run before it. */
  constructor(
    plan: NodePlan,
    children: readonly CorrelationNode[],
    room: Room,
    maxEvidence: number,
    onMatch: (match: CorrelationMatch) => void,
  ) {
    const { rule, clauses, slots, isOrdered, countsOnce } = plan
    this.plan = plan
    for (const child of children) child.parents.push(this)
    this.#inputDelay = children.reduce((most, child) => Math.max(most, child.delay), 0)
    this.#room = room
    this.#maxEvidence = maxEvidence
    this.#onMatch = onMatch
    this.#span = rule.timespan * 1000
    this.#waits = clauses?.some(({ absent }) => absent.length > 0) ?? false
    this.delay = this.#inputDelay + (this.#waits ? this.#span : 0)
    const isValue = rule.type.startsWith('value_')
    const isText =
      rule.type === 'value_count' || (rule.type === 'value_percentile' && rule.condition.percentile === undefined)
    this.#isNumeric = isValue && !isText
    this.#keepsThings = (isValue && isText) || (rule.type === 'event_count' && countsOnce)
    this.#windows = new Windows({
      things: this.#keepsThings,
      numbers: this.#isNumeric,
      further: slots.some(({ further }) => further.length > 0),
    })
    if (clauses) this.#clauses = new ClauseStates(clauses, slots.length, isOrdered)
    else this.#measure = measureOf(rule, slots.length, countsOnce, this.#windows)
    this.#groupWeight = this.#clauses?.weight ?? this.#measure!.weight
    const slotsOf = new Map<Producer, number[]>()
    slots.forEach(({ producer }, slot) => {
      slotsOf.set(producer, [...(slotsOf.get(producer) ?? []), slot])
    })
    this.#slotsOf = slotsOf
  }

  /** Whether time alone may still bring a match. */
  get isWaiting(): boolean {
    return this.#waiting.oldest < Number.POSITIVE_INFINITY || this.#inbox.size > 0
  }

  /** The oldest time of which something is kept; Infinity when nothing is. */
  get oldest(): number {
    return Math.min(this.#windows.oldest, this.#waiting.oldest, this.#oldestHeld)
  }

  /** The time of the oldest input that can't be judged before others have answered; Infinity when there is none. */
  get #oldestHeld(): number {
    return this.#inputDelay > 0 ? this.#inbox.oldest : Number.POSITIVE_INFINITY
  }

  receive(input: Input): void {
    this.#inbox.push(input)
    this.#room.used += this.#weightOfHeld(input)
  }

  /** What an input costs as long as it can't be judged. Without a delay it is worked through at once. */
  #weightOfHeld({ evidence, values }: Input): number {
    return this.#inputDelay > 0 ? weightOf(evidence) + weightOfRows([values]) : 0
  }

  #takeHeld(): Input {
    const input = this.#inbox.pop()!
    this.#room.used -= this.#weightOfHeld(input)
    return input
  }

  /** Works through everything that is certain when no event from before `watermark` can come any more. */
  run(watermark: number): void {
    const limit = watermark - this.#inputDelay
    while (this.#inbox.oldest < limit) {
      const time = this.#inbox.oldest
      const inputs: Input[] = []
      while (this.#inbox.oldest === time) inputs.push(this.#takeHeld())
      this.#work(time, inputs)
    }
    this.#settle(limit)
    this.#expire(limit - this.#span)
  }

  /** All input of one time. */
  #work(time: number, inputs: Input[]): void {
    this.#settle(time)
    this.#expire(time - this.#span)
    const touched: number[] = []
    if (this.#seen.size) this.#seen.clear()
    for (const step of this.#steps(inputs)) this.#insert(step, touched)
    const { groups } = this.#windows
    if (touched.length > 1) touched.sort((a, b) => compare(groups.key(a), groups.key(b)))
    for (const group of touched) {
      // Not touched any more: its events had to be forgotten meanwhile.
      if (!groups.is(group, GroupState.Touched)) continue
      groups.mark(group, GroupState.Touched, false)
      this.#judge(group, time)
    }
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

  #insert(step: Step, touched: number[]): void {
    const seen = this.#seen
    const { input, slot } = step
    const { groupBy, values: places, further } = this.plan.slots[slot]
    const values = this.#valuesOf(input, places)
    if (values.length === 0) {
      this.counts.withoutValue++
      return
    }
    const keys = groupKeys(
      groupBy.map((at) => input.values[at]),
      () => this.counts.tooManyGroups++,
    )
    if (keys.length === 0) this.counts.withoutGroup++
    const more = further.length ? further.map((at) => input.values[at]) : undefined
    for (const key of keys) {
      let repeats = false
      for (const value of values) {
        if (Array.isArray(input.evidence)) {
          // A match of another correlation comes once for each row of its events' values, and rows may be alike in all that counts here.
          const match = `${slot}\u0000${input.key}\u0000${key.key}`
          const same = `${match}\u0000\u0000${value}`
          const known = seen.get(same)
          if (known !== undefined && this.#windows.has(known)) {
            if (more) this.#room.used += this.#windows.addFurther(known, more)
            continue
          }
          repeats = seen.has(match)
          seen.set(match, 0)
          seen.set(same, this.#append(step, key, value, more, repeats, touched))
        } else {
          this.#append(step, key, value, more, repeats, touched)
          repeats = true
        }
      }
    }
  }

  /** Puts an event with one of its values into the window of a group. */
  #append(
    { input, slot, isAlone }: Step,
    key: GroupKey,
    value: string | number | undefined,
    further: Row | undefined,
    repeats: boolean,
    touched: number[],
  ): number {
    const windows = this.#windows
    const { groups } = windows
    while (this.#room.used >= this.#room.limit && this.#room.free()) {
      // until there is room
    }
    let group = groups.find(key.key)
    if (group < 0) {
      group = groups.add(key)
      this.#room.used += this.#groupWeight + groups.weight(group)
      this.#measure?.open(group)
      this.#clauses?.open(group)
    }
    // The window had been empty: what held before is over.
    if (groups.size[group] === 0) groups.mark(group, GroupState.Fresh, true)
    const event = windows.append(
      {
        time: input.time,
        slot,
        isAlone,
        repeats: repeats && groups.size[group] > 0,
        thing: typeof value === 'string' ? value : this.#keepsThings ? input.key : undefined,
        number: typeof value === 'number' ? value : 0,
        evidence: input.evidence,
        further: further && [further],
      },
      group,
    )
    this.#room.used += weightOf(input.evidence) + (further ? weightOfRows([further]) : 0)
    this.#measure?.add(group, event)
    this.#clauses?.add(group, slot, input.time, isAlone)
    if (!groups.is(group, GroupState.Touched)) {
      groups.mark(group, GroupState.Touched, true)
      touched.push(group)
    }
    return event
  }

  /** The values that the measure looks at, of a list each; none when the event lacks them. */
  #valuesOf(input: Input, places: readonly number[]): readonly (string | number | undefined)[] {
    if (places.length === 0) return NOTHING_MEASURED
    const texts = input.values[places[0]]
    if (places.length === 1 && texts.length === 1 && !this.#isNumeric) return [keyOf(texts)]
    const onMore = () => this.counts.tooManyGroups++
    if (!this.#isNumeric)
      return groupKeys(
        places.map((at) => input.values[at]),
        onMore,
      ).map(({ key }) => key)
    const numbers = texts.map((text) => (text.trim() === '' ? Number.NaN : Number(text))).filter(Number.isFinite)
    if (numbers.length > MAX_GROUPS_PER_EVENT) onMore()
    return numbers.slice(0, MAX_GROUPS_PER_EVENT)
  }

  #expire(before: number): void {
    while (this.#windows.oldest < before) this.#dropFirst()
  }

  #dropFirst(): void {
    const windows = this.#windows
    const group = windows.oldestGroup
    this.#room.used -= weightOf(windows.evidence(windows.oldestNumber))
    if (windows.keepsFurther) this.#room.used -= weightOfRows(windows.further(windows.oldestNumber))
    this.#measure?.remove(group, windows.oldestNumber)
    windows.dropFirst()
    this.#dropWhenEmpty(group)
  }

  #dropWhenEmpty(group: number): void {
    const { groups } = this.#windows
    if (groups.size[group] > 0 || groups.waiting[group] > 0) return
    this.#room.used -= this.#groupWeight + groups.weight(group)
    groups.delete(group)
  }

  /** The room is full: the oldest that is kept goes. It is counted, unless no window of a time from `now` on would have it. */
  forget(now: number): void {
    const windows = this.#windows
    if (this.#oldestHeld < Math.min(this.#waiting.oldest, windows.oldest)) {
      this.#takeHeld()
      this.counts.forgotten++
    } else if (this.#waiting.oldest < windows.oldest) {
      this.#dropWhenEmpty(this.#takeWaiting().group)
      this.counts.forgotten++
    } else if (windows.size > 0) {
      if (windows.oldest >= now - this.#inputDelay - this.#span) this.counts.forgotten++
      this.#dropFirst()
    }
  }

  #judge(group: number, time: number): void {
    const { rule } = this.plan
    const start = time - this.#span
    if (this.#clauses) {
      const met = this.#clauses.met(group, start)
      if (this.#waits) this.#wait(group, time, met)
      else this.#result(group, time, met.length > 0, met.length && this.#clauses.rulesSince(group, start))
      return
    }
    const value = this.#measure!.value(group, start, time)
    this.#result(group, time, isWithin(value, rule.condition.bounds), value)
  }

  #result(group: number, time: number, holds: boolean, value: number): void {
    const { groups } = this.#windows
    const isNew = holds && (groups.is(group, GroupState.Fresh) || !groups.is(group, GroupState.Holds))
    groups.mark(group, GroupState.Holds, holds)
    groups.mark(group, GroupState.Fresh, false)
    if (!holds) return
    const size = groups.size[group]
    if (this.parents.length) {
      const many = isNew ? size : groups.fresh[group]
      this.#handOn(group, time, this.#evidence(group, many), rowsOf(this.#windows, group, many))
    }
    if (isNew) this.#report(group, time, value, this.#windows.firstTime(group), this.#evidence(group, size))
    groups.fresh[group] = 0
  }

  #report(
    group: number,
    time: number,
    value: number,
    firstTime: number,
    events: readonly CorrelatedEvent[],
    eventCount = this.#windows.groups.events(group),
  ): void {
    const { rule } = this.plan
    const values = this.#windows.groups.values(group, rule.groupBy.length)
    const named = Object.fromEntries(rule.groupBy.map((field, at) => [field, values[at]]))
    this.#onMatch({ rule, time, firstTime, value, group: named, eventCount, events })
  }

  #evidence(group: number, many: number): CorrelatedEvent[] {
    return evidenceOf(this.#windows, group, many, this.#maxEvidence)
  }

  /** The match as input of correlations over this one. */
  #handOn(group: number, time: number, evidence: readonly CorrelatedEvent[], rows: readonly Row[]): void {
    const { output, handsOn, rule } = this.plan
    const { groups } = this.#windows
    const key = `${output.id}\u0000${time}\u0000${groups.key(group)}`
    const grouped = groups.values(group, rule.groupBy.length).map((value): Texts => [value])
    for (const row of rows) {
      const values = handsOn.map((at) => (at >= 0 ? grouped[at] : row[-1 - at]))
      for (const parent of this.parents) parent.receive({ time, producer: output, values, key, evidence })
    }
  }

  /** Something unwanted may still come: the window is judged a timespan later. */
  #wait(group: number, time: number, met: readonly number[]): void {
    const { groups } = this.#windows
    const isMet = met.length > 0
    const waiting: WaitingWindow = {
      time,
      group,
      met,
      value: this.#clauses!.rulesSince(group, time - this.#span),
      isNew: groups.is(group, GroupState.Fresh),
      events: isMet ? this.#evidence(group, groups.size[group]) : [],
      rows: isMet && this.parents.length ? rowsOf(this.#windows, group, groups.size[group]) : [],
      firstTime: this.#windows.firstTime(group),
      eventCount: groups.events(group),
    }
    groups.waiting[group]++
    groups.mark(group, GroupState.Fresh, false)
    this.#waiting.push(waiting)
    this.#room.used += weightOfWindow(waiting)
  }

  #takeWaiting(): WaitingWindow {
    const waiting = this.#waiting.take()
    this.#room.used -= weightOfWindow(waiting)
    this.#windows.groups.waiting[waiting.group]--
    return waiting
  }

  /** Judges the windows of which everything that counts is known: all before `now` is. */
  #settle(now: number): void {
    const { groups } = this.#windows
    while (this.#waiting.oldest + this.#span < now) {
      const { time, group, met, value, isNew, events, rows, firstTime, eventCount } = this.#takeWaiting()
      const holds = met.some((clause) => this.#clauses!.isUndisturbed(group, clause, time - this.#span))
      const begins = holds && (isNew || !groups.is(group, GroupState.Holds))
      groups.mark(group, GroupState.Holds, holds)
      if (holds && this.parents.length) this.#handOn(group, time, events, rows)
      if (begins) this.#report(group, time, value, firstTime, events, eventCount)
      this.#dropWhenEmpty(group)
    }
  }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
