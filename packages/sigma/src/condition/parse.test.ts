import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConditionError, matchesPattern, parseCondition } from './parse.ts'

const id = (name: string) => ({ kind: 'identifier', name })

test('not binds before and, and before or', () => {
  assert.deepEqual(parseCondition('a or b and not c'), {
    kind: 'or',
    parts: [id('a'), { kind: 'and', parts: [id('b'), { kind: 'not', part: id('c') }] }],
  })
  assert.deepEqual(parseCondition('(a or b) and c'), {
    kind: 'and',
    parts: [{ kind: 'or', parts: [id('a'), id('b')] }, id('c')],
  })
})

test('quantifiers', () => {
  assert.deepEqual(parseCondition('1 of selection_* and all of them'), {
    kind: 'and',
    parts: [
      { kind: 'of', quantifier: 1, pattern: 'selection_*' },
      { kind: 'of', quantifier: 'all', pattern: 'them' },
    ],
  })
})

test('errors say at which character', () => {
  const at = (text: string) => {
    try {
      parseCondition(text)
    } catch (error) {
      assert.ok(error instanceof ConditionError)
      return [error.at, error.message]
    }
    return undefined
  }
  assert.deepEqual(at('a and'), [2, 'the condition ends after "and"'])
  assert.deepEqual(at('a b'), [2, '"b" where "and" or "or" was expected'])
  assert.deepEqual(at('(a'), [0, 'a bracket is never closed'])
  assert.deepEqual(at('a)'), [1, 'a bracket closes that was never opened'])
  assert.deepEqual(at('a | count() > 5'), [2, 'aggregations behind "|" are Sigma 1: write a correlation rule instead'])
  assert.deepEqual(at(''), [0, 'the condition is empty'])
  assert.match(String(at(`${'('.repeat(10_000)}a${')'.repeat(10_000)}`)?.[1]), /more than 4096 words|nested deeper/)
  assert.match(String(at(`${'not '.repeat(3000)}a`)?.[1]), /nested deeper than 64/)
})

test('patterns mean what their stars say, and them leaves out names with an underscore in front', () => {
  assert.deepEqual(
    ['selection_a', 'filter', '_hidden'].map((name) => matchesPattern(name, 'them')),
    [true, true, false],
  )
  assert.deepEqual(
    ['selection_a', 'selection'].map((name) => matchesPattern(name, 'selection_*')),
    [true, false],
  )
  assert.deepEqual(
    ['*', '*en', '_*', '_hidden', '_h*n'].map((pattern) => matchesPattern('_hidden', pattern)),
    [false, false, true, true, true],
  )
  assert.deepEqual(
    ['a_x_b', 'a_b', 'ab'].map((name) => matchesPattern(name, 'a*_*b')),
    [true, true, false],
  )
})
