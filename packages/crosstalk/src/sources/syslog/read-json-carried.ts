// Reads JSON records that carry a message of syslog: the message is read as it would be in a file of syslog.

import type { FieldValue } from '@crosstalk/sigma'
import type { SourceEvent } from '../../events/event.ts'
import type { NamedValue } from '../decoded-records.ts'
import type { FormFinder } from '../json-lines/form.ts'
import { readJson } from '../json-lines/read-json.ts'
import { RecordShapes } from '../json-lines/record-shapes.ts'
import type { Zone } from '../local-zone.ts'
import type { Input, ReadOptions, Skip } from '../source.ts'
import { parseTime } from '../timestamps.ts'
import type { JsonCarrier } from './json-carrier.ts'
import { LinuxMessages } from './linux-messages.ts'

const WRAPPERS = ['', '_source.', 'result.']

/** Names of facilities and severities (RFC 5424, tables 1 and 2; syslog.h). */
const FACILITIES =
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp security console clock local0 local1 local2 local3 local4 local5 local6 local7'.split(
    ' ',
  )
const SEVERITIES = [
  ['emerg', 'emergency', 'panic'],
  ['alert'],
  ['crit', 'critical'],
  ['err', 'error'],
  ['warning', 'warn'],
  ['notice'],
  ['info', 'informational'],
  ['debug'],
]

export interface CarriedReader {
  find: FormFinder
  /** A record that `find` knows: its message is taken; false when it is none of these carriers'. */
  take(messages: LinuxMessages, record: SourceEvent, zone: Zone, onSkip: (skip: Skip) => void): boolean
  read(
    input: Input,
    range: undefined,
    options: ReadOptions,
    onEvent: (event: SourceEvent) => void,
    onSkip: (skip: Skip) => void,
  ): Promise<void>
}

/** A reader of these carriers: which records are theirs, and the messages in them. */
export function carriedReader(carriers: readonly JsonCarrier[]): CarriedReader {
  const find: FormFinder = (layout) => {
    for (const wrapper of WRAPPERS) {
      if (wrapper && !layout.has(wrapper)) continue
      for (const carrier of carriers) {
        if (!carrier.needs.every((group) => group.some((name) => layout.has(wrapper + name)))) continue
        return {
          name: `${carrier.name} ${wrapper}`,
          decisive: [],
          classify: () => ({
            channel: carrier.name,
            eventId: wrapper,
            provider: carrier.name,
            logSources: [],
            constants: new Map(),
            aliases: () => [],
            bind: () => ({ time: () => Number.NaN, host: [], recordId: [] }),
          }),
        }
      }
    }
    return undefined
  }
  const shapes = new RecordShapes(find)
  const byName = new Map(carriers.map((one) => [one.name, one]))
  const take: CarriedReader['take'] = (messages, record, zone, onSkip) => {
    const carrier = byName.get(record.shape.channel)
    if (carrier) takeRecord(messages, record, carrier, String(record.shape.eventId), zone, onSkip)
    return carrier !== undefined
  }
  return {
    find,
    take,
    async read(input, range, options, onEvent, onSkip) {
      const zone = options.zone ?? 0
      const messages = new LinuxMessages(input.name, onEvent, onSkip, zone)
      await readJson(shapes, input, range, options, (record) => take(messages, record, zone, onSkip), onSkip)
      messages.flush()
    },
  }
}

function takeRecord(
  messages: LinuxMessages,
  record: SourceEvent,
  carrier: JsonCarrier,
  wrapper: string,
  zone: Zone,
  onSkip: (skip: Skip) => void,
): void {
  const { shape } = record
  const value = (names: readonly string[]): FieldValue | undefined => {
    for (const name of names) {
      const found = record.value(shape.slot(wrapper + name))
      if (found !== undefined && found !== null && found !== '') return found
    }
    return undefined
  }
  const text = (names: readonly string[]): string => {
    const found = value(names)
    return typeof found === 'string' ? found : found === undefined ? '' : String(found)
  }
  const message = messageBytes(value([carrier.message, 'message']))
  if (message === undefined) {
    onSkip({ reason: `${carrier.name}: a record without a message`, offset: record.offset, bytes: record.length })
    return
  }
  const time = value(carrier.time)
  const program = text(carrier.program).replace(/(?:\[(\d+)\])?:?$/, '')
  messages.take(
    message,
    0,
    message.length - 1,
    { file: record.file, offset: record.offset, length: record.length, recordId: record.recordId },
    {
      time: typeof time === 'string' || typeof time === 'number' ? parseTime(time, zone) : Number.NaN,
      host: text(carrier.host),
      program,
      pid: text(carrier.pid),
      facility: numberOf(text(carrier.facility), (name) => FACILITIES.indexOf(name)),
      severity: numberOf(text(carrier.severity), (name) => SEVERITIES.findIndex((names) => names.includes(name))),
      messageId: '',
      structuredData: '',
      ...(carrier.auditSerial && { auditSerial: text(carrier.auditSerial) }),
      more: () => otherFields(record, wrapper, carrier),
    },
  )
}

/** The message's bytes and a line feed. The journal writes what is no UTF-8 as a list of its bytes. */
function messageBytes(message: FieldValue | undefined): Buffer | undefined {
  if (typeof message === 'string') return Buffer.from(`${message}\n`)
  if (!Array.isArray(message)) return undefined
  // A field that was given more than once is a list of its values.
  if (message.length > 0 && message.every((one) => typeof one === 'string'))
    return Buffer.from(`${message.join(' ')}\n`)
  if (!message.every((byte) => typeof byte === 'number')) return undefined
  return Buffer.concat([Buffer.from(message as number[]), Buffer.from('\n')])
}

function numberOf(text: string, named: (name: string) => number): number {
  if (/^\d{1,3}$/.test(text)) return Number(text)
  const number = named(text.toLowerCase())
  return number < 0 ? Number.NaN : number
}

/** All else that the record says, by its own names. */
function otherFields(record: SourceEvent, wrapper: string, carrier: JsonCarrier): NamedValue[] {
  const taken = new Set(['message', 'hostname', 'program', 'pid', 'facility', 'severity'])
  const fields: NamedValue[] = []
  record.shape.fields.forEach((name, slot) => {
    const own = name.startsWith(wrapper) ? name.slice(wrapper.length) : name
    if (own === carrier.message || taken.has(own)) return
    const value = record.value(slot)
    if (value !== undefined && value !== null) fields.push([own, value])
  })
  return fields
}
