import assert from 'node:assert/strict'
import { test } from 'node:test'
import { processEnded } from './process-ended.ts'
import { processStarted } from './process-started.ts'
import { read, readOne, SAMPLE_TIME, security, sysmon } from './sample-event.ts'

const sysmonFields = {
  ProcessGuid: '365ABB72-19E0-5CDA-0000-001006711000',
  ProcessId: 1932,
  Image: 'C:\\Windows\\System32\\mshta.exe',
  CommandLine: 'mshta.exe -Embedding',
  CurrentDirectory: 'C:\\Windows\\',
  User: 'OFFICE\\anna',
  LogonId: '0x1070ce',
  IntegrityLevel: 'High',
  Hashes: 'SHA256=00',
  ParentProcessGuid: '{365ABB72-965E-5CDA-0000-0010AF760000}',
  ParentProcessId: '596',
  ParentImage: 'C:\\Windows\\System32\\svchost.exe',
  ParentCommandLine: 'svchost.exe -k DcomLaunch',
  OriginalFileName: '-',
}

test('Sysmon 1 tells process, parent and account', () => {
  assert.deepEqual(readOne(processStarted, sysmon(1, sysmonFields)), {
    kind: 'process-started',
    process: {
      guid: '{365ABB72-19E0-5CDA-0000-001006711000}',
      pid: 1932,
      image: 'C:\\Windows\\System32\\mshta.exe',
      commandLine: 'mshta.exe -Embedding',
    },
    parent: {
      guid: '{365ABB72-965E-5CDA-0000-0010AF760000}',
      pid: 596,
      image: 'C:\\Windows\\System32\\svchost.exe',
      commandLine: 'svchost.exe -k DcomLaunch',
    },
    user: { name: 'anna', domain: 'OFFICE', logonId: '0x1070ce' },
    integrity: 'High',
    hashes: 'SHA256=00',
    currentDirectory: 'C:\\Windows\\',
  })
})

test('every fact says when, where, and which bytes it rests on', () => {
  const [fact] = read(processStarted, sysmon(1, sysmonFields))!
  assert.equal(fact.time, SAMPLE_TIME)
  assert.equal(fact.host, 'WS1.office.example')
  assert.deepEqual(fact.evidence, { file: 0, offset: 4096, length: 512, recordId: 7 })
})

const securityFields = {
  SubjectUserSid: 'S-1-5-18',
  SubjectUserName: 'WS1$',
  SubjectDomainName: 'OFFICE',
  SubjectLogonId: '0x3e7',
  NewProcessId: '0x784',
  NewProcessName: 'C:\\Windows\\System32\\cmd.exe',
  ProcessId: '0x254',
  CommandLine: 'cmd /c whoami',
  TargetUserSid: 'S-1-5-21-1-2-3-1104',
  TargetUserName: 'anna',
  TargetDomainName: 'OFFICE',
  TargetLogonId: '0x1234',
  ParentProcessName: 'C:\\Windows\\explorer.exe',
  MandatoryLabel: 'S-1-16-12288',
}

test('Security 4688 has the creator in ProcessId and the account it runs as in the target subject', () => {
  assert.deepEqual(readOne(processStarted, security('4688', securityFields)), {
    kind: 'process-started',
    process: { pid: 1924, image: 'C:\\Windows\\System32\\cmd.exe', commandLine: 'cmd /c whoami' },
    parent: { pid: 596, image: 'C:\\Windows\\explorer.exe' },
    user: { name: 'anna', domain: 'OFFICE', sid: 'S-1-5-21-1-2-3-1104', logonId: '0x1234' },
    integrity: 'High',
  })
})

test('Security 4688 without a target subject runs as its creator', () => {
  const fact = readOne(
    processStarted,
    security(4688, {
      ...securityFields,
      TargetUserName: '-',
      TargetUserSid: 'S-1-0-0',
      TargetDomainName: '-',
      TargetLogonId: '0x0',
    }),
  )
  assert.deepEqual('user' in fact && fact.user, { name: 'WS1$', domain: 'OFFICE', sid: 'S-1-5-18', logonId: '0x3e7' })
})

test('any source of Sigma category process_creation is read by the same names', () => {
  const fact = readOne(processStarted, {
    channel: 'auditd',
    eventId: 'EXECVE',
    logSources: [{ product: 'linux', category: 'process_creation' }],
    fields: { ProcessId: 42, Image: '/usr/bin/nc', CommandLine: 'nc -U /tmp/s', ParentProcessId: 1, User: 'root' },
  })
  assert.deepEqual(fact, {
    kind: 'process-started',
    process: { pid: 42, image: '/usr/bin/nc', commandLine: 'nc -U /tmp/s' },
    parent: { pid: 1 },
    user: { name: 'root' },
  })
})

test('an event that names no process is no fact', () => {
  assert.deepEqual(read(processStarted, sysmon(1, { ProcessId: '-', Image: '' })), [])
  assert.equal(read(processStarted, sysmon(7, sysmonFields)), undefined)
  assert.equal(read(processStarted, { ...security(4688, securityFields), provider: 'SomethingElse' }), undefined)
})

test('a command line of a megabyte is cut', () => {
  const fact = readOne(processStarted, sysmon(1, { ...sysmonFields, CommandLine: 'x'.repeat(1_000_000) }))
  assert.equal('process' in fact && fact.process?.commandLine?.length, 4096)
})

test('process end: Sysmon 5 and Security 4689', () => {
  assert.deepEqual(
    readOne(
      processEnded,
      sysmon(5, { ProcessGuid: '{365ABB72-19E0-5CDA-0000-001006711000}', ProcessId: 1932, Image: 'C:\\a.exe' }),
    ),
    {
      kind: 'process-ended',
      process: { guid: '{365ABB72-19E0-5CDA-0000-001006711000}', pid: 1932, image: 'C:\\a.exe' },
    },
  )
  assert.deepEqual(
    readOne(processEnded, security(4689, { ProcessId: '0x784', ProcessName: 'C:\\a.exe', Status: '0x0' })),
    {
      kind: 'process-ended',
      process: { pid: 1924, image: 'C:\\a.exe' },
    },
  )
})
