// Open calls, the oldest by its own time first: a binary heap. What was completed otherwise stays in it until it comes up, or until half of it is such.

export interface Timed {
  readonly time: number
  readonly offset: number
  isComplete: boolean
}

/** with fewer, nothing is gained by putting it in order */
const SMALL = 1_024

export class OpenByTime<Call extends Timed> {
  #heap: Call[] = []
  #complete = 0

  add(call: Call): void {
    this.#heap.push(call)
    this.#up(this.#heap.length - 1)
  }

  /** A call of it was marked as complete. */
  completed(): void {
    this.#complete++
    if (this.#heap.length < SMALL || this.#complete * 2 < this.#heap.length) return
    const open = this.#heap.filter((call) => !call.isComplete)
    this.#heap = []
    this.#complete = 0
    for (const call of open) this.add(call)
  }

  /** An open call that is as old as `time`, or older: the oldest. */
  olderThan(time: number): Call | undefined {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (!first.isComplete) return first.time <= time ? first : undefined
      this.#complete--
      this.#pop()
    }
    return undefined
  }

  #pop(): void {
    const last = this.#heap.pop()!
    if (this.#heap.length === 0) return
    this.#heap[0] = last
    this.#down(0)
  }

  #up(from: number): void {
    const heap = this.#heap
    for (let at = from; at > 0; ) {
      const above = (at - 1) >> 1
      if (!before(heap[at], heap[above])) return
      swap(heap, at, above)
      at = above
    }
  }

  #down(from: number): void {
    const heap = this.#heap
    for (let at = from; ; ) {
      let least = at
      for (const below of [2 * at + 1, 2 * at + 2])
        if (below < heap.length && before(heap[below], heap[least])) least = below
      if (least === at) return
      swap(heap, at, least)
      at = least
    }
  }
}

const before = (a: Timed, b: Timed): boolean => a.time < b.time || (a.time === b.time && a.offset < b.offset)

function swap<T>(heap: T[], a: number, b: number): void {
  const kept = heap[a]
  heap[a] = heap[b]
  heap[b] = kept
}
