// Small logs for tests and fuzzing, made by the writer: every value type, several templates, named and unnamed data, nested user data.
import { type EventInput, typed, writeEvtx } from '../src/index.ts'

const GUID = '{5770385f-c22a-43e0-bf4c-06f5698ffbd9}'
const START = Date.UTC(2024, 0, 2, 3, 4, 5) * 1000

export const SYSMON: EventInput = {
  provider: 'Microsoft-Windows-Sysmon',
  providerGuid: GUID,
  eventId: 1,
  version: 5,
  channel: 'Microsoft-Windows-Sysmon/Operational',
  computer: 'WS1.example.test',
  time: START + 678_901,
  processId: 2000,
  threadId: 3000,
  userId: 'S-1-5-18',
  activityId: GUID,
  eventData: {
    UtcTime: '2024-01-02 03:04:05.678',
    ProcessGuid: typed('guid', GUID),
    ProcessId: 4711,
    Image: 'C:\\Windows\\System32\\cmd.exe',
    CommandLine: 'cmd /c "echo \u00e4\u20ac\u{1f600}\t\u0001 > x"',
  },
}

export const EVERY_TYPE: EventInput = {
  provider: 'Crosstalk-Test',
  eventId: 2,
  channel: 'Application',
  computer: 'WS1',
  time: START,
  eventData: {
    Text: 'text',
    Empty: '',
    Nothing: null,
    Ansi: typed('ansi', 'plain'),
    Int8: typed('int8', -1),
    UInt8: typed('uint8', 255),
    Int16: typed('int16', -300),
    UInt16: typed('uint16', 65535),
    Int32: -70000,
    UInt32: 4294967295,
    Int64: -5000000000,
    UInt64: 18446744073709551615n,
    Real32: typed('real32', 0.1),
    Real64: 1.5,
    Bool: true,
    Binary: Uint8Array.of(0, 1, 254, 255),
    Guid: typed('guid', GUID),
    Pointer: typed('pointer', '0x7ffe0000'),
    Time: new Date('2020-02-29T12:00:00Z'),
    Sid: typed('sid', 'S-1-5-21-1-2-3-500'),
    Hex32: typed('hex32', '0x3e7'),
    Hex64: typed('hex64', '0x8020000000000000'),
    List: ['one', 'two', ''],
  },
}

export const SERVICE: EventInput = {
  provider: 'Service Control Manager',
  eventId: 7045,
  qualifiers: 16384,
  level: 4,
  channel: 'System',
  computer: 'WS1',
  time: START + 1_000_000,
  eventData: ['svc', 'C:\\x.exe', 3],
}

export const CLEARED: EventInput = {
  provider: 'Microsoft-Windows-Eventlog',
  eventId: 1102,
  channel: 'Security',
  computer: 'WS1',
  time: START + 2_000_000,
  userData: { LogFileCleared: { '@xmlns': 'http://example.test', SubjectUserName: 'alice', Details: { Pid: 4 } } },
}

export const BARE: EventInput = { provider: 'Bare', eventId: 0, channel: 'Application', computer: 'WS1', time: START }

export const sampleEvents: readonly EventInput[] = [SYSMON, EVERY_TYPE, SERVICE, CLEARED, BARE, SYSMON]

/** A log of all of them. */
export function sampleLog(): Uint8Array {
  return writeEvtx(sampleEvents)
}
