import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judge } from './confidence.ts'

test('one indicator, however strong, never gives more than low', () => {
  assert.equal(judge([{ support: 'indicator', weight: 100 }]).level, 'low')
})

test('the same kind of support given again counts less each time', () => {
  const once = judge([{ support: 'indicator', weight: 20 }]).confidence
  const thrice = judge([20, 20, 20].map((weight) => ({ support: 'indicator' as const, weight }))).confidence
  const different = judge([
    { support: 'indicator', weight: 20 },
    { support: 'lineage', weight: 20 },
    { support: 'remote', weight: 20 },
  ]).confidence
  assert.deepEqual([once, thrice, different], [28, 44, 63])
})

test('high needs four kinds of support and critical five', () => {
  const kinds = ['indicator', 'lineage', 'remote', 'after', 'content'] as const
  const level = (count: number) => judge(kinds.slice(0, count).map((support) => ({ support, weight: 60 }))).level
  assert.deepEqual([1, 2, 3, 4, 5].map(level), ['low', 'medium', 'medium', 'high', 'critical'])
})

test('what speaks against lowers the confidence', () => {
  const found = judge([
    { support: 'indicator', weight: 30 },
    { support: 'lineage', weight: 20 },
    { support: 'baseline', weight: -45 },
  ])
  assert.deepEqual(found, { confidence: 8, level: 'informational', kinds: ['indicator', 'lineage'] })
})
