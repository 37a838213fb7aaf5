// Auditbeat's auditd module: what its reassembler made of an audit event, taken apart into the records again (elastic/beats, auditbeat/module/auditd/audit_linux.go;
// elastic/go-libaudit, aucoalesce/coalesce.go). With `include_raw_message` the records stand in event.original as they were.
import type { FieldValue } from '@crosstalk/sigma'
import { syscallNumber } from '../auditd/syscalls.ts'
import { auditLine, type RecordField } from '../auditd/write-record.ts'
import type { PlainRecord } from '../json-lines/plain-form.ts'
import { socketAddress } from './socket-address.ts'

/** The records as auditd writes them; `time` is the event's, in microseconds since 1970 UTC. */
export function auditRecordsOf(record: PlainRecord, time: number): string[] {
  const original = record.value('event.original') ?? record.value('auditd.messages')
  const raw = (Array.isArray(original) ? (original as readonly FieldValue[]) : [original]).filter(
    (line): line is string => typeof line === 'string' && /^type=\S+ msg=audit\(/.test(line),
  )
  if (raw.length > 0) return raw
  const millis = Math.floor(time / 1000)
  const fraction = String(Math.abs(millis % 1000)).padStart(3, '0')
  const id = `${Math.floor(millis / 1000)}.${fraction}:${Number(record.text('auditd.sequence')) || 0}`
  const type = (record.text('auditd.message_type', 'auditd.record_type') || record.text('event.type')).toUpperCase()
  const line = (of: string, fields: readonly RecordField[]): string => auditLine(of, id, '', fields)
  const data = new Map(record.below('auditd.data.'))
  if (!data.has('syscall')) return [line(type || 'UNKNOWN', userFields(record, data))]
  const lines = [line('SYSCALL', callFields(record, data))]
  const args = listOf(record.value('process.args'))
  if (data.has('argc') && args.length > 0)
    lines.push(line('EXECVE', [['argc', args.length], ...args.map((arg, at): RecordField => [`a${at}`, scalar(arg)])]))
  const directory = record.text('process.working_directory', 'process.cwd')
  if (directory) lines.push(line('CWD', [['cwd', directory]]))
  for (const path of listOf(record.value('auditd.paths') ?? record.value('auditd.data.paths')))
    if (isTree(path))
      lines.push(
        line(
          'PATH',
          Object.entries(path).map(([name, value]) => [name, scalar(value)]),
        ),
      )
  const address = socketAddress((name) => text(data.get(`socket.${name}`)))
  if (address) lines.push(line('SOCKADDR', [['saddr', address]]))
  if (data.has('opid'))
    lines.push(
      line('OBJ_PID', [...data].filter(([name]) => /^o(?:pid|auid|uid|ses|comm)$/.test(name)).map(scalarField)),
    )
  // IPC, MQ_OPEN and kin: the event bears the type of the first of them, and their fields lie among the others.
  if (type && type !== 'SYSCALL')
    lines.push(line(type, [...data].filter(([name]) => !OF_CALL.has(name)).map(scalarField)))
  const title = record.text('process.title')
  if (title) lines.push(line('PROCTITLE', [['proctitle', title]]))
  return lines
}

type Tree = { readonly [name: string]: FieldValue }
const isTree = (value: FieldValue | undefined): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: FieldValue | undefined): readonly FieldValue[] =>
  Array.isArray(value) ? (value as readonly FieldValue[]).slice(0, 4_096) : []
const text = (value: FieldValue | undefined): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''
const scalar = (value: FieldValue): string | number => (typeof value === 'number' ? value : text(value))
const scalarField = ([name, value]: readonly [string, FieldValue]): RecordField => [name, scalar(value)]

/** Fields of SYSCALL among Auditbeat's data. */
const OF_CALL = new Set(['a0', 'a1', 'a2', 'a3', 'arch', 'argc', 'exit', 'syscall', 'tty'])

/** Errors by name, where Crosstalk asks for the number: a socket that does not block goes on connecting. */
const ERRORS: Readonly<Record<string, string>> = {
  EINPROGRESS: '-115',
  ENOENT: '-2',
  ECONNREFUSED: '-111',
  EACCES: '-13',
  EPERM: '-1',
}

const IDS: readonly (readonly [name: string, place: string])[] = [
  ['auid', 'audit'],
  ['uid', ''],
  ['gid', 'group'],
  ['euid', 'effective'],
  ['suid', 'saved'],
  ['fsuid', 'filesystem'],
  ['egid', 'effective.group'],
  ['sgid', 'saved.group'],
  ['fsgid', 'filesystem.group'],
]

function* identities(record: PlainRecord, names: readonly string[]): Generator<RecordField> {
  const place = (inner: string, what: string): string => (inner === '' ? `user.${what}` : `user.${inner}.${what}`)
  for (const [name, inner] of IDS) {
    if (!names.includes(name)) continue
    const unset = name === 'auid' ? '4294967295' : ''
    // Auditbeat leaves the effective user out where it is the user.
    const same = name === 'euid' ? record.text('user.id') : ''
    const id = record.text(place(inner, 'id'), `user.${name}`) || same || unset
    if (id !== '') yield [name, id]
  }
  for (const [name, inner] of IDS) {
    const named = names.includes(name) ? record.text(place(inner, 'name')) : ''
    if (named !== '') yield [name.toUpperCase(), named]
  }
}

const succeeded = (record: PlainRecord): boolean =>
  /^success$/.test(record.text('auditd.result') || record.text('event.outcome'))

const process = (record: PlainRecord, ...names: string[]): string =>
  record.text(...names.map((name) => `process.${name}`))

function callFields(record: PlainRecord, data: ReadonlyMap<string, FieldValue>): RecordField[] {
  const of = (name: string): string => text(data.get(name))
  const number = syscallNumber(of('arch'), of('syscall'))
  const tags = listOf(record.value('tags')).map(text).join('\u0001')
  return [
    ['arch', number?.arch ?? of('arch')],
    ['syscall', number?.syscall ?? of('syscall')],
    ['success', succeeded(record) ? 'yes' : 'no'],
    ['exit', ERRORS[of('exit')] ?? of('exit')],
    ...['a0', 'a1', 'a2', 'a3'].filter((name) => data.has(name)).map((name): RecordField => [name, of(name)]),
    ['ppid', process(record, 'parent.pid', 'ppid')],
    ['pid', process(record, 'pid')],
    ...[
      ...identities(
        record,
        IDS.map(([name]) => name),
      ),
    ].filter(([name]) => name === name.toLowerCase()),
    ['tty', of('tty') || '(none)'],
    ['ses', record.text('auditd.session') || '4294967295'],
    ['comm', process(record, 'name')],
    ['exe', process(record, 'executable', 'exe')],
    ['key', tags === '' ? null : tags],
    ['ARCH', of('arch')],
    ['SYSCALL', of('syscall')],
    ...[
      ...identities(
        record,
        IDS.map(([name]) => name),
      ),
    ].filter(([name]) => name !== name.toLowerCase()),
  ]
}

/** Records of user space: who, and what the program said. */
function userFields(record: PlainRecord, data: ReadonlyMap<string, FieldValue>): RecordField[] {
  const said = (name: string, value: string): RecordField[] => (value === '' ? [] : [[name, value]])
  return [
    ...said('pid', process(record, 'pid')),
    ...identities(record, ['uid', 'auid']),
    ...said('ses', record.text('auditd.session')),
    ...[...data].map(scalarField),
    ...said('exe', process(record, 'executable', 'exe')),
    ...(data.has('addr') ? [] : said('addr', record.text('source.ip'))),
    ['res', succeeded(record) ? 'success' : 'failed'],
  ]
}
