// expand: `%name%` becomes each of its values (Sigma rules specification, "Placeholders"); `\%` is a plain percent sign.
import {
  changed,
  type Modifier,
  type ModifierContext,
  ModifierError,
  type RegexValue,
  type StringValue,
  type Value,
  type ValuePart,
} from './modifier.ts'
import { ANY, ONE, parsePattern } from './sigma-string.ts'

/** Values that one value with placeholders may become. */
const MAX_EXPANSIONS = 100_000

/** Text with placeholders as a pattern. A backslash before a percent sign takes its meaning away; before a backslash, as everywhere, it is that. */
export function parseWithPlaceholders(text: string): ValuePart[] {
  const parts: ValuePart[] = []
  const add = (more: readonly ValuePart[]) => {
    for (const part of more) {
      const last = parts.length - 1
      if (typeof part === 'string' && typeof parts[last] === 'string') parts[last] += part
      else if (part !== ANY || parts[last] !== ANY) parts.push(part)
    }
  }
  for (const [piece, name] of text.matchAll(/\\[\\*?]|\\%|%([^%]+)%|[^\\%]+|[\\%]/gs)) {
    if (name !== undefined) add([{ placeholder: name }])
    else add(piece === '\\%' ? ['%'] : parsePattern(piece))
  }
  return parts
}

export const expand: Modifier = {
  takes: ['string', 'regex', 'number', 'boolean'],
  apply(value, context) {
    if (value.kind === 'regex') return expandRegex(value, context)
    if (value.kind !== 'string') return [value]
    let forms: ValuePart[][] = [[]]
    for (const part of value.pattern) {
      const choices = typeof part === 'object' ? valuesOf(part.placeholder, context).map(parsePattern) : [[part]]
      forms = product(forms, choices, (form, choice) => joined(form, choice))
    }
    return forms.map((pattern): Value => changed(value, pattern))
  },
}

function expandRegex(value: RegexValue, context: ModifierContext): Value[] {
  let sources = ['']
  for (const [piece, name] of value.source.matchAll(/\\.|%([^%]+)%|[^\\%]+|[\\%]/gs)) {
    const choices = name === undefined ? [piece === '\\%' ? '%' : piece] : valuesOf(name, context).map(regexOf)
    sources = product(sources, choices, (source, choice) => source + choice)
  }
  return sources.map((source) => ({ ...value, source }))
}

const regexOf = (text: string): string =>
  parsePattern(text)
    .map((part) => (part === ANY ? '.*' : part === ONE ? '.' : String(part).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')))
    .join('')

function valuesOf(name: string, { placeholders }: ModifierContext): readonly string[] {
  const values = placeholders.get(name)
  if (!values)
    throw new ModifierError(
      `the placeholder %${name}% has no values here: a processing pipeline gives them`,
      'unsupported',
    )
  return values
}

function product<T>(forms: readonly T[], choices: readonly T[], join: (form: T, choice: T) => T): T[] {
  if (forms.length * choices.length > MAX_EXPANSIONS)
    throw new ModifierError(`expand: more than ${MAX_EXPANSIONS} values`, 'unsupported')
  return forms.flatMap((form) => choices.map((choice) => join(form, choice)))
}

function joined(form: readonly ValuePart[], behind: readonly ValuePart[]): ValuePart[] {
  const all = [...form]
  for (const part of behind) {
    const last = all.length - 1
    if (typeof part === 'string' && typeof all[last] === 'string') all[last] += part
    else if (part !== ANY || all[last] !== ANY) all.push(part)
  }
  return all
}

/** Whether `expand` has still to replace something in it. */
export const hasPlaceholder = (value: StringValue): boolean => value.pattern.some((part) => typeof part === 'object')
