// From a record's layout to the shape of its event: once a layout and (provider, channel, event id), then only a comparison of bytes an event.
import type { EvtxRecord, Field, Layout } from '@crosstalk/evtx'
import type { SourceShape } from '../../events/event.ts'
import { positionalNames } from '../../events/positional-fields.ts'
import { makeShape } from '../../events/shape.ts'
import { classifyWindows, type MadeField } from '../../events/windows.ts'

/** More (provider, channel, id) combinations than this in one layout are made anew each time: hostile input must not fill memory. */
const MAX_SHAPES_PER_LAYOUT = 512

/** A value of the record's header: the same for all records of the layout, or in a slot. */
interface Header {
  slot: number
  literal: string
}

/** A slot of the shape that stands for several of the layout. */
export interface VirtualField {
  from: readonly number[]
  /** undefined: it is the list of them */
  make?: MadeField['make']
}

export interface EvtxShape {
  shape: SourceShape
  /** slots of the layout; virtual slots of the shape follow them */
  slots: number
  virtual: readonly VirtualField[]
  time: number
  recordId: number
  computer: Header
}

interface Candidate {
  eventId: string
  channel: string
  provider: string
  /** the bytes that the channel's and provider's slots held, for comparing without decoding */
  channelBytes: Uint8Array
  providerBytes: Uint8Array
  eventIdBytes: Uint8Array
  found: EvtxShape
}

interface LayoutShapes {
  eventId: Header
  channel: Header
  provider: Header
  candidates: Candidate[]
}

/** Shapes of one reader. Kept for the life of the reader; layouts are bounded by the EVTX reader itself. */
export class ShapeCache {
  #byLayout = new WeakMap<Layout, LayoutShapes>()

  of(record: EvtxRecord): EvtxShape {
    const { layout } = record
    let known = this.#byLayout.get(layout)
    if (!known) {
      known = {
        eventId: header(layout, 'EventID'),
        channel: header(layout, 'Channel'),
        provider: header(layout, 'Provider@Name'),
        candidates: [],
      }
      this.#byLayout.set(layout, known)
    }
    for (const one of known.candidates) {
      if (
        sameBytes(record, known.eventId.slot, one.eventIdBytes) &&
        sameBytes(record, known.channel.slot, one.channelBytes) &&
        sameBytes(record, known.provider.slot, one.providerBytes)
      )
        return one.found
    }
    const eventId = headerText(record, known.eventId)
    const channel = headerText(record, known.channel)
    const provider = headerText(record, known.provider)
    // Records that differ in bytes only (numbers of another width) still are one shape.
    const equal = known.candidates.find(
      (one) => one.eventId === eventId && one.channel === channel && one.provider === provider,
    )
    const found = equal?.found ?? shapeOf(layout, provider, channel, eventId)
    if (layout.kept && known.candidates.length < MAX_SHAPES_PER_LAYOUT) {
      known.candidates.push({
        eventId,
        channel,
        provider,
        eventIdBytes: slotBytes(record, known.eventId.slot),
        channelBytes: slotBytes(record, known.channel.slot),
        providerBytes: slotBytes(record, known.provider.slot),
        found,
      })
    }
    return found
  }
}

const NOTHING = new Uint8Array(0)
const slotBytes = (record: EvtxRecord, slot: number) =>
  slot < 0 ? NOTHING : record.bytes.slice(record.starts[slot], record.ends[slot])

function sameBytes(record: EvtxRecord, slot: number, wanted: Uint8Array): boolean {
  if (slot < 0) return true
  const start = record.starts[slot]
  if (record.ends[slot] - start !== wanted.length) return false
  const { bytes } = record
  for (let at = 0; at < wanted.length; at++) if (bytes[start + at] !== wanted[at]) return false
  return true
}

function header(layout: Layout, name: string): Header {
  const field = layout.fields.find((one) => one.section === 'System' && one.name === name)
  return { slot: field?.slot ?? -1, literal: field?.literal ?? '' }
}

export const headerText = (record: EvtxRecord, { slot, literal }: Header): string =>
  slot < 0 ? literal : record.text(slot)

/** System's fields under the names that Sigma rules use; anything else of it is `Element` or `Element_Attribute`. */
const SYSTEM_NAMES: Readonly<Record<string, string>> = {
  'Provider@Name': 'Provider_Name',
  'Provider@Guid': 'Provider_Guid',
  'Execution@ProcessID': 'Execution_ProcessID',
  'Execution@ThreadID': 'Execution_ThreadID',
  'Security@UserID': 'Security_UserID',
  'Correlation@ActivityID': 'Correlation_ActivityID',
}
/** The same fields under names that some rules and collectors use. */
const SYSTEM_ALIASES: Readonly<Record<string, string>> = {
  ExecutionProcessID: 'Execution_ProcessID',
  UserID: 'Security_UserID',
  SourceName: 'Provider_Name',
  ProviderName: 'Provider_Name',
  ComputerName: 'Computer',
}

function shapeOf(layout: Layout, provider: string, channel: string, eventId: string): EvtxShape {
  const fields: string[] = Array.from({ length: layout.slots }, () => '')
  const constants = new Map<string, string | number>()
  const aliases = new Map<string, number>()
  const unnamed: number[] = []
  // Event data first: where System and event data share a name, rules mean the data.
  const ordered = [...layout.fields].sort((a, b) => Number(a.section === 'System') - Number(b.section === 'System'))
  for (const field of ordered) {
    const name = fieldName(field)
    if (field.slot < 0) {
      if (field.literal !== undefined && !constants.has(name)) constants.set(name, field.literal)
    } else if (isUnnamedData(field)) unnamed.push(field.slot)
    else if (fields[field.slot] === '') fields[field.slot] = fields.includes(name) ? '' : name
    else if (!aliases.has(name)) aliases.set(name, field.slot)
  }
  const virtual: VirtualField[] = []
  if (unnamed.length === 1) fields[unnamed[0]] = 'Data'
  else if (unnamed.length > 1) {
    virtual.push({ from: unnamed })
    fields.push('Data')
  }
  // RPC Firewall and others log without names; where the event is known, its values have them all the same.
  positionalNames(provider, Number(eventId), unnamed.length)?.forEach((name, at) => {
    if (!aliases.has(name)) aliases.set(name, unnamed[at])
  })
  // Defender's fields have blanks in their names; rules write them without.
  for (const [slot, name] of fields.entries()) {
    const joined = name.replaceAll(' ', '')
    if (joined !== name && !fields.includes(joined) && !aliases.has(joined)) aliases.set(joined, slot)
  }
  const { logSources, aliases: taxonomy, made } = classifyWindows(provider, channel, Number(eventId))
  const slotOf = (name: string) => fields.indexOf(name)
  for (const { name, from, make } of made) {
    const slots = from.map(slotOf)
    if (fields.includes(name) || slots.every((slot) => slot < 0)) continue
    virtual.push({ from: slots, make })
    fields.push(name)
  }
  for (const [name, own] of [...Object.entries(taxonomy), ...Object.entries(SYSTEM_ALIASES)]) {
    const slot = slotOf(own)
    if (slot >= 0 && !fields.includes(name) && !aliases.has(name)) aliases.set(name, slot)
  }
  constants.set('Channel', channel)
  constants.set('EventID', eventId)
  constants.set('Provider_Name', provider)
  // SigmaHQ's rules for RPC Firewall name the log so.
  if (channel === 'RPCFW') constants.set('EventLog', channel)
  return {
    shape: makeShape({
      fields,
      aliases,
      logSources,
      constants,
      channel,
      eventId: /^\d+$/.test(eventId) ? Number(eventId) : eventId,
      provider,
    }),
    slots: layout.slots,
    virtual,
    time: slotInSystem(layout, 'TimeCreated@SystemTime'),
    recordId: slotInSystem(layout, 'EventRecordID'),
    computer: header(layout, 'Computer'),
  }
}

const slotInSystem = (layout: Layout, name: string) =>
  layout.fields.find((one) => one.section === 'System' && one.name === name)?.slot ?? -1
const isUnnamedData = (field: Field) => field.section === 'EventData' && field.name === 'Data'

function fieldName(field: Field): string {
  if (field.section === 'System') return SYSTEM_NAMES[field.name] ?? field.name.replace('@', '_')
  return field.name.replace('@', '_')
}
