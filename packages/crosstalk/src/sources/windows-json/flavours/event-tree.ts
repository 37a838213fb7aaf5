import type { WindowsFlavour } from '../flavour.ts'

/**
 * The event's XML tree as JSON, as evtx_dump (`#attributes`), Chainsaw (`_attributes`) and XML-to-JSON converters (`@Name`) write it.
 * EventID is a number, a string, or an object with its text when it has Qualifiers.
 */
export const eventTree: WindowsFlavour = {
  name: 'event-tree',
  title: 'Event XML as a JSON tree (evtx_dump, Chainsaw)',
  needs: [
    ['Event.System.EventID', 'Event.System.EventID.#text', 'Event.System.EventID._text'],
    ['Event.System.Channel', 'Event.System.Computer'],
  ],
  channel: ['Event.System.Channel'],
  eventId: ['Event.System.EventID', 'Event.System.EventID.#text', 'Event.System.EventID._text'],
  provider: [
    'Event.System.Provider.#attributes.Name',
    'Event.System.Provider_attributes.Name',
    'Event.System.Provider.@Name',
    'Event.System.Provider.Name',
  ],
  computer: ['Event.System.Computer'],
  recordId: ['Event.System.EventRecordID'],
  time: [
    { name: 'Event.System.TimeCreated.#attributes.SystemTime', zone: 'utc' },
    { name: 'Event.System.TimeCreated_attributes.SystemTime', zone: 'utc' },
    { name: 'Event.System.TimeCreated.@SystemTime', zone: 'utc' },
    { name: 'Event.System.TimeCreated.SystemTime', zone: 'utc' },
  ],
  data: ['Event.EventData', 'Event.System'],
  leaves: ['Event.UserData'],
  packed: [{ name: 'Event.EventData.Data', as: 'named-list' }],
  fields: {
    'Event.EventData.Data.#text': 'Data',
    'Event.System.Provider.#attributes.Guid': 'Provider_Guid',
    'Event.System.Provider_attributes.Guid': 'Provider_Guid',
    'Event.System.Security.#attributes.UserID': 'Security_UserID',
    'Event.System.Security_attributes.UserID': 'Security_UserID',
    'Event.System.Execution.#attributes.ProcessID': 'Execution_ProcessID',
    'Event.System.Execution_attributes.ProcessID': 'Execution_ProcessID',
    'Event.System.Provider.@Guid': 'Provider_Guid',
    'Event.System.Security.@UserID': 'Security_UserID',
    'Event.System.Execution.@ProcessID': 'Execution_ProcessID',
  },
}
