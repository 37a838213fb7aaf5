// Turns a flavour into the form that the JSON reader asks for.
import { type FieldValue, ValueKind } from '@crosstalk/sigma/match'
import type { SourceShape } from '../../events/event.ts'
import { classifyWindows, type MadeField, madeFields } from '../../events/windows.ts'
import { withoutBlanks } from '../decoded-records.ts'
import type { ExtraField, LayoutNames, RecordClass, RecordForm, RecordReaders } from '../json-lines/form.ts'
import type { JsonEvent } from '../json-lines/json-event.ts'
import { readTime } from '../json-lines/read-time.ts'
import type { TimePlace, WindowsFlavour } from './flavour.ts'
import { unpack } from './packing.ts'

const QUARTER = 15 * 60 * 1_000_000

/** Exports wrap the event in one object more: Elasticsearch's documents, Splunk's and Graylog's search results. */
const WRAPPERS = ['', '_source.', 'result.', 'message.']

/** The form of a layout in a flavour, wrapped or not; undefined when the layout is not of that flavour. */
export function windowsForm(flavour: WindowsFlavour, layout: LayoutNames): RecordForm | undefined {
  for (const wrapper of WRAPPERS) {
    if (wrapper && !layout.has(wrapper)) continue
    const form = formOf(wrapper ? wrapped(flavour, wrapper) : flavour, layout)
    if (form) return form
  }
  return undefined
}

/** The flavour with all its names below the wrapper. */
function wrapped(flavour: WindowsFlavour, wrapper: string): WindowsFlavour {
  const inside = (names: readonly string[]): string[] => names.map((name) => wrapper + name)
  const keys = (names: Readonly<Record<string, string>> = {}): Record<string, string> =>
    Object.fromEntries(Object.entries(names).map(([name, other]) => [wrapper + name, other]))
  return {
    ...flavour,
    needs: flavour.needs.map(inside),
    lacks: inside(flavour.lacks ?? []),
    channel: inside(flavour.channel),
    eventId: inside(flavour.eventId),
    provider: inside(flavour.provider),
    computer: inside(flavour.computer),
    recordId: inside(flavour.recordId),
    time: flavour.time.map((place) => ({
      ...place,
      name: wrapper + place.name,
      zoneFrom: place.zoneFrom && { local: wrapper + place.zoneFrom.local, utc: wrapper + place.zoneFrom.utc },
      refinedBy: place.refinedBy && wrapper + place.refinedBy,
      provenBy: place.provenBy && wrapper + place.provenBy,
    })),
    // Below the wrapper every name is as if it stood alone.
    data: [...inside(flavour.data), wrapper.slice(0, -1)],
    leaves: inside(flavour.leaves ?? []),
    packed: flavour.packed?.map(({ name, as }) => ({ name: wrapper + name, as })),
    renames: keys(flavour.renames),
    fields: keys(flavour.fields),
    fieldsOf: (provider, eventId) => keys(flavour.fieldsOf?.(provider, eventId)),
    extras: flavour.extras?.map((extra) => ({ ...extra, from: inside(extra.from) })),
    names: flavour.names && ((path) => flavour.names!(path.slice(1))),
  }
}

/** The form of a layout in a flavour; undefined when the layout is not of that flavour. */
function formOf(flavour: WindowsFlavour, layout: LayoutNames): RecordForm | undefined {
  if (!flavour.needs.every((group) => group.some((name) => layout.has(name)))) return undefined
  if (flavour.lacks?.some((name) => layout.has(name))) return undefined
  const present = (names: readonly string[]): string | undefined => names.find((name) => layout.has(name))
  const packed = flavour.packed?.filter(({ name }) => layout.has(name)) ?? []
  const channel = present(flavour.channel)
  const eventId = present(flavour.eventId)
  const provider = present(flavour.provider)
  const decisive = [channel, eventId, provider].filter((name) => name !== undefined)
  return {
    name: packed.length ? `${flavour.name} (packed)` : flavour.name,
    decisive,
    classify(values) {
      const value = (name: string | undefined): FieldValue | undefined =>
        name === undefined ? undefined : values[decisive.indexOf(name)]
      const record = windowsClass(
        flavour,
        asText(value(channel)),
        asId(value(eventId), flavour),
        asText(value(provider)),
      )
      return record && packed.length ? { ...record, unpack: unpacker(packed, record) } : record
    },
  }
}

const extraOf = ({ name, from, make }: MadeField): ExtraField => ({
  name,
  from,
  make: (values) => make(values.map((value) => (typeof value === 'string' ? value : undefined))),
})

const asText = (value: FieldValue | undefined): string => (typeof value === 'string' ? value : '')

/** Event ids come as number or as text; ETW collectors may give the event's name instead. NaN: none. */
function asId(value: FieldValue | undefined, flavour: WindowsFlavour): number | string {
  const id = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof id === 'number' && Number.isInteger(id)) return id
  return flavour.tracing && typeof value === 'string' ? value : Number.NaN
}

function unpacker(
  packed: NonNullable<WindowsFlavour['packed']>,
  { provider, channel, eventId }: RecordClass,
): NonNullable<RecordClass['unpack']> {
  return (value) => {
    const fields = packed.flatMap(({ name, as }) => unpack(as, value(name), provider, Number(eventId)))
    return [...fields, ...madeFields(provider, channel, Number(eventId), fields)]
  }
}

function windowsClass(
  flavour: WindowsFlavour,
  writtenChannel: string,
  writtenId: number | string,
  provider: string,
): RecordClass | undefined {
  if (Number.isNaN(writtenId)) return undefined
  const eventId = (typeof writtenId === 'string' ? flavour.eventIdOf?.(provider, writtenId) : undefined) ?? writtenId
  const channel = writtenChannel || (flavour.tracing ? provider : (flavour.defaultChannel ?? ''))
  const { logSources, aliases: taxonomy, made } = classifyWindows(provider, channel, Number(eventId))
  const constants = new Map<string, string | number>([['EventID', eventId]])
  if (channel) constants.set('Channel', channel)
  if (provider) constants.set('Provider_Name', provider)
  if (channel === 'RPCFW') constants.set('EventLog', channel)
  const own = flavour.fieldsOf?.(provider, Number(eventId))
  const hexadecimal = hexadecimalNames(flavour, taxonomy)
  return {
    channel,
    eventId,
    provider,
    logSources,
    constants,
    extras: [...(flavour.extras ?? []), ...hexadecimalFields(flavour, hexadecimal), ...made.map(extraOf)],
    rename: (name) => flavour.renames?.[name],
    aliases(path) {
      const names = withTaxonomy(aliasesOf(flavour, own, path), path.join('.'), taxonomy)
      return hexadecimal.size > 0 ? names.filter((name) => !hexadecimal.has(name)) : names
    },
    bind: (shape) => readersOf(flavour, shape),
  }
}

/** The fields to show in hexadecimal, by the event's own names and Sigma's, each with the event's own names of it. */
function hexadecimalNames(
  { hexadecimal = [] }: WindowsFlavour,
  taxonomy: Readonly<Record<string, string>>,
): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, readonly string[]>(hexadecimal.map((name) => [name, [name]]))
  for (const [sigma, own] of Object.entries(taxonomy))
    if (hexadecimal.includes(own)) names.set(sigma, [own, ...(names.get(sigma) ?? [])])
  return names
}

/** `2097151` as `0x1fffff`. */
function hexadecimalFields({ data }: WindowsFlavour, names: ReadonlyMap<string, readonly string[]>): ExtraField[] {
  return [...names].map(([name, written]) => ({
    name,
    from: written.flatMap((one) => data.map((prefix) => `${prefix}.${one}`)),
    make(values) {
      const value = values.find((one) => one !== undefined)
      return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? `0x${value.toString(16)}` : value
    },
  }))
}

function aliasesOf(
  flavour: WindowsFlavour,
  own: Readonly<Record<string, string>> | undefined,
  path: readonly string[],
): readonly string[] {
  const name = path.join('.')
  const named = own?.[name] ?? flavour.fields?.[name]
  const aliases = named ? [named] : []
  for (const prefix of flavour.data) if (name.startsWith(`${prefix}.`)) aliases.push(name.slice(prefix.length + 1))
  if (flavour.leaves?.some((prefix) => name.startsWith(`${prefix}.`))) aliases.push(path[path.length - 1])
  if (flavour.names) aliases.push(...flavour.names(path))
  return aliases
}

/** Adds Sigma's names of fields that the event calls otherwise. */
function withTaxonomy(named: readonly string[], name: string, taxonomy: Readonly<Record<string, string>>): string[] {
  const sigma = Object.entries(taxonomy)
  const aliases = [...named, ...[name, ...named].filter((one) => one.includes(' ')).map(withoutBlanks)]
  return [...aliases, ...sigma.filter(([, own]) => own === name || aliases.includes(own)).map(([alias]) => alias)]
}

function readersOf(flavour: WindowsFlavour, shape: SourceShape): RecordReaders {
  const slotOf = (name: string): number => shape.slot(flavour.renames?.[name] ?? name)
  const slots = (names: readonly string[]): number[] => names.map(slotOf).filter((slot) => slot >= 0)
  const times = flavour.time.map((place) => timeReader(place, shape)).filter((one) => one !== undefined)
  return {
    host: slots(flavour.computer),
    recordId: slots(flavour.recordId),
    observe: clockObserver(flavour, shape),
    time(event) {
      for (const read of times) {
        const time = read(event)
        if (!Number.isNaN(time)) return time
      }
      return Number.NaN
    },
  }
}

function timeReader(place: TimePlace, shape: SourceShape): ((event: JsonEvent) => number) | undefined {
  const slot = shape.slot(place.name)
  if (slot < 0) return undefined
  if (place.zone === 'utc') return (event) => readTime(event, slot, 0)
  if (place.provenBy) return (event) => readTime(event, slot, event.zone) + event.clockShift
  if (!place.zoneFrom) return (event) => readTime(event, slot, event.zone)
  const local = shape.slot(place.zoneFrom.local)
  const utc = shape.slot(place.zoneFrom.utc)
  const fine = place.refinedBy === undefined ? -1 : shape.slot(place.refinedBy)
  return (event) => {
    const ahead = readTime(event, local, 0) - readTime(event, utc, 0)
    const told = Math.round(ahead / QUARTER) * 15
    const time = readTime(event, slot, Math.abs(told) <= 14 * 60 ? told : event.zone)
    if (fine < 0 || time % 1_000_000 !== 0) return time
    const finer = readTime(event, fine, 0)
    return finer > time - 2_000_000 && finer < time + 1_000_000 ? finer : time
  }
}

/** how far two times of one moment may lie apart, beside the zone */
const SAME_MOMENT = 10_000_000

/** Learns from events that have a time in true UTC by how much the other is off. */
function clockObserver(flavour: WindowsFlavour, shape: SourceShape): RecordReaders['observe'] {
  const place = flavour.time.find(({ provenBy }) => provenBy)
  const written = place ? shape.slot(place.name) : -1
  const proof = place?.provenBy ? shape.slot(place.provenBy) : -1
  if (written < 0 || proof < 0) return undefined
  const told = flavour.time.filter(({ zoneFrom }) => zoneFrom).map(({ name }) => shape.slot(name))
  return (event) => {
    // Where the collector tells its own zone, there is nothing to prove.
    if (told.some((slot) => slot >= 0 && event.kinds[slot] !== ValueKind.Absent)) return
    const off = readTime(event, proof, 0) - readTime(event, written, event.zone)
    const shift = Math.round(off / QUARTER) * QUARTER
    if (Math.abs(off - shift) <= SAME_MOMENT && Math.abs(shift) <= 26 * 3_600_000_000) event.clockShift = shift
  }
}
