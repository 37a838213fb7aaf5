// The rules, what they say of themselves, and their own events: all that a rule must match match, all look-alikes do not. The look-alikes are the point.
import assert from 'node:assert/strict'
import { existsSync, globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, test } from 'node:test'
import {
  compileRules,
  createCorrelator,
  type DetectionRule,
  formatError,
  loadRules,
  type RuleMetadata,
  ruleIndex,
} from '@crosstalk/sigma'
import { type RuleTest, testPaths } from '@crosstalk/sigma/test-events'

const folder = join(import.meta.dirname, 'rules')

/** What the content promises to have, and what it must never have fewer of. */
const MINIMUM = { windows: 34, linux: 26, macos: 16 } as const
const TACTICS =
  /^attack\.(initial-access|execution|persistence|privilege-escalation|defense-evasion|credential-access|discovery|lateral-movement|collection|command-and-control|impact)$/

const { rules, correlations, filters, refused } = loadRules([folder])
const all: readonly (RuleMetadata & { kind: string })[] = [...rules, ...correlations]
const tested = testPaths([folder])

test('every rule loads and compiles', () => {
  assert.deepEqual([...refused, ...compileRules(rules).refused].map(formatError), [])
  assert.deepEqual(createCorrelator(correlations, ruleIndex(rules), { onMatch: () => {} }).refused, [])
  assert.deepEqual(tested.refused.map(formatError), [])
  assert.deepEqual(filters, [])
})

for (const [platform, minimum] of Object.entries(MINIMUM))
  test(`${platform}: at least ${minimum} rules`, () => {
    const found = rules.filter((rule) => rule.source.file.startsWith(join(folder, platform)))
    assert.ok(found.length >= minimum, `${found.length} rules`)
  })

test('ids and titles are unique', () => {
  const twice = (values: (string | undefined)[]) => values.filter((value, at) => values.indexOf(value) !== at)
  assert.deepEqual(twice(all.map((rule) => rule.id)), [])
  assert.deepEqual(twice(all.map((rule) => rule.title)), [])
})

test('every events file belongs to a rule', () => {
  const lost = globSync('**/*.events.json', { cwd: folder }).filter(
    (file) => !existsSync(join(folder, file.replace(/\.events\.json$/, '.yml'))),
  )
  assert.deepEqual(lost, [])
})

describe('what a rule says of itself', () => {
  for (const rule of all) test(basename(rule.source.file), () => checkMetadata(rule))
})

describe('a rule over its events', () => {
  assert.equal(tested.rules.length, all.length)
  for (const one of tested.rules) test(one.rule.title, () => checkEvents(one))
})

function checkMetadata(rule: RuleMetadata & { kind: string }): void {
  assert.match(rule.id ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.match(rule.status ?? '', /^(experimental|test|stable)$/)
  assert.match(rule.level ?? '', /^(informational|low|medium|high)$/)
  assert.equal(rule.author, 'Crosstalk')
  assert.ok(rule.description && rule.references.length && rule.falsepositives.length)
  assert.ok(
    rule.tags.some((tag) => tag.startsWith('attack.t1559')),
    'a tag of T1559',
  )
  assert.ok(
    rule.tags.some((tag) => TACTICS.test(tag)),
    'a tactic',
  )
  for (const tag of rule.tags) assert.ok(TACTICS.test(tag) || /^attack\.t\d{4}(\.\d{3})?$/.test(tag), tag)
  if (rule.kind === 'rule')
    assert.ok((rule as DetectionRule).logSource.definition, 'logsource.definition: the data that it needs')
}

function checkEvents({ results }: RuleTest): void {
  const mustMatch = results.filter((one) => one.case.expected)
  assert.ok(mustMatch.length >= 2 && results.length - mustMatch.length >= 3, 'two that match and three look-alikes')
  for (const { case: one, matched } of results) {
    assert.ok(one.expected || one.note, 'a look-alike says why it is one')
    assert.equal(matched, one.expected, `${one.note ?? ''}: ${JSON.stringify(one.events)}`)
  }
}
