// Every rule's own events: all that it must match match, all look-alikes do not. The look-alikes are the point.
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import {
  compileRules,
  createMatcher,
  type DetectionRule,
  formatError,
  type LogSource,
  loadRules,
  objectEvent,
} from '@crosstalk/sigma'

const folder = join(import.meta.dirname, 'rules')

interface Case {
  note?: string
  why?: string
  logsource: LogSource
  event: Record<string, unknown>
}

const MINIMUM = { windows: 30, linux: 25, macos: 15 } as const
const loaded = loadRules([folder])

test('every rule loads', () => {
  assert.deepEqual(loaded.refused.map(formatError), [])
})

for (const [platform, minimum] of Object.entries(MINIMUM)) {
  const files = globSync(join(folder, platform, '*.yml'))
  test(`${platform}: at least ${minimum} rules, each with its events`, {
    skip: files.length ? false : `no rules for ${platform} yet`,
  }, () => {
    assert.ok(files.length >= minimum, `${files.length} rules`)
    for (const file of files) assert.ok(existsSync(file.replace(/\.yml$/, '.events.json')), `${file} has no events`)
  })
}

describe('rules', () => {
  for (const rule of loaded.rules) {
    const events = JSON.parse(readFileSync(rule.source.file.replace(/\.yml$/, '.events.json'), 'utf8')) as {
      match: Case[]
      ignore: Case[]
    }
    test(rule.title, () => check(rule, events))
  }
})

function check(rule: DetectionRule, { match, ignore }: { match: Case[]; ignore: Case[] }): void {
  assert.ok(match.length >= 2 && ignore.length >= 3, 'two events that match and three look-alikes')
  assert.ok(
    rule.references.length && rule.falsepositives.length && rule.description,
    'references, false positives, a description',
  )
  assert.ok(
    rule.tags.some((tag) => tag.startsWith('attack.t1559')),
    'tagged T1559',
  )
  assert.match(rule.id ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  const compiled = compileRules([rule])
  assert.deepEqual(compiled.refused.map(formatError), [])
  const matcher = createMatcher(compiled.ruleSet)
  const matches = (one: Case) => {
    let found = false
    matcher.match(objectEvent(one.event, [one.logsource]), () => {
      found = true
    })
    return found
  }
  for (const one of match) assert.equal(matches(one), true, `must match: ${JSON.stringify(one.event)}`)
  for (const one of ignore)
    assert.equal(matches(one), false, `must not match (${one.why}): ${JSON.stringify(one.event)}`)
}
