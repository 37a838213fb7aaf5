// A Windows event that was decoded from XML or CSV, made an event of Crosstalk.
import type { EventPointer } from '../events/event.ts'
import { positionalNames } from '../events/positional-fields.ts'
import type { RecordEvent } from '../events/record-event.ts'
import { classifyWindows, madeFields } from '../events/windows.ts'
import type { DecodedShapes, NamedValue } from './decoded-records.ts'

export interface WindowsRecord {
  readonly provider: string
  readonly channel: string
  readonly eventId: number
  readonly computer: string
  /** microseconds since 1970 UTC */
  readonly time: number
  /** the event's own fields */
  readonly data: readonly NamedValue[]
  /** values of the event that have no name, in order */
  readonly unnamed: readonly NamedValue[1][]
  /** fields of the system part, by the names that Sigma's rules use; a field of the event's own of the same name wins */
  readonly system: readonly NamedValue[]
}

/** Names that some rules and collectors use for fields of the system part. */
const SYSTEM_ALIASES: Readonly<Record<string, string>> = {
  ExecutionProcessID: 'Execution_ProcessID',
  UserID: 'Security_UserID',
  ComputerName: 'Computer',
}

/** Moves the event to the record. */
export function placeWindowsRecord(
  shapes: DecodedShapes,
  event: RecordEvent,
  record: WindowsRecord,
  pointer: EventPointer,
): void {
  const { provider, channel, eventId } = record
  const fields = [...record.data, ...unnamedFields(record)]
  fields.push(...madeFields(provider, channel, eventId, record.data))
  const own = new Set(fields.map(([name]) => name))
  for (const field of record.system)
    if (field[1] !== '' && field[1] !== undefined && !own.has(field[0])) fields.push(field)
  shapes.place(
    event,
    `${channel}\u0000${eventId}\u0000${provider}`,
    () => {
      const constants = new Map<string, string | number>([['EventID', eventId]])
      if (channel) constants.set('Channel', channel)
      if (provider) constants.set('Provider_Name', provider)
      // SigmaHQ's rules for RPC Firewall name the log so.
      if (channel === 'RPCFW') constants.set('EventLog', channel)
      const { logSources, aliases } = classifyWindows(provider, channel, eventId)
      return { provider, channel, eventId, constants, logSources, aliases: { ...SYSTEM_ALIASES, ...aliases } }
    },
    fields,
    pointer,
    record.time,
    record.computer,
  )
}

/** By name where the event is known, and as Data, as rules for classic providers know them. */
function unnamedFields({ unnamed, provider, eventId }: WindowsRecord): NamedValue[] {
  if (unnamed.length === 0) return []
  const data: NamedValue = ['Data', unnamed.length === 1 ? unnamed[0] : unnamed]
  const names = positionalNames(provider, eventId, unnamed.length) ?? []
  return [data, ...names.map((name, i): NamedValue => [name, unnamed[i]])]
}
