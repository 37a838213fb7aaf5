import assert from 'node:assert/strict'
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { read } from '../test/reading.ts'
import { SERVICE, SYSMON, sampleEvents, sampleLog } from '../test/samples.ts'
import { crc32 } from './crc32.ts'
import { type Damage, EvtxError, fileRanges, readEvtx, readEvtxSync, writeEvtx } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'evtx-'))
after(() => rmSync(folder, { recursive: true }))

const big = { ...SYSMON, eventData: { Text: 'x'.repeat(12_000) } }
const threeChunks = writeEvtx([big, SYSMON, big, big, SERVICE, big, big, SYSMON])
const ids = (log: Uint8Array | string, options = {}) => read(log, (record) => record.recordId, options).records

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    await Promise.resolve()
    yield bytes.subarray(at, at + size)
  }
}

describe('reading', () => {
  it('gives the same records from a buffer, a path, a descriptor and a stream of any pieces', async () => {
    const path = join(folder, 'log.evtx')
    writeFileSync(path, threeChunks)
    const expected = read(threeChunks, (record) => [
      record.recordId,
      record.offset,
      record.length,
      record.toJson(),
    ]).records
    assert.equal(expected.length, 8)
    const take = (record: import('./index.ts').EvtxRecord) => [
      record.recordId,
      record.offset,
      record.length,
      record.toJson(),
    ]
    assert.deepEqual(read(path, take).records, expected)
    const fromDescriptor: unknown[] = []
    const fail = (damage: Damage) => assert.fail(damage.reason)
    readEvtxSync(openSync(path, 'r'), {}, (record) => fromDescriptor.push(take(record)), fail)
    assert.deepEqual(fromDescriptor, expected)
    for (const size of [1000, 4096, 65536, 100_000, 1_000_000]) {
      const fromStream: unknown[] = []
      await readEvtx(inPieces(threeChunks, size), {}, (record) => fromStream.push(take(record)), fail)
      assert.deepEqual(fromStream, expected)
    }
  })

  it('says where each record lies in the file, and when it was written', () => {
    const [first] = read(threeChunks, (record) => ({
      bytes: threeChunks.slice(record.offset, record.offset + record.length),
      inChunk: record.bytes.slice(record.start, record.start + record.length),
      written: record.written,
    })).records
    assert.deepEqual(first.bytes, first.inChunk)
    assert.deepEqual([...first.bytes.subarray(0, 4)], [0x2a, 0x2a, 0, 0])
    assert.equal(first.written, Date.UTC(2024, 0, 2, 3, 4, 5) * 1000 + 678_901)
  })

  it('reads each record once, however the file is cut', async () => {
    const all = ids(threeChunks)
    for (const wanted of [1, 2, 3, 7]) {
      const cut = fileRanges(threeChunks.length, wanted).flatMap((range) => ids(threeChunks, range))
      assert.deepEqual(cut, all)
    }
    const anywhere = [0, 1, 4096, 5000, 69632, 100_000, 135_168, threeChunks.length]
    const cut = anywhere.slice(1).flatMap((end, i) => ids(threeChunks, { start: anywhere[i], end }))
    assert.deepEqual(cut, all)
    const streamed: number[] = []
    for (let i = 1; i < anywhere.length; i++)
      await readEvtx(
        inPieces(threeChunks, 7000),
        { start: anywhere[i - 1], end: anywhere[i] },
        (record) => streamed.push(record.recordId),
        (damage) => assert.fail(damage.reason),
      )
    assert.deepEqual(streamed, all)
  })

  it('finds chunks where the file header is lost or missing', () => {
    const lost = threeChunks.slice()
    lost.fill(0xee, 0, 4096)
    assert.deepEqual(ids(lost), ids(threeChunks))
    assert.deepEqual(ids(threeChunks.subarray(4096)), ids(threeChunks))
    assert.deepEqual(read(lost, () => 0).damages, [
      { offset: 0, bytes: 4096, reason: 'no event log header at the start of the file' },
    ])
  })

  it('tells of an empty file, a text, and a header that promises more', async () => {
    assert.deepEqual(read(new Uint8Array(0), () => 0).damages, [{ offset: 0, bytes: 0, reason: 'the file is empty' }])
    const text = new TextEncoder().encode('this is no event log')
    assert.deepEqual(read(text, () => 0).damages, [
      { offset: 0, bytes: 20, reason: 'no event log header at the start of the file' },
    ])
    const lying = threeChunks.slice()
    lying[42] = 9
    const expected = [{ offset: lying.length, bytes: 0, reason: 'the file is shorter than its header says' }]
    assert.deepEqual(read(lying, () => 0).damages, expected)
    const streamed: Damage[] = []
    await readEvtx(
      inPieces(lying, 5000),
      {},
      () => {},
      (damage) => streamed.push(damage),
    )
    assert.deepEqual(streamed, expected)
  })

  it('throws an EvtxError for what is no file, and for reading within reading', () => {
    const code = (what: () => void) => {
      try {
        what()
      } catch (error) {
        assert.ok(error instanceof EvtxError)
        return error.code
      }
      return undefined
    }
    assert.equal(
      code(() => read(join(folder, 'absent.evtx'), () => 0)),
      'not-readable',
    )
    assert.equal(
      code(() => read(folder, () => 0)),
      'not-readable',
    )
    assert.equal(
      code(() => read(sampleLog(), () => read(sampleLog(), () => 0))),
      'busy',
    )
    assert.equal(ids(sampleLog()).length, sampleEvents.length)
  })

  it('lets the error of a callback through, and can read again', () => {
    assert.throws(
      () =>
        read(sampleLog(), () => {
          throw new RangeError('mine')
        }),
      RangeError,
    )
    assert.equal(ids(sampleLog()).length, sampleEvents.length)
  })

  it('reads what is left of a file that ends anywhere, and says so', () => {
    const log = sampleLog()
    const starts = read(log, (record) => [record.offset, record.offset + record.length]).records
    const used = starts[starts.length - 1][1]
    for (let length = 0; length < used; length++) {
      const { records, damages } = read(log.subarray(0, length), (record) => record.toJson())
      const whole = length < 4096 + 512 ? 0 : starts.filter(([, end]) => end <= length).length
      assert.equal(records.length, whole, `cut at ${length}`)
      assert.ok(damages.length > 0, `cut at ${length}`)
    }
    // Only free space is missing: every record is there, and the header's promise is not kept.
    const { records, damages } = read(log.subarray(0, used + 10), (record) => record.recordId)
    assert.equal(records.length, sampleEvents.length)
    assert.deepEqual(damages, [{ offset: used + 10, bytes: 0, reason: 'the file is shorter than its header says' }])
  })

  it('skips exactly what is damaged', () => {
    const log = sampleLog()
    const places = read(log, (record) => ({ offset: record.offset, length: record.length })).records
    // a record's magic
    const noMagic = log.slice()
    noMagic[places[1].offset] = 0
    assert.deepEqual(
      read(noMagic, (record) => record.recordId),
      {
        records: [1, 3, 4, 5, 6],
        damages: [{ offset: places[1].offset, bytes: places[1].length, reason: 'no record where one should be' }],
      },
    )
    // a record's size, beyond the chunk
    const tooLong = log.slice()
    tooLong[places[2].offset + 6] = 1
    assert.deepEqual(
      read(tooLong, (record) => record.recordId),
      {
        records: [1, 2, 4, 5, 6],
        damages: [{ offset: places[2].offset, bytes: places[2].length, reason: 'a record is longer than its chunk' }],
      },
    )
    // its token stream
    const noTokens = log.slice()
    noTokens[places[3].offset + 24] = 0xee
    assert.deepEqual(
      read(noTokens, (record) => record.recordId),
      {
        records: [1, 2, 3, 5, 6],
        damages: [{ offset: places[3].offset, bytes: places[3].length, reason: '0xee is no binary XML token' }],
      },
    )
    // the copy of its size
    const twoSizes = log.slice()
    twoSizes[places[0].offset + places[0].length - 4] ^= 8
    assert.deepEqual(read(twoSizes, (record) => record.recordId).records, [1, 2, 3, 4, 5, 6])
  })

  it('ends a chunk at the last record that its header names, and does not when the header is damaged', () => {
    const log = sampleLog()
    const places = read(log, (record) => ({ offset: record.offset, end: record.offset + record.length })).records
    log[4096 + 32] = 3
    assert.deepEqual(
      read(log, (record) => record.recordId),
      { records: [1, 2, 3, 4, 5, 6], damages: [] },
    )
    const chunk = log.subarray(4096)
    new DataView(log.buffer).setUint32(4096 + 124, crc32(chunk.subarray(128, 512), crc32(chunk.subarray(0, 120))), true)
    assert.deepEqual(
      read(log, (record) => record.recordId),
      {
        records: [1, 2, 3],
        damages: [
          {
            offset: places[3].offset,
            bytes: places[5].end - places[3].offset,
            reason: 'records behind the last one of their chunk',
          },
        ],
      },
    )
    assert.deepEqual(read(log, (record) => record.carved, { carve: true }).records, [
      false,
      false,
      false,
      true,
      true,
      true,
    ])
  })

  it('keeps the rest of a record whose data can not be read', () => {
    const log = writeEvtx([SYSMON])
    const at = read(log, (record) => {
      const slot = [...record.layout.nested.keys()][0]
      return record.offset - record.start + record.starts[slot]
    }).records[0]
    log[at + 4] = 0xee
    const { records, damages } = read(log, (record) => JSON.parse(record.toJson()).Event)
    assert.equal(records[0].System.EventID, 1)
    assert.equal(records[0].EventData, undefined)
    assert.equal(damages[0].offset, at)
    assert.equal(damages[0].reason, '0xee is no binary XML token')
  })

  it('names wrong checksums when asked to, and reads on', () => {
    const log = sampleLog()
    assert.deepEqual(read(log, () => 0, { checksums: true }).damages, [])
    const broken = log.slice()
    broken[8] ^= 1
    broken[4096 + 140] ^= 1
    broken[4096 + 512 + 16] ^= 1
    const { records, damages } = read(broken, (record) => record.recordId, { checksums: true })
    assert.deepEqual(records, [1, 2, 3, 4, 5, 6])
    assert.deepEqual(
      damages.map((damage) => [damage.offset, damage.bytes, damage.reason]),
      [
        [0, 0, "the file header's checksum is wrong"],
        [4096, 0, "a chunk header's checksum is wrong"],
        [4096 + 512, 0, "a chunk's checksum is wrong"],
      ],
    )
    assert.deepEqual(read(broken, () => 0).damages, [])
  })
})
