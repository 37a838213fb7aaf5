// The groups of a correlation as columns: a group is a number, and its number is used again when it is gone. A million groups are a dozen arrays and not a million objects.
import { type GroupKey, splitTexts, type Texts, weightOfTexts } from './group-keys.ts'

const FIRST_CAPACITY = 16

/** What is true of a group. */
export const GroupState = {
  /** the condition held when the group was judged last */
  Holds: 1,
  /** the window had been empty before its oldest event came */
  Fresh: 2,
  /** something came into it at the time that is worked on */
  Touched: 4,
} as const

export class Groups {
  readonly #ids = new Map<string, number>()
  readonly #keys: string[] = []
  /** the values as they were written, joined: the same string as the key where they are short and lower case */
  readonly #written: string[] = []
  readonly #free: number[] = []
  #made = 0
  #capacity = FIRST_CAPACITY
  /** the oldest and the newest of its events, by number */
  first = new Int32Array(FIRST_CAPACITY)
  last = new Int32Array(FIRST_CAPACITY)
  /** how many events are in its window */
  size = new Int32Array(FIRST_CAPACITY)
  /** how many of these are other values of an event that is in it already */
  repeats = new Int32Array(FIRST_CAPACITY)
  /** how many of the newest were not yet handed on to correlations over this one */
  fresh = new Int32Array(FIRST_CAPACITY)
  /** judgements that wait for what must not come */
  waiting = new Int32Array(FIRST_CAPACITY)
  /** bits of GroupState */
  state = new Uint8Array(FIRST_CAPACITY)

  /** How many different events are in its window. */
  events(group: number): number {
    return this.size[group] - this.repeats[group]
  }

  /** What the values cost that are kept to be shown, in events' worth of memory. */
  weight(group: number): number {
    return weightOfTexts(this.#written[group].length)
  }

  /** The number of a group; −1 when there is none. */
  find(key: string): number {
    return this.#ids.get(key) ?? -1
  }

  add({ key, written }: GroupKey): number {
    const group = this.#free.pop() ?? this.#made++
    if (group >= this.#capacity) this.#grow()
    this.#ids.set(key, group)
    this.#keys[group] = key
    this.#written[group] = written
    this.size[group] = this.repeats[group] = this.fresh[group] = this.waiting[group] = 0
    this.state[group] = GroupState.Fresh
    return group
  }

  delete(group: number): void {
    this.#ids.delete(this.#keys[group])
    this.#keys[group] = this.#written[group] = ''
    this.state[group] = 0
    this.#free.push(group)
  }

  key(group: number): string {
    return this.#keys[group]
  }

  /** Its values, one a field of group-by. */
  values(group: number, fields: number): Texts {
    return splitTexts(this.#written[group], fields)
  }

  is(group: number, state: number): boolean {
    return (this.state[group] & state) !== 0
  }

  mark(group: number, state: number, holds: boolean): void {
    if (holds) this.state[group] |= state
    else this.state[group] &= ~state
  }

  #grow(): void {
    this.#capacity *= 2
    const larger = (column: Int32Array) => {
      const grown = new Int32Array(this.#capacity)
      grown.set(column)
      return grown
    }
    this.first = larger(this.first)
    this.last = larger(this.last)
    this.size = larger(this.size)
    this.repeats = larger(this.repeats)
    this.fresh = larger(this.fresh)
    this.waiting = larger(this.waiting)
    const state = new Uint8Array(this.#capacity)
    state.set(this.state)
    this.state = state
  }
}

/** Some numbers of every group, all in one array. */
export class GroupRows {
  /** numbers a group */
  readonly width: number
  readonly #initial: number
  values: Float64Array

  constructor(width: number, initial: number) {
    this.width = width
    this.#initial = initial
    this.values = new Float64Array(width * FIRST_CAPACITY)
  }

  /** Room for a group, its numbers as at the beginning. Returns where they start. */
  reset(group: number): number {
    const start = group * this.width
    const end = start + this.width
    if (end > this.values.length) {
      const grown = new Float64Array(Math.max(end, this.values.length * 2))
      grown.set(this.values)
      this.values = grown
    }
    this.values.fill(this.#initial, start, end)
    return start
  }
}
