import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { accepted, correlateReference, type ReferenceEvent } from '../../test/correlation-reference.ts'
import { parseRules } from '../load/load.ts'
import type { CorrelationRule, Rule } from '../rule.ts'
import type { CorrelationMatch } from './correlated-event.ts'
import { type CorrelatorOptions, createCorrelator } from './correlator.ts'
import { ruleIndex } from './resolve.ts'

const SECOND = 1_000_000
const MINUTE = 60 * SECOND

/** Detection rules a, b, c by name, and the correlations given as YAML. */
function rules(...correlations: string[]): Rule[] {
  const detections = ['a', 'b', 'c'].map(
    (name) =>
      `title: ${name}\nid: 0000000${name}-0000-4000-8000-000000000000\nname: ${name}\nlogsource: {product: windows}\ndetection: {s: {x: 1}, condition: s}`,
  )
  const { rules: parsed, refused } = parseRules([...detections, ...correlations].join('\n---\n'), 'c.yml')
  assert.deepEqual(
    refused.map((one) => one.message),
    [],
  )
  return parsed
}

const correlation = (body: string, name = 'outer') =>
  `title: ${name}\nname: ${name}\ncorrelation:\n${body
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')}`

interface Pushed {
  rule: string
  time: number
  key?: string
  [field: string]: unknown
}

function correlate(all: readonly Rule[], events: readonly Pushed[], options: Partial<CorrelatorOptions<unknown>> = {}) {
  const matches: CorrelationMatch[] = []
  const index = ruleIndex(all)
  const correlator = createCorrelator(
    all.filter((rule): rule is CorrelationRule => rule.kind === 'correlation'),
    index,
    { ...options, onMatch: (match) => matches.push(match) },
  )
  for (const { rule, time, key, ...fields } of events)
    correlator.push({ rule: index(rule)!.id!, time, key, ref: time, field: (name) => fields[name] as string })
  correlator.finish()
  return { matches, account: correlator.account(), refused: correlator.refused }
}

/** What matters of matches: rule, seconds, value, group. */
const brief = ({ matches }: ReturnType<typeof correlate>) =>
  matches.map(({ rule, time, value, group }) =>
    `${rule.title} ${time / SECOND} ${value} ${Object.values(group).join(',')}`.trimEnd(),
  )

const at = (second: number, rule = 'a', fields: Record<string, unknown> = {}): Pushed => ({
  rule,
  time: second * SECOND,
  ...fields,
})

test('event_count: so many events of one group within the timespan, wherever it begins', () => {
  const three = rules(correlation('type: event_count\nrules: a\ngroup-by: [User]\ntimespan: 10s\ncondition: {gte: 3}'))
  const user = { User: 'bob' }
  assert.deepEqual(brief(correlate(three, [at(55, 'a', user), at(59, 'a', user), at(65, 'a', user)])), [
    'outer 65 3 bob',
  ])
  assert.deepEqual(brief(correlate(three, [at(55, 'a', user), at(59, 'a', user), at(65.000001, 'a', user)])), [])
  assert.deepEqual(
    brief(correlate(three, [at(1, 'a', user), at(2, 'a', { User: 'eve' }), at(3, 'a', user), at(4, 'b', user)])),
    [],
  )
})

test('a match is told once as long as the condition holds, and again when it holds anew', () => {
  const two = rules(correlation('type: event_count\nrules: a\ntimespan: 10s\ncondition: {gte: 2}'))
  assert.deepEqual(
    brief(
      correlate(
        two,
        [0, 1, 2, 3, 40, 41].map((s) => at(s)),
      ),
    ),
    ['outer 1 2', 'outer 41 2'],
  )
})

test('group values are compared without case, and events without one belong to no group', () => {
  const two = rules(correlation('type: event_count\nrules: a\ngroup-by: [User]\ntimespan: 10s\ncondition: {gte: 2}'))
  const result = correlate(two, [
    at(1, 'a', { User: 'Bob' }),
    at(2, 'a', { User: 'BOB' }),
    at(3),
    at(4, 'a', { User: null }),
  ])
  assert.deepEqual(brief(result), ['outer 2 2 Bob'])
  assert.equal(result.account.withoutGroup, 2)
})

test('an event that two of the rules match is counted once, and taken once when it comes twice', () => {
  const two = rules(correlation('type: event_count\nrules: [a, b]\ntimespan: 10s\ncondition: {gte: 2}'))
  const result = correlate(two, [at(1, 'a', { key: 'e1' }), at(1, 'b', { key: 'e1' }), at(1, 'a', { key: 'e1' })])
  assert.deepEqual(brief(result), [])
  assert.equal(result.account.duplicates, 1)
  assert.deepEqual(brief(correlate(two, [at(1, 'a', { key: 'e1' }), at(2, 'b', { key: 'e2' })])), ['outer 2 2'])
})

test('a range: both bounds hold at the event', () => {
  const range = rules(correlation('type: event_count\nrules: a\ntimespan: 10s\ncondition: {gt: 2, lte: 4}'))
  assert.deepEqual(brief(correlate(range, [at(1), at(2), at(3), at(4)])), ['outer 3 3'])
  const few = rules(correlation('type: event_count\nrules: a\ntimespan: 10s\ncondition: {lt: 2}'))
  assert.deepEqual(brief(correlate(few, [at(1), at(1), at(30)])), ['outer 30 1'])
})

test('value_count: different values, several fields together', () => {
  const users = rules(
    correlation('type: value_count\nrules: a\ngroup-by: [Ip]\ntimespan: 1m\ncondition: {field: User, gte: 3}'),
  )
  const login = (second: number, User: unknown) => at(second, 'a', { Ip: '10.0.0.1', User })
  assert.deepEqual(brief(correlate(users, [login(1, 'x'), login(2, 'X'), login(3, 'y'), login(4, 'z')])), [
    'outer 4 3 10.0.0.1',
  ])
  const pairs = rules(
    correlation('type: value_count\nrules: a\ntimespan: 1m\ncondition: {field: [User, Host], gte: 2}'),
  )
  assert.deepEqual(
    brief(
      correlate(pairs, [
        at(1, 'a', { User: 'x', Host: 'h' }),
        at(2, 'a', { User: 'x' }),
        at(3, 'a', { User: 'x', Host: 'i' }),
      ]),
    ),
    ['outer 3 2'],
  )
})

test('of a list each value is measured, and the event is one', () => {
  const users = rules(correlation('type: value_count\nrules: a\ntimespan: 1m\ncondition: {field: User, gte: 3}'))
  const found = correlate(users, [at(1, 'a', { User: ['x', 'y'] }), at(2, 'a', { User: ['y', 'X', 'z'] })])
  assert.deepEqual(brief(found), ['outer 2 3'])
  assert.equal(found.matches[0].eventCount, 2)
  const sum = rules(correlation('type: value_sum\nrules: a\ntimespan: 1m\ncondition: {field: Bytes, gte: 6}'))
  assert.deepEqual(brief(correlate(sum, [at(1, 'a', { Bytes: ['x', '2', '4'] })])), ['outer 1 6'])
})

test('what a correlation measures of another’s events does not depend on what a third asks of them', () => {
  const inner = correlation('type: event_count\nrules: a\ntimespan: 10s\ncondition: {gte: 2}', 'inner')
  const sum = correlation('type: value_sum\nrules: inner\ntimespan: 10s\ncondition: {field: Bytes, gte: 1}', 'sum')
  const other = correlation('type: event_count\nrules: inner\ngroup-by: [User]\ntimespan: 10s\ncondition: {gte: 9}')
  const events = [at(1, 'a', { Bytes: 5, User: 'x' }), at(2, 'a', { Bytes: 5, User: 'y' })]
  for (const all of [rules(inner, sum), rules(inner, sum, other)])
    assert.deepEqual(brief(correlate(all, events)), ['inner 2 2', 'sum 2 5'])
})

test('temporal: all rules in any order; with a count, so many of them', () => {
  const all = rules(correlation('type: temporal\nrules: [a, b, c]\ngroup-by: [H]\ntimespan: 1m'))
  const on = (second: number, rule: string, H = 'h') => at(second, rule, { H })
  assert.deepEqual(brief(correlate(all, [on(1, 'c'), on(2, 'a'), on(3, 'b')])), ['outer 3 3 h'])
  assert.deepEqual(brief(correlate(all, [on(1, 'c'), on(2, 'a'), on(3, 'b', 'other')])), [])
  const two = rules(correlation('type: temporal\nrules: [a, b, c]\ntimespan: 1m\ncondition: {gte: 2}'))
  assert.deepEqual(brief(correlate(two, [at(1, 'c'), at(2, 'c'), at(3, 'b')])), ['outer 3 2'])
})

test('temporal_ordered: in the order of the list; what has the same time is in order', () => {
  const order = rules(correlation('type: temporal_ordered\nrules: [a, b, c]\ntimespan: 1m'))
  assert.deepEqual(brief(correlate(order, [at(1, 'a'), at(2, 'b'), at(3, 'c')])), ['outer 3 3'])
  assert.deepEqual(brief(correlate(order, [at(3, 'a'), at(2, 'b'), at(1, 'c')])), [])
  assert.deepEqual(brief(correlate(order, [at(5, 'c'), at(5, 'b'), at(5, 'a')])), ['outer 5 3'])
  assert.deepEqual(brief(correlate(order, [at(0, 'a'), at(30, 'b'), at(61, 'c')])), [])
  const twice = rules(correlation('type: temporal_ordered\nrules: [a, b, a]\ntimespan: 1m'))
  assert.deepEqual(brief(correlate(twice, [at(1, 'a'), at(2, 'b')])), [])
  assert.deepEqual(brief(correlate(twice, [at(1, 'a'), at(2, 'b'), at(3, 'a')])), ['outer 3 3'])
})

test('the boolean form: a rule that is negated must not match within a timespan before or after', () => {
  const not = rules(correlation('type: temporal\nrules: [a, b]\ntimespan: 1m\ncondition: a and not b'))
  assert.deepEqual(brief(correlate(not, [at(100, 'a')])), ['outer 100 1'])
  assert.deepEqual(brief(correlate(not, [at(100, 'a'), at(130, 'b')])), [])
  assert.deepEqual(brief(correlate(not, [at(70, 'b'), at(100, 'a')])), [])
  assert.deepEqual(brief(correlate(not, [at(100, 'a'), at(161, 'b')])), ['outer 100 1'])
  const rare = rules(correlation('type: temporal\ntimespan: 1m\ncondition: (a or a) and c and not b'))
  assert.deepEqual(brief(correlate(rare, [at(1, 'a'), at(2, 'c')])), ['outer 2 2'])
  const either = rules(correlation('type: temporal\ntimespan: 1m\ncondition: (a or b) and c'))
  assert.deepEqual(brief(correlate(either, [at(1, 'b'), at(2, 'c')])), ['outer 2 2'])
  const order = rules(correlation('type: temporal_ordered\nrules: [a, b, c]\ntimespan: 1m\ncondition: (a or b) and c'))
  assert.deepEqual(brief(correlate(order, [at(1, 'c'), at(2, 'b')])), [])
  assert.deepEqual(brief(correlate(order, [at(1, 'b'), at(2, 'c')])), ['outer 2 2'])
})

test('sums, averages, percentiles, medians of numbers; what is no number is counted and left out', () => {
  const bytes = (second: number, Bytes: unknown) => at(second, 'a', { Bytes })
  const of = (type: string, condition: string) =>
    rules(correlation(`type: ${type}\nrules: a\ntimespan: 1m\ncondition: {field: Bytes, ${condition}}`))
  assert.deepEqual(
    brief(correlate(of('value_sum', 'gt: 10'), [bytes(1, 4), bytes(2, '6'), bytes(3, 'x'), bytes(4, 1)])),
    ['outer 4 11'],
  )
  assert.deepEqual(brief(correlate(of('value_avg', 'gte: 5'), [bytes(1, 4), bytes(2, 6)])), ['outer 2 5'])
  assert.deepEqual(brief(correlate(of('value_median', 'gte: 5'), [bytes(1, 1), bytes(2, 9), bytes(3, 2)])), [
    'outer 2 5',
  ])
  assert.deepEqual(
    brief(
      correlate(
        of('value_percentile', 'percentile: 90, gte: 9'),
        [1, 2, 3, 4, 100].map((value, s) => bytes(s, value)),
      ),
    ),
    ['outer 4 61.60000000000001'],
  )
  assert.equal(correlate(of('value_sum', 'gt: 10'), [bytes(1, 'x'), bytes(2, null)]).account.withoutValue, 2)
})

test('value_percentile without a percentile: the share of the event’s value among all', () => {
  const rare = rules(correlation('type: value_percentile\nrules: a\ntimespan: 24h\ncondition: {field: image, lte: 1}'))
  const usual = Array.from({ length: 99 }, (_, s) => at(s, 'a', { image: 'svchost.exe' }))
  assert.deepEqual(brief(correlate(rare, [...usual, at(100, 'a', { image: 'evil.exe' })])), ['outer 100 1'])
  assert.deepEqual(brief(correlate(rare, [...usual.slice(1), at(100, 'a', { image: 'evil.exe' })])), [])
})

test('aliases: the same value under different names', () => {
  const alias = rules(
    correlation(
      'type: temporal\nrules: [a, b]\ngroup-by: [ip]\ntimespan: 10s\naliases: {ip: {a: destination.ip, b: source.ip}}',
    ),
  )
  const events = [at(1, 'a', { 'destination.ip': '10.0.0.1' }), at(2, 'b', { 'source.ip': '10.0.0.1' })]
  assert.deepEqual(brief(correlate(alias, events)), ['outer 2 2 10.0.0.1'])
  assert.deepEqual(brief(correlate(alias, [events[0], at(2, 'b', { 'source.ip': '10.0.0.2' })])), [])
})

const CHAIN = [
  correlation('type: event_count\nrules: [a]\ngroup-by: [Host]\ntimespan: 10m\ncondition: {gte: 3}', 'many'),
  correlation('type: temporal_ordered\nrules: [many, b]\ngroup-by: [User]\ntimespan: 10m'),
]

test('a correlation over a correlation groups by fields of the events behind it', () => {
  const chain = rules(...CHAIN)
  const failed = (second: number, User: string) => at(second, 'a', { Host: 'dc', User })
  const spray = [failed(1, 'ann'), failed(2, 'bob'), failed(3, 'cat')]
  const { matches } = correlate(chain, [...spray, at(9, 'b', { User: 'bob' })])
  assert.deepEqual(
    matches.map(({ rule, time }) => `${rule.title} ${time / SECOND}`),
    ['many 3', 'outer 9'],
  )
  assert.deepEqual(
    matches[1].events.map(({ rule, time }) => `${rule[7]} ${time / SECOND}`),
    ['a 1', 'a 2', 'a 3', 'b 9'],
  )
  assert.equal(correlate(chain, [...spray, at(9, 'b', { User: 'dan' })]).matches.length, 1)
  assert.equal(correlate(chain, [at(0, 'b', { User: 'bob' }), ...spray]).matches.length, 1)
})

test('a correlation that still holds is seen by the one over it, though it is told once', () => {
  const chain = rules(...CHAIN)
  const failed = Array.from({ length: 20 }, (_, n) => at(n * 120, 'a', { Host: 'dc', User: 'bob' }))
  const { matches } = correlate(chain, [...failed, at(20 * 120, 'b', { User: 'bob' })])
  assert.deepEqual(
    matches.map(({ rule, time }) => `${rule.title} ${time / SECOND}`),
    ['many 240', 'outer 2400'],
  )
})

test('references that lead nowhere, in a circle, or to what is refused, are refused by name and place', () => {
  const missing = rules(
    correlation('type: event_count\nrules: [a, nosuch]\ntimespan: 1m\ncondition: {gte: 1}', 'first'),
    correlation('type: event_count\nrules: [first]\ntimespan: 1m\ncondition: {gte: 1}', 'second'),
    correlation('type: event_count\nrules: [fourth]\ntimespan: 1m\ncondition: {gte: 1}', 'third'),
    correlation('type: event_count\nrules: [third]\ntimespan: 1m\ncondition: {gte: 1}', 'fourth'),
    correlation('type: event_count\nrules: [a]\ntimespan: 1m\ncondition: {gte: 1}', 'good'),
  )
  const result = correlate(missing, [at(1)])
  assert.deepEqual(
    result.refused.map(({ code, location, message }) => `${location.line}:${location.column} ${code} ${message}`),
    [
      '23:14 reference there is no rule with the id or name "nosuch" (or several have the name, or it was refused)',
      '31:11 reference the correlation "first" it is built on is refused',
      '47:11 reference the correlation is built on itself, by "third"',
      '39:11 reference the correlation "fourth" it is built on is refused',
    ],
  )
  assert.deepEqual(brief(result), ['good 1 1'])
})

test('events that come late are taken within the lateness, and counted beyond it', () => {
  const order = rules(correlation('type: temporal_ordered\nrules: [a, b]\ntimespan: 10m'))
  const events = [at(60, 'b'), at(50, 'a'), at(400, 'c')]
  assert.deepEqual(brief(correlate(order, events, { lateness: 20 * SECOND })), ['outer 60 2'])
  const { matches, account } = correlate(order, [at(60, 'b'), at(30, 'a')], { lateness: 20 * SECOND })
  assert.equal(matches.length, 0)
  assert.equal(account.late, 1)
})

test('time alone brings a match that waited', () => {
  const all = rules(correlation('type: temporal\nrules: [a, b]\ntimespan: 1m\ncondition: a and not b'))
  const matches: CorrelationMatch[] = []
  const correlator = createCorrelator(
    all.filter((one) => one.kind === 'correlation'),
    ruleIndex(all),
    {
      lateness: 0,
      onMatch: (match) => matches.push(match),
    },
  )
  correlator.push({ rule: ruleIndex(all)('a')!.id!, time: 0, field: () => undefined })
  correlator.advance(MINUTE)
  assert.equal(matches.length, 0)
  correlator.advance(MINUTE + 1)
  assert.equal(matches.length, 1)
})

test('what is remembered is bounded, and says so', () => {
  const many = rules(correlation('type: event_count\nrules: [a]\ngroup-by: [User]\ntimespan: 1d\ncondition: {gte: 2}'))
  const events = Array.from({ length: 1000 }, (_, n) => at(n, 'a', { User: `u${n % 500}` }))
  const bounded = correlate(many, events, { maxEvents: 100, lateness: 0 })
  assert.equal(bounded.matches.length, 0)
  assert.equal(bounded.account.forgotten, 900)
  const hurried = correlate(many, events, { maxEvents: 100, lateness: Number.POSITIVE_INFINITY })
  assert.ok(hurried.account.hurried > 0)
  assert.equal(correlate(many, events).matches.length, 500)
})

test('more events of one time than may wait do not stop the others', () => {
  const many = rules(correlation('type: event_count\nrules: [a]\ntimespan: 1d\ncondition: {gte: 100}'))
  const same = Array.from({ length: 500 }, () => at(1))
  const { matches, account } = correlate(many, [...same, at(2)], { maxEvents: 200, lateness: Number.POSITIVE_INFINITY })
  assert.equal(matches.length, 1)
  assert.equal(account.hurried, 201)
  assert.equal(account.late, 299)
})

test('what a group keeps beside its events is part of the bound', () => {
  const steps = Array.from({ length: 40 }, (_, n) => `n${n}`)
  const detections = steps.map(
    (name) =>
      `title: ${name}\nid: ${name}\nname: ${name}\nlogsource: {product: x}\ndetection: {s: {x: 1}, condition: s}`,
  )
  const body = `type: temporal_ordered\nrules: [${steps}]\ngroup-by: [U]\ntimespan: 1d\ncondition: {gte: 2}`
  const { rules: all } = parseRules([...detections, correlation(body)].join('\n---\n'), 'c.yml')
  const events = Array.from({ length: 200 }, (_, n) => at(n, 'n0', { U: `u${n}` }))
  // 40 × 40 numbers of 8 bytes a group, 128 bytes for one event: 100 more than its event.
  const { account } = correlate(all, events, { maxEvents: 1010, lateness: 0 })
  assert.equal(account.forgotten, 190)
})

test('long values are part of the bound: those that are shown by their length, others by a digest', () => {
  const long = (n: number) => `${n}`.padEnd(12_800, 'x')
  const events = Array.from({ length: 50 }, (_, n) => at(n, 'a', { U: long(n), V: long(n % 10) }))
  const grouped = rules(correlation('type: event_count\nrules: [a]\ngroup-by: [U]\ntimespan: 1d\ncondition: {gte: 1}'))
  // 12,800 characters of 128 for one event: 100 more than the event itself. So the tenth fills it.
  const { matches, account } = correlate(grouped, events, { maxEvents: 1000, lateness: 0 })
  assert.equal(account.forgotten, 40)
  assert.equal(matches[49].group.U, long(49))
  const hurried = correlate(grouped, events, { maxEvents: 1000, lateness: Number.POSITIVE_INFINITY })
  assert.equal(hurried.matches.length, 50)
  assert.ok(hurried.account.hurried > 0)
  const counted = rules(correlation('type: value_count\nrules: [a]\ntimespan: 1d\ncondition: {field: V, gte: 10}'))
  const values = correlate(counted, events, { maxEvents: 1000, lateness: 0 })
  assert.deepEqual([values.account.forgotten, brief(values)], [0, ['outer 9 10']])
})

test('what waits for a correlation that answers later is part of the bound', () => {
  const over = rules(
    correlation('type: temporal\nrules: [a, b]\ntimespan: 1d\ncondition: a and not b', 'inner'),
    correlation('type: event_count\nrules: [inner, c]\ntimespan: 1s\ncondition: {gte: 1000}'),
  )
  const events = Array.from({ length: 500 }, (_, n) => at(n, 'c', { key: `e${n}` }))
  assert.equal(correlate(over, events, { lateness: 0 }).account.forgotten, 0)
  const { account } = correlate(over, events, { lateness: 0, maxEvents: 100 })
  assert.ok(account.forgotten >= 390)
})

test('a group of values with NUL characters is not another', () => {
  const two = rules(correlation('type: event_count\nrules: [a]\ngroup-by: [U, V]\ntimespan: 1d\ncondition: {gte: 1}'))
  const events = [
    at(1, 'a', { U: 'x\0', V: 'y' }),
    at(2, 'a', { U: 'x', V: '\0y' }),
    at(3, 'a', { U: 'x\0\0y', V: '' }),
  ]
  assert.deepEqual(
    correlate(two, events).matches.map(({ group }) => group),
    [
      { U: 'x\0', V: 'y' },
      { U: 'x', V: '\0y' },
      { U: 'x\0\0y', V: '' },
    ],
  )
})

test('thousands of events in and out of the windows give the same in any order', () => {
  const count = rules(
    correlation('type: value_count\nrules: [a]\ngroup-by: [U]\ntimespan: 100s\ncondition: {field: V, gte: 40}'),
  )
  const events = Array.from({ length: 20_000 }, (_, n) =>
    at(n / 10, 'a', { U: `u${n % 7}`, V: n % 3000 < 1500 ? 'same' : n }),
  )
  const seen = correlate(count, events, { lateness: 0 })
  assert.deepEqual(brief(seen), brief(correlate(count, events.toReversed(), { lateness: Number.POSITIVE_INFINITY })))
  assert.ok(seen.matches.length > 7)
})

const CORRELATIONS: readonly (readonly string[])[] = [
  ['type: event_count\nrules: [a, b]\ngroup-by: [U]\ntimespan: 10s\ncondition: {gte: 3}'],
  ['type: event_count\nrules: [a]\ntimespan: 5s\ncondition: {gt: 1, lt: 4}'],
  ['type: event_count\nrules: [a]\ngroup-by: [U, L]\ntimespan: 20s\ncondition: {neq: 2}'],
  ['type: value_count\nrules: [a, c]\ngroup-by: [U]\ntimespan: 10s\ncondition: {field: V, gte: 2}'],
  ['type: value_count\nrules: [a]\ntimespan: 10s\ncondition: {field: [V, U], eq: 3}'],
  ['type: value_sum\nrules: [a]\ngroup-by: [U]\ntimespan: 10s\ncondition: {field: N, gte: 5}'],
  ['type: value_avg\nrules: [a, b]\ntimespan: 10s\ncondition: {field: N, lt: 2}'],
  ['type: value_median\nrules: [a]\ntimespan: 10s\ncondition: {field: N, gt: 2}'],
  ['type: value_percentile\nrules: [a]\ntimespan: 10s\ncondition: {field: N, percentile: 75, gte: 3}'],
  ['type: value_percentile\nrules: [a]\ntimespan: 20s\ncondition: {field: V, lte: 30}'],
  ['type: temporal\nrules: [a, b, c]\ngroup-by: [U]\ntimespan: 10s'],
  ['type: temporal\nrules: [a, b, c]\ntimespan: 10s\ncondition: {gte: 2}'],
  ['type: temporal\ngroup-by: [U]\ntimespan: 10s\ncondition: (a or b) and not c'],
  ['type: temporal\ntimespan: 5s\ncondition: a and not (b and c)'],
  ['type: temporal_ordered\nrules: [a, b, c]\ngroup-by: [U]\ntimespan: 10s'],
  ['type: temporal_ordered\nrules: [a, b, c]\ntimespan: 10s\ncondition: {gte: 2}'],
  ['type: temporal_ordered\nrules: [a, b, a]\ntimespan: 10s\ncondition: {gte: 3}'],
  [
    'type: event_count\nrules: [a]\ngroup-by: [U]\ntimespan: 10s\ncondition: {gte: 2}',
    'type: temporal_ordered\nrules: [c0, b]\ngroup-by: [U]\ntimespan: 20s',
    'type: event_count\nrules: [c1, c]\ngroup-by: [U]\ntimespan: 20s\ncondition: {gte: 2}',
  ],
  [
    'type: temporal\nrules: [a, b]\ngroup-by: [U]\ntimespan: 5s\ncondition: a and not b',
    'type: temporal\nrules: [c0, c]\ngroup-by: [U]\ntimespan: 10s',
  ],
]

const streamOf = fc.array(
  fc.record({
    rule: fc.constantFrom('a', 'b', 'c'),
    // Some close together, so that windows hold many, and some far apart, so that they empty again.
    time: fc.oneof(fc.nat(60), fc.nat(8)).map((second) => second * SECOND),
    key: fc.option(fc.nat(40).map(String), { nil: undefined }),
    fields: fc.record({
      U: fc.constantFrom('x', 'X', 'y', null),
      L: fc.constantFrom<string | string[]>('p', ['p', 'q'], 'r'),
      V: fc.constantFrom('1', '2', '3', null),
      N: fc.constantFrom<string | number | null>(0, 1, 2, 3, '4', 'no', null),
    }),
  }),
  { maxLength: 80, size: 'max' },
)

/** A key stands for one event: it is at one time with one set of fields. */
function consistent(events: readonly ReferenceEvent[]): ReferenceEvent[] {
  const byKey = new Map<string, ReferenceEvent>()
  return events.map((event) => {
    if (event.key === undefined) return event
    const known = byKey.get(event.key) ?? event
    byKey.set(event.key, known)
    return { ...event, time: known.time, fields: known.fields }
  })
}

for (const [number, bodies] of CORRELATIONS.entries()) {
  const all = rules(...bodies.map((body, at) => correlation(body, `c${at}`)))
  const correlations = all.filter((rule): rule is CorrelationRule => rule.kind === 'correlation')
  test(`as a brute-force reference finds, late and repeated events among them: ${bodies[0].replaceAll('\n', ', ')}`, () => {
    fc.assert(
      fc.property(
        streamOf,
        fc.constantFrom(5, 20, Number.POSITIVE_INFINITY),
        fc.constantFrom(3, 30, 1000),
        (stream, seconds, maxEvents) => {
          const events = consistent(stream).filter(({ rule }) => correlations.some(({ rules }) => rules.includes(rule)))
          const lateness = seconds * SECOND
          const said = ({ rule, time, firstTime, value, group, eventCount }: CorrelationMatch) => ({
            rule: rule.title,
            time,
            firstTime,
            value,
            group: Object.fromEntries(Object.entries(group).map(([name, text]) => [name, text.toLowerCase()])),
            eventCount,
          })
          const { matches, account } = correlate(
            all,
            events.map(({ fields, ...event }) => ({ ...event, ...fields })),
            { lateness, maxEvents },
          )
          if (account.forgotten + account.hurried > 0) {
            assert.ok(maxEvents < 1000)
            return
          }
          const isCounted = correlations.every((rule) => !rule.condition.expression)
          const order = (list: readonly object[]) =>
            list.map((one) => JSON.stringify(isCounted ? one : { ...one, value: 0 })).toSorted()
          assert.deepEqual(
            order(matches.map(said)),
            order(correlateReference(correlations, accepted(events, lateness))),
          )
        },
      ),
      { numRuns: Number(process.env.CROSSTALK_RUNS ?? 200), seed: number },
    )
  })
}
