import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { makeZip } from '../sources/containers/zip-maker.ts'
import { evtx } from '../sources/evtx/index.ts'
import { planTasks, TASK_BYTES } from './plan.ts'

const root = mkdtempSync(join(tmpdir(), 'crosstalk-plan-'))
after(() => rmSync(root, { recursive: true, force: true }))

describe('tasks of a run', () => {
  it('a small file is one task without a range', async () => {
    const file = { name: 'a.evtx', path: '/a.evtx', size: 70_000, source: evtx }
    assert.deepEqual(await planTasks([file]), [
      {
        number: 0,
        name: 'a.evtx',
        path: '/a.evtx',
        size: 70_000,
        format: 'evtx',
        bytes: 70_000,
        range: undefined,
        part: undefined,
      },
    ])
  })
  it('a large file is cut into ranges that cover it', async () => {
    const size = 4096 + 65_536 * 500
    const tasks = await planTasks([{ name: 'a.evtx', path: '/a.evtx', size, source: evtx }])
    assert.equal(tasks.length, Math.ceil(size / TASK_BYTES))
    assert.equal(tasks[0].range?.start, 0)
    assert.equal(tasks.at(-1)?.range?.end, size)
    for (let at = 1; at < tasks.length; at++) assert.equal(tasks[at].range?.start, tasks[at - 1].range?.end)
    assert.equal(
      tasks.reduce((sum, task) => sum + task.bytes, 0),
      size,
    )
  })
  it('a ZIP archive is cut between its entries, by what they are unpacked', async () => {
    const data = Buffer.alloc(TASK_BYTES / 2 + 1)
    const path = join(root, 'logs.zip')
    writeFileSync(path, makeZip(['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, data }))))
    const tasks = await planTasks([{ name: 'logs.zip', path, size: 1, container: 'zip' }])
    assert.equal(tasks.length, 1, 'one that can not be read is left to who opens it')
    const { size } = await import('node:fs').then((fs) => fs.statSync(path))
    const parts = await planTasks([{ name: 'logs.zip', path, size, container: 'zip' }])
    assert.deepEqual(
      parts.map(({ part }) => part?.unpacked),
      [data.length * 2, data.length * 2, data.length],
    )
    for (let at = 1; at < parts.length; at++) assert.equal(parts[at].part?.start, parts[at - 1].part?.end)
  })
})
