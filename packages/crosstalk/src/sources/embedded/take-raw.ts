// A record as a collector keeps it whole (Splunk's _raw, Wazuh's full_log): read as the line, or the event, that it was before.

import type { EventPointer } from '../../events/event.ts'
import type { Zone } from '../local-zone.ts'
import type { Carrier, LinuxMessages } from '../syslog/linux-messages.ts'
import { parseSyslogHeader, type SyslogClock } from '../syslog/syslog-header.ts'

const DAY = 86_400_000

export const clockOf = (zone: Zone): SyslogClock => ({ zone, latest: Date.now() + DAY })

/** What is known of a record besides its text. */
export interface RawSource {
  /** microseconds since 1970 UTC, NaN when unknown */
  readonly time: number
  readonly host: string
  readonly program?: string
}

/** Wazuh joins the records of one audit event with blanks (src/logcollector/read_audit.c); Splunk may keep them as lines. */
const AUDIT_RECORDS = /[ \r\n]+(?=(?:node=\S{1,255} )?type=[A-Z][A-Z_0-9]{1,40} msg=audit\()/

export function takeRaw(
  messages: LinuxMessages,
  raw: string,
  pointer: EventPointer,
  known: RawSource,
  clock: SyslogClock,
): void {
  const text = raw.replace(/[\r\n]+$/, '')
  const carrier: Carrier = {
    ...known,
    program: known.program ?? '',
    pid: '',
    facility: Number.NaN,
    severity: Number.NaN,
    messageId: '',
    structuredData: '',
  }
  if (/^(?:type|node)=/.test(text)) {
    const parts = text.split(AUDIT_RECORDS)
    for (const part of parts) {
      const bytes = Buffer.from(`${part}\n`)
      if (messages.takeAudit(bytes, 0, bytes.length - 1, pointer.offset, pointer.length, known.host)) continue
      messages.take(bytes, 0, bytes.length - 1, pointer, carrier)
    }
    return
  }
  const bytes = Buffer.from(`${text}\n`)
  const end = bytes.length - 1
  const header = parseSyslogHeader(bytes, 0, end, clock)
  if (!header) messages.take(bytes, 0, end, pointer, carrier)
  else {
    // The collector knows year and zone, which a line may lack.
    const time = Number.isNaN(known.time) ? header.time : known.time
    const said = { ...header, time, host: header.host || known.host, program: header.program || carrier.program }
    messages.take(bytes, Math.min(header.message, end), end, pointer, said)
  }
}
