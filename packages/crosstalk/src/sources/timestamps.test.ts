import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Zone } from './local-zone.ts'
import { parseIsoBytes, parseTime } from './timestamps.ts'

/** microseconds as text, so that a failure can be read */
function time(value: string | number | bigint, zone: Zone = 0): string {
  const micros = parseTime(value, zone)
  if (Number.isNaN(micros)) return 'none'
  const millis = Math.floor(micros / 1000)
  return `${new Date(millis).toISOString().slice(0, -1)}${String(micros - millis * 1000).padStart(3, '0')}Z`
}

describe('a time as telemetry writes it', () => {
  const CASES: [value: string | number | bigint, zone: Zone, utc: string][] = [
    ['2020-08-05T06:09:27.5681234Z', 0, '2020-08-05T06:09:27.568123Z'],
    ['2020-08-05 06:09:27.568', 0, '2020-08-05T06:09:27.568000Z'],
    ['2020-08-05 02:09:27', -240, '2020-08-05T06:09:27.000000Z'],
    ['2020-08-05T08:09:27,5+02:00', 0, '2020-08-05T06:09:27.500000Z'],
    ['2023-06-01 10:00:00 +0200', 0, '2023-06-01T08:00:00.000000Z'],
    ['2020-08-05T06:09:27+05', 0, '2020-08-05T01:09:27.000000Z'],
    ['2020-05-17 11:54:24Z', 0, '2020-05-17T11:54:24.000000Z'],
    ['2020-08-05 06:09 UTC', 600, '2020-08-05T06:09:00.000000Z'],
    ['1969-12-31T23:59:59.25Z', 0, '1969-12-31T23:59:59.250000Z'],
    ['2024-02-29T00:00:00Z', 0, '2024-02-29T00:00:00.000000Z'],
    ['6/4/2024, 10:11:12.123 PM', 0, '2024-06-04T22:11:12.123000Z'],
    ['6/4/2024 12:11:12 AM', 60, '2024-06-03T23:11:12.000000Z'],
    ['/Date(1596607767568)/', 0, '2020-08-05T06:09:27.568000Z'],
    [1596607767, 600, '2020-08-05T06:09:27.000000Z'],
    ['1596607767.5', 0, '2020-08-05T06:09:27.500000Z'],
    [1596607767568, 0, '2020-08-05T06:09:27.568000Z'],
    [1596607767568123, 0, '2020-08-05T06:09:27.568123Z'],
    ['132410813675680000', 0, '2020-08-05T06:09:27.568000Z'],
    // 1596607767.568123 s and 1604996384.965 s lie beside what a double holds.
    [1596607767.568123, 0, '2020-08-05T06:09:27.568123Z'],
    ['1604996384.965123', 0, '2020-11-10T08:19:44.965123Z'],
    // Neither nanoseconds nor FILETIME fit into a double exactly.
    ['1596607767568124001', 0, '2020-08-05T06:09:27.568124Z'],
    [1596607767568124001n, 0, '2020-08-05T06:09:27.568124Z'],
    ['132410813675681240', 0, '2020-08-05T06:09:27.568124Z'],
    ['2024-01-14 09:30:00.123456', 'Europe/Berlin', '2024-01-14T08:30:00.123456Z'],
    ['2024-05-14 09:30:00.123456', 'Europe/Berlin', '2024-05-14T07:30:00.123456Z'],
    ['2024-05-14T09:30:00Z', 'Europe/Berlin', '2024-05-14T09:30:00.000000Z'],
    ['2024-05-14T09:30:00+05:30', 'Europe/Berlin', '2024-05-14T04:00:00.000000Z'],
    ['1/14/2024 9:30:00 AM', 'America/New_York', '2024-01-14T14:30:00.000000Z'],
    ['', 0, 'none'],
    ['yesterday', 0, 'none'],
    ['2020-13-01T00:00:00Z', 0, 'none'],
    ['2020-08-05T06:09:27 CEST', 0, 'none'],
    ['2020-08-05T06:09:2', 0, 'none'],
    [0, 0, 'none'],
  ]
  for (const [value, zone, utc] of CASES)
    test(`${typeof value === 'bigint' ? value : JSON.stringify(value)} in zone ${zone} is ${utc}`, () =>
      assert.equal(time(value, zone), utc))

  test('property: any time that JavaScript writes is read back', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date(253402300799999), noInvalidDate: true }), (date) => {
        const bytes = Buffer.from(date.toISOString())
        assert.equal(parseIsoBytes(bytes, 0, bytes.length, 123), date.getTime() * 1000)
      }),
    )
  })
})
