import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { progressLine, startProgress } from './progress.ts'

describe('progress', () => {
  it('says how much, how fast and how long still', () => {
    assert.equal(
      progressLine(168_000_000, 400_000_000, 1_234_567, 1.5),
      '42 %  168 of 400 MB  1,234,567 events  112 MB/s  3 s left',
    )
    assert.equal(
      progressLine(1_000_000, 7_201_000_000, 10, 1),
      '0 %  1.0 of 7201 MB  10 events  1.0 MB/s  2 h 0 min left',
    )
  })
  it('knows no time left before anything was read', () => {
    assert.equal(progressLine(0, 400_000_000, 0, 0), '0 %  0.0 of 400 MB  0 events  0.0 MB/s')
  })
  it('is silent where standard error is no terminal', () => {
    let written = ''
    const stream = { isTTY: false, write: (text: string) => (written += text) } as unknown as NodeJS.WriteStream
    const progress = startProgress(100, stream)
    progress.at(50, 1)
    progress.end()
    assert.equal(written, '')
  })
})
