// Checks of conditions: what they leave unused, and whether they decide anything at all.
import { matchesPattern } from '../condition/parse.ts'
import { fold } from '../modifiers/folding.ts'
import { parsePattern } from '../modifiers/sigma-string.ts'
import type { Condition, Detection } from '../rule.ts'
import type { Subject } from './subject.ts'

/** With more search identifiers than this, their combinations are not tried. */
const MAX_TRIED = 12

export function checkConditions(
  subject: Subject,
  root: 'detection' | 'filter',
  detections: ReadonlyMap<string, Detection>,
  conditions: readonly Condition[],
): void {
  const names = [...detections.keys()]
  const used = new Set(conditions.flatMap((condition) => namesIn(condition, names)))
  for (const name of names)
    if (!used.has(name)) subject.report('identifier-unused', [root, name], `the condition does not use "${name}"`)
  for (const condition of conditions) checkQuantifiers(subject, root, condition, names)
  const isWhole = tryAll(subject, root, conditions, [...used])
  if (isWhole && root === 'detection') checkContradiction(subject, detections, conditions)
}

/** The search identifiers that a condition looks at. */
function namesIn(condition: Condition, names: readonly string[]): string[] {
  switch (condition.kind) {
    case 'identifier':
      return names.includes(condition.name) ? [condition.name] : []
    case 'of':
      return names.filter((name) => matchesPattern(name, condition.pattern))
    case 'not':
      return namesIn(condition.part, names)
    default:
      return condition.parts.flatMap((part) => namesIn(part, names))
  }
}

function checkQuantifiers(subject: Subject, root: string, condition: Condition, names: readonly string[]): void {
  if (condition.kind === 'not') checkQuantifiers(subject, root, condition.part, names)
  else if (condition.kind === 'and' || condition.kind === 'or')
    for (const part of condition.parts) checkQuantifiers(subject, root, part, names)
  else if (condition.kind === 'of') {
    const meant = names.filter((name) => matchesPattern(name, condition.pattern))
    // filter_main_* and filter_optional_* with one identifier are SigmaHQ's convention.
    if (meant.length === 1 && !meant[0].startsWith('filter'))
      subject.report(
        'one-of-one',
        [root, 'condition'],
        `"${condition.quantifier} of ${condition.pattern}" means "${meant[0]}" alone`,
      )
    if (typeof condition.quantifier === 'number' && condition.quantifier > meant.length && meant.length)
      subject.report(
        'always-false',
        [root, 'condition'],
        `"${condition.quantifier} of ${condition.pattern}": there are only ${meant.length}`,
      )
  }
}

type Truth = ReadonlyMap<string, boolean>

function truth(condition: Condition, values: Truth): boolean {
  switch (condition.kind) {
    case 'identifier':
      return values.get(condition.name) ?? false
    case 'not':
      return !truth(condition.part, values)
    case 'and':
      return condition.parts.every((part) => truth(part, values))
    case 'or':
      return condition.parts.some((part) => truth(part, values))
    case 'of': {
      const meant = [...values].filter(([name]) => matchesPattern(name, condition.pattern))
      const count = meant.filter(([, value]) => value).length
      return condition.quantifier === 'all'
        ? count === meant.length
        : count >= (condition.quantifier === 'any' ? 1 : condition.quantifier)
    }
  }
}

/** Tries every combination of search identifiers. False when the outcome is always the same. */
function tryAll(subject: Subject, root: string, conditions: readonly Condition[], names: readonly string[]): boolean {
  if (names.length > MAX_TRIED) return true
  const outcomes: boolean[] = []
  for (let bits = 0; bits < 1 << names.length; bits++) {
    const values = new Map(names.map((name, at) => [name, ((bits >> at) & 1) === 1]))
    outcomes.push(conditions.some((condition) => truth(condition, values)))
  }
  const path = [root, 'condition']
  if (outcomes.every(Boolean)) {
    subject.report('always-true', path, 'the condition is true whatever the search identifiers find')
    return false
  }
  if (!outcomes.some(Boolean)) {
    subject.report('always-false', path, 'the condition is false whatever the search identifiers find')
    return false
  }
  names.forEach((name, at) => {
    if (outcomes.every((outcome, bits) => outcome === outcomes[bits ^ (1 << at)]))
      subject.report('identifier-idle', [root, name], `"${name}" never changes the outcome of the condition`)
  })
  return true
}

/** field → the only values it may have. */
type Required = ReadonlyMap<string, ReadonlySet<string>>

function checkContradiction(
  subject: Subject,
  detections: ReadonlyMap<string, Detection>,
  conditions: readonly Condition[],
): void {
  const problems = conditions.map((condition) => {
    const meant = conjunctNames(condition, [...detections.keys()])
    return clash(meant.flatMap((name) => requirements(detections.get(name)!)))
  })
  if (problems.length && problems.every((one) => one !== undefined))
    subject.report(
      'contradiction',
      ['detection', 'condition'],
      `${problems[0]} can’t be all of these at once: the rule never matches`,
    )
}

/** Search identifiers that must all hold. */
function conjunctNames(condition: Condition, names: readonly string[]): string[] {
  if (condition.kind === 'identifier') return names.includes(condition.name) ? [condition.name] : []
  if (condition.kind === 'and') return condition.parts.flatMap((part) => conjunctNames(part, names))
  if (condition.kind !== 'of') return []
  const meant = names.filter((name) => matchesPattern(name, condition.pattern))
  return condition.quantifier === 'all' || meant.length === 1 ? meant : []
}

/** Exact values that a detection asks of fields, one entry an item that must hold. */
function requirements(detection: Detection): Required[] {
  if (detection.kind === 'and') return detection.parts.flatMap(requirements)
  if (detection.kind === 'or') return detection.parts.length === 1 ? requirements(detection.parts[0]) : []
  const { field, modifiers, values, all } = detection.item
  if (field === undefined || modifiers.length || all) return []
  const texts = values.map((value) => {
    if (typeof value === 'number' || typeof value === 'boolean') return String(value)
    const pattern = typeof value === 'string' ? parsePattern(value) : undefined
    return pattern?.every((part) => typeof part === 'string') ? fold(pattern.join('')) : undefined
  })
  return texts.includes(undefined) ? [] : [new Map([[field, new Set(texts as string[])]])]
}

/** The field whose values exclude each other, with them. */
function clash(all: readonly Required[]): string | undefined {
  const open = new Map<string, ReadonlySet<string>>()
  for (const [field, values] of all.flatMap((one) => [...one])) {
    const before = open.get(field)
    const both = before ? new Set([...before].filter((value) => values.has(value))) : values
    if (before && both.size === 0)
      return `${field}: ${[...before].slice(0, 3).join(', ')} and ${[...values].slice(0, 3).join(', ')}`
    open.set(field, both)
  }
  return undefined
}
