// A thread of a run: takes a task, hands on what comes of it, asks for the next.
import { parentPort, workerData } from 'node:worker_threads'
import { createExtractor } from './extract.ts'
import type { Batch, Stage, Task, TaskResult } from './stage.ts'

/** What a thread is started with. */
export interface WorkerStart {
  stage: Stage
  /** one Int32: batches that were handed on and not yet used up */
  waiting: SharedArrayBuffer
}

export type FromWorker =
  | { kind: 'batch'; task: number; batch: Batch }
  | { kind: 'done'; task: number; result: TaskResult }

/** Batches that may wait for their turn; then the thread sleeps. Bounds memory whatever the speed of who takes them. */
export const MAX_WAITING = 8

const { stage, waiting } = workerData as WorkerStart
const count = new Int32Array(waiting)
const extractor = createExtractor(stage)
const port = parentPort!

function post(message: FromWorker): void {
  const lines = message.kind === 'batch' ? message.batch.lines : undefined
  port.postMessage(message, lines ? [lines.buffer as ArrayBuffer] : [])
}

function handOn(task: number, batch: Batch): void {
  post({ kind: 'batch', task, batch })
  Atomics.add(count, 0, 1)
  for (let now = Atomics.load(count, 0); now >= MAX_WAITING; now = Atomics.load(count, 0)) Atomics.wait(count, 0, now)
}

port.on('message', async (task: Task) => {
  const result = await extractor.run(task, (batch) => handOn(task.number, batch))
  post({ kind: 'done', task: task.number, result })
})
