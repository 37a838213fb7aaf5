// For tests: a small input of every format, made up, with the number of events in it. A new source adds its own; source.conformance.test.ts asks for it.
import { writeEvtx } from '@crosstalk/evtx'
import { elasticSample } from './elastic/sample-input.ts'
import { esloggerSample } from './eslogger/sample-input.ts'
import { journalExportSample } from './journald/sample-input.ts'
import { laurelSample } from './laurel/sample-input.ts'
import { PCAP_EVENTS, pcapSample } from './pcap/sample-input.ts'
import { TOOL_SAMPLES } from './sample-tools.ts'
import { splunkCsvSample, splunkJsonSample, windowsTextSample } from './splunk/sample-input.ts'
import {
  auditdSample,
  journaldSample,
  syslogJsonSample,
  syslogSample,
  sysmonLinuxSample,
} from './syslog/sample-input.ts'
import { utmpSample } from './utmp/sample-input.ts'
import { wazuhSample } from './wazuh/sample-input.ts'
import { zeekJsonSample, zeekTsvSample } from './zeek/sample-input.ts'

export interface SampleInput {
  name: string
  bytes: Buffer
  events: number
}

const EVENTS = 40
const numbers = Array.from({ length: EVENTS }, (_, at) => at)
const sample = (name: string, bytes: Uint8Array | string): SampleInput => ({
  name,
  bytes: typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes),
  events: EVENTS,
})

const SYSMON = 'Microsoft-Windows-Sysmon'
const second = (at: number) => `${String(at).padStart(2, '0')}`
const pipe = (at: number) => ({
  UtcTime: `2024-05-14 09:00:${second(at)}.000`,
  ProcessGuid: `{11111111-0000-0000-0000-0000000000${second(at)}}`,
  ProcessId: 1000 + at,
  // Names of several widths and scripts, so that cuts fall everywhere.
  PipeName: `\\pipe-${'ä'.repeat(at % 7)}${'x'.repeat((at * 13) % 90)}`,
  Image: 'C:\\Windows\\System32\\cmd.exe',
})

const evtx = () =>
  writeEvtx(
    numbers.map((at) => ({
      provider: SYSMON,
      channel: `${SYSMON}/Operational`,
      eventId: 17,
      computer: 'PC1',
      time: new Date(Date.UTC(2024, 4, 14, 9, 0, at)),
      // Large enough for several chunks.
      eventData: { ...pipe(at), Padding: '.'.repeat(4000) },
    })),
  )

const windowsJson = () =>
  numbers
    .map((at) =>
      JSON.stringify({
        ...pipe(at),
        EventTime: `2024-05-14 09:00:${second(at)}`,
        Hostname: 'PC1',
        EventID: 17,
        Channel: `${SYSMON}/Operational`,
        SourceName: SYSMON,
        RecordNumber: at + 1,
      }),
    )
    .join('\n')

const windowsXml = () =>
  numbers
    .map((at) => {
      const data = Object.entries(pipe(at)).map(([name, value]) => `<Data Name='${name}'>${value}</Data>`)
      return `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='${SYSMON}'/><EventID>17</EventID><TimeCreated SystemTime='2024-05-14T09:00:${second(at)}.000Z'/><EventRecordID>${at + 1}</EventRecordID><Channel>${SYSMON}/Operational</Channel><Computer>PC1</Computer></System><EventData>${data.join('')}</EventData></Event>`
    })
    .join('\n')

function csv(rows: readonly Record<string, unknown>[]): string {
  const cell = (value: unknown) => `"${String(value).replaceAll('"', '""')}"`
  const names = Object.keys(rows[0])
  return [names.join(','), ...rows.map((row) => names.map((name) => cell(row[name])).join(','))].join('\r\n')
}

const evtxecmd = (at: number) => ({
  RecordNumber: at + 1,
  EventRecordId: at + 1,
  TimeCreated: `2024-05-14 09:00:${second(at)}.0000000`,
  EventId: 17,
  Level: 'Info',
  Provider: SYSMON,
  Channel: `${SYSMON}/Operational`,
  Computer: 'PC1',
  Payload: JSON.stringify({
    EventData: { Data: Object.entries(pipe(at)).map(([name, value]) => ({ '@Name': name, '#text': String(value) })) },
  }),
})

const deviceRow = (at: number) => ({
  Timestamp: `2024-05-14T09:00:${second(at)}.0000000Z`,
  DeviceId: 'd1',
  DeviceName: 'pc1.example',
  ActionType: 'ProcessCreated',
  FileName: 'cmd.exe',
  FolderPath: 'C:\\Windows\\System32\\cmd.exe',
  ProcessId: 1000 + at,
  ProcessCommandLine: `cmd /c echo ${'ö'.repeat(at % 9)} "quoted"`,
  InitiatingProcessFileName: 'explorer.exe',
  InitiatingProcessId: 7,
  ReportId: at + 1,
})

/** By format. */
export const SAMPLE_INPUTS: ReadonlyMap<string, () => SampleInput> = new Map<string, () => SampleInput>([
  ['evtx', () => sample('Sysmon.evtx', evtx())],
  ['windows-json', () => sample('events.json', windowsJson())],
  ['windows-xml', () => sample('events.xml', windowsXml())],
  ['windows-csv', () => sample('events.csv', csv(numbers.map(evtxecmd)))],
  ['windows-event-text', () => sample('security.log', windowsTextSample())],
  ['elastic', () => sample('beats.ndjson', elasticSample())],
  ['wazuh', () => sample('archives.json', wazuhSample())],
  ['splunk-json', () => sample('export.json', splunkJsonSample())],
  ['splunk-csv', () => sample('export.csv', splunkCsvSample())],
  ['defender-xdr-json', () => sample('hunting.json', numbers.map((at) => JSON.stringify(deviceRow(at))).join('\n'))],
  ['defender-xdr-csv', () => sample('hunting.csv', csv(numbers.map(deviceRow)))],
  ['zeek-json', () => sample('dce_rpc.log', zeekJsonSample())],
  ['zeek-tsv', () => sample('dce_rpc.log', zeekTsvSample())],
  ['auditd', () => sample('audit.log', auditdSample())],
  ['laurel', () => sample('audit.jsonl', laurelSample())],
  ['sysmon-linux', () => sample('syslog', sysmonLinuxSample())],
  ['syslog', () => sample('auth.log', syslogSample())],
  ['syslog-json', () => sample('Syslog.json', syslogJsonSample())],
  ['eslogger', () => sample('es.ndjson', esloggerSample())],
  ['journal-export', () => sample('journal.export', journalExportSample())],
  ['pcap', () => ({ name: 'trace.pcap', bytes: pcapSample(), events: PCAP_EVENTS })],
  ['utmp', () => sample('wtmp', utmpSample())],
  ['journald', () => sample('journal.json', journaldSample())],
  ...Object.entries(TOOL_SAMPLES).map(([format, make]): [string, () => SampleInput] => [
    format,
    () => sample(`${format}.json`, make()),
  ]),
])
