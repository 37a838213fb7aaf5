// The event of sources that decode a record into names and values before anybody asks (auditd, Zeek, CSV, tests). Sources whose
// bytes can be matched as they lie (EVTX, JSON lines) have an event of their own.
import { type FieldValue, ValueKind } from '@crosstalk/sigma/match'
import type { EventPointer, SourceEvent, SourceShape } from './event.ts'
import { valueText } from './value-text.ts'

const NO_BYTES = new Uint8Array(0)

/** One object, reused: `set` moves it to the next record. */
export class RecordEvent implements SourceEvent {
  shape!: SourceShape
  bytes: Uint8Array = NO_BYTES
  kinds: Uint8Array = new Uint8Array(0)
  starts: Int32Array = new Int32Array(0)
  ends: Int32Array = new Int32Array(0)
  file = ''
  offset = 0
  length = 0
  recordId = 0
  time = Number.NaN
  host = ''
  values: readonly (FieldValue | undefined)[] = []

  /** `values` by slot of `shape`; undefined is absent. `time` in microseconds since 1970 UTC. */
  set(
    shape: SourceShape,
    values: readonly (FieldValue | undefined)[],
    pointer: EventPointer,
    time: number,
    host: string,
  ): void {
    this.shape = shape
    this.values = values
    this.file = pointer.file
    this.offset = pointer.offset
    this.length = pointer.length
    this.recordId = pointer.recordId
    this.time = time
    this.host = host
    if (this.kinds.length < shape.fields.length) {
      this.kinds = new Uint8Array(shape.fields.length * 2)
      this.starts = new Int32Array(shape.fields.length * 2)
      this.ends = new Int32Array(shape.fields.length * 2)
    }
    for (let slot = 0; slot < shape.fields.length; slot++) {
      const value = values[slot]
      this.kinds[slot] = value === undefined ? ValueKind.Absent : value === null ? ValueKind.Null : ValueKind.Other
    }
  }

  value(slot: number): FieldValue | undefined {
    return this.values[slot]
  }

  text(slot: number): string | undefined {
    return valueText(this.values[slot])
  }

  toJson(): string {
    const object: Record<string, FieldValue> = {}
    for (const [name, value] of this.shape.constants) object[name] = value
    this.shape.fields.forEach((name, slot) => {
      const value = this.values[slot]
      if (value !== undefined) object[name] = value
    })
    return JSON.stringify(object, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
  }
}
