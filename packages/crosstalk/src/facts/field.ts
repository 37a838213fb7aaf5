// Reading fields of events: which slot once a shape, then bounded text an event.
import { ValueKind } from '@crosstalk/sigma/match'
import type { SourceEvent, SourceShape } from '../events/event.ts'
import type { FactBase } from './fact.ts'

/** Names, paths, addresses: what is longer is cut. */
export const MAX_NAME = 1024
/** Command lines, scripts and other free text: what is longer is cut, and says so. */
export const MAX_TEXT = 4096

export type Field = (event: SourceEvent) => string | undefined

const absent: Field = () => undefined

/** Text of at most `limit` characters; a cut one ends with `…`, never inside a surrogate pair. */
export function bounded(text: string, limit: number): string {
  if (text.length <= limit) return text
  const last = text.charCodeAt(limit - 2)
  return `${text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 2 : limit - 1)}…`
}

/**
 * The first of these names that the shape has, as slot or constant. The text is bounded; empty text and `-`, which Windows writes for
 * "none", are undefined.
 */
export function field(shape: SourceShape, names: readonly string[], limit: number = MAX_NAME): Field {
  for (const name of names) {
    const slot = shape.slot(name)
    if (slot >= 0) {
      return (event) => {
        const text = event.text(slot)
        return text === undefined || text === '' || text === '-' ? undefined : bounded(text, limit)
      }
    }
    const constant = shape.constant(name)
    if (constant !== undefined && constant !== '' && constant !== '-') {
      const text = bounded(constant, limit)
      return () => text
    }
  }
  return absent
}

/** Whether the shape has a field under any of these names. */
export const hasField = (shape: SourceShape, ...names: readonly string[]) =>
  names.some((name) => shape.slot(name) >= 0 || shape.constant(name) !== undefined)

/** Several fields at once, for `detail`: those that are there, under the names given here. */
export function detailFields(
  shape: SourceShape,
  names: readonly string[],
  limit: number = MAX_NAME,
): (event: SourceEvent) => Record<string, string> {
  const fields = names
    .filter((name) => hasField(shape, name))
    .map((name) => [name, field(shape, [name], limit)] as const)
  return (event) => {
    const detail: Record<string, string> = {}
    for (const [name, read] of fields) {
      const text = read(event)
      if (text !== undefined) detail[name] = text
    }
    return detail
  }
}

/** When, where, and the way back. `evidence.file` is 0: whoever runs the extractors knows which input it reads, and sets it. */
export function factBase(event: SourceEvent): FactBase {
  return {
    time: event.time,
    host: event.host,
    evidence: { file: 0, offset: event.offset, length: event.length, recordId: event.recordId },
  }
}

/** `endsWith` of a field; of one that is the same in all events of the shape it is decided here. */
export function endingOf(
  shape: SourceShape,
  name: string,
  endings: readonly string[],
): (event: SourceEvent) => boolean {
  const slot = shape.slot(name)
  if (slot >= 0) return (event) => endsWith(event, slot, endings)
  const constant = shape.constant(name)?.toLowerCase()
  const ends = constant !== undefined && endings.some((ending) => constant.endsWith(ending))
  return () => ends
}

/**
 * Whether a value ends with one of these, whatever the case: ASCII in lower case, without backslashes or quotes. Looks at bytes where there are any, so
 * that no string is made of the many values that do not.
 */
export function endsWith(event: SourceEvent, slot: number, endings: readonly string[]): boolean {
  if (slot < 0) return false
  const kind = event.kinds[slot]
  if (kind === ValueKind.Absent || kind === ValueKind.Null) return false
  if (kind === ValueKind.Other) {
    const text = event.text(slot)?.toLowerCase()
    return text !== undefined && endings.some((ending) => text.endsWith(ending))
  }
  const width = kind === ValueKind.Utf16 ? 2 : 1
  const { bytes } = event
  const start = event.starts[slot]
  const end = event.ends[slot]
  return endings.some((ending) => {
    for (let at = ending.length - 1, from = end - width; at >= 0; at--, from -= width) {
      if (from < start || (width === 2 && bytes[from + 1] !== 0)) return false
      const byte = bytes[from]
      const lower = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
      if (lower !== ending.charCodeAt(at)) return false
    }
    return true
  })
}
