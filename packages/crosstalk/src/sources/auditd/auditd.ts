// auditd's own log: a record a line, those of one event interleaved with others'. Every record is an event, and a system call that starts, connects, creates or talks is
// one more, made of all its records.

import type { Source } from '../source.ts'
import { readLinuxLines, shareOfLines } from '../syslog/read-lines.ts'
import { newRecord, readAuditRecord } from './audit-record.ts'

export const auditd: Source = {
  format: 'auditd',
  title: 'Linux audit records (auditd)',
  assembles: true,
  detect(head) {
    const record = newRecord()
    const share = shareOfLines(head, (line) => readAuditRecord(record, line, 0, line.length))
    return share > 0.3 ? 0.6 + 0.35 * share : 0
  },
  read: (input, _range, options, onEvent, onSkip) => readLinuxLines(input, options, onEvent, onSkip),
}
