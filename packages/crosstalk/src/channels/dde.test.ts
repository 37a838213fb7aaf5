import assert from 'node:assert/strict'
import { test } from 'node:test'
import { observed, powershell, read, sysmon } from '../facts/sample-event.ts'
import { dde } from './dde.ts'

const host = 'WS1.office.example'

test('Office’s settings of DDE', () => {
  const fact = observed(
    dde,
    sysmon(13, {
      EventType: 'SetValue',
      ProcessId: 9,
      Image: 'C:\\Windows\\System32\\reg.exe',
      TargetObject: 'HKU\\S-1-5-21-1\\Software\\Microsoft\\Office\\16.0\\Word\\Security\\AllowDDE',
      Details: 'DWORD (0x00000002)',
    }),
  )
  assert.deepEqual(fact, {
    kind: 'observation',
    channel: { kind: 'dde', host, name: 'Word AllowDDE' },
    act: 'configure',
    actor: { pid: 9, image: 'C:\\Windows\\System32\\reg.exe' },
    account: {},
    detail: {
      TargetObject: 'HKU\\S-1-5-21-1\\Software\\Microsoft\\Office\\16.0\\Word\\Security\\AllowDDE',
      Details: 'DWORD (0x00000002)',
      EventType: 'SetValue',
      means: 'allows',
    },
  })
  for (const target of [
    'HKCR\\txtfile\\shell\\open\\ddeexec\\(Default)',
    'HKU\\S-1\\Software\\Microsoft\\Office\\16.0\\Excel\\Security\\DisableDDEServerLaunch',
  ])
    assert.equal(
      read(dde, sysmon(13, { ProcessId: 9, Image: 'a', TargetObject: target, Details: 'x' }))?.length,
      1,
      target,
    )
  assert.deepEqual(read(dde, sysmon(13, { ProcessId: 9, Image: 'a', TargetObject: 'HKLM\\Software\\DDE' })), [])
})

test('a setting’s value tells whether it allows or restricts DDE', () => {
  const means = (name: string, Details: string) =>
    observed(
      dde,
      sysmon(13, {
        ProcessId: 9,
        Image: 'a',
        TargetObject: `HKU\\S-1\\Software\\Microsoft\\Office\\16.0\\Excel\\Security\\${name}`,
        Details,
      }),
    ).detail.means
  assert.equal(means('DisableDDEServerLaunch', 'DWORD (0x00000000)'), 'allows')
  assert.equal(means('DisableDDEServerLaunch', 'DWORD (0x00000001)'), 'restricts')
  assert.equal(means('AllowDDE', '0'), 'restricts')
  assert.equal(means('AllowDDE', 'text'), undefined)
})

test('installers write an empty ddeexec: no setting', () => {
  const written = (Details: string) =>
    read(
      dde,
      sysmon(13, {
        ProcessId: 9,
        Image: 'a',
        TargetObject: '\\REGISTRY\\USER\\.DEFAULT\\Software\\Classes\\X\\shell\\open\\ddeexec\\(Default)',
        Details,
      }),
    )
  assert.deepEqual(written('(Empty)'), [])
  const [fact] = written('[exec("calc")]')!
  assert.equal(
    fact.kind === 'observation' && fact.detail.TargetObject,
    'HKU\\.DEFAULT\\Software\\Classes\\X\\shell\\open\\ddeexec\\(Default)',
  )
})

const named = (ScriptBlockText: string) =>
  (read(dde, powershell(4104, { ScriptBlockText, ScriptBlockId: 'i' })) ?? []).map((fact) =>
    fact.kind === 'observation' ? [fact.channel.name, fact.act] : [],
  )

test('formulas, field codes and calls name the server', () => {
  assert.deepEqual(named(`=cmd|'/c calc'!A0`), [['cmd', 'refer']])
  assert.deepEqual(named('DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"'), [['cmd.exe', 'refer']])
  assert.deepEqual(named('DDEAUTO cmd "/k calc"'), [['cmd', 'refer']])
  assert.deepEqual(named('$excel.DDEInitiate("cmd", "/c calc")'), [['DDEInitiate', 'refer']])
  assert.deepEqual(named(`Get-Process | 'x' ! hidden added`), [])
})

test('Office started with /dde serves a conversation', () => {
  const fact = observed(
    dde,
    sysmon(1, {
      ProcessId: 5,
      Image: 'C:\\Program Files\\Microsoft Office\\Office16\\EXCEL.EXE',
      CommandLine: '"C:\\Program Files\\Microsoft Office\\Office16\\EXCEL.EXE" /dde',
    }),
  )
  assert.equal(fact.act, 'listen')
  assert.deepEqual(fact.channel.name, 'excel.exe')
})
