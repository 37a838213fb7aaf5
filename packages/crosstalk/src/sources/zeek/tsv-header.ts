// The header of a Zeek log as text (Zeek documentation, "Zeek TSV Format Logs"; src/logging/writers/ascii/Ascii.cc): lines that start with `#`.

import type { SourceShape } from '../../events/event.ts'
import { makeShape } from '../../events/shape.ts'
import { hostField, logSourcesOf, streamNamed, type ZeekStream } from './streams.ts'

/** A log with more columns is none. */
const MAX_COLUMNS = 1_000
const MAX_SHAPES = 2_000

/** How values are written; from the header's lines so far. */
export interface TsvHeader {
  separator: number
  setSeparator: string
  emptyField: string
  unsetField: string
  path: string
  fields: readonly string[]
  types: readonly string[]
}

export const newHeader = (): TsvHeader => ({
  separator: 0x09,
  setSeparator: ',',
  emptyField: '(empty)',
  unsetField: '-',
  path: '',
  fields: [],
  types: [],
})

/** Takes in one line of a header. `#separator` comes first and starts it anew. */
export function readHeaderLine(header: TsvHeader, line: string): void {
  // This one line is parted by a space, since the separator is not known yet; it is written as \x09.
  const separator = /^#separator (?:\\x([0-9a-fA-F]{2})|(.))$/.exec(line)
  if (separator) {
    Object.assign(header, newHeader())
    header.separator = separator[1] ? Number.parseInt(separator[1], 16) : separator[2].charCodeAt(0)
    return
  }
  const [name, ...values] = line.split(String.fromCharCode(header.separator))
  if (name === '#set_separator') header.setSeparator = values[0] || ','
  else if (name === '#empty_field') header.emptyField = values[0] ?? ''
  else if (name === '#unset_field') header.unsetField = values[0] ?? ''
  else if (name === '#path') header.path = values[0] ?? ''
  else if (name === '#fields') header.fields = values.slice(0, MAX_COLUMNS)
  else if (name === '#types') header.types = values.slice(0, MAX_COLUMNS)
}

/** How a column's values are decoded. */
export type ColumnType = 'text' | 'number' | 'boolean' | 'list' | 'numbers'

/** Types of Zeek (documentation, "Types"): counts, ports, times and intervals are numbers; sets and vectors hold one type of them. */
export function columnType(type: string): ColumnType {
  if (type === 'bool') return 'boolean'
  if (/^(?:count|int|port|double)$/.test(type)) return 'number'
  const of = /^(?:set|vector)\[(.*)\]$/.exec(type)
  if (!of) return 'text'
  return columnType(of[1]) === 'number' ? 'numbers' : 'list'
}

/** What all records under one header have in common. */
export interface TsvLog {
  readonly stream: ZeekStream
  readonly shape: SourceShape
  readonly types: readonly ColumnType[]
  readonly time: number
  readonly host: number
}

const logs = new Map<string, TsvLog>()

/** The log of a header; undefined while it does not name the log and its fields. The same for equal headers: plans are kept by shape. */
export function logOf(header: TsvHeader): TsvLog | undefined {
  const { path, fields, types } = header
  const stream = streamNamed(path)
  if (!stream || fields.length === 0) return undefined
  const key = [path, ...fields, ...types].join('\t')
  const known = logs.get(key)
  if (known) return known
  const aliases = new Map<string, number>()
  for (const [alias, name] of Object.entries(stream.aliases ?? {}))
    if (fields.includes(name) && !fields.includes(alias)) aliases.set(alias, fields.indexOf(name))
  const channel = `zeek ${stream.name}`
  const made: TsvLog = {
    stream,
    shape: makeShape({
      fields,
      aliases,
      logSources: logSourcesOf(stream),
      channel,
      eventId: stream.name,
      provider: 'Zeek',
    }),
    types: fields.map((_, at) => columnType(types[at] ?? 'string')),
    time: fields.indexOf('ts'),
    host: fields.indexOf(hostField(stream) ?? ''),
  }
  if (logs.size >= MAX_SHAPES) logs.clear()
  logs.set(key, made)
  return made
}
