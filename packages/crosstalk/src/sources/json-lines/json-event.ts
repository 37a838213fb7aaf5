// The event of a JSON record, as its bytes lie. Moved from record to record by read-json.ts.
import { type FieldValue, ValueKind } from '@crosstalk/sigma/match'
import type { SourceEvent, SourceShape } from '../../events/event.ts'
import { valueText } from '../../events/value-text.ts'
import type { Zone } from '../local-zone.ts'
import type { ExtraField, RecordReaders } from './form.ts'
import { decodeValue, parseForgiving } from './value.ts'

/** An extra field of a shape: the slots of the fields that it is made of. */
export interface BoundExtra {
  readonly field: ExtraField
  readonly slots: readonly number[]
}

export class JsonEvent implements SourceEvent {
  shape!: SourceShape
  bytes: Buffer = Buffer.alloc(0)
  kinds: Uint8Array = new Uint8Array(0)
  starts: Int32Array = new Int32Array(0)
  ends: Int32Array = new Int32Array(0)
  file = ''
  offset = 0
  length = 0
  /** of times that name none */
  zone: Zone = 0
  /** microseconds to add to times that the stream's own events prove to be local though they are marked as UTC */
  clockShift = 0
  /** the record's place in `bytes` */
  recordStart = 0
  recordEnd = 0
  /** undefined: unknown */
  hasUnicodeEscapes: boolean | undefined = undefined
  line = 0
  /** the host of records that name none */
  fallbackHost = ''
  readers!: RecordReaders
  /** slots behind those of the record's own fields */
  extras: readonly BoundExtra[] = []
  firstExtra = 0
  /** values of the last slots: what was unpacked from other fields */
  unpacked: readonly (FieldValue | undefined)[] = []
  /** by slot: values of fields that other records have nested, and this one in the objects of a list */
  listed: ReadonlyMap<number, FieldValue> | undefined = undefined

  get time(): number {
    return this.readers.time(this)
  }

  get host(): string {
    for (const slot of this.readers.host) {
      const text = this.text(slot)
      if (text) return text
    }
    return this.fallbackHost
  }

  get recordId(): number {
    for (const slot of this.readers.recordId) {
      const text = this.text(slot)
      if (text !== undefined && /^\d+$/.test(text)) return Number(text)
    }
    return this.line
  }

  value(slot: number): FieldValue | undefined {
    if (slot >= this.firstExtra && this.kinds[slot] !== ValueKind.Absent) return this.#extra(slot - this.firstExtra)
    if (this.listed?.has(slot)) return this.listed.get(slot)
    return decodeValue(this.bytes, this.kinds[slot] ?? ValueKind.Absent, this.starts[slot], this.ends[slot])
  }

  #extra(index: number): FieldValue | undefined {
    if (index >= this.extras.length) return this.unpacked[index - this.extras.length]
    const { field, slots } = this.extras[index]
    return field.make(slots.map((slot) => (slot < 0 ? undefined : this.value(slot))))
  }

  text(slot: number): string | undefined {
    return slot < 0 ? undefined : valueText(this.value(slot))
  }

  toJson(): string {
    const text = this.bytes.toString('utf8', this.recordStart, this.recordEnd)
    // As it was written, unless that is more than one line or no strict JSON.
    if (!/[\u0000-\u001f]/.test(text)) return text
    return JSON.stringify(parseForgiving(text))
  }

  /** Room for a shape's slots. */
  reserve(slots: number): void {
    if (slots <= this.kinds.length) return
    this.kinds = new Uint8Array(slots * 2)
    this.starts = new Int32Array(slots * 2)
    this.ends = new Int32Array(slots * 2)
  }
}
