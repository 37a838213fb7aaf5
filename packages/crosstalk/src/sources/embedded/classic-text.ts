// Windows events as text: Splunk's classic WinEventLog input (a time, lines `Name=value`, and the rendered message behind `Message=`), and Snare's MSWinEventLog, whose fields are
// parted by tabs. Splunk: "Monitor Windows event log data", renderXml = 0; splunk/attack_data has such logs. Snare: "Guide to Snare for Windows", event format.

import type { NamedValue } from '../decoded-records.ts'
import type { Zone } from '../local-zone.ts'
import { parseTime } from '../timestamps.ts'
import type { WindowsRecord } from '../windows-record.ts'
import { fieldsOfMessage } from './message-text.ts'

/** The first lines of an event of Splunk's. */
export const CLASSIC_START = /^\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d{2}:\d{2}(?:\.\d{1,6})?(?: [AP]M)?\r?\nLogName=/

/** The Security log's provider as its message file calls it. */
const RENDERED_PROVIDERS: Readonly<Record<string, string>> = {
  'Microsoft Windows security auditing.': 'Microsoft-Windows-Security-Auditing',
}

const providerOf = (written: string): string => RENDERED_PROVIDERS[written] ?? written

/** Splunk's text of one event; `time`: when its carrier says it was, in microseconds, else NaN. Undefined: it is none. */
export function readClassicText(text: string, time: number, zone: Zone): WindowsRecord | undefined {
  if (!CLASSIC_START.test(text)) return undefined
  const message = /\r?\nMessage=/.exec(text)
  const lines = (message ? text.slice(0, message.index) : text).split(/\r?\n/)
  const said = new Map<string, string>()
  for (const line of lines.slice(1)) {
    const equals = line.indexOf('=')
    if (equals > 0) said.set(line.slice(0, equals), line.slice(equals + 1))
  }
  const provider = providerOf(said.get('SourceName') ?? '')
  const eventId = Number(said.get('EventCode') ?? Number.NaN)
  if (!Number.isInteger(eventId)) return undefined
  return recordOf({
    provider,
    channel: said.get('LogName') ?? '',
    eventId,
    computer: said.get('ComputerName') ?? '',
    recordNumber: said.get('RecordNumber') ?? '',
    time: Number.isNaN(time) ? parseTime(lines[0], zone) : time,
    message: message ? text.slice(message.index + message[0].length) : '',
    further: [
      ['Keywords', said.get('Keywords') ?? ''],
      ['Security_UserID', said.get('Sid') ?? ''],
    ],
  })
}

const SNARE = /^MSWinEventLog(?:\t|#011)/

/**
 * Snare's fields: criticality, log, counter, time, event id, source, user, SID type, type, computer, category, data, text, and the counter anew. Some relays write the tab as
 * `#011` (rsyslog escapes control characters so).
 */
export function readSnare(text: string, time: number, zone: Zone): WindowsRecord | undefined {
  if (!SNARE.test(text)) return undefined
  const fields = text.replaceAll('#011', '\t').split('\t')
  if (fields.length < 13) return undefined
  const [, , channel, counter, at, id, source, user, , , computer] = fields
  const eventId = Number(id)
  if (!Number.isInteger(eventId) || id === '') return undefined
  const written = snareTime(at, zone)
  return recordOf({
    provider: providerOf(source),
    channel,
    eventId,
    computer,
    recordNumber: counter,
    time: Number.isNaN(written) ? time : written,
    message: fields
      .slice(13)
      .join('  ')
      .replace(/\s+\d+\s*$/, ''),
    further: [['Snare_User', user]],
  })
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec'

/** `Tue Sep 29 13:53:04 2026`, local time */
function snareTime(text: string, zone: Zone): number {
  const found = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4})$/.exec(text.trim())
  const month = found ? MONTHS.indexOf(found[1]) / 3 + 1 : 0
  if (!found || !Number.isInteger(month) || month < 1) return Number.NaN
  const two = (part: number | string): string => String(part).padStart(2, '0')
  return parseTime(`${found[4]}-${two(month)}-${two(found[2])}T${found[3]}`, zone)
}

interface Rendered {
  provider: string
  channel: string
  eventId: number
  computer: string
  recordNumber: string
  time: number
  message: string
  further: readonly NamedValue[]
}

function recordOf(said: Rendered): WindowsRecord {
  const data = fieldsOfMessage(said.provider, said.eventId, said.message)
  const system: NamedValue[] = [['Computer', said.computer], ['Message', said.message], ...said.further]
  if (/^\d{1,15}$/.test(said.recordNumber)) system.push(['EventRecordID', Number(said.recordNumber)])
  const { provider, channel, eventId, computer, time } = said
  // Rules for classic providers look for their words in Data.
  const unnamed = data.length === 0 && said.message !== '' ? [said.message] : []
  return { provider, channel, eventId, computer, time, data, unnamed, system }
}
