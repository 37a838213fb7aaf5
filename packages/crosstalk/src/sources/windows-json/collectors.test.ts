// One event, a pipe that Sysmon saw created, as further collectors and tools write it.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { recognise } from '../index.ts'
import { type ReadEvent, readAll } from '../reading.ts'
import { windowsJson } from './windows-json.ts'

const SYSMON = 'Microsoft-Windows-Sysmon'
const LOG = `${SYSMON}/Operational`
const DATA = { PipeName: '\\msagent_1', Image: 'C:\\a\\evil.exe', ProcessId: '4321' }

async function all(text: string): Promise<ReadEvent[]> {
  assert.equal(recognise(Buffer.from(text), 'x'), windowsJson)
  const { events, skips } = await readAll(windowsJson, text)
  assert.deepEqual(skips, [])
  return events
}
const only = async (record: object) => (await all(JSON.stringify(record)))[0]

function assertPipe(event: ReadEvent, host = 'WS1.corp.example'): void {
  assert.deepEqual(
    [event.time.slice(0, 23), event.host, event.recordId, event.channel, event.eventId, event.logSources],
    ['2020-08-05T06:09:27.568', host, 77, LOG, 17, 'pipe_created/sysmon sysmon'],
  )
  const names = ['PipeName', 'Image', 'ProcessId', 'Computer', 'EventID']
  assert.deepEqual(names.map(event.field), [DATA.PipeName, DATA.Image, DATA.ProcessId, host, '17'])
}

/** The fields under flat names. */
const flat = (prefix: string, fields: object) =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [prefix + name, value]))

describe('through Graylog', () => {
  const winlog = {
    event_id: '17',
    channel: LOG,
    provider_name: SYSMON,
    computer_name: 'WS1.corp.example',
    record_id: 77,
    ...flat('event_data_', DATA),
  }
  const own = { gl2_source_input: 'a', source: 'ws1', message: 'Pipe Created', timestamp: '2020-08-05 06:09:27.568' }
  it('Winlogbeat, in an index, with and without the beat’s name', async () => {
    assertPipe(await only({ _source: { ...own, ...flat('winlogbeat_winlog_', winlog) } }))
    assertPipe(await only({ ...own, ...flat('winlog_', winlog) }))
  })
  it('Winlogbeat, as the search API answers', async () => {
    const message = { ...own, ...flat('winlogbeat_winlog_', winlog), timestamp: '2020-08-05T06:09:27.568Z' }
    const [event] = await all(JSON.stringify({ query: '*', messages: [{ message, index: 'graylog_0' }] }, null, 1))
    assertPipe(event)
  })
  it('Winlogbeat 6', async () => {
    const old = {
      event_id: 17,
      log_name: LOG,
      source_name: SYSMON,
      computer_name: 'WS1.corp.example',
      record_number: '77',
    }
    assertPipe(await only({ ...own, ...flat('winlogbeat_', { ...old, ...flat('event_data_', DATA) }) }))
  })
  it('NXLog, and GELF as NXLog sends it', async () => {
    const nxlog = { EventID: 17, Channel: LOG, SourceName: SYSMON, RecordNumber: 77, ...DATA }
    assertPipe(await only({ ...own, source: 'WS1.corp.example', ...nxlog, EventReceivedTime: '2020-08-05 02:09:28' }))
    const gelf = {
      version: '1.1',
      host: 'WS1.corp.example',
      short_message: 'Pipe',
      timestamp: 1596607767.568,
      level: 6,
    }
    assertPipe(await only({ ...gelf, ...flat('_', nxlog) }))
  })
})

describe('evtx_dump', () => {
  const system = (guid: string) => ({
    Provider: { '#attributes': { Name: SYSMON, Guid: guid } },
    EventID: 17,
    TimeCreated: { '#attributes': { SystemTime: '2020-08-05T06:09:27.568123Z' } },
    EventRecordID: 77,
    Channel: LOG,
    Computer: 'WS1.corp.example',
    Security: { '#attributes': { UserID: 'S-1-5-18' } },
  })
  it('pretty-printed, behind a line that counts', async () => {
    const text = [1, 2]
      .map(
        (n) =>
          `Record ${n}\n${JSON.stringify({ Event: { System: system('{5770385F}'), EventData: DATA } }, null, 2)}\n`,
      )
      .join('')
    const events = await all(text)
    assert.equal(events.length, 2)
    for (const event of events) assertPipe(event)
  })
  it('writes GUIDs with or without braces', async () => {
    const event = await only({ Event: { System: system('5770385F'), EventData: DATA } })
    assertPipe(event)
    assert.deepEqual(['Provider_Guid', 'Security_UserID'].map(event.field), ['5770385F', 'S-1-5-18'])
  })
  it('with attributes beside their elements', async () => {
    assertPipe(
      await only({
        Event: {
          System: {
            Provider_attributes: { Name: SYSMON },
            EventID: 17,
            TimeCreated_attributes: { SystemTime: '2020-08-05T06:09:27.568123Z' },
            EventRecordID: 77,
            Channel: LOG,
            Computer: 'WS1.corp.example',
          },
          EventData: DATA,
        },
      }),
    )
  })
})

describe('Velociraptor', () => {
  it('writes in plain numbers what Windows shows in hexadecimal', async () => {
    const event = await only({
      EventTime: '2020-08-05T06:09:27Z',
      Computer: 'h',
      Channel: LOG,
      Provider: SYSMON,
      EventID: 10,
      EventRecordID: 1,
      EventData: { GrantedAccess: 2097151, SourceProcessId: 4964, SubjectLogonId: 999, Status: '0x0' },
      Message: 'x',
    })
    const names = ['GrantedAccess', 'SourceProcessId', 'SubjectLogonId', 'Status']
    assert.deepEqual(names.map(event.field), ['0x1fffff', '4964', '0x3e7', '0x0'])
    const created = await only({
      EventTime: '2020-08-05T06:09:27Z',
      Computer: 'h',
      Channel: 'Security',
      Provider: 'Microsoft-Windows-Security-Auditing',
      EventID: 4688,
      EventRecordID: 1,
      EventData: { SubjectLogonId: 999 },
      Message: 'x',
    })
    assert.deepEqual(['SubjectLogonId', 'LogonId'].map(created.field), ['0x3e7', '0x3e7'])
  })
})

describe('EvtxECmd', () => {
  it('with --fj writes the event’s XML as it is', async () => {
    const event = await only({
      Event: {
        System: {
          Provider: { '@Name': SYSMON, '@Guid': '{5770385F}' },
          EventID: { '@Qualifiers': '', '#text': '17' },
          TimeCreated: { '@SystemTime': '2020-08-05 06:09:27.5681234' },
          EventRecordID: '77',
          Execution: { '@ProcessID': '2', '@ThreadID': '3' },
          Channel: LOG,
          Computer: 'WS1.corp.example',
          Security: { '@UserID': 'S-1-5-18' },
        },
        EventData: { Data: Object.entries(DATA).map(([name, text]) => ({ '@Name': name, '#text': text })) },
      },
    })
    assertPipe(event)
    assert.deepEqual(['Execution_ProcessID', 'Security_UserID'].map(event.field), ['2', 'S-1-5-18'])
  })
})
