// RPC as its own tools tell it: RPC Firewall's log, and traces that SilkETW and Sealighter wrote.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, it } from 'node:test'
import { writeEvtx } from '@crosstalk/evtx'
import { compileRules, createMatcher, loadRules } from '@crosstalk/sigma'
import type { SourceEvent } from '../events/event.ts'
import type { Observation } from '../facts/fact.ts'
import { fromMemory } from '../sources/containers/read-bytes.ts'
import { evtx } from '../sources/evtx/index.ts'
import type { Source } from '../sources/source.ts'
import { windowsJson } from '../sources/windows-json/windows-json.ts'
import { com } from './com.ts'
import { namedPipe } from './named-pipe.ts'
import { rpc } from './rpc.ts'

const SVCCTL = '367abb81-9844-35f1-ad32-98f038001003'

const read = (source: Source, bytes: Uint8Array, onEvent: (event: SourceEvent) => void): Promise<void> =>
  source.read(fromMemory('x', Buffer.from(bytes)), undefined, {}, onEvent, (skip) => assert.fail(skip.reason))

async function observed(source: Source, bytes: Uint8Array): Promise<Partial<Observation>[]> {
  const told: Partial<Observation>[] = []
  await read(source, bytes, (event) => {
    for (const extractor of [rpc, com, namedPipe])
      extractor.bind(event.shape)?.(event, (fact) => {
        if (fact.kind === 'observation') {
          const { channel, act, actor, peer, detail } = fact
          told.push(JSON.parse(JSON.stringify({ channel, act, actor, peer, detail })) as Partial<Observation>)
        }
      })
  })
  return told
}

/** RPC Firewall 3 as it lies in its log: values without names (rpcMessages/rpcMessages.cpp, rpcFunctionCalledEvent). */
const firewall = (uuid: string, opNum: number, at = 0) => ({
  provider: 'RPCFW',
  channel: 'RPCFW',
  eventId: 3,
  computer: 'DC1',
  time: new Date(Date.UTC(2024, 4, 14, 9, 0, at % 60)),
  eventData: [
    'NdrServerCallAll',
    '700',
    'C:\\Windows\\System32\\services.exe',
    'ncacn_ip_tcp',
    '49670',
    '10.0.0.5',
    uuid,
    String(opNum),
    'CORP\\bob',
    'PKT_PRIVACY',
    'NTLM',
    '50001',
    '10.0.0.4',
    '49670',
    'S-1-5-21-1',
  ],
})

describe('RPC Firewall', () => {
  it('tells who called which operation of which interface', async () => {
    const [call] = await observed(evtx, writeEvtx([firewall(SVCCTL, 12)]))
    assert.deepEqual(call.channel, { kind: 'rpc', host: 'DC1', name: 'svcctl' })
    assert.deepEqual([call.act, call.actor], ['listen', { pid: 700, image: 'C:\\Windows\\System32\\services.exe' }])
    assert.deepEqual(call.peer, { address: '10.0.0.5', port: 50_001 })
    assert.deepEqual([call.detail?.OpNum, call.detail?.uuid], ['12', SVCCTL])
  })

  const rules = join(
    process.env.CROSSTALK_CORPUS ?? resolve(import.meta.dirname, '../../../../../shared/corpus'),
    'sigma',
  )
  const skip = existsSync(rules) ? false : `no rules at ${rules}`
  it('each of SigmaHQ’s rules for it matches what it is for', { skip }, async () => {
    const files = (readdirSync(rules, { recursive: true }) as string[])
      .map((name) => join(rules, name))
      .filter((path) => path.endsWith('.yml') && readFileSync(path, 'utf8').includes('product: rpc_firewall'))
    const loaded = loadRules(files)
    assert.deepEqual(loaded.refused, [])
    const text = files.map((path) => readFileSync(path, 'utf8')).join('\n')
    const uuids = new Set(text.match(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g))
    const events = [...uuids].flatMap((uuid) => Array.from({ length: 40 }, (_, opNum) => firewall(uuid, opNum, opNum)))
    const matcher = createMatcher(compileRules(loaded.rules).ruleSet)
    const matched = new Set<string>()
    await read(evtx, writeEvtx(events), (event) => matcher.match(event, (rule) => matched.add(rule.title)))
    assert.equal(files.length, 17)
    assert.deepEqual([...matched].sort(), loaded.rules.map((rule) => rule.title).sort())
  })
})

const lines = (...records: object[]): Buffer => Buffer.from(records.map((one) => JSON.stringify(one)).join('\n'))

describe('traces', () => {
  const silk = (EventName: string, XmlEventData: object, ProviderName = 'Microsoft-Windows-RPC') => ({
    ProviderGuid: '6ad52b32-d609-4be9-ae07-ce8dae937e39',
    YaraMatch: [],
    ProviderName,
    EventName,
    Opcode: 1,
    OpcodeName: 'Start',
    TimeStamp: '2024-05-14T11:00:00.1234567+02:00',
    ThreadID: 8,
    ProcessID: 4321,
    ProcessName: 'mmc',
    PointerSize: 8,
    EventDataLength: 99,
    XmlEventData,
  })
  const sealighter = (
    event_id: number,
    task_name: string,
    properties: object,
    provider_name = 'Microsoft-Windows-RPC',
  ) => ({
    header: { event_id, task_name, provider_name, process_id: 4321, thread_id: 8, timestamp: '2024-05-14 09:00:00Z' },
    properties,
    property_types: {},
  })
  const CALL = { InterfaceUuid: SVCCTL, ProcNum: 12, Protocol: 1, NetworkAddress: 'srv1', Endpoint: '49670' }
  it('of RPC’s client name the server; both collectors tell the same', async () => {
    for (const record of [
      silk('RpcClientCall/Start', { ...CALL, ProcNum: '12', Protocol: '1' }),
      sealighter(5, 'RpcClientCall', CALL),
    ]) {
      const [call] = await observed(windowsJson, lines(record))
      assert.deepEqual(call.channel, { kind: 'rpc', host: 'srv1', name: 'svcctl' })
      assert.deepEqual([call.act, call.actor?.pid], ['connect', 4321])
      assert.deepEqual([call.detail?.ProcNum, call.detail?.Protocol, call.detail?.Endpoint], ['12', 'TCP', '49670'])
    }
  })
  it('of RPC’s server are the serving end', async () => {
    for (const record of [
      silk('RpcServerCall/Start', { ...CALL, Protocol: '2' }),
      sealighter(6, 'RpcServerCall', { ...CALL, Protocol: 2 }),
    ]) {
      const [call] = await observed(windowsJson, lines(record))
      assert.deepEqual([call.act, call.channel?.name, call.detail?.Protocol], ['listen', 'svcctl', 'named pipes'])
    }
  })
  it('of interfaces that nobody knows tell nothing', async () => {
    assert.deepEqual(
      await observed(windowsJson, lines(sealighter(6, 'RpcServerCall', { ...CALL, InterfaceUuid: '{1}' }))),
      [],
    )
  })
  it('of COM name a class that is not registered', async () => {
    const record = sealighter(1, 'task_0', { CLSID: '49b2791a-b1ae-4c90-9b8e-e860ba07f889' }, 'Microsoft-Windows-COM')
    const [asked] = await observed(windowsJson, lines(record))
    assert.deepEqual(asked.channel, { kind: 'com', host: '', name: '{49B2791A-B1AE-4C90-9B8E-E860BA07F889}' })
    assert.deepEqual([asked.act, asked.actor?.pid, asked.detail?.failed], ['refer', 4321, 'class not registered'])
  })
  it('of the SMB server: who attaches to IPC$, and pipes of RPC services', async () => {
    const smb = 'Microsoft-Windows-SMBServer'
    const told = await observed(
      windowsJson,
      lines(
        silk('Smb2RequestTreeConnect', { Path: '\\\\SRV1\\IPC$', SessionGUID: 's' }, smb),
        sealighter(8, 'Smb2RequestCreate', { FileName: 'svcctl', SessionGUID: 's' }, smb),
        sealighter(8, 'Smb2RequestCreate', { FileName: 'docs\\a.txt' }, smb),
      ),
    )
    assert.deepEqual(
      told.map(({ channel, act }) => `${channel?.kind} ${channel?.name} ${act}`),
      ['named-pipe IPC$ attach', 'named-pipe svcctl connect'],
    )
  })
})
