// Laurel's audit log: one JSON object an audit event (threathunters-io/laurel, man/laurel-about.7.md). Its records become auditd's again, so that rules, and channels, see the same.
import { detectRecords } from '../json-lines/detect.ts'
import { readJson } from '../json-lines/read-json.ts'
import { RecordShapes } from '../json-lines/record-shapes.ts'
import type { Source } from '../source.ts'
import { LinuxMessages } from '../syslog/linux-messages.ts'
import { findLaurel, takeLaurel } from './take-event.ts'

const shapes = new RecordShapes(findLaurel)

export const laurel: Source = {
  format: 'laurel',
  title: 'Linux audit events by Laurel',
  assembles: true,
  detect: (head) => detectRecords(head, findLaurel),
  async read(input, _range, options, onEvent, onSkip) {
    const messages = new LinuxMessages(input.name, onEvent, onSkip, options.zone)
    await readJson(
      shapes,
      input,
      undefined,
      options,
      (json) => {
        const { offset, length } = json
        if (!takeLaurel(json, messages, ''))
          onSkip({ reason: 'laurel: an event whose id is none', offset, bytes: length })
        // All that belongs to the event stood in its object.
        messages.completeEvents()
      },
      onSkip,
    )
  },
}
