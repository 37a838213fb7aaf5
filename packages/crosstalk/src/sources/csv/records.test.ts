import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Input, Skip } from '../source.ts'
import { forEachCsvRecord } from './records.ts'

function pieces(bytes: Buffer, size: number): Input {
  return {
    name: 'memory',
    async *open() {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
    },
  }
}

async function records(
  text: string | Buffer,
  size = 5,
): Promise<{ records: string[][]; places: number[][]; skips: Skip[] }> {
  const found: string[][] = []
  const places: number[][] = []
  const skips: Skip[] = []
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  await forEachCsvRecord(
    pieces(bytes, size),
    (values, offset, length) => {
      found.push([...values])
      places.push([offset, length])
    },
    (skip) => skips.push(skip),
  )
  return { records: found, places, skips }
}

describe('CSV', () => {
  test('has values, quoted ones with separators, quotes and line ends in them', async () => {
    assert.deepEqual(await records('a,b,c\r\n1,"x ""y"", z","l1\r\nl2"\n,,\n'), {
      records: [
        ['a', 'b', 'c'],
        ['1', 'x "y", z', 'l1\r\nl2'],
        ['', '', ''],
      ],
      places: [
        [0, 5],
        [7, 23],
        [31, 2],
      ],
      skips: [],
    })
  })
  test('may use semicolons or tabs', async () => {
    assert.deepEqual((await records('a;b,c;d\n1;2,3;4')).records[1], ['1', '2,3', '4'])
    assert.deepEqual((await records('a\tb\n1,5\t"2\t3"')).records[1], ['1,5', '2\t3'])
  })
  test('leaves a byte order mark out; a quoted first name stays quoted', async () => {
    assert.deepEqual((await records('\ufeff"a,b",c\n1,2')).records, [
      ['a,b', 'c'],
      ['1', '2'],
    ])
  })
  test('in UTF-16 is read too', async () => {
    assert.deepEqual((await records(Buffer.from('\ufeffa,b\né,"2"', 'utf16le'), 4)).records, [
      ['a', 'b'],
      ['é', '2'],
    ])
  })
  test('keeps a quote inside an unquoted value, and it opens nothing', async () => {
    assert.deepEqual((await records('a,b\n5" disk,x\n"q"uote,y\n')).records, [
      ['a', 'b'],
      ['5" disk', 'x'],
      ['quote', 'y'],
    ])
  })
  test('cut off in its last line end, has no carriage return in its last value', async () => {
    assert.deepEqual((await records('a,b\r\n1,2\r')).records[1], ['1', '2'])
    assert.deepEqual((await records('a,b\r\n1,"2"\r')).records[1], ['1', '2'])
  })
  test('blank lines are no records', async () => {
    assert.deepEqual((await records('a,b\n\n1,2\n\n')).records.length, 2)
  })
  test('a quote that never closes costs one record', async () => {
    assert.deepEqual((await records('a,b\n1,"2\n3,4\n')).records, [
      ['a', 'b'],
      ['1', '2\n3,4\n'],
    ])
  })
  test('property: what was written is read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.array(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é') }), {
            minLength: 2,
            maxLength: 4,
          }),
          { maxLength: 6 },
        ),
        fc.integer({ min: 1, max: 9 }),
        async (rows, size) => {
          const text = [
            'h,h',
            ...rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')),
          ].join('\n')
          assert.deepEqual((await records(text, size)).records, [['h', 'h'], ...rows])
        },
      ),
    )
  })
})
