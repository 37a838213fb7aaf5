// Syslog: RFC 3164, RFC 5424, rsyslog's and journalctl's text. Audit records and Sysmon for Linux in it are read as what they are.
import type { Source } from '../source.ts'
import { readLinuxLines, shareOfLines } from './read-lines.ts'
import { parseSyslogHeader } from './syslog-header.ts'

const ANY_CLOCK = { zone: 0, latest: Date.UTC(2100, 0) }

export const syslog: Source = {
  format: 'syslog',
  title: 'Syslog (RFC 3164, RFC 5424, rsyslog)',
  assembles: true,
  detect(head) {
    // The host and the program are wanted too: a time at the start of a line is no syslog yet.
    const share = shareOfLines(head, (line) => {
      const header = parseSyslogHeader(line, 0, line.length, ANY_CLOCK)
      return header !== undefined && header.program !== ''
    })
    return share > 0.5 ? 0.35 + 0.35 * share : 0
  },
  read: (input, _range, options, onEvent, onSkip) => readLinuxLines(input, undefined, options, onEvent, onSkip),
}
