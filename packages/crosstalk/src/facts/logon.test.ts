import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logon } from './logon.ts'
import { read, readOne, security } from './sample-event.ts'

const fields = {
  SubjectUserSid: 'S-1-0-0',
  SubjectUserName: '-',
  SubjectDomainName: '-',
  SubjectLogonId: '0x0',
  TargetUserSid: 'S-1-5-21-1-2-3-1104',
  TargetUserName: 'anna',
  TargetDomainName: 'OFFICE',
  TargetLogonId: '0x2074186',
  LogonType: 3,
  WorkstationName: 'WS5',
  ProcessId: '0x0',
  ProcessName: '-',
  IpAddress: '::ffff:10.0.0.5',
  IpPort: '50504',
}

test('4624 tells the session, its type and where it came from', () => {
  assert.deepEqual(readOne(logon, security(4624, fields)), {
    kind: 'logon',
    outcome: 'logon',
    account: { name: 'anna', domain: 'OFFICE', sid: 'S-1-5-21-1-2-3-1104', logonId: '0x2074186' },
    logonType: 3,
    address: '10.0.0.5',
    port: 50504,
    workstation: 'WS5',
  })
})

test('4625 failed, 4634 and 4647 ended', () => {
  for (const [id, outcome] of [
    [4625, 'failed'],
    [4634, 'logoff'],
    [4647, 'logoff'],
  ] as const) {
    const fact = readOne(logon, security(id, fields))
    assert.equal('outcome' in fact && fact.outcome, outcome)
  }
})

test('4648 tells who used whose credentials for which server', () => {
  assert.deepEqual(
    readOne(
      logon,
      security(4648, {
        SubjectUserName: 'anna',
        SubjectDomainName: 'OFFICE',
        SubjectLogonId: '0x2bc327',
        TargetUserName: 'admin',
        TargetDomainName: 'OFFICE',
        TargetServerName: 'WS6',
        ProcessId: '0x1c48',
        ProcessName: 'C:\\Users\\anna\\tool.exe',
        IpAddress: '-',
        IpPort: '-',
      }),
    ),
    {
      kind: 'logon',
      outcome: 'explicit',
      account: { name: 'admin', domain: 'OFFICE' },
      process: { pid: 7240, image: 'C:\\Users\\anna\\tool.exe' },
      target: 'WS6',
      by: { name: 'anna', domain: 'OFFICE', logonId: '0x2bc327' },
    },
  )
})

test('4672 names the privileged session as its subject', () => {
  assert.deepEqual(
    readOne(
      logon,
      security(4672, { SubjectUserName: 'anna', SubjectLogonId: '0x2074186', PrivilegeList: 'SeDebugPrivilege' }),
    ),
    {
      kind: 'logon',
      outcome: 'privileged',
      account: { name: 'anna', logonId: '0x2074186' },
    },
  )
})

test('4776 is told only where the validation failed', () => {
  const validation = {
    PackageName: 'MICROSOFT_AUTHENTICATION_PACKAGE_V1_0',
    TargetUserName: 'anna',
    Workstation: '\\\\WS5',
  }
  assert.deepEqual(read(logon, security(4776, { ...validation, Status: '0x0' })), [])
  const [fact] = read(logon, security(4776, { ...validation, Status: '0xc000006a' }))!
  assert.equal(fact.kind === 'logon' && fact.workstation, 'WS5')
})
