// Runs tasks on this thread and on others. What comes of them is handed on in the order of the tasks, whatever thread was first; what waits is bounded.
import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Extractor } from './extract.ts'
import { THREAD_LIMITS } from './nursery.ts'
import { TASK_BYTES } from './plan.ts'
import { batchUsed, MAX_WAITING, makeSharedState, nextTask, noteTask, takeIfNext, taskOf } from './shared-state.ts'
import type { Batch, Stage, Task, TaskResult } from './stage.ts'
import { threadFile } from './thread-file.ts'
import type { FromWorker, WorkerStart } from './work.ts'

export interface TaskTaker {
  onBatch(batch: Batch, task: Task): void
  onDone(result: TaskResult, task: Task): void
}

/** Holds back what comes of a task until its turn has come. */
interface InOrder {
  batch(task: number, batch: Batch, used: () => void): void
  done(task: number, result: TaskResult): void
  /** the task whose turn it is */
  readonly turn: number
}

function inOrder(tasks: readonly Task[], taker: TaskTaker): InOrder {
  const held = new Map<number, { batches: { batch: Batch; used: () => void }[]; result?: TaskResult }>()
  let turn = 0
  const of = (task: number) => {
    let one = held.get(task)
    if (!one) held.set(task, (one = { batches: [] }))
    return one
  }
  const handOn = () => {
    for (let one = held.get(turn); one; one = held.get(turn)) {
      for (const { batch, used } of one.batches.splice(0)) {
        taker.onBatch(batch, tasks[turn])
        used()
      }
      if (!one.result) return
      taker.onDone(one.result, tasks[turn])
      held.delete(turn++)
    }
  }
  return {
    get turn() {
      return turn
    },
    batch(task, batch, used) {
      of(task).batches.push({ batch, used })
      if (task === turn) handOn()
    },
    done(task, result) {
      of(task).result = result
      if (task === turn) handOn()
    },
  }
}

/** This thread is one of `threads`, and `extractor` does its share. Rejects with what a callback of `taker` throws. */
export async function runOnThreads(
  tasks: readonly Task[],
  stage: Stage,
  threads: number,
  extractor: Extractor,
  taker: TaskTaker,
): Promise<void> {
  const order = inOrder(tasks, taker)
  const state = makeSharedState(threads)
  const workers = new Set<Worker>()
  let failure: unknown
  let wake = () => {}
  const attempt = (act: () => void) => {
    try {
      if (failure === undefined) act()
    } catch (error) {
      failure = error
    }
    wake()
  }
  const start = (thread: number) => {
    const workerData: WorkerStart = { thread, stage, tasks, state }
    const worker = new Worker(threadFile('worker'), { workerData, resourceLimits: THREAD_LIMITS })
    workers.add(worker)
    noteTask(state, thread, -1)
    worker.on('message', (message: FromWorker) =>
      attempt(() => {
        if (message.kind === 'batch') order.batch(message.task, message.batch, () => batchUsed(state, thread))
        else {
          noteTask(state, thread, -1)
          order.done(message.task, message.result)
        }
      }),
    )
    worker.on('error', (error: Error) =>
      attempt(() => {
        workers.delete(worker)
        // A thread that died takes its task with it, not the run.
        const task = taskOf(state, thread)
        if (task >= 0) order.done(task, failedResult(tasks[task], error))
        if (task < 0) throw error
        if (nextTask(state) < tasks.length) start(thread)
      }),
    )
  }
  try {
    for (let thread = 1; thread < Math.min(threads, tasks.length); thread++) start(thread)
    let waiting = 0
    while (order.turn < tasks.length) {
      if (failure !== undefined) throw failure
      const task = nextTask(state)
      if (task < tasks.length && isSmall(tasks[task]) && waiting < MAX_WAITING && takeIfNext(state, task)) {
        const result = await extractor.run(tasks[task], (batch) => {
          waiting++
          order.batch(task, batch, () => waiting--)
        })
        order.done(task, result)
        // What the others have sent meanwhile.
        await setImmediate()
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        wake = () => {}
      }
    }
  } finally {
    for (const worker of workers) void worker.terminate()
  }
}

/** What comes of it may wait in memory when it is not yet its turn. Larger ones, which nobody could cut, are left to threads that can be stopped. */
const isSmall = ({ bytes }: Task) => bytes <= 2 * TASK_BYTES

function failedResult({ name, format, size, bytes: wanted, range }: Task, error: Error): TaskResult {
  const bytes = Number.isFinite(wanted) ? wanted : size
  const place = range ? ` (bytes ${range.start} to ${range.end})` : ''
  const problem = `the thread that read it${place} failed: ${error.message}`
  return { files: [{ file: name, format, bytes, events: 0, skipped: [], problem }], outsideTime: 0 }
}
