import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assessCoverage } from './assess.ts'
import { configurationFiles } from './configure.ts'
import { createInventory, type InventoryEntry } from './inventory.ts'

const SYSMON = 'Microsoft-Windows-Sysmon/Operational'
const HOUR = 3_600_000_000
const entry = (eventId: number, more: Partial<InventoryEntry> = {}): InventoryEntry => ({
  host: 'WS1',
  channel: SYSMON,
  eventId,
  format: 'evtx',
  logSources: [{ product: 'windows', service: 'sysmon' }],
  fields: ['Image', 'CommandLine'],
  count: 60,
  first: 0,
  last: HOUR,
  ...more,
})
const status = (entries: InventoryEntry[]) =>
  Object.fromEntries(assessCoverage(entries, []).patterns.map((one) => [one.pattern, one.status]))

test('a pattern without any of what it needs is blind, with some of what helps partial', () => {
  assert.equal(status([entry(1)])['wmi-execution'], 'partial')
  assert.equal(status([entry(1)])['pipe-sweep'], 'blind')
  assert.equal(status([entry(17)])['pipe-sweep'], 'partial')
  assert.equal(status([entry(1), entry(3), entry(4624, { channel: 'Security' })])['wmi-execution'], 'fed')
})

test('process creation without command lines does not count', () => {
  assert.equal(status([entry(4688, { channel: 'Security', fields: ['NewProcessName'] })])['wmi-execution'], 'blind')
})

test('rules are fed by log sources, and the blind ones are named', () => {
  const { rules } = assessCoverage(
    [entry(1)],
    [
      { title: 'seen', logSource: { product: 'windows', service: 'sysmon' } },
      { title: 'unseen', logSource: { product: 'linux', service: 'auditd' } },
    ],
  )
  assert.deepEqual([rules.fed, rules.blind.map((one) => one.title)], [1, ['unseen']])
})

test('process creation without command lines is named with the host that reports it so', () => {
  const { sources } = assessCoverage([entry(4688, { channel: 'Security', fields: ['NewProcessName'] })], [])
  const source = sources.find((one) => one.source.id === 'process-creation')!
  assert.deepEqual([source.missing, source.lacking], [['WS1'], [{ host: 'WS1', field: 'CommandLine', count: 60 }]])
})

test('a host that never reports pipes is named, beside those that do', () => {
  const { sources } = assessCoverage([entry(17), entry(1), entry(1, { host: 'WS2' })], [])
  const pipes = sources.find((one) => one.source.id === 'pipes')!
  assert.deepEqual([pipes.hosts.map((one) => one.host), pipes.missing], [['WS1'], ['WS2']])
})

test('a host is one, however its events spell it', () => {
  const inventory = createInventory()
  inventory.add([
    entry(1, { host: 'ws1.corp.example', last: HOUR }),
    entry(1, { host: 'WS1' }),
    entry(4624, { channel: 'Security', host: 'ws1', last: 5 * HOUR }),
  ])
  const report = assessCoverage(inventory.entries(), [])
  assert.deepEqual(
    report.hosts.map((one) => [one.host, one.events]),
    [['WS1', 180]],
  )
  assert.deepEqual(
    report.silences.map((one) => one.channel),
    [SYSMON],
  )
})

test('parts of a run add up in any order', () => {
  const inventory = createInventory()
  inventory.add([entry(1, { first: 5, last: 9 }), entry(1, { first: 1, last: 3, fields: ['User'] })])
  assert.deepEqual(
    inventory.entries().map(({ count, first, last, fields }) => ({ count, first, last, fields })),
    [{ count: 120, first: 1, last: 9, fields: ['CommandLine', 'Image', 'User'] }],
  )
})

test('what is missing becomes files, each line saying what it feeds', () => {
  const files = configurationFiles(assessCoverage([entry(1)], []))
  assert.deepEqual(
    files.map((one) => one.name),
    ['sysmon-ipc.xml', 'audit-policy.cmd'],
  )
  assert.match(files[0].text, /Named and anonymous pipes.*feeds .*AN1357\/remote-pipe/)
  assert.doesNotMatch(files[0].text, /ProcessCreate/)
})
