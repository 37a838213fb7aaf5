// Filters (Sigma filters specification): exclusions that many rules share. A filter becomes part of each rule that it is for: its search identifiers under names of
// their own, and its condition joined to the rule's by AND. So a filter that leaves something out says so itself (`condition: not selection`).
import { compileRules } from '../compile/rule-set.ts'
import { matchesPattern } from '../condition/parse.ts'
import type { ResolveRule } from '../correlation/resolve.ts'
import { SigmaError } from '../errors.ts'
import type { LogSource } from '../log-source.ts'
import { locationIn, standsWhere } from '../parse/rule-document.ts'
import type { Condition, Detection, DetectionRule, FilterRule } from '../rule.ts'

/** The targets of a filter that lead to no detection rule. */
export function missingTargets(filter: FilterRule, resolveRule: ResolveRule): SigmaError[] {
  if (filter.rules === 'any') return []
  return filter.rules.flatMap((reference, at) => {
    const rule = resolveRule(reference)
    if (rule?.kind === 'rule') return []
    const why = rule
      ? `"${reference}" is a ${rule.kind}: filters are for detection rules`
      : `there is no rule with the id or name "${reference}" (or several have the name, or it was refused)`
    return [new SigmaError('reference', why, locationIn(filter, ['filter', 'rules', at]))]
  })
}

/** Why a filter can't run, apart from placeholders, which a pipeline may give values yet: joined to a rule, it would take that one with it. */
export function brokenFilter(filter: FilterRule): SigmaError | undefined {
  const { detections, condition, rules: _, ...metadata } = filter
  const alone: DetectionRule = { ...metadata, kind: 'rule', detections, conditions: [condition] }
  const { refused } = compileRules([standsWhere(alone, filter)])
  return refused.find(({ code }) => code !== 'unsupported')
}

/** Whether a filter is for a rule: named or `any`, and its log source says nothing that the rule's does not. */
export function isFor(filter: FilterRule, rule: DetectionRule): boolean {
  if (!includes(filter.logSource, rule.logSource)) return false
  if (filter.rules === 'any') return true
  return filter.rules.some((reference) => reference.toLowerCase() === rule.id || reference === rule.name)
}

/** A filter for {windows} is for rules of {windows, process_creation}; not the other way round. */
const includes = (wider: LogSource, narrower: LogSource) =>
  (['product', 'category', 'service'] as const).every(
    (part) => wider[part] === undefined || wider[part] === narrower[part],
  )

/** The rule with all filters that are for it; the rule itself when none is. */
export function withFilters(rule: DetectionRule, filters: readonly FilterRule[]): DetectionRule {
  const own = filters.filter((filter) => isFor(filter, rule))
  return own.length ? own.reduce(withFilter, rule) : rule
}

/** How often each filter is applied, by place in `filters`; and the rules with them. */
export function applyFilters(
  rules: readonly DetectionRule[],
  filters: readonly FilterRule[],
): { rules: DetectionRule[]; applied: number[] } {
  const applied = filters.map(() => 0)
  if (!filters.length) return { rules: [...rules], applied }
  return {
    rules: rules.map((rule) => {
      filters.forEach((filter, at) => {
        if (isFor(filter, rule)) applied[at]++
      })
      return withFilters(rule, filters)
    }),
    applied,
  }
}

function withFilter(rule: DetectionRule, filter: FilterRule): DetectionRule {
  const prefix = freePrefix(rule)
  const detections = new Map<string, Detection>(rule.detections)
  for (const [name, detection] of filter.detections) detections.set(prefix + name, detection)
  const condition = renamed(filter.condition, prefix, [...filter.detections.keys()])
  const conditions = rule.conditions.map((one): Condition => ({ kind: 'and', parts: [ownOnly(one, rule), condition] }))
  return standsWhere({ ...rule, detections, conditions }, rule)
}

/** Begins with an underscore: `them` of the rule does not mean the filter's identifiers. */
function freePrefix(rule: DetectionRule): string {
  for (let number = 1; ; number++) {
    const prefix = `_filter_${number}_`
    if (![...rule.detections.keys()].some((name) => name.startsWith(prefix))) return prefix
  }
}

/** The filter's condition over the names that its identifiers have in the rule. */
function renamed(condition: Condition, prefix: string, names: readonly string[]): Condition {
  switch (condition.kind) {
    case 'identifier':
      return { kind: 'identifier', name: prefix + condition.name }
    case 'of':
      return chosen(
        condition.quantifier,
        names.filter((name) => matchesPattern(name, condition.pattern)),
        condition,
        prefix,
      )
    case 'not':
      return { kind: 'not', part: renamed(condition.part, prefix, names) }
    default:
      return { kind: condition.kind, parts: condition.parts.map((part) => renamed(part, prefix, names)) }
  }
}

type Of = Extract<Condition, { kind: 'of' }>

/** `of` written out, where a pattern would take in names of the other side; a number above one stays a pattern over the prefix. */
function chosen(quantifier: Of['quantifier'], names: readonly string[], of: Of, prefix: string): Condition {
  const parts = names.map((name): Condition => ({ kind: 'identifier', name: prefix + name }))
  if (parts.length === 1 && (quantifier === 'all' || quantifier === 'any' || quantifier === 1)) return parts[0]
  if (parts.length && quantifier === 'all') return { kind: 'and', parts }
  if (parts.length && (quantifier === 'any' || quantifier === 1)) return { kind: 'or', parts }
  return { ...of, pattern: prefix + (of.pattern.toLowerCase() === 'them' ? '*' : of.pattern) }
}

/** A rule's own patterns (`1 of *`) go on meaning its own identifiers only. */
function ownOnly(condition: Condition, rule: DetectionRule): Condition {
  switch (condition.kind) {
    case 'identifier':
      return condition
    case 'of':
      return condition.pattern.startsWith('*') || condition.pattern.startsWith('_')
        ? chosen(
            condition.quantifier,
            [...rule.detections.keys()].filter((name) => matchesPattern(name, condition.pattern)),
            condition,
            '',
          )
        : condition
    case 'not':
      return { kind: 'not', part: ownOnly(condition.part, rule) }
    default:
      return { kind: condition.kind, parts: condition.parts.map((part) => ownOnly(part, rule)) }
  }
}
