// Writes event logs: valid ones, with headers, checksums, name tables and templates, the same bytes for the same events. For samples and
// tests; a log of real size is not what it is for, as the whole file is made in memory.
import { crc32 } from './crc32.ts'
import { EvtxError } from './damage.ts'
import { CHUNK_BYTES, CHUNK_HEADER_BYTES, FILE_HEADER_BYTES, RECORD_MAGIC, ValueType } from './format.ts'
import { microsecondsToFileTime } from './time.ts'
import {
  eventDataInstance,
  type Instance,
  type Piece,
  SystemSlot,
  systemTemplate,
  type TemplateElement,
  type UserDataElement,
  userDataInstance,
} from './writer-template.ts'
import { type InputValue, typed, typeOfValue, utf16Bytes, valueBytes } from './writer-values.ts'

/** The rest of an event's System section. */
export interface SystemInput {
  readonly version?: number
  /** 0 log always, 1 critical, 2 error, 3 warning, 4 information (default), 5 verbose */
  readonly level?: number
  readonly task?: number
  readonly opcode?: number
  /** default 0x8000000000000000 */
  readonly keywords?: string | number | bigint
  readonly qualifiers?: number
  readonly processId?: number
  readonly threadId?: number
  readonly activityId?: string
  readonly relatedActivityId?: string
  /** SID */
  readonly userId?: string
}

/** An event to be written. */
export interface EventInput extends SystemInput {
  readonly provider: string
  readonly providerGuid?: string
  readonly eventId: number
  readonly channel: string
  readonly computer: string
  /** microseconds since 1970-01-01 UTC, or a date, or what `Date` reads */
  readonly time: number | Date | string
  /** default: one more than the last event's */
  readonly recordId?: number
  /** the same as the fields beside it, which these precede */
  readonly system?: SystemInput
  readonly eventData?: Readonly<Record<string, InputValue>> | readonly InputValue[]
  readonly userData?: UserDataElement
}

/** The log that holds the events, in their order. Throws an EvtxError (`bad-input`) for what no log can hold. */
export function writeEvtx(events: Iterable<EventInput>): Uint8Array {
  const chunks: Uint8Array[] = []
  let builder = new ChunkBuilder(1)
  let number = 0
  let recordId = 0
  for (const event of events) {
    number++
    recordId = event.recordId ?? recordId + 1
    if (!Number.isSafeInteger(recordId) || recordId < 0)
      throw new EvtxError('bad-input', `${recordId} is no record number`)
    if (!builder.add(event, recordId)) {
      if (builder.records > 0) chunks.push(builder.finish())
      builder = new ChunkBuilder(number)
      if (!builder.add(event, recordId)) throw new EvtxError('bad-input', `event ${number} is larger than a chunk`)
    }
  }
  if (builder.records > 0 || chunks.length === 0) chunks.push(builder.finish())
  const file = new Uint8Array(FILE_HEADER_BYTES + chunks.length * CHUNK_BYTES)
  writeFileHeader(file, chunks.length, number + 1)
  chunks.forEach((chunk, i) => {
    file.set(chunk, FILE_HEADER_BYTES + i * CHUNK_BYTES)
  })
  return file
}

function writeFileHeader(file: Uint8Array, chunks: number, nextRecord: number): void {
  const view = new DataView(file.buffer)
  file.set(new TextEncoder().encode('ElfFile\0'))
  view.setBigUint64(16, BigInt(chunks - 1), true)
  view.setBigUint64(24, BigInt(nextRecord), true)
  view.setUint32(32, 128, true)
  view.setUint16(36, 1, true)
  view.setUint16(38, 3, true)
  view.setUint16(40, FILE_HEADER_BYTES, true)
  view.setUint16(42, Math.min(chunks, 0xffff), true)
  view.setUint32(124, crc32(file.subarray(0, 120)), true)
}

function microseconds(time: number | Date | string): number {
  const value = typeof time === 'number' ? time : (typeof time === 'string' ? new Date(time) : time).getTime() * 1000
  if (!Number.isFinite(value)) throw new EvtxError('bad-input', `${String(time)} is no time`)
  return Math.round(value)
}

/** The event as an instance of its System template. */
function eventInstance(event: EventInput, recordId: number): Instance {
  const system: SystemInput = { ...event, ...event.system }
  const values: (InputValue | Instance)[] = new Array(SystemSlot.Data + 1).fill(null)
  values[SystemSlot.Level] = typed('uint8', system.level ?? 4)
  values[SystemSlot.Opcode] = typed('uint8', system.opcode ?? 0)
  values[SystemSlot.Task] = typed('uint16', system.task ?? 0)
  values[SystemSlot.EventID] = typed('uint16', event.eventId)
  if (system.qualifiers !== undefined) values[SystemSlot.Qualifiers] = typed('uint16', system.qualifiers)
  values[SystemSlot.Keywords] = typed('hex64', system.keywords ?? '0x8000000000000000')
  values[SystemSlot.TimeCreated] = typed('filetime', microseconds(event.time))
  if (system.activityId) values[SystemSlot.ActivityID] = typed('guid', system.activityId)
  if (system.relatedActivityId) values[SystemSlot.RelatedActivityID] = typed('guid', system.relatedActivityId)
  values[SystemSlot.ProcessID] = typed('uint32', system.processId ?? 4)
  values[SystemSlot.ThreadID] = typed('uint32', system.threadId ?? 0)
  values[SystemSlot.EventRecordID] = typed('uint64', recordId)
  values[SystemSlot.Version] = typed('uint8', system.version ?? 0)
  if (system.userId) values[SystemSlot.UserID] = typed('sid', system.userId)
  if (event.userData) values[SystemSlot.Data] = userDataInstance(event.userData)
  else if (event.eventData) values[SystemSlot.Data] = eventDataInstance(event.eventData)
  return {
    template: systemTemplate(event.provider, event.providerGuid, event.channel, event.computer),
    values,
  }
}

function isInstance(value: InputValue | Instance): value is Instance {
  return typeof value === 'object' && value !== null && 'template' in value
}

/** The hash that chunks keep their names by. */
function nameHash(name: string): number {
  let hash = 0
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 65599) + name.charCodeAt(i)) | 0
  return hash & 0xffff
}

/** Sixteen bytes made from a template's key, which serve as its GUID. */
function templateGuid(key: string): Uint8Array {
  const guid = new Uint8Array(16)
  const view = new DataView(guid.buffer)
  for (let part = 0; part < 4; part++) {
    let hash = 0x811c9dc5 ^ (part * 0x9e3779b9)
    for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
    view.setUint32(part * 4, hash >>> 0, true)
  }
  return guid
}

const NAME_BUCKETS = 64
const TEMPLATE_BUCKETS = 32
/** room to write a record that will turn out too long */
const BUILD_BYTES = CHUNK_BYTES * 4

/** what ends the writing of a record that does not fit */
const FULL = Symbol('chunk is full')

class ChunkBuilder {
  records = 0
  readonly #bytes = new Uint8Array(BUILD_BYTES)
  readonly #view = new DataView(this.#bytes.buffer)
  #at = CHUNK_HEADER_BYTES
  #names = new Map<string, number>()
  #templates = new Map<string, number>()
  #nameBuckets = new Uint32Array(NAME_BUCKETS)
  #templateBuckets = new Uint32Array(TEMPLATE_BUCKETS)
  readonly #firstNumber: number
  #firstId = 0
  #lastId = 0
  #lastOffset = 0

  constructor(firstNumber: number) {
    this.#firstNumber = firstNumber
  }

  /** Adds an event; false, and as before, when it does not fit. */
  add(event: EventInput, recordId: number): boolean {
    const start = this.#at
    const before = [
      new Map(this.#names),
      new Map(this.#templates),
      this.#nameBuckets.slice(),
      this.#templateBuckets.slice(),
    ] as const
    try {
      this.#record(eventInstance(event, recordId), recordId, microseconds(event.time))
    } catch (error) {
      if (error !== FULL) throw error
      this.#bytes.fill(0, start)
      this.#at = start
      this.#names = before[0]
      this.#templates = before[1]
      this.#nameBuckets = before[2]
      this.#templateBuckets = before[3]
      return false
    }
    if (this.records === 0) this.#firstId = recordId
    this.#lastId = recordId
    this.#lastOffset = start
    this.records++
    return true
  }

  #record(instance: Instance, recordId: number, time: number): void {
    const start = this.#at
    const [low, high] = microsecondsToFileTime(time)
    this.#u32(RECORD_MAGIC)
    this.#u32(0)
    this.#u32(recordId % 0x100000000)
    this.#u32(Math.floor(recordId / 0x100000000))
    this.#u32(low)
    this.#u32(high)
    this.#fragment(instance)
    // Records are multiples of eight bytes; their size stands at both ends.
    this.#at = start + ((this.#at - start + 4 + 7) & ~7) - 4
    const size = this.#at + 4 - start
    this.#u32(size)
    this.#view.setUint32(start + 4, size, true)
    if (this.#at > CHUNK_BYTES) throw FULL
  }

  #room(bytes: number): void {
    if (this.#at + bytes > BUILD_BYTES) throw FULL
  }

  #u8(value: number): void {
    this.#room(1)
    this.#bytes[this.#at++] = value
  }

  #u16(value: number): void {
    this.#room(2)
    this.#view.setUint16(this.#at, value, true)
    this.#at += 2
  }

  #u32(value: number): void {
    this.#room(4)
    this.#view.setUint32(this.#at, value, true)
    this.#at += 4
  }

  #put(bytes: Uint8Array): void {
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
  }

  /** A fragment header, a template instance, and the end of the stream. */
  #fragment(instance: Instance): void {
    this.#put(Uint8Array.of(0x0f, 1, 1, 0, 0x0c, 1))
    const guid = templateGuid(instance.template.key)
    this.#put(guid.subarray(0, 4))
    this.#definition(instance, guid)
    this.#values(instance.values)
    this.#u8(0)
  }

  /** The offset of the template's definition, and the definition itself where it is used first. */
  #definition({ template }: Instance, guid: Uint8Array): void {
    const known = this.#templates.get(template.key)
    if (known !== undefined) {
      this.#u32(known)
      return
    }
    const offset = this.#at + 4
    const bucket = guid[0] % TEMPLATE_BUCKETS
    this.#templates.set(template.key, offset)
    this.#u32(offset)
    this.#u32(this.#templateBuckets[bucket])
    this.#templateBuckets[bucket] = offset
    this.#put(guid)
    const sizeAt = this.#at
    this.#u32(0)
    this.#put(Uint8Array.of(0x0f, 1, 1, 0))
    this.#element(template.root)
    this.#u8(0)
    this.#view.setUint32(sizeAt, this.#at - sizeAt - 4, true)
  }

  #values(values: readonly (InputValue | Instance)[]): void {
    this.#u32(values.length)
    const descriptors = this.#at
    for (const value of values) {
      this.#u16(0)
      this.#u8(isInstance(value) ? ValueType.BinXml : typeOfValue(value))
      this.#u8(0)
    }
    values.forEach((value, i) => {
      const start = this.#at
      if (isInstance(value)) this.#fragment(value)
      else this.#put(valueBytes(value))
      const size = this.#at - start
      if (size > 0xffff) throw FULL
      this.#view.setUint16(descriptors + i * 4, size, true)
    })
  }

  #element(element: TemplateElement): void {
    const attributes = element.attributes ?? []
    const isEmpty = element.content === undefined && !element.children?.length
    this.#u8(attributes.length ? 0x41 : 0x01)
    this.#u16(0xffff)
    const sizeAt = this.#at
    this.#u32(0)
    this.#name(element.name)
    if (attributes.length) this.#attributes(attributes)
    if (isEmpty) this.#u8(0x03)
    else {
      this.#u8(0x02)
      for (const child of element.children ?? []) this.#element(child)
      if (element.content !== undefined) this.#piece(element.content)
      this.#u8(0x04)
    }
    this.#view.setUint32(sizeAt, this.#at - sizeAt - 4, true)
  }

  #attributes(attributes: readonly (readonly [string, Piece])[]): void {
    const sizeAt = this.#at
    this.#u32(0)
    attributes.forEach(([name, value], i) => {
      this.#u8(i + 1 < attributes.length ? 0x46 : 0x06)
      this.#name(name)
      this.#piece(value)
    })
    this.#view.setUint32(sizeAt, this.#at - sizeAt - 4, true)
  }

  #piece(piece: Piece): void {
    if (typeof piece === 'string') {
      this.#u8(0x05)
      this.#u8(ValueType.String)
      this.#text(piece)
      return
    }
    this.#u8(piece.optional ? 0x0e : 0x0d)
    this.#u16(piece.slot)
    this.#u8(piece.type)
  }

  #text(text: string): void {
    if (text.length > 0xffff) throw FULL
    this.#u16(text.length)
    this.#put(utf16Bytes(text))
  }

  /** The offset of a name, and the name itself where it is used first. */
  #name(name: string): void {
    const known = this.#names.get(name)
    if (known !== undefined) {
      this.#u32(known)
      return
    }
    const offset = this.#at + 4
    const hash = nameHash(name)
    const bucket = hash % NAME_BUCKETS
    this.#names.set(name, offset)
    this.#u32(offset)
    this.#u32(this.#nameBuckets[bucket])
    this.#nameBuckets[bucket] = offset
    this.#u16(hash)
    this.#text(name)
    this.#u16(0)
  }

  /** The chunk's bytes, with its header. */
  finish(): Uint8Array {
    const chunk = this.#bytes.slice(0, CHUNK_BYTES)
    const view = new DataView(chunk.buffer)
    const lastNumber = this.#firstNumber + Math.max(0, this.records - 1)
    chunk.set(new TextEncoder().encode('ElfChnk\0'))
    view.setBigUint64(8, BigInt(this.#firstNumber), true)
    view.setBigUint64(16, BigInt(lastNumber), true)
    view.setBigUint64(24, BigInt(this.#firstId), true)
    view.setBigUint64(32, BigInt(this.#lastId), true)
    view.setUint32(40, 128, true)
    view.setUint32(44, this.#lastOffset, true)
    view.setUint32(48, this.#at, true)
    view.setUint32(52, crc32(chunk.subarray(CHUNK_HEADER_BYTES, this.#at)), true)
    this.#nameBuckets.forEach((offset, i) => {
      view.setUint32(128 + i * 4, offset, true)
    })
    this.#templateBuckets.forEach((offset, i) => {
      view.setUint32(384 + i * 4, offset, true)
    })
    view.setUint32(124, crc32(chunk.subarray(128, 512), crc32(chunk.subarray(0, 120))), true)
    return chunk
  }
}
