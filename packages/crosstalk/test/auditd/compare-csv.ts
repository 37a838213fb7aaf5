// Compares this reader with ausearch's normalised output (`--format csv`): who did what to what, with what, as auparse's normaliser says it of each event.
import { readFileSync } from 'node:fs'
import { auditd } from '../../src/sources/auditd/auditd.ts'
import { linesOf } from './ausearch.ts'
import { fileInput } from './compare.ts'

/** One event as ausearch's csv has it, by its columns. */
type Row = Readonly<Record<string, string>>
type Fields = Readonly<Record<string, string>>

interface OurEvent {
  /** the records' fields, in their order, each with its `type` */
  readonly records: Fields[]
  /** the assembled call, where there is one */
  call?: Fields
}

export interface CsvComparison {
  events: number
  /** column → values that are the same */
  readonly equal: Map<string, number>
  /** column → values that differ, and the first of them */
  readonly differences: Map<string, { count: number; example: string }>
}

export async function compareWithCsv(log: string): Promise<CsvComparison> {
  const ours = await readOurs(log)
  const result: CsvComparison = { events: 0, equal: new Map(), differences: new Map() }
  let header: string[] | undefined
  for await (const line of linesOf(['--format', 'csv', '--extra-time', '--extra-keys', '-if', log])) {
    const cells = line.split(',')
    if (!header) {
      header = cells
      continue
    }
    // What stands in a column is not quoted: with a comma in it a row cannot be parted.
    if (cells.length !== header.length) continue
    const row = Object.fromEntries(header.map((name, at) => [name, cells[at]]))
    const event = ours.get(keyOf(row))
    result.events++
    if (!event) note(result, 'SERIAL_NUM', undefined, keyOf(row))
    else for (const [column, own] of Object.entries(told(event, row))) note(result, column, own, row[column], line)
  }
  return result
}

function note(into: CsvComparison, column: string, ours: string | undefined, theirs: string, line = ''): void {
  if (ours === theirs) {
    into.equal.set(column, (into.equal.get(column) ?? 0) + 1)
    return
  }
  const known = into.differences.get(column)
  if (known) known.count++
  else into.differences.set(column, { count: 1, example: `ours ${ours}, theirs ${theirs}: ${line}` })
}

const two = (number: string) => number.padStart(2, '0')
const keyOf = (row: Row): string =>
  `${row.NODE} ${row.YEAR}-${two(row.MONTH)}-${two(row.DAY)}T${row.TIME}.${row.MILLI.padStart(3, '0')}Z ${row.SERIAL_NUM}`

async function readOurs(log: string): Promise<Map<string, OurEvent>> {
  const events = new Map<string, OurEvent>()
  await auditd.read(
    fileInput(log),
    undefined,
    {},
    (event) => {
      const key = `${event.host} ${new Date(Math.floor(event.time / 1000)).toISOString()} ${event.recordId}`
      const own: OurEvent = events.get(key) ?? { records: [] }
      events.set(key, own)
      const fields = JSON.parse(event.toJson()) as Fields
      if (event.shape.is({ product: 'linux', service: 'auditd' })) own.records.push(fields)
      else own.call = { ...fields, Syscall: String(event.shape.eventId) }
    },
    () => {},
  )
  return events
}

/** What we say of the event, for the columns that say something of it that we say too. */
function told({ records, call }: OurEvent, row: Row): Record<string, string | undefined> {
  const lead = records.find((one) => one.type === row.EVENT)
  const isUnset = (text: string | undefined) => text === undefined || text === '4294967295'
  const columns: Record<string, string | undefined> = {
    EVENT: lead?.type,
    SESSION: isUnset(lead?.ses) ? 'unset' : lead!.ses,
    SUBJ_PRIME: lead?.AUID,
    RESULT: /^(?:yes|success|1)$/.test(lead?.success ?? lead?.res ?? '') ? 'success' : 'failed',
    KEY: lead?.key === undefined || lead.key === '(null)' ? '' : lead.key,
  }
  if (lead?.UID !== undefined) columns.SUBJ_SEC = lead.UID
  // Of what PAM tells, whom it is about; of a session the terminal or address.
  if (
    lead?.acct !== undefined &&
    /^(?:authenticated|was-authorized|(?:acquired|disposed)-credentials)$/.test(row.ACTION)
  )
    columns.OBJ_PRIME = lead.acct
  if (lead?.exe && !isInterpreted(row.HOW, lead)) columns.HOW = lead.exe
  if (call?.SocketPath && !call.SocketPath.startsWith('@') && row.OBJ_KIND === 'socket')
    columns.OBJ_PRIME = row.OBJ_PRIME.includes(`path=${call.SocketPath} `) ? row.OBJ_PRIME : call.SocketPath
  if (call?.OriginalPath && row.ACTION === 'executed') columns.OBJ_PRIME = call.OriginalPath
  return columns
}

/** For scripts `how` is the script's name and not the interpreter's (auparse, interpret of exe and comm). */
const isInterpreted = (how: string, { exe, comm }: Fields): boolean =>
  how === comm && /\/(?:ba|da|z|k)?sh$|\/(?:python|perl|ruby|node)[\d.]*$/.test(exe)

if (process.argv[1] === import.meta.filename) {
  const { differences, ...counts } = await compareWithCsv(process.argv[2])
  console.log(counts, readFileSync(process.argv[2]).length, 'bytes')
  console.log(differences)
}
