// Checks of search identifiers: their fields, their values, and the traps of writing them.
import { MAKES_NO_TEXT } from '../modifiers/comparing-modifiers.ts'
import { fold } from '../modifiers/folding.ts'
import { ANY, ONE, parsePattern } from '../modifiers/sigma-string.ts'
import type { Path } from '../parse/rule.ts'
import type { Detection, DetectionItem, RuleValue } from '../rule.ts'
import { itemsOf, lookUp, replacing, type Subject, valuePath } from './subject.ts'
import type { Taxonomy } from './taxonomy.ts'

/** A list longer than this is not searched for values that cover each other. */
const MAX_COVER = 400

export function checkDetections(
  subject: Subject,
  detections: ReadonlyMap<string, Detection>,
  taxonomy: Taxonomy,
): void {
  const { rule } = subject
  const fields = rule.kind === 'correlation' ? undefined : taxonomy.fieldsOf(rule.logSource)
  const { raw } = subject
  for (const { item, path } of itemsOf(detections)) {
    if (fields) checkField(subject, item, path, fields)
    checkAll(subject, item, path)
    checkNull(subject, item, path)
    checkNumbers(subject, item, path)
    checkRepeats(subject, item, path)
    if (item.modifiers.some((one) => MAKES_NO_TEXT.includes(one))) {
      if (item.modifiers.includes('re')) checkRegex(subject, item, path)
      continue
    }
    item.values.forEach((value, at) => {
      if (typeof value === 'string') checkText(subject, item, value, valuePath(path, item, raw, at))
    })
    checkWildcards(subject, item, path)
  }
}

function checkField(subject: Subject, item: DetectionItem, path: Path, fields: ReadonlySet<string>): void {
  const { field } = item
  if (field === undefined || fields.has(field)) return
  const meant = [...fields].find((one) => one.toLowerCase() === field.toLowerCase())
  if (meant !== undefined) {
    const fix = replacing(subject, path, 'key', `write "${meant}"`, (written) => written.replace(field, meant))
    subject.report('field-case', path, `the field is "${meant}", not "${field}": names are compared with case`, fix)
    return
  }
  const { product, category, service } = subject.rule.kind === 'correlation' ? {} : subject.rule.logSource
  const source = [product, category, service].filter(Boolean).join(' ')
  subject.report(
    'field-unknown',
    path,
    `events of ${source} have no field "${field}" (only what an agent or a pipeline adds would)`,
  )
}

function checkAll(subject: Subject, item: DetectionItem, path: Path): void {
  if (!item.all || item.values.length > 1) return
  const fix = replacing(subject, path, 'key', 'leave "all" out', (written) => written.replace(/\|all(?=\||['"]?$)/, ''))
  subject.report(
    'all-single',
    path,
    '"all" links values, and there is only one',
    item.field === undefined ? undefined : fix,
  )
}

function checkNull(subject: Subject, item: DetectionItem, path: Path): void {
  if (item.values.length < 2) return
  const at = item.values.indexOf(null)
  if (at >= 0)
    subject.report(
      'null-in-list',
      [...path, at],
      'null shares no type with other values: give it a search identifier of its own',
    )
}

/** A number is compared as the text of its value: 0x1F as 31, 007 as 7, 1.10 as 1.1. */
function checkNumbers(subject: Subject, item: DetectionItem, path: Path): void {
  item.values.forEach((value, at) => {
    if (typeof value !== 'number') return
    const where = valuePath(path, item, subject.raw, at)
    const span = subject.span(where, 'value')
    if (!span) return
    const written = subject.text.slice(span.start, span.end).trim()
    if (written === String(value) || /^[&*!]/.test(written)) return
    subject.report(
      'number-form',
      where,
      `${written} is the number ${value}, and is compared as ${value}; in quotes it is compared as it stands`,
    )
  })
}

function checkRepeats(subject: Subject, item: DetectionItem, path: Path): void {
  if (item.values.length < 2) return
  // What is encoded differs with the case of what it was.
  const isCased = item.modifiers.some((one) => one === 'cased' || one === 're' || one.startsWith('base64'))
  const seen = new Map<string, number>()
  item.values.forEach((value, at) => {
    const text = value === null ? '\u0000' : String(value)
    const key = isCased ? text : fold(text)
    const first = seen.get(key)
    if (first === undefined) seen.set(key, at)
    else
      subject.report(
        'value-duplicate',
        [...path, at],
        `${JSON.stringify(value)} stands there already${text === String(item.values[first]) ? '' : `, as ${JSON.stringify(item.values[first])}: case makes no difference`}`,
      )
  })
  if (item.modifiers.length === 1 && item.modifiers[0] === 'contains' && !item.all) checkCovered(subject, item, path)
}

function checkCovered(subject: Subject, item: DetectionItem, path: Path): void {
  const texts = item.values.map((value) => (typeof value === 'string' ? plain(value) : undefined))
  if (texts.length > MAX_COVER) return
  texts.forEach((text, at) => {
    if (!text) return
    const by = texts.find(
      (one, other) => other !== at && one !== undefined && one !== '' && one !== text && text.includes(one),
    )
    if (by !== undefined)
      subject.report(
        'value-covered',
        [...path, at],
        `${JSON.stringify(item.values[at])} is found wherever ${JSON.stringify(item.values[texts.indexOf(by)])} is`,
      )
  })
}

/** The folded text of a value without wildcards. */
function plain(value: string): string | undefined {
  const pattern = parsePattern(value)
  return pattern.every((part) => typeof part === 'string') ? fold(pattern.join('')) : undefined
}

function checkText(subject: Subject, item: DetectionItem, value: string, path: Path): void {
  const looksWithin = item.field === undefined || item.modifiers.includes('contains')
  const encodes = item.modifiers.some((one) => /^(base64|base64offset|wide|utf16|expand)/.test(one))
  const letters = parsePattern(value)
    .filter((part) => typeof part === 'string')
    .join('').length
  if (looksWithin && !encodes) {
    if (value === '') subject.report('value-empty', path, 'an empty text is found in every value')
    else if (letters === 0)
      subject.report(
        'value-broad',
        path,
        `${JSON.stringify(value)} is found in every value: "exists" asks whether the field is there`,
      )
    else if (letters === 1 && !item.all && item.values.length > 0 && /[A-Za-z0-9 ]/.test(value))
      subject.report('value-broad', path, `${JSON.stringify(value)} is found in almost any value`)
  }
  const trap = /(?<!\\)(?:\\\\)*\\([*?])/.exec(value)
  if (trap && !item.modifiers.includes('expand'))
    subject.report(
      'wildcard-escaped',
      path,
      `"\\${trap[1]}" is a plain ${trap[1]}; a backslash and then a wildcard is "\\\\${trap[1]}"`,
    )
  if (/^\\\\[^\\*?]/.test(value) && !item.modifiers.some((one) => one === 'contains' || one === 'endswith'))
    subject.report('backslash-unc', path, 'two backslashes are one: a path \\\\server\\share begins with "\\\\\\\\"')
}

/** `*text*` says what `contains` says. Only a single value, or all values alike, can be changed for the modifier. */
function checkWildcards(subject: Subject, item: DetectionItem, path: Path): void {
  if (item.field === undefined || item.modifiers.length) return
  const shapes = item.values.map(shapeOf)
  const modifier = shapes[0]
  if (!modifier || shapes.some((one) => one !== modifier)) return
  const fix =
    item.values.length === 1 && !Array.isArray(lookUp(subject.raw, path))
      ? modifierFix(subject, item, path, modifier)
      : undefined
  subject.report('wildcard-modifier', path, `wildcards at the ends: ${item.field}|${modifier} says the same`, fix)
}

type Ends = 'contains' | 'startswith' | 'endswith'

/** Which modifier says what a value's wildcards at its ends say; undefined when there are others within, or none. */
function shapeOf(value: RuleValue): Ends | undefined {
  if (typeof value !== 'string') return undefined
  const pattern = parsePattern(value)
  if (pattern.includes(ONE) || pattern.filter((part) => typeof part === 'string').length !== 1) return undefined
  const [starts, ends] = [pattern[0] === ANY, pattern.at(-1) === ANY]
  return starts && ends ? 'contains' : starts ? 'endswith' : ends ? 'startswith' : undefined
}

/** The whole entry anew: only where key and value stand on one line and the value has no quotes or escapes that would have to change. */
function modifierFix(subject: Subject, item: DetectionItem, path: Path, modifier: Ends) {
  const key = subject.span(path, 'key')
  const value = subject.span(path, 'value')
  if (!key || !value) return undefined
  const [before, written] = [subject.text.slice(key.start, value.start), subject.text.slice(value.start, value.end)]
  const inner = /^'\*?([^'*\\]+)\*?'$/.exec(written)
  if (!inner || !/^[\w.-]+\s*:\s*$/.test(before)) return undefined
  return {
    title: `use ${modifier}`,
    start: key.start,
    end: value.end,
    text: `${before.replace(item.field!, `${item.field}|${modifier}`)}'${inner[1]}'`,
  }
}

function checkRegex(subject: Subject, item: DetectionItem, path: Path): void {
  item.values.forEach((value, at) => {
    if (typeof value === 'string' && value !== '' && !/[\\^$.|?*+()[\]{}]/.test(value))
      subject.report(
        'regex-plain',
        valuePath(path, item, subject.raw, at),
        `${JSON.stringify(value)} has nothing of a regular expression: contains|cased says the same`,
      )
  })
}
