// Rules that nobody writes, all in one set: the same matches whatever form the bytes of an event have, and the same when each rule is explained.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileRules } from '../src/compile/rule-set.ts'
import type { EventShape, EventView, FieldValue } from '../src/event.ts'
import { explainRule } from '../src/explain/index.ts'
import { parseRules } from '../src/load/load.ts'
import { createMatcher } from '../src/match/matcher.ts'
import { objectEvent } from '../src/match/object-event.ts'
import type { DetectionRule } from '../src/rule.ts'
import { oddDetections, oddEvents } from './odd-rules.ts'
import { asBytes } from './random-rules.ts'

const SOURCES = [{ product: 'windows' }]
const rules = oddDetections().map((detection, at) => {
  const { rules: parsed, refused } = parseRules(
    `title: '${at}'\nlogsource: {product: windows}\ndetection: ${detection}\n`,
    'odd.yml',
  )
  assert.deepEqual(refused, [], detection)
  return parsed[0] as DetectionRule
})
const { ruleSet, refused } = compileRules(rules)
const matcher = createMatcher(ruleSet)
const shapes = new Map<string, EventShape>()

function shapeOf(fields: string[]): EventShape {
  const key = fields.join('|')
  const known = shapes.get(key) ?? { fields, aliases: new Map(), logSources: SOURCES, constants: new Map() }
  shapes.set(key, known)
  return known
}

function matched(event: EventView): string[] {
  const found: string[] = []
  matcher.match(event, ({ title }) => found.push(title))
  return found
}

test('none is refused', () => assert.deepEqual(refused, []))

test('UTF-8, the inside of JSON and UTF-16 give what objects give', () => {
  const isFlat = (value: unknown) => typeof value !== 'object' || value === null
  for (const event of oddEvents().filter((one) => Object.values(one).every(isFlat))) {
    const expected = matched(objectEvent(event, SOURCES))
    for (const form of ['utf8', 'json', 'utf16'] as const)
      assert.deepEqual(
        matched(asBytes(event as Record<string, FieldValue>, form, shapeOf)),
        expected,
        `${form} ${JSON.stringify(event)}`,
      )
  }
})

test('what is explained is what matches', () => {
  const some = oddEvents().filter((_, at) => at % 16 === 0)
  for (const event of some) {
    const found = new Set(matched(objectEvent(event, SOURCES)))
    for (const rule of rules)
      assert.equal(
        explainRule(rule, objectEvent(event, SOURCES)).matches,
        found.has(rule.title),
        `rule ${rule.title} ${JSON.stringify(event)}`,
      )
  }
})
