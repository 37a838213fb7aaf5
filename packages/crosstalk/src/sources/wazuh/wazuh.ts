// Wazuh's alerts.json and archives.json, and its indices: Windows events under data.win, everything else as the line that it was, in full_log
// (Wazuh documentation, "Event logging"; wazuh/wazuh, src/analysisd/decoders/winevtchannel.c).
import type { FieldValue } from '@crosstalk/sigma'
import { RecordEvent } from '../../events/record-event.ts'
import { DecodedShapes } from '../decoded-records.ts'
import { clockOf, takeRaw } from '../embedded/take-raw.ts'
import { detectRecords } from '../json-lines/detect.ts'
import { PlainRecord, plainForms } from '../json-lines/plain-form.ts'
import { readJson } from '../json-lines/read-json.ts'
import { RecordShapes } from '../json-lines/record-shapes.ts'
import type { Source } from '../source.ts'
import { LinuxMessages } from '../syslog/linux-messages.ts'
import { parseTime } from '../timestamps.ts'
import { placeWindowsRecord } from '../windows-record.ts'
import { windowsRecordOf } from './windows-event.ts'

const WINDOWS = 'wazuh windows'
const LINE = 'wazuh line'

const find = plainForms((has) => {
  if (has('data.win.system.eventID') || has('win.system.eventID')) return WINDOWS
  return has('full_log') && has('timestamp') && (has('agent.id') || has('manager.name')) ? LINE : undefined
})

const shapes = new RecordShapes(find)
const windowsShapes = new DecodedShapes()

export const wazuh: Source = {
  format: 'wazuh',
  title: 'Wazuh alerts and archives',
  assembles: true,
  detect: (head) => detectRecords(head, find),
  async read(input, _range, options, onEvent, onSkip) {
    const zone = options.zone ?? 0
    const messages = new LinuxMessages(input.name, onEvent, onSkip, zone)
    const clock = clockOf(zone)
    const event = new RecordEvent()
    await readJson(
      shapes,
      input,
      undefined,
      options,
      (json) => {
        const record = new PlainRecord(json)
        const { offset, length, recordId } = json
        const pointer = { file: input.name, offset, length, recordId }
        if (record.kind === WINDOWS) {
          const windows = windowsRecordOf(record)
          if (windows) {
            const own = windows.system.find(([name]) => name === 'EventRecordID')?.[1]
            placeWindowsRecord(windowsShapes, event, windows, {
              ...pointer,
              recordId: typeof own === 'number' ? own : recordId,
            })
            onEvent(event)
          } else onSkip({ reason: 'wazuh: a Windows event without its number', offset, bytes: length })
          return
        }
        takeRaw(messages, String(record.value('full_log')), pointer, lineSource(record), clock)
      },
      onSkip,
    )
    messages.flush()
  },
}

/** The manager's clock is that of the alert: it has year and zone, which lines may lack. */
function lineSource(record: PlainRecord): { time: number; host: string; program: string } {
  const time: FieldValue | undefined = record.value('timestamp')
  return {
    time: typeof time === 'string' ? parseTime(time, 0) : Number.NaN,
    host: record.text('predecoder.hostname', 'agent.name', 'manager.name'),
    program: record.text('predecoder.program_name'),
  }
}
