// Events that wait until everything older is known: columns, and a binary heap of their places by time. Pushing in the order of time costs one comparison.
import type { CorrelatedEvent, Input, Producer } from './correlated-event.ts'
import { type Texts, weightOfTexts } from './group-keys.ts'

const FIRST_CAPACITY = 64

/** A text alone stands for the list of it: most fields have one value. */
type Packed = string | Texts

function weightOf(values: readonly Texts[]): number {
  let characters = 0
  for (const texts of values) for (const text of texts) characters += text.length
  return 1 + weightOfTexts(characters)
}

export class WaitingInput {
  readonly #producers: readonly Producer[]
  /** fields that a producer hands on, the most of all */
  readonly #width: number
  /** keys of those that wait, by producer */
  readonly #keys: readonly Set<string>[]
  size = 0
  /** what they cost, in events' worth of memory: one, and more for long values */
  weight = 0
  #capacity = FIRST_CAPACITY
  #made = 0
  #free: number[] = []
  #heap = new Int32Array(FIRST_CAPACITY)
  #times = new Float64Array(FIRST_CAPACITY)
  #producer = new Int32Array(FIRST_CAPACITY)
  readonly #key: (string | undefined)[] = []
  readonly #ref: unknown[] = []
  readonly #values: (Packed | undefined)[] = []

  constructor(producers: readonly Producer[]) {
    this.#producers = producers
    this.#width = producers.reduce((most, { needs }) => Math.max(most, needs.length), 0)
    this.#keys = producers.map(() => new Set())
  }

  /** The time of the oldest; Infinity when there is none. */
  get oldest(): number {
    return this.size ? this.#times[this.#heap[0]] : Number.POSITIVE_INFINITY
  }

  /** The time of the one that would come out at this place of the order. It sorts all of them: for rare use. */
  timeOf(order: number): number {
    const sorted = Float64Array.from(this.#heap.subarray(0, this.size), (place) => this.#times[place]).sort()
    return order < sorted.length ? sorted[order] : Number.POSITIVE_INFINITY
  }

  /** Whether an event of this producer with this key waits already. */
  has(producer: number, key: string): boolean {
    return this.#keys[producer].has(key)
  }

  push(producer: number, time: number, key: string | undefined, ref: unknown, values: readonly Texts[]): void {
    const place = this.#free.pop() ?? this.#made++
    if (place >= this.#capacity) this.#grow()
    this.#times[place] = time
    this.#producer[place] = producer
    this.#key[place] = key
    this.#ref[place] = ref
    for (let at = 0; at < values.length; at++)
      this.#values[place * this.#width + at] = values[at].length === 1 ? values[at][0] : values[at]
    this.weight += weightOf(values)
    if (key !== undefined) this.#keys[producer].add(key)
    this.#rise(this.size++, place)
  }

  /** The oldest leaves. */
  pop(): Input {
    const place = this.#heap[0]
    this.#sink(this.#heap[--this.size])
    const producer = this.#producers[this.#producer[place]]
    const time = this.#times[place]
    const key = this.#key[place]
    if (key !== undefined) this.#keys[this.#producer[place]].delete(key)
    const values: Texts[] = []
    for (let at = 0; at < producer.needs.length; at++) {
      const packed = this.#values[place * this.#width + at]!
      values.push(typeof packed === 'string' ? [packed] : packed)
      this.#values[place * this.#width + at] = undefined
    }
    this.weight -= weightOf(values)
    const evidence: CorrelatedEvent = { rule: producer.id, time, key, ref: this.#ref[place] }
    this.#key[place] = undefined
    this.#ref[place] = undefined
    this.#free.push(place)
    return { time, producer, values, key, evidence }
  }

  #rise(from: number, place: number): void {
    const time = this.#times[place]
    let at = from
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.#times[this.#heap[parent]] <= time) break
      this.#heap[at] = this.#heap[parent]
      at = parent
    }
    this.#heap[at] = place
  }

  /** Puts the last one where the first was, and down to its place. */
  #sink(place: number): void {
    const { size } = this
    const time = this.#times[place]
    let at = 0
    for (let child = 1; child < size; child = at * 2 + 1) {
      if (child + 1 < size && this.#times[this.#heap[child + 1]] < this.#times[this.#heap[child]]) child++
      if (this.#times[this.#heap[child]] >= time) break
      this.#heap[at] = this.#heap[child]
      at = child
    }
    this.#heap[at] = place
  }

  #grow(): void {
    this.#capacity *= 2
    const heap = new Int32Array(this.#capacity)
    heap.set(this.#heap)
    this.#heap = heap
    const times = new Float64Array(this.#capacity)
    times.set(this.#times)
    this.#times = times
    const producer = new Int32Array(this.#capacity)
    producer.set(this.#producer)
    this.#producer = producer
  }
}
