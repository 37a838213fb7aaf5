import assert from 'node:assert/strict'
import { test } from 'node:test'
import { timePartOf } from './time-part.ts'

const dateOf = (text: string) =>
  (['year', 'month', 'day', 'hour', 'minute'] as const).map((part) => timePartOf(text, part))

test('times with an offset are taken to UTC, and without one are UTC', () => {
  assert.deepEqual(dateOf('2026-01-01T01:30:00+02:00'), [2025, 12, 31, 23, 30])
  assert.deepEqual(dateOf('2026-01-01 01:30'), [2026, 1, 1, 1, 30])
  assert.deepEqual(dateOf('2026-01-01T24:00:00Z'), [2026, 1, 2, 0, 0])
})

test('numbers are seconds since 1970, with or without a fraction, or milliseconds', () => {
  for (const text of ['1767231000', '1767231000.123456', '1767231000123'])
    assert.deepEqual(dateOf(text), [2026, 1, 1, 1, 30], text)
})

test('years below 100 are years of the first century', () => {
  assert.deepEqual(dateOf('0001-01-01T00:00:00Z'), [1, 1, 1, 0, 0])
  assert.equal(timePartOf('0099-05-30', 'week'), 22)
})

test('weeks are those of ISO 8601', () => {
  for (const [text, week] of [
    ['2026-01-01', 1],
    ['2027-01-01', 53],
    ['2024-12-30', 1],
    ['2021-01-03', 53],
  ] as const)
    assert.equal(timePartOf(text, 'week'), week, text)
})

test('what is no time has no parts', () => {
  for (const text of ['2026-02-30', '2026-13-01', '2026-01-01T24:01:00Z', '2026-01-01T10', 'now', '', '-5'])
    assert.equal(timePartOf(text, 'hour'), undefined, text)
})
