// What a correlation measures over the events of one group in its window. Events are added in the order of time and removed when the window leaves them behind.
import type { CorrelationCondition, CorrelationRule } from '../rule.ts'
import { SortedValues } from './sorted-values.ts'

/** What a measure sees of an event. */
export interface Measured {
  readonly time: number
  /** which of the rules matched, by place in `rules` */
  readonly slot: number
  /** it matches no other of the rules */
  readonly isAlone: boolean
  /** tells events apart where one may have matched several rules */
  readonly key: string | undefined
  /** value_count: the text; other value_ types: the number; otherwise undefined */
  readonly value: string | number | undefined
}

export interface Measure {
  add(event: Measured): void
  remove(event: Measured): void
  /** `start`: the earliest time in the window, `now`: the time of the latest event */
  value(start: number, now: number): number
}

/** Makes the measures of a rule's groups, one a group. `slots`: how many rules it refers to; `countsOnce`: an event may come from several of them. */
export function measureOf(rule: CorrelationRule, slots: number, countsOnce: boolean): () => Measure {
  const { type, condition } = rule
  switch (type) {
    case 'event_count':
      return countsOnce ? () => new DistinctCount((event) => event.key) : () => new EventCount()
    case 'value_count':
      return () => new DistinctCount((event) => event.value)
    case 'value_sum':
      return () => new Sum()
    case 'value_avg':
      return () => new Sum(true)
    case 'value_median':
      return () => new Percentile(50)
    case 'value_percentile': {
      const { percentile } = condition
      return percentile === undefined ? () => new Share(wantsLargest(condition)) : () => new Percentile(percentile)
    }
    case 'temporal':
      return () => new DistinctCount((event) => event.slot)
    case 'temporal_ordered':
      return () => new LongestOrder(slots)
  }
}

class EventCount implements Measure {
  #count = 0

  add(): void {
    this.#count++
  }

  remove(): void {
    this.#count--
  }

  value(): number {
    return this.#count
  }
}

/** How many different things the events have; events without the thing count each. */
class DistinctCount implements Measure {
  readonly #thing: (event: Measured) => unknown
  readonly #counts = new Map<unknown, number>()
  #without = 0

  constructor(thing: (event: Measured) => unknown) {
    this.#thing = thing
  }

  add(event: Measured): void {
    const thing = this.#thing(event)
    if (thing === undefined) this.#without++
    else this.#counts.set(thing, (this.#counts.get(thing) ?? 0) + 1)
  }

  remove(event: Measured): void {
    const thing = this.#thing(event)
    if (thing === undefined) {
      this.#without--
      return
    }
    const left = this.#counts.get(thing)! - 1
    if (left === 0) this.#counts.delete(thing)
    else this.#counts.set(thing, left)
  }

  value(): number {
    return this.#counts.size + this.#without
  }
}

/** A sum kept in two parts, so that adding and removing leaves no rounding behind. */
class Sum implements Measure {
  readonly #isAverage: boolean
  #high = 0
  #low = 0
  #count = 0

  constructor(isAverage = false) {
    this.#isAverage = isAverage
  }

  add(event: Measured): void {
    this.#count++
    this.#plus(event.value as number)
  }

  remove(event: Measured): void {
    this.#count--
    if (this.#count === 0) this.#high = this.#low = 0
    else this.#plus(-(event.value as number))
  }

  /** Knuth's exact addition of two numbers: what the sum loses goes to the low part. */
  #plus(value: number): void {
    const sum = this.#high + value
    const part = sum - this.#high
    this.#low += this.#high - (sum - part) + (value - part)
    this.#high = sum
  }

  value(): number {
    const sum = this.#high + this.#low
    return this.#isAverage ? sum / this.#count : sum
  }
}

class Percentile implements Measure {
  readonly #percent: number
  readonly #values = new SortedValues()

  constructor(percent: number) {
    this.#percent = percent
  }

  add(event: Measured): void {
    this.#values.add(event.value as number)
  }

  remove(event: Measured): void {
    this.#values.remove(event.value as number)
  }

  value(): number {
    return this.#values.percentile(this.#percent)
  }
}

const wantsLargest = ({ bounds }: CorrelationCondition) =>
  bounds.some(({ operator }) => operator === 'gt' || operator === 'gte') &&
  !bounds.some(({ operator }) => operator === 'lt' || operator === 'lte')

/** The percentage that the newest event's value is of all values: the specification's "less than 1 % of all the processes". */
class Share implements Measure {
  readonly #wantsLargest: boolean
  readonly #counts = new Map<unknown, number>()
  #total = 0
  #newest: unknown[] = []
  #newestTime = Number.NaN

  constructor(wantsLargestOfNewest: boolean) {
    this.#wantsLargest = wantsLargestOfNewest
  }

  add({ value, time }: Measured): void {
    this.#total++
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1)
    if (time !== this.#newestTime) this.#newest = []
    this.#newestTime = time
    this.#newest.push(value)
  }

  remove({ value }: Measured): void {
    this.#total--
    const left = this.#counts.get(value)! - 1
    if (left === 0) this.#counts.delete(value)
    else this.#counts.set(value, left)
  }

  value(): number {
    let found = Number.NaN
    for (const value of this.#newest) {
      const share = ((this.#counts.get(value) ?? 0) * 100) / this.#total
      if (!(this.#wantsLargest ? share <= found : share >= found)) found = share
    }
    return found
  }
}

/**
 * The length of the longest run of events in the order of the rules: for each length and last rule, the latest start of such a run. Times rise along a run; events of
 * one time may follow each other too, unless one of them matches several rules: it would follow itself.
 */
class LongestOrder implements Measure {
  readonly #slots: number
  /** [slot][length - 1] */
  readonly #starts: Float64Array
  /** of events that are not alone: what they reach counts when their time is over */
  #later: { at: number; start: number }[] = []

  constructor(slots: number) {
    this.#slots = slots
    this.#starts = new Float64Array(slots * slots).fill(Number.NEGATIVE_INFINITY)
  }

  /** Within one time, events that are not alone come first. */
  add({ slot, time, isAlone }: Measured): void {
    const starts = this.#starts
    const row = slot * this.#slots
    for (let length = 0; length <= slot; length++) {
      let start = length === 0 ? time : starts[row + length]
      for (let before = length - 1; length > 0 && before < slot; before++)
        start = Math.max(start, starts[before * this.#slots + length - 1])
      if (isAlone) starts[row + length] = start
      else this.#later.push({ at: row + length, start })
    }
  }

  /** Starts that are too old are passed over when the value is asked for. */
  remove(): void {}

  value(start: number): number {
    for (const one of this.#later) this.#starts[one.at] = Math.max(this.#starts[one.at], one.start)
    if (this.#later.length) this.#later = []
    for (let length = this.#slots; length > 0; length--)
      for (let slot = length - 1; slot < this.#slots; slot++)
        if (this.#starts[slot * this.#slots + length - 1] >= start) return length
    return 0
  }
}

type Bound = CorrelationCondition['bounds'][number]

const HOLDS: Readonly<Record<Bound['operator'], (value: number, bound: number) => boolean>> = {
  lt: (value, bound) => value < bound,
  lte: (value, bound) => value <= bound,
  gt: (value, bound) => value > bound,
  gte: (value, bound) => value >= bound,
  eq: (value, bound) => value === bound,
  neq: (value, bound) => value !== bound && !Number.isNaN(value),
}

/** Whether a measured value is within all bounds. */
export const isWithin = (value: number, bounds: readonly Bound[]): boolean =>
  bounds.every(({ operator, value: bound }) => HOLDS[operator](value, bound))
