import assert from 'node:assert/strict'
import { test } from 'node:test'
import { controlManager, observed, powershell, read, security, sysmon } from '../facts/sample-event.ts'
import { anonymousPipe } from './anonymous-pipe.ts'
import { mailslot } from './mailslot.ts'
import { namedPipe } from './named-pipe.ts'
import { isAnonymousPipe, pipeName } from './pipe-name.ts'

const host = 'WS1.office.example'

test('a pipe has one name, however it is written', () => {
  for (const written of [
    '\\svcctl',
    'svcctl',
    '\\\\.\\pipe\\svcctl',
    '\\\\WS1\\pipe\\svcctl',
    '\\Device\\NamedPipe\\svcctl',
    '\\??\\pipe\\svcctl',
  ])
    assert.equal(pipeName(written), 'svcctl', written)
  assert.equal(pipeName('\\Winsock2\\CatalogChangeListener-1d4-0'), 'Winsock2\\CatalogChangeListener-1d4-0')
})

test('Sysmon 17 is the server, 18 a client; with or without EventType', () => {
  assert.deepEqual(observed(namedPipe, sysmon(17, { ProcessId: 100, PipeName: '\\a1b2', Image: 'C:\\s.exe' })), {
    kind: 'observation',
    channel: { kind: 'named-pipe', host, name: 'a1b2' },
    act: 'create',
    actor: { pid: 100, image: 'C:\\s.exe' },
    account: {},
    detail: {},
  })
  const fact = observed(namedPipe, sysmon(18, { EventType: 'INFO', ProcessId: 4, PipeName: '\\a1b2', Image: 'System' }))
  assert.equal(fact.act, 'connect')
  assert.deepEqual(fact.actor, { pid: 4, image: 'System' })
})

test('a pipe event of another source says itself which end it is of', () => {
  const event = (AdditionalFields: string) =>
    observed(namedPipe, {
      channel: 'DeviceEvents',
      eventId: 'NamedPipeEvent',
      logSources: [{ product: 'windows', category: 'pipe_created' }],
      fields: { ProcessId: 100, Image: 'C:\\s.exe', PipeName: '\\a1b2', AdditionalFields },
    }).act
  assert.equal(event('{"FileOperation":"File opened","NamedPipeEnd":"Client"}'), 'connect')
  assert.equal(event('{"FileOperation":"File created","NamedPipeEnd":"Server"}'), 'create')
})

test('mojo pipes are observations like others: their names can be borrowed', () => {
  assert.equal(
    read(namedPipe, sysmon(17, { ProcessId: 6364, PipeName: '\\mojo.6364.7116.1234567890', Image: 'C:\\chrome.exe' }))
      ?.length,
    1,
  )
})

test('anonymous pipes are their own kind and bear the name of the process that holds them', () => {
  for (const PipeName of ['<Anonymous Pipe>', '&lt;Anonymous Pipe&gt;']) {
    const sample = sysmon(17, { ProcessId: 6172, PipeName, Image: 'C:\\Users\\anna\\tool.exe' })
    assert.equal(isAnonymousPipe(PipeName), true)
    assert.deepEqual(read(namedPipe, sample), [])
    assert.deepEqual(observed(anonymousPipe, sample), {
      kind: 'observation',
      channel: { kind: 'anonymous-pipe', host, name: 'tool.exe 6172' },
      act: 'create',
      actor: { pid: 6172, image: 'C:\\Users\\anna\\tool.exe' },
      detail: { PipeName: '<Anonymous Pipe>' },
    })
  }
  assert.deepEqual(read(anonymousPipe, sysmon(17, { ProcessId: 1, PipeName: '\\named', Image: 'a' })), [])
})

const shareFile = {
  SubjectUserName: 'anna',
  SubjectDomainName: 'OFFICE',
  SubjectLogonId: '0xbf94f1',
  IpAddress: '10.0.0.5',
  IpPort: '54916',
  ShareName: '\\\\*\\IPC$',
  RelativeTargetName: 'svcctl',
  AccessMask: '0x12019f',
}

test('5145 on IPC$ tells the remote client: address, account, session', () => {
  const account = { name: 'anna', domain: 'OFFICE', logonId: '0xbf94f1' }
  assert.deepEqual(observed(namedPipe, security(5145, shareFile)), {
    kind: 'observation',
    channel: { kind: 'named-pipe', host, name: 'svcctl' },
    act: 'connect',
    account,
    peer: { address: '10.0.0.5', port: 54916, account },
    detail: { ShareName: '\\\\*\\IPC$', RelativeTargetName: 'svcctl', AccessMask: '0x12019f' },
  })
  assert.deepEqual(read(namedPipe, security(5145, { ...shareFile, ShareName: '\\\\*\\ADMIN$' })), [])
  assert.deepEqual(read(namedPipe, security(5145, { ...shareFile, RelativeTargetName: '\\' })), [])
})

test('5140 attaches to IPC$ and names no pipe', () => {
  const fact = observed(namedPipe, security(5140, shareFile))
  assert.equal(fact.act, 'attach')
  assert.deepEqual(fact.channel, { kind: 'named-pipe', host, name: 'IPC$' })
})

test('audited handles to pipes and mailslots, nothing of files and keys', () => {
  const handle = (ObjectName: string) =>
    security(4656, { ObjectName, ObjectType: 'File', ProcessId: '0x10', ProcessName: 'C:\\c.exe', AccessMask: '0x3' })
  const fact = observed(namedPipe, handle('\\Device\\NamedPipe\\secret'))
  assert.deepEqual(fact.channel, { kind: 'named-pipe', host, name: 'secret' })
  const slot = observed(mailslot, handle('\\Device\\Mailslot\\box'))
  assert.deepEqual(slot.channel, { kind: 'mailslot', host, name: 'box' })
  for (const other of ['\\REGISTRY\\MACHINE\\SYSTEM', 'C:\\a.txt', '\\Device\\NamedPipe\\'])
    assert.deepEqual(read(namedPipe, handle(other)), [], other)
})

test('a service that only writes into a pipe refers to it', () => {
  const ImagePath = 'cmd.exe /c echo hgabms > \\\\.\\pipe\\hgabms'
  const fact = observed(namedPipe, controlManager(7045, { ServiceName: 'hgabms', ImagePath, UserID: 'S-1-5-18' }))
  assert.deepEqual(fact, {
    kind: 'observation',
    channel: { kind: 'named-pipe', host: '', name: 'hgabms' },
    act: 'refer',
    account: { sid: 'S-1-5-18' },
    detail: { ImagePath },
  })
  const written = observed(
    namedPipe,
    sysmon(13, {
      ProcessId: 468,
      Image: 'C:\\Windows\\system32\\services.exe',
      TargetObject: 'HKLM\\System\\CurrentControlSet\\Services\\hgabms\\ImagePath',
      Details: ImagePath,
    }),
  )
  assert.deepEqual(written.channel, { kind: 'named-pipe', host: '', name: 'hgabms' })
})

const names = (CommandLine: string) =>
  (read(namedPipe, sysmon(1, { ProcessId: 1, Image: 'C:\\a.exe', CommandLine })) ?? []).map((fact) =>
    fact.kind === 'observation' ? [fact.channel.host, fact.channel.name, fact.act] : [],
  )

test('command lines name pipes of this host and of others', () => {
  assert.deepEqual(names('type \\\\.\\pipe\\abc'), [['', 'abc', 'refer']])
  assert.deepEqual(names('tool \\\\WS6\\pipe\\svc\\sub "\\\\10.0.0.6\\PIPE\\x"'), [
    ['WS6', 'svc\\sub', 'refer'],
    ['10.0.0.6', 'x', 'refer'],
  ])
  assert.deepEqual(names('rpc ncacn_np:WS6[\\pipe\\spoolss]'), [['WS6', 'spoolss', 'refer']])
  assert.deepEqual(names('echo pipes | more'), [])
  assert.deepEqual(names('\\\\.\\pipe\\'), [])
})

test('a text names at most eight channels of a kind', () => {
  assert.equal(names(Array.from({ length: 100 }, (_, at) => `\\\\.\\pipe\\p${at}`).join(' ')).length, 8)
})

test('scripts name pipes as strings of System.IO.Pipes', () => {
  const script = (ScriptBlockText: string) =>
    observed(namedPipe, powershell(4104, { ScriptBlockText, ScriptBlockId: 'i' }))
  const server = script(
    `$p = new-object System.IO.Pipes.NamedPipeServerStream('covert', [System.IO.Pipes.PipeDirection]::InOut)`,
  )
  assert.deepEqual(server.channel, { kind: 'named-pipe', host: '', name: 'covert' })
  const client = script(`[System.IO.Pipes.NamedPipeClientStream]::new("10.0.0.6","covert")`)
  assert.deepEqual(client.channel, { kind: 'named-pipe', host: '10.0.0.6', name: 'covert' })
  assert.equal(client.detail.class, 'NamedPipeClientStream')
})

test('module logging names them as parameters', () => {
  const logged = (end: string, values: string) =>
    observed(
      namedPipe,
      powershell(4103, {
        Payload: `CommandInvocation(New-Object): "New-Object"\r\nParameterBinding(New-Object): name="TypeName"; value="System.IO.Pipes.NamedPipe${end}Stream"\r\nParameterBinding(New-Object): name="ArgumentList"; value="${values}"\r\n`,
      }),
    )
  const server = logged('Server', 'covert, InOut')
  assert.deepEqual(
    [server.channel, server.detail.class],
    [{ kind: 'named-pipe', host: '', name: 'covert' }, 'NamedPipeServerStream'],
  )
  assert.deepEqual(logged('Client', 'SRV, covert, InOut, None').channel, {
    kind: 'named-pipe',
    host: 'SRV',
    name: 'covert',
  })
  assert.deepEqual(logged('Client', 'covert').channel, { kind: 'named-pipe', host: '', name: 'covert' })
})

test('NullSessionPipes is a setting of pipes', () => {
  const fact = observed(
    namedPipe,
    sysmon(13, {
      ProcessId: 9,
      Image: 'C:\\reg.exe',
      TargetObject: 'HKLM\\System\\CurrentControlSet\\Services\\LanmanServer\\Parameters\\NullSessionPipes',
      Details: 'covert',
    }),
  )
  assert.equal(fact.act, 'configure')
  assert.deepEqual(fact.channel, { kind: 'named-pipe', host, name: 'NullSessionPipes' })
})

test('mailslots are named in texts only', () => {
  const fact = observed(
    mailslot,
    sysmon(1, { ProcessId: 1, Image: 'C:\\a.exe', CommandLine: 'a.exe \\\\WS6\\mailslot\\box\\in' }),
  )
  assert.deepEqual(fact.channel, { kind: 'mailslot', host: 'WS6', name: 'box\\in' })
})
