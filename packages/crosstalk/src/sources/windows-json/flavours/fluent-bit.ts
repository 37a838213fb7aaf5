import type { WindowsFlavour } from '../flavour.ts'

/**
 * Fluent Bit's winevtlog input (fluent/fluent-bit, plugins/in_winevtlog/pack.c). EventData's values come as the list StringInserts, without their
 * names; for known events the names are put back by position. TimeCreated is local time with its zone: `2023-06-01 10:00:00 +0200`.
 */
export const fluentBit: WindowsFlavour = {
  name: 'fluent-bit',
  title: 'Fluent Bit (winevtlog)',
  needs: [['ProviderName'], ['EventID'], ['Channel'], ['Computer'], ['TimeCreated']],
  channel: ['Channel'],
  eventId: ['EventID'],
  provider: ['ProviderName'],
  computer: ['Computer'],
  recordId: ['EventRecordID'],
  time: [{ name: 'TimeCreated' }, { name: 'date' }],
  data: [],
  packed: [{ name: 'StringInserts', as: 'inserts' }],
  fields: {
    ProviderName: 'Provider_Name',
    ProviderGuid: 'Provider_Guid',
    ProcessID: 'Execution_ProcessID',
    UserID: 'Security_UserID',
  },
}

/** The older winlog input (plugins/in_winlog). */
export const fluentBitWinlog: WindowsFlavour = {
  name: 'fluent-bit-winlog',
  title: 'Fluent Bit (winlog)',
  needs: [['SourceName'], ['EventID'], ['Channel'], ['ComputerName'], ['TimeGenerated', 'TimeWritten']],
  channel: ['Channel'],
  eventId: ['EventID'],
  provider: ['SourceName'],
  computer: ['ComputerName'],
  recordId: ['RecordNumber'],
  time: [{ name: 'TimeGenerated' }, { name: 'TimeWritten' }, { name: 'date' }],
  data: [],
  packed: [{ name: 'StringInserts', as: 'inserts' }],
  fields: { SourceName: 'Provider_Name', ComputerName: 'Computer', RecordNumber: 'EventRecordID' },
}
