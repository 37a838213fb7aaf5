import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InventoryEntry } from './inventory.ts'
import { silences } from './silences.ts'

const HOUR = 3_600_000_000
const DAY = 24 * HOUR
const entry = (channel: string, eventId: number, more: Partial<InventoryEntry> = {}): InventoryEntry => ({
  host: 'WS1',
  channel,
  eventId,
  format: 'evtx',
  logSources: [],
  fields: [],
  count: 60,
  first: 0,
  last: HOUR,
  ...more,
})

test('a channel that stops while its host goes on is a silence', () => {
  const found = silences([entry('Sysmon', 1), entry('Security', 4624, { last: 5 * HOUR })])
  assert.deepEqual(found, [{ host: 'WS1', channel: 'Sysmon', last: HOUR, hostLast: 5 * HOUR }])
})

test('another host that goes on tells nothing', () => {
  assert.deepEqual(silences([entry('Sysmon', 1), entry('Security', 4624, { host: 'WS2', last: 5 * HOUR })]), [])
})

test('one kind of event that stops is none: the channel goes on', () => {
  const found = silences([
    entry('Sysmon', 1),
    entry('Sysmon', 3, { last: 5 * HOUR }),
    entry('Security', 4624, { last: 5 * HOUR }),
  ])
  assert.deepEqual(found, [])
})

test('a channel that speaks seldom is not silent after an hour, but after ten times its usual distance', () => {
  const monthly = entry('System', 7036, { last: 30 * DAY })
  assert.deepEqual(silences([monthly, entry('Security', 4624, { last: 32 * DAY })]), [])
  assert.equal(silences([monthly, entry('Security', 4624, { last: 36 * DAY })]).length, 1)
})

test('fewer than fifty events are no steady stream', () => {
  assert.deepEqual(silences([entry('Sysmon', 1, { count: 49 }), entry('Security', 4624, { last: 5 * HOUR })]), [])
})

test('events without a time hide no silence, wherever they stand', () => {
  const timeless = entry('Application', 1000, { first: Number.NaN, last: Number.NaN })
  const told = [entry('Sysmon', 1), entry('Security', 4624, { last: 5 * HOUR })]
  assert.equal(silences([timeless, ...told]).length, 1)
  assert.equal(silences([...told, timeless]).length, 1)
})
