// Checks of conditions: what they leave unused, and whether they decide anything at all.
import { matchesPattern } from '../condition/parse.ts'
import { isMapping } from '../parse/rule-document.ts'
import type { Condition, Detection } from '../rule.ts'
import { checkContradiction, checkFilters } from './contradiction.ts'
import { replacing, type Subject } from './subject.ts'

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
  checkWords(subject, root)
  // What names nothing is refused, and reported by the loading.
  if (!conditions.every((condition) => areThere(condition, names))) return
  const isPossible = conditions.every((condition) => checkQuantifiers(subject, root, condition, names))
  const isWhole = isPossible && tryAll(subject, root, conditions, [...used])
  if (!isWhole || root !== 'detection') return
  checkContradiction(subject, detections, conditions)
  checkFilters(subject, detections, conditions)
}

const WORDS: readonly string[] = ['and', 'or', 'not', 'of', 'them', 'all', 'any']

/** `AND` is read here; other tools take it for a search identifier. */
function checkWords(subject: Subject, root: string): void {
  const section = subject.raw[root]
  const text = isMapping(section) ? section.condition : undefined
  if (typeof text !== 'string') return
  const isWord = (word: string) => WORDS.includes(word.toLowerCase()) && word !== word.toLowerCase()
  const upper = text.split(/[\s()]+/).find(isWord)
  if (upper === undefined) return
  const fix = replacing(subject, [root, 'condition'], 'value', 'write them in lower case', (written) =>
    written.replace(/[A-Za-z]+(?![\w*-])/g, (word, at: number) =>
      isWord(word) && !/[\w*-]/.test(written[at - 1] ?? ' ') ? word.toLowerCase() : word,
    ),
  )
  subject.report('condition-case', [root, 'condition'], `"${upper}": words of conditions are in lower case`, fix)
}

/** Whether everything that the condition names is there. */
function areThere(condition: Condition, names: readonly string[]): boolean {
  if (condition.kind === 'identifier') return names.includes(condition.name)
  if (condition.kind === 'not') return areThere(condition.part, names)
  if (condition.kind === 'of') return names.some((name) => matchesPattern(name, condition.pattern))
  return condition.parts.every((part) => areThere(part, names))
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

/** False: an "of" asks for more than there are. */
function checkQuantifiers(subject: Subject, root: string, condition: Condition, names: readonly string[]): boolean {
  if (condition.kind === 'not') return checkQuantifiers(subject, root, condition.part, names)
  if (condition.kind === 'and' || condition.kind === 'or')
    return condition.parts.every((part) => checkQuantifiers(subject, root, part, names))
  if (condition.kind === 'of') {
    const meant = names.filter((name) => matchesPattern(name, condition.pattern))
    if (typeof condition.quantifier === 'number' && condition.quantifier > meant.length) {
      subject.report(
        'always-false',
        [root, 'condition'],
        `"${condition.quantifier} of ${condition.pattern}": only ${meant.join(', ')} ${meant.length === 1 ? 'fits' : 'fit'}`,
      )
      return false
    }
    // filter_main_* and filter_optional_* with one identifier are SigmaHQ's convention.
    if (meant.length === 1 && !meant[0].startsWith('filter'))
      subject.report(
        'one-of-one',
        [root, 'condition'],
        `"${condition.quantifier} of ${condition.pattern}" means "${meant[0]}" alone`,
      )
  }
  return true
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
