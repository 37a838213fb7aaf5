// Counting what is different in a group's window. A group of few events is looked through when it is judged and needs nothing of its own; one of many has counts.
import type { CorrelationCondition } from '../rule.ts'
import type { Measure } from './measure.ts'
import type { Windows } from './windows.ts'

/** Up to so many events a group is looked through … */
export const FEW = 16
/** … and when it has shrunk to so many, its counts are given up. */
export const FEW_AGAIN = 8

/** What an event has that is counted once; undefined: it counts itself. */
export type Thing = string | number | undefined

/** How often each thing is in the windows of groups with many events. */
export class Counts {
  readonly #windows: Windows
  readonly #thing: (event: number) => Thing
  readonly #large = new Map<number, Map<Thing, number>>()

  constructor(windows: Windows, thing: (event: number) => Thing) {
    this.#windows = windows
    this.#thing = thing
  }

  /** The counts of a group; undefined when it has few events. */
  of(group: number): ReadonlyMap<Thing, number> | undefined {
    return this.#windows.groups.size[group] > FEW_AGAIN ? this.#large.get(group) : undefined
  }

  add(group: number, event: number): void {
    const size = this.#windows.groups.size[group]
    if (size <= FEW_AGAIN) return
    const counts = this.#large.get(group)
    if (counts) more(counts, this.#thing(event))
    else if (size > FEW) this.#large.set(group, this.#counted(group))
  }

  remove(group: number, event: number): void {
    const size = this.#windows.groups.size[group]
    if (size <= FEW_AGAIN) return
    const counts = this.#large.get(group)
    if (!counts) return
    const thing = this.#thing(event)
    const left = counts.get(thing)! - 1
    if (left > 0) counts.set(thing, left)
    else counts.delete(thing)
    if (size - 1 <= FEW_AGAIN) this.#large.delete(group)
  }

  #counted(group: number): Map<Thing, number> {
    const counts = new Map<Thing, number>()
    for (const thing of thingsOf(this.#windows, group, this.#thing)) more(counts, thing)
    return counts
  }
}

function more(counts: Map<Thing, number>, thing: Thing): void {
  counts.set(thing, (counts.get(thing) ?? 0) + 1)
}

/** The things of a group's events, the newest first. */
function thingsOf(windows: Windows, group: number, thing: (event: number) => Thing): Thing[] {
  const things: Thing[] = []
  let event = windows.groups.last[group]
  for (let left = windows.groups.size[group]; left > 0; left--) {
    things.push(thing(event))
    event = windows.previous(event)
  }
  return things
}

/** How many different things the events have; events without the thing count each. */
export class DistinctCount implements Measure {
  readonly weight = 0
  readonly #windows: Windows
  readonly #thing: (event: number) => Thing
  readonly #counts: Counts

  constructor(windows: Windows, thing: (event: number) => Thing) {
    this.#windows = windows
    this.#thing = thing
    this.#counts = new Counts(windows, thing)
  }

  open(): void {}

  add(group: number, event: number): void {
    this.#counts.add(group, event)
  }

  remove(group: number, event: number): void {
    this.#counts.remove(group, event)
  }

  value(group: number): number {
    const counts = this.#counts.of(group)
    if (counts) return counts.size + Math.max(0, (counts.get(undefined) ?? 0) - 1)
    const things = thingsOf(this.#windows, group, this.#thing)
    let count = 0
    for (let at = 0; at < things.length; at++)
      if (things[at] === undefined || things.indexOf(things[at]) === at) count++
    return count
  }
}

const wantsLargest = ({ bounds }: CorrelationCondition) =>
  bounds.some(({ operator }) => operator === 'gt' || operator === 'gte') &&
  !bounds.some(({ operator }) => operator === 'lt' || operator === 'lte')

/** The percentage that the newest event's value is of all values: the specification's "less than 1 % of all the processes". */
export class Share implements Measure {
  readonly weight = 0
  readonly #windows: Windows
  readonly #thing: (event: number) => Thing
  readonly #counts: Counts
  readonly #wantsLargest: boolean

  constructor(windows: Windows, thing: (event: number) => Thing, condition: CorrelationCondition) {
    this.#windows = windows
    this.#thing = thing
    this.#counts = new Counts(windows, thing)
    this.#wantsLargest = wantsLargest(condition)
  }

  open(): void {}

  add(group: number, event: number): void {
    this.#counts.add(group, event)
  }

  remove(group: number, event: number): void {
    this.#counts.remove(group, event)
  }

  value(group: number, _start: number, now: number): number {
    const windows = this.#windows
    const size = windows.groups.size[group]
    const counts = this.#counts.of(group)
    const things = counts ? [] : thingsOf(windows, group, this.#thing)
    let found = Number.NaN
    let event = windows.groups.last[group]
    for (let left = size; left > 0 && windows.time(event) === now; left--) {
      const thing = this.#thing(event)
      const many = counts ? counts.get(thing)! : things.filter((one) => one === thing).length
      const share = (many * 100) / size
      if (!(this.#wantsLargest ? share <= found : share >= found)) found = share
      event = windows.previous(event)
    }
    return found
  }
}
