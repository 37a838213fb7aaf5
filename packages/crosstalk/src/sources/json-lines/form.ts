// What a reader of JSON records must know of them beyond JSON: which event a record is, and where its time, host and number stand.
// A source that reads JSON gives a `FormFinder`; everything else (bytes, layouts, shapes) is done here.
import type { FieldValue, LogSource } from '@crosstalk/sigma'
import type { SourceShape } from '../../events/event.ts'
import type { JsonEvent } from './json-event.ts'

/** The names (paths with dots) that records of one layout have. */
export interface LayoutNames {
  readonly names: readonly string[]
  /** whether there is a field of that name; with a dot at its end: whether there is one below it */
  has(name: string): boolean
}

export function layoutNames(names: readonly string[]): LayoutNames {
  const all = new Set(names)
  return {
    names,
    has: (name) => (name.endsWith('.') ? names.some((one) => one.startsWith(name)) : all.has(name)),
  }
}

/** Decides once a layout. Undefined: no record of this source. */
export type FormFinder = (layout: LayoutNames) => RecordForm | undefined

/** How records of a layout are told apart. */
export interface RecordForm {
  /** for people: the flavour's name */
  readonly name: string
  /** the names whose values decide what a record is; they are constants of its shape and take no slot */
  readonly decisive: readonly string[]
  /** once for each distinct combination of the decisive values; undefined: such a record is no event */
  classify(values: readonly (FieldValue | undefined)[]): RecordClass | undefined
}

export interface RecordClass {
  readonly channel: string
  readonly eventId: number | string
  readonly provider: string
  readonly logSources: readonly LogSource[]
  /** constants besides the decisive values under their own names */
  readonly constants: ReadonlyMap<string, string | number>
  /** further names of a field, the most wanted first; a name that a field has of its own is never taken from it */
  aliases(path: readonly string[]): readonly string[]
  /** fields made of others; each is there when the record has no field of that name and at least one of those it is made of */
  readonly extras?: readonly ExtraField[]
  /** the name that a field bears instead of its own; constants keep theirs */
  rename?(name: string): string | undefined
  /**
   * Fields packed into the value of another, by name. `value` gives a field of the record by its own name. Called for every record, so it
   * costs what it does; never throws.
   */
  unpack?(value: (name: string) => FieldValue | undefined): readonly (readonly [name: string, value: FieldValue])[]
  /** once a shape */
  bind(shape: SourceShape): RecordReaders
}

/** A field that a collector took apart (`DOMAIN\\user`), or packed into another (a list, JSON in a string). */
export interface ExtraField {
  readonly name: string
  /** names of the fields that it is made of */
  readonly from: readonly string[]
  /** made when it is asked for; undefined: this record has none after all */
  make(values: readonly (FieldValue | undefined)[]): FieldValue | undefined
}

/** Where to find what every event has. Called only when asked for. */
export interface RecordReaders {
  /** microseconds since 1970 UTC, NaN when there is no time */
  time(event: JsonEvent): number
  /** looks at every event before it is handed on, for what later events of the stream need */
  observe?(event: JsonEvent): void
  /** slots, in order of preference */
  readonly host: readonly number[]
  readonly recordId: readonly number[]
}
