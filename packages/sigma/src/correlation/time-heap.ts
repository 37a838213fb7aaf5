// A binary heap by time: what is oldest comes out first. Pushing in order of time costs one comparison.

export interface Timed {
  /** microseconds since 1970 UTC */
  readonly time: number
}

export class TimeHeap<T extends Timed> {
  readonly #items: T[] = []

  get size(): number {
    return this.#items.length
  }

  /** The time of the oldest; Infinity when there is none. */
  get oldest(): number {
    return this.#items.length ? this.#items[0].time : Number.POSITIVE_INFINITY
  }

  push(item: T): void {
    const items = this.#items
    let at = items.push(item) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (items[parent].time <= item.time) break
      items[at] = items[parent]
      at = parent
    }
    items[at] = item
  }

  pop(): T | undefined {
    const items = this.#items
    const first = items[0]
    const last = items.pop()
    if (last === undefined || items.length === 0) return first
    const { length } = items
    let at = 0
    for (let child = 1; child < length; child = at * 2 + 1) {
      if (child + 1 < length && items[child + 1].time < items[child].time) child++
      if (items[child].time >= last.time) break
      items[at] = items[child]
      at = child
    }
    items[at] = last
    return first
  }
}
