// A plain JavaScript object as an event: for users of the package, and for tests. Nested fields have dotted names; a list of objects gives, besides itself, a list of values for each of their fields.
import { type EventShape, type EventView, type FieldValue, ValueKind } from '../event.ts'
import type { LogSource } from '../log-source.ts'

const MAX_DEPTH = 32
const MAX_SHAPES = 4096
const shapes = new Map<string, EventShape>()
const NO_BYTES = new Uint8Array(0)

/** The event of an object whose log sources are known. */
export function objectEvent(event: Readonly<Record<string, unknown>>, logSources: readonly LogSource[]): EventView {
  const flat = new Map<string, FieldValue>()
  flatten(event, '', flat, 0)
  const fields = [...flat.keys()]
  const values = [...flat.values()]
  return {
    shape: shapeOf(fields, logSources),
    bytes: NO_BYTES,
    kinds: Uint8Array.from(values, (value) => (value === null ? ValueKind.Null : ValueKind.Other)),
    starts: new Int32Array(values.length),
    ends: new Int32Array(values.length),
    value: (slot) => values[slot],
  }
}

function shapeOf(fields: readonly string[], logSources: readonly LogSource[]): EventShape {
  const key = JSON.stringify([fields, logSources])
  let shape = shapes.get(key)
  if (!shape) {
    if (shapes.size >= MAX_SHAPES) shapes.clear()
    shape = { fields, aliases: new Map(), logSources, constants: new Map() }
    shapes.set(key, shape)
  }
  return shape
}

function flatten(value: unknown, name: string, into: Map<string, FieldValue>, depth: number): void {
  if (depth > MAX_DEPTH) return
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return
  if (Array.isArray(value)) {
    into.set(name, value as FieldValue)
    for (const [field, each] of listFields(name, value, depth)) into.set(field, each)
    return
  }
  if (typeof value === 'object' && value !== null) {
    for (const [field, inner] of Object.entries(value))
      flatten(inner, name === '' ? field : `${name}.${field}`, into, depth + 1)
    return
  }
  into.set(name, value as FieldValue)
}

/** The fields of a list's objects, by their names below the list's: each has the values of all of the objects. */
export function listFields(name: string, list: readonly unknown[], depth = 0): Map<string, FieldValue> {
  const fields = new Map<string, FieldValue>()
  for (const one of list) {
    if (typeof one !== 'object' || one === null || Array.isArray(one)) continue
    const inner = new Map<string, FieldValue>()
    flatten(one, name, inner, depth + 1)
    for (const [field, each] of inner) append(fields, field, each)
  }
  return fields
}

function append(into: Map<string, FieldValue>, field: string, value: FieldValue): void {
  const known = into.get(field)
  const list = known === undefined ? [] : Array.isArray(known) ? known : [known]
  into.set(field, [...list, ...(Array.isArray(value) ? value : [value])] as FieldValue)
}
