// Windows events as Graylog keeps them: an export of messages, its search API, its indices, and GELF on the way there. Graylog flattens nested fields with underscores
// (graylog2-server, BeatsCodec) and takes `timestamp` and `source` for its own.
import type { WindowsFlavour } from '../flavour.ts'

const TIME = [{ name: 'timestamp', zone: 'utc' }] as const
const HOST = ['source', 'host']

/** Names of a beat's field below `prefix`: `winlogbeat_winlog_event_data_Image` is Image. */
const below =
  (prefix: string) =>
  ([name]: readonly string[]): string[] => {
    if (!name?.startsWith(prefix)) return []
    const own = /^(?:event|user)_data_(.+)$/.exec(name.slice(prefix.length))
    return own ? [own[1]] : []
  }

/** Winlogbeat 7 and 8 through the Beats input, with the beat's name in front or, where the input is set so, without. */
const beats = (name: string, prefix: string): WindowsFlavour => ({
  name,
  title: 'Winlogbeat through Graylog',
  needs: [[`${prefix}event_id`], [`${prefix}channel`, `${prefix}provider_name`], ['timestamp']],
  channel: [`${prefix}channel`],
  eventId: [`${prefix}event_id`],
  provider: [`${prefix}provider_name`],
  computer: [`${prefix}computer_name`, ...HOST],
  recordId: [`${prefix}record_id`],
  time: TIME,
  data: [],
  fields: { [`${prefix}computer_name`]: 'Computer', [`${prefix}record_id`]: 'EventRecordID', message: 'Message' },
  names: below(prefix),
})

export const graylogBeats: WindowsFlavour = beats('graylog-beats', 'winlogbeat_winlog_')
export const graylogBeatsBare: WindowsFlavour = beats('graylog-beats-bare', 'winlog_')

/** Winlogbeat 6: no `winlog` in between, and the channel is log_name. */
export const graylogBeats6: WindowsFlavour = {
  ...beats('graylog-beats6', 'winlogbeat_'),
  needs: [['winlogbeat_event_id'], ['winlogbeat_log_name'], ['timestamp']],
  channel: ['winlogbeat_log_name'],
  provider: ['winlogbeat_source_name'],
  recordId: ['winlogbeat_record_number'],
}

/** NXLog's fields through its xm_gelf: Hostname and EventTime became `source` and `timestamp`. */
export const graylogNxlog: WindowsFlavour = {
  name: 'graylog-nxlog',
  title: 'NXLog through Graylog',
  needs: [['EventID'], ['SourceName'], ['timestamp'], ['source', 'gl2_source_input']],
  channel: ['Channel'],
  eventId: ['EventID'],
  provider: ['SourceName'],
  computer: HOST,
  recordId: ['RecordNumber'],
  time: TIME,
  data: [],
  renames: { source: 'Computer' },
  fields: {
    full_message: 'Data',
    SourceName: 'Provider_Name',
    RecordNumber: 'EventRecordID',
    ProviderGuid: 'Provider_Guid',
  },
}

/** GELF itself (Graylog documentation, "GELF", payload specification): fields besides its own begin with an underscore; the time counts seconds. */
export const gelf: WindowsFlavour = {
  name: 'gelf',
  title: 'GELF (NXLog)',
  needs: [['_EventID'], ['_SourceName'], ['timestamp'], ['host'], ['short_message']],
  channel: ['_Channel'],
  eventId: ['_EventID'],
  provider: ['_SourceName'],
  computer: ['host'],
  recordId: ['_RecordNumber'],
  time: TIME,
  data: [],
  fields: { full_message: 'Data', _SourceName: 'Provider_Name', _RecordNumber: 'EventRecordID', host: 'Computer' },
  names: ([name]) => (name?.startsWith('_') ? [name.slice(1)] : []),
}
