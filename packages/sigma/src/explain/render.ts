// An explanation as lines of text: `+` holds, `-` does not. What did not matter is left out unless everything is asked for.
import type { FieldValue } from '../event.ts'
import type { Explanation, RuleExplanation } from './explain.ts'

/** Of a longer value of the event, the part around what was found. */
const MAX_VALUE = 400
/** Values of a list that are written out; of a list of hundreds, those that hold come first. */
const MAX_VALUES = 8

export interface RenderOptions {
  /** also the parts that did not decide anything */
  everything?: boolean
  /** columns; longer values go on in lines of their own (default 80) */
  width?: number
}

const WORDS: Readonly<Record<string, string>> = { and: 'all of these', or: 'any of these' }

/** No control characters are taken out: the caller knows its terminal. Values stand as they are, in single quotes: a backslash is one backslash. */
export function renderExplanation(explanation: RuleExplanation, options: RenderOptions = {}): string[] {
  const { matches, logSource, conditions } = explanation
  const { everything = false, width = 80 } = options
  const lines = [matches ? 'matches' : 'does not match']
  const says = (source: object) =>
    Object.entries(source)
      .map(([part, value]) => `${part} ${value}`)
      .join(', ')
  if (logSource.holds) lines.push(`+ log source: ${says(logSource.wanted)}`)
  else
    lines.push(
      `- log source: ${says(logSource.wanted)} is wanted;`,
      `  the event is of ${logSource.has.map(says).join('; or of ') || 'none'}`,
    )
  // What decides is told already.
  if (logSource.holds || everything) for (const condition of conditions) add(lines, condition, 0, { everything, width })
  return lines
}

function add(lines: string[], part: Explanation, depth: number, options: Required<RenderOptions>): void {
  const indent = '  '.repeat(depth)
  const mark = part.holds ? '+' : '-'
  if (part.kind === 'item') {
    const line = part.location ? ` (line ${part.location.line})` : ''
    lines.push(...folded(`${indent}${mark} ${part.text}${line}`, found(part), indent, options.width))
    addValues(lines, part, depth + 1)
    return
  }
  lines.push(`${indent}${mark} ${WORDS[part.text] ?? part.text}`)
  for (const one of deciding(part, options.everything)) add(lines, one, depth + 1, options)
}

/** Of an AND that fails, what fails; of an OR that holds, what holds; else all. */
function deciding({ kind, text, holds, parts }: Explanation, everything: boolean): readonly Explanation[] {
  if (everything || parts.length < 2) return parts
  const isAnd = kind === 'and' || (kind === 'of' && text.startsWith('all of '))
  const isOr = kind === 'or' || (kind === 'of' && !isAnd)
  if ((isAnd && !holds) || (isOr && holds)) return parts.filter((part) => part.holds === holds)
  return parts
}

/** What is told of the field, and its value. */
function found({ actual, almost, parts, text }: Explanation): [string, string?] {
  if (text.startsWith('keywords')) return ['']
  if (actual === undefined)
    return [almost ? `: the event has no such field, but "${almost}"` : ': the event has no such field']
  return parts.length ? [': the event has', shown(actual, parts)] : ['']
}

/** On one line where it fits; else the value on lines of its own. */
function folded(head: string, [says, value]: [string, string?], indent: string, width: number): string[] {
  if (value === undefined) return [head + says]
  const line = `${head}${says} ${value}`
  if (line.length <= width) return [line]
  const room = Math.max(20, width - indent.length - 6)
  const pieces = value.match(new RegExp(`[\\s\\S]{1,${room}}`, 'g')) ?? []
  return [head + says, ...pieces.map((piece) => `${indent}      ${piece}`)]
}

function addValues(lines: string[], { parts }: Explanation, depth: number): void {
  const sorted = [...parts].sort((a, b) => Number(b.holds) - Number(a.holds))
  const indent = '  '.repeat(depth)
  for (const { holds, text } of sorted.slice(0, MAX_VALUES)) lines.push(`${indent}${holds ? '+' : '-'} ${cut(text)}`)
  const rest = sorted.slice(MAX_VALUES)
  if (rest.length)
    lines.push(`${indent}  and ${rest.length} more, ${rest.filter((one) => one.holds).length} of which hold`)
}

function shown(value: FieldValue, parts: readonly Explanation[]): string {
  if (typeof value !== 'string') return cut(JSON.stringify(value, bigints))
  if (value.length <= MAX_VALUE) return `'${value}'`
  // Around what was found, where a plain text was.
  const small = value.toLowerCase()
  const places = parts.map(({ holds, text }) => (holds ? small.indexOf(text.slice(1, -1).toLowerCase()) : -1))
  const first = Math.min(...places.filter((at) => at >= 0), value.length)
  const start = first === value.length ? 0 : Math.max(0, Math.min(first - MAX_VALUE / 4, value.length - MAX_VALUE))
  const end = start + MAX_VALUE
  return `${start ? '…' : ''}'${value.slice(start, end)}'${end < value.length ? '…' : ''} (${value.length} characters)`
}

const bigints = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)
const cut = (text: string): string =>
  text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}… (${text.length} characters)` : text
