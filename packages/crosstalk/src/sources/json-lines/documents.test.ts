import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Input, Skip } from '../source.ts'
import { forEachDocumentRecord } from './documents.ts'

async function records(text: string, size: number, max: number, encoding: BufferEncoding = 'utf8') {
  const bytes = Buffer.from(encoding === 'utf8' ? text : `\ufeff${text}`, encoding)
  const input: Input = {
    name: 'memory',
    async *open(start = 0) {
      for (let at = start; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
    },
  }
  const found: string[] = []
  const skips: Skip[] = []
  await forEachDocumentRecord(
    input,
    encoding !== 'utf8',
    (buffer, start, end, offset, length) => {
      found.push(buffer.toString('utf8', start, end))
      assert.equal(bytes.toString(encoding, offset, offset + length), found.at(-1))
    },
    (skip) => skips.push(skip),
    max,
  )
  return { found, skips }
}

describe('a record of a document that is too long', () => {
  const long = `{"a":"${'x{"}'.replace('"', '\\"').repeat(20)}","b":[{}]}`
  for (const size of [1, 5, 7])
    test(`is skipped with its bytes; the next is read (pieces of ${size})`, async () => {
      for (const [text, offset] of [
        [`${long}\n{"c":1}`, 0],
        [`[{"c":0}, ${long}, {"c":1}]`, 10],
      ] as const)
        for (const encoding of ['utf8', 'utf16le'] as const) {
          const { found, skips } = await records(text, size, 40, encoding)
          assert.equal(found.at(-1), '{"c":1}')
          const wide = encoding === 'utf16le'
          assert.deepEqual(skips, [
            { reason: 'record too long', offset: wide ? offset * 2 + 2 : offset, bytes: long.length * (wide ? 2 : 1) },
          ])
        }
    })
  test('ends where a line begins with a brace: it was broken', async () => {
    const broken = `{"a":"${'x}{'.repeat(20)}`
    const { found, skips } = await records(`${broken}\n{"c":1}\n{"c":2}`, 7, 20)
    assert.deepEqual(found, ['{"c":1}', '{"c":2}'])
    assert.deepEqual(skips, [{ reason: 'record too long', offset: 0, bytes: broken.length + 1 }])
  })
})
