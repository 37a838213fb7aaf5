// The event of a JSON record, as its bytes lie. Moved from record to record by read-json.ts.
import { type FieldValue, ValueKind } from '@crosstalk/sigma'
import type { SourceEvent, SourceShape } from '../../events/event.ts'
import type { RecordReaders } from './form.ts'
import { decodeValue, parseForgiving } from './value.ts'

export class JsonEvent implements SourceEvent {
  shape!: SourceShape
  bytes: Buffer = Buffer.alloc(0)
  kinds: Uint8Array = new Uint8Array(256)
  starts: Int32Array = new Int32Array(256)
  ends: Int32Array = new Int32Array(256)
  file = ''
  offset = 0
  length = 0
  /** minutes east of UTC of times without a zone */
  zoneOffset = 0
  /** the record's place in `bytes` */
  recordStart = 0
  recordEnd = 0
  line = 0
  readers!: RecordReaders

  get time(): number {
    return this.readers.time(this)
  }

  get host(): string {
    for (const slot of this.readers.host) {
      const text = this.text(slot)
      if (text) return text
    }
    return ''
  }

  get recordId(): number {
    for (const slot of this.readers.recordId) {
      const text = this.text(slot)
      if (text !== undefined && /^\d+$/.test(text)) return Number(text)
    }
    return this.line
  }

  value(slot: number): FieldValue | undefined {
    return decodeValue(this.bytes, this.kinds[slot] ?? ValueKind.Absent, this.starts[slot], this.ends[slot])
  }

  text(slot: number): string | undefined {
    const value = slot < 0 ? undefined : this.value(slot)
    if (value === undefined || value === null) return undefined
    return typeof value === 'object' ? JSON.stringify(value) : String(value)
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
