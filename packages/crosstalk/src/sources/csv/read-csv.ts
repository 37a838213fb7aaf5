// Reads CSV whose columns are those of records that a source knows as JSON: each record becomes one JSON object, so that the same forms,
// shapes and fields serve both. Empty cells are absent fields, since CSV can't tell the one from the other.
import type { SourceEvent } from '../../events/event.ts'
import { type FormFinder, layoutNames } from '../json-lines/form.ts'
import { JsonEvent } from '../json-lines/json-event.ts'
import type { RecordShapes } from '../json-lines/record-shapes.ts'
import type { Input, ReadOptions, Skip } from '../source.ts'
import { isUtf16 } from '../utf16.ts'
import { forEachCsvRecord, separatorOf, splitRecord } from './records.ts'

/** How sure it is that the head is CSV whose columns make a form: 0 or 0.9. */
export function detectCsv(head: Uint8Array, find: FormFinder): number {
  let columns = columnsOf.get(head)
  if (!columns) columnsOf.set(head, (columns = firstRecord(head)))
  return columns.length >= 3 && find(layoutNames(columns)) ? 0.9 : 0
}

/** by head: several sources ask */
const columnsOf = new WeakMap<Uint8Array, readonly string[]>()

function firstRecord(head: Uint8Array): readonly string[] {
  const text = new TextDecoder(isUtf16(head) ? 'utf-16le' : 'utf-8').decode(head)
  const line = Buffer.from(text.slice(0, text.search(/\r?\n|$/)))
  const names: string[] = []
  return splitRecord(line, 0, line.length, separatorOf(line, 0, line.length), names) ? names : []
}

export async function readCsv(
  shapes: RecordShapes,
  input: Input,
  options: ReadOptions,
  onEvent: (event: SourceEvent) => void,
  onSkip: (skip: Skip) => void,
): Promise<void> {
  const event = new JsonEvent()
  event.file = input.name
  event.zone = options.zone ?? 0
  let names: string[] | undefined
  await forEachCsvRecord(
    input,
    (values, offset, length) => {
      event.line++
      if (!names) {
        names = values.map((name) => name.trim())
        return
      }
      if (values.length > names.length) {
        onSkip({ reason: 'record with more values than columns', offset, bytes: length })
        return
      }
      const bytes = Buffer.from(`${asJson(names, values)}\n`)
      const end = shapes.scanner.scan(bytes, 0, bytes.length - 1)
      event.bytes = bytes
      event.recordStart = 0
      event.recordEnd = bytes.length - 1
      event.offset = offset
      event.length = length
      const refusal = end < 0 ? shapes.scanner.problem : shapes.place(event)
      if (refusal === undefined) onEvent(event)
      else onSkip({ reason: refusal, offset, bytes: length })
    },
    onSkip,
  )
}

function asJson(names: readonly string[], values: readonly string[]): string {
  let text = '{'
  for (let i = 0; i < values.length; i++) {
    if (values[i] === '') continue
    text += `${text.length > 1 ? ',' : ''}${JSON.stringify(names[i])}:${JSON.stringify(values[i])}`
  }
  return `${text}}`
}
