import assert from 'node:assert/strict'
import { it } from 'node:test'
import { readAll } from '../reading.ts'
import { tracee } from '../tracee/tracee.ts'

it('nanoseconds keep their microseconds: a double is up to 128 of them off', async () => {
  // The double next to 1715677200123456010 is 1715677200123455900 and a bit.
  for (const [written, time] of [
    ['1715677200123456010', '2024-05-14T09:00:00.123456Z'],
    ['1715677200123455999', '2024-05-14T09:00:00.123455Z'],
  ] as const) {
    const record = `{"timestamp":${written},"processName":"bash","hostName":"box","eventName":"execve","argsNum":0,"args":[]}\n`
    const { events } = await readAll(tracee, record)
    assert.equal(events[0].time, time)
  }
})
