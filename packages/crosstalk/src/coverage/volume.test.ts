import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { assessCoverage, type CoverageReport } from './assess.ts'
import { configurationFiles } from './configure.ts'
import { createInventory, type InventoryEntry } from './inventory.ts'

const DAY = 86_400_000_000
const entry = (host: string, channel: string, eventId: number, count: number, more: Partial<InventoryEntry> = {}) => ({
  host,
  channel,
  eventId,
  format: 'evtx',
  logSources: [{ product: 'windows' }],
  fields: ['CommandLine'],
  count,
  first: 0,
  last: 2 * DAY,
  ...more,
})
const sysmon = (host: string, eventId: number, count: number, more: Partial<InventoryEntry> = {}) =>
  entry(host, 'Microsoft-Windows-Sysmon/Operational', eventId, count, more)
const rates = ({ entries }: CoverageReport) => entries.map((one) => [one.host, one.eventId, one.perDay])
const expected = (entries: InventoryEntry[], id: string) =>
  assessCoverage(entries, []).sources.find((one) => one.source.id === id)?.expected

describe('events a day', () => {
  test('are what was observed over the time in which the channel spoke', () => {
    const report = assessCoverage([sysmon('WS1', 1, 300), sysmon('WS1', 17, 5, { first: DAY, last: DAY })], [])
    assert.deepEqual(rates(report), [
      ['WS1', 1, 150],
      ['WS1', 17, 2.5],
    ])
    assert.equal(report.hosts[0].channels[0].perDay, 153)
  })
  test('are not told of less than an hour, of a handful of events, or of events without a time', () => {
    const none = (more: Partial<InventoryEntry>) => rates(assessCoverage([sysmon('WS1', 1, 300, more)], []))[0][2]
    assert.equal(none({ last: DAY / 48 }), undefined)
    assert.equal(none({ count: 9 }), undefined)
    assert.equal(none({ first: Number.NaN, last: Number.NaN }), undefined)
  })
})

test('days on which a host reported nothing are no observed time', () => {
  const inventory = createInventory()
  inventory.add([
    sysmon('WS1', 1, 50, { first: 0, last: DAY / 2, days: [0] }),
    sysmon('WS1', 1, 100, { first: 99 * DAY, last: 99.5 * DAY, days: [99] }),
  ])
  // A day of the first, half a day of the last.
  assert.deepEqual(rates(assessCoverage(inventory.entries(), [])), [['WS1', 1, 100]])
})

describe('what a setting would bring', () => {
  test('is what the hosts bring that have it: the middle, and the most', () => {
    const entries = [sysmon('A', 17, 20), sysmon('B', 18, 200), sysmon('C', 17, 60), sysmon('D', 1, 20)]
    assert.deepEqual(expected(entries, 'pipes')?.sysmon, { perDay: 30, most: 100, from: 'hosts', hosts: 3 })
  })
  test('is learned for Sysmon from Sysmon, for the audit policy from the Security log', () => {
    const entries = [sysmon('A', 3, 20), entry('B', 'Security', 5156, 9000)]
    const { sysmon: one, commands: other } = expected(entries, 'inbound-connections')!
    assert.deepEqual([one?.perDay, other?.perDay], [10, 4500])
  })
  test('is that of the same events without the field that is missing', () => {
    const entries = [entry('A', 'Security', 4688, 100, { fields: [] })]
    assert.deepEqual(expected(entries, 'process-creation')?.commands, { perDay: 50, most: 50, from: 'alike', hosts: 1 })
  })
  test('is not told where nothing tells it', () => {
    assert.deepEqual(expected([sysmon('A', 1, 100)], 'pipes'), { sysmon: undefined })
  })
  test('stands beside each setting in the files, with the patterns that it feeds', () => {
    const files = configurationFiles(assessCoverage([sysmon('A', 17, 20), sysmon('B', 1, 20)], []))
    const text = files.find((one) => one.name === 'sysmon-ipc.xml')?.text ?? ''
    assert.match(text, /pipes created.*AN1357\/remote-pipe.*about 10 events a day and host, as the host that has it/)
    assert.match(text, /Network connections.*feeds AN0628\/dcom-execution.*this telemetry does not tell/)
    for (const { text: each } of files) assert.doesNotMatch(each, /undefined|NaN/)
  })
})

test('property: coverage does not depend on the order in which parts of a run come', () => {
  const part = fc
    .record({
      host: fc.constantFrom('WS1', 'ws1.corp.example', 'WS2'),
      eventId: fc.constantFrom(1, 3, 17),
      count: fc.integer({ min: 1, max: 500 }),
      first: fc.integer({ min: 0, max: DAY }),
    })
    .map(({ host, eventId, count, first }) => sysmon(host, eventId, count, { first, last: first + DAY, days: [0, 1] }))
  const told = (parts: InventoryEntry[]) => {
    const inventory = createInventory()
    for (const one of parts) inventory.add([{ ...one }])
    return assessCoverage(inventory.entries(), [])
  }
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      assert.deepEqual(told([...parts].reverse()), told(parts))
    }),
  )
})
