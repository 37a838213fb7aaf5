// The searches of pySigma's SQLite backend beside the engine: the same rules over the same flat events, whatever their log sources. Rules that can't be expressed there are counted.
//   python packages/sigma/test/pysigma-queries.py RULES > queries.jsonl
//   node packages/sigma/test/differential-pysigma.ts --rules RULES --queries queries.jsonl --events FILE.ndjson [--limit N]
// What differs is classed by what the two languages mean, checked against the event: SQL's unknown (an absent field under NOT), values that SQL does not compare as Sigma does.
import { createReadStream, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs } from 'node:util'
import { compileRules } from '../src/compile/rule-set.ts'
import { loadRules } from '../src/load/load.ts'
import { createMatcher } from '../src/match/matcher.ts'
import { objectEvent } from '../src/match/object-event.ts'
import { fold } from '../src/modifiers/folding.ts'
import { compileRegex, type RegexTest } from '../src/regex/linear.ts'
import type { Detection, DetectionRule } from '../src/rule.ts'
import { flatLinuxEvent, flatWindowsEvent } from './flat-events.ts'

type Row = Record<string, string | number | null>

const { values } = parseArgs({
  options: {
    rules: { type: 'string' },
    queries: { type: 'string' },
    events: { type: 'string' },
    limit: { type: 'string', default: '100000' },
  },
})
if (!values.rules || !values.queries || !values.events) {
  console.error('--rules DIR, --queries FILE.jsonl and --events FILE.ndjson are needed')
  process.exit(2)
}

const queries = new Map<string, string>()
let inexpressible = 0
for (const line of readFileSync(values.queries, 'utf8').split('\n').filter(Boolean)) {
  const { id, query } = JSON.parse(line) as { id: string; query?: string }
  if (query === undefined) inexpressible++
  else queries.set(id, query)
}
const rules = loadRules([values.rules])
  .rules.filter((rule) => rule.id !== undefined && queries.has(rule.id))
  .map((rule): DetectionRule => ({ ...rule, logSource: {} }))
const events = await readEvents(values.events, Number(values.limit))
console.log(
  `${events.length} events, ${rules.length} rules, ${inexpressible} that pySigma’s SQLite backend can’t express`,
)
const ours = matchesOfEngine(rules, events)
compare(rules, ours, events)

/** Flat objects (lines of `crosstalk dump` become such): one value a field; lists and objects are left out, as a table has no place for them. */
async function readEvents(file: string, limit: number): Promise<Row[]> {
  const rows: Row[] = []
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (rows.length >= limit) break
    const parsed = JSON.parse(line) as Record<string, unknown>
    const event = flatLinuxEvent(parsed) ?? flatWindowsEvent(parsed)
    const row: Row = {}
    for (const [name, value] of Object.entries(event))
      if (typeof value === 'string' || typeof value === 'number') row[name] = value
      else if (typeof value === 'boolean') row[name] = String(value)
    rows.push(row)
  }
  return rows
}

/** Rule id → numbers of the events. */
function matchesOfEngine(all: readonly DetectionRule[], rows: readonly Row[]): Map<string, Set<number>> {
  const { ruleSet, refused } = compileRules(all)
  for (const { message } of refused) console.log(`refused by the engine: ${message}`)
  const matcher = createMatcher(ruleSet)
  const found = new Map<string, Set<number>>(ruleSet.rules.map(({ id }) => [id, new Set()]))
  rows.forEach((row, at) => {
    matcher.match(objectEvent(row, [{}]), ({ id }) => found.get(id)!.add(at))
  })
  return found
}

function compare(all: readonly DetectionRule[], engine: ReadonlyMap<string, Set<number>>, rows: readonly Row[]): void {
  const columns = new Map([...new Set(all.flatMap(fieldsOf))].map((field, at) => [field, `c${at}`]))
  const database = table(columns, rows)
  const classes = new Map<string, { pairs: number; rules: Set<string>; example: string }>()
  let both = 0
  let failed = 0
  for (const rule of all) {
    const mine = engine.get(rule.id!)
    if (!mine) continue
    let theirs: Set<number>
    try {
      const query = queries.get(rule.id!)!.replace(/^SELECT \* FROM/, 'SELECT number FROM')
      database.exec('DROP VIEW IF EXISTS logs')
      database.exec(viewOf(rule, columns))
      theirs = new Set(
        database
          .prepare(query)
          .all()
          .map((row) => Number(row.number)),
      )
    } catch (error) {
      failed++
      console.log(`SQLite can't run the search for ${rule.title}: ${(error as Error).message}`)
      continue
    }
    for (const at of mine) if (theirs.has(at)) both++
    for (const at of new Set([...mine, ...theirs])) {
      if (mine.has(at) && theirs.has(at)) continue
      const kind = `${mine.has(at) ? 'only the engine' : 'only SQLite'}: ${classOf(queries.get(rule.id!)!, rows[at], mine.has(at))}`
      const known = classes.get(kind) ?? {
        pairs: 0,
        rules: new Set<string>(),
        example: `${rule.title}, event ${at + 1}`,
      }
      known.pairs++
      known.rules.add(rule.title)
      classes.set(kind, known)
    }
  }
  console.log(`both find ${both}; ${failed} searches that SQLite refuses`)
  for (const [kind, { pairs, rules: titles, example }] of [...classes].sort((a, b) => b[1].pairs - a[1].pairs))
    console.log(`${String(pairs).padStart(8)}  ${kind} (${titles.size} rules; ${example})`)
}

function fieldsOf(rule: DetectionRule): string[] {
  return [...rule.detections.values()].flatMap(fieldsIn)
}

function fieldsIn(detection: Detection): string[] {
  if (detection.kind !== 'item') return detection.parts.flatMap(fieldsIn)
  const { field, modifiers, values } = detection.item
  const others = modifiers.includes('fieldref') ? values.map(String) : []
  return field === undefined ? others : [field, ...others]
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** The table as a rule sees it: its own fields. SQLite's names have no case, so that fields of all rules can't stand side by side. */
function viewOf(rule: DetectionRule, columns: ReadonlyMap<string, string>): string {
  const own = new Map(fieldsOf(rule).map((field) => [field.toLowerCase(), field]))
  const named = [...own.values()].map((field) => `, ${columns.get(field)} AS ${quoted(field)}`)
  return `CREATE TEMP VIEW logs AS SELECT number${named.join('')} FROM events`
}

/** A table of the fields that rules name, compared without case as Sigma means it. */
function table(columns: ReadonlyMap<string, string>, rows: readonly Row[]): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  const patterns = new Map<string, RegexTest>()
  database.function('regexp', { deterministic: true }, (source, value) => {
    if (value === null) return null
    const key = String(source)
    let test = patterns.get(key)
    if (!test) {
      const [, flags = '', pattern = ''] = /^(?:\(\?([ims]+)\))?([\s\S]*)$/.exec(key)!
      test = compileRegex(pattern, flags)
      patterns.set(key, test)
    }
    return Number(test(String(value), fold(String(value))))
  })
  const names = [...columns.values()]
  const typed = names.map((name) => `, ${name} COLLATE NOCASE`)
  database.exec(`CREATE TABLE events (number INTEGER PRIMARY KEY${typed.join('')})`)
  database.exec('BEGIN')
  const insert = database.prepare(`INSERT INTO events VALUES (?${', ?'.repeat(names.length)})`)
  rows.forEach((row, at) => {
    insert.run(at, ...[...columns.keys()].map((field) => bound(row[field])))
  })
  database.exec('COMMIT')
  return database
}

function bound(value: string | number | null | undefined): string | number | bigint | null {
  if (value === undefined) return null
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value
}

/** What a pair differs by, as far as search and event show it. */
function classOf(query: string, row: Row, foundByEngine: boolean): string {
  const names = [...query.matchAll(/`([^`]+)`|\b([A-Za-z_]\w*)(?= (?:LIKE|IS|REGEXP|GLOB|[<>=])|=)/g)].map(
    (match) => match[1] ?? match[2],
  )
  const numbers = names.some((name) => typeof row[name] === 'string' && /^\d+$/.test(String(row[name])))
  if (numbers && /=\d/.test(query)) return 'a number in the search, text in the event'
  const absent = names.some((name) => row[name] === undefined)
  if (foundByEngine && absent && /\bNOT\b/.test(query))
    return 'NOT over an absent field is unknown in SQL, and true in Sigma'
  if (names.some((name) => /[^\u0000-\u007f]/.test(String(row[name] ?? '')))) return 'letters outside ASCII'
  return 'something else'
}
