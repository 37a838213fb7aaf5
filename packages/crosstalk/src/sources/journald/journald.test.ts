import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { auditd } from '../auditd/auditd.ts'
import { RAW } from '../laurel/sample-input.ts'
import { type ReadEvent, readAll } from '../reading.ts'
import type { Skip } from '../source.ts'
import { forEachEntry } from './export-entries.ts'
import { journalExport } from './journal-export.ts'
import { journald } from './journald.ts'
import { entry, exported, journalExportSample } from './sample-input.ts'

describe('the journal’s export format', () => {
  it('is entries of fields; values with control characters too', async () => {
    const bytes = journalExportSample()
    const { events, skips } = await readAll(journalExport, bytes)
    assert.deepEqual(skips, [])
    assert.equal(events.length, 40)
    const { time, host, logSources } = events[5]
    assert.deepEqual([time, host, logSources], ['2024-05-14T09:00:05.123456Z', 'box', 'cron syslog'])
    assert.deepEqual([events[5].field('message'), events[5].field('__CURSOR')], ['job 5\nand äääää', 's=1;i=5'])
    const { offset, length } = events[5]
    assert.equal(bytes.toString('latin1', offset, offset + 14), '__CURSOR=s=1;i')
    assert.equal(bytes.toString('latin1', offset + length, offset + length + 2), '\n\n')
  })
  it('a size that is a lie costs what it claims, and is named', async () => {
    const lie = Buffer.from('MESSAGE\n\xff\xff\xff\xff\xff\xff\xff\x7fabc\n\n', 'latin1')
    const { events, skips } = await readAll(
      journalExport,
      Buffer.concat([entry({ _TRANSPORT: 'x', MESSAGE: 'a' }), lie]),
    )
    assert.equal(events.length, 1)
    assert.deepEqual(
      skips.map((one) => one.reason),
      ['journal: a value that is too long'],
    )
  })
  it('a line too long is passed over, once, and the next entry read', async () => {
    const skips: Skip[] = []
    const seen: string[] = []
    const piece = Buffer.alloc(6 << 20, 'x')
    const input = {
      name: 'x',
      async *open() {
        yield Buffer.from('MESSAGE=a\n\nMESSAGE=')
        for (let i = 0; i < 8; i++) yield piece
        yield Buffer.from('\n\nMESSAGE=b\n')
      },
    }
    await forEachEntry(
      input,
      ([[, value]]) => seen.push(value.toString()),
      (skip) => skips.push(skip),
    )
    assert.deepEqual(seen, ['a', 'b'])
    assert.deepEqual(skips, [{ reason: 'journal: a line that is too long', offset: 11, bytes: 8 + 8 * piece.length }])
  })
  it('what is no field is skipped, and the rest of the entry read', async () => {
    const bytes = Buffer.concat([exported('_TRANSPORT', 'x'), Buffer.from('not a field\n'), entry({ MESSAGE: 'a' })])
    const { events, skips } = await readAll(journalExport, bytes)
    assert.deepEqual([events.length, events[0].field('_TRANSPORT')], [1, 'x'])
    assert.deepEqual(
      skips.map((one) => one.reason),
      ['journal: a line of no known form'],
    )
  })
})

describe('audit records in the journal', () => {
  /** As journald hands them on: time and serial in fields of their own. */
  const entries = RAW.slice(0, 5).map((line) => {
    const [, type, seconds, millis, serial, rest] = /type=(\S+) msg=audit\((\d+)\.(\d+):(\d+)\): (.*)/.exec(line)!
    return {
      __REALTIME_TIMESTAMP: `${seconds}999999`,
      _SOURCE_REALTIME_TIMESTAMP: `${seconds}${millis}000`,
      _TRANSPORT: 'audit',
      _HOSTNAME: 'box',
      SYSLOG_IDENTIFIER: 'audit',
      _AUDIT_ID: serial,
      _AUDIT_TYPE_NAME: type,
      MESSAGE: `${type} ${rest}`,
    }
  })
  const said = ({ eventId, logSources, host, time, recordId, fields }: ReadEvent) => ({
    eventId,
    logSources,
    host,
    time,
    recordId,
    fields,
  })
  it('are assembled as auditd’s own, from JSON and from the export format', async () => {
    const raw = (await readAll(auditd, RAW.slice(0, 5).join('\n'))).events.map(said)
    const json = await readAll(journald, entries.map((one) => JSON.stringify(one)).join('\n'))
    assert.deepEqual([json.events.map(said), json.skips], [raw, []])
    // auditd's mark between a record and its enrichment makes a value binary.
    const { events } = await readAll(journalExport, Buffer.concat(entries.map(entry)))
    assert.deepEqual(events.map(said), raw)
  })
  it('without a serial are told one by one', async () => {
    const [{ _AUDIT_ID: _, ...first }] = entries
    const { events } = await readAll(journald, JSON.stringify(first))
    assert.deepEqual(
      events.map((one) => one.eventId),
      ['SYSCALL'],
    )
  })
})

it('journald’s JSON: a message given twice, and one that was too long to be shown', async () => {
  const base = { __REALTIME_TIMESTAMP: '1715677200000000', _HOSTNAME: 'box', SYSLOG_IDENTIFIER: 'x' }
  const lines = [
    { ...base, MESSAGE: ['a', 'b'] },
    { ...base, MESSAGE: null },
  ]
  const { events, skips } = await readAll(journald, lines.map((one) => JSON.stringify(one)).join('\n'))
  assert.deepEqual(
    events.map((one) => one.field('message')),
    ['a b'],
  )
  assert.deepEqual(
    skips.map((one) => one.reason),
    ['journald: a record without a message'],
  )
})
