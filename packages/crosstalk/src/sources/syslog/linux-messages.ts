// What stands in the messages of Linux hosts, whatever carried them (a file of auditd, syslog, JSON around syslog): audit records, Sysmon for Linux, events of other systems that
// were forwarded by syslog, and text.

import type { EventPointer, SourceEvent } from '../../events/event.ts'
import { RecordEvent } from '../../events/record-event.ts'
import { Assembler, MAX_SPREAD } from '../auditd/assemble.ts'
import { AuditEvent } from '../auditd/audit-event.ts'
import { newRecord, readAuditRecord, readFields } from '../auditd/audit-record.ts'
import { readAuoms } from '../auditd/auoms.ts'
import { CallEvents } from '../auditd/call-event.ts'
import { IMAGE_WINDOW } from '../auditd/process-images.ts'
import { DecodedShapes, type NamedValue } from '../decoded-records.ts'
import { EmbeddedEvents } from '../embedded/embedded-events.ts'
import type { Zone } from '../local-zone.ts'
import type { Skip } from '../source.ts'
import { placeSysmon } from '../sysmon-linux/sysmon-record.ts'
import { logSourcesOf, servicesOf } from './services.ts'

/** What carried a message. */
export interface Carrier {
  /** microseconds since 1970 UTC */
  time: number
  host: string
  program: string
  pid: string
  facility: number
  severity: number
  messageId: string
  structuredData: string
  /** journald's: the serial of the audit event, which its message lacks */
  auditSerial?: string
  /** other fields that the carrier has of the message (journald's, Azure's), for text messages */
  more?: () => readonly NamedValue[]
}

/** How much of the input before a place decides what is read there. */
export interface LookBack {
  /** bytes from an event's first record to its last */
  readonly maxSpread: number
  /** bytes back to what told of a process */
  readonly imageWindow: number
}

export const LOOK_BACK: LookBack = { maxSpread: MAX_SPREAD, imageWindow: IMAGE_WINDOW }

const shapes = new DecodedShapes()

/** Used again from line to line, whoever's: nothing is kept in it. */
const record = newRecord()

const LINE_FEED = Buffer.from('\n')

const startsWith = (bytes: Uint8Array, at: number, end: number, word: string): boolean => {
  if (end - at < word.length) return false
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word.charCodeAt(i)) return false
  return true
}

/** One a reading: it keeps what is open of audit events. */
export class LinuxMessages {
  readonly #file: string
  readonly #onEvent: (event: SourceEvent) => void
  readonly #onSkip: (skip: Skip) => void
  readonly #audit = new AuditEvent()
  readonly #decoded = new RecordEvent()
  readonly #assembler: Assembler
  readonly #calls: CallEvents
  readonly #embedded: EmbeddedEvents

  /** Only what later messages need is taken note of: they come before those that are to be read. */
  isSilent = false

  /** `zone`: of times that name none */
  constructor(
    file: string,
    onEvent: (event: SourceEvent) => void,
    onSkip: (skip: Skip) => void,
    zone: Zone = 0,
    { maxSpread, imageWindow }: LookBack = LOOK_BACK,
  ) {
    this.#file = file
    this.#embedded = new EmbeddedEvents(file, zone, this, onEvent, onSkip)
    this.#onEvent = onEvent
    this.#onSkip = onSkip
    this.#audit.file = file
    const calls = new CallEvents(shapes, file, imageWindow)
    this.#calls = calls
    this.#assembler = new Assembler((call) => {
      if (this.isSilent) calls.remember(call)
      else if (calls.place(this.#decoded, call)) onEvent(this.#decoded)
    }, maxSpread)
  }

  /** The input has been read up to here. */
  reached(offset: number): void {
    this.#assembler.reached(offset)
  }

  /** An audit record in bytes[start, end) as auditd writes it; false when that is none. The record lies at `offset` in the input. */
  takeAudit(bytes: Buffer, start: number, end: number, offset: number, length: number, host: string): boolean {
    if (!readAuditRecord(record, bytes, start, end)) return false
    if (record.type.startsWith('AUOMS_')) {
      if (this.isSilent) return true
      const read = readAuoms(record.type, bytes.toString('utf8', record.body, end).trim())
      const pointer = { file: this.#file, offset, length, recordId: record.serial }
      shapes.place(this.#decoded, read.key, read.parts, read.fields, pointer, record.time, read.node || host)
      this.#onEvent(this.#decoded)
      return true
    }
    if (!this.isSilent) this.#emitAudit(bytes, offset, length, host)
    this.#assembler.take(record, bytes, offset, length, host)
    return true
  }

  #emitAudit(bytes: Buffer, offset: number, length: number, host: string): void {
    const event = this.#audit
    event.set(record, bytes)
    event.offset = offset
    event.length = length
    event.host = record.node || host
    if (record.cut) this.#onSkip({ reason: 'fields of an audit record beyond 4,096', offset, bytes: 0 })
    this.#onEvent(event)
  }

  /** A message in bytes[start, end) that the carrier brought. `pointer` is the way back to the whole line or record. */
  take(bytes: Buffer, start: number, end: number, pointer: EventPointer, carrier: Carrier): void {
    const { offset, length } = pointer
    const from = auditStart(bytes, start, end)
    if (from >= 0 && this.takeAudit(bytes, from, end, offset, length, carrier.host)) return
    if (this.isSilent) return
    if (startsWith(bytes, start, end, '<Event>') && isSysmonForLinux(bytes, start, end, carrier.program)) {
      const problem = placeSysmon(shapes, this.#decoded, bytes.toString('utf8', start, end), pointer, carrier.host)
      if (problem === undefined) this.#onEvent(this.#decoded)
      else this.#onSkip({ reason: problem, offset, bytes: length })
      return
    }
    if (carrier.program === 'audit' && this.#takeJournalAudit(bytes, start, end, pointer, carrier)) return
    if (this.#embedded.take(bytes, start, end, pointer, carrier)) return
    this.#takeText(bytes.toString('utf8', start, end), pointer, carrier)
  }

  /**
   * journald hands on what the kernel audits as `SYSCALL arch=…`, its time and serial beside the message (systemd, src/journal/journald-audit.c). Without
   * these (the text of `journalctl`, which has not even milliseconds) each record is told by itself.
   */
  #takeJournalAudit(bytes: Buffer, start: number, end: number, pointer: EventPointer, carrier: Carrier): boolean {
    const type = /^([A-Z][A-Z_0-9]{2,40}) [a-zA-Z0-9_]+=/.exec(
      bytes.toString('latin1', start, Math.min(end, start + 128)),
    )
    if (!type) return false
    const { auditSerial, time } = carrier
    if (auditSerial !== undefined && /^\d{1,15}$/.test(auditSerial) && time >= 0) {
      const millis = Math.floor(time / 1000)
      const moment = `${Math.floor(millis / 1000)}.${String(millis % 1000).padStart(3, '0')}`
      const head = `type=${type[1]} msg=audit(${moment}:${auditSerial}):`
      const line = Buffer.concat([Buffer.from(head), bytes.subarray(start + type[1].length, end), LINE_FEED])
      return this.takeAudit(line, 0, line.length - 1, pointer.offset, pointer.length, carrier.host)
    }
    record.type = type[1]
    record.node = ''
    record.time = carrier.time
    record.serial = pointer.recordId
    readFields(record, bytes, start + type[1].length, end)
    this.#emitAudit(bytes, pointer.offset, pointer.length, carrier.host)
    return true
  }

  #takeText(message: string, pointer: EventPointer, carrier: Carrier): void {
    const services = servicesOf(carrier.program, carrier.facility)
    const fields: NamedValue[] = [['message', message]]
    const say = (name: string, value: string | number): void => {
      if (value !== '' && !Number.isNaN(value)) fields.push([name, value])
    }
    say('hostname', carrier.host)
    say('program', carrier.program)
    say('pid', carrier.pid)
    say('facility', carrier.facility)
    say('severity', carrier.severity)
    say('msgid', carrier.messageId)
    say('structured_data', carrier.structuredData)
    if (carrier.more) fields.push(...carrier.more())
    shapes.place(
      this.#decoded,
      `syslog ${services.join(' ')}`,
      () => ({
        channel: 'syslog',
        eventId: services[0],
        provider: 'syslog',
        logSources: logSourcesOf(services),
        constants: new Map(),
        aliases: {},
      }),
      fields,
      pointer,
      carrier.time,
      carrier.host,
    )
    this.#onEvent(this.#decoded)
  }

  /** A process that a collector tells of, in what lies at `offset`, though it was not seen starting. */
  knowProcess(node: string, pid: string, image: string, offset: number): void {
    this.#calls.know(node, pid, image, offset)
  }

  /** Audit events that are open have all their records. */
  completeEvents(): void {
    this.#assembler.flush()
  }

  /** At the input's end. */
  flush(): void {
    this.completeEvents()
  }
}

/** Its program writes to syslog as `sysmon`; relays may lose that. */
const isSysmonForLinux = (bytes: Buffer, start: number, end: number, program: string): boolean =>
  program.startsWith('sysmon') || bytes.toString('latin1', start, Math.min(end, start + 128)).includes('Linux-Sysmon')

/** Where an audit record begins in a message: at once, or behind `[ 12.345678] audit: `; -1: it is none. */
function auditStart(bytes: Buffer, start: number, end: number): number {
  if (startsWith(bytes, start, end, 'type=') || startsWith(bytes, start, end, 'node=')) return start
  const text = bytes.toString('latin1', start, Math.min(end, start + 64))
  const kernel = /^(?:\[ *\d+\.\d+\] )?audit: (?=type=)/.exec(text)
  return kernel ? start + kernel[0].length : -1
}
