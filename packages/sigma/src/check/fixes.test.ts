// A fix leaves the meaning as it is: rules of random wildcards, backslashes and letters find the same before and after.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileRules } from '../compile/rule-set.ts'
import { parseRules } from '../load/load.ts'
import { createMatcher } from '../match/matcher.ts'
import { objectEvent } from '../match/object-event.ts'
import type { DetectionRule } from '../rule.ts'
import { checkRules } from './check.ts'
import { applyFixes } from './diagnostic.ts'

const LOG_SOURCE = { product: 'windows', category: 'process_creation' }

const rule = (key: string, values: readonly string[]) => `title: t
logsource:
    product: windows
    category: process_creation
detection:
    s:
        ${key}:${values.length === 1 ? ` '${values[0]}'` : values.map((value) => `\n            - '${value}'`).join('')}
        User: # who
            - a
            - 'A'
    condition: s
`

const fixed = (text: string) => applyFixes(text, checkRules([{ file: 'r.yml', text }]).diagnostics).text

/** Whether the rule matches each of the texts; undefined when it can't run. */
function outcomes(text: string, texts: readonly string[]): boolean[] | undefined {
  const { rules } = parseRules(text, 'r.yml')
  const { ruleSet, refused } = compileRules(rules as DetectionRule[])
  if (refused.length || !ruleSet.rules.length) return undefined
  const matcher = createMatcher(ruleSet)
  return texts.map((one) => {
    let matches = false
    matcher.match(objectEvent({ CommandLine: one, User: 'a' }, [LOG_SOURCE]), () => {
      matches = true
    })
    return matches
  })
}

const KEYS = [
  '',
  '|contains',
  '|startswith',
  '|endswith',
  '|Contains',
  '|contains|all',
  '|All|contains',
  '|cased|Endswith',
]
const text = fc.string({ unit: fc.constantFrom('a', 'B', '\\', '*', '?', '-', ' '), maxLength: 8 })

test('fixes of values and modifiers leave the meaning as it is, and once made are made', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...KEYS),
      fc.array(text, { minLength: 1, maxLength: 3 }),
      fc.array(text, { minLength: 10, maxLength: 20 }),
      (modifiers, values, texts) => {
        const before = rule(`CommandLine${modifiers}`, values)
        const after = fixed(before)
        const all = [...texts, ...values, ...values.map((value) => value.replaceAll('*', 'a').replaceAll('\\', ''))]
        const expected = outcomes(before, all)
        if (expected === undefined) return
        assert.deepEqual(outcomes(after, all), expected, after)
        // What one change makes may be what another one is for: wildcards, then a value twice, then "all" with one value.
        let settled = after
        for (let round = 0; round < 6; round++) settled = fixed(settled)
        assert.equal(fixed(settled), settled)
        assert.deepEqual(outcomes(settled, all), expected, settled)
        assert.ok(after.includes('# who'))
      },
    ),
    { numRuns: 150 },
  )
})
