// Runs tasks on worker threads. What comes of them is handed on in the order of the tasks, whatever thread was first; what waits is bounded.
import { Worker } from 'node:worker_threads'
import type { Batch, Stage, Task, TaskResult } from './stage.ts'
import type { FromWorker, WorkerStart } from './worker.ts'

export interface TaskTaker {
  onBatch(batch: Batch, task: Task): void
  onDone(result: TaskResult, task: Task): void
}

/** What has come of a task whose turn has not come. */
interface Waiting {
  batches: { batch: Batch; from: Crew }[]
  result?: TaskResult
}

/** A thread and the task that it is at. */
interface Crew {
  worker: Worker
  waiting: Int32Array
  task?: Task
}

/** Rejects with what a callback of `taker` throws. */
export function runOnThreads(tasks: readonly Task[], stage: Stage, jobs: number, taker: TaskTaker): Promise<void> {
  return new Promise((resolve, reject) => {
    const waiting = new Map<number, Waiting>()
    const crews = new Set<Crew>()
    let next = 0
    let turn = 0
    let ended = false

    const end = (error?: unknown) => {
      if (ended) return
      ended = true
      for (const { worker } of crews) void worker.terminate()
      if (error === undefined) resolve()
      else reject(error)
    }
    const used = ({ waiting: count }: Crew) => {
      Atomics.sub(count, 0, 1)
      Atomics.notify(count, 0)
    }
    const handOn = () => {
      for (; turn < tasks.length; turn++) {
        const held = waiting.get(turn)
        if (!held) return
        for (const { batch, from } of held.batches.splice(0)) {
          taker.onBatch(batch, tasks[turn])
          used(from)
        }
        if (!held.result) return
        taker.onDone(held.result, tasks[turn])
        waiting.delete(turn)
      }
      end()
    }
    const heldOf = (task: number): Waiting => {
      let held = waiting.get(task)
      if (!held) waiting.set(task, (held = { batches: [] }))
      return held
    }
    const assign = (crew: Crew) => {
      crew.task = tasks[next++]
      if (crew.task) crew.worker.postMessage(crew.task)
      else void crew.worker.terminate()
    }
    const onMessage = (crew: Crew, message: FromWorker) => {
      if (ended) return
      try {
        const held = heldOf(message.task)
        if (message.kind === 'batch') held.batches.push({ batch: message.batch, from: crew })
        else {
          held.result = message.result
          assign(crew)
        }
        if (message.task === turn) handOn()
      } catch (error) {
        end(error)
      }
    }
    const onError = (crew: Crew, error: Error) => {
      crews.delete(crew)
      const { task } = crew
      if (ended || !task) return
      heldOf(task.number).result = failedResult(task, error)
      try {
        if (next < tasks.length) start()
        handOn()
      } catch (thrown) {
        end(thrown)
      }
    }
    const start = () => {
      const shared = new SharedArrayBuffer(4)
      const workerData: WorkerStart = { stage, waiting: shared }
      const crew: Crew = { worker: new Worker(workerUrl(), { workerData }), waiting: new Int32Array(shared) }
      crews.add(crew)
      crew.worker.on('message', (message: FromWorker) => onMessage(crew, message))
      crew.worker.on('error', (error: Error) => onError(crew, error))
      assign(crew)
    }
    if (!tasks.length) end()
    for (let each = 0; each < Math.min(jobs, tasks.length); each++) start()
  })
}

/** Beside this file, compiled or not. */
const workerUrl = () => new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url)

/** A thread that died takes its task with it, not the run. */
function failedResult({ name, format, size, range }: Task, error: Error): TaskResult {
  const bytes = range ? range.end - range.start : size
  const place = range ? ` (bytes ${range.start} to ${range.end})` : ''
  const problem = `the thread that read it${place} failed: ${error.message}`
  return { files: [{ file: name, format, bytes, events: 0, skipped: [], problem }], outsideTime: 0 }
}
