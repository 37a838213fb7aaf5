import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  byteSize,
  clockOf,
  counted,
  dateOf,
  duration,
  endpoint,
  fileName,
  grouped,
  momentOf,
  processName,
  seconds,
  spanOf,
  tacticName,
} from './quantities.ts'

describe('quantities as people read them', () => {
  test('counts', () => {
    assert.equal(counted(1, 'case'), '1 case')
    assert.equal(counted(1234567, 'event'), '1,234,567 events')
    assert.equal(counted(0, 'process', 'processes'), '0 processes')
    assert.equal(grouped(999), '999')
  })
  test('sizes', () => {
    assert.equal(byteSize(1536), '1.5 KB')
    assert.equal(byteSize(512), '512 B')
    assert.equal(byteSize(419_430_400), '400 MB')
  })
  test('times of a run', () => {
    assert.equal(seconds(0.042), '0.04 s')
    assert.equal(seconds(200), '3 min 20 s')
  })
  test('how long between', () => {
    assert.equal(duration(12), '12 ms')
    assert.equal(duration(4_640), '4.6 s')
    assert.equal(duration(42_000), '42 s')
    assert.equal(duration(11_520_000), '3 h 12 min')
    assert.equal(duration(1_209_600_000), '14 days')
  })
  test('moments', () => {
    assert.equal(momentOf('2026-03-04T14:02:11.512Z'), '2026-03-04 14:02:11 UTC')
    assert.equal(clockOf('2026-03-04T14:02:11.512345Z'), '14:02:11.512')
    assert.equal(dateOf('2026-03-04T14:02:11Z'), '2026-03-04')
    assert.equal(spanOf('2026-03-04T14:02:11Z', '2026-03-04T14:02:15Z'), '2026-03-04 14:02:11 – 14:02:15 UTC')
    assert.equal(
      spanOf('2026-03-04T14:02:11Z', '2026-03-05T01:00:00Z'),
      '2026-03-04 14:02:11 – 2026-03-05 01:00:00 UTC',
    )
    assert.equal(momentOf(''), 'at an unknown time')
    assert.equal(momentOf('soon\x1b'), 'soon␛')
  })
  test('names', () => {
    assert.equal(fileName('C:\\Windows\\System32\\cmd.exe'), 'cmd.exe')
    assert.equal(fileName('/usr/bin/dbus-daemon'), 'dbus-daemon')
    assert.equal(processName({ image: '', pid: 4 }), 'unknown image (4)')
    assert.equal(tacticName('lateral-movement'), 'Lateral movement')
    assert.equal(endpoint('2001:db8::1', 443), '[2001:db8::1]:443')
  })
})
