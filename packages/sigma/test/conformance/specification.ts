// What the conformance suite says things with: rules as the specification writes them, run through parser and engine.
import assert from 'node:assert/strict'
import { compileRules } from '../../src/compile/rule-set.ts'
import { createCorrelator } from '../../src/correlation/correlator.ts'
import { ruleIndex, ruleKey, silencedRules } from '../../src/correlation/resolve.ts'
import { applyFilters } from '../../src/filters/apply.ts'
import { parseRules, type Rule } from '../../src/index.ts'
import type { LogSource } from '../../src/log-source.ts'
import { createMatcher } from '../../src/match/matcher.ts'
import { objectEvent } from '../../src/match/object-event.ts'
import type { CorrelationRule, DetectionRule, FilterRule } from '../../src/rule.ts'

export const WINDOWS: LogSource = { product: 'windows' }

/** A rule of any log source of Windows around a detection section. */
export const ruleOf = (detection: string): string => `title: example\nlogsource: {product: windows}\n${detection}`

/** Rules of a text; fails when something is refused. */
export function read(text: string): Rule[] {
  const { rules, refused } = parseRules(text, 'example.yml')
  assert.deepEqual(
    refused.map((one) => one.message),
    [],
  )
  return rules
}

/** Why a rule is refused, by parser or compiler; undefined when it is not. */
export function refusal(text: string, placeholders?: ReadonlyMap<string, readonly string[]>): string | undefined {
  const { rules, refused } = parseRules(text, 'example.yml')
  const compiled = compileRules(
    rules.filter((rule): rule is DetectionRule => rule.kind === 'rule'),
    { placeholders },
  )
  return [...refused, ...compiled.refused][0]?.message
}

export type Event = Readonly<Record<string, unknown>>

/** Whether each event matches the only rule of a text, with the filters of it applied. */
export function outcomes(
  text: string,
  events: readonly Event[],
  {
    logSource = WINDOWS,
    placeholders,
  }: { logSource?: LogSource; placeholders?: ReadonlyMap<string, readonly string[]> } = {},
): boolean[] {
  const rules = read(text)
  const filters = rules.filter((rule): rule is FilterRule => rule.kind === 'filter')
  const detections = rules.filter((rule): rule is DetectionRule => rule.kind === 'rule')
  const { ruleSet, refused } = compileRules(applyFilters(detections, filters).rules, { placeholders })
  assert.deepEqual(
    refused.map((one) => one.message),
    [],
  )
  const matcher = createMatcher(ruleSet)
  return events.map((event) => {
    let matched = false
    matcher.match(objectEvent(event, [logSource]), () => {
      matched = true
    })
    return matched
  })
}

/** `yes` events match the detection, `no` events do not. */
export function expect(
  detection: string,
  { yes = [], no = [] }: { yes?: readonly Event[]; no?: readonly Event[] },
): void {
  const text = ruleOf(detection)
  const all = [...yes, ...no]
  const got = outcomes(text, all)
  all.forEach((event, at) => {
    assert.equal(got[at], at < yes.length, `${detection}\n${JSON.stringify(event)}`)
  })
}

export interface StreamEvent {
  /** seconds */
  at: number
  logSource?: LogSource
  event: Event
}

/** What a set of rules says of a stream: `title second` for each match of a rule that speaks. */
export function alerts(text: string, stream: readonly StreamEvent[]): string[] {
  const rules = read(text)
  const find = ruleIndex(rules)
  const correlations = rules.filter((rule): rule is CorrelationRule => rule.kind === 'correlation')
  const silent = silencedRules(correlations, find)
  const { ruleSet, refused } = compileRules(rules.filter((rule): rule is DetectionRule => rule.kind === 'rule'))
  const said: string[] = []
  const correlator = createCorrelator(correlations, find, {
    lateness: Number.POSITIVE_INFINITY,
    onMatch: ({ rule, time }) => {
      if (!silent.has(ruleKey(rule))) said.push(`${rule.title} ${time / 1e6}`)
    },
  })
  assert.deepEqual(
    [...refused, ...correlator.refused].map((one) => one.message),
    [],
  )
  const matcher = createMatcher(ruleSet)
  for (const { at, event, logSource = WINDOWS } of stream) {
    const view = objectEvent(event, [logSource])
    matcher.match(view, ({ id, title }) => {
      if (!silent.has(id)) said.push(`${title} ${at}`)
      correlator.push({ rule: id, time: at * 1e6, field: (name) => view.value(view.shape.fields.indexOf(name)) })
    })
  }
  correlator.finish()
  return said
}
