// A Windows event in the forms in which collectors keep it, each as its own documentation or source has it (docs/formats), with what it loses on the way.

export interface PlainEvent {
  readonly provider: string
  readonly channel: string
  readonly id: number
  readonly host: string
  /** ISO 8601, UTC */
  readonly time: string
  /** event data in the order of its template */
  readonly data: readonly (readonly [name: string, value: string])[]
}

const SYSMON = 'Microsoft-Windows-Sysmon'
const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
const object = ({ data }: PlainEvent) => Object.fromEntries(data)
const withoutEmpty = ({ data }: PlainEvent) => data.filter(([, value]) => value !== '')
const clock = ({ time }: PlainEvent): string => time.slice(0, 19).replace('T', ' ')
/** Collectors that know a value's type write its number. */
const typed = (value: string): string | number => (/^[1-9]\d{0,8}$/.test(value) ? Number(value) : value)
const typedData = ({ data }: PlainEvent) => Object.fromEntries(data.map(([name, value]) => [name, typed(value)]))
const elements = ({ data }: PlainEvent): string =>
  data.map(([name, value]) => `<Data Name="${name}">${escaped(value)}</Data>`).join('')

const xml = (event: PlainEvent): string =>
  `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="${event.provider}"/><EventID>${event.id}</EventID><TimeCreated SystemTime="${event.time}"/><EventRecordID>1</EventRecordID><Channel>${event.channel}</Channel><Computer>${event.host}</Computer></System><EventData>${elements(event)}</EventData></Event>`

const splunk = (event: PlainEvent, raw: string) => ({
  result: { _raw: raw, _time: event.time, host: event.host, sourcetype: 'x' },
})

const winlog = (event: PlainEvent, data: object) => ({
  channel: event.channel,
  event_id: String(event.id),
  provider_name: event.provider,
  computer_name: event.host,
  record_id: 1,
  event_data: data,
})

/** Undefined: the form cannot hold the event. A text is a line as it stands, an object becomes JSON. */
export const FORMS: Readonly<Record<string, (event: PlainEvent) => string | object | undefined>> = {
  'Windows event XML': xml,
  'Winlogbeat 7': (event) => ({ '@timestamp': event.time, winlog: winlog(event, object(event)) }),
  'Winlogbeat 8 (empty fields lost)': (event) => ({
    '@timestamp': event.time,
    event: { code: String(event.id), provider: event.provider },
    agent: { type: 'winlogbeat' },
    host: { name: event.host.toLowerCase() },
    winlog: winlog(event, Object.fromEntries(withoutEmpty(event))),
  }),
  'Elasticsearch export': (event) => ({
    _index: 'logs',
    _source: { '@timestamp': event.time, winlog: winlog(event, object(event)) },
  }),
  NXLog: (event) => ({
    EventTime: clock(event),
    Hostname: event.host,
    EventID: event.id,
    SourceName: event.provider,
    RecordNumber: 1,
    Channel: event.channel,
    ...typedData(event),
    Message: 'x',
    EventReceivedTime: clock(event),
    SourceModuleName: 'in',
    SourceModuleType: 'im_msvistalog',
  }),
  'Fluent Bit (values by position)': (event) => ({
    ProviderName: event.provider,
    EventID: event.id,
    TimeCreated: `${clock(event)} +0000`,
    EventRecordID: 1,
    Channel: event.channel,
    Computer: event.host,
    Message: 'x',
    StringInserts: event.data.map(([, value]) => typed(value)),
  }),
  evtx_dump: (event) => ({
    Event: {
      System: {
        Provider: { '#attributes': { Name: event.provider } },
        EventID: event.id,
        TimeCreated: { '#attributes': { SystemTime: event.time } },
        EventRecordID: 1,
        Channel: event.channel,
        Computer: event.host,
      },
      EventData: typedData(event),
    },
  }),
  EvtxECmd: (event) => ({
    MapDescription: 'x',
    ChunkNumber: 0,
    Computer: event.host,
    Payload: JSON.stringify({
      EventData: { Data: event.data.map(([name, value]) => ({ '@Name': name, '#text': value })) },
    }),
    Channel: event.channel,
    Provider: event.provider,
    EventId: event.id,
    EventRecordId: '1',
    Level: 'Info',
    SourceFile: 'a.evtx',
    TimeCreated: event.time,
    RecordNumber: 1,
  }),
  'Velociraptor (hexadecimal lost)': (event) => ({
    EventTime: event.time,
    Computer: event.host,
    Channel: event.channel,
    Provider: event.provider,
    EventID: event.id,
    EventRecordID: 1,
    EventData: Object.fromEntries(
      event.data.map(([name, value]) => [name, /^0x[0-9a-f]{1,12}$/.test(value) ? Number(value) : value]),
    ),
    Message: 'x',
  }),
  'Azure Monitor Event': (event) => ({
    TimeGenerated: event.time,
    Source: event.provider,
    EventLog: event.channel,
    Computer: event.host,
    EventID: event.id,
    EventData: `<DataItem type="System.XmlData"><EventData xmlns="http://schemas.microsoft.com/win/2004/08/events/event">${elements(event)}</EventData></DataItem>`,
    Type: 'Event',
    RenderedDescription: 'x',
    EventLevelName: 'Information',
  }),
  'Azure Monitor WindowsEvent': (event) => ({
    TimeGenerated: event.time,
    Provider: event.provider,
    Channel: event.channel,
    Computer: event.host,
    EventID: event.id,
    EventData: object(event),
    Type: 'WindowsEvent',
    EventRecordId: '1',
  }),
  'Graylog, Winlogbeat': (event) => ({
    gl2_source_input: 'x',
    source: event.host,
    timestamp: event.time,
    message: 'x',
    winlogbeat_winlog_event_id: String(event.id),
    winlogbeat_winlog_channel: event.channel,
    winlogbeat_winlog_provider_name: event.provider,
    winlogbeat_winlog_computer_name: event.host,
    ...Object.fromEntries(event.data.map(([name, value]) => [`winlogbeat_winlog_event_data_${name}`, value])),
  }),
  'Wazuh (empty fields and `-` lost)': (event) => ({
    timestamp: '2024-05-14T09:00:00.500+0000',
    agent: { id: '1', name: 'x' },
    manager: { name: 'w' },
    data: {
      win: {
        system: {
          providerName: event.provider,
          eventID: String(event.id),
          systemTime: event.time,
          eventRecordID: '1',
          channel: event.channel,
          computer: event.host,
        },
        eventdata: Object.fromEntries(
          withoutEmpty(event)
            .filter(([, value]) => value !== '-')
            .map(([name, value]) => [
              name.charAt(0).toLowerCase() + name.slice(1),
              value.replace(/\\/g, '\\\\').replace(/"/g, '\\"'),
            ]),
        ),
      },
    },
  }),
  'Splunk, XML': (event) => splunk(event, xml(event)),
  'Splunk, text (Sysmon)': (event) =>
    event.provider === SYSMON
      ? splunk(
          event,
          `05/14/2024 09:00:00.000 AM\nLogName=${event.channel}\nEventCode=${event.id}\nEventType=4\nComputerName=${event.host}\nSourceName=${event.provider}\nRecordNumber=1\nMessage=Title:\n${event.data.map(([name, value]) => `${name}: ${value}`).join('\n')}`,
        )
      : undefined,
}
