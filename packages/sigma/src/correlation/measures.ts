// What a correlation measures over the events of a group in its window. Events are added in the order of time and removed when the window leaves them behind.
import type { CorrelationCondition, CorrelationRule } from '../rule.ts'
import { DistinctCount, FEW, FEW_AGAIN, Share } from './distinct.ts'
import { BYTES_OF_AN_EVENT } from './group-keys.ts'
import { GroupRows } from './groups.ts'
import type { Measure } from './measure.ts'
import { SortedValues } from './sorted-values.ts'
import type { Windows } from './windows.ts'

/** `countsOnce`: an event may come from several of the rules. */
export function measureOf(rule: CorrelationRule, slots: number, countsOnce: boolean, windows: Windows): Measure {
  const { type, condition } = rule
  const thing = (event: number) => windows.thing(event)
  switch (type) {
    case 'event_count':
      return countsOnce ? new DistinctCount(windows, thing) : new EventCount(windows)
    case 'value_count':
      return new DistinctCount(windows, thing)
    case 'value_sum':
      return new Sum(windows, false)
    case 'value_avg':
      return new Sum(windows, true)
    case 'value_median':
      return new Percentile(windows, 50)
    case 'value_percentile': {
      const { percentile } = condition
      return percentile === undefined ? new Share(windows, thing, condition) : new Percentile(windows, percentile)
    }
    case 'temporal':
      return new DistinctCount(windows, (event) => windows.slot(event))
    case 'temporal_ordered':
      return new LongestOrder(windows, slots)
  }
}

class EventCount implements Measure {
  readonly weight = 0
  readonly #windows: Windows

  constructor(windows: Windows) {
    this.#windows = windows
  }

  open(): void {}
  add(): void {}
  remove(): void {}

  value(group: number): number {
    return this.#windows.groups.size[group]
  }
}

/** A sum kept in two parts, so that adding and removing leaves no rounding behind. */
class Sum implements Measure {
  readonly weight = 0
  readonly #windows: Windows
  readonly #isAverage: boolean
  readonly #parts = new GroupRows(2, 0)

  constructor(windows: Windows, isAverage: boolean) {
    this.#windows = windows
    this.#isAverage = isAverage
  }

  open(group: number): void {
    this.#parts.reset(group)
  }

  add(group: number, event: number): void {
    this.#plus(group * 2, this.#windows.number(event))
  }

  remove(group: number, event: number): void {
    if (this.#windows.groups.size[group] === 1) this.#parts.reset(group)
    else this.#plus(group * 2, -this.#windows.number(event))
  }

  /** Knuth's exact addition of two numbers: what the sum loses goes to the low part. */
  #plus(at: number, value: number): void {
    const { values } = this.#parts
    const high = values[at]
    const sum = high + value
    const part = sum - high
    values[at + 1] += high - (sum - part) + (value - part)
    values[at] = sum
  }

  value(group: number): number {
    const { values } = this.#parts
    const sum = values[group * 2] + values[group * 2 + 1]
    return this.#isAverage ? sum / this.#windows.groups.size[group] : sum
  }
}

/** Few values are put in order when they are asked for; many are kept in order. */
class Percentile implements Measure {
  readonly weight = 0
  readonly #windows: Windows
  readonly #percent: number
  readonly #large = new Map<number, SortedValues>()

  constructor(windows: Windows, percent: number) {
    this.#windows = windows
    this.#percent = percent
  }

  open(): void {}

  add(group: number, event: number): void {
    const size = this.#windows.groups.size[group]
    if (size <= FEW_AGAIN) return
    const values = this.#large.get(group)
    if (values) values.add(this.#windows.number(event))
    else if (size > FEW) this.#large.set(group, this.#sorted(group))
  }

  remove(group: number, event: number): void {
    const size = this.#windows.groups.size[group]
    if (size <= FEW_AGAIN) return
    if (size - 1 <= FEW_AGAIN) this.#large.delete(group)
    else this.#large.get(group)?.remove(this.#windows.number(event))
  }

  #sorted(group: number): SortedValues {
    const windows = this.#windows
    const values = new SortedValues()
    let event = windows.groups.last[group]
    for (let left = windows.groups.size[group]; left > 0; left--) {
      values.add(windows.number(event))
      event = windows.previous(event)
    }
    return values
  }

  value(group: number): number {
    const many = this.#windows.groups.size[group] > FEW_AGAIN ? this.#large.get(group) : undefined
    return (many ?? this.#sorted(group)).percentile(this.#percent)
  }
}

/**
 * The length of the longest run of events in the order of the rules: for each length and last rule, the latest start of such a run. Times rise along a run; events of
 * one time may follow each other too, unless one of them matches several rules: it would follow itself.
 */
class LongestOrder implements Measure {
  readonly weight: number
  readonly #windows: Windows
  readonly #slots: number
  /** [slot][length - 1] */
  readonly #starts: GroupRows
  /** of events that are not alone: what they reach counts when their time is over */
  #later: { group: number; at: number; start: number }[] = []

  constructor(windows: Windows, slots: number) {
    this.#windows = windows
    this.#slots = slots
    this.#starts = new GroupRows(slots * slots, Number.NEGATIVE_INFINITY)
    this.weight = Math.floor((slots * slots * Float64Array.BYTES_PER_ELEMENT) / BYTES_OF_AN_EVENT)
  }

  open(group: number): void {
    this.#starts.reset(group)
    if (this.#later.length) this.#later = this.#later.filter((one) => one.group !== group)
  }

  /** Within one time, events that are not alone come first. */
  add(group: number, event: number): void {
    const starts = this.#starts.values
    const slots = this.#slots
    const begin = group * slots * slots
    const slot = this.#windows.slot(event)
    const isAlone = this.#windows.isAlone(event)
    const row = begin + slot * slots
    for (let length = 0; length <= slot; length++) {
      let start = length === 0 ? this.#windows.time(event) : starts[row + length]
      for (let before = length - 1; length > 0 && before < slot; before++)
        start = Math.max(start, starts[begin + before * slots + length - 1])
      if (isAlone) starts[row + length] = start
      else this.#later.push({ group, at: row + length, start })
    }
  }

  /** Starts that are too old are passed over when the value is asked for. */
  remove(): void {}

  value(group: number, start: number): number {
    const starts = this.#starts.values
    for (const one of this.#later) starts[one.at] = Math.max(starts[one.at], one.start)
    if (this.#later.length) this.#later = []
    const slots = this.#slots
    const begin = group * slots * slots
    for (let length = slots; length > 0; length--)
      for (let slot = length - 1; slot < slots; slot++)
        if (starts[begin + slot * slots + length - 1] >= start) return length
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
