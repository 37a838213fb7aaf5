// KQL, the Kusto Query Language of Microsoft Sentinel and Defender XDR. Its text operators come in both cases; what they can't say is a regular expression of RE2. Text is never null there: an
// empty text, null and an absent field are one.
import { ANY, type Pattern } from '../modifiers/sigma-string.ts'
import type { Test } from '../modifiers/values.ts'
import type { Backend } from './backend.ts'
import { ConversionError, type Query } from './query.ts'

export const kusto: Backend = {
  name: 'kusto',
  summary:
    'KQL of Microsoft Sentinel and Defender XDR: Table | where …; an empty text, null and an absent field are one',
  render: (query, _, { table = 'Events' }) => `${table}\n| where ${clause(query, true)}`,
}

/** A column, or a path into a dynamic one. */
function column(field: string): string {
  const steps = field.split('.')
  return steps
    .map((step, at) =>
      /^[A-Za-z_]\w*$/.test(step)
        ? at === 0
          ? step
          : `.${step}`
        : `${at === 0 ? '' : '.'}["${step.replaceAll('"', '\\"')}"]`,
    )
    .join('')
    .replaceAll('.[', '[')
}

/** A verbatim literal: only quotes are doubled. Line ends can't stand in one. */
const literal = (text: string) =>
  /[\r\n\u0000]/.test(text)
    ? `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\r', '\\r').replaceAll('\n', '\\n').replaceAll('\u0000', '\\0')}"`
    : `@"${text.replaceAll('"', '""')}"`

function clause(query: Query, isOutermost = false): string {
  switch (query.kind) {
    case 'test':
      return testClause(query.field, query.test)
    case 'not':
      return `not(${clause(query.part, true)})`
    default: {
      if (!query.parts.length) return query.kind === 'and' ? 'true' : 'false'
      const parts = query.kind === 'or' ? gathered(query.parts) : query.parts.map((part) => clause(part))
      const joined = parts.join(` ${query.kind} `)
      return isOutermost || parts.length === 1 ? joined : `(${joined})`
    }
  }
}

/** Whole values of one field become `in~`. */
function gathered(parts: readonly Query[]): string[] {
  const lists = new Map<string, string[]>()
  const others: string[] = []
  for (const part of parts) {
    const text = part.kind === 'test' && part.field !== undefined ? wholeText(part.test) : undefined
    if (part.kind !== 'test' || text === undefined || text === '') others.push(clause(part))
    else {
      const key = textColumn(part.field!, text)
      lists.set(key, [...(lists.get(key) ?? []), text])
    }
  }
  const equal = [...lists].map(([of, texts]) =>
    texts.length === 1 ? `${of} =~ ${literal(texts[0])}` : `${of} in~ (${texts.map(literal).join(', ')})`,
  )
  return [...equal, ...others]
}

function wholeText(test: Test): string | undefined {
  if (test.kind !== 'pattern' || test.cased) return undefined
  return test.pattern.every((part) => typeof part === 'string') ? test.pattern.join('') : undefined
}

/** Text operators take text: a value that looks like a number may stand in a column of numbers. */
const textColumn = (field: string, value: string) =>
  /^-?\d+(?:\.\d+)?$|^(?:true|false)$/i.test(value) ? `tostring(${column(field)})` : column(field)

function testClause(field: string | undefined, test: Test): string {
  if (field === undefined) return keywordClause(test)
  switch (test.kind) {
    case 'pattern':
      return patternClause(field, test.pattern, test.cased === true)
    case 'regex':
      return `${column(field)} matches regex ${regexLiteral(test.source, test.flags)}`
    case 'null':
      return `isempty(${column(field)})`
    case 'exists':
      return `${test.value ? 'isnotempty' : 'isempty'}(${column(field)})`
    case 'compare':
      return `todouble(${column(field)}) ${SIGNS[test.operator]} ${test.value}`
    case 'cidr':
      return `${test.network.includes(':') ? 'ipv6' : 'ipv4'}_is_in_range(${column(field)}, ${literal(test.network)})`
    case 'fieldref':
      return `tostring(${column(field)}) ${REFERENCES[test.at][test.cased ? 1 : 0]} tostring(${column(test.field)})`
    case 'time-part':
      return `${timePart(column(field), test.part)} ${SIGNS[test.operator]} ${test.value}`
  }
}

const SIGNS = { lt: '<', lte: '<=', gt: '>', gte: '>=', eq: '==' } as const
const REFERENCES = {
  whole: ['=~', '=='],
  start: ['startswith', 'startswith_cs'],
  end: ['endswith', 'endswith_cs'],
  within: ['contains', 'contains_cs'],
} as const

const timePart = (of: string, part: string) =>
  part === 'week' ? `week_of_year(todatetime(${of}))` : `datetime_part("${part}", todatetime(${of}))`

const regexLiteral = (source: string, flags: string) => literal(flags ? `(?${flags})${source}` : source)

function patternClause(field: string, pattern: Pattern, cased: boolean): string {
  const [starts, ends] = [pattern[0] === ANY, pattern.length > 0 && pattern.at(-1) === ANY]
  const inner = pattern.slice(starts ? 1 : 0, ends ? (pattern.length === 1 ? 1 : -1) : undefined)
  const of = column(field)
  if (inner.some((part) => typeof part !== 'string'))
    return `${of} matches regex ${regexLiteral(asRegex(pattern), cased ? 's' : 'is')}`
  const text = inner.join('')
  if (text === '') return starts || ends ? `isnotempty(${of})` : `isempty(${of})`
  const [plain, sensitive] =
    starts && ends ? REFERENCES.within : starts ? REFERENCES.end : ends ? REFERENCES.start : REFERENCES.whole
  return `${textColumn(field, text)} ${cased ? sensitive : plain} ${literal(text)}`
}

/** Over every column: `*`. */
function keywordClause(test: Test): string {
  if (test.kind === 'regex') return `* matches regex ${regexLiteral(test.source, test.flags)}`
  if (test.kind !== 'pattern') throw new ConversionError(`${test.kind} without a field`)
  const isAnywhere = test.pattern[0] === ANY && test.pattern.at(-1) === ANY
  const inner = test.pattern.slice(1, -1)
  if (isAnywhere && inner.every((part) => typeof part === 'string'))
    return `* ${test.cased ? 'contains_cs' : 'contains'} ${literal(inner.join(''))}`
  return `* matches regex ${regexLiteral(asRegex(test.pattern), test.cased ? 's' : 'is')}`
}

function asRegex(pattern: Pattern): string {
  const [starts, ends] = [pattern[0] === ANY, pattern.at(-1) === ANY]
  const inner = pattern.slice(starts ? 1 : 0, ends ? -1 : undefined)
  const body = inner
    .map((part) => (part === ANY ? '.*' : typeof part === 'string' ? part.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&') : '.'))
    .join('')
  return `${starts ? '' : '^'}${body}${ends ? '' : '$'}`
}
