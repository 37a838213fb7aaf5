// Microsoft Defender XDR, advanced hunting: device tables exported as JSON (portal, API, streaming) or CSV.
import { detectCsv, readCsv } from '../csv/read-csv.ts'
import { lineRanges } from '../framing.ts'
import { detectRecords } from '../json-lines/detect.ts'
import { readJson } from '../json-lines/read-json.ts'
import { RecordShapes } from '../json-lines/record-shapes.ts'
import type { Source } from '../source.ts'
import { findDefenderForm } from './defender-form.ts'

const shapes = new RecordShapes(findDefenderForm)

export const defenderJson: Source = {
  format: 'defender-xdr-json',
  title: 'Microsoft Defender XDR advanced hunting, JSON',
  detect: (head) => detectRecords(head, findDefenderForm),
  ranges: lineRanges,
  read: (input, range, options, onEvent, onSkip) => readJson(shapes, input, range, options, onEvent, onSkip),
}

export const defenderCsv: Source = {
  format: 'defender-xdr-csv',
  title: 'Microsoft Defender XDR advanced hunting, CSV',
  detect: (head) => detectCsv(head, findDefenderForm),
  read: (input, _range, options, onEvent, onSkip) => readCsv(shapes, input, options, onEvent, onSkip),
}
