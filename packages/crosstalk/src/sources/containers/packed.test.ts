import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { InputError } from '../input-error.ts'
import { expand } from './expand.ts'
import { LOG, PACKED, packed } from './packed-samples.ts'
import { fromMemory } from './read-bytes.ts'

/** What comes out of an archive: name → text; errors and problems as `! text`. */
async function opened(name: string, bytes: Buffer): Promise<Record<string, string>> {
  const out: Record<string, string> = {}
  const onProblem = (problem: { name: string; problem: string }): void => {
    out[problem.name] = `! ${problem.problem}`
  }
  for await (const input of expand(fromMemory(name, bytes), { onProblem })) {
    const pieces: Buffer[] = []
    try {
      for await (const piece of input.open()) pieces.push(Buffer.from(piece))
      out[input.name] = Buffer.concat(pieces).toString()
    } catch (error) {
      assert.ok(error instanceof InputError, String(error))
      out[input.name] = `! ${error.message}`
    }
  }
  return out
}

describe('packed by bzip2, xz and 7-Zip', () => {
  for (const name of ['bzip2', 'xzCrc64', 'xzCrc32', 'xzSha256'] as const)
    test(`${name} is unpacked`, async () => assert.deepEqual(Object.values(await opened('log', packed(name))), [LOG]))

  test('the name loses its ending', async () => {
    assert.deepEqual(Object.keys(await opened('in/log.json.bz2', packed('bzip2'))), ['in/log.json.bz2!log.json'])
    assert.deepEqual(Object.keys(await opened('log.txz', packed('xzCrc64'))), ['log.txz!log.tar'])
  })
  test('streams one after the other are one', async () => {
    for (const name of ['bzip2', 'xzCrc64'] as const) {
      const twice = Buffer.concat([packed(name), packed(name)])
      assert.deepEqual(Object.values(await opened('log', twice)), [LOG + LOG])
    }
  })
  for (const name of ['sevenZipLzma', 'sevenZipLzma2'] as const)
    test(`${name} holds its files, the empty one too`, async () => {
      assert.deepEqual(await opened('x.7z', packed(name)), {
        'x.7z!d/b.txt': 'b',
        'x.7z!d/empty': '',
        'x.7z!d/log.json': LOG,
      })
    })
  test('an encrypted 7z, and one packed otherwise, is named', async () => {
    assert.deepEqual(await opened('x.7z', packed('sevenZipEncrypted')), {
      'x.7z!d/b.txt': '! encrypted; unpack it with its password and give the folder',
    })
    assert.deepEqual(await opened('x.7z', packed('sevenZipPpmd')), {
      'x.7z!d/b.txt': '! packed with PPMd, which is not read; unpack it and give the folder',
    })
  })
})

describe('damaged', () => {
  test('truncation at every byte is noticed, and only then', async () => {
    for (const name of ['bzip2', 'xzCrc32', 'sevenZipLzma2'] as const) {
      const bytes = packed(name)
      for (let length = 8; length < bytes.length; length++)
        assert.match(Object.values(await opened('log', bytes.subarray(0, length))).join(), /! |^7z|^BZh|^.7zXZ/s)
    }
  })
  test('a changed byte is noticed or does no harm', async () => {
    const names = Object.keys(PACKED) as (keyof typeof PACKED)[]
    const property = fc.asyncProperty(fc.constantFrom(...names), fc.nat(), fc.nat(255), async (name, at, byte) => {
      const bytes = packed(name)
      bytes[at % bytes.length] = byte
      for (const text of Object.values(await opened('log', bytes))) assert.ok(text.length < 100_000)
    })
    await fc.assert(property, { numRuns: 1500 })
  })
  test('a checksum that differs is an error', async () => {
    for (const [name, from, to] of [
      ['xzCrc32', -60, -1],
      ['xzCrc64', -60, -1],
      ['xzSha256', -80, -1],
      ['bzip2', 10, 14],
    ] as const) {
      const said: string[] = []
      for (let at = from; at < to; at++) {
        const bytes = packed(name)
        bytes[at < 0 ? bytes.length + at : at] ^= 1
        said.push(Object.values(await opened('log', bytes)).join())
      }
      assert.match(said.join('\n'), /\(checksum differs\)/)
    }
  })
})
