// Sigma filters specification 2.1.0.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseRules } from '../../src/load/load.ts'
import { outcomes } from './specification.ts'

const RAR = `title: Data Compressed - rar.exe
id: 6f3e2987-db24-4c78-a860-b4f4095a7095
logsource: {product: windows, category: process_creation}
detection: {selection: {Image|endswith: rar.exe}, condition: selection}
---
`
const logSource = { product: 'windows', category: 'process_creation' }
const EVENTS = [
  { Image: 'rar.exe', User: 'adm_bob' },
  { Image: 'rar.exe', User: 'bob' },
  { Image: 'x.exe', User: 'bob' },
]

describe('Examples', () => {
  const filter = (condition: string) => `title: Filter Administrator account
description: The valid administrator account start with adm_
logsource:
    category: process_creation
    product: windows
filter:
    rules:
        - 6f3e2987-db24-4c78-a860-b4f4095a7095 # Data Compressed - rar.exe
        - df0841c0-9846-4e9f-ad8a-7df91571771b # Login on jump host
    selection:
        User|startswith: 'adm_'
    condition: ${condition}
`
  test('as it is written, its condition is joined to the rule’s', () =>
    assert.deepEqual(outcomes(RAR + filter('selection'), EVENTS, { logSource }), [true, false, false]))
  test('with "not" it suppresses', () =>
    assert.deepEqual(outcomes(RAR + filter('not selection'), EVENTS, { logSource }), [false, true, false]))
})

test('a filter of another taxonomy', () => {
  const text = `title: dns
id: 6f3e2987-db24-4c78-a860-b4f4095a7095
taxonomy: ecs
logsource: {category: network, service: dns}
detection: {selection: {dns.question.name|endswith: .com}, condition: selection}
---
title: Filter google
description: User use google
taxonomy: ecs
logsource:
    category: network
    service: dns
filter:
    rules:
        - 6f3e2987-db24-4c78-a860-b4f4095a7095 # rule 1
        - df0841c0-9846-4e9f-ad8a-7df91571771b # rule 2
    selection:
        dns.question.name|startswith: 'www.google.'
    condition: selection
`
  const events = [{ dns: { question: { name: 'www.google.com' } } }, { dns: { question: { name: 'example.com' } } }]
  assert.deepEqual(outcomes(text, events, { logSource: { category: 'network', service: 'dns' } }), [true, false])
})

describe('Relative rules', () => {
  const rules = `title: one\nid: 11111111-1111-4111-8111-111111111111\nname: First_Rule\nlogsource: {product: windows, category: process_creation}\ndetection: {s: {a: 1}, condition: s}\n---\n`
  const filtered = (targets: string, logsource = '{product: windows}') =>
    outcomes(
      `${rules}title: f\nlogsource: ${logsource}\nfilter: {rules: ${targets}, s: {u: 1}, condition: not s}`,
      [{ a: 1 }, { a: 1, u: 1 }],
      { logSource },
    )
  for (const targets of [
    'any',
    'Any',
    '[11111111-1111-4111-8111-111111111111]',
    '11111111-1111-4111-8111-111111111111',
    '[other, First_Rule]',
    'First_Rule',
    '[]',
  ])
    test(`rules: ${targets}`, () => assert.deepEqual(filtered(targets), [true, false]))
  for (const targets of ['[first_rule]', '[other]', 'one'])
    test(`rules: ${targets} names another`, () => assert.deepEqual(filtered(targets), [true, true]))
  test('only rules of the filter’s log source, or of a narrower one', () => {
    assert.deepEqual(filtered('any', '{category: process_creation}'), [true, false])
    assert.deepEqual(filtered('any', '{product: linux}'), [true, true])
    assert.deepEqual(filtered('any', '{product: windows, category: process_creation, service: sysmon}'), [true, true])
  })
})

describe('Components', () => {
  const refusal = (filter: string, logsource = '{product: windows}') =>
    parseRules(`title: t\n${logsource ? `logsource: ${logsource}\n` : ''}filter: ${filter}`, 'f.yml').refused[0]
      ?.message
  test('log source, rules, a selection, one condition', () => {
    assert.equal(refusal('{rules: any, s: {a: 1}, condition: not s}'), undefined)
    assert.match(refusal('{rules: any, s: {a: 1}, condition: not s}', '')!, /logsource is missing/)
    assert.match(refusal('{rules: any, condition: not s}')!, /no search identifier/)
    assert.match(refusal('{rules: any, s: {a: 1}}')!, /condition is missing/)
    assert.match(refusal('{rules: any, s: {a: 1}, condition: [s, not s]}')!, /one condition/)
    assert.match(refusal('{rules: {a: 1}, s: {a: 1}, condition: s}')!, /^rules/)
    // Left out it would silence every rule of the log source.
    assert.match(refusal('{s: {a: 1}, condition: s}')!, /^rules is missing/)
    assert.match(refusal('{rules: , s: {a: 1}, condition: s}')!, /^rules is missing/)
  })
})
