// Changes of a detection item's values, each a function of one value.

import type { ValuePart } from '../modifiers/modifier.ts'
import { parsePattern } from '../modifiers/sigma-string.ts'
import type { DetectionItem, RuleValue } from '../rule.ts'
import { numberOf } from './parameters.ts'
import { PipelineError, type PipelineItem } from './pipeline.ts'
import { pythonRegex, pythonReplacement, type Replacement, substituted } from './python-regex.ts'
import { asText, isText, partsOf, shown, unshown, written, writtenParts } from './text.ts'

/** One value becomes none, one or several. undefined: the change is not for it; the value itself: it is, and changes nothing. */
export type ValueChange = (value: RuleValue, item: DetectionItem) => RuleValue | readonly RuleValue[] | undefined

/** The item with its values changed; the same item when the change is for none of them. Throws PipelineError when no value is left. */
export function withValues(item: DetectionItem, change: ValueChange, { location }: PipelineItem): DetectionItem {
  if (!isText(item)) return item
  const text = asText(item)
  let isMeant = false
  let isChanged = false
  const values = text.values.flatMap((value) => {
    const result = change(value, text)
    if (result === undefined) return [value]
    isMeant = true
    isChanged ||= result !== value
    return result as RuleValue | RuleValue[]
  })
  if (isChanged && !values.length)
    throw new PipelineError('failure', `no value of ${item.field ?? 'the keywords'} is left`, location)
  return isChanged ? { ...text, values } : isMeant ? { ...item } : item
}

export function replaceString({ parameters, location }: PipelineItem): ValueChange {
  const { regex, replacement, skip_special: skip = false, interpret_special: interpret = false } = parameters
  const pattern = pythonRegex(String(regex), location, '', 'g')
  const into = pythonReplacement(String(replacement), pattern, location)
  return (value, item) => {
    if (typeof value !== 'string' && typeof value !== 'number') return undefined
    const parts = partsOf(String(value), item)
    const before = writtenParts(parts, item)
    const after =
      skip === true
        ? writtenParts(parts, item, (text) => {
            const made = substituted(text, pattern, into)
            return interpret === true ? written(parsePattern(made)) : written([made])
          })
        : replaced(parts, item, pattern, into)
    return after === before ? value : after
  }
}

/**
 * Text with what is found in it, as pySigma shows it, replaced. Shown, a backslash before a wildcard can't be told from one that makes it none; so only what is put in is read
 * anew, and what was not found stays as it is (pySigma 2, ReplaceStringTransformation).
 */
function replaced(parts: readonly ValuePart[], item: DetectionItem, pattern: RegExp, into: Replacement): string {
  const spans: { end: number; written: string; shown: string }[] = []
  let text = ''
  const add = (shown: string, written: string) => {
    text += shown
    spans.push({ end: text.length, written, shown })
  }
  for (const part of parts)
    if (typeof part === 'string') for (const c of part) add(/[*?]/.test(c) ? `\\${c}` : c, writtenParts([c], item))
    else add(writtenParts([part], item), writtenParts([part], item))
  let made = ''
  let pending = ''
  const flush = () => {
    made += unshown(pending)
    pending = ''
  }
  let at = 0
  let span = 0
  /** What stands between matches; a part that a match took half of is read anew with what comes in its place. */
  const keep = (end: number) => {
    for (; span < spans.length && spans[span].end <= at; span++);
    for (; at < end; span++) {
      const from = spans[span].end - spans[span].shown.length
      if (from >= at && spans[span].end <= end) {
        flush()
        made += spans[span].written
      } else pending += text.slice(Math.max(from, at), Math.min(spans[span].end, end))
      at = Math.min(spans[span].end, end)
      if (at < spans[span].end) return
    }
  }
  for (const match of text.matchAll(pattern)) {
    keep(match.index)
    pending += into(match)
    at = match.index + match[0].length
  }
  keep(text.length)
  flush()
  return made
}

export function mapString({ parameters }: PipelineItem): ValueChange {
  const { mapping } = parameters
  const map = new Map(Object.entries(mapping as Record<string, RuleValue | RuleValue[]>))
  return (value) => (typeof value === 'string' ? map.get(shown(value)) : undefined)
}

/** The item with one value for each that it had, whatever its modifiers made of them. */
export function withFixedValue(item: DetectionItem, { parameters }: PipelineItem): DetectionItem {
  const { value, force_type: type } = parameters
  const fixed = type === 'str' ? String(value) : type === 'num' ? numberOf(String(value))! : (value as RuleValue)
  return { ...item, modifiers: item.modifiers.filter((one) => one === 'neq'), values: item.values.map(() => fixed) }
}

export function convertType({ parameters, location }: PipelineItem): ValueChange {
  if (parameters.target_type === 'str') return (value) => (typeof value === 'number' ? String(value) : undefined)
  return (value) => {
    if (typeof value !== 'string') return undefined
    const number = numberOf(value)
    if (number === undefined) throw new PipelineError('failure', `"${value}" is no number`, location)
    return number
  }
}

const CASES: Readonly<Record<string, (text: string) => string>> = {
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  snake_case: (text) => text.replace(/(?<!^)(?=[A-Z])/g, '_').toLowerCase(),
}

export function changeCase({ parameters: { method } }: PipelineItem): ValueChange {
  const change = CASES[typeof method === 'string' ? method : 'lower']
  return (value, item) =>
    typeof value === 'string' ? writtenParts(partsOf(value, item), item, (text) => written([change(text)])) : undefined
}
