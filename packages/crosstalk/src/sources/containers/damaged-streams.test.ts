// What was unpacked before damage is read, and the damage is named.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { InputError } from '../input-error.ts'
import { expand } from './expand.ts'
import { LOG, packed } from './packed-samples.ts'
import { fromMemory } from './read-bytes.ts'
import { makeTar, makeZip } from './zip-maker.ts'

/** Of every input: what came out of it, and why it ended. */
async function opened(bytes: Buffer): Promise<{ texts: string[]; errors: string[]; problems: string[] }> {
  const texts: string[] = []
  const errors: string[] = []
  const problems: string[] = []
  const onProblem = ({ problem }: { problem: string }) => problems.push(problem)
  for await (const input of expand(fromMemory('x', bytes), { onProblem })) {
    const pieces: Buffer[] = []
    try {
      for await (const piece of input.open()) pieces.push(Buffer.from(piece))
    } catch (error) {
      assert.ok(error instanceof InputError)
      errors.push(error.message)
    }
    texts.push(Buffer.concat(pieces).toString('latin1'))
  }
  return { texts, errors, problems }
}

const changed = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes)
  copy[at < 0 ? copy.length + at : at] ^= 0xff
  return copy
}
const lines = Buffer.from(Array.from({ length: 40_000 }, (_, i) => `line ${i} ${(i * 7919) % 10_007}\n`).join(''))
const all = lines.toString()

describe('a damaged stream', () => {
  test('with a wrong checksum gives everything, also where it is small', async () => {
    for (const text of ['{"a":1}\n', all]) {
      const { texts, errors } = await opened(changed(gzipSync(text), -6))
      assert.deepEqual(texts, [text])
      assert.match(errors[0], /damaged or cut off/)
    }
  })
  test('with bytes behind it that are none of it gives everything', async () => {
    for (const bytes of [gzipSync(all), zstdCompressSync(lines)]) {
      const { texts, errors } = await opened(Buffer.concat([bytes, Buffer.from('garbage')]))
      assert.deepEqual(texts, [all])
      assert.match(errors[0], /damaged or cut off/)
    }
  })
  test('padded with zeroes is whole, as tapes have it', async () =>
    assert.deepEqual(await opened(Buffer.concat([gzipSync(all), Buffer.alloc(1000)])), {
      texts: [all],
      errors: [],
      problems: [],
    }))
  test('cut off gives what is there', async () => {
    for (const bytes of [gzipSync(all), zstdCompressSync(lines), packed('xzCrc64')]) {
      const whole = (await opened(bytes)).texts[0]
      const { texts, errors } = await opened(bytes.subarray(0, (bytes.length * 3) >> 2))
      assert.ok(whole.startsWith(texts[0]))
      assert.ok(texts[0].length > whole.length / 3, `${texts[0].length} of ${whole.length}`)
      assert.match(errors[0], /unexpected end of file/)
    }
  })
  test('of zstd may have many frames, also ones to be passed over', async () => {
    const skippable = Buffer.from('502a4d1803000000aabbcc', 'hex')
    const bytes = Buffer.concat([zstdCompressSync(lines), skippable, zstdCompressSync('a'), zstdCompressSync('b')])
    assert.deepEqual(await opened(bytes), { texts: [`${all}ab`], errors: [], problems: [] })
    assert.deepEqual((await opened(zstdCompressSync(''))).errors, [])
    for (let at = 5; at < bytes.length; at += 997) {
      const { texts, errors } = await opened(bytes.subarray(0, at))
      assert.ok(all.startsWith(texts[0]) && errors.length <= 1)
    }
  })
  test('in a ZIP gives what comes before the damage', async () => {
    const zip = makeZip([{ name: 'a', data: lines }])
    const { texts, errors } = await opened(changed(zip, zip.length >> 1))
    assert.ok(texts[0].length > all.length / 3)
    assert.equal(texts[0].slice(0, all.length / 3), all.slice(0, all.length / 3))
    assert.equal(errors.length, 1)
    const small = makeZip([{ name: 'a', data: Buffer.from(LOG.slice(0, 9000)) }])
    assert.ok((await opened(changed(small, 200))).texts[0].startsWith('{"n":0'))
  })
  test('that holds a tar gives the entries before the damage, the beginning of the next, and both are named', async () => {
    const tar = makeTar([
      { name: 'a', data: lines },
      { name: 'b', data: lines },
    ])
    const bytes = gzipSync(tar)
    const { texts, errors, problems } = await opened(bytes.subarray(0, bytes.length - 20_000))
    assert.equal(texts[0], all)
    assert.ok(texts[1].length > 1000 && all.startsWith(texts[1]))
    assert.match(errors[0], /unexpected end of file/)
    assert.match(problems[0], /unexpected end of file/)
  })
})
