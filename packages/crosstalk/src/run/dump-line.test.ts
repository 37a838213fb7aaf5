import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isoMicroseconds, timeJson } from './dump-line.ts'

describe('times as text', () => {
  it('are ISO 8601 UTC, with three digits where they say it all, with six where they do not', () => {
    assert.equal(isoMicroseconds(1_557_797_344_306_000), '2019-05-14T01:29:04.306Z')
    assert.equal(isoMicroseconds(1_557_797_344_306_001), '2019-05-14T01:29:04.306001Z')
    assert.equal(isoMicroseconds(1_557_797_344_000_009), '2019-05-14T01:29:04.000009Z')
    assert.equal(isoMicroseconds(1_557_797_345_000_000), '2019-05-14T01:29:05.000Z')
  })
  it('before 1970 are right too', () => {
    assert.equal(isoMicroseconds(-1), '1969-12-31T23:59:59.999999Z')
    assert.equal(isoMicroseconds(-11_644_473_600_000_000), '1601-01-01T00:00:00.000Z')
  })
  it('are nothing where there is none, or none that a date can hold', () => {
    assert.equal(isoMicroseconds(Number.NaN), '')
    assert.equal(isoMicroseconds(Number.POSITIVE_INFINITY), '')
    assert.equal(isoMicroseconds(9e21), '')
    assert.equal(timeJson(Number.NaN), 'null')
  })
})
