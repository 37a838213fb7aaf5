// How one tool writes its events as JSON, as data; and the form that the JSON reader asks for, made of it. For tools whose records are told apart by a name or two; Windows
// events have more to them (windows-json/flavour.ts).
import type { FieldValue, LogSource } from '@crosstalk/sigma'
import type { ExtraField, FormFinder, LayoutNames, RecordClass } from './json-lines/form.ts'
import { readTime } from './json-lines/read-time.ts'

/** What a record is, once its decisive values are known. */
export interface FlavourClass {
  readonly channel: string
  readonly eventId: number | string
  readonly provider: string
  readonly logSources: readonly LogSource[]
  readonly constants?: ReadonlyMap<string, string | number>
  /** where a field stands → further names, the most wanted first */
  readonly fields?: Readonly<Record<string, string | readonly string[]>>
  /** names of a field that no table can give */
  readonly names?: (place: string) => readonly string[]
  /** fields made of others; `from` are places */
  readonly extras?: readonly ExtraField[]
  /** fields packed in the value of another: what it gives for a record, asked by place */
  readonly unpack?: (value: (place: string) => FieldValue | undefined) => readonly (readonly [string, FieldValue])[]
}

export interface RecordFlavour {
  readonly name: string
  /** recognised when of each group at least one place is there (one that ends with a dot: some field below it) */
  readonly needs: readonly (readonly string[])[]
  /** places whose values decide what a record is */
  readonly decisive: readonly string[]
  /** once for each distinct combination; `layout` has the record's places. Undefined: such a record is no event. */
  classify(values: readonly string[], has: (place: string) => boolean): FlavourClass | undefined
  /** what of the layout decides besides; forms with other words are other forms */
  variant?(layout: LayoutNames, wrapper: string): string
  /** places, in order of preference */
  readonly time: readonly string[]
  readonly host: readonly string[]
  /** the same, where it differs by the records' channel */
  hostOf?(channel: string): readonly string[]
  readonly recordId: readonly string[]
}

/** Exports wrap a record in one object more: Elasticsearch's documents, Splunk's search results. */
const WRAPPERS = ['', '_source.', 'result.']

/** Finds the flavour of a record; the first that fits wins. */
export function flavourFinder(flavours: readonly RecordFlavour[]): FormFinder {
  return (layout) => {
    for (const wrapper of WRAPPERS) {
      if (wrapper && !layout.has(wrapper)) continue
      for (const flavour of flavours) {
        if (!flavour.needs.every((group) => group.some((place) => layout.has(wrapper + place)))) continue
        const variant = flavour.variant?.(layout, wrapper) ?? ''
        const decisive = flavour.decisive.map((place) => wrapper + place).filter((place) => layout.has(place))
        const has = (place: string): boolean => layout.has(wrapper + place)
        return {
          name: `${flavour.name} ${wrapper}${variant}`,
          decisive,
          classify(values) {
            const texts = flavour.decisive.map((place) => {
              const value = values[decisive.indexOf(wrapper + place)]
              return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
            })
            const of = flavour.classify(variant ? [variant, ...texts] : texts, has)
            return of && recordClass(flavour, of, wrapper)
          },
        }
      }
    }
    return undefined
  }
}

function recordClass(flavour: RecordFlavour, of: FlavourClass, wrapper: string): RecordClass {
  return {
    channel: of.channel,
    eventId: of.eventId,
    provider: of.provider,
    logSources: of.logSources,
    constants: of.constants ?? new Map(),
    extras: of.extras?.map((extra) => ({ ...extra, from: extra.from.map((place) => wrapper + place) })),
    unpack: of.unpack && ((value) => of.unpack!((place) => value(wrapper + place))),
    aliases(path) {
      const whole = path.join('.')
      if (!whole.startsWith(wrapper)) return []
      const place = whole.slice(wrapper.length)
      const named = of.fields?.[place] ?? []
      return [
        ...(typeof named === 'string' ? [named] : named),
        ...(of.names?.(place) ?? []),
        ...(wrapper ? [place] : []),
      ]
    },
    bind(shape) {
      const slots = (places: readonly string[]): number[] =>
        places.map((place) => shape.slot(wrapper + place)).filter((slot) => slot >= 0)
      const times = slots(flavour.time)
      return {
        host: slots(flavour.hostOf?.(of.channel) ?? flavour.host),
        recordId: slots(flavour.recordId),
        time(event) {
          for (const slot of times) {
            const time = readTime(event, slot, event.zone)
            if (!Number.isNaN(time)) return time
          }
          return Number.NaN
        },
      }
    },
  }
}
