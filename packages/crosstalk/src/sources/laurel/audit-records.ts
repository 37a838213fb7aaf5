// From Laurel's object to the records of the audit event (laurel's own way back: src/bin/laurel2audit/main.rs).
import type { FieldValue } from '@crosstalk/sigma'
import { auditLine, type RecordField } from '../auditd/write-record.ts'

type Tree = { readonly [name: string]: FieldValue }
const isTree = (value: FieldValue | undefined): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Records of one event that are looked at. */
const MAX_RECORDS = 256
/** What is no record: the event's own fields, and what Laurel found out besides. */
const NO_RECORDS = new Set(['ID', 'NODE', 'PARENT_INFO', 'CONTAINER_INFO'])
/** Fields of SYSCALL that Laurel adds about processes; parentOf reads what is used of them. */
const PROCESSES = new Set(['PID', 'PPID', 'SPAWNED_BY'])

/** The event's records as auditd writes them, SYSCALL first and PROCTITLE last; none when the id is none. */
export function auditRecordsOf(event: Tree): string[] {
  const id = event.ID
  if (typeof id !== 'string' || !/^\d{1,12}\.\d{1,9}:\d{1,15}$/.test(id)) return []
  const node = typeof event.NODE === 'string' ? event.NODE : ''
  const types = Object.keys(event).filter((type) => !NO_RECORDS.has(type) && /^[A-Z][A-Z_0-9[\]]{1,40}$/.test(type))
  const order = (type: string): number => (type === 'SYSCALL' ? 0 : type === 'PROCTITLE' ? 2 : 1)
  types.sort((a, b) => order(a) - order(b))
  const lines: string[] = []
  for (const type of types) {
    const records = event[type]
    for (const record of Array.isArray(records) ? (records as readonly FieldValue[]) : [records]) {
      if (!isTree(record) || lines.length >= MAX_RECORDS) continue
      lines.push(auditLine(type, id, node, [...fieldsOf(type, record)]))
    }
  }
  return lines
}

function* fieldsOf(type: string, record: Tree): Generator<RecordField> {
  for (const [name, value] of Object.entries(record)) {
    if (name === 'ARGV' && Array.isArray(value)) yield* argumentsOf(type, value as readonly FieldValue[])
    else if (name === 'ARGV_STR' && !Array.isArray(record.ARGV)) yield* argumentsOf(type, String(value).split(' '))
    else if (name === 'SADDR') yield* addressOf(value)
    else if (PROCESSES.has(name)) continue
    else if (isTree(value)) for (const [inner, one] of Object.entries(value)) yield [`${name}.${inner}`, textOf(one)]
    else if (Array.isArray(value)) yield [name, (value as readonly FieldValue[]).map(String).join(',')]
    else yield [name, fieldValue(type, name, value)]
  }
}

/** `a0`, `a1` … of SYSCALL and EXECVE; PROCTITLE's are parted by NUL. */
function* argumentsOf(type: string, values: readonly FieldValue[]): Generator<RecordField> {
  if (type === 'PROCTITLE') {
    yield ['proctitle', Buffer.concat(values.flatMap((one, at) => [Buffer.from(at ? '\0' : ''), textOf(one)]))]
    return
  }
  for (const [at, value] of values.entries()) yield [`a${at}`, fieldValue(type, `a${at}`, value)]
}

/** auditd's interpretation of an address: `{saddr_fam=local path=/run/x}`; Laurel's own is an object. */
function* addressOf(value: FieldValue): Generator<RecordField> {
  const inner = typeof value === 'string' ? /^\{\s*(.*?)\s*\}$/.exec(value)?.[1] : undefined
  if (inner !== undefined)
    for (const [, name, one] of inner.matchAll(/(?:^|\s)([a-z_-]{1,32})=(\S*)/g)) yield [name, one]
}

function fieldValue(type: string, name: string, value: FieldValue): RecordField[1] {
  if (typeof value !== 'string') return value === null || typeof value === 'number' ? value : String(value)
  // Numbers that the kernel writes without a mark: arch, arguments, capabilities in hexadecimal, modes in octal.
  if (type !== 'EXECVE' && /^(?:arch|a[0-3]|cap_.*|mode)$/.test(name)) {
    if (/^0x[0-9a-f]+$/.test(value)) return value.slice(2)
    if (/^0o[0-7]+$/.test(value)) return `0${value.slice(2)}`
  }
  return textOf(value)
}

/** Bytes that are no UTF-8, and some that are no letters, are written `%XX`; a percent sign itself is `%25`. */
function textOf(value: FieldValue): Buffer {
  const text = typeof value === 'string' ? value : value === null ? '' : String(value)
  if (!text.includes('%')) return Buffer.from(text)
  const parts = text.split(/((?:%[0-9a-fA-F]{2})+)/)
  return Buffer.concat(
    parts.map((part, at) => (at % 2 === 1 ? Buffer.from(part.replaceAll('%', ''), 'hex') : Buffer.from(part))),
  )
}

/** The process that started the event's, as Laurel tracked it (`SYSCALL.PPID`; older ones `PARENT_INFO`). */
export function parentOf(event: Tree): { pid: string; image: string } | undefined {
  const call = event.SYSCALL
  if (!isTree(call) || typeof call.ppid !== 'number') return undefined
  for (const known of [call.PPID, event.PARENT_INFO])
    if (isTree(known) && typeof known.exe === 'string')
      return { pid: String(call.ppid), image: textOf(known.exe).toString() }
  return undefined
}
