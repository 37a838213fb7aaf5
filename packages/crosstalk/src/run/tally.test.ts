import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NO_RULES } from './rules.ts'
import { createTally } from './tally.ts'

const time = { rules: 0, read: 0, judge: 0, total: 0 }
const problem = (file: string, text: string, bytes: number) => ({
  file,
  bytes,
  events: 0,
  skipped: [],
  problem: text,
})

describe('the account of a run', () => {
  it('adds up: files and bytes that were read and that were not', () => {
    const tally = createTally({
      files: [],
      total: 4,
      problems: [
        problem('notes.txt', 'no telemetry format that crosstalk knows', 50),
        problem('empty.evtx', 'the file is empty', 0),
        problem('closed.evtx', 'permission denied', 30),
      ],
    })
    const skipped = [{ reason: 'broken chunk', count: 2, bytes: 20, examples: ['a.evtx @ 4096'] }]
    tally.add({ files: [{ file: 'a.evtx', format: 'evtx', bytes: 100, events: 7, skipped }], outsideTime: 3 })
    // the same file, the next range
    tally.add({ files: [{ file: 'a.evtx', format: 'evtx', bytes: 100, events: 5, skipped: [] }], outsideTime: 0 })
    tally.countMatch('high')
    const account = tally.account(NO_RULES.account, time)
    assert.deepEqual(account.files, { total: 4, read: 1, unrecognised: 1, unreadable: 1, empty: 1 })
    assert.deepEqual(account.bytes, { total: 280, read: 180, skipped: 100 })
    assert.deepEqual(account.events, { read: 12, outsideTime: 3, skipped: 2, byFormat: { evtx: 12 } })
    assert.deepEqual(account.matches, {
      total: 1,
      byLevel: { informational: 0, low: 0, medium: 0, high: 1, critical: 0 },
    })
    assert.deepEqual(
      account.problems.map(({ file }) => file),
      ['closed.evtx', 'empty.evtx', 'notes.txt'],
    )
  })
  it('keeps a file that broke off as read, with its problem', () => {
    const tally = createTally({ files: [], total: 1, problems: [] })
    tally.add({
      files: [{ file: 'a.gz!a', format: 'evtx', bytes: 10, events: 1, skipped: [], problem: 'cut off' }],
      outsideTime: 0,
    })
    const account = tally.account(NO_RULES.account, time)
    assert.equal(account.files.read, 1)
    assert.deepEqual(account.problems, [{ file: 'a.gz!a', problem: 'cut off' }])
  })
  it('bounds the reasons and the examples that it keeps', () => {
    const tally = createTally({ files: [], total: 1, problems: [] })
    for (let at = 0; at < 1000; at++)
      tally.add({
        files: [
          {
            file: 'a',
            format: 'evtx',
            bytes: 1,
            events: 0,
            skipped: [{ reason: `reason ${at}`, count: 1, bytes: 1, examples: [`a @ ${at}`] }],
          },
        ],
        outsideTime: 0,
      })
    const { skipped } = tally.account(NO_RULES.account, time)
    assert.equal(skipped.length, 201)
    assert.deepEqual(skipped[0], {
      reason: 'other reasons',
      count: 800,
      bytes: 800,
      examples: ['a @ 200', 'a @ 201', 'a @ 202', 'a @ 203', 'a @ 204'],
    })
  })
})
