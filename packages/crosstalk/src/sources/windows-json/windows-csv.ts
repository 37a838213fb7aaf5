// Windows events as CSV: EvtxECmd, Azure Monitor's and Velociraptor's exports. Their columns are the fields of the same tools' JSON.
import { detectCsv, readCsv } from '../csv/read-csv.ts'
import { RecordShapes } from '../json-lines/record-shapes.ts'
import type { Source } from '../source.ts'
import { findWindowsForm } from './windows-json.ts'

const shapes = new RecordShapes(findWindowsForm)

export const windowsCsv: Source = {
  format: 'windows-csv',
  title: 'Windows events as CSV (EvtxECmd, Azure Monitor, Velociraptor)',
  detect: (head) => detectCsv(head, findWindowsForm),
  read: (input, _range, options, onEvent, onSkip) => readCsv(shapes, input, options, onEvent, onSkip),
}
