// The event of one audit record, as its bytes lie. Records of one type share a shape, which is replaced by a wider one when a new field comes.
import { type FieldValue, ValueKind } from '@crosstalk/sigma/match'
import type { SourceEvent, SourceShape } from '../../events/event.ts'
import { makeShape } from '../../events/shape.ts'
import type { AuditRecord } from './audit-record.ts'
import { hexText, isHex, isTextField, parseSocketAddress, type SocketAddress } from './audit-values.ts'
import { syscallName } from './syscalls.ts'

/** Fields that are made of others, by the names that `ausearch -i` and the enriched log give them. */
const DERIVED = ['SYSCALL', 'saddr_fam', 'path', 'laddr', 'lport'] as const
type Derived = (typeof DERIVED)[number]

/** stands for the start of a value that has no bytes */
const DERIVED_VALUE = -1
const MAX_CLASS_FIELDS = 4_200
const MAX_TYPES = 1_000
/** an event type with more orders of its fields than that starts anew */
const MAX_LAYOUTS = 2_000

/** Which names records have in which order, and where they go. */
interface Layout {
  readonly names: Buffer
  readonly lengths: Int32Array
  readonly keys: readonly string[]
  slots: Int32Array
  /** the shape that `slots` are of */
  shape: SourceShape | undefined
}

interface AuditType {
  readonly type: string
  readonly slots: Map<string, number>
  shape: SourceShape
  /** by slot: 1 where text may be encoded */
  encoded: Uint8Array
  /** the slots of derived fields; one that auditd writes itself where it enriches is derived where it does not */
  derived: Map<number, Derived>
  layouts: Map<string, Layout>
  last: Layout | undefined
}

const types = new Map<string, AuditType>()

function typeOf(type: string): AuditType {
  const known = types.get(type)
  if (known) return known
  if (types.size >= MAX_TYPES) types.clear()
  const made: AuditType = {
    type,
    slots: new Map(),
    shape: shapeOf(type, []),
    encoded: new Uint8Array(0),
    derived: new Map(),
    layouts: new Map(),
    last: undefined,
  }
  types.set(type, made)
  return made
}

const shapeOf = (type: string, fields: readonly string[]): SourceShape =>
  makeShape({
    fields,
    logSources: [{ product: 'linux', service: 'auditd' }],
    constants: new Map([['type', type]]),
    channel: 'auditd',
    eventId: type,
    provider: 'auditd',
  })

function widen(of: AuditType, keys: readonly string[]): void {
  if (of.slots.size + keys.length > MAX_CLASS_FIELDS) of.slots.clear()
  for (const key of keys) if (!of.slots.has(key)) of.slots.set(key, of.slots.size)
  const fields = [...of.slots.keys()]
  const further = derivedOf(of.type).filter((name) => !of.slots.has(name))
  of.derived = new Map(
    derivedOf(of.type).map((name) => [of.slots.get(name) ?? fields.length + further.indexOf(name), name]),
  )
  of.shape = shapeOf(of.type, [...fields, ...further])
  of.encoded = Uint8Array.from(fields, (name) => (isTextField(of.type, name.replace(/#\d+$/, '')) ? 1 : 0))
}

const derivedOf = (type: string): readonly Derived[] =>
  type === 'SYSCALL' || type === 'SECCOMP' ? ['SYSCALL'] : type === 'SOCKADDR' ? DERIVED.slice(1) : []

export class AuditEvent implements SourceEvent {
  shape!: SourceShape
  bytes: Buffer = Buffer.alloc(0)
  kinds: Uint8Array = new Uint8Array(0)
  starts: Int32Array = new Int32Array(0)
  ends: Int32Array = new Int32Array(0)
  file = ''
  offset = 0
  length = 0
  recordId = 0
  time = Number.NaN
  host = ''
  #of!: AuditType
  #saddr: SocketAddress | undefined

  /** Moves to a record of `bytes`. */
  set(record: AuditRecord, bytes: Buffer): void {
    const of = typeOf(record.type)
    const layout = layoutOf(of, record, bytes)
    if (layout.shape !== of.shape) arrange(of, layout)
    this.#of = of
    this.shape = of.shape
    this.bytes = bytes
    this.time = record.time
    this.recordId = record.serial
    this.#saddr = undefined
    const total = of.shape.fields.length
    if (this.kinds.length < total) {
      this.kinds = new Uint8Array(total * 2)
      this.starts = new Int32Array(total * 2)
      this.ends = new Int32Array(total * 2)
    }
    const { kinds, starts, ends } = this
    kinds.fill(ValueKind.Absent, 0, total)
    const { slots } = layout
    for (let at = 0; at < slots.length; at++) {
      const slot = slots[at]
      const start = record.starts[at]
      const end = record.ends[at]
      starts[slot] = start
      ends[slot] = end
      kinds[slot] =
        of.encoded[slot] === 1 && record.quoted[at] === 0 && isHex(bytes, start, end) ? ValueKind.Other : ValueKind.Utf8
    }
    if (of.derived.size > 0) this.#derive(of)
  }

  #derive(of: AuditType): void {
    for (const [slot, name] of of.derived) {
      if (this.kinds[slot] !== ValueKind.Absent || this.#derived(name) === undefined) continue
      this.kinds[slot] = ValueKind.Other
      this.starts[slot] = DERIVED_VALUE
    }
  }

  #derived(name: Derived): FieldValue | undefined {
    if (name === 'SYSCALL') {
      const call = this.#own('syscall')
      return call === undefined ? undefined : syscallName(this.#own('arch') ?? '', call)
    }
    this.#saddr ??= parseSocketAddress(this.#own('saddr') ?? '')
    const address = this.#saddr
    if (!address) return undefined
    if (name === 'saddr_fam') return address.family
    if (name === 'path') return address.path || undefined
    return name === 'laddr' ? address.address : address.port
  }

  /** The text of a field as it was written. */
  #own(name: string): string | undefined {
    const slot = this.#of.slots.get(name)
    if (slot === undefined || this.kinds[slot] === ValueKind.Absent) return undefined
    return this.bytes.toString('latin1', this.starts[slot], this.ends[slot])
  }

  value(slot: number): FieldValue | undefined {
    const kind = slot < 0 ? ValueKind.Absent : this.kinds[slot]
    if (kind === ValueKind.Absent || kind === undefined || slot >= this.shape.fields.length) return undefined
    if (this.starts[slot] === DERIVED_VALUE) return this.#derived(this.#of.derived.get(slot)!)
    const text = this.bytes.toString('utf8', this.starts[slot], this.ends[slot])
    if (kind !== ValueKind.Other) return text
    return hexText(text, this.shape.fields[slot] === 'key' ? ',' : ' ')
  }

  text(slot: number): string | undefined {
    const value = this.value(slot)
    return value === undefined || value === null ? undefined : String(value)
  }

  toJson(): string {
    const object: Record<string, FieldValue> = { type: this.#of.type }
    if (this.host) object.node = this.host
    this.shape.fields.forEach((name, slot) => {
      const value = this.value(slot)
      if (value !== undefined) object[name] = value
    })
    return JSON.stringify(object)
  }
}

function layoutOf(of: AuditType, record: AuditRecord, bytes: Buffer): Layout {
  if (of.last && sameNames(of.last, record, bytes)) return of.last
  const keys: string[] = []
  const parts: Uint8Array[] = []
  for (let at = 0; at < record.count; at++) {
    parts.push(bytes.subarray(record.nameStarts[at], record.nameEnds[at]))
    keys.push(parts[at].length > 128 ? `${at}` : Buffer.from(parts[at]).toString('latin1'))
  }
  const id = keys.join('=')
  let layout = of.layouts.get(id)
  if (!layout) {
    if (of.layouts.size >= MAX_LAYOUTS) of.layouts.clear()
    layout = {
      names: Buffer.concat(parts),
      lengths: Int32Array.from(parts, (part) => part.length),
      keys: distinct(keys),
      slots: new Int32Array(0),
      shape: undefined,
    }
    of.layouts.set(id, layout)
  }
  of.last = layout
  return layout
}

function sameNames(layout: Layout, record: AuditRecord, bytes: Buffer): boolean {
  const { lengths, names } = layout
  if (lengths.length !== record.count) return false
  for (let at = 0, from = 0; at < lengths.length; at++) {
    const start = record.nameStarts[at]
    const length = lengths[at]
    if (record.nameEnds[at] - start !== length) return false
    for (let i = 0; i < length; i++) if (bytes[start + i] !== names[from + i]) return false
    from += length
  }
  return true
}

/** Of two fields of one name, the second is told apart by a number. `type` is the record's own, so a field of that name is too. */
function distinct(keys: readonly string[]): string[] {
  const times = new Map<string, number>([['type', 1]])
  return keys.map((key) => {
    const before = times.get(key) ?? 0
    times.set(key, before + 1)
    return before === 0 ? key : `${key}#${before + 1}`
  })
}

function arrange(of: AuditType, layout: Layout): void {
  if (layout.keys.some((key) => !of.slots.has(key))) widen(of, layout.keys)
  layout.slots = Int32Array.from(layout.keys, (key) => of.slots.get(key)!)
  layout.shape = of.shape
}
