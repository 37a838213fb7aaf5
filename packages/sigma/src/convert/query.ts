// Between a rule and a query language: the rule as AND, OR, NOT over tests of fields, with everything that is Sigma's own (modifiers, `1 of`, lists) worked out.
import { matchesPattern } from '../condition/parse.ts'
import { SigmaError } from '../errors.ts'
import { applyModifiers, ModifierError } from '../modifiers/modifiers.ts'
import type { Test } from '../modifiers/values.ts'
import { locationIn } from '../parse/rule-document.ts'
import type { Condition, Detection, DetectionItem, DetectionRule } from '../rule.ts'

/** Patterns keep the case they were written in; `cased` says whether it matters. */
export type Query =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Query[] }
  | { readonly kind: 'not'; readonly part: Query }
  /** without a field: looked for in everything the event has */
  | { readonly kind: 'test'; readonly field: string | undefined; readonly test: Test }

export interface QueryOptions {
  /** values of placeholders, for `expand` */
  placeholders?: ReadonlyMap<string, readonly string[]>
}

/** Throws SigmaError. */
export function queryOf(rule: DetectionRule, options: QueryOptions = {}): Query {
  const found = new Map<string, Query>()
  for (const [name, detection] of rule.detections) found.set(name, ofDetection(detection, rule, options))
  return join(
    'or',
    rule.conditions.map((condition) => ofCondition(condition, found, rule)),
  )
}

export function join(kind: 'and' | 'or', parts: readonly Query[]): Query {
  const flat = parts.flatMap((part) => (part.kind === kind ? part.parts : [part]))
  return flat.length === 1 ? flat[0] : { kind, parts: flat }
}

function ofDetection(detection: Detection, rule: DetectionRule, options: QueryOptions): Query {
  if (detection.kind === 'item') return ofItem(detection.item, rule, options)
  return join(
    detection.kind,
    detection.parts.map((part) => ofDetection(part, rule, options)),
  )
}

/** Modifiers that make something of a value that has no case. */
const CASELESS: ReadonlySet<string> = new Set(
  're cidr exists lt lte gt gte minute hour day week month year cased'.split(' '),
)

function ofItem(item: DetectionItem, rule: DetectionRule, { placeholders = new Map() }: QueryOptions): Query {
  const { field, modifiers } = item
  const names = modifiers.map((one) => one.toLowerCase())
  const isCased = names.includes('cased')
  const hasCase = !names.some((one) => CASELESS.has(one))
  try {
    const values = item.values.map((value) => {
      // With `cased` patterns come back as they were written.
      const asked = hasCase && value !== null ? [...modifiers, 'cased'] : modifiers
      const { tests } = applyModifiers(asked, [value], field === undefined, { placeholders })
      const forms = tests.flat().map((test): Query => ({ kind: 'test', field, test: isCased ? test : uncased(test) }))
      return join('or', forms)
    })
    const all = join(item.all ? 'and' : 'or', values)
    return names.includes('neq') ? { kind: 'not', part: all } : all
  } catch (error) {
    if (!(error instanceof ModifierError)) throw error
    throw new SigmaError(error.code, error.message, locationIn(rule, item))
  }
}

function uncased(test: Test): Test {
  if (test.kind !== 'pattern' && test.kind !== 'fieldref') return test
  const { cased: _, ...rest } = test
  return rest
}

function ofCondition(condition: Condition, found: ReadonlyMap<string, Query>, rule: DetectionRule): Query {
  const wrong = (message: string): never => {
    throw new SigmaError('identifier', message, locationIn(rule, ['detection', 'condition']))
  }
  switch (condition.kind) {
    case 'identifier':
      return (
        found.get(condition.name) ?? wrong(`the condition names "${condition.name}", which the detection does not have`)
      )
    case 'not':
      return { kind: 'not', part: ofCondition(condition.part, found, rule) }
    case 'of': {
      const parts = [...found].filter(([name]) => matchesPattern(name, condition.pattern)).map(([, query]) => query)
      if (!parts.length) return wrong(`no search identifier fits "${condition.pattern}"`)
      if (condition.quantifier === 'all') return join('and', parts)
      return choose(condition.quantifier === 'any' ? 1 : condition.quantifier, parts, rule)
    }
    default:
      return join(
        condition.kind,
        condition.parts.map((part) => ofCondition(part, found, rule)),
      )
  }
}

/** Choices that `2 of s*` may be written out as. */
const MAX_CHOICES = 100

function choose(count: number, parts: readonly Query[], rule: DetectionRule): Query {
  if (count === 1) return join('or', parts)
  const choices: Query[][] = []
  const pick = (from: number, chosen: Query[]): void => {
    if (chosen.length === count) {
      choices.push(chosen)
      if (choices.length > MAX_CHOICES)
        throw new SigmaError(
          'limit',
          `${count} of ${parts.length}: more than ${MAX_CHOICES} choices`,
          locationIn(rule, ['detection', 'condition']),
        )
      return
    }
    for (let at = from; at < parts.length; at++) pick(at + 1, [...chosen, parts[at]])
  }
  pick(0, [])
  if (!choices.length)
    throw new SigmaError(
      'condition',
      `${count} of ${parts.length} can never hold`,
      locationIn(rule, ['detection', 'condition']),
    )
  return join(
    'or',
    choices.map((one) => join('and', one)),
  )
}

/** What a query language can't say; the rule is refused with it. */
export class ConversionError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ConversionError'
  }
}
