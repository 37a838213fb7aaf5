// Why a rule did or did not match an event, atom by atom. It walks the rule as it is written and asks the tests one by one: slow, and meant to be read.
import { matchesPattern } from '../condition/parse.ts'
import { SigmaError } from '../errors.ts'
import { type EventShape, type EventView, type FieldValue, ValueKind } from '../event.ts'
import type { LogSource } from '../log-source.ts'
import { satisfies } from '../match/plan.ts'
import { comparesTo, textTest } from '../match/test-value.ts'
import { fold } from '../modifiers/folding.ts'
import { applyModifiers, ModifierError, messageBehind } from '../modifiers/modifiers.ts'
import type { Test } from '../modifiers/values.ts'
import { locationIn } from '../parse/rule-document.ts'
import { RegexError } from '../regex/linear.ts'
import type { Condition, Detection, DetectionItem, DetectionRule, Location, RuleValue } from '../rule.ts'

/** A part of the rule with what came of it. */
export interface Explanation {
  readonly kind: 'condition' | 'and' | 'or' | 'not' | 'of' | 'identifier' | 'item' | 'value'
  /** as the rule says it: `CommandLine|contains`, `selection`, `1 of filter_*`, a value (text in single quotes) */
  readonly text: string
  readonly holds: boolean
  readonly parts: readonly Explanation[]
  /** of an item: what the event has in the field; undefined when it has no such field */
  readonly actual?: FieldValue
  /** of an item: a field of that name in other letters, which is another field */
  readonly almost?: string
  /** of an item: where it stands */
  readonly location?: Location
}

export interface RuleExplanation {
  readonly matches: boolean
  readonly logSource: { readonly wanted: LogSource; readonly has: readonly LogSource[]; readonly holds: boolean }
  /** any of them is enough */
  readonly conditions: readonly Explanation[]
}

export interface ExplainOptions {
  /** values of placeholders, for `expand` */
  placeholders?: ReadonlyMap<string, readonly string[]>
  /** the rule is looked at whatever the event's log sources are */
  anyLogSource?: boolean
}

/** Throws SigmaError when the rule can't run. */
export function explainRule(rule: DetectionRule, event: EventView, options: ExplainOptions = {}): RuleExplanation {
  const { definition: _, ...wanted } = rule.logSource
  const has = event.shape.logSources
  const holds = options.anyLogSource === true || has.some((one) => satisfies(one, wanted))
  const explainer = new Explainer(rule, event, options.placeholders ?? new Map())
  const conditions = rule.conditions.map((condition) => explainer.condition(condition))
  return { matches: holds && conditions.some((one) => one.holds), logSource: { wanted, has, holds }, conditions }
}

class Explainer {
  readonly #rule: DetectionRule
  readonly #event: EventView
  readonly #placeholders: ReadonlyMap<string, readonly string[]>

  constructor(rule: DetectionRule, event: EventView, placeholders: ReadonlyMap<string, readonly string[]>) {
    this.#rule = rule
    this.#event = event
    this.#placeholders = placeholders
  }

  condition(condition: Condition): Explanation {
    switch (condition.kind) {
      case 'identifier':
        return this.#identifier(condition.name)
      case 'of':
        return this.#of(condition)
      case 'not': {
        const part = this.condition(condition.part)
        return { kind: 'not', text: 'not', holds: !part.holds, parts: [part] }
      }
      default:
        return joined(
          condition.kind,
          condition.parts.map((part) => this.condition(part)),
        )
    }
  }

  #identifier(name: string): Explanation {
    const detection = this.#rule.detections.get(name)
    if (!detection) throw this.#error('identifier', `the condition names "${name}", which the detection does not have`)
    const part = this.#detection(detection)
    return { kind: 'identifier', text: name, holds: part.holds, parts: [part] }
  }

  #of({ quantifier, pattern }: Extract<Condition, { kind: 'of' }>): Explanation {
    const names = [...this.#rule.detections.keys()].filter((name) => matchesPattern(name, pattern))
    if (!names.length) throw this.#error('identifier', `no search identifier fits "${pattern}"`)
    const parts = names.map((name) => this.#identifier(name))
    const wanted = quantifier === 'all' ? parts.length : quantifier === 'any' ? 1 : quantifier
    const holds = parts.filter((part) => part.holds).length >= wanted
    return { kind: 'of', text: `${quantifier} of ${pattern}`, holds, parts }
  }

  #error(code: 'identifier', message: string): SigmaError {
    return new SigmaError(code, message, locationIn(this.#rule, ['detection', 'condition']))
  }

  #detection(detection: Detection): Explanation {
    if (detection.kind === 'item') return this.#item(detection.item)
    return joined(
      detection.kind,
      detection.parts.map((part) => this.#detection(part)),
    )
  }

  #item(item: DetectionItem): Explanation {
    const { tests, negated } = this.#tests(item)
    const { field } = item
    const actual = field === undefined ? undefined : fieldValue(this.#event, field)
    const parts = item.values.map((value, at): Explanation => {
      const own = tests[at]
      const holds = own.some((test) => (field === undefined ? this.#anywhere(test) : this.#holds(test, actual)))
      return { kind: 'value', text: written(value), holds, parts: [] }
    })
    const together = item.all ? parts.every((part) => part.holds) : parts.some((part) => part.holds)
    return {
      kind: 'item',
      text: `${field ?? 'keywords'}${item.modifiers.map((one) => `|${one}`).join('')}${item.all ? '|all' : ''}`,
      holds: together !== negated,
      parts,
      ...(actual !== undefined && { actual }),
      ...(field !== undefined && actual === undefined && almostField(this.#event.shape, field)),
      location: locationIn(this.#rule, item),
    }
  }

  #tests(item: DetectionItem) {
    try {
      const context = { placeholders: this.#placeholders }
      return applyModifiers(item.modifiers, item.values, item.field === undefined, context)
    } catch (error) {
      if (!(error instanceof ModifierError)) throw error
      throw new SigmaError(error.code, messageBehind(item, error.message), locationIn(this.#rule, item))
    }
  }

  #holds(test: Test, actual: FieldValue | undefined): boolean {
    if (test.kind === 'null') return actual === undefined || actual === null
    if (test.kind === 'exists') return (actual !== undefined) === test.value
    if (test.kind === 'fieldref') {
      const other = textsOf(fieldValue(this.#event, test.field))
      return textsOf(actual).some((left) => other.some((right) => comparesTo(left, right, test)))
    }
    return this.#text(test, textsOf(actual))
  }

  #anywhere(test: Test): boolean {
    const { shape, kinds } = this.#event
    const slots = this.#event.keywordSlots?.() ?? shape.fields.keys()
    for (const slot of slots)
      if (kinds[slot] !== ValueKind.Absent && this.#text(test, textsOf(this.#event.value(slot)))) return true
    return this.#text(test, [...shape.constants.values()].map(String))
  }

  #text(test: Test, texts: readonly string[]): boolean {
    try {
      const holds = textTest(test)
      return holds !== undefined && texts.some((text) => holds(text, fold(text)))
    } catch (error) {
      if (!(error instanceof RegexError)) throw error
      throw new SigmaError('regex', error.message, this.#rule.source)
    }
  }
}

function joined(kind: 'and' | 'or', parts: readonly Explanation[]): Explanation {
  const holds = kind === 'and' ? parts.every((part) => part.holds) : parts.some((part) => part.holds)
  return { kind, text: kind, holds, parts }
}

function fieldValue(event: EventView, field: string): FieldValue | undefined {
  const { shape } = event
  const own = shape.fields.indexOf(field)
  const slot = own >= 0 ? own : shape.aliases.get(field)
  return slot === undefined ? shape.constants.get(field) : event.value(slot)
}

function textsOf(value: FieldValue | undefined): string[] {
  if (value === undefined || value === null) return []
  if (typeof value !== 'object') return [String(value)]
  return (Array.isArray(value) ? value : Object.values(value)).flatMap(textsOf)
}

function almostField({ fields, aliases, constants }: EventShape, field: string): { almost: string } | undefined {
  const small = field.toLowerCase()
  for (const name of [...fields, ...aliases.keys(), ...constants.keys()])
    if (name.toLowerCase() === small) return { almost: name }
  return undefined
}

const written = (value: RuleValue): string => (typeof value === 'string' ? `'${value}'` : JSON.stringify(value))
