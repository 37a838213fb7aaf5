import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { displayWidth, folded, padded } from './display-width.ts'

describe('display width', () => {
  test('counts columns, not characters', () => {
    assert.equal(displayWidth('cmd.exe'), 7)
    assert.equal(displayWidth('会議室'), 6)
    assert.equal(displayWidth('e\u0301'), 1)
    assert.equal(displayWidth('😀'), 2)
    assert.equal(padded('会', 4), '会  ')
  })
})

describe('folding', () => {
  test('breaks at spaces', () => {
    assert.deepEqual(folded('one two three four', 9), ['one two', 'three', 'four'])
  })
  test('breaks a long word behind a separator', () => {
    assert.deepEqual(folded('C:\\Windows\\System32\\cmd.exe', 20), ['C:\\Windows\\System32\\', 'cmd.exe'])
  })
  test('breaks an encoded command anywhere, and begins it on the line before when there is room', () => {
    assert.deepEqual(folded('-enc AAAAAAAAAAAAAAAAAAAAAAAA', 12), ['-enc AAAAAAA', 'AAAAAAAAAAAA', 'AAAAA'])
  })
  test('an empty text is one empty line', () => assert.deepEqual(folded('', 10), ['']))
  test('loses nothing but spaces at line ends, and no line is too wide', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 2, max: 40 }), (text, width) => {
        const lines = folded(text, width)
        assert.equal(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''))
        for (const line of lines) assert.ok(displayWidth(line) <= width, `${line} is wider than ${width}`)
      }),
    )
  })
})
