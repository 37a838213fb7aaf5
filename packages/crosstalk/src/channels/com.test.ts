import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FactExtractor } from '../facts/extractor.ts'
import { distributedCom, observed, powershell, read, security, sysmon } from '../facts/sample-event.ts'
import { com } from './com.ts'
import { dcom } from './dcom.ts'

const host = 'WS1.office.example'

test('a server that DcomLaunch started is an activation; the server acts, the client is unknown', () => {
  assert.deepEqual(
    observed(
      com,
      sysmon(1, {
        ProcessId: 1932,
        Image: 'C:\\Windows\\System32\\mshta.exe',
        CommandLine: 'C:\\Windows\\System32\\mshta.exe -Embedding',
        User: 'OFFICE\\anna',
        ParentCommandLine: 'C:\\Windows\\system32\\svchost.exe -k DcomLaunch -p',
      }),
    ),
    {
      kind: 'observation',
      channel: { kind: 'com', host, name: 'mshta.exe' },
      act: 'activate',
      actor: {
        pid: 1932,
        image: 'C:\\Windows\\System32\\mshta.exe',
        commandLine: 'C:\\Windows\\System32\\mshta.exe -Embedding',
      },
      account: { name: 'anna', domain: 'OFFICE' },
      detail: {
        CommandLine: 'C:\\Windows\\System32\\mshta.exe -Embedding',
        ParentCommandLine: 'C:\\Windows\\system32\\svchost.exe -k DcomLaunch -p',
      },
    },
  )
})

test('a surrogate is its AppID, a server with a class id on its command line is that class', () => {
  const started = (CommandLine: string) =>
    observed(
      com,
      security(4688, {
        NewProcessId: '0x10',
        NewProcessName: 'C:\\Windows\\System32\\x.exe',
        ProcessId: '0x4',
        CommandLine,
      }),
    )
  const surrogate = started('C:\\Windows\\system32\\DllHost.exe /Processid:{3e5fc7f9-9a51-4367-9063-a120244fbec7}')
  assert.equal(surrogate.channel.name, '{3E5FC7F9-9A51-4367-9063-A120244FBEC7}')
  assert.equal(surrogate.detail.class, 'CMSTPLUA')
  const folder = started('explorer.exe /factory,{75dff2b7-6936-4c06-a8bb-676a7b00b24b} -Embedding')
  assert.equal(folder.channel.name, '{75DFF2B7-6936-4C06-A8BB-676A7B00B24B}')
  const office = started('"C:\\Program Files\\Microsoft Office\\EXCEL.EXE" /automation -Embedding')
  assert.equal(office.channel.name, 'x.exe')
})

test('an ordinary process start is no activation', () => {
  assert.deepEqual(
    read(
      com,
      sysmon(1, {
        ProcessId: 1,
        Image: 'C:\\a.exe',
        CommandLine: 'a.exe --embedding-model x',
        ParentCommandLine: 'svchost.exe -k netsvcs',
      }),
    ),
    [],
  )
})

function classes(extractor: FactExtractor, ScriptBlockText: string): string[] {
  const facts = read(extractor, powershell(4104, { ScriptBlockText, ScriptBlockId: 'i' })) ?? []
  return facts.map((fact) => (fact.kind === 'observation' ? `${fact.channel.host}:${fact.channel.name}` : ''))
}

test('scripts name classes: without a host it is COM', () => {
  assert.deepEqual(classes(com, 'New-Object -ComObject WScript.Shell'), [':WScript.Shell'])
  assert.deepEqual(classes(com, 'New-Object -com "Shell.Application"'), [':Shell.Application'])
  assert.deepEqual(
    classes(com, "[activator]::CreateInstance([type]::GetTypeFromCLSID('9ba05972-f6a8-11cf-a442-00a0c90a8f39'))"),
    [':{9BA05972-F6A8-11CF-A442-00A0C90A8F39}'],
  )
  assert.deepEqual(classes(com, 'Set o = CreateObject("Excel.Application")'), [':Excel.Application'])
  assert.deepEqual(classes(com, 'GetObject("script:https://example.org/a.sct")'), [':script moniker'])
  assert.deepEqual(classes(com, 'regsvr32 /i:https://example.org/a.sct scrobj.dll'), [':scrobj.dll'])
  assert.deepEqual(classes(com, 'Elevation:Administrator!new:{3E5FC7F9-9A51-4367-9063-A120244FBEC7}'), [
    ':{3E5FC7F9-9A51-4367-9063-A120244FBEC7}',
  ])
  assert.deepEqual(classes(com, 'scrnsave.scr scrobj.dll scrptadm.dll'), [])
  assert.deepEqual(classes(com, 'Write-Output "communication complete"'), [])
})

test('scripts name classes: with a host it is DCOM and no longer COM', () => {
  for (const [text, expected] of [
    ['[type]::GetTypeFromProgID("MMC20.Application","10.0.0.6")', '10.0.0.6:MMC20.Application'],
    [
      "[Type]::GetTypeFromCLSID('C08AFD90-F2A1-11D1-8455-00A0C91F3880', 'WS6')",
      'WS6:{C08AFD90-F2A1-11D1-8455-00A0C91F3880}',
    ],
    ['CreateObject("Excel.Application", "ws6.office.example")', 'ws6.office.example:Excel.Application'],
    ['wmic /node:WS6 process call create calc', 'WS6:IWbemServices'],
    ['GetObject("winmgmts:{impersonationLevel=impersonate}!\\\\WS6\\root\\cimv2")', 'WS6:IWbemServices'],
    ['Invoke-WmiMethod -Class Win32_Process -Name Create -ComputerName WS6 -ArgumentList x', 'WS6:IWbemServices'],
  ]) {
    assert.deepEqual(classes(dcom, text), [expected], text)
    assert.deepEqual(classes(com, text), [], text)
  }
})

test('a host that is only a variable is kept as such, not taken for a name', () => {
  const text = '[type]::GetTypeFromProgID("MMC20.Application","$ComputerName")'
  assert.deepEqual(classes(dcom, text), [])
  const fact = observed(com, powershell(4104, { ScriptBlockText: text, ScriptBlockId: 'i' }))
  assert.equal(fact.detail.server, '$ComputerName')
})

test('module logging writes New-Object’s parameter', () => {
  const fact = observed(
    com,
    powershell(4103, {
      ContextInfo: '',
      Payload: 'ParameterBinding(New-Object): name="ComObject"; value="Schedule.Service"',
    }),
  )
  assert.equal(fact.channel.name, 'Schedule.Service')
})

test('classes get other code by registry: a setting of that class', () => {
  const fact = observed(
    com,
    sysmon(13, {
      EventType: 'SetValue',
      ProcessId: 9,
      Image: 'C:\\t.exe',
      TargetObject: 'HKU\\S-1-5-21-1_Classes\\CLSID\\{0a29ff9e-7f9c-4437-8b11-f424491e3931}\\InprocServer32\\(Default)',
      Details: 'C:\\ProgramData\\demo.dll',
    }),
  )
  assert.equal(fact.act, 'configure')
  assert.deepEqual(fact.channel, {
    kind: 'com',
    host,
    name: '{0A29FF9E-7F9C-4437-8B11-F424491E3931}',
  })
  assert.equal(fact.detail.Details, 'C:\\ProgramData\\demo.dll')
})

const denied = (param9: string) =>
  distributedCom(10016, {
    param1: 'machine-default',
    param2: 'Local',
    param3: 'Activation',
    param4: '{c2f03a33-21f5-47fa-b4bb-156362a2f239}',
    param5: '{00}',
    param6: 'OFFICE',
    param7: 'anna',
    param8: 'S-1-5-21-1',
    param9,
    param10: 'Unavailable',
    param11: 'Unavailable',
  })

test('10016 from the same machine is COM, from another one DCOM', () => {
  assert.equal(read(com, denied('LocalHost (Using LRPC)'))?.length, 1)
  assert.deepEqual(read(dcom, denied('LocalHost (Using LRPC)')), [])
  assert.deepEqual(read(com, denied('10.0.0.5')), [])
  const fact = observed(dcom, denied('10.0.0.5'))
  assert.deepEqual(fact.peer, { address: '10.0.0.5' })
  assert.deepEqual(fact.account, { name: 'anna', domain: 'OFFICE', sid: 'S-1-5-21-1' })
})

test('10028: which process asked which machine for which class, in vain', () => {
  assert.deepEqual(
    observed(
      dcom,
      distributedCom(10028, {
        param1: '10.0.0.6',
        param2: '    1ce8',
        param3: 'C:\\Users\\anna\\tool.exe',
        param4: '{00024500-0000-0000-C000-000000000046}',
        UserID: 'S-1-5-21-1',
      }),
    ),
    {
      kind: 'observation',
      channel: { kind: 'dcom', host: '10.0.0.6', name: '{00024500-0000-0000-C000-000000000046}' },
      act: 'activate',
      actor: { pid: 7400, image: 'C:\\Users\\anna\\tool.exe' },
      account: { sid: 'S-1-5-21-1' },
      peer: { address: '10.0.0.6' },
      detail: {
        eventId: '10028',
        param1: '10.0.0.6',
        param2: '    1ce8',
        param3: 'C:\\Users\\anna\\tool.exe',
        param4: '{00024500-0000-0000-C000-000000000046}',
        class: 'Excel.Application',
      },
    },
  )
})

test('10036: who was refused, from where', () => {
  const fact = observed(
    dcom,
    distributedCom(10036, { param1: 'OFFICE', param2: 'anna', param3: 'S-1-5-21-1', param4: '10.0.0.5' }),
  )
  assert.deepEqual(fact.peer, { address: '10.0.0.5' })
  assert.deepEqual(fact.channel, { kind: 'dcom', host, name: 'activation' })
})

const inbound = (Image: string, port: number, from = '10.0.0.5') =>
  sysmon(3, {
    ProcessId: 2824,
    Image,
    User: 'OFFICE\\anna',
    Protocol: 'tcp',
    Initiated: 'false',
    SourceIp: from,
    SourcePort: 58406,
    DestinationIp: '10.0.0.6',
    DestinationPort: port,
  })

test('a COM server that takes a connection from another machine on a dynamic port serves DCOM', () => {
  assert.deepEqual(observed(dcom, inbound('C:\\Windows\\explorer.exe', 49913)), {
    kind: 'observation',
    channel: { kind: 'dcom', host, name: 'explorer.exe' },
    act: 'listen',
    actor: { pid: 2824, image: 'C:\\Windows\\explorer.exe' },
    account: { name: 'anna', domain: 'OFFICE' },
    peer: { address: '10.0.0.5', port: 58406 },
    detail: { localPort: '49913' },
  })
  assert.deepEqual(read(dcom, inbound('C:\\Windows\\explorer.exe', 3389)), [])
  assert.deepEqual(read(dcom, inbound('C:\\Program Files\\app\\app.exe', 49913)), [])
  assert.deepEqual(read(dcom, inbound('C:\\Windows\\explorer.exe', 49913, '127.0.0.1')), [])
})
