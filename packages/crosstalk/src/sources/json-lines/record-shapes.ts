// From layouts to shapes. Records of one kind (one class: form, channel, event id, provider) share one shape whatever the order of their
// keys and whichever optional fields they lack; a class's shape is replaced by a wider one when a new field comes. So plans are few.
import { type FieldValue, listFields, ValueKind } from '@crosstalk/sigma/match'
import { makeShape } from '../../events/shape.ts'
import { LISTS } from './documents.ts'
import { type FormFinder, layoutNames, type RecordForm } from './form.ts'
import type { JsonEvent } from './json-event.ts'
import type { JsonLayout } from './layout.ts'
import { JsonScanner } from './scan.ts'
import { MAX_CLASS_FIELDS, SEPARATOR, type ShapeClass, widen } from './shape-class.ts'
import { decodeValue } from './value.ts'

/** With more classes everything starts anew: only hostile input has as many. */
const MAX_CLASSES = 3_000
/** lists whose elements are the records, where the object that holds them is of no form itself */
const LIST_NAMES = [...LISTS, ...[...LISTS].flatMap((name) => [`hits.${name}`, `data.${name}`])]

const OPEN_LIST = 0x5b
const NO_LISTS: readonly { start: number; end: number }[] = []

/** Records of one layout and one class: at which slot each position's value goes, -1 for nowhere. */
interface Placement {
  readonly kinds: Uint8Array
  readonly decisive: readonly Buffer[]
  readonly of: ShapeClass | undefined
  /** the version of the class that `slots` are of, 0 for none yet; a number, so that no shape of the past is kept */
  version: number
  slots: Int32Array
}

/** What is known of a layout. */
interface LayoutBinding {
  readonly form: RecordForm | undefined
  readonly positions: Int32Array
  /** by position: the key of its slot */
  readonly keys: readonly string[]
  readonly placements: Map<number, Placement[]>
  last: Placement | undefined
  /** positions of lists whose elements are records */
  readonly lists: readonly number[]
}

/** Why a record is no event. */
export type Refusal = string

/** What one source remembers of JSON records, over all its inputs in this thread. */
export class RecordShapes {
  readonly scanner: JsonScanner = new JsonScanner()
  readonly #find: FormFinder
  readonly #classes = new Map<string, ShapeClass>()

  constructor(find: FormFinder) {
    this.#find = find
  }

  /** Moves the event to the record that the scanner has just scanned; or says why it is none. */
  place(event: JsonEvent): Refusal | undefined {
    const { scanner } = this
    const layout = scanner.layout
    const binding = (layout.binding as LayoutBinding | undefined) ?? this.#bind(layout)
    if (!binding.form) return unknownForm(layout)
    const placement = this.#placement(event.bytes, layout, binding)
    const of = placement.of
    if (!of) return `${binding.form.name}: a record that is no event`
    if (placement.version !== of.version) this.#arrange(placement, layout, binding.keys, of)
    const { shape, extras } = of
    const total = shape.fields.length
    const count = total - extras.length - of.unpacked.size
    if (event.kinds.length < total) event.reserve(total)
    event.shape = shape
    event.readers = of.readers
    event.extras = extras
    event.firstExtra = count
    event.listed = undefined
    // What is made of other values may have been packed twice, escapes and all.
    event.hasUnicodeEscapes = extras.length > 0 || of.record.unpack ? undefined : scanner.hasUnicodeEscapes
    const { kinds, starts, ends } = event
    kinds.fill(ValueKind.Absent, 0, total)
    const { kinds: fromKinds, starts: fromStarts, ends: fromEnds } = scanner
    const { slots } = placement
    for (let position = 0; position < slots.length; position++) {
      const slot = slots[position]
      if (slot < 0) continue
      kinds[slot] = fromKinds[position]
      starts[slot] = fromStarts[position]
      ends[slot] = fromEnds[position]
    }
    for (let i = 0; i < extras.length; i++) kinds[count + i] = extraKind(kinds, extras[i].slots)
    if (of.record.unpack) {
      const fields = of.record.unpack((name) => event.value(of.slots.get(name) ?? -1))
      return this.#unpack(event, of, fields) ? this.place(event) : undefined
    }
    if (scanner.hasListedObjects && this.#unpack(event, of, withoutSlot(event, of, listedFields(event, count))))
      return this.place(event)
    of.readers.observe?.(event)
    return undefined
  }

  /** Gives the shape's last slots their values: what other values hold, by name. True when the shape got more of them: the event is to be placed anew. */
  #unpack(event: JsonEvent, of: ShapeClass, fields: readonly (readonly [name: string, value: FieldValue])[]): boolean {
    if (fields.some(([name]) => !of.unpacked.has(name))) {
      if (of.unpacked.size + fields.length > MAX_CLASS_FIELDS) of.unpacked.clear()
      for (const [name] of fields) if (!of.unpacked.has(name)) of.unpacked.set(name, of.unpacked.size)
      widen(of, new Map())
      return true
    }
    const values: (FieldValue | undefined)[] = new Array(of.unpacked.size).fill(undefined)
    for (const [name, value] of fields) {
      const index = of.unpacked.get(name)!
      const before = values[index]
      // Two of one name: the field is a list.
      values[index] = before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value]
    }
    event.unpacked = values
    const first = event.firstExtra + event.extras.length
    values.forEach((value, i) => {
      event.kinds[first + i] =
        value === undefined ? ValueKind.Absent : value === null ? ValueKind.Null : ValueKind.Other
    })
    return false
  }

  /** Lists of records inside the record just scanned, when it is of no form itself: start and end of each, in the scanned bytes. */
  lists(): readonly { start: number; end: number }[] {
    const { layout, kinds, starts, ends } = this.scanner
    const binding = (layout.binding as LayoutBinding | undefined) ?? this.#bind(layout)
    if (binding.lists.length === 0) return NO_LISTS
    return binding.lists
      .filter((position) => kinds[position] === ValueKind.Other)
      .map((position) => ({ start: starts[position], end: ends[position] }))
  }

  #bind(layout: JsonLayout): LayoutBinding {
    const byName = new Map<string, number>()
    layout.names.forEach((name, position) => {
      const other = byName.get(name)
      const shallower = other === undefined || layout.paths[position].length <= layout.paths[other].length
      if (layout.alive[position] && shallower) byName.set(name, position)
    })
    const form = this.#find(layoutNames([...byName.keys()]))
    const binding: LayoutBinding = {
      form,
      positions: Int32Array.from(form?.decisive ?? [], (name) => byName.get(name) ?? -1),
      keys: layout.names.map((name, position) =>
        byName.get(name) === position ? name : layout.paths[position].join(SEPARATOR),
      ),
      placements: new Map(),
      last: undefined,
      lists: form ? [] : LIST_NAMES.flatMap((name) => byName.get(name) ?? []),
    }
    layout.binding = binding
    return binding
  }

  #placement(bytes: Buffer, layout: JsonLayout, binding: LayoutBinding): Placement {
    if (binding.last !== undefined && this.#sameDecisive(bytes, binding.positions, binding.last)) return binding.last
    const hash = this.#hash(bytes, binding.positions)
    const candidates = binding.placements.get(hash) ?? []
    let found = candidates.find((one) => this.#sameDecisive(bytes, binding.positions, one))
    if (!found) {
      found = this.#newPlacement(bytes, layout, binding)
      if (binding.placements.size > MAX_CLASSES) binding.placements.clear()
      binding.placements.set(hash, [...candidates, found])
    }
    binding.last = found
    return found
  }

  #sameDecisive(bytes: Buffer, positions: Int32Array, placement: Placement): boolean {
    const { kinds, starts, ends } = this.scanner
    for (let i = 0; i < positions.length; i++) {
      const position = positions[i]
      if (position < 0) continue
      if (kinds[position] !== placement.kinds[i]) return false
      const expected = placement.decisive[i]
      const start = starts[position]
      const length = ends[position] - start
      if (length !== expected.length) return false
      for (let j = 0; j < length; j++) if (bytes[start + j] !== expected[j]) return false
    }
    return true
  }

  #hash(bytes: Buffer, positions: Int32Array): number {
    const { starts, ends } = this.scanner
    let hash = 0
    for (let i = 0; i < positions.length; i++) {
      const position = positions[i]
      if (position < 0) continue
      for (let at = starts[position]; at < ends[position]; at++) hash = (Math.imul(hash, 31) + bytes[at]) | 0
      hash = (Math.imul(hash, 31) + 7) | 0
    }
    return hash
  }

  #newPlacement(bytes: Buffer, layout: JsonLayout, binding: LayoutBinding): Placement {
    const { kinds, starts, ends } = this.scanner
    const positions = [...binding.positions]
    const form = binding.form as RecordForm
    const values = positions.map((position) =>
      position < 0 ? undefined : decodeValue(bytes, kinds[position], starts[position], ends[position]),
    )
    return {
      kinds: Uint8Array.from(positions, (position) => (position < 0 ? 0 : kinds[position])),
      decisive: positions.map((position) =>
        position < 0 ? Buffer.alloc(0) : Buffer.from(bytes.subarray(starts[position], ends[position])),
      ),
      of: this.#classOf(form, values, layout, binding.keys),
      version: 0,
      slots: new Int32Array(0),
    }
  }

  #classOf(
    form: RecordForm,
    values: readonly (FieldValue | undefined)[],
    layout: JsonLayout,
    keys: readonly string[],
  ): ShapeClass | undefined {
    const key = JSON.stringify([form.name, form.decisive, values])
    const known = this.#classes.get(key)
    if (known) return known
    const record = form.classify(values)
    if (!record) return undefined
    const constants = new Map(record.constants)
    const decided = new Set<string>()
    form.decisive.forEach((name, i) => {
      const value = values[i]
      if (typeof value !== 'string' && typeof value !== 'number') return
      constants.set(name, value)
      decided.add(name)
    })
    const made: ShapeClass = {
      record,
      constants,
      decided,
      paths: new Map(),
      slots: new Map(),
      shape: makeShape({ fields: [], logSources: [], channel: '', eventId: '' }),
      version: 0,
      readers: { time: () => Number.NaN, host: [], recordId: [] },
      extras: [],
      unpacked: new Map(),
    }
    widen(made, slotPaths(made, layout, keys))
    if (this.#classes.size >= MAX_CLASSES) this.#classes.clear()
    this.#classes.set(key, made)
    return made
  }

  #arrange(placement: Placement, layout: JsonLayout, keys: readonly string[], of: ShapeClass): void {
    const paths = slotPaths(of, layout, keys)
    if ([...paths.keys()].some((key) => !of.slots.has(key))) widen(of, paths)
    placement.version = of.version
    placement.slots = Int32Array.from(keys, (key, position) =>
      layout.alive[position] ? (of.slots.get(key) ?? -1) : -1,
    )
  }
}

/** The fields of objects that stand in lists, of the first `count` slots; no more names than a class has room for. */
function listedFields(event: JsonEvent, count: number): [name: string, value: FieldValue][] {
  const found: [string, FieldValue][] = []
  const { fields } = event.shape
  for (let slot = 0; slot < count; slot++) {
    if (event.kinds[slot] !== ValueKind.Other || event.bytes[event.starts[slot]] !== OPEN_LIST) continue
    for (const entry of listFields(fields[slot], event.value(slot) as readonly FieldValue[]))
      if (found.length < MAX_CLASS_FIELDS / 2) found.push(entry)
  }
  return found
}

/** Gives fields that the class has a slot for their values; the others are what is left. */
function withoutSlot(
  event: JsonEvent,
  of: ShapeClass,
  fields: readonly [name: string, value: FieldValue][],
): readonly [name: string, value: FieldValue][] {
  const listed = new Map<number, FieldValue>()
  for (const [name, value] of fields) {
    const slot = of.slots.get(name)
    if (slot !== undefined && event.kinds[slot] === ValueKind.Absent) listed.set(slot, value)
  }
  if (listed.size === 0) return fields
  for (const slot of listed.keys()) event.kinds[slot] = ValueKind.Other
  event.listed = listed
  return fields.filter(([name]) => !listed.has(of.slots.get(name) ?? -1))
}

/** The paths of a layout that take a slot, by key: all that count, without the constants. */
function slotPaths(of: ShapeClass, layout: JsonLayout, keys: readonly string[]): Map<string, readonly string[]> {
  const paths = new Map<string, readonly string[]>()
  layout.paths.forEach((path, position) => {
    if (layout.alive[position] && !of.decided.has(layout.names[position])) paths.set(keys[position], path)
  })
  return paths
}

function extraKind(kinds: Uint8Array, slots: readonly number[]): number {
  for (const slot of slots) if (slot >= 0 && kinds[slot] !== ValueKind.Absent) return ValueKind.Other
  return ValueKind.Absent
}

function unknownForm(layout: JsonLayout): Refusal {
  const keys = [...new Set(layout.paths.map((path) => path[0]))]
  const shown = keys
    .slice(0, 6)
    .map((key) => key.slice(0, 40))
    .join(', ')
  return `JSON of no known form (keys: ${shown}${keys.length > 6 ? ' …' : ''})`
}
