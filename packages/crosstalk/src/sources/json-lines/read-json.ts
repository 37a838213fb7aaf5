// Reads JSON records from an input: one a line, several a line, the elements of a list, or of a list inside an object.
import type { SourceEvent } from '../../events/event.ts'
import { readHead } from '../containers/read-bytes.ts'
import { forEachLine } from '../framing.ts'
import type { ByteRange, Input, ReadOptions, Skip } from '../source.ts'
import { isUtf16 } from '../utf16.ts'
import { forEachDocumentRecord } from './documents.ts'
import { headScanner } from './head-records.ts'
import { JsonEvent } from './json-event.ts'
import type { RecordShapes } from './record-shapes.ts'
import { CUT_OFF } from './scan.ts'

const OPEN = 0x7b
const LINE_FEED = 0x0a
/** so much of the start tells lines from documents */
const HEAD = 64 * 1024
/** so many different reasons are told apart in one input */
const MAX_REASONS = 50

/**
 * Hands on every record that starts in the range, in order. `shapes` are those of the source, shared by all its inputs; `event` is the one
 * that is handed on, when the source has set something in it.
 */
export async function readJson(
  shapes: RecordShapes,
  input: Input,
  range: ByteRange | undefined,
  options: ReadOptions,
  onEvent: (event: SourceEvent) => void,
  onSkip: (skip: Skip) => void,
  event: JsonEvent = new JsonEvent(),
): Promise<void> {
  event.file = input.name
  event.zone = options.zone ?? 0
  const skip = boundReasons(onSkip)
  const { head } = await readHead(input, HEAD)
  const wide = isUtf16(head)
  if (isDocument(head)) {
    // Only its start tells what a document's brackets mean, so one reader takes it all.
    if (range && range.start > 0) return
    await forEachDocumentRecord(
      input,
      wide,
      (bytes, start, end, offset, length) => {
        event.bytes = bytes
        event.line++
        readRecords(
          shapes,
          event,
          start,
          end,
          { offset, length, shift: wide ? undefined : offset - start },
          onEvent,
          skip,
        )
      },
      skip,
    )
    return
  }
  const { scanner } = shapes
  const buffer = scanner.takeBuffer()
  try {
    await forEachLine(
      input,
      range,
      (bytes, start, end, offset, length) => {
        event.bytes = bytes
        event.line++
        scanner.beginLine(bytes, start, end)
        // UTF-16 has other offsets than its UTF-8: then every record of the line points to the whole line.
        const shift = wide ? undefined : offset - start
        readRecords(shapes, event, start, end, { offset, length, shift }, onEvent, skip)
      },
      skip,
      undefined,
      buffer,
    )
  } finally {
    if (buffer) scanner.giveBuffer()
  }
}

/** Where a piece of text stands in the input; `shift` is added to offsets in the buffer, undefined when they can't be told apart. */
interface Place {
  readonly offset: number
  readonly length: number
  readonly shift: number | undefined
}

/** The records of one line, or the one of a document. */
function readRecords(
  shapes: RecordShapes,
  event: JsonEvent,
  start: number,
  end: number,
  place: Place,
  onEvent: (event: SourceEvent) => void,
  onSkip: (skip: Skip) => void,
): void {
  const { bytes } = event
  const { scanner } = shapes
  let at = start
  for (;;) {
    while (at < end && isBetween(bytes[at])) at++
    if (at >= end) return
    const next = bytes[at] === OPEN ? scanner.scan(bytes, at, end) : -1
    point(event, place, at, next < 0 ? end : next)
    if (next < 0) {
      const reason = bytes[at] === OPEN ? `broken JSON: ${scanner.problem}` : 'not JSON'
      onSkip({ reason, offset: event.offset, bytes: event.length })
      return
    }
    const lists = shapes.lists()
    if (lists.length > 0)
      for (const list of lists) readRecords(shapes, event, list.start, list.end, place, onEvent, onSkip)
    else {
      const refusal = shapes.place(event)
      if (refusal === undefined) onEvent(event)
      else onSkip({ reason: refusal, offset: event.offset, bytes: event.length })
    }
    at = next
  }
}

function point(event: JsonEvent, place: Place, start: number, end: number): void {
  event.recordStart = start
  event.recordEnd = end
  event.offset = place.shift === undefined ? place.offset : start + place.shift
  event.length = place.shift === undefined ? place.length : end - start
}

/** Whether the input is JSON but no lines: its first record does not end with its line, and the next line is no record of its own. */
function isDocument(head: Buffer): boolean {
  const text = isUtf16(head) ? Buffer.from(new TextDecoder('utf-16le').decode(head)) : head
  let indent = -1
  for (let at = 0; at < text.length; ) {
    const feed = text.indexOf(LINE_FEED, at)
    const end = feed < 0 ? text.length : feed
    let first = at
    while (first < end && (isBetween(text[first]) || text[first] >= 0xbb)) first++
    if (text[first] === OPEN && first < end) {
      // A line longer than the head may be anything: documents hold their memory bounds whatever comes.
      if (feed < 0) return indent < 0
      if (headScanner.scan(text, first, end) >= 0) return indent >= 0 && first - at > indent
      if (indent >= 0 || headScanner.problem !== CUT_OFF) return indent >= 0
      indent = first - at
    }
    at = end + 1
  }
  return indent >= 0
}

/** White space, commas and the brackets of a list around records. */
const isBetween = (byte: number): boolean =>
  byte === 0x20 || byte === 0x2c || byte === 0x09 || byte === 0x0d || byte === 0x5b || byte === 0x5d

function boundReasons(onSkip: (skip: Skip) => void): (skip: Skip) => void {
  const seen = new Set<string>()
  return (skip) => {
    if (!seen.has(skip.reason)) {
      if (seen.size >= MAX_REASONS) {
        onSkip({ ...skip, reason: 'JSON of other unknown forms' })
        return
      }
      seen.add(skip.reason)
    }
    onSkip(skip)
  }
}
