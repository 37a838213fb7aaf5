import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fileTimeText, fileTimeToMicroseconds, microsecondsToFileTime, systemTimeText } from './time.ts'

function fileTime(time: bigint): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, time, true)
  return bytes
}

function microseconds(time: bigint): number {
  return fileTimeToMicroseconds(Number(time & 0xffffffffn), Number(time >> 32n))
}

describe('FILETIME', () => {
  it('counts from 1601 and prints seven digits of fraction', () => {
    assert.equal(fileTimeText(fileTime(0n), 0), '1601-01-01T00:00:00.0000000Z')
    assert.equal(fileTimeText(fileTime(116444736000000000n), 0), '1970-01-01T00:00:00.0000000Z')
    assert.equal(fileTimeText(fileTime(132223104123456789n), 0), '2020-01-01T00:00:12.3456789Z')
  })

  it('knows leap days, and that 1900 and 2100 have none', () => {
    const day = 864_000_000_000n
    const of2000 = 125911584000000000n // 2000-01-01
    assert.equal(fileTimeText(fileTime(of2000 + 59n * day), 0), '2000-02-29T00:00:00.0000000Z')
    assert.equal(fileTimeText(fileTime(of2000 + 60n * day), 0), '2000-03-01T00:00:00.0000000Z')
    for (const date of ['1900-03-01', '2100-02-28', '2100-03-01', '2400-02-29', '1999-12-31']) {
      const time = BigInt(Date.parse(`${date}T00:00:00Z`)) * 10000n + 116444736000000000n
      assert.equal(fileTimeText(fileTime(time), 0), `${date}T00:00:00.0000000Z`)
    }
  })

  it('prints zeroes when it is negative, and four digits of a year past 9999', () => {
    assert.equal(fileTimeText(fileTime(0x8000000000000000n), 0), '0000-00-00T00:00:00.0000000Z')
    assert.match(fileTimeText(fileTime(0x7fffffffffffffffn), 0), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/)
  })

  it('is whole microseconds since 1970, exactly', () => {
    assert.equal(microseconds(116444736000000000n), 0)
    assert.equal(microseconds(116444736000000010n), 1)
    assert.equal(microseconds(116444735999999990n), -1)
    assert.equal(microseconds(132223104123456789n), 1577836812345678)
    assert.equal(microseconds(0n), -11644473600000000)
  })

  it('comes back from microseconds', () => {
    for (const time of [0, 1, -1, 1577836812345678, -11644473600000000]) {
      const [low, high] = microsecondsToFileTime(time)
      assert.equal(fileTimeToMicroseconds(low, high), time)
    }
  })
})

describe('SYSTEMTIME', () => {
  const bytes = (...fields: number[]) => new Uint8Array(Uint16Array.from(fields).buffer)
  it('prints its fields', () => {
    assert.equal(systemTimeText(bytes(2019, 3, 5, 1, 12, 34, 56, 789), 0), '2019-03-01T12:34:56.7890000Z')
    assert.equal(systemTimeText(bytes(2020, 2, 6, 29, 0, 0, 0, 0), 0), '2020-02-29T00:00:00.0000000Z')
  })
  it('prints the first of 1601 when it is no date', () => {
    for (const fields of [
      [0, 0, 0, 0, 0, 0, 0, 0],
      [2019, 2, 0, 29, 0, 0, 0, 0],
      [2019, 13, 0, 1, 0, 0, 0, 0],
      [2019, 3, 0, 1, 24, 0, 0, 0],
      [2019, 3, 0, 1, 0, 0, 0, 1000],
    ])
      assert.equal(systemTimeText(bytes(...fields), 0), '1601-01-01T00:00:00.0000000Z')
  })
})
