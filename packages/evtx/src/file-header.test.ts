import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sampleLog } from '../test/samples.ts'
import { fileRanges, isEvtx, readFileHeader } from './file-header.ts'

describe('the file header', () => {
  it('is known by its first eight bytes', () => {
    assert.ok(isEvtx(sampleLog().subarray(0, 8)))
    assert.ok(isEvtx(sampleLog().subarray(4096, 4104)))
    assert.ok(!isEvtx(new TextEncoder().encode('ElfFile log, said the text')))
    assert.ok(!isEvtx(new Uint8Array(0)))
  })
  it('says what it says', () => {
    const log = sampleLog()
    log[120] = 1
    const header = readFileHeader(log)
    assert.equal(header.isValid, true)
    assert.equal(header.firstChunk, 4096)
    assert.equal(header.chunks, 1)
    assert.equal(header.isDirty, true)
    assert.deepEqual([header.majorVersion, header.minorVersion], [3, 1])
  })
  it('is made up where there is none', () => {
    assert.deepEqual(readFileHeader(new Uint8Array(128)).firstChunk, 4096)
    assert.deepEqual(readFileHeader(sampleLog().subarray(4096)).firstChunk, 0)
    assert.equal(readFileHeader(new Uint8Array(3)).isValid, false)
  })
})

describe('where a file may be cut', () => {
  const size = 4096 + 10 * 65536
  it('is between chunks, into about equal parts that cover all of it', () => {
    assert.deepEqual(fileRanges(size, 3), [
      { start: 0, end: 4096 + 3 * 65536 },
      { start: 4096 + 3 * 65536, end: 4096 + 6 * 65536 },
      { start: 4096 + 6 * 65536, end: size },
    ])
  })
  it('gives no more parts than chunks, and one at least', () => {
    assert.equal(fileRanges(4096 + 65536, 8).length, 1)
    assert.deepEqual(fileRanges(100, 4), [{ start: 0, end: 100 }])
    assert.equal(fileRanges(size, 1).length, 1)
  })
})
