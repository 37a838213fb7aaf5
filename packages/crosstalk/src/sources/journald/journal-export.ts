// The systemd journal as `journalctl -o export` and systemd-journal-remote write it.
import type { NamedValue } from '../decoded-records.ts'
import type { Source } from '../source.ts'
import { journal } from '../syslog/json-carrier.ts'
import { LinuxMessages } from '../syslog/linux-messages.ts'
import { parseTime } from '../timestamps.ts'
import { forEachEntry } from './export-entries.ts'

/** What an entry begins with, whoever wrote it. */
const FIRST =
  /^(?:__CURSOR|__REALTIME_TIMESTAMP|__MONOTONIC_TIMESTAMP|__SEQNUM|_BOOT_ID|_TRANSPORT|MESSAGE|PRIORITY|SYSLOG_IDENTIFIER)[=\n]/
const FURTHER = /^(?:_[A-Z][A-Z0-9_]*|MESSAGE|PRIORITY|SYSLOG_[A-Z]+)=/m

const LINE_FEED = Buffer.from('\n')

export const journalExport: Source = {
  format: 'journal-export',
  title: 'systemd journal, export format',
  assembles: true,
  detect(head) {
    const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 8_192)).toString('latin1')
    if (!FIRST.test(text)) return 0
    return FURTHER.test(text.slice(text.indexOf('\n') + 1)) &&
      /(?:^|\n)MESSAGE[=\n]|(?:^|\n)__REALTIME_TIMESTAMP=/.test(text)
      ? 0.95
      : 0
  },
  async read(input, _range, options, onEvent, onSkip) {
    const messages = new LinuxMessages(input.name, onEvent, onSkip, options.zone)
    let count = 0
    await forEachEntry(
      input,
      (fields, offset, length) => {
        count++
        const byName = new Map(fields.map(([name, value]) => [name, value]))
        const text = (names: readonly string[]): string => {
          for (const name of names) {
            const value = byName.get(name)?.toString('utf8')
            if (value) return value
          }
          return ''
        }
        const message = byName.get(journal.message)
        if (message === undefined) {
          onSkip({ reason: 'journald: a record without a message', offset, bytes: length })
          return
        }
        const bytes = Buffer.concat([message, LINE_FEED])
        const number = (names: readonly string[]): number =>
          /^\d{1,3}$/.test(text(names)) ? Number(text(names)) : Number.NaN
        messages.take(
          bytes,
          0,
          message.length,
          { file: input.name, offset, length, recordId: count },
          {
            time: parseTime(text(journal.time), 0),
            host: text(journal.host),
            program: text(journal.program),
            pid: text(journal.pid),
            facility: number(journal.facility),
            severity: number(journal.severity),
            messageId: '',
            structuredData: '',
            auditSerial: text(journal.auditSerial ?? []),
            more: () => otherFields(fields),
          },
        )
      },
      onSkip,
    )
    messages.flush()
  },
}

const otherFields = (fields: readonly (readonly [name: string, value: Buffer])[]): NamedValue[] =>
  fields.flatMap(([name, value]): NamedValue[] => (name === journal.message ? [] : [[name, value.toString('utf8')]]))
