import type { WindowsFlavour } from '../flavour.ts'

/**
 * Channel, host, time and the event’s own fields side by side, and nothing of the provider: what scripts around Get-WinEvent write (OTRF’s Export-WinEvents in
 * its first form). Get-WinEvent’s TimeCreated is local time; Sysmon’s UtcTime beside it tells by how much.
 */
export const flat: WindowsFlavour = {
  name: 'flat',
  title: 'flat, without the provider (Get-WinEvent scripts)',
  needs: [['EventID'], ['Channel'], ['Hostname'], ['TimeCreated']],
  lacks: ['SourceName', 'ProviderGuid', 'ProviderName', 'Provider', 'EventTime', 'EventReceivedTime', '@timestamp'],
  channel: ['Channel'],
  eventId: ['EventID'],
  provider: [],
  computer: ['Hostname'],
  recordId: ['RecordNumber', 'EventRecordID', 'RecordId'],
  time: [{ name: 'TimeCreated', provenBy: 'UtcTime' }],
  data: [],
  fields: { Message: 'Data', Hostname: 'Computer' },
}
