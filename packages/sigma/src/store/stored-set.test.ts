import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileRules, openRuleSet, parseRules, type RuleSet, storeRuleSet } from '../index.ts'
import type { DetectionRule } from '../rule.ts'

const RULES = `
title: all kinds of tests
id: 5f2b6f06-0b5e-4c55-9a3a-2f3ad2b6a111
name: kinds
level: high
description: Ünïcode
tags: [attack.t1559]
logsource: {product: windows, category: process_creation}
detection:
  s:
    Image|endswith: ['\\cmd.exe', 'p?wershell*.exe']
    CommandLine|windash|contains: ' -enc '
    User|cased: SYSTEM
    Hash|re|i: 'a{2,}'
    Ip|cidr: 10.0.0.0/8
    Port|gte: 1024
    Parent: null
    Extra|exists: true
    Target|fieldref|startswith: Source
    Time|hour: 3
    Odd: "a\\0b\\x02*"
    Empty: ''
  k: ['mimikatz', 'ключ']
  condition: s and not k
---
title: another log source
logsource: {product: linux}
detection: {s: {a: 1}, condition: s}
`

const compiled = (): RuleSet => {
  const { ruleSet, refused } = compileRules(parseRules(RULES, 'rules.yml').rules as DetectionRule[])
  assert.deepEqual(refused, [])
  return ruleSet
}

/** As plain data, without what is not there. */
const plain = ({ atoms, rules }: RuleSet) => ({
  atoms: atoms.map(({ field, test }) => ({ field, test })),
  rules: rules.map(({ id, title, level, tags, description, name, logSource, source, tree, asks, silent }) => ({
    ...{ id, title, level, tags, description, name, logSource, source, tree, asks, silent },
  })),
})

test('a stored set is opened as it was, with its fields’ names and what its atoms cost', () => {
  const set = compiled()
  const rules = [{ ...set.rules[0], asks: ['User'], silent: true as const }, set.rules[1]]
  const opened = openRuleSet(storeRuleSet({ ...set, rules }))
  assert.deepEqual(plain(opened), plain({ ...set, rules }))
  assert.equal(opened.names?.includes('Source'), true)
  assert.equal(opened.costs?.length, set.atoms.length)
})

test('it may lie anywhere in memory', () => {
  const bytes = storeRuleSet(compiled())
  const moved = new Uint8Array(bytes.length + 3)
  moved.set(bytes, 3)
  assert.deepEqual(plain(openRuleSet(moved.subarray(3))), plain(compiled()))
})

test('bytes that are cut off are refused', () => {
  const bytes = storeRuleSet(compiled())
  assert.throws(() => openRuleSet(bytes.subarray(0, bytes.length / 2)))
  assert.throws(() => openRuleSet(new Uint8Array(0)))
})
