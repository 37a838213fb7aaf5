import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { shortened, visibleText } from './visible-text.ts'

describe('visible text', () => {
  test('leaves what can be read as it is', () => {
    for (const text of ['cmd.exe /c whoami', 'C:\\Users\\Jürgen\\Größe.txt', '会議室 プリンター', 'Ё', ''])
      assert.equal(visibleText(text), text)
  })
  test('shows C0 controls as their pictures', () => {
    assert.equal(visibleText('a\x1b[2Jb\r\n\tc\0\x7f'), 'a␛[2Jb␍␊␉c␀␡')
  })
  test('shows C1 controls, which some terminals obey', () => {
    assert.equal(visibleText('\x9b31mred'), '<U+009B>31mred')
  })
  test('shows bidirectional controls: photo_gpj.exe does not become photo_exe.jpg', () => {
    assert.equal(visibleText('photo_\u202egpj.exe'), 'photo_<U+202E>gpj.exe')
    assert.equal(visibleText('\u2066\u2069\u200f\u061c'), '<U+2066><U+2069><U+200F><U+061C>')
  })
  test('shows what fonts draw as nothing or as a blank', () => {
    assert.equal(visibleText('svc\u200bhost.exe'), 'svc<U+200B>host.exe')
    assert.equal(visibleText('report.pdf\u00a0\u3000\u2800.exe'), 'report.pdf<U+00A0><U+3000><U+2800>.exe')
    assert.equal(visibleText('a\u00ad\u3164\u{e0041}'), 'a<U+00AD><U+3164><U+E0041>')
    assert.equal(visibleText('a\u2028b'), 'a<U+2028>b')
  })
  test('shows half of a surrogate pair', () => {
    assert.equal(visibleText('\ud83d'), '<U+D83D>')
    assert.equal(visibleText('😀'), '😀')
  })
  test('bounds marks stacked on one letter', () => {
    assert.equal(visibleText(`a${'\u0301'.repeat(9)}`), `a${'\u0301'.repeat(4)}<5 more marks>`)
  })
  test('is idempotent and leaves nothing that a terminal obeys, whatever comes in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const visible = visibleText(text)
        assert.equal(visibleText(visible), visible)
        assert.doesNotMatch(visible, /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/)
      }),
    )
  })
  test('shortening keeps both ends and says how much it left out', () => {
    assert.equal(shortened('abc', 10), 'abc')
    assert.equal(shortened('x'.repeat(100), 60), `${'x'.repeat(21)} … 70 more characters … ${'x'.repeat(9)}`)
  })
})
