// A thread of a run: takes one task after the other and hands on what comes of them.
import { parentPort, workerData } from 'node:worker_threads'
import { createExtractor } from './extract.ts'
import { batchWaits, noteTask, type SharedState, takeTask } from './shared-state.ts'
import type { Batch, Stage, Task, TaskResult } from './stage.ts'

/** What a thread is started with. */
export interface WorkerStart {
  thread: number
  stage: Stage
  tasks: readonly Task[]
  state: SharedState
}

export type FromWorker =
  | { kind: 'batch'; task: number; batch: Batch }
  | { kind: 'done'; task: number; result: TaskResult }

const { thread, stage, tasks, state } = workerData as WorkerStart
const extractor = await createExtractor(stage)

function post(message: FromWorker): void {
  const lines = message.kind === 'batch' ? message.batch.lines : undefined
  parentPort?.postMessage(message, lines ? [lines.buffer as ArrayBuffer] : [])
}

for (let task = takeTask(state); task < tasks.length; task = takeTask(state)) {
  noteTask(state, thread, task)
  const result = await extractor.run(tasks[task], (batch) => {
    post({ kind: 'batch', task, batch })
    batchWaits(state, thread)
  })
  post({ kind: 'done', task, result })
}
