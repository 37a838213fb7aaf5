// A kind of records and its shape, which gets wider as records come with fields that those before had not.
import type { SourceShape } from '../../events/event.ts'
import { makeShape } from '../../events/shape.ts'
import type { ExtraField, RecordClass, RecordReaders } from './form.ts'
import type { BoundExtra } from './json-event.ts'

/** A class with more fields starts anew with those of the record at hand. */
export const MAX_CLASS_FIELDS = 600
/** After so many shapes a class keeps no fields of other records any more: only hostile input has new ones all the time, and each would cost as much as all before. */
const MAX_VERSIONS = 2_000

/** A kind of records, and the shape that they have for now. */
export interface ShapeClass {
  readonly record: RecordClass
  readonly constants: ReadonlyMap<string, string | number>
  /** names of decisive values that are constants: they take no slot */
  readonly decided: ReadonlySet<string>
  /** by the key of the slot */
  paths: ReadonlyMap<string, readonly string[]>
  slots: ReadonlyMap<string, number>
  shape: SourceShape
  /** counts the shapes that the class has had */
  version: number
  readers: RecordReaders
  extras: readonly BoundExtra[]
  /** names of unpacked fields, in the order of the shape's last slots */
  unpacked: Map<string, number>
}

/**
 * Between the keys of a path, for a field whose name a less nested one of the same record has too. Any other has its name: `{"a.b": 1}` and `{"a": {"b": 1}}` are the same field, whatever
 * record they stand in.
 */
export const SEPARATOR = '\u0000'

/** Gives the class a shape with these fields besides its own. Fields that lie less deep come first, so that their names win. */
export function widen(of: ShapeClass, more: ReadonlyMap<string, readonly string[]>): void {
  of.version++
  let all = [...new Map([...of.paths, ...more])]
  if (all.length > MAX_CLASS_FIELDS || of.version > MAX_VERSIONS) all = [...more]
  all.sort(([key, path], [other, than]) => isSecond(key) - isSecond(other) || path.length - than.length)
  of.paths = new Map(all)
  of.slots = new Map(all.map(([key], slot) => [key, slot]))
  const paths = all.map(([, path]) => path)
  const aliases = new Map<string, number>()
  paths.forEach((path, slot) => {
    for (const alias of of.record.aliases(path)) if (!aliases.has(alias)) aliases.set(alias, slot)
  })
  const fields = paths.map((path) => of.record.rename?.(path.join('.')) ?? path.join('.'))
  const constants = new Map(of.constants)
  for (const name of fields) constants.delete(name)
  for (const name of constants.keys()) aliases.delete(name)
  of.extras = boundExtras(of.record.extras ?? [], fields, aliases)
  for (const { field } of of.extras) fields.push(field.name)
  for (const name of of.unpacked.keys()) {
    fields.push(constants.has(name) ? `EventData.${name}` : name)
    aliases.delete(name)
  }
  distinct(fields)
  addUnpackedAliases(of, fields, aliases)
  const { channel, eventId, provider, logSources } = of.record
  of.shape = makeShape({
    fields,
    aliases,
    constants,
    logSources,
    channel,
    eventId,
    provider,
  })
  of.readers = of.record.bind(of.shape)
}

/** 1 for a field whose name another one of its record has. */
const isSecond = (key: string): number => Number(key.includes(SEPARATOR))

/** Unpacked fields have further names like any other. */
function addUnpackedAliases(of: ShapeClass, fields: readonly string[], aliases: Map<string, number>): void {
  for (const name of of.unpacked.keys()) {
    const slot = fields.indexOf(name)
    for (const alias of of.record.aliases([name]))
      if (slot >= 0 && !aliases.has(alias) && !fields.includes(alias)) aliases.set(alias, slot)
  }
}

/** A name is the first field's that bears it; a further one is told apart by a number, so that it can still be searched. */
function distinct(fields: string[]): void {
  const times = new Map<string, number>()
  for (let slot = 0; slot < fields.length; slot++) {
    const name = fields[slot]
    const before = times.get(name) ?? 0
    times.set(name, before + 1)
    if (before > 0) fields[slot] = `${name}#${before + 1}`
  }
}

/** The extras that records with these fields can have. */
function boundExtras(
  extras: readonly ExtraField[],
  fields: readonly string[],
  aliases: ReadonlyMap<string, number>,
): BoundExtra[] {
  const slotOf = (name: string): number => {
    const own = fields.indexOf(name)
    return own >= 0 ? own : (aliases.get(name) ?? -1)
  }
  return extras
    .filter((field) => slotOf(field.name) < 0)
    .map((field) => ({ field, slots: field.from.map(slotOf) }))
    .filter(({ slots }) => slots.some((slot) => slot >= 0))
}
