import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assessCoverage } from '../../coverage/assess.ts'
import type { InventoryEntry } from '../../coverage/inventory.ts'
import { coverageHtml } from './html.ts'
import { renderCoverage } from './terminal.ts'

const entry: InventoryEntry = {
  host: '<b>WS1</b>',
  channel: 'Microsoft-Windows-Sysmon/Operational',
  eventId: 17,
  format: 'evtx',
  logSources: [{ product: 'windows' }],
  fields: [],
  count: 240,
  first: 0,
  last: 86_400_000_000,
}

test('where the telemetry is too short to tell of a day, the page and the terminal say so', () => {
  const report = assessCoverage([{ ...entry, host: 'WS1', last: 60_000_000 }], [])
  assert.match(coverageHtml(report), /<td>17<\/td><td>240<\/td><td>–<\/td>.*too little to tell of a day/s)
  const text = renderCoverage(report, { columns: 200, color: false }).replaceAll(/\s+/g, ' ')
  assert.match(text, /WS1 windows, 240 events, .* UTC; too short, or too few, to tell events a day/)
  const long = renderCoverage(assessCoverage([entry], []), { columns: 200, color: false })
  assert.doesNotMatch(long, /too short/)
})

test('coverage as a page tells events a day, what is missing and what it would bring, and runs nothing', () => {
  const page = coverageHtml(assessCoverage([entry, { ...entry, host: 'WS2', eventId: 1 }], []))
  assert.match(page, /<td>17<\/td><td>240<\/td><td>240<\/td>/)
  assert.match(page, /Named and anonymous pipes.*WS2.*Sysmon: about 240 events a day and host/s)
  assert.match(page, /&lt;b&gt;WS1/)
  assert.doesNotMatch(page, /too little to tell/)
  assert.doesNotMatch(page, /<script|<b>WS1|undefined|NaN/i)
})
