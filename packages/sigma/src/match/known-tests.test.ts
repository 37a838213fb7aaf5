import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asBytes } from '../../test/random-rules.ts'
import type { EventShape } from '../event.ts'
import { compileRules, createMatcher, parseRules } from '../index.ts'
import type { DetectionRule } from '../rule.ts'
import { ByteValue } from './byte-value.ts'
import { KnownTests } from './known-tests.ts'

test('answers are kept by atom and value, and go when there is no more room, between two events', () => {
  const known = new KnownTests()
  const value = new ByteValue()
  const first = known.numberOf(2, value.setText('first'))
  known.keep(7, first, true)
  known.keep(8, first, false)
  assert.deepEqual([known.answer(7, first), known.answer(8, first), known.answer(9, first)], [1, 0, -1])
  assert.equal(known.numberOf(2, value.setText('first')), first)
  assert.notEqual(known.numberOf(4, value.setText('first')), first)
  for (let at = 0; at < 20_000; at++) known.numberOf(2, value.setText(`value ${at}`))
  assert.equal(known.numberOf(2, value.setText('one more')), 0)
  assert.equal(known.answer(7, first), 1)
  known.begin()
  assert.equal(known.numberOf(2, value.setText('other')), first)
  assert.equal(known.answer(7, first), -1)
})

test('events match the same before and after it was full', () => {
  const { rules } = parseRules(
    "title: t\nid: i\nlogsource: {product: test}\ndetection: {s: {Action: go}, n1: {A|re: '5$'}, n2: {B|re: '7$'}, n3: {A|re: '[13]$'}, condition: s and not 1 of n*}",
    't.yml',
  )
  const { ruleSet } = compileRules(rules as DetectionRule[])
  const matcher = createMatcher(ruleSet, { adaptAfter: Number.POSITIVE_INFINITY })
  const shapes = new Map<string, EventShape>()
  const shapeOf = (fields: string[]) => {
    const key = fields.join()
    if (!shapes.has(key))
      shapes.set(key, { fields, aliases: new Map(), logSources: [{ product: 'test' }], constants: new Map() })
    return shapes.get(key)!
  }
  const wrong: number[] = []
  for (let at = 0; at < 30_000; at++) {
    const event = { Action: 'go', A: `a${(at * 7919) % 59_999}`, B: `b${at % 3 ? at : 0}` }
    let found = false
    matcher.match(asBytes(event, 'utf8', shapeOf), () => {
      found = true
    })
    if (found !== !(/5$/.test(event.A) || /7$/.test(event.B) || /[13]$/.test(event.A))) wrong.push(at)
  }
  assert.deepEqual(wrong, [])
})
