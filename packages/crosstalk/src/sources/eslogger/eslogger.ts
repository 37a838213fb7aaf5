// macOS Endpoint Security, as eslogger(1) writes it: JSON, a line an event.
import { lineRanges } from '../framing.ts'
import { detectRecords } from '../json-lines/detect.ts'
import { readJson } from '../json-lines/read-json.ts'
import { RecordShapes } from '../json-lines/record-shapes.ts'
import type { Source } from '../source.ts'
import { findEsloggerForm } from './eslogger-form.ts'

const shapes = new RecordShapes(findEsloggerForm)

export const eslogger: Source = {
  format: 'eslogger',
  title: 'macOS Endpoint Security (eslogger)',
  detect: (head) => detectRecords(head, findEsloggerForm),
  ranges: lineRanges,
  read: (input, range, options, onEvent, onSkip) => readJson(shapes, input, range, options, onEvent, onSkip),
}
