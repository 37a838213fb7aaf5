import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { parseMerging } from './merging-json.ts'

const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown
/** What it makes of a value that JSON.parse gives: scalars as text. */
const asText = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(asText)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, asText(one)]))
      : value === null
        ? null
        : String(value)

describe('JSON with names that come several times', () => {
  it('keeps all values, in order', () => {
    assert.deepEqual(plain(parseMerging('{"a":"1","b":{"c":"2"},"a":["3","4"],"a":true,"b":{"d":5}}')), {
      a: ['1', '3', '4', 'true'],
      b: [{ c: '2' }, { d: '5' }],
    })
  })
  it('reads any object as JSON.parse does', () => {
    const anything = fc.dictionary(
      fc.string({ minLength: 1 }).filter((name) => name !== '__proto__'),
      fc.jsonValue(),
    )
    fc.assert(
      fc.property(anything, fc.constantFrom(0, 2), (object, indent) => {
        const text = JSON.stringify(object, null, indent)
        assert.deepEqual(plain(parseMerging(text)), asText(JSON.parse(text)))
      }),
    )
  })
  it('takes what is no object for nothing', () => {
    for (const text of [
      '',
      '[]',
      '"a"',
      '{',
      '{"a"',
      '{"a":',
      '{"a":1,}',
      '{"a":"',
      '{"a":"\\q"}',
      `${'{"a":'.repeat(500)}1`,
    ])
      assert.equal(parseMerging(text), undefined, text.slice(0, 20))
    fc.assert(fc.property(fc.string(), (text) => void parseMerging(`{"a":${text}`)))
  })
})
