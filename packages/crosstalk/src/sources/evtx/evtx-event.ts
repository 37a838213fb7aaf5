// An EVTX record as an event: values stay where they lie in the chunk; nothing is decoded until somebody asks.
import { type EvtxRecord, type JsonOutput, ValueType } from '@crosstalk/evtx'
import { type FieldValue, ValueKind } from '@crosstalk/sigma/match'
import type { SourceEvent, SourceShape } from '../../events/event.ts'
import { parseTime } from '../timestamps.ts'
import { type EvtxShape, headerText, type ShapeCache } from './layout-shapes.ts'

/** BinXml value type → what the matcher may do with it. Strings are UTF-16; what is left out is asked for by `value`. */
const KINDS = new Uint8Array(256).fill(ValueKind.Other)
KINDS[ValueType.Null] = ValueKind.Null
KINDS[ValueType.String] = ValueKind.Utf16
KINDS[ValueType.BinXml] = ValueKind.Absent
for (const type of [
  ValueType.Int8,
  ValueType.UInt8,
  ValueType.Int16,
  ValueType.UInt16,
  ValueType.Int32,
  ValueType.UInt32,
  ValueType.Int64,
  ValueType.UInt64,
  ValueType.Bool,
  ValueType.Guid,
  ValueType.SizeT,
  ValueType.FileTime,
  ValueType.SysTime,
  ValueType.Sid,
  ValueType.HexInt32,
  ValueType.HexInt64,
])
  KINDS[type] = ValueKind.Plain

/** FILETIME (100 ns since 1601-01-01 UTC) of 1970-01-01, high and low word. */
const EPOCH_HIGH = 27_111_902
const EPOCH_LOW = 3_577_643_008

export class EvtxEvent implements SourceEvent {
  shape!: SourceShape
  readonly bytes: Uint8Array
  kinds: Uint8Array = new Uint8Array(0)
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly file: string
  readonly #record: EvtxRecord
  readonly #shapes: ShapeCache
  #current!: EvtxShape
  #computerBytes = new Uint8Array(0)
  #computer = ''

  constructor(file: string, record: EvtxRecord, shapes: ShapeCache) {
    this.file = file
    this.#record = record
    this.#shapes = shapes
    this.bytes = record.bytes
    this.starts = record.starts
    this.ends = record.ends
  }

  /** Follows the record to where it stands now. */
  move(): void {
    const record = this.#record
    const current = this.#shapes.of(record)
    this.#current = current
    this.shape = current.shape
    const { slots } = current
    const length = current.shape.fields.length
    if (this.kinds.length < length) this.kinds = new Uint8Array(length * 2)
    const { kinds } = this
    const { types } = record
    for (let slot = 0; slot < slots; slot++) kinds[slot] = KINDS[types[slot]]
    for (let slot = slots; slot < length; slot++) kinds[slot] = ValueKind.Other
  }

  get offset(): number {
    return this.#record.offset
  }

  get length(): number {
    return this.#record.length
  }

  get recordId(): number {
    const slot = this.#current.recordId
    if (slot < 0) return this.#record.recordId
    const value = Number(this.#record.value(slot))
    return Number.isFinite(value) ? value : this.#record.recordId
  }

  /** TimeCreated, or the time in the record's header where the event has none. */
  get time(): number {
    const record = this.#record
    const slot = this.#current.time
    if (slot < 0) return record.written
    if (record.types[slot] === ValueType.FileTime) {
      const { bytes } = record
      const at = record.starts[slot]
      const low = bytes[at] + bytes[at + 1] * 0x100 + bytes[at + 2] * 0x10000 + bytes[at + 3] * 0x1000000
      const high = bytes[at + 4] + bytes[at + 5] * 0x100 + bytes[at + 6] * 0x10000 + bytes[at + 7] * 0x1000000
      // In two steps: a FILETIME itself is larger than what a number holds exactly.
      const shifted = high - EPOCH_HIGH
      const tens = Math.floor(shifted / 10)
      return tens * 4_294_967_296 + Math.floor(((shifted - tens * 10) * 4_294_967_296 + low - EPOCH_LOW) / 10)
    }
    const parsed = parseTime(record.text(slot), 0)
    return Number.isNaN(parsed) ? record.written : parsed
  }

  get host(): string {
    const record = this.#record
    const { slot } = this.#current.computer
    if (slot < 0) return headerText(record, this.#current.computer)
    const start = record.starts[slot]
    const known = this.#computerBytes
    if (record.ends[slot] - start === known.length) {
      let at = 0
      while (at < known.length && record.bytes[start + at] === known[at]) at++
      if (at === known.length) return this.#computer
    }
    this.#computerBytes = record.bytes.slice(start, record.ends[slot])
    this.#computer = record.text(slot)
    return this.#computer
  }

  value(slot: number): FieldValue | undefined {
    const { slots, virtual } = this.#current
    if (slot < 0) return undefined
    if (slot >= slots) {
      const { from, make } = virtual[slot - slots]
      if (make) return make(from.map((one) => this.text(one)))
      return from.filter((one) => this.kinds[one] !== ValueKind.Null).map((one) => this.#record.text(one))
    }
    const kind = this.kinds[slot]
    if (kind === ValueKind.Absent) return undefined
    if (kind === ValueKind.Null) return null
    const type = this.#record.types[slot]
    if (type === ValueType.String) return this.#wholeText(slot)
    const value = this.#record.value(slot)
    if (Array.isArray(value)) return value.map(String)
    return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
      ? value
      : this.#record.text(slot)
  }

  text(slot: number): string | undefined {
    if (slot < 0) return undefined
    const { slots, virtual } = this.#current
    if (slot >= slots) {
      const { from, make } = virtual[slot - slots]
      return make ? make(from.map((one) => this.text(one))) : from.map((one) => this.#record.text(one)).join(' ')
    }
    const kind = this.kinds[slot]
    if (kind === ValueKind.Absent || kind === ValueKind.Null) return undefined
    return kind === ValueKind.Utf16 ? this.#wholeText(slot) : this.#record.text(slot)
  }

  /** A string ends at its first NUL; but its bytes, which rules are looked for in, may go on. What is hidden there from other tools is told with the rest. */
  #wholeText(slot: number): string {
    const text = this.#record.text(slot)
    const [start, end] = [this.starts[slot], this.ends[slot]]
    return text.length * 2 === end - start ? text : Buffer.from(this.bytes.subarray(start, end)).toString('utf16le')
  }

  toJson(): string {
    return this.#record.toJson()
  }

  writeJson(out: JsonOutput): void {
    this.#record.writeJson(out)
  }
}
