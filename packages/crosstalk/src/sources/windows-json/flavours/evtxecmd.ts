import type { WindowsFlavour } from '../flavour.ts'

/**
 * EvtxECmd (Eric Zimmerman), `--json` and `--csv`: system fields as columns, EventData as JSON text in Payload. Its maps copy some of that to
 * PayloadData1 … 6, UserName, RemoteHost and ExecutableInfo, which stay under a name of their own.
 */
export const evtxecmd: WindowsFlavour = {
  name: 'evtxecmd',
  title: 'EvtxECmd (JSON, CSV)',
  needs: [['Payload'], ['EventId'], ['Channel'], ['Provider'], ['TimeCreated']],
  channel: ['Channel'],
  eventId: ['EventId'],
  provider: ['Provider'],
  computer: ['Computer'],
  recordId: ['EventRecordId', 'RecordNumber'],
  time: [{ name: 'TimeCreated', zone: 'utc' }],
  data: [],
  packed: [{ name: 'Payload', as: 'evtxecmd' }],
  // Sysmon has ProcessId, PowerShell has Payload, many events have UserName …
  renames: {
    ProcessId: 'Execution_ProcessID',
    ThreadId: 'Execution_ThreadID',
    UserId: 'Security_UserID',
    UserName: 'EvtxECmd_UserName',
    RemoteHost: 'EvtxECmd_RemoteHost',
    ExecutableInfo: 'EvtxECmd_ExecutableInfo',
    Payload: 'EvtxECmd_Payload',
  },
  fields: { Provider: 'Provider_Name', EventRecordId: 'EventRecordID' },
}
