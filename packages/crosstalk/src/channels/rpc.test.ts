import assert from 'node:assert/strict'
import { test } from 'node:test'
import { interfaceOfPipe, interfaceOfUuid, RPC_INTERFACES } from '../events/rpc-interfaces.ts'
import { observed, read, security, sysmon } from '../facts/sample-event.ts'
import { rpc } from './rpc.ts'

const host = 'WS1.office.example'

test('every interface has a UUID of its own, in lower case', () => {
  const uuids = RPC_INTERFACES.map((one) => one.uuid)
  for (const uuid of uuids) assert.match(uuid, /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/)
  assert.equal(new Set(uuids).size, uuids.length)
})

test('interfaces are found by pipe and by UUID', () => {
  assert.equal(interfaceOfPipe('SvcCtl')?.document, 'MS-SCMR')
  assert.equal(interfaceOfUuid('{367ABB81-9844-35F1-AD32-98F038001003}')?.name, 'svcctl')
  assert.equal(interfaceOfPipe('a1b2'), undefined)
})

const asked = (RelativeTargetName: string) =>
  security(5145, {
    SubjectUserName: 'anna',
    IpAddress: '10.0.0.5',
    IpPort: '54916',
    ShareName: '\\\\*\\IPC$',
    RelativeTargetName,
  })

test('5145 names the RPC service that is asked for', () => {
  assert.deepEqual(observed(rpc, asked('svcctl')), {
    kind: 'observation',
    channel: { kind: 'rpc', host, name: 'svcctl' },
    act: 'connect',
    account: { name: 'anna' },
    peer: { address: '10.0.0.5', port: 54916, account: { name: 'anna' } },
    detail: {
      ShareName: '\\\\*\\IPC$',
      RelativeTargetName: 'svcctl',
      pipe: 'svcctl',
      interface: 'MS-SCMR',
      uuid: '367abb81-9844-35f1-ad32-98f038001003',
      purpose: 'create, change and start services',
    },
  })
  assert.deepEqual(read(rpc, asked('a1b2')), [])
})

test('Sysmon 18 shows the pipe behind the service: aliases stay open', () => {
  const opened = (PipeName: string, Image = 'System') => read(rpc, sysmon(18, { ProcessId: 4, PipeName, Image }))
  const [alias] = opened('\\ntsvcs')!
  assert.ok(alias.kind === 'observation')
  assert.equal(alias.channel.name, 'ntsvcs')
  assert.deepEqual(alias.detail, { pipe: 'ntsvcs', oneOf: 'svcctl, eventlog' })
  const [own] = opened('\\atsvc')!
  assert.equal(own.kind === 'observation' && own.channel.name, 'atsvc')
  assert.deepEqual(opened('\\a1b2'), [])
  assert.deepEqual(opened('\\atsvc', 'C:\\Windows\\system32\\mmc.exe'), [])
})

test('services take connections at the endpoint mapper and on dynamic ports', () => {
  const inbound = (Image: string, DestinationPort: number) =>
    read(
      rpc,
      sysmon(3, {
        ProcessId: 9,
        Image,
        Protocol: 'tcp',
        Initiated: 'false',
        SourceIp: '10.0.0.5',
        SourcePort: 58405,
        DestinationIp: '10.0.0.6',
        DestinationPort,
      }),
    )
  const [mapper] = inbound('C:\\Windows\\System32\\svchost.exe', 135)!
  assert.equal(mapper.kind === 'observation' && mapper.channel.name, 'epmapper')
  const [service] = inbound('C:\\Windows\\System32\\svchost.exe', 50937)!
  assert.deepEqual(service.kind === 'observation' && service.channel, { kind: 'rpc', host, name: 'svchost.exe' })
  assert.deepEqual(inbound('C:\\Windows\\System32\\svchost.exe', 3389), [])
  assert.deepEqual(inbound('C:\\app.exe', 50937), [])
})

test('RPC Firewall names interface, operation and caller', () => {
  const fact = observed(rpc, {
    channel: 'RPCFW',
    provider: 'RPCFW',
    eventId: 3,
    fields: {
      InterfaceUuid: '367ABB81-9844-35F1-AD32-98F038001003',
      OpNum: 12,
      SourceNetworkAddress: '10.0.0.5',
      ProcessId: 700,
    },
  })
  assert.deepEqual(fact.channel, { kind: 'rpc', host, name: 'svcctl' })
  assert.equal(fact.act, 'listen')
  assert.equal(fact.detail.OpNum, '12')
})

test('Windows’s tools that name another machine', () => {
  const named = (CommandLine: string) =>
    (read(rpc, sysmon(1, { ProcessId: 1, Image: 'C:\\a.exe', CommandLine })) ?? []).map((fact) =>
      fact.kind === 'observation' ? `${fact.channel.host}:${fact.channel.name}` : '',
    )
  assert.deepEqual(named('sc.exe \\\\WS6 create x binPath= y'), ['WS6:svcctl'])
  assert.deepEqual(named('schtasks /create /s WS6 /tn t /tr c'), ['WS6:ITaskSchedulerService'])
  assert.deepEqual(named('reg query \\\\WS6\\HKLM\\Software'), ['WS6:winreg'])
  assert.deepEqual(named('schtasks /create /sc daily /tn t'), [])
  assert.deepEqual(named('sc query'), [])
})
