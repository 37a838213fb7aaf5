import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type ReadEvent, readAll } from '../reading.ts'
import { windowsJson } from './windows-json.ts'

/** The one event of one record. */
async function one(record: object, zone = 0): Promise<ReadEvent> {
  const text = JSON.stringify(record)
  assert.ok(windowsJson.detect(Buffer.from(text), 'x') > 0.5)
  const { events, skips } = await readAll(windowsJson, text, { zone })
  assert.deepEqual(skips, [])
  assert.equal(events.length, 1)
  return events[0]
}

const SYSMON = 'Microsoft-Windows-Sysmon'
const SYSMON_LOG = `${SYSMON}/Operational`
const AUDITING = 'Microsoft-Windows-Security-Auditing'

/** The event that each flavour below writes in its own way. */
function assertPipeEvent(event: ReadEvent, time: string): void {
  assert.deepEqual(
    [event.time, event.host, event.recordId, event.channel, event.eventId, event.provider],
    [time, 'WS1.corp.example', 77, SYSMON_LOG, 17, SYSMON],
  )
  assert.equal(event.logSources, 'pipe_created/sysmon sysmon')
  const names = ['EventID', 'Channel', 'Provider_Name', 'Computer', 'PipeName', 'Image', 'ProcessId', 'EventRecordID']
  assert.deepEqual(names.map(event.field), [
    '17',
    SYSMON_LOG,
    SYSMON,
    'WS1.corp.example',
    '\\msagent_1',
    'C:\\a\\evil.exe',
    '4321',
    '77',
  ])
}

const DATA = {
  UtcTime: '2020-08-05 06:09:27.568',
  ProcessId: '4321',
  PipeName: '\\msagent_1',
  Image: 'C:\\a\\evil.exe',
}

describe('a pipe event of Sysmon is the same event, whoever wrote it:', () => {
  test('flat, of a script that writes no provider', async () => {
    const event = await one({
      ...DATA,
      TimeCreated: '2020-08-05 02:09:27.568',
      Hostname: 'WS1.corp.example',
      EventID: 17,
      Channel: SYSMON_LOG,
    })
    assert.deepEqual(
      [event.time, event.host, event.channel, event.eventId, event.logSources, event.field('PipeName')],
      ['2020-08-05T06:09:27.568000Z', 'WS1.corp.example', SYSMON_LOG, 17, 'pipe_created/sysmon sysmon', '\\msagent_1'],
    )
  })
  test('NXLog, local times and the zone between two of them', async () => {
    const event = await one({
      ...DATA,
      EventTime: '2020-08-05 02:09:27',
      EventReceivedTime: '2020-08-05 02:09:29',
      '@timestamp': '2020-08-05T06:09:29.626Z',
      Hostname: 'WS1.corp.example',
      EventID: 17,
      Channel: SYSMON_LOG,
      SourceName: SYSMON,
      RecordNumber: 77,
    })
    assertPipeEvent(event, '2020-08-05T06:09:27.568000Z')
  })
  test('Winlogbeat 7', async () => {
    const event = await one({
      '@timestamp': '2020-08-05T06:09:27.570Z',
      winlog: {
        channel: SYSMON_LOG,
        provider_name: SYSMON,
        event_id: 17,
        record_id: 77,
        computer_name: 'WS1.corp.example',
        event_data: DATA,
      },
      host: { name: 'other' },
    })
    assertPipeEvent(event, '2020-08-05T06:09:27.570000Z')
    assert.equal(event.field('winlog.event_data.PipeName'), '\\msagent_1')
  })
  test('Winlogbeat 8 through its sysmon pipeline, as an Elasticsearch document', async () => {
    const event = await one({
      _index: 'winlogbeat-8',
      _source: {
        '@timestamp': '2020-08-05T06:09:27.568Z',
        winlog: {
          channel: SYSMON_LOG,
          provider_name: SYSMON,
          event_id: '17',
          record_id: '77',
          computer_name: 'WS1.corp.example',
        },
        event: { code: '17' },
        process: { pid: 4321, executable: 'C:\\a\\evil.exe', name: 'evil.exe' },
        file: { name: '\\msagent_1' },
        user: { domain: 'CORP', name: 'bob' },
      },
    })
    assertPipeEvent(event, '2020-08-05T06:09:27.568000Z')
    assert.equal(event.field('User'), 'CORP\\bob')
    assert.equal(event.field('process.executable'), 'C:\\a\\evil.exe')
  })
  test('Fluent Bit, values without names', async () => {
    const event = await one({
      date: 1596607767.6,
      ProviderName: SYSMON,
      ProviderGuid: '{5770385F-C22A-43E0-BF4C-06F5698FFBD9}',
      EventID: 17,
      Version: 1,
      TimeCreated: '2020-08-05 08:09:27 +0200',
      EventRecordID: 77,
      ProcessID: 2,
      Channel: SYSMON_LOG,
      Computer: 'WS1.corp.example',
      Message: 'Pipe Created',
      StringInserts: ['-', 'CreatePipe', DATA.UtcTime, '{0}', '4321', '\\msagent_1', 'C:\\a\\evil.exe'],
    })
    assertPipeEvent(event, '2020-08-05T06:09:27.000000Z')
    assert.equal(event.field('EventType'), 'CreatePipe')
    assert.equal(event.field('Execution_ProcessID'), '2')
  })
  test('Velociraptor, as parsed', async () => {
    const event = await one({
      System: {
        Provider: { Name: SYSMON, Guid: '{0}' },
        EventID: { Value: 17 },
        TimeCreated: { SystemTime: 1596607767.568123 },
        EventRecordID: 77,
        Channel: SYSMON_LOG,
        Computer: 'WS1.corp.example',
      },
      EventData: DATA,
      Message: '',
    })
    assertPipeEvent(event, '2020-08-05T06:09:27.568123Z')
  })
  test('Velociraptor, columns of an artifact', async () => {
    const event = await one({
      EventTime: '2020-08-05T06:09:27Z',
      Computer: 'WS1.corp.example',
      Channel: SYSMON_LOG,
      Provider: SYSMON,
      EventID: 17,
      EventRecordID: 77,
      UserSID: 'S-1-5-18',
      EventData: DATA,
      UserData: null,
      Message: 'x',
      OSPath: 'C:\\x.evtx',
    })
    assertPipeEvent(event, '2020-08-05T06:09:27.000000Z')
  })
  test('EvtxECmd, the data as JSON in a string', async () => {
    const Data = Object.entries(DATA).map(([name, text]) => ({ '@Name': name, '#text': text }))
    const event = await one({
      PayloadData1: 'x',
      UserName: 'SYSTEM',
      Computer: 'WS1.corp.example',
      Payload: JSON.stringify({ EventData: { Data } }),
      Channel: SYSMON_LOG,
      Provider: SYSMON,
      EventId: 17,
      EventRecordId: '77',
      ProcessId: 1,
      ThreadId: 2,
      Level: 'Info',
      TimeCreated: '2020-08-05T06:09:27.5681234+00:00',
      RecordNumber: 3,
    })
    assertPipeEvent(event, '2020-08-05T06:09:27.568123Z')
  })
  test('evtx_dump', async () => {
    const event = await one({
      Event: {
        '#attributes': { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
        System: {
          Provider: { '#attributes': { Name: SYSMON, Guid: '{0}' } },
          EventID: 17,
          TimeCreated: { '#attributes': { SystemTime: '2020-08-05T06:09:27.568123Z' } },
          EventRecordID: 77,
          Execution: { '#attributes': { ProcessID: 2, ThreadID: 3 } },
          Channel: SYSMON_LOG,
          Computer: 'WS1.corp.example',
        },
        EventData: DATA,
      },
    })
    assertPipeEvent(event, '2020-08-05T06:09:27.568123Z')
  })
  test('XML turned into JSON, data as a list of names and texts', async () => {
    const event = await one({
      Event: {
        System: {
          Provider: { '@Name': SYSMON },
          EventID: { '#text': '17' },
          TimeCreated: { '@SystemTime': '2020-08-05T06:09:27.568123Z' },
          EventRecordID: '77',
          Channel: SYSMON_LOG,
          Computer: 'WS1.corp.example',
        },
        EventData: { Data: Object.entries(DATA).map(([name, text]) => ({ '@Name': name, '#text': text })) },
      },
    })
    assertPipeEvent(event, '2020-08-05T06:09:27.568123Z')
  })
  test('Azure Monitor Event, the data as XML in a string', async () => {
    const items = Object.entries(DATA).map(([name, text]) => `<Data Name="${name}">${text}</Data>`)
    const event = await one({
      TimeGenerated: '2020-08-05T06:09:27.568Z',
      Source: SYSMON,
      EventLog: SYSMON_LOG,
      Computer: 'WS1.corp.example',
      EventID: 17,
      EventRecordId: '77',
      EventData: `<DataItem type="System.XmlData"><EventData xmlns="x">${items.join('')}</EventData></DataItem>`,
      RenderedDescription: 'x',
    })
    assertPipeEvent(event, '2020-08-05T06:09:27.568000Z')
  })
  test('Azure Monitor WindowsEvent', async () => {
    const event = await one({
      TimeGenerated: '2020-08-05T06:09:27.568Z',
      Provider: SYSMON,
      Channel: SYSMON_LOG,
      Computer: 'WS1.corp.example',
      EventID: 17,
      EventRecordId: '77',
      EventData: JSON.stringify(DATA),
    })
    assertPipeEvent(event, '2020-08-05T06:09:27.568000Z')
  })
})

describe('other events', () => {
  test('4688 is a process creation with Sigma’s names, in Azure Monitor SecurityEvent', async () => {
    const event = await one({
      TimeGenerated: '2020-08-05T06:09:27.568Z',
      Computer: 'WS1',
      EventSourceName: AUDITING,
      Channel: 'Security',
      Activity: '4688 - A new process has been created.',
      EventID: 4688,
      NewProcessName: 'C:\\cmd.exe',
      ParentProcessName: 'C:\\explorer.exe',
      CommandLine: 'cmd',
      SubjectUserName: 'bob',
    })
    assert.equal(event.logSources, 'process_creation security')
    assert.deepEqual(['Image', 'ParentImage', 'CommandLine', 'User'].map(event.field), [
      'C:\\cmd.exe',
      'C:\\explorer.exe',
      'cmd',
      'bob',
    ])
  })
  test('RPC Firewall’s values get their names, and its rules their log source', async () => {
    const inserts = [
      'func',
      '700',
      'C:\\lsass.exe',
      'ncacn_np',
      '\\PIPE\\lsass',
      '10.0.0.5',
      'e3514235-4b06-11d1-ab04-00c04fc2dcd2',
      '3',
      'S-1-5-21-1',
      'x',
      'y',
      '5000',
    ]
    const event = await one({
      ProviderName: 'RPCFW',
      EventID: 3,
      Channel: 'RPCFW',
      Computer: 'DC1',
      TimeCreated: '2023-01-01 00:00:00 +0000',
      StringInserts: inserts,
    })
    assert.match(event.logSources, /application/)
    assert.deepEqual(['EventLog', 'InterfaceUuid', 'OpNum', 'SourceNetworkAddress'].map(event.field), [
      'RPCFW',
      'e3514235-4b06-11d1-ab04-00c04fc2dcd2',
      '3',
      '10.0.0.5',
    ])
  })
  test('SilkETW: an event bears its id where its name tells it, else its name', async () => {
    const event = await one({
      ProviderGuid: '6ad52b32-d609-4be9-ae07-ce8dae937e39',
      YaraMatch: [],
      ProviderName: 'Microsoft-Windows-RPC',
      EventName: 'RpcServerCall/Start',
      TimeStamp: '2019-03-03T18:58:26.8139412+00:00',
      ProcessID: 4,
      XmlEventData: { InterfaceUuid: '367abb81-9844-35f1-ad32-98f038001003', ProcNum: '12', PID: '4' },
    })
    assert.deepEqual(
      [event.time, event.eventId, event.channel],
      ['2019-03-03T18:58:26.813941Z', 6, 'Microsoft-Windows-RPC'],
    )
    assert.deepEqual(['ProcNum', 'EventName', 'EventID'].map(event.field), ['12', 'RpcServerCall/Start', '6'])
    const other = {
      ProviderName: 'Microsoft-Windows-DotNETRuntime',
      EventName: 'Loader/ModuleLoad',
      TimeStamp: '2019-03-03T18:58:26Z',
    }
    assert.equal((await one({ ...other, XmlEventData: { ModuleID: '1' } })).eventId, 'Loader/ModuleLoad')
  })
  test('Sealighter', async () => {
    const event = await one({
      header: {
        event_id: 6,
        process_id: 4,
        provider_name: 'Microsoft-Windows-RPC',
        task_name: 'RpcServerCall',
        timestamp: '2020-05-17 11:54:24Z',
      },
      properties: { InterfaceUuid: '{367ABB81}', ProcNum: 12 },
      property_types: { ProcNum: 'UINT32' },
    })
    assert.deepEqual(
      [event.time, event.eventId, event.provider],
      ['2020-05-17T11:54:24.000000Z', 6, 'Microsoft-Windows-RPC'],
    )
    assert.deepEqual(['InterfaceUuid', 'ProcNum', 'Execution_ProcessID'].map(event.field), ['{367ABB81}', '12', '4'])
  })
  test('what classic providers log without names is Data', async () => {
    const nxlog = {
      EventID: 400,
      Channel: 'Windows PowerShell',
      SourceName: 'PowerShell',
      EventTime: '2020-01-01 00:00:00',
      Hostname: 'h',
      Message: 'HostVersion=2.0',
    }
    assert.equal((await one(nxlog)).field('Data'), 'HostVersion=2.0')
    const winlogbeat = {
      '@timestamp': '2020-01-01T00:00:00Z',
      winlog: {
        channel: 'Windows PowerShell',
        provider_name: 'PowerShell',
        event_id: 400,
        event_data: { param1: 'Available', param2: 'None' },
      },
    }
    assert.equal((await one(winlogbeat)).field('Data'), '["Available","None"]')
  })
  test('UserData’s leaves are fields', async () => {
    const event = await one({
      Event: {
        System: {
          Provider: { '#attributes': { Name: 'Microsoft-Windows-WMI-Activity' } },
          EventID: 5861,
          Channel: 'Microsoft-Windows-WMI-Activity/Operational',
          Computer: 'h',
        },
        UserData: { Operation_ESStoConsumerBinding: { CONSUMER: 'evil', Namespace: '//./root' } },
      },
    })
    assert.equal(event.field('CONSUMER'), 'evil')
    assert.equal(event.logSources, 'wmi')
  })
})

describe('time', () => {
  const base = { EventID: 4624, Channel: 'Security', SourceName: AUDITING, Hostname: 'h' }
  test('without a zone is in the zone that the user gave', async () => {
    assert.equal((await one({ ...base, EventTime: '2020-08-05 02:09:27' }, -240)).time, '2020-08-05T06:09:27.000000Z')
  })
  test('that is local though marked as UTC is moved as Sysmon’s UtcTime proves, for events before it too', async () => {
    const lines = [
      { ...base, TimeCreated: '2020-10-26T11:58:27.997Z' },
      {
        ...base,
        EventID: 1,
        Channel: SYSMON_LOG,
        SourceName: SYSMON,
        UtcTime: '2020-10-27 03:58:27.797',
        TimeCreated: '2020-10-26T11:58:27.799Z',
      },
      { ...base, TimeCreated: '2020-10-26T11:58:30Z' },
    ]
    const { events } = await readAll(windowsJson, lines.map((line) => JSON.stringify(line)).join('\n'))
    assert.deepEqual(
      events.map(({ time }) => time),
      ['2020-10-27T03:58:27.997000Z', '2020-10-27T03:58:27.799000Z', '2020-10-27T03:58:30.000000Z'],
    )
  })
  test('of Sysmon adds milliseconds only where it is the same moment', async () => {
    const times = { EventTime: '2020-08-05 06:09:27', UtcTime: '2020-08-05 05:00:00.123' }
    assert.equal((await one({ ...base, ...times })).time, '2020-08-05T06:09:27.000000Z')
  })
  test('that cannot be read is none', async () => {
    assert.equal((await one({ ...base, EventTime: 'soon' })).time, 'none')
  })
})

describe('a stream', () => {
  const record = (fields: object): string =>
    JSON.stringify({ EventID: 1, Channel: SYSMON_LOG, SourceName: SYSMON, EventTime: '2020-01-01 00:00:00', ...fields })
  test('of one kind of events has one shape, whatever the order and the lack of fields', async () => {
    const shapes = new Set<unknown>()
    const text = [record({ a: 1, b: 2 }), record({ b: 2, a: 1 }), record({ a: 1 }), record({ b: 'x' })].join('\n')
    await windowsJson.read(
      {
        name: 'x',
        async *open() {
          yield Buffer.from(text)
        },
      },
      undefined,
      {},
      (event) => shapes.add(event.shape),
      (skip) => assert.fail(skip.reason),
    )
    assert.equal(shapes.size, 1)
  })
  test('names what it skips', async () => {
    const { events, skips } = await readAll(windowsJson, `${record({})}\n{"x":1}\nnot\n{"EventID":\n\n${record({})}`)
    assert.equal(events.length, 2)
    const first = record({}).length + 1
    assert.deepEqual(skips, [
      { reason: 'JSON of no known form (keys: x)', offset: first, bytes: 7 },
      { reason: 'not JSON', offset: first + 8, bytes: 3 },
      { reason: 'broken JSON: the record is cut off', offset: first + 12, bytes: 11 },
    ])
  })
  test('points back to the record’s bytes', async () => {
    const text = `\ufeff${record({ x: 'é' })}\r\n  ${record({ y: 1 })}`
    const { events } = await readAll(windowsJson, text)
    const bytes = Buffer.from(text)
    assert.deepEqual(
      events.map(({ offset, length }) => bytes.toString('utf8', offset, offset + length)),
      [record({ x: 'é' }), record({ y: 1 })],
    )
    assert.deepEqual(
      events.map(({ json }) => json),
      [record({ x: 'é' }), record({ y: 1 })],
    )
  })
  test('gives a text where a number stood as it stood', async () => {
    const { events } = await readAll(windowsJson, record({ n: 1, t: '1', b: true, z: null, l: ['a', 2] }))
    assert.deepEqual(
      [events[0].fields.n, events[0].fields.t, events[0].fields.b, events[0].fields.z, events[0].fields.l],
      ['1', '1', 'true', undefined, '["a",2]'],
    )
  })
})

describe('detect', () => {
  test('says no to what is no Windows event', () => {
    for (const text of [
      '',
      'x',
      '{}',
      '{"a":1}\n{"a":2}',
      '[]',
      '[1,2]',
      '{"EventID":1}',
      '<Event/>',
      'Channel,EventID\nx,1',
    ])
      assert.equal(windowsJson.detect(Buffer.from(text), 'x.json'), 0, text)
  })
})
