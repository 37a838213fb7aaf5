// Fields of a record by their names, as text.
import type { AuditRecord } from './audit-record.ts'
import { hexText, isHex, isTextField } from './audit-values.ts'

/** Every field of a record, decoded; of two of one name the first. */
export function fieldsOf(record: AuditRecord, bytes: Buffer): Record<string, string> {
  const fields: Record<string, string> = {}
  for (let at = 0; at < record.count; at++) {
    const name = bytes.toString('latin1', record.nameStarts[at], record.nameEnds[at])
    if (!Object.hasOwn(fields, name)) fields[name] = valueAt(record, bytes, at, name)
  }
  return fields
}

/** One field of a record, decoded; '' when it is not there. */
export function fieldOf(record: AuditRecord, bytes: Buffer, name: string): string {
  for (let at = 0; at < record.count; at++)
    if (isNamed(record, bytes, at, name)) return valueAt(record, bytes, at, name)
  return ''
}

function isNamed(record: AuditRecord, bytes: Uint8Array, at: number, name: string): boolean {
  const start = record.nameStarts[at]
  if (record.nameEnds[at] - start !== name.length) return false
  for (let i = 0; i < name.length; i++) if (bytes[start + i] !== name.charCodeAt(i)) return false
  return true
}

/** The value of a field, decoded. */
export function valueAt(record: AuditRecord, bytes: Buffer, at: number, name: string): string {
  const start = record.starts[at]
  const end = record.ends[at]
  const text = bytes.toString('utf8', start, end)
  if (record.quoted[at] === 1 || !isTextField(record.type, name) || !isHex(bytes, start, end)) return text
  return hexText(text, name === 'key' ? ',' : ' ')
}

/** What is asked of SYSCALL: a third of its fields where auditd enriches. */
const CALL_FIELDS: ReadonlySet<string> = new Set(
  'success exit a0 a1 a2 a3 ppid pid auid uid euid tty ses exe key AUID UID EUID'.split(' '),
)

/** The names of the record read last, one behind the other; and which of them are asked for. Records of calls differ little in their names. */
let lastNames = Buffer.alloc(0)
let lastEnds = new Int32Array(0)
let lastWanted: (string | undefined)[] = []

/** The fields of a SYSCALL record that are asked for, decoded; of two of one name the first. */
export function callFieldsOf(record: AuditRecord, bytes: Buffer): Record<string, string> {
  if (!hasLastNames(record, bytes)) rememberNames(record, bytes)
  const fields: Record<string, string> = {}
  for (let at = 0; at < record.count; at++) {
    const name = lastWanted[at]
    if (name !== undefined) fields[name] = valueAt(record, bytes, at, name)
  }
  return fields
}

function hasLastNames(record: AuditRecord, bytes: Uint8Array): boolean {
  if (record.count !== lastEnds.length) return false
  for (let at = 0, i = 0; at < record.count; at++) {
    let from = record.nameStarts[at]
    if (record.nameEnds[at] - from !== lastEnds[at] - i) return false
    while (i < lastEnds[at]) if (bytes[from++] !== lastNames[i++]) return false
  }
  return true
}

function rememberNames(record: AuditRecord, bytes: Buffer): void {
  const names: string[] = []
  for (let at = 0; at < record.count; at++)
    names.push(bytes.toString('latin1', record.nameStarts[at], record.nameEnds[at]))
  let end = 0
  lastNames = Buffer.from(names.join(''), 'latin1')
  lastEnds = Int32Array.from(names, (name) => (end += name.length))
  lastWanted = names.map((name, at) => (CALL_FIELDS.has(name) && names.indexOf(name) === at ? name : undefined))
}
