// Compares what this reader makes of a log with what ausearch makes of it: the same events, the same records in each, the same values.
import { createReadStream, readFileSync, statSync } from 'node:fs'
import { auditd } from '../../src/sources/auditd/auditd.ts'
import type { Input } from '../../src/sources/source.ts'
import { ausearchTime, forEachInterpreted, linesOfFormat } from './ausearch.ts'
import { callDifferences } from './compare-call.ts'
import { spellings } from './spelling.ts'

export interface Comparison {
  /** events and records that ausearch printed */
  events: number
  records: number
  /** assembled calls that were looked at */
  calls: number
  /** values that are the same in both */
  equal: number
  /** values that we keep as written and ausearch puts into words, by field */
  readonly asWritten: Map<string, number>
  /** what differs → how often, and the first of it */
  readonly differences: Map<string, { count: number; example: string }>
}

type Note = (what: string, example: string) => void

interface OurRecord {
  readonly type: string
  readonly fields: Readonly<Record<string, string>>
}

interface OurEvent {
  readonly records: OurRecord[]
  readonly calls: Readonly<Record<string, string>>[]
}

/** Reads the log with both. Memory grows with the log: for tests, and checks by hand. */
export async function compareWithAusearch(log: string): Promise<Comparison> {
  const comparison: Comparison = {
    events: 0,
    records: 0,
    calls: 0,
    equal: 0,
    asWritten: new Map(),
    differences: new Map(),
  }
  const note: Note = (what, example) => {
    const known = comparison.differences.get(what)
    if (known) known.count++
    else comparison.differences.set(what, { count: 1, example: example.slice(0, 2_000) })
  }
  const ours = await readOurs(log, note)
  const count = ours.size
  const printed = new Map<string, string>()
  const events = new Set<string>()
  const groups = await forEachInterpreted(
    log,
    ({ event, type, fields }) => {
      comparison.records++
      events.add(event)
      const own = ours.get(event)
      const at = own ? own.records.findIndex((one) => one.type === type && isSame(one, fields)) : -1
      if (!own || at < 0) return note(`only ausearch has the record: ${type}`, `${event}: ${fields}`)
      const [record] = own.records.splice(at, 1)
      compareFields(record, `${fields} `, comparison, note)
      if (own.calls.length) printed.set(event, `${printed.get(event) ?? ''}\n${type}${fields} `)
    },
    (line) => note('ausearch: a line that is no record', line),
  )
  comparison.events = events.size
  if (groups !== events.size) note('ausearch prints an event in two', `${groups} groups, ${events.size} events`)
  if (count !== events.size) note('number of events', `ours ${count}, theirs ${events.size}`)
  for (const [event, { records, calls }] of ours) {
    for (const record of records)
      note(`only we have the record: ${record.type}`, `${event}: ${JSON.stringify(record.fields)}`)
    for (const call of calls) {
      comparison.calls++
      const theirs = printed.get(event) ?? ''
      for (const what of callDifferences(call, theirs))
        note(`assembled: ${what}`, `${event} ${JSON.stringify(call)} ${theirs}`)
    }
  }
  await compareRaw(log, note)
  return comparison
}

/** Two records of one type in an event are told apart by their item, or by the argument that they begin with. */
function isSame({ type, fields }: OurRecord, theirs: string): boolean {
  if (type === 'PATH') return theirs.includes(` item=${fields.item} `)
  if (type !== 'EXECVE') return true
  const [first] = Object.keys(fields)
  return ` ${theirs}`.includes(` ${first}=`)
}

async function readOurs(log: string, note: Note): Promise<Map<string, OurEvent>> {
  const events = new Map<string, OurEvent>()
  await auditd.read(
    fileInput(log),
    undefined,
    {},
    (event) => {
      const key = `${event.host} ${ausearchTime(event.time)} ${event.recordId}`
      const own = events.get(key) ?? { records: [], calls: [] }
      events.set(key, own)
      const { type, node: _, ...fields } = JSON.parse(event.toJson()) as Record<string, string>
      if (event.shape.is({ product: 'linux', service: 'auditd' })) own.records.push({ type, fields })
      else own.calls.push({ ...fields, Syscall: String(event.shape.eventId) })
    },
    ({ reason, offset }) => note(`skipped: ${reason}`, `at ${offset}`),
  )
  return events
}

export const fileInput = (path: string): Input => ({
  name: path,
  path,
  size: statSync(path).size,
  async *open(start = 0, end = Number.POSITIVE_INFINITY) {
    yield* createReadStream(path, { start, end: end - 1, highWaterMark: 1 << 20 })
  },
})

/** Every field of ours stands in ausearch's line, and nothing else stands there. */
function compareFields(record: OurRecord, theirs: string, comparison: Comparison, note: Note): void {
  let length = 1
  for (const { name, ours, isOpen } of spellings(record.type, record.fields)) {
    const where = `${record.type}.${/^a\d+(?:\[\d+\])?$/.test(name) ? 'a…' : name}`
    if (ours !== undefined && theirs.includes(` ${name}=${ours} `)) {
      comparison.equal++
      length += name.length + ours.length + 2
      continue
    }
    const pattern = `(?<= )${name.replace(/[[\]]/g, '\\$&')}=(\\{.*?\\}|-?\\w+\\([^)]*\\)|\\S*) `
    const other = new RegExp(pattern, 's').exec(theirs)
    if (!other) note(`${where}: not in ausearch's record`, `${JSON.stringify(record.fields)} ${theirs}`)
    else if (isOpen) comparison.asWritten.set(where, (comparison.asWritten.get(where) ?? 0) + 1)
    else
      note(`${where}: another value`, `ours ${JSON.stringify(ours)}, theirs ${JSON.stringify(other[1])} in ${theirs}`)
    if (other) length += other[0].length
  }
  if (length !== theirs.length)
    note(`${record.type}: ausearch's record has more or less`, `${JSON.stringify(record.fields)} ${theirs}`)
}

/** `--format raw` prints the records as they lie, event by event: the same lines that we point to. */
async function compareRaw(log: string, note: Note): Promise<void> {
  const bytes = readFileSync(log)
  const lines = new Map<string, number>()
  await auditd.read(
    fileInput(log),
    undefined,
    {},
    ({ shape, offset, length }) => {
      if (!shape.is({ product: 'linux', service: 'auditd' })) return
      const line = bytes.toString('utf8', offset, offset + length)
      lines.set(line, (lines.get(line) ?? 0) + 1)
    },
    () => {},
  )
  for await (const printed of linesOfFormat(log, 'raw')) {
    // A record that was not enriched has the mark of enrichment there, with nothing behind it.
    const line = printed.replace(/\u001d$/, '')
    const left = lines.get(line) ?? 0
    if (left === 0) note('only ausearch --format raw has the line', line)
    else if (left === 1) lines.delete(line)
    else lines.set(line, left - 1)
  }
  for (const line of lines.keys()) note('ausearch --format raw has no such line', line)
}
