// Events of ETW providers that no event log keeps (Microsoft-Windows-RPC, -COM, -SMBClient, -SMBServer …), as two collectors write them. They
// name no host. The channel is the provider's name.
import type { WindowsFlavour } from '../flavour.ts'

/**
 * Ids of events that are named by task and opcode, as SilkETW (TraceEvent) does; from the providers' manifests (repnz/etw-providers-docs, jdu2600/Windows10EtwEvents). An event with
 * another name keeps that for its id.
 */
const EVENT_IDS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'Microsoft-Windows-RPC': {
    'RpcClientCall/Start': 5,
    'RpcServerCall/Start': 6,
    'RpcClientCall/Stop': 7,
    'RpcServerCall/Stop': 8,
  },
  'Microsoft-Windows-SMBServer': { Smb2RequestTreeConnect: 4, Smb2RequestCreate: 8 },
}

/** SilkETW and SilkService (mandiant/SilkETW, ETWCollector.cs): the event's XML attributes under XmlEventData; no event id but the event's name. */
export const silketw: WindowsFlavour = {
  name: 'silketw',
  title: 'SilkETW',
  needs: [['ProviderName'], ['EventName'], ['TimeStamp'], ['XmlEventData.']],
  channel: [],
  eventId: ['EventName'],
  provider: ['ProviderName'],
  computer: ['Computer', 'Hostname'],
  recordId: [],
  time: [{ name: 'TimeStamp' }],
  data: ['XmlEventData'],
  renames: { ProcessID: 'Execution_ProcessID', ThreadID: 'Execution_ThreadID', ProcessName: 'Execution_ProcessName' },
  fields: { ProviderName: 'Provider_Name', ProviderGuid: 'Provider_Guid' },
  tracing: true,
  eventIdOf: (provider, name) => EVENT_IDS[provider]?.[name],
}

/** Sealighter (pathtofile/Sealighter, docs/PARSING_DATA.md). */
export const sealighter: WindowsFlavour = {
  name: 'sealighter',
  title: 'Sealighter',
  needs: [['header.provider_name'], ['header.event_id'], ['header.timestamp']],
  channel: [],
  eventId: ['header.event_id'],
  provider: ['header.provider_name'],
  computer: ['header.computer'],
  recordId: [],
  time: [{ name: 'header.timestamp' }],
  data: ['properties'],
  fields: {
    'header.provider_name': 'Provider_Name',
    'header.process_id': 'Execution_ProcessID',
    'header.thread_id': 'Execution_ThreadID',
    'header.task_name': 'Task',
    'header.event_opcode': 'Opcode',
    'header.activity_id': 'Correlation_ActivityID',
  },
  tracing: true,
}
