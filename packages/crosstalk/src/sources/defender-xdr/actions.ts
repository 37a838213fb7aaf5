// What Microsoft Defender XDR's ActionTypes are in Sigma's taxonomy, and which column is which field. Microsoft Learn, "Advanced hunting schema
// tables" (DeviceProcessEvents, DeviceNetworkEvents …); the pairs are those of pySigma's backend for Defender, read backwards.
import type { ExtraField } from '../json-lines/form.ts'
import { dwordDetails, isText, joined, pipeName, registryPath } from './values.ts'

export interface Action {
  readonly categories: readonly string[]
  /** column → Sigma's field, besides those of every action */
  readonly fields: Readonly<Record<string, string>>
  readonly extras: readonly ExtraField[]
}

/** The process that acted, in every table but DeviceProcessEvents. */
const ACTOR: Readonly<Record<string, string>> = {
  InitiatingProcessCommandLine: 'CommandLine',
  InitiatingProcessId: 'ProcessId',
  InitiatingProcessParentId: 'ParentProcessId',
  InitiatingProcessIntegrityLevel: 'IntegrityLevel',
  InitiatingProcessVersionInfoOriginalFileName: 'OriginalFileName',
  InitiatingProcessVersionInfoCompanyName: 'Company',
  InitiatingProcessVersionInfoProductName: 'Product',
  InitiatingProcessVersionInfoFileDescription: 'Description',
  InitiatingProcessVersionInfoProductVersion: 'FileVersion',
}

const path = (name: string, folder: string, file: string): ExtraField => ({
  name,
  from: [folder, file],
  make: ([inFolder, called]) => joined(inFolder, called),
})
const account = (name: string, domain: string, user: string): ExtraField => ({
  name,
  from: [domain, user],
  make: ([inDomain, called]) => (isText(called) ? (isText(inDomain) ? `${inDomain}\\${called}` : called) : undefined),
})
const hashes = (name: string, prefix: string): ExtraField => ({
  name,
  from: ['MD5', 'SHA1', 'SHA256'].map((algorithm) => prefix + algorithm),
  make: (values) =>
    values
      .map((value, i) => (isText(value) ? `${['MD5', 'SHA1', 'SHA256'][i]}=${value.toUpperCase()}` : ''))
      .filter((one) => one !== '')
      .join(',') || undefined,
})

const ACTOR_EXTRAS: readonly ExtraField[] = [
  path('Image', 'InitiatingProcessFolderPath', 'InitiatingProcessFileName'),
  path('ParentImage', 'InitiatingProcessParentFileName', 'InitiatingProcessParentFileName'),
  account('User', 'InitiatingProcessAccountDomain', 'InitiatingProcessAccountName'),
]
const actor = (categories: string[], fields: Record<string, string> = {}, extras: ExtraField[] = []): Action => ({
  categories,
  fields: { ...ACTOR, ...fields },
  extras: [...ACTOR_EXTRAS, ...extras],
})

const PROCESS: Action = {
  categories: ['process_creation'],
  fields: {
    ProcessCommandLine: 'CommandLine',
    ProcessId: 'ProcessId',
    ProcessIntegrityLevel: 'IntegrityLevel',
    ProcessVersionInfoOriginalFileName: 'OriginalFileName',
    ProcessVersionInfoCompanyName: 'Company',
    ProcessVersionInfoProductName: 'Product',
    ProcessVersionInfoFileDescription: 'Description',
    ProcessVersionInfoProductVersion: 'FileVersion',
    InitiatingProcessCommandLine: 'ParentCommandLine',
    InitiatingProcessId: 'ParentProcessId',
    LogonId: 'LogonId',
  },
  extras: [
    path('Image', 'FolderPath', 'FileName'),
    path('ParentImage', 'InitiatingProcessFolderPath', 'InitiatingProcessFileName'),
    account('User', 'AccountDomain', 'AccountName'),
    account('ParentUser', 'InitiatingProcessAccountDomain', 'InitiatingProcessAccountName'),
    hashes('Hashes', ''),
  ],
}

const initiated = (value: 'true' | 'false'): ExtraField => ({
  name: 'Initiated',
  from: ['ActionType', 'RemoteIP', 'LocalIP'],
  make: () => value,
})
const OUTBOUND = actor(
  ['network_connection'],
  {
    RemoteIP: 'DestinationIp',
    RemotePort: 'DestinationPort',
    RemoteUrl: 'DestinationHostname',
    LocalIP: 'SourceIp',
    LocalPort: 'SourcePort',
  },
  [initiated('true')],
)
/** Sysmon's source is the end that opened the connection, whichever end reports it. */
const INBOUND = actor(
  ['network_connection'],
  { RemoteIP: 'SourceIp', RemotePort: 'SourcePort', LocalIP: 'DestinationIp', LocalPort: 'DestinationPort' },
  [initiated('false')],
)

const file = (...categories: string[]): Action =>
  actor(categories, { PreviousFileName: 'SourceFilename' }, [
    path('TargetFilename', 'FolderPath', 'FileName'),
    hashes('Hashes', ''),
  ])
const registry = (...categories: string[]): Action =>
  actor(['registry_event', ...categories], {}, [
    {
      name: 'TargetObject',
      from: ['RegistryKey', 'RegistryValueName', 'PreviousRegistryKey', 'PreviousRegistryValueName'],
      make: ([key, value, oldKey, oldValue]) =>
        registryPath(isText(key) ? key : oldKey, isText(value) ? value : oldValue),
    },
    {
      name: 'Details',
      from: ['RegistryValueData', 'RegistryValueType'],
      make: ([data, type]) => dwordDetails(data, type),
    },
  ])

const TARGET_PROCESS = [
  path('TargetImage', 'FolderPath', 'FileName'),
  path('SourceImage', 'InitiatingProcessFolderPath', 'InitiatingProcessFileName'),
]
const SOURCE_PROCESS = {
  InitiatingProcessId: 'SourceProcessId',
  ProcessId: 'TargetProcessId',
  ProcessCommandLine: 'TargetCommandLine',
}
const LOGON = actor([], {
  AccountName: 'TargetUserName',
  AccountDomain: 'TargetDomainName',
  AccountSid: 'TargetUserSid',
  LogonId: 'TargetLogonId',
  RemoteIP: 'IpAddress',
  RemotePort: 'IpPort',
  RemoteDeviceName: 'WorkstationName',
})
const DNS = actor(['dns_query'], { query: 'QueryName', DnsQueryString: 'QueryName', DnsQueryResult: 'QueryResults' })

/** By ActionType. An action that stands not here is an event of Windows without a category. */
export const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['ProcessCreated', PROCESS],
  ['ConnectionSuccess', OUTBOUND],
  ['ConnectionFailed', OUTBOUND],
  ['ConnectionRequest', OUTBOUND],
  ['ConnectionFound', OUTBOUND],
  ['ConnectionAttempt', OUTBOUND],
  ['InboundConnectionAccepted', INBOUND],
  ['InboundConnectionAttempt', INBOUND],
  ['FileCreated', file('file_event')],
  ['FileModified', file('file_change')],
  ['FileRenamed', file('file_rename')],
  ['FileDeleted', file('file_delete')],
  ['ImageLoaded', actor(['image_load'], {}, [path('ImageLoaded', 'FolderPath', 'FileName'), hashes('Hashes', '')])],
  ['DriverLoad', actor(['driver_load'], {}, [path('ImageLoaded', 'FolderPath', 'FileName'), hashes('Hashes', '')])],
  ['RegistryValueSet', registry('registry_set')],
  ['RegistryKeyCreated', registry('registry_add')],
  ['RegistryKeyDeleted', registry('registry_delete')],
  ['RegistryValueDeleted', registry('registry_delete')],
  ['RegistryKeyRenamed', registry('registry_rename')],
  [
    'NamedPipeEvent',
    actor(['pipe_created'], {}, [{ name: 'PipeName', from: ['AdditionalFields'], make: ([more]) => pipeName(more) }]),
  ],
  [
    'CreateRemoteThreadApiCall',
    { ...actor(['create_remote_thread'], SOURCE_PROCESS), extras: [...ACTOR_EXTRAS, ...TARGET_PROCESS] },
  ],
  [
    'OpenProcessApiCall',
    {
      ...actor(['process_access'], { ...SOURCE_PROCESS, DesiredAccess: 'GrantedAccess' }),
      extras: [...ACTOR_EXTRAS, ...TARGET_PROCESS],
    },
  ],
  ['DnsQueryResponse', DNS],
  ['DnsConnectionInspected', DNS],
  ['LogonSuccess', LOGON],
  ['LogonFailed', LOGON],
  ['LogonAttempted', LOGON],
])

/** An action without a category: the actor's columns alone. */
export const OTHER_ACTION: Action = actor([])
