// A flavour: how one collector writes a Windows event as JSON. Data only; windows-form.ts reads it. Names are paths with dots.

import type { ExtraField } from '../json-lines/form.ts'
import type { Packing } from './packing.ts'

/** Where a time stands. */
export interface TimePlace {
  readonly name: string
  /** `utc`: a value without a zone is UTC; else it is in the zone that the user gave (default UTC) */
  readonly zone?: 'utc'
  /**
   * The value is written in the collector's local time without its zone, but two other fields tell that zone: `local`, a moment in the
   * same local time, and `utc`, the same moment (to a few minutes) in UTC. The zone is their difference, rounded to a quarter of an hour.
   */
  readonly zoneFrom?: { readonly local: string; readonly utc: string }
  /** the time is cut to whole seconds; this field has the same moment in UTC with its fraction, unless it is further off than a second or two */
  readonly refinedBy?: string
  /**
   * Some exporters write local time and mark it as UTC. Where events of the same stream have the same moment in this field, in true UTC, and
   * it differs by whole quarters of an hour, the difference holds for the events around them too.
   */
  readonly provenBy?: string
}

export interface WindowsFlavour {
  readonly name: string
  /** what writes it, for people */
  readonly title: string
  /** recognised when of each group at least one name is there (a name that ends with a dot: some field below it) … */
  readonly needs: readonly (readonly string[])[]
  /** … and none of these */
  readonly lacks?: readonly string[]
  /** names, in order of preference; the first that the layout has counts */
  readonly channel: readonly string[]
  readonly eventId: readonly string[]
  readonly provider: readonly string[]
  readonly computer: readonly string[]
  readonly recordId: readonly string[]
  readonly time: readonly TimePlace[]
  /** paths below which the event's own fields stand: `winlog.event_data.Image` is Image */
  readonly data: readonly string[]
  /** paths below which the last key alone is the field's name: `Event.UserData.<element>.<field>` */
  readonly leaves?: readonly string[]
  /** fields in which the event's own fields are packed */
  readonly packed?: readonly { readonly name: string; readonly as: Packing }[]
  /** collector's fields that bear the name of another field of Sigma's: they get this name instead of their own */
  readonly renames?: Readonly<Record<string, string>>
  /** other fields with a name of Sigma's or the event schema's: where it stands → that name */
  readonly fields?: Readonly<Record<string, string>>
  /** like `fields`, for some events; these win */
  readonly fieldsOf?: (provider: string, eventId: number) => Readonly<Record<string, string>> | undefined
  readonly extras?: readonly ExtraField[]
  /** names of a field that the tables above can't give; `path` is where it stands */
  readonly names?: (path: readonly string[]) => readonly string[]
  /** fields of the event's own that Windows shows in hexadecimal, and the collector writes as plain numbers */
  readonly hexadecimal?: readonly string[]
  /** the channel of records that don't name theirs */
  readonly defaultChannel?: string
  /** events of a provider outside of the event log (ETW): the event id may be a name, the channel is the provider */
  readonly tracing?: boolean
  /** the id of an event that bears a name; undefined: it keeps the name */
  readonly eventIdOf?: (provider: string, name: string) => number | undefined
  /** the provider, where the channel alone decides and the collector does not write it */
  readonly providerOf?: (channel: string) => string
}
