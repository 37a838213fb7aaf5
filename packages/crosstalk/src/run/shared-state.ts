// What the threads of a run share: which task comes next, and for each thread how many of its batches wait and at which task it is.

/** Batches that may wait for their turn; then the thread sleeps. Bounds memory whatever the speed of who takes them. */
export const MAX_WAITING = 8

/** [next task, waiting of thread 0, task of thread 0, waiting of thread 1, …] */
export type SharedState = Int32Array

export const makeSharedState = (threads: number): SharedState =>
  new Int32Array(new SharedArrayBuffer(4 * (1 + 2 * threads)))

/** The number of a task that nobody else has; past the last one there is none. */
export const takeTask = (state: SharedState): number => Atomics.add(state, 0, 1)

/** Takes this task if it is still the next. */
export const takeIfNext = (state: SharedState, task: number): boolean =>
  Atomics.compareExchange(state, 0, task, task + 1) === task

export const nextTask = (state: SharedState): number => Atomics.load(state, 0)

export function noteTask(state: SharedState, thread: number, task: number): void {
  Atomics.store(state, 2 + 2 * thread, task)
}

export const taskOf = (state: SharedState, thread: number): number => Atomics.load(state, 2 + 2 * thread)

/** A thread handed a batch on: sleeps while too many wait. */
export function batchWaits(state: SharedState, thread: number): void {
  const at = 1 + 2 * thread
  Atomics.add(state, at, 1)
  for (let now = Atomics.load(state, at); now >= MAX_WAITING; now = Atomics.load(state, at))
    Atomics.wait(state, at, now)
}

export function batchUsed(state: SharedState, thread: number): void {
  const at = 1 + 2 * thread
  Atomics.sub(state, at, 1)
  Atomics.notify(state, at)
}
