// The events in the windows of all groups of a correlation, in the order of time: a ring of columns, and in it the list of each group. An event is named by its number, which counts
// on (and around); where it stands is the number's low bits. What came first goes first, so nothing is ever searched, and no cost depends on how many groups there are.
import type { Evidence } from './correlated-event.ts'
import { Groups } from './groups.ts'
import { MAX_ROWS, type Row, weightOfRows } from './rows.ts'

const FIRST_CAPACITY = 16
const ALONE = 0x80
const REPEATS = 0x40

/** An event on its way in. */
export interface WindowEvent {
  readonly time: number
  /** which of the rules matched, by place in `rules` (below 64) */
  readonly slot: number
  /** it matches no other of the rules */
  readonly isAlone: boolean
  /** the group has the event already, with another value */
  readonly repeats: boolean
  /** what is counted once: a value, a key */
  readonly thing: string | undefined
  readonly number: number
  readonly evidence: Evidence
  /** values of the fields that correlations over this one ask for: rows of them */
  readonly further: Row[] | undefined
}

/** Which columns are kept beside those that always are. */
export interface Columns {
  readonly things?: boolean
  readonly numbers?: boolean
  readonly further?: boolean
}

export class Windows {
  readonly groups = new Groups()
  readonly #columns: Columns
  #capacity = FIRST_CAPACITY
  /** number of the oldest event */
  #first = 0
  size = 0
  #times = new Float64Array(FIRST_CAPACITY)
  /** the slot, and in the highest bits whether the event is alone and whether it repeats another */
  #slots = new Uint8Array(FIRST_CAPACITY)
  #groupOf = new Int32Array(FIRST_CAPACITY)
  /** the neighbours of the same group, by number */
  #next = new Int32Array(FIRST_CAPACITY)
  #previous = new Int32Array(FIRST_CAPACITY)
  #evidence: (Evidence | undefined)[] = new Array(FIRST_CAPACITY)
  #things: (string | undefined)[] = []
  #numbers = new Float64Array(0)
  #further: (Row[] | undefined)[] = []

  constructor(columns: Columns) {
    this.#columns = columns
    if (columns.numbers) this.#numbers = new Float64Array(FIRST_CAPACITY)
  }

  get keepsFurther(): boolean {
    return this.#columns.further ?? false
  }

  /** The time of the oldest event; Infinity when there is none. */
  get oldest(): number {
    return this.size ? this.time(this.#first) : Number.POSITIVE_INFINITY
  }

  get oldestGroup(): number {
    return this.#groupOf[this.#place(this.#first)]
  }

  get oldestNumber(): number {
    return this.#first
  }

  time(event: number): number {
    return this.#times[this.#place(event)]
  }

  slot(event: number): number {
    return this.#slots[this.#place(event)] & ~(ALONE | REPEATS)
  }

  isAlone(event: number): boolean {
    return (this.#slots[this.#place(event)] & ALONE) !== 0
  }

  thing(event: number): string | undefined {
    return this.#things[this.#place(event)]
  }

  number(event: number): number {
    return this.#numbers[this.#place(event)]
  }

  evidence(event: number): Evidence {
    return this.#evidence[this.#place(event)]!
  }

  further(event: number): readonly Row[] {
    return this.#further[this.#place(event)]!
  }

  /** Whether an event that was put in is still here. */
  has(event: number): boolean {
    return ((event - this.#first) | 0) >= 0 && ((event - this.#first) | 0) < this.size
  }

  /** A row that the same event has beside its own. Returns what it costs. */
  addFurther(event: number, row: Row): number {
    const rows = this.#further[this.#place(event)]!
    if (rows.length >= MAX_ROWS) return 0
    const before = weightOfRows(rows)
    rows.push(row)
    return weightOfRows(rows) - before
  }

  /** The event before it in its group. A group's list has no end mark: its size says where to stop. */
  previous(event: number): number {
    return this.#previous[this.#place(event)]
  }

  /** The time of a group's oldest event. */
  firstTime(group: number): number {
    return this.time(this.groups.first[group])
  }

  append(event: WindowEvent, group: number): number {
    if (this.size === this.#capacity) this.#grow()
    const { groups } = this
    const number = (this.#first + this.size++) | 0
    const place = this.#place(number)
    this.#times[place] = event.time
    this.#slots[place] = event.slot | (event.isAlone ? ALONE : 0) | (event.repeats ? REPEATS : 0)
    this.#groupOf[place] = group
    this.#evidence[place] = event.evidence
    if (this.#columns.things) this.#things[place] = event.thing
    if (this.#columns.numbers) this.#numbers[place] = event.number
    if (this.#columns.further) this.#further[place] = event.further
    if (groups.size[group]++ === 0) groups.first[group] = number
    else {
      this.#previous[place] = groups.last[group]
      this.#next[this.#place(groups.last[group])] = number
    }
    groups.last[group] = number
    groups.fresh[group]++
    if (event.repeats) groups.repeats[group]++
    return number
  }

  /** The oldest event of all leaves. */
  dropFirst(): void {
    const { groups } = this
    const place = this.#place(this.#first)
    const group = this.#groupOf[place]
    groups.first[group] = this.#next[place]
    const size = --groups.size[group]
    if (groups.fresh[group] > size) groups.fresh[group] = size
    if (this.#slots[place] & REPEATS) groups.repeats[group]--
    this.#evidence[place] = undefined
    if (this.#columns.things) this.#things[place] = undefined
    if (this.#columns.further) this.#further[place] = undefined
    this.#first = (this.#first + 1) | 0
    this.size--
  }

  #place(event: number): number {
    return event & (this.#capacity - 1)
  }

  #grow(): void {
    const old = this.#capacity - 1
    const capacity = (old + 1) * 2
    const moved = <T extends Float64Array | Int32Array | Uint8Array | unknown[]>(from: T, to: T): T => {
      for (let at = 0; at < this.size; at++) {
        const event = this.#first + at
        to[event & (capacity - 1)] = from[event & old]
      }
      return to
    }
    this.#times = moved(this.#times, new Float64Array(capacity))
    this.#slots = moved(this.#slots, new Uint8Array(capacity))
    this.#groupOf = moved(this.#groupOf, new Int32Array(capacity))
    this.#next = moved(this.#next, new Int32Array(capacity))
    this.#previous = moved(this.#previous, new Int32Array(capacity))
    this.#evidence = moved(this.#evidence, new Array(capacity))
    if (this.#columns.things) this.#things = moved(this.#things, new Array(capacity))
    if (this.#columns.numbers) this.#numbers = moved(this.#numbers, new Float64Array(capacity))
    if (this.#columns.further) this.#further = moved(this.#further, new Array(capacity))
    this.#capacity = capacity
  }
}
