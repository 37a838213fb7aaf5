// Events of other systems in a message of syslog, of the journal, of Splunk or Wazuh: Windows's as XML, as Splunk's or Snare's text, and everything that is JSON.

import type { EventPointer, SourceEvent } from '../../events/event.ts'
import { RecordEvent } from '../../events/record-event.ts'
import { DecodedShapes } from '../decoded-records.ts'
import type { AuditTaker } from '../laurel/take-event.ts'
import type { Zone } from '../local-zone.ts'
import type { Skip } from '../source.ts'
import { placeWindowsRecord, type WindowsRecord } from '../windows-record.ts'
import { parseEventXml } from '../windows-xml/event-xml.ts'
import { recordOf } from '../windows-xml/windows-xml.ts'
import { CLASSIC_START, readClassicText, readSnare } from './classic-text.ts'
import { EmbeddedJson } from './embedded-json.ts'

const shapes = new DecodedShapes()

const OPEN_BRACE = 0x7b
const LESS_THAN = 0x3c

/** What a carrier says of the event that it carries. */
interface CarrierFacts {
  readonly time: number
  readonly host: string
}

/** One a reading. */
export class EmbeddedEvents {
  readonly #file: string
  readonly #zone: Zone
  readonly #onEvent: (event: SourceEvent) => void
  readonly #event = new RecordEvent()
  readonly #json: EmbeddedJson

  constructor(
    file: string,
    zone: Zone,
    audit: AuditTaker,
    onEvent: (event: SourceEvent) => void,
    onSkip: (skip: Skip) => void,
  ) {
    this.#file = file
    this.#zone = zone
    this.#onEvent = onEvent
    this.#json = new EmbeddedJson(file, zone, audit, onEvent, onSkip)
  }

  /** Hands on the event in bytes[start, end); false: there is none. The carrier's own time is in microseconds since 1970 UTC, NaN when it has none. */
  take(bytes: Buffer, start: number, end: number, pointer: EventPointer, { time, host }: CarrierFacts): boolean {
    const first = bytes[start]
    if (first === OPEN_BRACE) return this.#json.take(bytes, start, end, pointer, host)
    if (first === LESS_THAN) return this.#takeXml(bytes, start, end, pointer)
    // `MSWinEventLog` or a date
    if (first !== 0x4d && !(first >= 0x30 && first <= 0x39)) return false
    const head = bytes.toString('latin1', start, Math.min(end, start + 64))
    if (!head.startsWith('MSWinEventLog') && !CLASSIC_START.test(head)) return false
    const text = bytes.toString('utf8', start, end)
    const record = readSnare(text, time, this.#zone) ?? readClassicText(text, time, this.#zone)
    return record !== undefined && this.#place(record, pointer)
  }

  #takeXml(bytes: Buffer, start: number, end: number, pointer: EventPointer): boolean {
    if (!/^<Event[\s>]/.test(bytes.toString('latin1', start, Math.min(end, start + 8)))) return false
    const xml = parseEventXml(bytes.toString('utf8', start, end))
    if (!xml.whole || Number.isNaN(xml.eventId) || (xml.channel === '' && xml.provider === '')) return false
    return this.#place(recordOf(xml), pointer)
  }

  #place(record: WindowsRecord, pointer: EventPointer): boolean {
    const own = record.system.find(([name]) => name === 'EventRecordID')?.[1]
    const recordId = typeof own === 'number' ? own : pointer.recordId
    placeWindowsRecord(shapes, this.#event, record, { ...pointer, file: this.#file, recordId })
    this.#onEvent(this.#event)
    return true
  }
}
