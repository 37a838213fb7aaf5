import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Extractor } from './extract.ts'
import { runOnThreads } from './pool.ts'
import type { Batch, Stage, Task, TaskResult } from './stage.ts'

const stage: Stage = { kind: 'dump', zone: 0, carve: false }
const task = (number: number): Task => ({
  number,
  name: `missing-${number}.evtx`,
  path: `/nowhere/missing-${number}.evtx`,
  size: 100,
  bytes: 100,
  format: 'evtx',
})
const tasks = Array.from({ length: 12 }, (_, number) => task(number))

/** Stands for the work of this thread; the others do the real one. */
const extractor: Extractor = {
  run: async ({ name, bytes }, emit) => {
    emit({ input: { name, format: 'evtx' } })
    return { files: [{ file: name, format: 'evtx', bytes, events: 1, skipped: [] }], outsideTime: 0 }
  },
}

async function run(given: readonly Task[], onBatch: (batch: Batch) => void = () => {}) {
  const done: TaskResult[] = []
  await runOnThreads(given, stage, 3, extractor, { onBatch, onDone: (result) => done.push(result) })
  return done.flatMap((result) => result.files)
}

describe('threads of a run', () => {
  it('hand on results in the order of the tasks, each once', async () => {
    const files = await run(tasks)
    assert.deepEqual(
      files.map(({ file }) => file),
      tasks.map(({ name }) => name),
    )
  })
  it('name a file that is gone, and go on', async () => {
    // Too large for this thread: another one meets it.
    const large = { ...task(0), bytes: 1e9 }
    const files = await run([large, ...tasks.slice(1)])
    assert.equal(files.length, 12)
    assert.match(files[0].problem ?? '', /ENOENT|no such file/)
  })
  it('that die take their task with them, not the run', async () => {
    // There is no such source: what reads it fails in a way that nobody expects.
    const fatal = { ...task(0), bytes: 1e9, format: 'no such format' }
    const files = await run([fatal, ...tasks.slice(1)])
    assert.equal(files.length, 12)
    assert.match(files[0].problem ?? '', /^the thread that read it failed: /)
  })
  it('end with what the taker throws', async () => {
    await assert.rejects(
      run(tasks, () => {
        throw new Error('nobody listens')
      }),
      /nobody listens/,
    )
  })
})
