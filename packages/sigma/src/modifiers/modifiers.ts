// The modifiers (Sigma specification 2.1, appendix modifiers) by name, and what they make of the values of a detection item. They are applied in the order in which they stand.
import { meantHint } from '../near-name.ts'
import type { DetectionItem, RuleValue } from '../rule.ts'
import { cased, cidr, compare, exists, fieldref, NEEDS_FIELD, re, regexFlag, timePart } from './comparing-modifiers.ts'
import { base64, base64offset, utf16be, utf16le, utf16WithMark, wide } from './encodings.ts'
import { fold } from './folding.ts'
import {
  type Kind,
  MAX_MADE,
  type Modifier,
  type ModifierBudget,
  type ModifierContext,
  ModifierError,
  type Value,
} from './modifier.ts'
import { expand, hasPlaceholder, parseWithPlaceholders } from './placeholders.ts'
import { mapTexts, type PatternPart, parsePattern, widen } from './sigma-string.ts'
import type { Test } from './values.ts'
import { contains, endswith, startswith } from './wildcard-modifiers.ts'
import { windash } from './windash.ts'

export { isInNetwork, type Network, parseIp, parseNetwork } from './ip-network.ts'
export { MAX_MADE, type ModifierContext, ModifierError } from './modifier.ts'

const MODIFIERS: ReadonlyMap<string, Modifier> = new Map(
  Object.entries({
    contains,
    startswith,
    endswith,
    cased,
    windash,
    wide,
    utf16le,
    utf16be,
    utf16: utf16WithMark,
    base64,
    base64offset,
    expand,
    re,
    i: regexFlag('i'),
    ignorecase: regexFlag('i'),
    m: regexFlag('m'),
    multiline: regexFlag('m'),
    s: regexFlag('s'),
    dotall: regexFlag('s'),
    cidr,
    exists,
    fieldref,
    lt: compare('lt'),
    lte: compare('lte'),
    gt: compare('gt'),
    gte: compare('gte'),
    minute: timePart('minute'),
    hour: timePart('hour'),
    day: timePart('day'),
    week: timePart('week'),
    month: timePart('month'),
    year: timePart('year'),
  }),
)

/** The names that modifiers have, `all` and `neq` among them, which are the item's and not the values'. */
export const MODIFIER_NAMES: readonly string[] = [...MODIFIERS.keys(), 'all', 'neq']

const KINDS: Readonly<Record<Kind, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
  regex: 'a regular expression',
  network: 'a network',
  comparison: 'a comparison of numbers',
  time: 'a part of a time',
  field: 'a reference to a field',
  existence: 'whether there is a field',
}

export interface ModifiedItem {
  /** by value: the forms that it became (windash, base64offset, expand make several), any of which meets it */
  tests: Test[][]
  /** `neq`: the item is true when no test is */
  negated: boolean
}

/** `CommandLine|re: …`. A message that begins with the name of the modifier that stands last would say it twice. */
export function messageBehind(
  { field, modifiers }: Pick<DetectionItem, 'field' | 'modifiers'>,
  message: string,
): string {
  const name = `${modifiers.at(-1)?.toLowerCase()}: `
  const said = message.startsWith(name) ? message.slice(name.length) : message
  return `${field ?? 'keywords'}${modifiers.map((one) => `|${one}`).join('')}: ${said}`
}

/** The tests that the values of a detection item become. Throws ModifierError. `isKeyword`: no field, so text is looked for anywhere. */
export function applyModifiers(
  modifiers: readonly string[],
  values: readonly RuleValue[],
  isKeyword: boolean,
  context: ModifierContext,
): ModifiedItem {
  const names = modifiers.map((modifier) => modifier.toLowerCase()).filter((name) => name !== 'all')
  const chain = names
    .filter((name) => name !== 'neq')
    .map((name): [string, Modifier] => {
      const modifier = MODIFIERS.get(name)
      if (!modifier) throw new ModifierError(`there is no modifier "${name}"${meantHint(name, MODIFIER_NAMES)}`)
      return [name, modifier]
    })
  const expands = names.includes('expand')
  // A keyword stands anywhere in a value, unless it is asked for at the value's start or end.
  const isAnywhere = isKeyword && !names.includes('startswith') && !names.includes('endswith')
  const budget = context.budget ?? { ...MAX_MADE }
  return {
    tests: values.map((value) => {
      let forms: Value[] = [startOf(value, expands)]
      for (const [name, modifier] of chain) forms = applied(name, modifier, forms, context, budget)
      if (isKeyword) forms.forEach(checkKeyword)
      return forms.map((form) => testOf(form, isAnywhere))
    }),
    negated: names.includes('neq'),
  }
}

function startOf(value: RuleValue, expands: boolean): Value {
  if (value === null) return { kind: 'null' }
  if (typeof value === 'number') return { kind: 'number', value }
  if (typeof value === 'boolean') return { kind: 'boolean', value }
  // Half a surrogate pair is U+FFFD, as it is in values.
  const written = value.toWellFormed()
  const pattern = expands ? parseWithPlaceholders(written) : parsePattern(written)
  return { kind: 'string', pattern, written, cased: false, isBytes: false }
}

function applied(
  name: string,
  modifier: Modifier,
  forms: readonly Value[],
  context: ModifierContext,
  budget: ModifierBudget,
): Value[] {
  return forms.flatMap((form) => {
    if (form.kind === 'null') throw new ModifierError(`${name} is asked of a value, and there is none`, 'value')
    if (!modifier.takes.includes(form.kind))
      throw new ModifierError(
        `${name} takes ${modifier.takes.map((kind) => KINDS[kind]).join(' or ')}, not ${KINDS[form.kind]}`,
      )
    const made = modifier.apply(form, context)
    budget.values -= made.length
    for (const one of made) budget.characters -= charactersOf(one)
    if (budget.values < 0 || budget.characters < 0)
      throw new ModifierError(
        `the modifiers of the rule make more than ${MAX_MADE.values} values, or ${MAX_MADE.characters} characters`,
        'limit',
      )
    return made
  })
}

function charactersOf(value: Value): number {
  if (value.kind !== 'string') return 0
  return value.pattern.reduce<number>((sum, part) => sum + (typeof part === 'string' ? part.length : 1), 0)
}

function checkKeyword({ kind }: Value): void {
  if (NEEDS_FIELD.includes(kind))
    throw new ModifierError(`${KINDS[kind]} is asked of a field, and keywords have none`, 'value')
}

/** `isAnywhere`: text may stand anywhere in the value. */
function testOf(value: Value, isAnywhere: boolean): Test {
  switch (value.kind) {
    case 'null':
      return { kind: 'null' }
    case 'number':
    case 'boolean':
      return textTestOf([String(value.value)], false, isAnywhere)
    case 'string':
      if (hasPlaceholder(value)) throw new ModifierError('a placeholder was not expanded', 'unsupported')
      return textTestOf(value.pattern as readonly PatternPart[], value.cased, isAnywhere)
    case 'regex': {
      const { source, flags, fromStart, toEnd } = value
      const whole = fromStart || toEnd ? `${fromStart ? '\\A' : ''}(?:${source})${toEnd ? '\\Z' : ''}` : source
      return { kind: 'regex', source: whole, flags }
    }
    case 'network':
      return { kind: 'cidr', network: value.network }
    case 'comparison':
      return { kind: 'compare', operator: value.operator, value: value.value }
    case 'time':
      return { kind: 'time-part', part: value.part, operator: value.operator, value: value.value }
    case 'existence':
      return { kind: 'exists', value: value.exists }
    case 'field': {
      const at = value.start ? (value.end ? 'within' : 'start') : value.end ? 'end' : 'whole'
      return { kind: 'fieldref', field: value.field, at, ...(value.cased && { cased: true }) }
    }
  }
}

function textTestOf(pattern: readonly PatternPart[], isCased: boolean, isAnywhere: boolean): Test {
  const wide = isAnywhere ? widen(pattern, true, true) : pattern
  return isCased ? { kind: 'pattern', pattern: wide, cased: true } : { kind: 'pattern', pattern: mapTexts(wide, fold) }
}
