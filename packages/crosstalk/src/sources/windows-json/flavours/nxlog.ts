import type { WindowsFlavour } from '../flavour.ts'

/**
 * NXLog's im_msvistalog through to_json, as OTRF's Security Datasets (Mordor) publish it: EventData's fields flat beside the system's.
 * NXLog Reference Manual, "Event Log for Windows Vista/2008/later (im_msvistalog)", fields.
 *
 * EventTime and EventReceivedTime are the collector's local time, in whole seconds, without a zone; @timestamp is when Logstash took the event,
 * in UTC. So the difference of EventReceivedTime and @timestamp is the zone, whatever `--tz` says.
 * Sysmon's UtcTime, which may be seconds to days before the event was logged, only adds the milliseconds.
 * Files without EventTime come from a converter that wrote TimeCreated in local time, on a twelve-hour clock at that, and marked it as UTC;
 * Sysmon's UtcTime beside it tells by how much it is wrong.
 */
export const nxlog: WindowsFlavour = {
  name: 'nxlog',
  title: 'NXLog, flat (OTRF Security Datasets)',
  needs: [
    ['EventID'],
    ['Channel'],
    ['SourceName', 'ProviderGuid'],
    ['EventTime', 'EventReceivedTime', 'TimeCreated', '@timestamp'],
  ],
  channel: ['Channel'],
  eventId: ['EventID'],
  provider: ['SourceName'],
  computer: ['Hostname', 'Computer'],
  recordId: ['RecordNumber', 'EventRecordID'],
  time: [
    { name: 'EventTime', zoneFrom: { local: 'EventReceivedTime', utc: '@timestamp' }, refinedBy: 'UtcTime' },
    { name: 'TimeCreated', provenBy: 'UtcTime' },
    { name: '@timestamp' },
    { name: 'EventReceivedTime' },
  ],
  data: [],
  // Data: what classic providers (Windows PowerShell, MsiInstaller …) log without names, NXLog keeps only in the message.
  fields: {
    Message: 'Data',
    Hostname: 'Computer',
    SourceName: 'Provider_Name',
    RecordNumber: 'EventRecordID',
    ProviderGuid: 'Provider_Guid',
  },
}
