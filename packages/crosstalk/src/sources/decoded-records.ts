// Shapes for sources that decode a record into names and values (XML, CSV). Records of one class share one shape, which is replaced by a wider
// one when a new field comes.
import type { FieldValue, LogSource } from '@crosstalk/sigma'
import type { EventPointer, SourceShape } from '../events/event.ts'
import type { RecordEvent } from '../events/record-event.ts'
import { makeShape } from '../events/shape.ts'

export type NamedValue = readonly [name: string, value: FieldValue]

/** What all records of a class have in common. */
export interface DecodedClass {
  readonly channel: string
  readonly eventId: number | string
  readonly provider: string
  readonly logSources: readonly LogSource[]
  readonly constants: ReadonlyMap<string, string | number>
  /** further name → the field's own name */
  readonly aliases: Readonly<Record<string, string>>
}

interface KnownClass {
  readonly parts: DecodedClass
  slots: Map<string, number>
  shape: SourceShape
}

/** A class with more fields starts anew with those of the record at hand. */
const MAX_FIELDS = 600
/** With more classes everything starts anew: only hostile input has as many. */
const MAX_CLASSES = 3_000

/** One for each source: shapes are told apart by identity, so all its inputs share them. */
export class DecodedShapes {
  readonly #classes = new Map<string, KnownClass>()

  /**
   * Moves the event to a record. `key` names its class; `parts` is called when the class is new. Of two fields of one name, both are kept, as a
   * list. `time` in microseconds since 1970 UTC.
   */
  place(
    event: RecordEvent,
    key: string,
    parts: () => DecodedClass,
    fields: readonly NamedValue[],
    pointer: EventPointer,
    time: number,
    host: string,
  ): void {
    const known = this.#classes.get(key) ?? this.#add(key, parts())
    let values = placed(known, fields)
    if (!values) {
      widen(known, fields)
      values = placed(known, fields)!
    }
    event.set(known.shape, values, pointer, time, host)
  }

  #add(key: string, parts: DecodedClass): KnownClass {
    if (this.#classes.size >= MAX_CLASSES) this.#classes.clear()
    const made: KnownClass = { parts, slots: new Map(), shape: shapeOf(parts, []) }
    this.#classes.set(key, made)
    return made
  }
}

/** Values by slot; undefined when the shape lacks a field. Fields that are constants have no slot. */
function placed(known: KnownClass, fields: readonly NamedValue[]): (FieldValue | undefined)[] | undefined {
  const values: (FieldValue | undefined)[] = new Array(known.slots.size).fill(undefined)
  for (const [name, value] of fields) {
    const slot = known.slots.get(name)
    if (slot === undefined) {
      if (known.parts.constants.has(name)) continue
      return undefined
    }
    const before = values[slot]
    values[slot] = before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value]
  }
  return values
}

function widen(known: KnownClass, fields: readonly NamedValue[]): void {
  if (known.slots.size + fields.length > MAX_FIELDS) known.slots = new Map()
  for (const [name] of fields)
    if (!known.slots.has(name) && !known.parts.constants.has(name)) known.slots.set(name, known.slots.size)
  known.shape = shapeOf(known.parts, [...known.slots.keys()])
}

/** Defender's fields have blanks in their names (`New Value`); rules write them without. */
export const withoutBlanks = (name: string): string => name.replaceAll(' ', '')

function shapeOf(parts: DecodedClass, fields: readonly string[]): SourceShape {
  const aliases = new Map<string, number>()
  for (const [alias, name] of Object.entries(parts.aliases)) {
    const slot = fields.indexOf(name)
    if (slot >= 0 && !fields.includes(alias) && !parts.constants.has(alias)) aliases.set(alias, slot)
  }
  fields.forEach((name, slot) => {
    const joined = withoutBlanks(name)
    if (joined !== name && !fields.includes(joined) && !aliases.has(joined)) aliases.set(joined, slot)
  })
  return makeShape({ ...parts, fields, aliases })
}
