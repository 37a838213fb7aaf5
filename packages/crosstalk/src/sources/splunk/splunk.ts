// Events as Splunk keeps them, exported from a search as JSON (a line a result, or a list `results`) or CSV, and HTTP Event Collector's JSON: `_raw` (`event`) holds the event whole, and
// is read as what it is (Splunk documentation, "Export search results"; "Format events for HTTP Event Collector").

import type { SourceEvent } from '../../events/event.ts'
import { forEachCsvRecord, separatorOf, splitRecord } from '../csv/records.ts'
import { clockOf, takeRaw } from '../embedded/take-raw.ts'
import { detectRecords } from '../json-lines/detect.ts'
import { PlainRecord, plainForms } from '../json-lines/plain-form.ts'
import { readJson } from '../json-lines/read-json.ts'
import { RecordShapes } from '../json-lines/record-shapes.ts'
import type { Zone } from '../local-zone.ts'
import type { Skip, Source } from '../source.ts'
import { LinuxMessages } from '../syslog/linux-messages.ts'
import { parseTime } from '../timestamps.ts'
import { isUtf16 } from '../utf16.ts'

const find = plainForms((has) => {
  if (has('_raw') && (has('_time') || has('sourcetype') || has('source'))) return 'splunk result'
  const isHec = has('sourcetype') && (has('time') || has('host')) && (has('event') || has('event.'))
  return isHec ? 'splunk hec' : undefined
})

const shapes = new RecordShapes(find)

export const splunkJson: Source = {
  format: 'splunk-json',
  title: 'Splunk search results as JSON',
  assembles: true,
  detect: (head) => detectRecords(head, find),
  async read(input, _range, options, onEvent, onSkip) {
    const results = new Results(input.name, options.zone ?? 0, onEvent, onSkip)
    const take = (json: SourceEvent): void => {
      const record = new PlainRecord(json)
      const said = (...names: string[]): string => record.text(...names)
      results.take(said('_raw', 'event') || eventObject(record), json, said('_time', 'time'), said('host'))
    }
    await readJson(shapes, input, undefined, options, take, onSkip)
    results.flush()
  },
}

export const splunkCsv: Source = {
  format: 'splunk-csv',
  title: 'Splunk search results as CSV',
  assembles: true,
  detect: (head) => (headerOf(head).includes('_raw') ? 0.9 : 0),
  async read(input, _range, options, onEvent, onSkip) {
    const results = new Results(input.name, options.zone ?? 0, onEvent, onSkip)
    let names: string[] | undefined
    let row = 0
    await forEachCsvRecord(
      input,
      (values, offset, length) => {
        if (names === undefined) {
          names = values.map((name) => name.trim())
          return
        }
        const value = (name: string): string => values[names?.indexOf(name) ?? -1] ?? ''
        results.take(value('_raw'), { offset, length, recordId: ++row }, value('_time'), value('host'))
      },
      onSkip,
    )
    results.flush()
  },
}

/** The Event Collector takes an object for an event, too. */
function eventObject(record: PlainRecord): string {
  const { event } = record.kind === 'splunk hec' ? record.object() : {}
  return typeof event === 'object' && event !== null ? JSON.stringify(event) : ''
}

function headerOf(head: Uint8Array): string[] {
  const text = new TextDecoder(isUtf16(head) ? 'utf-16le' : 'utf-8').decode(head)
  const line = Buffer.from(text.slice(0, text.search(/\r?\n|$/)))
  const names: string[] = []
  if (!splitRecord(line, 0, line.length, separatorOf(line, 0, line.length), names) || names.length < 2) return []
  return names.map((name) => name.trim())
}

/** What the results of one input become. */
class Results {
  readonly #file: string
  readonly #messages: LinuxMessages
  readonly #clock: ReturnType<typeof clockOf>
  readonly #onSkip: (skip: Skip) => void

  constructor(file: string, zone: Zone, onEvent: (event: SourceEvent) => void, onSkip: (skip: Skip) => void) {
    this.#file = file
    this.#messages = new LinuxMessages(file, onEvent, onSkip, zone)
    this.#clock = clockOf(zone)
    this.#onSkip = onSkip
  }

  take(
    raw: string,
    { offset, length, recordId }: { offset: number; length: number; recordId: number },
    time: string,
    host: string,
  ): void {
    if (raw === '') this.#onSkip({ reason: 'splunk: a result without the event itself (_raw)', offset, bytes: length })
    else {
      const known = { time: parseTime(time, this.#clock.zone), host }
      takeRaw(this.#messages, raw, { file: this.#file, offset, length, recordId }, known, this.#clock)
    }
  }

  flush(): void {
    this.#messages.flush()
  }
}
