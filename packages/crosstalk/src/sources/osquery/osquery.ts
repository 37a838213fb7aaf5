// osquery's results log (osquery documentation, "Logging", "Differential logs" and "Snapshot logs"): each row of a query is an event, whether it came alone (`columns`), in a
// batch (`diffResults`) or in a snapshot.
import type { FieldValue } from '@crosstalk/sigma'
import type { SourceEvent } from '../../events/event.ts'
import { RecordEvent } from '../../events/record-event.ts'
import { DecodedShapes, type NamedValue } from '../decoded-records.ts'
import { detectRecords } from '../json-lines/detect.ts'
import type { FormFinder } from '../json-lines/form.ts'
import { readJson } from '../json-lines/read-json.ts'
import { RecordShapes } from '../json-lines/record-shapes.ts'
import type { Skip, Source } from '../source.ts'
import { parseTime } from '../timestamps.ts'
import { categoryOf, type Table, tableWith } from './tables.ts'

const WRAPPERS = ['', '_source.', 'result.']
const BATCH = ['diffResults.added', 'diffResults.removed'] as const

export const OSQUERY = 'osquery'

export const findOsquery: FormFinder = (layout) => {
  for (const wrapper of WRAPPERS) {
    if (wrapper && !layout.has(wrapper)) continue
    const has = (name: string): boolean => layout.has(wrapper + name)
    if (!has('name') || !(has('unixTime') || has('calendarTime'))) continue
    if (!has('hostIdentifier') && !has('hostname') && !has('action')) continue
    if (!has('columns.') && !has('snapshot') && !BATCH.some(has)) continue
    return {
      name: `osquery ${wrapper}`,
      decisive: [],
      classify: () => ({
        channel: OSQUERY,
        eventId: wrapper,
        provider: 'osquery',
        logSources: [],
        constants: new Map(),
        aliases: () => [],
        bind: () => ({ time: () => Number.NaN, host: [], recordId: [] }),
      }),
    }
  }
  return undefined
}

const shapes = new RecordShapes(findOsquery)
const rowShapes = new DecodedShapes()

export const osquery: Source = {
  format: 'osquery',
  title: 'osquery results',
  assembles: true,
  detect: (head) => detectRecords(head, findOsquery),
  async read(input, _range, options, onEvent, onSkip) {
    const row = new RecordEvent()
    await readJson(shapes, input, undefined, options, (record) => takeOsquery(record, row, onEvent, onSkip), onSkip)
  },
}

type Row = { readonly [column: string]: FieldValue }
const isRow = (value: FieldValue | undefined): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Hands on the rows of a record as events, each in `row`. */
export function takeOsquery(
  record: SourceEvent,
  row: RecordEvent,
  onEvent: (event: SourceEvent) => void,
  onSkip: (skip: Skip) => void,
): void {
  const wrapper = String(record.shape.eventId)
  const value = (name: string): FieldValue | undefined => record.value(record.shape.slot(wrapper + name)) ?? undefined
  const rows: [action: string, row: Row][] = []
  let broken = 0
  const addAll = (action: string, list: FieldValue | undefined): void => {
    for (const one of Array.isArray(list) ? (list as readonly FieldValue[]) : [])
      if (isRow(one)) rows.push([action, one])
      else broken++
  }
  addAll('snapshot', value('snapshot'))
  addAll('added', value('diffResults.added'))
  addAll('removed', value('diffResults.removed'))
  const alone = columnsOf(record, `${wrapper}columns.`)
  if (alone) rows.push([String(value('action') ?? 'added'), alone])
  if (broken > 0) onSkip({ reason: 'osquery: a row that is no object', offset: record.offset, bytes: 0 })
  const time = value('unixTime') ?? value('calendarTime')
  const at = typeof time === 'number' || typeof time === 'string' ? parseTime(time, 0) : Number.NaN
  const host = hostOf(value)
  for (const [action, columns] of rows) {
    placeRow(row, record, columns, action, String(value('name') ?? ''), at, host)
    onEvent(row)
  }
}

/** `--host_identifier=uuid` names no host; then the decorations of osquery's own packs, or of Fleet and Kolide, do. */
function hostOf(value: (name: string) => FieldValue | undefined): string {
  const said = (name: string): string => {
    const text = value(name)
    return typeof text === 'string' ? text : ''
  }
  const identifier = said('hostIdentifier') || said('hostname')
  const isUuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(identifier)
  return (isUuid || identifier === '' ? said('decorations.hostname') || said('hostname') : '') || identifier
}

function columnsOf(record: SourceEvent, prefix: string): Row | undefined {
  const columns: Record<string, FieldValue> = {}
  let any = false
  record.shape.fields.forEach((name, slot) => {
    const value = name.startsWith(prefix) ? record.value(slot) : undefined
    if (value === undefined) return
    columns[name.slice(prefix.length)] = value
    any = true
  })
  return any ? columns : undefined
}

function placeRow(
  event: RecordEvent,
  record: SourceEvent,
  columns: Row,
  action: string,
  query: string,
  loggedAt: number,
  host: string,
): void {
  const table = tableWith((column) => Object.hasOwn(columns, column))
  const product = productOf(columns, table)
  // What happened is a process started or a connection made; what a snapshot or a removed row tells is a state.
  const happened = action === 'added' && table ? categoryOf(table, columns) : undefined
  // A Unix socket has no remote end, but a path.
  const call = action === 'added' ? socketCall(table, columns) : undefined
  const category = call ? 'ipc' : happened
  const fields: NamedValue[] = [...Object.entries(columns), ['query', query], ['action', action]].map(
    ([name, value]) => [name, value] as NamedValue,
  )
  const { uid, username, time } = columns
  if (username === undefined && uid !== undefined) fields.push(['User', String(uid) === '0' ? 'root' : uid])
  if (category === 'network_connection')
    fields.push(['Initiated', String(columns.action ?? columns.syscall) === 'connect' ? 'true' : 'false'])
  // The moment of the event itself, where the table has it; the other is when the query ran.
  const own = category !== undefined && /^\d{9,11}$/.test(String(time ?? '')) ? Number(time) * 1_000_000 : Number.NaN
  rowShapes.place(
    event,
    `${table?.name ?? ''} ${product} ${category ?? ''} ${call ?? ''}`,
    () => ({
      channel: `osquery ${table?.name ?? 'rows'}`,
      eventId: table?.name ?? 'row',
      provider: 'osquery',
      logSources: [
        { product: 'osquery', ...(table && { service: table.name }) },
        ...(category ? [{ product, category }] : []),
      ],
      constants: new Map(call ? [['Syscall', call]] : []),
      aliases: Object.fromEntries(Object.entries(table?.fields ?? {}).map(([column, name]) => [name, column])),
    }),
    fields,
    { file: record.file, offset: record.offset, length: record.length, recordId: record.recordId },
    Number.isNaN(own) ? loggedAt : own,
    host,
  )
}

/** The call of a row of socket_events on a Unix socket: `audit_allow_unix` has them written, with their path in `socket`. */
function socketCall(table: Table | undefined, { socket, action }: Row): string | undefined {
  const isPath = table?.name === 'socket_events' && typeof socket === 'string' && /^[/@]/.test(socket)
  return isPath && /^(?:connect|bind|accept4?)$/.test(String(action)) ? String(action) : undefined
}

/** osquery does not say which system it runs on; the table, or the form of a path, does. */
function productOf(columns: Row, table: Table | undefined): string {
  const path = String(columns.path ?? '')
  if (table?.name === 'process_etw_events' || table?.name === 'pipes' || /^[A-Za-z]:\\/.test(path)) return 'windows'
  if (table?.name === 'es_process_events' || /^\/(?:System|Applications|Users|Library|private)\//.test(path))
    return 'macos'
  return 'linux'
}
