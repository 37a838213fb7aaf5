// What a correlation asks of whatever it measures.

/** One measure serves all groups of a correlation. */
export interface Measure {
  /** what a group costs beside its events, in events' worth of memory */
  readonly weight: number
  /** a group begins */
  open(group: number): void
  /** called when the event is in the group */
  add(group: number, event: number): void
  /** called while the event is still in the group, its oldest */
  remove(group: number, event: number): void
  /** `start`: the earliest time in the window, `now`: the time of the latest event */
  value(group: number, start: number, now: number): number
}
