import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { read } from '../test/reading.ts'
import { sampleLog } from '../test/samples.ts'

const take = (record: import('./index.ts').EvtxRecord) => [record.recordId, record.carved]

/** The sample log, whose chunk header says that only the first `count` records are there. */
function forgetting(count: number): Uint8Array {
  const log = sampleLog()
  const places = read(log, (record) => record.offset + record.length).records
  new DataView(log.buffer).setUint32(4096 + 48, places[count - 1] - 4096, true)
  return log
}

describe('carving', () => {
  it('finds records in the free space of a chunk, and says that they were found there', () => {
    const log = forgetting(3)
    assert.deepEqual(read(log, take).records, [
      [1, false],
      [2, false],
      [3, false],
    ])
    assert.deepEqual(read(log, take, { carve: true }).records, [
      [1, false],
      [2, false],
      [3, false],
      [4, true],
      [5, true],
      [6, true],
    ])
  })

  it('finds records in a chunk without a header', () => {
    const log = sampleLog()
    log[4096] = 0
    assert.deepEqual(read(log, take).damages, [{ offset: 4096, bytes: 65536, reason: 'no chunk where one should be' }])
    assert.equal(read(log, take, { carve: true }).records.length, 6)
  })

  it('passes over what only looks like a record', () => {
    const log = forgetting(3)
    const fourth = new DataView(log.buffer).getUint32(4096 + 48, true) + 4096
    log[fourth + 24 + 4] = 0xee
    const { records, damages } = read(log, take, { carve: true })
    assert.deepEqual(
      records.map(([id]) => id),
      [1, 2, 3, 5, 6],
    )
    assert.deepEqual(damages, [])
  })
})
