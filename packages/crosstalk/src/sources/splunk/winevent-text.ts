// Splunk's classic WinEventLog text as it lies in a file: events one after the other, each from its line with the time on. (splunk/attack_data publishes such logs.)
import { RecordEvent } from '../../events/record-event.ts'
import { DecodedShapes } from '../decoded-records.ts'
import { CLASSIC_START, readClassicText } from '../embedded/classic-text.ts'
import { forEachLine } from '../framing.ts'
import type { Source } from '../source.ts'
import { placeWindowsRecord } from '../windows-record.ts'

const shapes = new DecodedShapes()
/** A longer event is skipped, and counted. */
const MAX_EVENT = 4 * 1024 * 1024
const TIME_LINE = /^\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d{2}:\d{2}(?:\.\d{1,6})?(?: [AP]M)?$/

export const windowsEventText: Source = {
  format: 'windows-event-text',
  title: 'Windows events as text (Splunk WinEventLog)',
  detect(head) {
    const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 256)).toString('utf8')
    return CLASSIC_START.test(text.replace(/^[\ufeff\s]+/, '')) ? 0.9 : 0
  },
  async read(input, _range, options, onEvent, onSkip) {
    const event = new RecordEvent()
    let lines: string[] = []
    let start = 0
    let end = 0
    let size = 0
    let count = 0
    const finish = (): void => {
      const record = size > MAX_EVENT ? undefined : readClassicText(lines.join('\n'), Number.NaN, options.zone ?? 0)
      if (record) {
        count++
        const own = record.system.find(([name]) => name === 'EventRecordID')?.[1]
        const recordId = typeof own === 'number' ? own : count
        placeWindowsRecord(shapes, event, record, { file: input.name, offset: start, length: end - start, recordId })
        onEvent(event)
      } else if (end > start)
        onSkip({
          reason: size > MAX_EVENT ? 'event too long' : 'text that is no event',
          offset: start,
          bytes: end - start,
        })
      lines = []
      size = 0
    }
    await forEachLine(
      input,
      undefined,
      (bytes, from, to, offset, length) => {
        const blank = from === to
        if (!blank && to - from < 40 && TIME_LINE.test(bytes.toString('latin1', from, to))) {
          finish()
          start = offset
          end = offset
        } else if (size === 0 && !blank) start = offset
        size += to - from + 1
        if (size <= MAX_EVENT) lines.push(bytes.toString('utf8', from, to))
        if (!blank) end = offset + length
      },
      onSkip,
    )
    finish()
  },
}
