import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { dcomCase } from './example-run.ts'
import { exported, FULL } from './export.conformance.ts'
import { timesketch } from './timesketch.ts'

describe('a case as a Timesketch timeline', async () => {
  const lines = (text: string) =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
  const events = lines([...(await exported(timesketch, FULL)).values()][0])
  test('every line has the three fields that Timesketch asks for', () => {
    assert.equal(events.length, 11)
    for (const event of events) {
      assert.ok(event.message && event.timestamp_desc)
      assert.match(event.datetime, /^2026-03-04T14:02:1\d\.\d{6}\+00:00$/)
    }
  })
  test('in the order of time, with the way back to the record', () => {
    assert.deepEqual(events[0].source_files, ['logs/ASH-WS02/Microsoft-Windows-Sysmon%4Operational.evtx'])
    assert.deepEqual(events[0].record_ids, [2907])
    assert.equal(events[0].timestamp, 1772632930870000)
    assert.deepEqual(
      [...events].sort((a, b) => a.timestamp - b.timestamp),
      events,
    )
  })
  test('microseconds are kept, and what has no time is left out', async () => {
    const timeline = [
      { ...dcomCase.timeline[0], time: '2026-03-04T14:02:10.870123Z' },
      { ...dcomCase.timeline[0], time: '' },
    ]
    const [event, ...others] = lines(
      [...(await exported(timesketch, { case: { ...dcomCase, timeline }, findings: [] })).values()][0],
    )
    assert.equal(event.datetime, '2026-03-04T14:02:10.870123+00:00')
    assert.equal(event.timestamp, 1772632930870123)
    assert.deepEqual(others, [])
  })
})
