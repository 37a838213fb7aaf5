// An explanation as lines of text: `+` holds, `-` does not. What did not matter is left out unless everything is asked for.
import type { FieldValue } from '../event.ts'
import type { Explanation, RuleExplanation } from './explain.ts'

const MAX_VALUE = 200
/** Values of a list that are written out; of a list of hundreds, those that hold come first. */
const MAX_VALUES = 8

/** `everything`: also the parts that did not decide anything. No control characters are taken out: the caller knows its terminal. */
export function renderExplanation({ matches, logSource, conditions }: RuleExplanation, everything = false): string[] {
  const lines = [matches ? 'matches' : 'does not match']
  const says = (source: object) =>
    Object.entries(source)
      .map(([part, value]) => `${part} ${value}`)
      .join(', ')
  if (logSource.holds) lines.push(`+ log source: ${says(logSource.wanted)}`)
  else
    lines.push(
      `- log source: ${says(logSource.wanted)} is wanted; the event is of ${logSource.has.map((one) => `{${says(one)}}`).join(', ') || 'none'}`,
    )
  for (const condition of conditions) add(lines, condition, 0, everything)
  return lines
}

function add(lines: string[], part: Explanation, depth: number, everything: boolean): void {
  const indent = '  '.repeat(depth)
  const mark = part.holds ? '+' : '-'
  if (part.kind === 'item') {
    lines.push(`${indent}${mark} ${part.text}${found(part)}`)
    addValues(lines, part, depth + 1)
    return
  }
  lines.push(`${indent}${mark} ${part.text}`)
  for (const one of deciding(part, everything)) add(lines, one, depth + 1, everything)
}

/** Of an AND that fails, what fails; of an OR that holds, what holds; else all. */
function deciding({ kind, holds, parts }: Explanation, everything: boolean): readonly Explanation[] {
  if (everything || parts.length < 2) return parts
  const isAnd = kind === 'and'
  const isOr = kind === 'or' || kind === 'of'
  if ((isAnd && !holds) || (isOr && holds)) return parts.filter((part) => part.holds === holds)
  return parts
}

function found({ actual, almost, parts, text }: Explanation): string {
  if (text.startsWith('keywords')) return ''
  if (actual === undefined)
    return almost ? `: the event has no such field, but "${almost}"` : ': the event has no such field'
  return parts.length ? `: the event has ${shown(actual)}` : ''
}

function addValues(lines: string[], { parts }: Explanation, depth: number): void {
  const sorted = [...parts].sort((a, b) => Number(b.holds) - Number(a.holds))
  for (const { holds, text } of sorted.slice(0, MAX_VALUES))
    lines.push(`${'  '.repeat(depth)}${holds ? '+' : '-'} ${cut(text)}`)
  const rest = sorted.length - MAX_VALUES
  if (rest > 0)
    lines.push(
      `${'  '.repeat(depth)}  and ${rest} more, ${sorted.slice(MAX_VALUES).filter((one) => one.holds).length} of which hold`,
    )
}

const shown = (value: FieldValue): string =>
  cut(typeof value === 'string' ? JSON.stringify(value) : JSON.stringify(value, bigints))
const bigints = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)
const cut = (text: string): string =>
  text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}… (${text.length} characters)` : text
