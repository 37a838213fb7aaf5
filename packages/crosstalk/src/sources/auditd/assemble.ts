// Assembles the records of audit events, which the kernel may interleave, by host, time and serial.
import { type AuditRecord, newRecord, readFields } from './audit-record.ts'
import { isHex, parseSocketAddress, type SocketAddress } from './audit-values.ts'
import { OpenByTime } from './open-by-time.ts'
import { callFieldsOf, fieldOf, fieldsOf, valueAt } from './record-fields.ts'
import { syscallName, unpackedCall } from './syscalls.ts'
import { ASSEMBLED, type AuditPath, type SystemCall } from './system-call.ts'

/** auparse takes an event for complete when another is two seconds younger (audit-userspace, auparse/auparse.c: EOE_TIMEOUT). */
const TIMEOUT = 2_000_000
/**
 * An event is complete, too, when so many bytes have been read since its first record: what is open at a place in a file then depends on so many bytes before it
 * alone, so that reading may begin in the middle. The largest EXECVE (2 MiB of arguments, in hexadecimal) just fits.
 */
export const MAX_SPREAD = 4 * 1024 * 1024
/** bounds of what is kept of one event */
const MAX_ARGUMENTS = 4_096
const MAX_ARGUMENT_TEXT = 1024 * 1024
const MAX_PATHS = 64
const MAX_OBJECTS = 64

/** A call whose records are still coming. SYSCALL's bytes are kept and decoded when somebody asks: most calls turn out to be told by their records alone. */
class OpenCall implements SystemCall {
  readonly name: string
  readonly node: string
  readonly time: number
  readonly serial: number
  readonly offset: number
  end: number
  isComplete = false
  readonly arguments: string[] = []
  argumentsCut = false
  argumentText = 0
  /** arguments that come in pieces, as bytes: a piece may end inside a character */
  readonly pieces: Map<number, Buffer[]> = new Map()
  directory = ''
  title = ''
  readonly paths: AuditPath[] = []
  address: SocketAddress | undefined = undefined
  readonly objects: { pid: string; command: string }[] = []
  readonly details: Record<string, string> = {}
  readonly #aside: Buffer
  #fields: Record<string, string> | undefined = undefined

  constructor(name: string, node: string, record: AuditRecord, bytes: Buffer, offset: number, length: number) {
    this.name = name
    this.node = node
    this.time = record.time
    this.serial = record.serial
    this.offset = offset
    this.end = offset + length
    const end = record.count === 0 ? record.body : record.ends[record.count - 1]
    this.#aside = Buffer.from(bytes.subarray(record.body, end))
  }

  get fields(): Readonly<Record<string, string>> {
    if (!this.#fields) {
      asideRecord.type = 'SYSCALL'
      readFields(asideRecord, this.#aside, 0, this.#aside.length)
      this.#fields = callFieldsOf(asideRecord, this.#aside)
    }
    return this.#fields
  }
}

/** for SYSCALL records that were put aside */
const asideRecord = newRecord()

export class Assembler {
  readonly #open = new Map<string, OpenCall>()
  readonly #byTime = new OpenByTime<OpenCall>()
  readonly #onCall: (call: SystemCall) => void
  readonly #maxSpread: number

  constructor(onCall: (call: SystemCall) => void, maxSpread: number = MAX_SPREAD) {
    this.#onCall = onCall
    this.#maxSpread = maxSpread
  }

  /** Takes in a record that lies at `offset` in the input; calls that it completes are handed on. `node`: the host where the record itself says none. */
  take(record: AuditRecord, bytes: Buffer, offset: number, length: number, node: string): void {
    const { type } = record
    if (type === 'SYSCALL') {
      this.#begin(record, bytes, offset, length, record.node || node)
      return
    }
    if (this.#open.size === 0) return
    const call = this.#open.get(keyOf(record, record.node || node))
    if (!call || call.time !== record.time) return
    call.end = Math.max(call.end, offset + length)
    add(call, record, bytes)
    if (type === 'PROCTITLE' || type === 'EOE') this.#complete(call)
  }

  /** The input has been read up to here: what began too far before is complete. */
  reached(offset: number): void {
    for (const call of this.#open.values()) {
      if (call.offset + this.#maxSpread > offset) return
      this.#complete(call)
    }
  }

  #begin(record: AuditRecord, bytes: Buffer, offset: number, length: number, node: string): void {
    for (
      let old = this.#byTime.olderThan(record.time - TIMEOUT);
      old;
      old = this.#byTime.olderThan(record.time - TIMEOUT)
    )
      this.#complete(old)
    const written = syscallName(fieldOf(record, bytes, 'arch'), fieldOf(record, bytes, 'syscall'))
    const name = unpackedCall(written, fieldOf(record, bytes, 'a0'))
    if (!ASSEMBLED.has(name)) return
    const call = new OpenCall(name, node, record, bytes, offset, length)
    const key = keyOf(record, node)
    const before = this.#open.get(key)
    if (before) this.#complete(before)
    this.#open.set(key, call)
    this.#byTime.add(call)
  }

  #complete(call: OpenCall): void {
    this.#open.delete(keyOf(call, call.node))
    call.isComplete = true
    this.#byTime.completed()
    for (const [index, pieces] of call.pieces) call.arguments[index] = Buffer.concat(pieces).toString('utf8')
    this.#onCall(call)
  }

  /** At the end of the input: what is open is as complete as it will be. */
  flush(): void {
    for (const call of this.#open.values()) this.#complete(call)
  }
}

/** Serials begin anew at a boot, so the time is compared too, where the call is looked up. */
const keyOf = (record: { readonly serial: number }, node: string): string => `${record.serial} ${node}`

function add(call: OpenCall, record: AuditRecord, bytes: Buffer): void {
  switch (record.type) {
    case 'EXECVE':
      addArguments(call, record, bytes)
      return
    case 'PATH': {
      if (call.paths.length >= MAX_PATHS) return
      const name = fieldOf(record, bytes, 'name')
      call.paths.push({
        name: name === '(null)' ? '' : name,
        nametype: fieldOf(record, bytes, 'nametype'),
        mode: fieldOf(record, bytes, 'mode'),
      })
      return
    }
    case 'CWD':
      call.directory = fieldOf(record, bytes, 'cwd')
      return
    case 'PROCTITLE':
      call.title = fieldOf(record, bytes, 'proctitle')
      return
    case 'SOCKADDR':
      call.address = parseSocketAddress(fieldOf(record, bytes, 'saddr'))
      return
    case 'OBJ_PID': {
      if (call.objects.length >= MAX_OBJECTS) return
      call.objects.push({ pid: fieldOf(record, bytes, 'opid'), command: fieldOf(record, bytes, 'ocomm') })
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
function addArguments(call: OpenCall, record: AuditRecord, bytes: Buffer): void {
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
