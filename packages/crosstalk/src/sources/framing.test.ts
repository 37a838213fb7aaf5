import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { forEachLine, lineRanges } from './framing.ts'
import type { ByteRange, Input, Skip } from './source.ts'

/** Bytes as an input that comes in pieces of that size. */
function pieces(bytes: Buffer, size: number): Input {
  return {
    name: 'memory',
    size: bytes.length,
    async *open(start = 0, end = bytes.length) {
      const stop = Math.min(end, bytes.length)
      for (let at = start; at < stop; at += size) yield bytes.subarray(at, Math.min(stop, at + size))
    },
  }
}

async function lines(
  bytes: Buffer,
  options: { range?: ByteRange; size?: number; max?: number } = {},
): Promise<{ lines: [text: string, offset: number, length: number][]; skips: Skip[] }> {
  const found: [string, number, number][] = []
  const skips: Skip[] = []
  await forEachLine(
    pieces(bytes, options.size ?? 7),
    options.range,
    (buffer, start, end, offset, length) => found.push([buffer.toString('utf8', start, end), offset, length]),
    (skip) => skips.push(skip),
    options.max,
  )
  return { lines: found, skips }
}

describe('lines of a stream', () => {
  test('come with their offset, without line feed or carriage return, the last one also without line feed', async () => {
    assert.deepEqual((await lines(Buffer.from('ab\r\n\ncd'))).lines, [
      ['ab', 0, 2],
      ['', 4, 0],
      ['cd', 5, 2],
    ])
  })
  test('leave out a byte order mark', async () => {
    assert.deepEqual((await lines(Buffer.from('\ufeffab\ncd\n'))).lines, [
      ['ab', 3, 2],
      ['cd', 6, 2],
    ])
  })
  test('of UTF-16 become UTF-8 and keep their offsets', async () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('añ\r\n\u0a0a\nz', 'utf16le')])
    assert.deepEqual((await lines(bytes, { size: 3 })).lines, [
      ['añ', 2, 4],
      ['\u0a0a', 10, 2],
      ['z', 14, 2],
    ])
  })
  test('that begin before a range and end behind it are left at its end, however long they are', async () => {
    let asked = 0
    const long: Input = {
      name: 'memory',
      async *open(start = 0, end = 1e9) {
        for (let at = start; at < end; at += 100) {
          asked = Math.max(asked, at)
          yield Buffer.alloc(100, 'x')
        }
      },
    }
    await forEachLine(
      long,
      { start: 1000, end: 2000 },
      () => assert.fail(),
      () => assert.fail(),
    )
    assert.ok(asked <= 2000, String(asked))
  })
  test('that are too long are skipped as a whole, with their bytes', async () => {
    const { lines: found, skips } = await lines(Buffer.from(`${'x'.repeat(50)}\nab\n${'y'.repeat(40)}`), { max: 20 })
    assert.deepEqual(found, [['ab', 51, 2]])
    assert.deepEqual(skips, [
      { reason: 'line too long', offset: 0, bytes: 51 },
      { reason: 'line too long', offset: 54, bytes: 40 },
    ])
  })
  test('are none in an empty input', async () => assert.deepEqual((await lines(Buffer.alloc(0))).lines, []))
  test('property: ranges share all lines, each goes to the range of its first byte', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('', 'a', 'bb', 'cccccccccc', '\r', 'é'), { maxLength: 12 }),
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.nat(60), { maxLength: 3 }),
        async (parts, size, cuts) => {
          const bytes = Buffer.from(parts.join('\n'))
          const ends = [...new Set([...cuts.filter((cut) => cut > 0 && cut < bytes.length), bytes.length])].sort(
            (a, b) => a - b,
          )
          const shared: unknown[] = []
          let start = 0
          for (const end of ends) {
            const range = { start, end }
            for (const line of (await lines(bytes, { range, size })).lines) {
              assert.ok(line[1] >= start && line[1] < end)
              shared.push(line)
            }
            start = end
          }
          assert.deepEqual(shared, (await lines(bytes, { size: 1000 })).lines)
        },
      ),
      { numRuns: 400 },
    )
  })
})

describe('ranges of a line-framed input', () => {
  test('cover it without gap, and are not smaller than 4 MiB', () => {
    assert.deepEqual(lineRanges(10 * 2 ** 20, 8), [
      { start: 0, end: 5 * 2 ** 20 },
      { start: 5 * 2 ** 20, end: 10 * 2 ** 20 },
    ])
    assert.deepEqual(lineRanges(100, 8), [{ start: 0, end: 100 }])
  })
})
