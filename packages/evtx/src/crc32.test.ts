import assert from 'node:assert/strict'
import { it } from 'node:test'
import { crc32, tableCrc32 } from './crc32.ts'

it('gives the check value of CRC-32, and goes on from a value before', () => {
  const bytes = new TextEncoder().encode('123456789')
  for (const sum of [crc32, tableCrc32]) {
    assert.equal(sum(bytes), 0xcbf43926)
    assert.equal(sum(bytes.subarray(4), sum(bytes.subarray(0, 4))), 0xcbf43926)
    assert.equal(sum(new Uint8Array(0)), 0)
  }
})
