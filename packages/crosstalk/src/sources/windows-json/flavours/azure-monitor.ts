import type { WindowsFlavour } from '../flavour.ts'

/** Azure Monitor's table SecurityEvent (Azure Monitor reference, "SecurityEvent"): columns bear the event's own names. */
export const securityEvent: WindowsFlavour = {
  name: 'azure-security-event',
  title: 'Azure Monitor SecurityEvent',
  needs: [['EventID'], ['Computer'], ['TimeGenerated', 'TimeGenerated [UTC]'], ['EventSourceName', 'Activity']],
  channel: ['Channel'],
  eventId: ['EventID'],
  provider: ['EventSourceName'],
  computer: ['Computer'],
  recordId: ['EventRecordId'],
  time: [
    { name: 'TimeCreated', zone: 'utc' },
    { name: 'TimeGenerated', zone: 'utc' },
    { name: 'TimeGenerated [UTC]', zone: 'utc' },
  ],
  data: [],
  packed: [{ name: 'EventData', as: 'xml' }],
  defaultChannel: 'Security',
  fields: { EventSourceName: 'Provider_Name', EventRecordId: 'EventRecordID', EventLevelName: 'Level' },
}

/** The table Event: EventData is XML in a string. */
export const event: WindowsFlavour = {
  name: 'azure-event',
  title: 'Azure Monitor Event',
  needs: [['EventID'], ['EventLog'], ['Source'], ['Computer'], ['TimeGenerated', 'TimeGenerated [UTC]']],
  channel: ['EventLog'],
  eventId: ['EventID'],
  provider: ['Source'],
  computer: ['Computer'],
  recordId: ['EventRecordId'],
  time: [
    { name: 'TimeGenerated', zone: 'utc' },
    { name: 'TimeGenerated [UTC]', zone: 'utc' },
  ],
  data: [],
  packed: [{ name: 'EventData', as: 'xml' }],
  fields: {
    Source: 'Provider_Name',
    EventRecordId: 'EventRecordID',
    RenderedDescription: 'Message',
    EventLevelName: 'Level',
    UserName: 'UserName',
  },
}

/** The table WindowsEvent: EventData is an object, or one in a string. */
export const windowsEvent: WindowsFlavour = {
  name: 'azure-windows-event',
  title: 'Azure Monitor WindowsEvent',
  needs: [
    ['EventID'],
    ['Channel'],
    ['Provider'],
    ['Computer'],
    ['TimeGenerated', 'TimeGenerated [UTC]', 'TimeCreated'],
  ],
  lacks: ['EventTime', 'SourceName'],
  channel: ['Channel'],
  eventId: ['EventID'],
  provider: ['Provider'],
  computer: ['Computer'],
  recordId: ['EventRecordId', 'EventRecordID'],
  time: [
    { name: 'TimeCreated', zone: 'utc' },
    { name: 'TimeGenerated', zone: 'utc' },
    { name: 'TimeGenerated [UTC]', zone: 'utc' },
  ],
  data: ['EventData'],
  packed: [{ name: 'EventData', as: 'json' }],
  fields: { Provider: 'Provider_Name', EventRecordId: 'EventRecordID', EventLevelName: 'Level' },
}
