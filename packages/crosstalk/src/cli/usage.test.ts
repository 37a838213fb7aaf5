import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Zone } from '../sources/local-zone.ts'
import { parseArchiveLimits, parseInstant, parseTimeRange, parseZone, UsageError } from './usage.ts'

const at = (text: string, zone: Zone = 0, end = false) =>
  new Date(parseInstant(text, '--since', zone, end)! / 1000).toISOString()

describe('times on the command line', () => {
  it('are dates, or dates and times, in UTC unless they say otherwise', () => {
    assert.equal(at('2024-05-14'), '2024-05-14T00:00:00.000Z')
    assert.equal(at('2024-05-14T09:30'), '2024-05-14T09:30:00.000Z')
    assert.equal(at('2024-05-14 09:30:15.250Z'), '2024-05-14T09:30:15.250Z')
    assert.equal(at('2024-05-14T09:30:00+02:00'), '2024-05-14T07:30:00.000Z')
  })
  it('are in the zone of --tz when they name none', () => {
    assert.equal(at('2024-05-14T09:30', 120), '2024-05-14T07:30:00.000Z')
    assert.equal(at('2024-05-14T09:30Z', 120), '2024-05-14T09:30:00.000Z')
    assert.equal(at('2024-01-14T09:30', 'Europe/Berlin'), '2024-01-14T08:30:00.000Z')
    assert.equal(at('2024-05-14T09:30', 'Europe/Berlin'), '2024-05-14T07:30:00.000Z')
  })
  it('--until of a date is its last microsecond', () => {
    assert.equal(parseInstant('2024-05-14', '--until', 0, true), Date.UTC(2024, 4, 15) * 1000 - 1)
    assert.equal(at('2024-05-14T09:30', 0, true), '2024-05-14T09:30:00.000Z')
  })
  it('--until of a date on which the clocks change is its last microsecond', () => {
    assert.equal(parseInstant('2024-03-31', '--until', 'Europe/Berlin', true), Date.UTC(2024, 2, 31, 22) * 1000 - 1)
    assert.equal(parseInstant('2024-10-27', '--until', 'Europe/Berlin', true), Date.UTC(2024, 9, 27, 23) * 1000 - 1)
  })
  it('are refused when they are none', () => {
    for (const text of ['yesterday', '2024-13-01', '2024-05-14T25:00', '14.05.2024', ''])
      assert.throws(() => at(text), UsageError, text)
  })
  it('are refused when nothing can be between them', () => {
    assert.throws(() => parseTimeRange('2024-02-01', '2024-01-01', 0), UsageError)
    assert.doesNotThrow(() => parseTimeRange('2024-01-01', '2024-01-01', 0))
  })
})

describe('zones', () => {
  it('are offsets from UTC in minutes', () => {
    assert.deepEqual(['UTC', 'z', '+02:00', '-0530', '+9'].map(parseZone), [0, 0, 120, -330, 540])
  })
  it('are names of the IANA time zone database', () => {
    assert.deepEqual(['Europe/Berlin', 'America/Argentina/Buenos_Aires', 'CET'].map(parseZone), [
      'Europe/Berlin',
      'America/Argentina/Buenos_Aires',
      'CET',
    ])
  })
  it('are refused beyond fourteen hours, and when no zone has the name', () => {
    for (const text of ['+15:00', 'Mars', 'Europe/', 'Europe/Berlin2', '', '02:00'])
      assert.throws(() => parseZone(text), UsageError, text)
  })
})

describe('limits of archives', () => {
  it('are those that were given', () => {
    assert.equal(parseArchiveLimits({}), undefined)
    assert.deepEqual(parseArchiveLimits({ 'archive-depth': '2', 'archive-bytes': '1000' }), { depth: 2, bytes: 1000 })
    assert.throws(() => parseArchiveLimits({ 'archive-depth': '-1' }), UsageError)
  })
})
