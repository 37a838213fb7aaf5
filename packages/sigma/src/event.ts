// What the engine asks of an event. A source fills one EventView for every event of its stream and never makes
// an object of the event; the engine makes a string of a value only when a rule may need it.
import type { LogSource } from './log-source.ts'

/**
 * What stands in a slot of an event.
 *
 * The three text kinds name bytes of `EventView.bytes` from `starts[slot]` up to `ends[slot]`; nothing is decoded.
 * `Other` is a value that has no bytes of its own (a number, a SID, a date, a list, a nested object): the engine
 * asks `EventView.value(slot)` for it.
 */
export const ValueKind = {
  /** the event has no such field */
  Absent: 0,
  /** the field is there and null */
  Null: 1,
  /** UTF-8 bytes, no escapes */
  Utf8: 2,
  /** UTF-16LE bytes */
  Utf16: 3,
  /** the inside of a JSON string that has at least one backslash escape, UTF-8 */
  JsonEscaped: 4,
  /** anything else: ask value(slot) */
  Other: 5,
  /**
   * A number, truth value, GUID, SID or time: as Other, and its text is sure to have no letters but those of hexadecimal digits, `x`, `s`, `t`, `z` and of
   * `true` and `false`. Searches for words need not look at it.
   */
  Plain: 6,
} as const
export type ValueKind = (typeof ValueKind)[keyof typeof ValueKind]

/** A value as the engine compares it; numbers and booleans stay what they are. */
export type FieldValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly FieldValue[]
  | { readonly [name: string]: FieldValue }

/**
 * The form that many events share: which fields there are, in which slot each stands, and from which log sources
 * such an event is. A source interns its shapes: the same form is the same object, and the engine keeps its plans by
 * that identity. Number of shapes in a stream: tens to hundreds (bounded by the source).
 */
export interface EventShape {
  /** field names by slot. A name with dots (`winlog.event_data.Image`) is a nested field. */
  readonly fields: readonly string[]
  /** further names of slots: field taxonomy (`Image` for `NewProcessName`), and what a mapping adds. */
  readonly aliases: ReadonlyMap<string, number>
  /** every log source that this event satisfies: the most specific ones, e.g. {windows, process_creation} and {windows, sysmon}. */
  readonly logSources: readonly LogSource[]
  /** fields whose value is the same in all events of the shape and has no slot (Channel, EventID, Provider_Name …). */
  readonly constants: ReadonlyMap<string, string | number>
}

/** One event under the cursor. Valid until the source moves on. */
export interface EventView {
  shape: EventShape
  /** the buffer that `starts` and `ends` point into */
  bytes: Uint8Array
  /** by slot; at least `shape.fields.length` long */
  kinds: Uint8Array
  starts: Int32Array
  ends: Int32Array
  /**
   * Where the whole record lies in `bytes`, when it is JSON in UTF-8 that holds every value of the event: searches for words in any value look there first.
   */
  readonly recordStart?: number
  readonly recordEnd?: number
  /** false: no value of the record is written with a `\u` escape, nor made of a text that has one. Left out: unknown. */
  readonly hasUnicodeEscapes?: boolean
  /** The value in a slot, decoded; undefined when absent. The same whatever the kind: slow, but always right. */
  value(slot: number): FieldValue | undefined
  /**
   * The bytes of the whole event, for keyword searches over everything in it; keywords look at every string value.
   * A source whose slots hold every value leaves it out.
   */
  keywordSlots?(): Iterable<number>
}
