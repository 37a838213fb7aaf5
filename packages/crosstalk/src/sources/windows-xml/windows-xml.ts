// Windows events as XML: `wevtutil qe /f:xml`, Event Viewer's "Save as XML", Get-WinEvent's ToXml(), Splunk's XmlWinEventLog; one document or one
// event a line, UTF-8 or UTF-16.
import { RecordEvent } from '../../events/record-event.ts'
import { readBytes } from '../containers/read-bytes.ts'
import { DecodedShapes, type NamedValue } from '../decoded-records.ts'
import { lineRanges } from '../framing.ts'
import type { Source } from '../source.ts'
import { parseTime } from '../timestamps.ts'
import { placeWindowsRecord, type WindowsRecord } from '../windows-record.ts'
import { type EventXml, MAX_DATA, parseEventXml } from './event-xml.ts'
import { decode, encodingOf, forEachEventElement } from './frame-events.ts'

const shapes = new DecodedShapes()

export const windowsXml: Source = {
  format: 'windows-xml',
  title: 'Windows events as XML (wevtutil, Event Viewer, Splunk XmlWinEventLog)',
  detect,
  ranges: lineRanges,
  async read(input, range, _options, onEvent, onSkip) {
    const encoding = encodingOf(await readBytes(input, 0, 4))
    // UTF-16 may only be cut between its units; one reader takes it all.
    if (encoding !== 'utf-8' && range && range.start > 0) return
    const event = new RecordEvent()
    let count = 0
    await forEachEventElement(
      input,
      encoding === 'utf-8' ? range : undefined,
      encoding,
      (bytes, start, end, offset) => {
        count++
        const xml = parseEventXml(decode(bytes, start, end, encoding))
        const length = end - start
        if (!xml.whole || Number.isNaN(xml.eventId) || (xml.channel === '' && xml.provider === '')) {
          onSkip({ reason: xml.whole ? 'no Windows event' : 'broken event XML', offset, bytes: length })
          return
        }
        if (xml.data.length + xml.unnamed.length >= MAX_DATA)
          onSkip({ reason: 'fields of an event beyond 10,000', offset, bytes: 0 })
        const recordId = Number.isNaN(xml.recordId) ? count : xml.recordId
        placeWindowsRecord(shapes, event, recordOf(xml), { file: input.name, offset, length, recordId })
        onEvent(event)
      },
      onSkip,
    )
  },
}

function detect(head: Uint8Array): number {
  const encoding = encodingOf(head)
  const text = decode(Buffer.from(head.buffer, head.byteOffset, head.length), 0, head.length, encoding)
  const at = text.search(/<Event[\s>]/)
  if (at < 0) return 0
  const event = text.slice(at, at + 4096)
  // The same XML, but another source's: Sysmon for Linux writes it to syslog.
  if (/<Provider[^>]*Name=["']Linux-Sysmon["']/.test(event)) return 0
  if (!/<System>\s*<Provider\b/.test(event) && !event.includes('schemas.microsoft.com/win/2004/08/events/event'))
    return 0
  return /^[\ufeff\s]*</.test(text) ? 0.95 : 0.6
}

/** Windows writes SystemTime in UTC, also where it leaves the Z out. */
export function recordOf(xml: EventXml): WindowsRecord {
  const system: NamedValue[] = [
    ['Provider_Guid', xml.providerGuid],
    ['Computer', xml.computer],
    ['Level', xml.level],
    ['Task', xml.task],
    ['Opcode', xml.opcode],
    ['Keywords', xml.keywords],
    ['Version', xml.version],
    ['TimeCreated', xml.systemTime],
    ['Execution_ProcessID', xml.processId],
    ['Execution_ThreadID', xml.threadId],
    ['Security_UserID', xml.userId],
    ['Correlation_ActivityID', xml.activityId],
    ['Message', xml.message],
  ]
  if (!Number.isNaN(xml.recordId)) system.push(['EventRecordID', xml.recordId])
  return {
    provider: xml.provider,
    channel: xml.channel,
    eventId: xml.eventId,
    computer: xml.computer,
    time: parseTime(xml.systemTime, 0),
    data: xml.data,
    unnamed: xml.unnamed,
    system,
  }
}
