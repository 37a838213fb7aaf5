// Events of Sysmon for Linux: the XML that it writes to syslog, in Sigma's words.

import type { EventPointer } from '../../events/event.ts'
import { LINUX_SYSMON, linuxSysmonLogSource } from '../../events/linux-sysmon.ts'
import type { RecordEvent } from '../../events/record-event.ts'
import type { DecodedShapes, NamedValue } from '../decoded-records.ts'
import { parseTime } from '../timestamps.ts'
import { parseEventXml } from '../windows-xml/event-xml.ts'

/** `-` is Sysmon's word for none. */
const isSaid = (value: string): boolean => value !== '-'

/** Moves the event to the XML of one event; or says why that is none. `host`: who sent it, where the XML does not say. `recordId` of the pointer is replaced by the event's own. */
export function placeSysmon(
  shapes: DecodedShapes,
  event: RecordEvent,
  xml: string,
  pointer: EventPointer,
  host: string,
): string | undefined {
  const parsed = parseEventXml(xml)
  const { eventId } = parsed
  if (Number.isNaN(eventId) || (!parsed.whole && parsed.data.length === 0)) return 'broken event XML'
  const fields: NamedValue[] = parsed.data.filter(([, value]) => isSaid(value))
  fields.push(['Computer', parsed.computer || host])
  if (!Number.isNaN(parsed.recordId)) fields.push(['EventRecordID', parsed.recordId])
  // Syslog cuts long messages off: what came before the cut is still what happened.
  if (!parsed.whole) fields.push(['Truncated', 'true'])
  shapes.place(
    event,
    `sysmon ${eventId}`,
    () => ({
      channel: LINUX_SYSMON,
      eventId,
      provider: 'Linux-Sysmon',
      logSources: [linuxSysmonLogSource(eventId)],
      constants: new Map<string, string | number>([
        ['EventID', eventId],
        ['Channel', LINUX_SYSMON],
        ['Provider_Name', 'Linux-Sysmon'],
      ]),
      aliases: {},
    }),
    fields,
    { ...pointer, recordId: Number.isNaN(parsed.recordId) ? pointer.recordId : parsed.recordId },
    parseTime(parsed.systemTime, 0),
    parsed.computer || host,
  )
  return undefined
}
