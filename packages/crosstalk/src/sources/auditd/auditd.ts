// auditd's own log: a record a line, those of one event interleaved with others'. Every record is an event, and a system call that starts, connects, creates or talks is
// one more, made of all its records.
import { lineRanges } from '../framing.ts'
import type { Source } from '../source.ts'
import { LOOK_BACK } from '../syslog/linux-messages.ts'
import { readLinuxLines, shareOfLines } from '../syslog/read-lines.ts'
import { newRecord, readAuditRecord } from './audit-record.ts'

/** A range costs what lies before it and may matter, too. */
const MIN_RANGE = LOOK_BACK.imageWindow + LOOK_BACK.maxSpread

/** Used again from line to line. */
const record = newRecord()

export const auditd: Source = {
  format: 'auditd',
  title: 'Linux audit records (auditd)',
  assembles: true,
  detect(head) {
    const share = shareOfLines(head, (line) => readAuditRecord(record, line, 0, line.length))
    return share > 0.3 ? 0.6 + 0.35 * share : 0
  },
  ranges: (size, wanted) => lineRanges(size, Math.max(1, Math.min(wanted, Math.floor(size / MIN_RANGE)))),
  read: readLinuxLines,
}
