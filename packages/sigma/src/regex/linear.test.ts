import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fold } from '../modifiers/folding.ts'
import { compileRegex, holdsInOrder, RegexError, requiredLiterals, withoutIdleEnds } from './linear.ts'

test('texts that must stand in a match, in their order', () => {
  assert.deepEqual(requiredLiterals('(?i)(set).*&&\\s?set.*(invoke|input).*"', fold), ['set', '&&', 'set', '"'])
  assert.deepEqual(requiredLiterals('C:\\\\Users\\\\[^\\\\]+\\\\a?b+c', fold), ['c:\\users\\', '\\', 'b', 'c'])
  assert.deepEqual(requiredLiterals('one|two', fold), [])
  assert.deepEqual(requiredLiterals('x(abc)?y(?:def){0,2}z', fold), ['x', 'y', 'z'])
  assert.deepEqual(requiredLiterals('a{0}b{2}c', fold), ['b', 'c'])
  assert.equal(holdsInOrder('set a && b', ['set', '&&']), true)
  assert.equal(holdsInOrder('&& set', ['set', '&&']), false)
})

test('open repetitions at the ends are idle: what is found does not depend on them', () => {
  assert.deepEqual(['\\w+x', '.*x.*', '[a-z]+x', '^\\w+x', 'x.*?', 'ab+', '.*', '.+'].map(withoutIdleEnds), [
    '\\wx',
    'x',
    '[a-z]x',
    '^\\w+x',
    'x',
    'ab+',
    '.*',
    '.+',
  ])
})

test('the shorter pattern finds in the same texts', () => {
  const texts = ['', 'x', 'ax', 'aax', 'xyz', 'ab', 'a\nx', '1x', ' x ', 'cmd.exe', '\\\\x']
  for (const source of ['\\w+x', '.*x.*', '[a-z]+x', 'x\\s*', '\\d*x', 'a[^b]+', 'x.+', '.+x']) {
    const plain = new RegExp(source)
    const ours = compileRegex(source, '')
    for (const text of texts) assert.equal(ours(text), plain.test(text), `${source} on ${JSON.stringify(text)}`)
  }
})

test('what neither engine takes safely is refused', () => {
  assert.throws(() => compileRegex('(', ''), RegexError)
  assert.throws(() => compileRegex('(a+)+(?=b)', ''), /could take forever/)
  assert.throws(() => compileRegex('x'.repeat(9000), ''), /at most 8192/)
})

test('flags, in front of the pattern or beside it', () => {
  assert.equal(compileRegex('(?i)CMD', '')('cmd'), true)
  assert.equal(compileRegex('cmd', 'i')('CMD'), true)
  assert.equal(compileRegex('cmd', '')('CMD'), false)
  assert.equal(compileRegex('^b', 'm')('a\nb'), true)
  assert.equal(compileRegex('a.b', 's')('a\nb'), true)
})

test('a long value is no matter where each repetition stands behind a character that it does not take', () => {
  const long = `${'a'.repeat(200_000)}`
  assert.equal(compileRegex('\\w+`(\\w+|-|.)`[\\w+|\\s]', '')(long), false)
  assert.equal(compileRegex('`\\w+`', '')(`${long}\`x\``), true)
})
