// Small inputs of sources, and of the archives around them: honest ones, to be damaged by tests.
import { gzipSync } from 'node:zlib'
import { writeEvtx } from '@crosstalk/evtx'
import { packed } from '../src/sources/containers/packed-samples.ts'
import { makeTar, makeZip } from '../src/sources/containers/zip-maker.ts'

const lines = (...records: object[]): Buffer => Buffer.from(records.map((record) => JSON.stringify(record)).join('\n'))
const csv = (...rows: string[][]): Buffer =>
  Buffer.from(rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')).join('\r\n'))

const SYSMON = 'Microsoft-Windows-Sysmon'
const LOG = `${SYSMON}/Operational`
const DATA = { UtcTime: '2020-08-05 06:09:27.568', ProcessId: '4', PipeName: '\\a\u00e9\t', Image: 'C:\\x.exe' }
const NXLOG = {
  ...DATA,
  EventTime: '2020-08-05 02:09:27',
  EventReceivedTime: '2020-08-05 02:09:29',
  '@timestamp': '2020-08-05T06:09:29.626Z',
  Hostname: 'h',
  EventID: 17,
  Channel: LOG,
  SourceName: SYSMON,
  RecordNumber: 7,
  tags: ['a', { b: null }],
}
const WINLOGBEAT = {
  '@timestamp': '2020-08-05T06:09:27.570Z',
  winlog: { channel: LOG, provider_name: SYSMON, event_id: 17, record_id: 7, computer_name: 'h', event_data: DATA },
  user: { domain: 'd', name: 'u' },
}
const TREE = {
  Event: {
    System: {
      Provider: { '#attributes': { Name: SYSMON } },
      EventID: 17,
      TimeCreated: { '#attributes': { SystemTime: '2020-08-05T06:09:27.568123Z' } },
      Channel: LOG,
      Computer: 'h',
    },
    EventData: { Data: Object.entries(DATA).map(([name, text]) => ({ '@Name': name, '#text': text })) },
  },
}
const PAYLOAD = JSON.stringify({ EventData: { Data: [{ '@Name': 'PipeName', '#text': '\\x' }, 'y'] } })
const EVTXECMD = {
  Payload: PAYLOAD,
  Channel: LOG,
  Provider: SYSMON,
  EventId: 17,
  EventRecordId: '7',
  Computer: 'h',
  TimeCreated: '2020-08-05T06:09:27.5681234+00:00',
}
const FLUENT = {
  ProviderName: SYSMON,
  EventID: 17,
  TimeCreated: '2020-08-05 08:09:27 +0200',
  Channel: LOG,
  Computer: 'h',
  StringInserts: ['-', 'CreatePipe', DATA.UtcTime, '{0}', '4', '\\a', 'C:\\x.exe'],
}
const EVENT_XML = `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='${SYSMON}' Guid='{5}'/><EventID>17</EventID><TimeCreated SystemTime='2020-08-05T06:09:27.568123Z'/><EventRecordID>7</EventRecordID><Channel>${LOG}</Channel><Computer>h</Computer></System><EventData><Data Name='PipeName'>&lt;\\a&#x41;</Data><Data>x</Data></EventData></Event>`
const DEFENDER = {
  Timestamp: '2024-01-02T03:04:05.1234567Z',
  DeviceName: 'h',
  ActionType: 'NamedPipeEvent',
  ReportId: 9,
  InitiatingProcessFileName: 'x.exe',
  InitiatingProcessFolderPath: 'c:\\x.exe',
  AdditionalFields: '{"PipeName":"\\\\Device\\\\NamedPipe\\\\x"}',
}
/** A log as long as what is in it: the rest of a chunk is zeroes, and damage to those shows nothing. */
const evtx = (): Buffer => {
  const log = Buffer.from(
    writeEvtx([
      { provider: SYSMON, channel: LOG, eventId: 17, computer: 'h', time: new Date(0), eventData: DATA },
      {
        provider: SYSMON,
        channel: LOG,
        eventId: 18,
        computer: 'h',
        time: new Date(0),
        eventData: { ...DATA, ProcessId: 5 },
      },
      { provider: 'x', channel: 'System', eventId: 1, computer: 'h', time: new Date(0), userData: { a: 'b' } },
    ]),
  )
  return log.subarray(0, log.findLastIndex((byte) => byte !== 0) + 1)
}
const text = (record: object): string[][] => [Object.keys(record), Object.values(record).map(String)]

/** by the source's format */
export const SOURCE_SAMPLES: Readonly<Record<string, readonly Buffer[]>> = {
  evtx: [evtx()],
  'windows-json': [
    lines(NXLOG, WINLOGBEAT, TREE, EVTXECMD, FLUENT),
    Buffer.from(JSON.stringify([NXLOG, TREE], null, 2)),
    Buffer.from(JSON.stringify({ value: [NXLOG, EVTXECMD] })),
    Buffer.from(`\ufeff${JSON.stringify(NXLOG)}\r\n${JSON.stringify(FLUENT)}`, 'utf16le'),
  ],
  'windows-xml': [
    Buffer.from(`<Events>\n${EVENT_XML}\n${EVENT_XML}</Events>`),
    Buffer.from(`\ufeff${EVENT_XML}`, 'utf16le'),
  ],
  'windows-csv': [csv(...text(EVTXECMD), Object.values(EVTXECMD).map(String))],
  'defender-xdr-json': [lines(DEFENDER, { category: 'AdvancedHunting-DeviceEvents', properties: DEFENDER })],
  'defender-xdr-csv': [csv(...text(DEFENDER))],
}

export const ARCHIVE_SAMPLES: readonly Buffer[] = [
  makeZip([
    { name: 'a.json', data: lines(NXLOG) },
    { name: 'in/b.gz', data: gzipSync(lines(WINLOGBEAT)) },
    { name: 't.tar', data: makeTar([{ name: 'x', data: Buffer.from('x') }]), stored: true },
  ]),
  gzipSync(makeTar([{ name: 'a', data: lines(NXLOG) }])),
  packed('bzip2'),
  packed('xzCrc64'),
  packed('sevenZipLzma'),
  packed('sevenZipLzma2'),
]
