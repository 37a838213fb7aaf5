// A source whose records are JSON of some flavours: everything but the data is the same.
import { lineRanges } from './framing.ts'
import { detectRecords } from './json-lines/detect.ts'
import type { FormFinder } from './json-lines/form.ts'
import { readJson } from './json-lines/read-json.ts'
import { RecordShapes } from './json-lines/record-shapes.ts'
import { flavourFinder, type RecordFlavour } from './record-flavour.ts'
import type { Source } from './source.ts'

/** `find`: which records are its own, for readers that meet such records inside others. */
export interface JsonSource extends Source {
  readonly find: FormFinder
}

export function jsonSource(format: string, title: string, flavours: readonly RecordFlavour[]): JsonSource {
  const find = flavourFinder(flavours)
  const shapes = new RecordShapes(find)
  return {
    format,
    title,
    find,
    detect: (head) => detectRecords(head, find),
    ranges: lineRanges,
    read: (input, range, options, onEvent, onSkip) => readJson(shapes, input, range, options, onEvent, onSkip),
  }
}
