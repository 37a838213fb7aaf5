import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type ReadEvent, readAll } from '../reading.ts'
import { defenderCsv, defenderJson } from './defender-xdr.ts'

const ACTOR = {
  InitiatingProcessFileName: 'evil.exe',
  InitiatingProcessFolderPath: 'c:\\temp\\evil.exe',
  InitiatingProcessCommandLine: 'evil -x',
  InitiatingProcessId: 42,
  InitiatingProcessAccountDomain: 'corp',
  InitiatingProcessAccountName: 'bob',
}
const row = (ActionType: string, fields: object): object => ({
  Timestamp: '2024-01-02T03:04:05.1234567Z',
  DeviceId: 'd',
  DeviceName: 'ws1.corp.example',
  ReportId: 9,
  ActionType,
  ...ACTOR,
  ...fields,
})

async function one(record: object): Promise<ReadEvent> {
  const text = JSON.stringify(record)
  assert.ok(defenderJson.detect(Buffer.from(text), 'x') > 0.9)
  const { events, skips } = await readAll(defenderJson, text)
  assert.deepEqual(skips, [])
  return events[0]
}

describe('a row of Defender XDR', () => {
  test('has its time, device, report id, and the table’s action', async () => {
    const event = await one(row('ImageLoaded', {}))
    assert.deepEqual(
      [event.time, event.host, event.recordId, event.eventId, event.provider],
      ['2024-01-02T03:04:05.123456Z', 'ws1.corp.example', 9, 'ImageLoaded', 'Microsoft Defender XDR'],
    )
  })
  test('of DeviceNetworkInfo, which has no action, is read too', async () => {
    const IPAddresses = '[{"IPAddress":"10.0.0.6","SubnetPrefix":24,"AddressType":"Private"}]'
    const plain = { Timestamp: '2024-01-02T03:04:05Z', DeviceId: 'd', DeviceName: 'ws1.corp.example', ReportId: 9 }
    const event = await one({ ...plain, NetworkAdapterName: '{A}', MacAddress: '00-11', IPAddresses })
    assert.deepEqual(
      [event.channel, event.host, event.field('IPAddresses')],
      ['Defender XDR DeviceNetworkInfo', 'ws1.corp.example', IPAddresses],
    )
  })
  const CASES: [action: string, fields: object, logSources: string, expected: Record<string, string>][] = [
    [
      'ProcessCreated',
      {
        FileName: 'cmd.exe',
        FolderPath: 'C:\\Windows\\System32\\cmd.exe',
        ProcessCommandLine: 'cmd /c x',
        ProcessId: 7,
        AccountDomain: 'corp',
        AccountName: 'bob',
        SHA1: 'aa',
        MD5: 'bb',
        ProcessVersionInfoOriginalFileName: 'Cmd.Exe',
      },
      'process_creation',
      {
        Image: 'C:\\Windows\\System32\\cmd.exe',
        CommandLine: 'cmd /c x',
        ProcessId: '7',
        User: 'corp\\bob',
        Hashes: 'MD5=BB,SHA1=AA',
        OriginalFileName: 'Cmd.Exe',
        ParentImage: 'c:\\temp\\evil.exe',
        ParentCommandLine: 'evil -x',
        ParentProcessId: '42',
      },
    ],
    [
      'NamedPipeEvent',
      {
        AdditionalFields: JSON.stringify({ PipeName: '\\Device\\NamedPipe\\msagent_1', FileOperation: 'File created' }),
      },
      'pipe_created',
      {
        PipeName: '\\msagent_1',
        Image: 'c:\\temp\\evil.exe',
        FileOperation: 'File created',
        ProcessId: '42',
        User: 'corp\\bob',
      },
    ],
    [
      'ConnectionSuccess',
      {
        RemoteIP: '10.0.0.5',
        RemotePort: 135,
        LocalIP: '10.0.0.6',
        LocalPort: 5000,
        Protocol: 'Tcp',
        RemoteUrl: 'dc1',
      },
      'network_connection',
      {
        Initiated: 'true',
        SourceIp: '10.0.0.6',
        SourcePort: '5000',
        DestinationIp: '10.0.0.5',
        DestinationPort: '135',
        DestinationHostname: 'dc1',
        Image: 'c:\\temp\\evil.exe',
      },
    ],
    [
      'InboundConnectionAccepted',
      { RemoteIP: '10.0.0.5', RemotePort: 5000, LocalIP: '10.0.0.6', LocalPort: 135 },
      'network_connection',
      {
        Initiated: 'false',
        SourceIp: '10.0.0.5',
        SourcePort: '5000',
        DestinationIp: '10.0.0.6',
        DestinationPort: '135',
      },
    ],
    [
      'RegistryValueSet',
      {
        RegistryKey: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\X',
        RegistryValueName: 'v',
        RegistryValueData: '16',
        RegistryValueType: 'Dword',
      },
      'registry_event registry_set',
      { TargetObject: 'HKLM\\SOFTWARE\\X\\v', Details: 'DWORD (0x00000010)' },
    ],
    [
      'RegistryValueSet',
      {
        RegistryKey: 'HKEY_USERS\\S-1\\X',
        RegistryValueName: 'v',
        RegistryValueData: '4294967296',
        RegistryValueType: 'Qword',
      },
      'registry_event registry_set',
      { TargetObject: 'HKU\\S-1\\X\\v', Details: 'QWORD (0x00000001-0x00000000)' },
    ],
    [
      'RegistryKeyDeleted',
      { PreviousRegistryKey: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\X' },
      'registry_event registry_delete',
      { TargetObject: 'HKLM\\SOFTWARE\\X' },
    ],
    ['FileCreated', { FileName: 'a.dll', FolderPath: 'C:\\temp' }, 'file_event', { TargetFilename: 'C:\\temp\\a.dll' }],
    [
      'ImageLoaded',
      { FileName: 'a.dll', FolderPath: 'C:\\temp\\a.dll' },
      'image_load',
      { ImageLoaded: 'C:\\temp\\a.dll' },
    ],
    [
      'OpenProcessApiCall',
      {
        FileName: 'lsass.exe',
        FolderPath: 'C:\\Windows\\System32\\lsass.exe',
        AdditionalFields: '{"DesiredAccess":5136}',
      },
      'process_access',
      { SourceImage: 'c:\\temp\\evil.exe', TargetImage: 'C:\\Windows\\System32\\lsass.exe', GrantedAccess: '5136' },
    ],
    [
      'DnsQueryResponse',
      { AdditionalFields: '{"DnsQueryString":"evil.example"}' },
      'dns_query',
      { QueryName: 'evil.example' },
    ],
    [
      'LogonSuccess',
      { AccountName: 'eve', RemoteIP: '10.0.0.5', LogonType: 'Network' },
      'windows',
      { TargetUserName: 'eve', IpAddress: '10.0.0.5', LogonType: 'Network' },
    ],
    ['SomethingNew', {}, 'windows', { Image: 'c:\\temp\\evil.exe' }],
  ]
  for (const [action, fields, logSources, expected] of CASES)
    test(`${action} is ${logSources}: ${Object.keys(expected).join(', ')}`, async () => {
      const event = await one(row(action, fields))
      assert.equal(event.logSources, logSources)
      assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, event.field(name)])), expected)
    })

  test('streamed to storage is wrapped, and names its table', async () => {
    const event = await one({
      time: 'x',
      tenantId: 't',
      category: 'AdvancedHunting-DeviceEvents',
      properties: row('NamedPipeEvent', { AdditionalFields: '{"PipeName":"\\\\x"}' }),
    })
    assert.deepEqual(
      [event.channel, event.host, event.field('PipeName'), event.field('CommandLine')],
      ['Defender XDR DeviceEvents', 'ws1.corp.example', '\\x', 'evil -x'],
    )
  })
  test('of the API’s answer, and of the portal’s CSV, is the same', async () => {
    const rows = [
      row('ProcessCreated', { FileName: 'a.exe', FolderPath: 'C:\\a.exe', ProcessCommandLine: 'say "a,\nb"' }),
      row('FileDeleted', {}),
    ]
    const answer = await readAll(
      defenderJson,
      JSON.stringify({ Schema: [{ Name: 'Timestamp' }], Results: rows }, null, 2),
    )
    const names = [...new Set(rows.flatMap((one) => Object.keys(one)))]
    const cell = (value: unknown): string => (value === undefined ? '' : `"${String(value).replaceAll('"', '""')}"`)
    const csv = [
      names.join(','),
      ...rows.map((one) => names.map((name) => cell((one as Record<string, unknown>)[name])).join(',')),
    ].join('\r\n')
    assert.equal(defenderCsv.detect(Buffer.from(csv), 'x.csv'), 0.9)
    const table = await readAll(defenderCsv, csv)
    for (const { events, skips } of [answer, table]) {
      assert.deepEqual(skips, [])
      assert.deepEqual(
        events.map((event) => [event.eventId, event.field('CommandLine'), event.time]),
        [
          ['ProcessCreated', 'say "a,\nb"', '2024-01-02T03:04:05.123456Z'],
          ['FileDeleted', 'evil -x', '2024-01-02T03:04:05.123456Z'],
        ],
      )
    }
    for (const { offset, length } of table.events) assert.match(csv.slice(offset, offset + length), /^"2024-01-02/)
  })
})
