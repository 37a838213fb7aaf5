import type { WindowsFlavour } from '../flavour.ts'

/**
 * Velociraptor's parser (Velocidex/evtx) gives values of the types HexInt32 and HexInt64 as numbers; Windows, and so Sigma's rules, write them as `0x…`. A number beyond
 * JSON's exactness (Keywords) stays as it is.
 */
const HEXADECIMAL =
  'GrantedAccess SubjectLogonId TargetLogonId TargetLinkedLogonId LogonId AccessMask Status SubStatus FailureCode TicketOptions TicketEncryptionType HandleId ServiceType OldUacValue NewUacValue'.split(
    ' ',
  )

/** Velociraptor's parse_evtx() and watch_evtx(): the event as they give it (artifact Windows.EventLogs.Evtx). SystemTime counts seconds. */
export const velociraptor: WindowsFlavour = {
  name: 'velociraptor',
  title: 'Velociraptor, the event as parsed',
  needs: [['System.Channel'], ['System.EventID.Value'], ['System.Provider.Name']],
  channel: ['System.Channel'],
  eventId: ['System.EventID.Value'],
  provider: ['System.Provider.Name'],
  computer: ['System.Computer'],
  recordId: ['System.EventRecordID'],
  time: [{ name: 'System.TimeCreated.SystemTime' }, { name: 'EventTime' }, { name: 'TimeCreated' }],
  data: ['EventData', 'UserData', 'System'],
  fields: {
    'System.Provider.Guid': 'Provider_Guid',
    'System.Security.UserID': 'Security_UserID',
    'System.Execution.ProcessID': 'Execution_ProcessID',
  },
  hexadecimal: HEXADECIMAL,
}

/** Artifacts that pick columns: Windows.EventLogs.EvtxHunter and its kin. */
export const velociraptorHunter: WindowsFlavour = {
  name: 'velociraptor-hunter',
  title: 'Velociraptor, Windows.EventLogs.*',
  needs: [
    ['Channel'],
    ['EventID'],
    ['Computer'],
    ['EventTime', 'TimeCreated', 'Timestamp'],
    ['EventData', 'EventData.', 'UserData.', 'Message'],
  ],
  lacks: ['SourceName', 'ProviderName', 'RecordNumber', 'TimeGenerated'],
  channel: ['Channel'],
  eventId: ['EventID'],
  provider: ['Provider'],
  computer: ['Computer'],
  recordId: ['EventRecordID'],
  time: [{ name: 'EventTime' }, { name: 'TimeCreated' }, { name: 'Timestamp' }],
  data: ['EventData', 'UserData'],
  fields: { UserSID: 'Security_UserID', Provider: 'Provider_Name' },
  hexadecimal: HEXADECIMAL,
}
