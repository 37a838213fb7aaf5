// Checks of what the search identifiers of a condition ask for together: values that exclude each other, and filters that leave out all that is found.
import { matchesPattern } from '../condition/parse.ts'
import { fold } from '../modifiers/folding.ts'
import { parsePattern, plainText } from '../modifiers/sigma-string.ts'
import type { Condition, Detection, DetectionItem } from '../rule.ts'
import { itemsOf, type Subject } from './subject.ts'

/** What a value has to be, or to begin or end with. */
interface Asked {
  readonly place: 'whole' | 'start' | 'end'
  readonly text: string
}

/** One of these, of a field. */
interface Required {
  readonly field: string
  readonly values: readonly Asked[]
}

type Detections = ReadonlyMap<string, Detection>

/** Longer lists are not compared with each other. */
const MAX_VALUES = 200
/** Rules with more search identifiers or items are not looked at: no author writes them, and all are compared with all. */
const MAX_PARTS = 500

export function checkContradiction(subject: Subject, detections: Detections, conditions: readonly Condition[]): void {
  if (isLarge(detections)) return
  for (const { item, path } of itemsOf(detections)) {
    const problem = item.all ? clash(item.values.flatMap((value) => required({ ...item, values: [value] }))) : undefined
    if (problem !== undefined)
      subject.report('contradiction', path, `${problem} can’t be all of these at once: "contains" is missing?`)
  }
  const problems = conditions.map((condition) =>
    clash(conjuncts(condition, [...detections.keys()]).flatMap((name) => requirements(detections.get(name)!))),
  )
  if (problems.length && problems.every((one) => one !== undefined))
    subject.report(
      'contradiction',
      ['detection', 'condition'],
      `${problems[0]} can’t be all of these at once: the rule never matches`,
    )
}

function isLarge(detections: Detections): boolean {
  let count = detections.size
  for (const _ of itemsOf(detections)) if (++count > MAX_PARTS) return true
  return count > MAX_PARTS
}

/** Search identifiers that must all hold. */
function conjuncts(condition: Condition, names: readonly string[]): string[] {
  if (condition.kind === 'identifier') return [condition.name]
  if (condition.kind === 'and') return condition.parts.flatMap((part) => conjuncts(part, names))
  if (condition.kind !== 'of') return []
  const meant = names.filter((name) => matchesPattern(name, condition.pattern))
  return condition.quantifier === 'all' || meant.length === 1 ? meant : []
}

/** What a detection asks of fields, one entry an item that must hold. */
function requirements(detection: Detection): Required[] {
  return mustHold(detection).flatMap((item) => (item.all ? [] : required(item)))
}

/** The items that must all hold. */
function mustHold(detection: Detection): DetectionItem[] {
  if (detection.kind === 'item') return [detection.item]
  if (detection.kind === 'and') return detection.parts.flatMap(mustHold)
  return detection.parts.length === 1 ? mustHold(detection.parts[0]) : []
}

const PLACES: Readonly<Record<string, Asked['place']>> = { startswith: 'start', endswith: 'end' }

function required({ field, modifiers, values }: DetectionItem): Required[] {
  const [modifier, ...more] = modifiers
  const place = modifier === undefined ? 'whole' : PLACES[modifier]
  if (field === undefined || place === undefined || more.length || values.length > MAX_VALUES) return []
  const texts = values.map((value) => {
    if (typeof value === 'number' || typeof value === 'boolean') return String(value)
    return typeof value === 'string' ? plainText(parsePattern(value)) : undefined
  })
  if (texts.some((text) => text === undefined)) return []
  return [{ field, values: texts.map((text) => ({ place, text: fold(text!) })) }]
}

/** The field whose values exclude each other, with them. */
function clash(all: readonly Required[]): string | undefined {
  const open = new Map<string, readonly Asked[]>()
  for (const { field, values } of all) {
    const before = open.get(field)
    if (before && !before.some((one) => values.some((other) => canBoth(one, other))))
      return `${field}: ${told(before)} and ${told(values)}`
    // The narrower of the two is kept.
    if (!before || values.length < before.length) open.set(field, values)
  }
  return undefined
}

const told = (values: readonly Asked[]): string =>
  values
    .slice(0, 3)
    .map(({ place, text }) => `${place === 'end' ? '*' : ''}${text}${place === 'start' ? '*' : ''}`)
    .join(', ')

/** Whether a value can be as both ask. */
function canBoth(a: Asked, b: Asked): boolean {
  if (a.place === 'whole') return holds(b, a.text)
  if (b.place === 'whole') return holds(a, b.text)
  if (a.place !== b.place) return true
  return a.text.length > b.text.length ? holds(b, a.text) : holds(a, b.text)
}

const holds = ({ place, text }: Asked, value: string): boolean =>
  place === 'whole' ? value === text : place === 'start' ? value.startsWith(text) : value.endsWith(text)

/** `selection and not filter`, where the filter asks for no more than the selection does. And filters that are asked for. */
export function checkFilters(subject: Subject, detections: Detections, conditions: readonly Condition[]): void {
  if (isLarge(detections)) return
  const names = [...detections.keys()]
  for (const condition of conditions) {
    const found = conjuncts(condition, names).flatMap((name) => mustHold(detections.get(name)!))
    for (const name of leftOut(condition, names)) {
      const filter = detections.get(name)!
      const asked = mustHold(filter)
      const isPlain = filter.kind === 'item' || (filter.kind === 'and' && asked.length === filter.parts.length)
      if (isPlain && asked.every((item) => found.some((other) => isCovered(other, item))))
        subject.report(
          'filter-covers',
          ['detection', name],
          `"${name}" asks for no more than what must be found: it leaves everything out`,
        )
    }
  }
  for (const name of names)
    if (/^filter/i.test(name) && conditions.every((condition) => isOnlyAsked(condition, name)))
      subject.report(
        'filter-asked',
        ['detection', 'condition'],
        `the condition asks for "${name}": "not" is missing, or the name says something else than it does`,
      )
}

/** Search identifiers none of which may hold. */
function leftOut(condition: Condition, names: readonly string[]): string[] {
  if (condition.kind === 'and') return condition.parts.flatMap((part) => leftOut(part, names))
  if (condition.kind !== 'not') return []
  const { part } = condition
  if (part.kind === 'identifier') return [part.name]
  if (part.kind === 'or') return part.parts.flatMap((one) => (one.kind === 'identifier' ? [one.name] : []))
  if (part.kind !== 'of') return []
  const meant = names.filter((name) => matchesPattern(name, part.pattern))
  return part.quantifier === 1 || part.quantifier === 'any' || meant.length === 1 ? meant : []
}

/** Whether the second item holds wherever the first one does: the same field and modifiers, and all of its values. */
function isCovered(narrow: DetectionItem, wide: DetectionItem): boolean {
  if (narrow.field !== wide.field || narrow.field === undefined || narrow.modifiers.includes('neq')) return false
  if (narrow.modifiers.join() !== wide.modifiers.join() || (narrow.all || wide.all) !== false) return false
  const values = new Set(wide.values)
  return narrow.values.every((value) => values.has(value))
}

/** Whether the condition looks at the search identifier, and nowhere behind a "not". */
function isOnlyAsked(condition: Condition, name: string): boolean {
  const uses = (one: Condition, negated: boolean): boolean[] => {
    if (one.kind === 'identifier') return one.name === name ? [!negated] : []
    if (one.kind === 'of') return matchesPattern(name, one.pattern) ? [!negated] : []
    if (one.kind === 'not') return uses(one.part, !negated)
    return one.parts.flatMap((part) => uses(part, negated))
  }
  const all = uses(condition, false)
  return all.length > 0 && all.every(Boolean)
}
