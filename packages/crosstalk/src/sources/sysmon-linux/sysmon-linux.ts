// Sysmon for Linux in syslog: a line an event, its XML behind syslog's header.
import type { Source } from '../source.ts'
import { readLinuxLines, shareOfLines } from '../syslog/read-lines.ts'

const EVENT = /<Event><System><Provider Name=["']Linux-Sysmon["']/

export const sysmonLinux: Source = {
  format: 'sysmon-linux',
  title: 'Sysmon for Linux in syslog',
  assembles: true,
  detect(head) {
    const share = shareOfLines(head, (line) => EVENT.test(line.toString('latin1')))
    return share > 0.3 ? 0.6 + 0.35 * share : 0
  },
  read: (input, _range, options, onEvent, onSkip) => readLinuxLines(input, undefined, options, onEvent, onSkip),
}
