// Which log sources of Sigma's taxonomy a Windows event satisfies, and under which names its fields go there. The event's own provider, channel and id
// decide, never the file's name: what a collector forwarded is what it was on its host.
// Sources: Sigma specification 2.1, appendix taxonomy; pySigma-pipeline-windows and -sysmon, SigmaHQ's tests/thor.yml (which field is which).
import type { LogSource } from '@crosstalk/sigma'
import { LINUX_SYSMON, linuxSysmonLogSource } from './linux-sysmon.ts'
import { joinTarget } from './registry-target.ts'
import { COLLECTORS, OWN_CHANNEL, SERVICE_CHANNELS, USUAL_CHANNEL } from './windows-channels.ts'

export interface WindowsClass {
  logSources: readonly LogSource[]
  /** Sigma's name → the event's own field name */
  aliases: Readonly<Record<string, string>>
  /** fields of Sigma's that are made of the event's own */
  made: readonly MadeField[]
}

export interface MadeField {
  readonly name: string
  readonly from: readonly string[]
  /** undefined: this event has none */
  make(values: readonly (string | undefined)[]): string | undefined
}

/** What a service's events of one id are besides. */
interface EventClass {
  categories: readonly string[]
  aliases?: Readonly<Record<string, string>>
  made?: readonly MadeField[]
}

type Classes = Readonly<Record<number, EventClass>>

const categories = (...names: string[]): EventClass => ({ categories: names })

/** Sysmon's event ids (its documentation); 26 is a deletion seen, and pySigma's sysmon pipeline takes it for file_delete too. */
const SYSMON: Classes = {
  1: categories('process_creation'),
  2: categories('file_change'),
  3: categories('network_connection'),
  4: categories('sysmon_status'),
  5: categories('process_termination'),
  6: categories('driver_load'),
  7: categories('image_load'),
  8: categories('create_remote_thread'),
  9: categories('raw_access_thread'),
  10: categories('process_access'),
  11: categories('file_event'),
  12: categories('registry_event', 'registry_add', 'registry_delete'),
  13: categories('registry_event', 'registry_set'),
  14: categories('registry_event', 'registry_rename'),
  15: categories('create_stream_hash'),
  16: categories('sysmon_status'),
  17: categories('pipe_created'),
  18: categories('pipe_created'),
  19: categories('wmi_event'),
  20: categories('wmi_event'),
  21: categories('wmi_event'),
  22: categories('dns_query'),
  23: categories('file_delete'),
  24: categories('clipboard_capture'),
  25: categories('process_tampering'),
  26: categories('file_delete', 'file_delete_detected'),
  27: categories('file_block_executable'),
  28: categories('file_block_shredding'),
  29: categories('file_executable_detected'),
  255: categories('sysmon_error'),
}

/** Sysmon writes the key and the value's name, and the hives' short names; 4657 `\\REGISTRY\\MACHINE\\…` and the name apart. */
const TARGET_OBJECT: MadeField = {
  name: 'TargetObject',
  from: ['ObjectName', 'ObjectValueName'],
  make: ([key, value]) => (key === '' ? undefined : joinTarget(key, value === '' ? undefined : value)),
}
/** Whether this host opened the connection: `Direction` is a message of msobjs.dll, 14592 inbound, 14593 outbound; some collectors write the words. */
const INITIATED: MadeField = {
  name: 'Initiated',
  from: ['Direction'],
  make([direction = '']) {
    if (/^(%%14592|inbound)/i.test(direction)) return 'false'
    return /^(%%14593|outbound)/i.test(direction) ? 'true' : undefined
  },
}

/** The audit events that are what a category means. 4657 is a value written or deleted, never a key: registry_add and registry_delete it is not. */
const SECURITY: Classes = {
  4657: {
    categories: ['registry_event', 'registry_set'],
    aliases: { Details: 'NewValue', Image: 'ProcessName', User: 'SubjectUserName' },
    made: [TARGET_OBJECT],
  },
  4688: {
    categories: ['process_creation'],
    aliases: {
      Image: 'NewProcessName',
      ParentImage: 'ParentProcessName',
      ParentProcessId: 'ProcessId',
      User: 'SubjectUserName',
      LogonId: 'SubjectLogonId',
      IntegrityLevel: 'MandatoryLabel',
    },
  },
  4689: { categories: ['process_termination'], aliases: { Image: 'ProcessName' } },
  5156: {
    categories: ['network_connection'],
    aliases: {
      Image: 'Application',
      SourceIp: 'SourceAddress',
      DestinationIp: 'DestAddress',
      DestinationPort: 'DestPort',
    },
    made: [INITIATED],
  },
}

/** Defender's events that name a threat or a path: what another product's detection would be. */
const ANTIVIRUS: EventClass = {
  categories: ['antivirus'],
  aliases: { Signature: 'Threat Name', Filename: 'Path' },
}
const ANTIVIRUS_IDS = [1006, 1007, 1008, 1009, 1010, 1011, 1012, 1017, 1018, 1019, 1115, 1116]

const BY_SERVICE: ReadonlyMap<string, Classes> = new Map<string, Classes>([
  ['sysmon', SYSMON],
  ['security', SECURITY],
  ['powershell', { 4103: categories('ps_module'), 4104: categories('ps_script') }],
  [
    'powershell-classic',
    {
      400: categories('ps_classic_start'),
      600: categories('ps_classic_provider_start'),
      800: categories('ps_classic_script'),
    },
  ],
  ['windefend', Object.fromEntries(ANTIVIRUS_IDS.map((id) => [id, ANTIVIRUS]))],
])

/** Providers that are a log source of their own. Lower case. */
const BY_PROVIDER: ReadonlyMap<string, Classes> = new Map<string, Classes>([
  // ETW: Create, CreateNewFile; Rename, RenamePath
  [
    'microsoft-windows-kernel-file',
    {
      12: categories('file_access'),
      30: categories('file_access'),
      19: categories('file_rename'),
      27: categories('file_rename'),
    },
  ],
])
const RPC_FIREWALL: LogSource = { product: 'rpc_firewall', category: 'application' }

const lowered = (channels: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(channels).map(([provider, channel]) => [provider.toLowerCase(), channel.toLowerCase()]))
const OWN = lowered(OWN_CHANNEL)
const USUAL = lowered(USUAL_CHANNEL)

/** channel in lower case → its services */
const SERVICES = new Map<string, string[]>()
for (const [service, channels] of Object.entries(SERVICE_CHANNELS))
  for (const channel of new Set(channels.map((one) => one.toLowerCase())))
    SERVICES.set(channel, [...(SERVICES.get(channel) ?? []), service])

const NO_ALIASES: Readonly<Record<string, string>> = {}
const NOTHING_MADE: readonly MadeField[] = []

/** What an event is, by the provider's and channel's names as written and its id. Slow: keep the result by shape. */
export function classifyWindows(provider: string, channel: string, eventId: number): WindowsClass {
  const from = provider.toLowerCase()
  const written = channel.toLowerCase()
  if (from === 'linux-sysmon' || written === LINUX_SYSMON.toLowerCase())
    return { logSources: [linuxSysmonLogSource(eventId)], aliases: NO_ALIASES, made: NOTHING_MADE }
  const log = OWN.get(from) ?? (COLLECTORS.has(written) ? (USUAL.get(from) ?? written) : written)
  const services = SERVICES.get(log) ?? []
  const logSources: LogSource[] = []
  let aliases = NO_ALIASES
  let made = NOTHING_MADE
  for (const service of services) {
    const found = BY_SERVICE.get(service)?.[eventId]
    for (const category of found?.categories ?? [])
      logSources.push({ product: 'windows', category, ...(service === 'sysmon' && { service }) })
    aliases = found?.aliases ?? aliases
    made = found?.made ?? made
  }
  for (const category of BY_PROVIDER.get(from)?.[eventId]?.categories ?? [])
    logSources.push({ product: 'windows', category })
  for (const service of services) logSources.push({ product: 'windows', service })
  if (from === 'rpcfw') logSources.push(RPC_FIREWALL)
  if (!logSources.length) logSources.push({ product: 'windows' })
  return { logSources, aliases, made }
}

const IDS_WITH_MADE = new Set(
  [...BY_SERVICE.values()].flatMap((classes) =>
    Object.entries(classes).flatMap(([id, one]) => (one.made ? [Number(id)] : [])),
  ),
)

/** The made fields of one event, whose own fields are at hand: [name, value]. Asked for every event. */
export function madeFields(
  provider: string,
  channel: string,
  eventId: number,
  fields: readonly (readonly [name: string, value: unknown])[],
): [name: string, value: string][] {
  if (!IDS_WITH_MADE.has(eventId)) return []
  const textOf = (wanted: string): string | undefined => {
    const value = fields.find(([name]) => name === wanted)?.[1]
    return typeof value === 'string' ? value : undefined
  }
  return classifyWindows(provider, channel, eventId).made.flatMap(({ name, from, make }) => {
    const value = textOf(name) === undefined ? make(from.map(textOf)) : undefined
    return value === undefined ? [] : [[name, value] as [string, string]]
  })
}

/** Every service and category that `classifyWindows` can give: `rules check` and `coverage` ask. */
export function windowsLogSources(): { categories: string[]; services: string[] } {
  const classes = [...BY_SERVICE.values(), ...BY_PROVIDER.values()].flatMap((one) => Object.values(one))
  return {
    categories: [...new Set(classes.flatMap((one) => one.categories))].sort(),
    services: Object.keys(SERVICE_CHANNELS).sort(),
  }
}
