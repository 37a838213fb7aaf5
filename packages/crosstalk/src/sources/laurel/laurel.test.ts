import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { auditd } from '../auditd/auditd.ts'
import { type ReadEvent, readAll } from '../reading.ts'
import { laurel } from './laurel.ts'
import { LAUREL, RAW } from './sample-input.ts'

const said = ({ eventId, logSources, host, time, recordId, fields }: ReadEvent) => {
  const named = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))
  return { eventId, logSources, host, time, recordId, fields: Object.fromEntries(named) }
}
const lines = (records: readonly object[]) => records.map((one) => JSON.stringify(one)).join('\n')

describe('Laurel', () => {
  it('gives the events and fields that auditd’s own records give', async () => {
    const [raw, json] = [await readAll(auditd, RAW.join('\n')), await readAll(laurel, lines(LAUREL))]
    assert.deepEqual([raw.skips, json.skips], [[], []])
    assert.deepEqual(json.events.map(said), raw.events.map(said))
    assert.deepEqual(
      json.events.filter((one) => !/^[A-Z]/.test(String(one.eventId))).map((one) => [one.eventId, one.logSources]),
      [
        ['execve', 'process_creation'],
        ['connect', 'ipc'],
        ['ptrace', 'ipc'],
      ],
    )
  })
  it('a parent that Laurel knew of has its image', async () => {
    const [started] = LAUREL
    const known = { ...started, SYSCALL: { ...started.SYSCALL, PPID: { EVENT_ID: 'x', comm: 'sh', exe: '/bin/sh' } } }
    const { events } = await readAll(laurel, lines([known]))
    assert.equal(events.at(-1)?.field('ParentImage'), '/bin/sh')
  })
  it('what Laurel found out besides stays in the record', async () => {
    const record = {
      ...LAUREL[1],
      SYSCALL: { ...LAUREL[1].SYSCALL, SCRIPT: '/root/x "y".sh', LABELS: ['a', 'b'], CONTAINER: { id: 'c1' } },
    }
    const [event] = (await readAll(laurel, lines([record]))).events
    assert.deepEqual(['SCRIPT', 'LABELS', 'CONTAINER.id'].map(event.field), ["/root/x 'y'.sh", 'a,b', 'c1'])
  })
  it('arguments given as one text, and objects without a usable id', async () => {
    const { ARGV: _, ...execve } = { ...LAUREL[0].EXECVE }
    const text = lines([
      { ...LAUREL[0], EXECVE: { ...execve, ARGV_STR: 'nc -U x' } },
      { ...LAUREL[0], ID: 'x' },
    ])
    const { events, skips } = await readAll(laurel, text)
    assert.equal(events.at(-1)?.field('CommandLine'), 'nc -U x')
    assert.deepEqual(
      skips.map((one) => one.reason),
      ['laurel: an event whose id is none'],
    )
  })
})
