// Windows of the boolean form that wait, in the order of time, until nothing unwanted can come into them any more.
import type { CorrelatedEvent } from './correlated-event.ts'
import { weightOf } from './evidence.ts'
import { type Row, weightOfRows } from './rows.ts'

/** A window of which is not yet known whether something unwanted comes into it. */
export interface WaitingWindow {
  /** of the event that it was judged at: microseconds since 1970 UTC */
  readonly time: number
  readonly group: number
  readonly met: readonly number[]
  /** how many of the rules had matched */
  readonly value: number
  readonly isNew: boolean
  readonly events: readonly CorrelatedEvent[]
  readonly rows: readonly Row[]
  readonly firstTime: number
  readonly eventCount: number
}

/** What it costs, in events' worth of memory. */
export const weightOfWindow = ({ events, rows }: WaitingWindow): number => weightOf(events) + 1 + weightOfRows(rows)

export class WaitingWindows {
  #windows: WaitingWindow[] = []
  #from = 0

  /** The time of the oldest; Infinity when there is none. */
  get oldest(): number {
    return this.#from < this.#windows.length ? this.#windows[this.#from].time : Number.POSITIVE_INFINITY
  }

  push(window: WaitingWindow): void {
    this.#windows.push(window)
  }

  /** The oldest leaves. */
  take(): WaitingWindow {
    const window = this.#windows[this.#from++]
    if (this.#from > 1024 && this.#from * 2 > this.#windows.length) {
      this.#windows = this.#windows.slice(this.#from)
      this.#from = 0
    }
    return window
  }
}
