// Assembles the records of audit events, which the kernel may interleave, by host, time and serial.
import type { AuditRecord } from './audit-record.ts'
import { hexText, isHex, isTextField, parseSocketAddress } from './audit-values.ts'
import { syscallName } from './syscalls.ts'
import { ASSEMBLED, type SystemCall } from './system-call.ts'

/** Events that are open at a time; the oldest is taken for complete when more come. auparse keeps as many seconds as these last. */
const MAX_OPEN = 1_024
/** auparse takes an event for complete when another is two seconds younger (audit-userspace, auparse/auparse.c: EOE_TIMEOUT) */
const TIMEOUT = 2_000_000
/** bounds of what is kept of one event */
const MAX_ARGUMENTS = 4_096
const MAX_ARGUMENT_TEXT = 1024 * 1024
const MAX_PATHS = 64
const MAX_OBJECTS = 64

interface Open extends SystemCall {
  argumentText: number
  /** arguments that come in pieces, as bytes: a piece may end inside a character */
  readonly pieces: Map<number, Buffer[]>
}

export class Assembler {
  readonly #open = new Map<string, Open>()
  readonly #onCall: (call: SystemCall) => void
  #newest = Number.NEGATIVE_INFINITY

  constructor(onCall: (call: SystemCall) => void) {
    this.#onCall = onCall
  }

  /** Takes in a record that lies at `offset` in the input; calls that it completes are handed on. `node`: the host where the record itself says none. */
  take(record: AuditRecord, bytes: Buffer, offset: number, length: number, node: string): void {
    const { type } = record
    if (type === 'SYSCALL') {
      this.#begin(record, bytes, offset, length, record.node || node)
      return
    }
    if (this.#open.size === 0) return
    const key = keyOf(record, record.node || node)
    const call = this.#open.get(key)
    if (!call) return
    call.end = Math.max(call.end, offset + length)
    add(call, record, bytes)
    if (type === 'PROCTITLE' || type === 'EOE') {
      this.#open.delete(key)
      this.#complete(call)
    }
  }

  #begin(record: AuditRecord, bytes: Buffer, offset: number, length: number, node: string): void {
    let arch = ''
    let number = ''
    for (let at = 0; at < record.count && (arch === '' || number === ''); at++) {
      const size = record.nameEnds[at] - record.nameStarts[at]
      if (size === 4 || size === 7) {
        const name = bytes.toString('latin1', record.nameStarts[at], record.nameEnds[at])
        if (name === 'arch') arch = bytes.toString('latin1', record.starts[at], record.ends[at])
        else if (name === 'syscall') number = bytes.toString('latin1', record.starts[at], record.ends[at])
      }
    }
    const name = syscallName(arch, number)
    this.#expire(record.time)
    if (!ASSEMBLED.has(name)) return
    const call: Open = {
      name,
      node,
      time: record.time,
      serial: record.serial,
      offset,
      end: offset + length,
      fields: fieldsOf(record, bytes),
      arguments: [],
      argumentsCut: false,
      directory: '',
      title: '',
      paths: [],
      address: undefined,
      objects: [],
      details: {},
      argumentText: 0,
      pieces: new Map(),
    }
    const key = keyOf(record, node)
    const before = this.#open.get(key)
    if (before) this.#complete(before)
    this.#open.delete(key)
    this.#open.set(key, call)
  }

  #expire(time: number): void {
    if (time > this.#newest) this.#newest = time
    for (const [key, call] of this.#open) {
      if (this.#open.size < MAX_OPEN && call.time > this.#newest - TIMEOUT) break
      this.#open.delete(key)
      this.#complete(call)
    }
  }

  #complete(call: Open): void {
    for (const [index, pieces] of call.pieces) call.arguments[index] = Buffer.concat(pieces).toString('utf8')
    this.#onCall(call)
  }

  /** At the end of the input: what is open is as complete as it will be. */
  flush(): void {
    for (const call of this.#open.values()) this.#complete(call)
    this.#open.clear()
  }
}

const keyOf = (record: AuditRecord, node: string): string => `${record.serial} ${record.time} ${node}`

/** Every field of a record, decoded; of two of one name the first. */
function fieldsOf(record: AuditRecord, bytes: Buffer): Record<string, string> {
  const fields: Record<string, string> = {}
  for (let at = 0; at < record.count; at++) {
    const name = bytes.toString('latin1', record.nameStarts[at], record.nameEnds[at])
    if (!Object.hasOwn(fields, name)) fields[name] = valueAt(record, bytes, at, name)
  }
  return fields
}

function valueAt(record: AuditRecord, bytes: Buffer, at: number, name: string): string {
  const start = record.starts[at]
  const end = record.ends[at]
  const text = bytes.toString('utf8', start, end)
  if (record.quoted[at] === 1 || !isTextField(record.type, name) || !isHex(bytes, start, end)) return text
  return hexText(text, name === 'key' ? ',' : ' ')
}

function add(call: Open, record: AuditRecord, bytes: Buffer): void {
  switch (record.type) {
    case 'EXECVE':
      addArguments(call, record, bytes)
      return
    case 'PATH': {
      if (call.paths.length >= MAX_PATHS) return
      const { name = '', nametype = '', mode = '' } = fieldsOf(record, bytes)
      call.paths.push({ name: name === '(null)' ? '' : name, nametype, mode })
      return
    }
    case 'CWD':
      call.directory = fieldsOf(record, bytes).cwd ?? ''
      return
    case 'PROCTITLE':
      call.title = fieldsOf(record, bytes).proctitle ?? ''
      return
    case 'SOCKADDR':
      call.address = parseSocketAddress(fieldsOf(record, bytes).saddr ?? '')
      return
    case 'OBJ_PID': {
      const { opid = '', ocomm = '' } = fieldsOf(record, bytes)
      if (call.objects.length < MAX_OBJECTS) call.objects.push({ pid: opid, command: ocomm })
      return
    }
    case 'IPC':
    case 'IPC_SET_PERM':
    case 'MQ_OPEN':
    case 'MQ_SENDRECV':
    case 'MQ_NOTIFY':
    case 'MQ_GETSETATTR':
    case 'FD_PAIR':
    case 'MMAP':
      Object.assign(call.details, fieldsOf(record, bytes))
  }
}

/** Arguments come whole (`a1`), or in pieces (`a1_len`, `a1[0]`, `a1[1]`) over several records. */
function addArguments(call: Open, record: AuditRecord, bytes: Buffer): void {
  for (let at = 0; at < record.count; at++) {
    const name = bytes.toString('latin1', record.nameStarts[at], record.nameEnds[at])
    const found = /^a(\d{1,6})(\[\d{1,6}\])?$/.exec(name)
    if (!found) continue
    const index = Number(found[1])
    const start = record.starts[at]
    const end = record.ends[at]
    if (index >= MAX_ARGUMENTS || call.argumentText + end - start > MAX_ARGUMENT_TEXT) {
      call.argumentsCut = true
      continue
    }
    call.argumentText += end - start
    while (call.arguments.length <= index) call.arguments.push('')
    if (!found[2]) {
      call.arguments[index] = valueAt(record, bytes, at, name)
      continue
    }
    const encoded = record.quoted[at] === 0 && isHex(bytes, start, end)
    const pieces = call.pieces.get(index) ?? []
    pieces.push(Buffer.from(bytes.toString('latin1', start, end), encoded ? 'hex' : 'latin1'))
    call.pieces.set(index, pieces)
  }
}
