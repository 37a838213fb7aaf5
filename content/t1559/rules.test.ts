// Every rule's own events: all that it must match match, all look-alikes do not. The look-alikes are the point.
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, test } from 'node:test'
import {
  type CorrelationRule,
  compileRules,
  createCorrelator,
  createMatcher,
  type DetectionRule,
  formatError,
  type LogSource,
  loadRules,
  objectEvent,
  type RuleMetadata,
  ruleIndex,
} from '@crosstalk/sigma'

const folder = join(import.meta.dirname, 'rules')

interface SampleEvent {
  logsource: LogSource
  event: Record<string, unknown>
}
interface TimedEvent extends SampleEvent {
  /** ISO 8601, UTC */
  time: string
}
interface Samples<Sample> {
  match: (Sample & { note?: string })[]
  ignore: (Sample & { why: string })[]
}

/** What the content promises to have, and what it must never have fewer of. */
const MINIMUM = { windows: 34, linux: 26, macos: 16 } as const
const TACTICS =
  /^attack\.(initial-access|execution|persistence|privilege-escalation|defense-evasion|credential-access|discovery|lateral-movement|collection|command-and-control|impact)$/

const { rules, correlations, filters, refused } = loadRules([folder])
const all: readonly (RuleMetadata & { kind: string })[] = [...rules, ...correlations]

test('every rule loads and compiles', () => {
  assert.deepEqual([...refused, ...compileRules(rules).refused].map(formatError), [])
  assert.deepEqual(createCorrelator(correlations, ruleIndex(rules), { onMatch: () => {} }).refused, [])
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

describe('rules over their events', () => {
  for (const rule of rules) test(rule.title, () => checkRule(rule, samplesOf(rule)))
})

describe('correlations over their events', () => {
  for (const rule of correlations) test(rule.title, () => checkCorrelation(rule, samplesOf(rule)))
})

function samplesOf<Sample>(rule: RuleMetadata): Samples<Sample> {
  const samples = JSON.parse(readFileSync(rule.source.file.replace(/\.yml$/, '.events.json'), 'utf8'))
  assert.ok(samples.match.length >= 2 && samples.ignore.length >= 3, 'two that match and three look-alikes')
  for (const one of samples.ignore) assert.ok(one.why, 'a look-alike says why it is one')
  return samples
}

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

function checkRule(rule: DetectionRule, { match, ignore }: Samples<SampleEvent>): void {
  const matches = matcherOf([rule])
  for (const one of match) assert.equal(matches(one).length, 1, `must match: ${JSON.stringify(one.event)}`)
  for (const one of ignore)
    assert.equal(matches(one).length, 0, `must not match (${one.why}): ${JSON.stringify(one.event)}`)
}

function checkCorrelation(rule: CorrelationRule, { match, ignore }: Samples<{ events: TimedEvent[] }>): void {
  const resolve = ruleIndex(rules)
  const base = rule.rules.map((reference) => resolve(reference) as DetectionRule)
  const matches = matcherOf(base)
  const fires = (events: readonly TimedEvent[]) => {
    let fired = false
    const correlator = createCorrelator([rule], resolve, {
      onMatch: () => {
        fired = true
      },
      lateness: Number.POSITIVE_INFINITY,
    })
    for (const one of events)
      for (const id of matches(one))
        correlator.push({
          rule: id,
          time: Date.parse(one.time) * 1000,
          field: (name) => one.event[name] as string | undefined,
        })
    correlator.finish()
    return fired
  }
  for (const one of match) assert.equal(fires(one.events), true, `must match: ${one.note}`)
  for (const one of ignore) assert.equal(fires(one.events), false, `must not match: ${one.why}`)
}

/** event → ids of the rules that match it */
function matcherOf(of: readonly DetectionRule[]): (sample: SampleEvent) => string[] {
  const { ruleSet } = compileRules(of)
  const matcher = createMatcher(ruleSet)
  return ({ event, logsource }) => {
    const found: string[] = []
    matcher.match(objectEvent(event, [logsource]), (rule) => found.push(rule.id))
    return found
  }
}
