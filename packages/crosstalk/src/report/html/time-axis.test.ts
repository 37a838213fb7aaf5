import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { timeAxis } from './time-axis.ts'

const at = (time: string) => Date.parse(`2026-03-04T${time}Z`)

describe('the time axis', () => {
  test('there is none without a moment', () => assert.equal(timeAxis([Number.NaN], 0, 100), undefined))
  test('a single moment stands in the middle', () => {
    const axis = timeAxis([at('14:02:11')], 0, 1000)!
    assert.equal(axis.x(at('14:02:11')), 500)
    assert.deepEqual(axis.ticks, [{ x: 500, label: '14:02:11.000', date: '2026-03-04', before: false }])
  })
  test('a story of seconds is drawn whole', () => {
    const axis = timeAxis(['14:02:10', '14:02:11', '14:02:12', '14:02:15'].map(at), 0, 1000)!
    assert.deepEqual(axis.cuts, [])
    assert.deepEqual(
      axis.ticks.map((tick) => tick.label),
      [
        '14:02:10.000',
        '14:02:10.500',
        '14:02:11.000',
        '14:02:11.500',
        '14:02:12.000',
        '14:02:12.500',
        '14:02:13.000',
        '14:02:13.500',
        '14:02:14.000',
        '14:02:14.500',
      ],
    )
  })
  test('hours of silence between two busy minutes are cut out, and the cut says how long', () => {
    const busy = (hour: string) =>
      Array.from({ length: 20 }, (_, second) => at(`${hour}:00:${String(second).padStart(2, '0')}`))
    const axis = timeAxis([...busy('09'), ...busy('14')], 0, 1000)!
    assert.deepEqual(
      axis.cuts.map((cut) => cut.label),
      ['5 h'],
    )
    assert.deepEqual(
      axis.segments.map((segment) => segment.to - segment.from),
      [19_000, 19_000],
    )
  })
  test('later is never further left, and all is within the width, whatever the moments', () => {
    const moment = fc.integer({ min: -8.64e15, max: 8.64e15 })
    fc.assert(
      fc.property(fc.array(moment, { minLength: 1, maxLength: 60 }), (moments) => {
        const axis = timeAxis(moments, 50, 900)!
        const places = [...moments].sort((a, b) => a - b).map((time) => axis.x(time))
        for (const [index, place] of places.entries()) {
          assert.ok(place >= 50 && place <= 950.001, String(place))
          assert.ok(index === 0 || place >= places[index - 1] - 1e-6)
        }
      }),
    )
  })
})
