// Reads JSON records from an input: one a line, several a line, or the elements of a list with one element a line.
import type { SourceEvent } from '../../events/event.ts'
import { forEachLine } from '../framing.ts'
import type { ByteRange, Input, ReadOptions, Skip } from '../source.ts'
import { JsonEvent } from './json-event.ts'
import type { RecordShapes } from './record-shapes.ts'

const OPEN = 0x7b
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
  event.zoneOffset = options.zoneOffset ?? 0
  const skip = boundReasons(onSkip)
  let line = 0
  await forEachLine(
    input,
    range,
    (bytes, start, end, offset, length) => {
      line++
      event.bytes = bytes
      event.line = line
      readLine(shapes, event, bytes, start, end, offset, length, onEvent, skip)
    },
    skip,
  )
}

function readLine(
  shapes: RecordShapes,
  event: JsonEvent,
  bytes: Buffer,
  start: number,
  end: number,
  offset: number,
  length: number,
  onEvent: (event: SourceEvent) => void,
  onSkip: (skip: Skip) => void,
): void {
  const { scanner } = shapes
  // UTF-16 has other offsets than its UTF-8: then every record of the line points to the whole line.
  const wide = length !== end - start
  let at = start
  for (;;) {
    while (at < end && isBetween(bytes[at])) at++
    if (at >= end) return
    event.offset = wide ? offset : offset + at - start
    event.length = wide ? length : end - at
    const next = bytes[at] === OPEN ? scanner.scan(bytes, at, end) : -1
    if (next < 0) {
      const reason = bytes[at] === OPEN ? `broken JSON: ${scanner.problem}` : 'not JSON'
      onSkip({ reason, offset: event.offset, bytes: event.length })
      return
    }
    event.recordStart = at
    event.recordEnd = next
    if (!wide) event.length = next - at
    const refusal = shapes.place(event)
    if (refusal === undefined) onEvent(event)
    else onSkip({ reason: refusal, offset: event.offset, bytes: event.length })
    at = next
  }
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
