import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GatheredLines } from './gathered-lines.ts'

describe('gathered lines', () => {
  it('are their bytes, whatever they hold and however many there are', () => {
    const lines = new GatheredLines()
    assert.equal(lines.take(), undefined)
    const written = Array.from({ length: 4000 }, (_, at) => `${at} ü € 😀 ${'x'.repeat(at % 700)}\n`)
    for (const line of written) lines.add(line)
    assert.equal(lines.isFull, true)
    assert.equal(Buffer.from(lines.take()!).toString(), written.join(''))
    assert.equal(lines.isFull, false)
    lines.add('again\n')
    assert.equal(Buffer.from(lines.take()!).toString(), 'again\n')
  })
  it('are taken in memory of their own', () => {
    const lines = new GatheredLines()
    lines.add('one\n')
    const taken = lines.take()!
    lines.add('two\n')
    lines.take()
    assert.equal(Buffer.from(taken).toString(), 'one\n')
    assert.equal(taken.buffer.byteLength, taken.length)
  })
})
