// What every extractor must keep, whatever the event holds: shared by all of facts and channels, so that a new one is tested by being listed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FieldValue } from '@crosstalk/sigma'
import fc from 'fast-check'
import type { FactExtractor } from '../facts/extractor.ts'
import type { Fact } from '../facts/fact.ts'
import { MAX_TEXT } from '../facts/field.ts'
import {
  auditRecord,
  controlManager,
  distributedCom,
  powershell,
  type SampleEvent,
  sampleEvent,
  sampleShape,
  security,
  sysmon,
} from '../facts/sample-event.ts'
import { bindAll, extractors } from './index.ts'

/** The fields that events of each kind have, so that random values reach every reader. */
const PROCESS = [
  'ProcessGuid',
  'ProcessId',
  'Image',
  'CommandLine',
  'User',
  'LogonId',
  'ParentProcessGuid',
  'ParentProcessId',
  'ParentImage',
  'ParentCommandLine',
  'Hashes',
  'IntegrityLevel',
]
const SUBJECT = ['SubjectUserSid', 'SubjectUserName', 'SubjectDomainName', 'SubjectLogonId']
const TARGET = ['TargetUserSid', 'TargetUserName', 'TargetDomainName', 'TargetLogonId']
const CONNECTION = [
  'ProcessId',
  'Image',
  'User',
  'Protocol',
  'Initiated',
  'SourceIp',
  'SourceHostname',
  'SourcePort',
  'DestinationIp',
  'DestinationHostname',
  'DestinationPort',
]
const PARAMS = Array.from({ length: 11 }, (_, at) => `param${at + 1}`)

type Kind = (fields: SampleEvent['fields']) => SampleEvent
const kinds: readonly [Kind, readonly string[]][] = [
  [(f) => sysmon(1, f), PROCESS],
  [(f) => sysmon(3, f), CONNECTION],
  [(f) => sysmon(5, f), PROCESS],
  [(f) => sysmon(7, f), ['ProcessId', 'Image', 'ImageLoaded', 'Signed']],
  [(f) => sysmon(8, f), ['SourceProcessId', 'SourceImage', 'TargetProcessId', 'TargetImage']],
  [(f) => sysmon(10, f), ['SourceProcessId', 'SourceImage', 'TargetImage', 'GrantedAccess']],
  [(f) => sysmon(11, f), ['ProcessId', 'Image', 'TargetFilename']],
  [(f) => sysmon(13, f), ['EventType', 'ProcessId', 'Image', 'TargetObject', 'Details']],
  [(f) => sysmon(17, f), ['ProcessId', 'Image', 'PipeName']],
  [(f) => sysmon(18, f), ['ProcessId', 'Image', 'PipeName']],
  [(f) => sysmon(20, f), ['User', 'Name', 'Destination', 'Operation']],
  [(f) => sysmon(22, f), ['ProcessId', 'Image', 'QueryName', 'QueryResults', 'QueryStatus']],
  [(f) => security(4768, f), [...TARGET, 'IpAddress', 'Status']],
  [(f) => security(4624, f), [...SUBJECT, ...TARGET, 'LogonType', 'IpAddress', 'IpPort', 'ProcessId', 'ProcessName']],
  [(f) => security(4648, f), [...SUBJECT, ...TARGET, 'TargetServerName', 'IpAddress', 'IpPort', 'ProcessId']],
  [(f) => security(4672, f), SUBJECT],
  [
    (f) => security(4688, f),
    [...SUBJECT, ...TARGET, 'NewProcessId', 'NewProcessName', 'ProcessId', 'CommandLine', 'ParentProcessName'],
  ],
  [(f) => security(4656, f), [...SUBJECT, 'ObjectName', 'ObjectType', 'ProcessId', 'ProcessName']],
  [(f) => security(4657, f), [...SUBJECT, 'ObjectName', 'ObjectValueName', 'OperationType', 'NewValue']],
  [(f) => security(4662, f), [...SUBJECT, 'Properties', 'ObjectName']],
  [(f) => security(4697, f), [...SUBJECT, 'ServiceName', 'ServiceFileName']],
  [(f) => security(4698, f), [...SUBJECT, 'TaskName', 'TaskContent']],
  [(f) => security(5140, f), [...SUBJECT, 'ShareName', 'IpAddress', 'IpPort']],
  [(f) => security(5145, f), [...SUBJECT, 'ShareName', 'RelativeTargetName', 'IpAddress', 'IpPort', 'AccessMask']],
  [
    (f) => security(5156, f),
    ['ProcessID', 'Application', 'Direction', 'SourceAddress', 'SourcePort', 'DestAddress', 'DestPort', 'Protocol'],
  ],
  [(f) => controlManager(7036, f), PARAMS],
  [(f) => controlManager(7040, f), PARAMS],
  [(f) => controlManager(7045, f), ['ServiceName', 'ImagePath', 'AccountName', 'UserID']],
  [(f) => distributedCom(10016, f), PARAMS],
  [(f) => distributedCom(10028, f), PARAMS],
  [(f) => distributedCom(10036, f), PARAMS],
  [(f) => powershell(4103, f), ['ContextInfo', 'Payload']],
  [(f) => powershell(4104, f), ['ScriptBlockText', 'ScriptBlockId', 'MessageNumber', 'MessageTotal', 'Path']],
  [(fields) => ({ channel: 'Windows PowerShell', provider: 'PowerShell', eventId: 800, fields }), ['Data']],
  [(fields) => ({ channel: 'Security', provider: 'Microsoft-Windows-Eventlog', eventId: 1102, fields }), SUBJECT],
  [
    (fields) => ({ channel: 'RPCFW', provider: 'RPCFW', eventId: 3, fields }),
    ['InterfaceUuid', 'OpNum', 'SourceNetworkAddress'],
  ],
  [
    (fields) => ({
      channel: 'Microsoft-Windows-WMI-Activity/Operational',
      provider: 'Microsoft-Windows-WMI-Activity',
      eventId: 5858,
      fields,
    }),
    ['Operation', 'ClientMachine', 'User', 'ClientProcessId', 'Message'],
  ],
  [
    (fields) => ({
      channel: 'auditd',
      eventId: 'SYSCALL',
      logSources: [{ product: 'linux', category: 'process_creation' }],
      fields,
    }),
    PROCESS,
  ],
  [
    (fields) => ({
      channel: 'eslogger',
      eventId: 'exec',
      logSources: [{ product: 'macos', category: 'process_creation' }],
      fields,
    }),
    PROCESS,
  ],
  ...['xpc_connect', 'get_task', 'uipc_bind', 'trace', 'tcc_modify'].map((type): [Kind, readonly string[]] => [
    (fields) => ({
      channel: 'eslogger',
      eventId: type,
      logSources: [{ product: 'macos', service: 'endpoint_security' }],
      fields,
    }),
    [...PROCESS, 'ServiceName', 'SocketPath', 'TccService', 'TccIdentity', 'TargetImage', 'TargetProcessId'],
  ]),
  ...['USER_START', 'USER_AUTH', 'CRYPTO_SESSION'].map((type): [Kind, readonly string[]] => [
    (fields) => auditRecord(type, fields),
    ['pid', 'auid', 'ses', 'acct', 'exe', 'addr', 'hostname', 'res', 'AUID', 'op', 'rport', 'laddr', 'lport'],
  ]),
  [
    (fields) => ({
      channel: 'syslog',
      eventId: 'sshd',
      logSources: [{ product: 'linux', service: 'auth' }],
      constants: { program: 'sshd' },
      fields,
    }),
    ['message', 'pid'],
  ],
  [
    (fields) => ({
      channel: 'eslogger',
      eventId: 'openssh_login',
      logSources: [{ product: 'macos', service: 'endpoint_security' }],
      fields,
    }),
    [...PROCESS, 'event.openssh_login.username', 'event.openssh_login.source_address', 'event.openssh_login.success'],
  ],
  ...['users', 'last'].map((table): [Kind, readonly string[]] => [
    (fields) => ({ channel: 'osquery', eventId: table, logSources: [{ product: 'osquery', service: table }], fields }),
    ['username', 'uid', 'type', 'time', 'host', 'pid'],
  ]),
  ...['conn', 'dce_rpc', 'smb_mapping', 'smb_files'].map((service): [Kind, readonly string[]] => [
    (fields) => ({ channel: `zeek ${service}`, eventId: service, logSources: [{ product: 'zeek', service }], fields }),
    [
      'id.orig_h',
      'id.orig_p',
      'id.resp_h',
      'id.resp_p',
      'proto',
      'endpoint',
      'operation',
      'named_pipe',
      'path',
      'name',
    ],
  ]),
]

/** Values that real logs and hostile ones hold; long ones are longer than any bound. */
const value: fc.Arbitrary<FieldValue | undefined> = fc.oneof(
  fc.constantFrom<FieldValue | undefined>(
    undefined,
    null,
    '',
    '-',
    '0',
    '0x3e7',
    '4100',
    4100,
    -1,
    2n ** 63n,
    true,
    'System',
    'tcp',
    '445',
    '49913',
    '::ffff:10.0.0.5',
    '%%14592',
    '\\\\*\\IPC$',
    'svcctl',
    '<Anonymous Pipe>',
    '\\\\.\\pipe\\x',
    '\\Device\\NamedPipe\\x',
    'HKLM\\System\\CurrentControlSet\\Services\\x\\ImagePath',
    'C:\\Windows\\System32\\lsass.exe',
    'C:\\Windows\\System32\\svchost.exe -k DcomLaunch',
    'mshta.exe -Embedding',
    'New-Object -ComObject WScript.Shell',
    "=cmd|'/c calc'!A0",
    '__proto__',
    'constructor',
    'valueOf',
    '\\constructor',
    '\u0000\uFFFF\uD800',
    '\\'.repeat(20_000),
    `\\\\.\\pipe\\${'a'.repeat(20_000)}`,
    'GetTypeFromProgID('.repeat(4000),
    '<Command>'.repeat(4000),
    ' '.repeat(50_000),
    'nc -U /tmp/s; mkfifo /tmp/f; ipcmk -Q -M 1 -S 1; gdbus call --dest a.b; gdb -p 1; launchctl start x',
    'nc -'.repeat(9000),
    'Accepted publickey for x from 10.0.0.9 port 50312 ssh2',
    `Failed password for ${' from 1.1.1.1 port 1'.repeat(90)} ssh2`,
    `osascript -e 'tell application "Mail"'`,
    [],
    ['a', ['b']],
    { '#text': 'x' },
  ),
  fc.string({ maxLength: 40 }),
)

const samples: fc.Arbitrary<SampleEvent> = fc
  .constantFrom(...kinds)
  .chain(([kind, names]) =>
    fc
      .tuple(...names.map(() => value))
      .map((values) => kind(Object.fromEntries(names.map((name, at) => [name, values[at]])))),
  )

function readAll(extractor: FactExtractor, sample: SampleEvent): Fact[] {
  const shape = sampleShape(sample)
  const facts: Fact[] = []
  extractor.bind(shape)?.(sampleEvent(sample, shape), (fact) => facts.push(fact))
  return facts
}

function* strings(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (value !== null && typeof value === 'object')
    for (const [name, inner] of Object.entries(value)) {
      yield name
      yield* strings(inner)
    }
}

for (const extractor of extractors) {
  test(`${extractor.name}: never throws, tells the same again, points to its event, and is plain bounded data`, () => {
    fc.assert(
      fc.property(samples, (sample) => {
        const facts = readAll(extractor, sample)
        assert.deepEqual(readAll(extractor, sample), facts)
        assert.ok(facts.length <= 64)
        for (const fact of facts) {
          assert.deepEqual(fact.evidence, { file: 0, offset: 4096, length: 512, recordId: 7 })
          // A connection on the wire is about the end that it is told from.
          const wire = fact.kind === 'connection' && sample.channel === 'zeek conn'
          assert.equal(fact.host, wire ? fact.localAddress : 'WS1.office.example')
          assert.deepEqual(structuredClone(fact), fact)
          for (const text of strings(fact)) assert.ok(text.length <= MAX_TEXT, `${text.length} characters`)
        }
      }),
      { numRuns: 400 },
    )
  })
}

test('a shape without any field binds or not, and reads nothing that throws', () => {
  for (const [kind] of kinds) {
    const sample = kind({})
    const shape = sampleShape(sample)
    const facts: Fact[] = []
    bindAll(shape)?.(sampleEvent(sample, shape), (fact) => facts.push(fact))
    assert.ok(facts.length <= 2, `${sample.channel} ${sample.eventId}`)
  }
})

test('every extractor has a name of its own, and reads at least one kind of event', () => {
  assert.equal(new Set(extractors.map((one) => one.name)).size, extractors.length)
  for (const extractor of extractors) {
    const bound = kinds.some(([kind, names]) =>
      extractor.bind(sampleShape(kind(Object.fromEntries(names.map((name) => [name, 'x']))))),
    )
    assert.ok(bound, extractor.name)
  }
})

test('events that nothing reads cost nothing: no reader is bound', () => {
  for (const sample of [
    sysmon(16, { Configuration: 'x' }),
    security(4658, { HandleId: '0x1' }),
    security(5447, { FilterName: 'x' }),
  ])
    assert.equal(bindAll(sampleShape(sample)), undefined)
})
