// SQLite: a WHERE clause over a table with a column a field. LIKE compares ASCII without case, as Sigma does; letters outside ASCII must be written alike. An absent field and null are both
// NULL. Regular expressions need a function regexp(pattern, text), which SQLite leaves to its user.

import { ANY, type Pattern } from '../modifiers/sigma-string.ts'
import type { Test } from '../modifiers/values.ts'
import type { Backend, BackendOptions } from './backend.ts'
import { addressPatterns } from './cidr.ts'
import { ConversionError, type Query } from './query.ts'

export const sqlite: Backend = {
  name: 'sqlite',
  summary: 'SELECT … WHERE over one table; regular expressions need a regexp function, keywords a --keyword-field',
  render: (query, _, options) => `SELECT * FROM ${name(options.table ?? 'logs')} WHERE ${clause(query, options)}`,
}

const name = (text: string) => `"${text.replaceAll('"', '""')}"`
const literal = (text: string) => {
  if (text.includes('\u0000')) throw new ConversionError('text with a NUL character')
  return `'${text.replaceAll("'", "''")}'`
}

function clause(query: Query, options: BackendOptions): string {
  switch (query.kind) {
    case 'test':
      return testClause(query.field, query.test, options)
    case 'not':
      // NOT NULL would be NULL: a field that is not there makes a negated test true.
      return `(${clause(query.part, options)}) IS NOT TRUE`
    default:
      if (!query.parts.length) return query.kind === 'and' ? '1' : '0'
      return joined(
        query.parts.map((part) => clause(part, options)),
        query.kind === 'and' ? ' AND ' : ' OR ',
      )
  }
}

/** SQLite nests `a OR b OR c`, to 1000 deep at most (SQLITE_MAX_EXPR_DEPTH): longer lists are put into brackets by so many. */
const MAX_IN_BRACKETS = 100

function joined(clauses: readonly string[], operator: string): string {
  if (clauses.length <= MAX_IN_BRACKETS) return `(${clauses.join(operator)})`
  const groups = Array.from({ length: Math.ceil(clauses.length / MAX_IN_BRACKETS) }, (_, at) =>
    joined(clauses.slice(at * MAX_IN_BRACKETS, (at + 1) * MAX_IN_BRACKETS), operator),
  )
  return joined(groups, operator)
}

function testClause(field: string | undefined, test: Test, { keywordField }: BackendOptions): string {
  const of = field ?? keywordField
  if (of === undefined) throw new ConversionError('keywords: name the column to look in')
  const column = name(of)
  switch (test.kind) {
    case 'pattern':
      return patternClause(column, test.pattern, test.cased === true)
    case 'regex':
      return `${column} REGEXP ${literal(test.flags ? `(?${test.flags})${test.source}` : test.source)}`
    case 'null':
      return `${column} IS NULL`
    case 'exists':
      return `${column} IS ${test.value ? 'NOT ' : ''}NULL`
    case 'compare':
      return `(${isNumber(column)} AND CAST(${column} AS REAL) ${SIGNS[test.operator]} ${test.value})`
    case 'cidr':
      return cidrClause(column, test.network)
    case 'fieldref':
      return fieldrefClause(column, name(test.field), test)
    case 'time-part':
      return `CAST(strftime('${PARTS[test.part]}', ${column}) AS INTEGER) ${SIGNS[test.operator]} ${test.value}`
  }
}

const SIGNS = { lt: '<', lte: '<=', gt: '>', gte: '>=', eq: '=' } as const
const PARTS = { minute: '%M', hour: '%H', day: '%d', week: '%V', month: '%m', year: '%Y' } as const

/** SQLite reads "12abc" as 12: only what is a number as a whole is compared. */
const isNumber = (column: string) =>
  `(typeof(${column}) IN ('integer', 'real') OR CASE WHEN json_valid(trim(${column})) THEN json_type(trim(${column})) IN ('integer', 'real') ELSE 0 END)`

function patternClause(column: string, pattern: Pattern, cased: boolean): string {
  if (cased) {
    // GLOB has no escape character: wildcards stand in brackets.
    const glob = pattern
      .map((part) => (part === ANY ? '*' : typeof part === 'string' ? part.replace(/[*?[]/g, '[$&]') : '?'))
      .join('')
    return `${column} GLOB ${literal(glob)}`
  }
  const like = pattern
    .map((part) => (part === ANY ? '%' : typeof part === 'string' ? part.replace(/[%_\\]/g, '\\$&') : '_'))
    .join('')
  return /\\/.test(like) ? `${column} LIKE ${literal(like)} ESCAPE '\\'` : `${column} LIKE ${literal(like)}`
}

function cidrClause(column: string, network: string): string {
  const patterns = addressPatterns(network)
  if (!patterns) throw new ConversionError(`cidr: the addresses of ${network} have no common beginning`)
  const clauses = patterns.map((pattern) => `${column} LIKE ${literal(pattern)}`)
  return clauses.length === 1 ? clauses[0] : `(${clauses.join(' OR ')})`
}

function fieldrefClause(column: string, other: string, { at, cased }: Extract<Test, { kind: 'fieldref' }>): string {
  const [left, right] = [column, other].map((one) => (cased ? `CAST(${one} AS TEXT)` : `lower(${one})`))
  if (at === 'whole') return `${left} = ${right}`
  if (at === 'within') return `instr(${left}, ${right}) > 0`
  return at === 'start'
    ? `substr(${left}, 1, length(${right})) = ${right}`
    : `(length(${left}) >= length(${right}) AND substr(${left}, length(${left}) - length(${right}) + 1) = ${right})`
}
