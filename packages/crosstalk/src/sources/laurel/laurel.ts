// Laurel's audit log: one JSON object an audit event (threathunters-io/laurel, man/laurel-about.7.md). Its records become auditd's again, so that rules, and channels, see the same.
import { RECORD_TYPES } from '../auditd/record-types.ts'
import { detectRecords } from '../json-lines/detect.ts'
import { PlainRecord, plainForms } from '../json-lines/plain-form.ts'
import { readJson } from '../json-lines/read-json.ts'
import { RecordShapes } from '../json-lines/record-shapes.ts'
import type { Source } from '../source.ts'
import { LinuxMessages } from '../syslog/linux-messages.ts'
import { auditRecordsOf, parentOf } from './audit-records.ts'

const find = plainForms((has) =>
  has('ID') && RECORD_TYPES.some((type) => has(type) || has(`${type}.`)) ? 'laurel' : undefined,
)

const shapes = new RecordShapes(find)

export const laurel: Source = {
  format: 'laurel',
  title: 'Linux audit events by Laurel',
  assembles: true,
  detect: (head) => detectRecords(head, find),
  async read(input, _range, options, onEvent, onSkip) {
    const messages = new LinuxMessages(input.name, onEvent, onSkip, options.zone)
    await readJson(
      shapes,
      input,
      undefined,
      options,
      (json) => {
        const { offset, length } = json
        const event = new PlainRecord(json).object()
        const records = auditRecordsOf(event)
        if (records.length === 0) onSkip({ reason: 'laurel: an event whose id is none', offset, bytes: length })
        const node = typeof event.NODE === 'string' ? event.NODE : ''
        const parent = parentOf(event)
        if (parent) messages.knowProcess(node, parent.pid, parent.image, offset)
        for (const record of records) {
          const bytes = Buffer.from(`${record}\n`)
          messages.takeAudit(bytes, 0, bytes.length - 1, offset, length, '')
        }
        // All that belongs to the event stood in its object.
        messages.completeEvents()
      },
      onSkip,
    )
  },
}
