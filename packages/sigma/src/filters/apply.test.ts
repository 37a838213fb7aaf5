import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileRules } from '../compile/rule-set.ts'
import { parseRules } from '../load/load.ts'
import { createMatcher } from '../match/matcher.ts'
import { objectEvent } from '../match/object-event.ts'
import type { DetectionRule, FilterRule } from '../rule.ts'
import { applyFilters, brokenFilter, isFor } from './apply.ts'

const RULE = (detection: string, logsource = '{product: windows, category: process_creation}') =>
  `title: rule\nid: 11111111-1111-4111-8111-111111111111\nname: rule_name\nlogsource: ${logsource}\ndetection: ${detection}`
const FILTER = (filter: string, logsource = '{product: windows, category: process_creation}') =>
  `title: filter\nlogsource: ${logsource}\nfilter: ${filter}`

function read(...texts: string[]): { rules: DetectionRule[]; filters: FilterRule[] } {
  const { rules, refused } = parseRules(texts.join('\n---\n'), 'f.yml')
  assert.deepEqual(refused, [])
  return { rules: rules.filter((one) => one.kind === 'rule'), filters: rules.filter((one) => one.kind === 'filter') }
}

/** Whether the filtered rule matches each event. */
function matches(texts: string[], events: Record<string, unknown>[]): boolean[] {
  const { rules, filters } = read(...texts)
  const compiled = compileRules(applyFilters(rules, filters).rules)
  assert.deepEqual(compiled.refused, [])
  const matcher = createMatcher(compiled.ruleSet)
  return events.map((event) => {
    let found = false
    matcher.match(objectEvent(event, [rules[0].logSource]), () => {
      found = true
    })
    return found
  })
}

test('the filter’s condition is joined to the rule’s: it says itself what it leaves out', () => {
  const rule = RULE('{selection: {a: 1}, condition: selection}')
  const filter = FILTER('{rules: [rule_name], selection: {User|startswith: adm_}, condition: not selection}')
  assert.deepEqual(matches([rule, filter], [{ a: 1, User: 'adm_x' }, { a: 1, User: 'bob' }, { User: 'bob' }]), [
    false,
    true,
    false,
  ])
})

test('identifiers of the same name do not meet, nor do patterns take in the other side', () => {
  const filter = FILTER('{rules: any, sel_x: {u: 1}, sel_y: {u: 2}, condition: not 1 of sel_*}')
  const events = [{ a: 1 }, { b: 1 }, { a: 1, u: 2 }, { u: 2 }]
  for (const condition of ['1 of them', '1 of sel*', '1 of *', '1 of s*_*'])
    assert.deepEqual(
      matches([RULE(`{sel_x: {a: 1}, sel_y: {b: 1}, condition: ${condition}}`), filter], events),
      [true, true, false, false],
      condition,
    )
  const them = FILTER('{rules: any, x: {u: 1}, y: {u: 2}, condition: not 1 of them}')
  assert.deepEqual(matches([RULE('{x: {a: 1}, condition: all of them}'), them], events), [true, false, false, false])
})

test('a filter that can’t run is refused by its own place; placeholders may get values yet', () => {
  const said = (filter: string) => {
    const error = brokenFilter(read(FILTER(filter)).filters[0])
    return error && `${error.code} ${error.location.line}:${error.location.column}`
  }
  assert.equal(said('{rules: any, s: {User: a}, condition: not s}'), undefined)
  assert.equal(said('{rules: any, s: {User: a}, condition: not t}'), 'identifier 3:36')
  assert.equal(said('{rules: any, s: {User|contain: a}, condition: not s}'), 'modifier 3:26')
  assert.equal(said('{rules: any, s: {User|expand: "%admins%"}, condition: not s}'), undefined)
})

test('several filters, and rules with several conditions', () => {
  const rule = RULE('{x: {a: 1}, y: {b: 1}, condition: [x, y]}')
  const filter = (user: string) => FILTER(`{rules: any, x: {u: ${user}}, condition: not x}`)
  assert.deepEqual(
    matches([rule, filter('p'), filter('q')], [{ a: 1 }, { b: 1 }, { a: 1, u: 'p' }, { b: 1, u: 'q' }]),
    [true, true, false, false],
  )
})

test('which rules a filter is for: by id, by name, any; log sources no narrower than the filter’s', () => {
  const { rules } = read(RULE('{x: {a: 1}, condition: x}'))
  const forRule = (rulesOf: string, logsource: string) => {
    const { filters } = read(FILTER(`{rules: ${rulesOf}, x: {u: 1}, condition: not x}`, logsource))
    return isFor(filters[0], rules[0])
  }
  assert.equal(forRule('[11111111-1111-4111-8111-111111111111]', '{product: windows}'), true)
  assert.equal(forRule('rule_name', '{category: process_creation}'), true)
  assert.equal(forRule('any', '{product: windows, category: process_creation}'), true)
  assert.equal(forRule('[]', '{product: windows}'), true)
  assert.equal(forRule('[other]', '{product: windows}'), false)
  assert.equal(forRule('any', '{product: linux}'), false)
  assert.equal(forRule('any', '{product: windows, service: sysmon}'), false)
})
