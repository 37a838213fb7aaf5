// One telemetry record under the cursor, whatever it was written as: the fields by Sigma's names, and the way back to its bytes.
import type { JsonOutput } from '@crosstalk/evtx'
import type { EventShape, EventView } from '@crosstalk/sigma'

/** The way back to an event's bytes. */
export interface EventPointer {
  /** the file as the user named it; inside an archive `archive.zip!inner/name.json` */
  file: string
  /** byte offset and length in the file (inside an archive: in the unpacked entry) */
  offset: number
  length: number
  /** the source's own record number (EventRecordID, RecordNumber, auditd serial), else the line */
  recordId: number
}

/**
 * What every source hands on. The source reuses one object for all its events: read what you need before you return.
 */
export interface SourceEvent extends EventView, EventPointer {
  shape: SourceShape
  /** microseconds since 1970-01-01T00:00:00Z; NaN when the event has no time that can be read */
  time: number
  /** the host that the event is about, as it was written ('' when unknown) */
  host: string
  /** The value in a slot as text, as Sigma compares it; undefined when absent or null. Slot -1 is undefined. */
  text(slot: number): string | undefined
  /** The original record, as JSON, one line, every field (what `dump` prints); made only when asked for. */
  toJson(): string
  /** The same, appended as bytes; for sources that can do it without making a string. */
  writeJson?(out: JsonOutput): void
}

/** An EventShape with what the product asks of it: a name for it, and slots by field name. */
export interface SourceShape extends EventShape {
  /** where such events come from, for people: the Windows channel, `auditd`, `zeek dce_rpc` … */
  readonly channel: string
  /** Windows event id, else the record type's own name */
  readonly eventId: number | string
  readonly provider: string
  /**
   * The slot of a field under its own name or an alias; -1 when the shape has no such field.
   * Constants have no slot: use `constant(name)`.
   */
  slot(name: string): number
  constant(name: string): string | undefined
  /** whether a log source that the shape satisfies has these parts */
  is(logSource: { product?: string; category?: string; service?: string }): boolean
}
