// What captures tell, through tshark. Skips by name where that is not installed.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fromMemory } from '../containers/read-bytes.ts'
import { type ReadEvent, readAll } from '../reading.ts'
import { type Frame, packet, Talk, writePcap, writePcapng } from './capture-writer.ts'
import * as message from './message-writer.ts'
import { pcap } from './pcap.ts'
import { pcapSample } from './sample-input.ts'
import * as smb1 from './smb1-writer.ts'
import { findTshark, HOW_TO_INSTALL } from './tshark.ts'

const START = Date.UTC(2024, 4, 14, 9) * 1000
const [CLIENT, SERVER] = ['10.0.0.6', '10.0.0.4']
const SVCCTL = '367abb81-9844-35f1-ad32-98f038001003'
const UNKNOWN = '11111111-2222-3333-4444-555555555555'
const talk = (port: number, time = START) => new Talk(CLIENT, SERVER, [50_123, port], time)
const read = (...talks: { frames: readonly Frame[] }[]) => readAll(pcap, writePcap(talks.flatMap((one) => one.frames)))
const of = (events: readonly ReadEvent[], service: string) => events.filter((one) => one.eventId === service)
const fields = (events: readonly ReadEvent[], service: string, ...names: string[]) =>
  of(events, service).map((one) => names.map((name) => one.fields[name]))

describe('a packet capture', { skip: pcap.missing?.() }, () => {
  it('tells conversations, with how they ended', async () => {
    const { events, skips } = await read(
      talk(9000).open().ask(Buffer.alloc(10)).answer(Buffer.alloc(300)).close(),
      new Talk(CLIENT, SERVER, [50_124, 9000], START + 1e6).open(),
      { frames: [{ time: START + 2e6, bytes: packet(CLIENT, SERVER, [50_125, 9999], Buffer.alloc(4)) }] },
    )
    assert.deepEqual(skips, [])
    const names = [
      'id.orig_h',
      'id.orig_p',
      'id.resp_p',
      'proto',
      'conn_state',
      'orig_bytes',
      'resp_bytes',
      'orig_pkts',
    ]
    assert.deepEqual(
      fields(events, 'conn', ...names),
      [
        [CLIENT, '50123', '9000', 'tcp', 'SF', '10', '300', '5'],
        [CLIENT, '50124', '9000', 'tcp', 'S1', '0', '0', '2'],
        [CLIENT, '50125', '9999', 'udp', 'S0', '4', '0', '1'],
      ].map(([client, port, to, ...rest]) => [client, port, to, ...rest]),
    )
    const [conn] = of(events, 'conn')
    assert.equal(conn.time, '2024-05-14T09:00:00.000000Z')
    assert.equal(conn.logSources, 'firewall/conn')
    assert.equal(conn.host, SERVER)
    assert.deepEqual([conn.recordId, conn.offset], [1, 24])
  })
  it('tells which side asked where the capture begins in the middle', async () => {
    const { events } = await read(
      talk(49_700).answer(Buffer.alloc(20)).ask(message.rpcBind(SVCCTL)).ask(message.rpcRequest(15)),
    )
    assert.deepEqual(fields(events, 'conn', 'id.orig_h', 'id.resp_p', 'service'), [[CLIENT, '49700', 'dce_rpc']])
    assert.deepEqual(fields(events, 'dce_rpc', 'id.orig_h', 'operation'), [
      [CLIENT, undefined],
      [CLIENT, 'OpenSCManagerW'],
    ])
  })
  it('tells binds and calls of RPC, by interface and operation, each context its own', async () => {
    const { events } = await read(
      talk(49_700)
        .open()
        .ask(message.rpcBind(SVCCTL, UNKNOWN))
        .ask(message.rpcRequest(12), message.rpcRequest(3, { context: 1, call: 3 }))
        .ask(message.rpcRequest(99, { call: 4 })),
    )
    const names = ['packet_type', 'endpoint', 'operation', 'opnum', 'named_pipe']
    assert.deepEqual(fields(events, 'dce_rpc', ...names), [
      ['bind', 'svcctl', undefined, undefined, '49700'],
      ['bind', UNKNOWN, undefined, undefined, '49700'],
      ['request', 'svcctl', 'CreateServiceW', '12', '49700'],
      ['request', UNKNOWN, 'unknown-3', '3', '49700'],
      ['request', 'svcctl', 'unknown-99', '99', '49700'],
    ])
    assert.equal(of(events, 'dce_rpc')[2].fields.interface_uuid, SVCCTL)
  })
  it('tells a call of several parts once, and says what is sealed', async () => {
    const { events } = await read(
      talk(49_700)
        .open()
        .ask(message.rpcBind(SVCCTL))
        .ask(message.rpcRequest(12, { flags: 1 }))
        .ask(message.rpcRequest(12, { flags: 0 }))
        .ask(message.rpcRequest(12, { flags: 2 }))
        .ask(message.rpcRequest(0, { call: 9, level: 6 })),
    )
    assert.deepEqual(fields(events, 'dce_rpc', 'operation', 'sealed').slice(1), [
      ['CreateServiceW', undefined],
      ['CloseServiceHandle', 'true'],
    ])
  })
  it('tells the class and the interface of an activation', async () => {
    const stub = message.remoteActivation(
      '9ba05972-f6a8-11cf-a442-00a0c90a8f39',
      '00020400-0000-0000-c000-000000000046',
    )
    const { events } = await read(
      talk(135)
        .open()
        .ask(message.rpcBind('4d9f4ab8-7d1c-11cf-861e-0020af6e7c57@0'))
        .ask(message.rpcRequest(0, {}, stub)),
    )
    assert.deepEqual(fields(events, 'dce_rpc', 'endpoint', 'operation', 'clsid', 'iids')[1], [
      'IActivation',
      'RemoteActivation',
      '{9BA05972-F6A8-11CF-A442-00A0C90A8F39}',
      '{00020400-0000-0000-C000-000000000046}',
    ])
  })
  it('does not make up the interface of a call whose bind was not captured', async () => {
    const { events } = await read(talk(135).open().ask(message.rpcRequest(3)))
    assert.deepEqual(fields(events, 'dce_rpc', 'endpoint', 'operation', 'opnum'), [[undefined, undefined, '3']])
  })
  it('tells shares, pipes and the calls through them', async () => {
    const { events, skips } = await read(
      talk(445)
        .open()
        .ask(message.treeConnect(1, '\\\\PC4\\IPC$'))
        .answer(message.treeConnected(1, 2))
        .ask(message.create(2, 'svcctl'))
        .answer(message.created(2))
        .ask(message.writePipe(3, message.rpcBind(SVCCTL)))
        .ask(message.transceive(4, message.rpcRequest(12)))
        .close(),
    )
    assert.deepEqual(skips, [])
    assert.deepEqual(fields(events, 'smb_mapping', 'path', 'share_type'), [['\\\\PC4\\IPC$', 'PIPE']])
    assert.deepEqual(fields(events, 'smb_files', 'action', 'path', 'name'), [
      ['SMB::PIPE_OPEN', '\\\\PC4\\IPC$', 'svcctl'],
    ])
    assert.deepEqual(fields(events, 'dce_rpc', 'named_pipe', 'endpoint', 'operation'), [
      ['\\pipe\\svcctl', 'svcctl', undefined],
      ['\\pipe\\svcctl', 'svcctl', 'CreateServiceW'],
    ])
    assert.deepEqual(fields(events, 'conn', 'service'), [['dce_rpc,smb']])
  })
  it('tells what was refused, and what was never answered, apart from what was granted', async () => {
    const { events } = await read(
      talk(445)
        .open()
        .ask(message.treeConnect(1, '\\\\PC4\\ADMIN$'))
        .answer(message.treeConnected(1, 1, 0xc0000022))
        .ask(message.create(2, 'a.exe'))
        .answer(message.created(2, 0xc0000034))
        .ask(message.create(3, 'b.exe')),
    )
    assert.deepEqual(of(events, 'smb_mapping'), [])
    assert.deepEqual(of(events, 'smb_files'), [])
    assert.deepEqual(fields(events, 'smb_cmd', 'command', 'argument', 'status'), [
      ['tree_connect', '\\\\PC4\\ADMIN$', 'ACCESS_DENIED'],
      ['create', 'a.exe', 'OBJECT_NAME_NOT_FOUND'],
      ['create', 'b.exe', undefined],
    ])
  })
  it('reads SMB 1', async () => {
    const { events } = await read(
      talk(445)
        .open()
        .ask(smb1.treeConnect(1, '\\\\PC4\\IPC$'))
        .answer(smb1.treeConnected(1, 'IPC'))
        .ask(smb1.create(2, '\\svcctl'))
        .answer(smb1.created(2))
        .ask(smb1.transact(3, message.rpcBind(SVCCTL)))
        .ask(smb1.transact(4, message.rpcRequest(12)))
        .ask(smb1.treeConnect(5, '\\\\PC4\\Pictures'))
        .answer(smb1.treeConnected(5, 'A:', 6)),
    )
    assert.deepEqual(fields(events, 'smb_mapping', 'path', 'share_type'), [
      ['\\\\PC4\\IPC$', 'PIPE'],
      ['\\\\PC4\\Pictures', 'DISK'],
    ])
    assert.deepEqual(fields(events, 'smb_files', 'action', 'path', 'name'), [
      ['SMB::PIPE_OPEN', '\\\\PC4\\IPC$', 'svcctl'],
    ])
    assert.deepEqual(fields(events, 'dce_rpc', 'named_pipe', 'endpoint', 'operation'), [
      ['\\pipe\\svcctl', 'svcctl', undefined],
      ['\\pipe\\svcctl', 'svcctl', 'CreateServiceW'],
    ])
  })
  it('says that SMB 3 is encrypted, and guesses nothing', async () => {
    const { events, skips } = await read(talk(445).open().ask(message.encryptedSmb()).answer(message.encryptedSmb()))
    assert.deepEqual(
      skips.map(({ reason, bytes }) => [reason.slice(0, 52), bytes]),
      [['a connection with encrypted messages of SMB 3: their', 2 * (16 + 54 + 128)]],
    )
    assert.deepEqual(fields(events, 'weird', 'name'), [['smb3_encrypted']])
    assert.match(of(events, 'weird')[0].fields.addl, /^2 packets begin with an encrypted message/)
    assert.equal(events.length, 2)
  })
  it('tells a name that was looked up once, with its answer where there is one', async () => {
    const ask = (id: number, at: number, answer?: string): Frame => ({
      time: START + at,
      bytes: answer
        ? packet(SERVER, CLIENT, [53, 53_000], message.dns(id, 'a.example', answer))
        : packet(CLIENT, SERVER, [53_000, 53], message.dns(id, 'a.example')),
    })
    const { events } = await read({ frames: [ask(1, 0), ask(1, 500, '10.0.0.9'), ask(2, 900)] })
    assert.deepEqual(fields(events, 'dns', 'query', 'qtype_name', 'rcode_name', 'answers', 'rtt'), [
      ['a.example', 'A', 'NOERROR', '["10.0.0.9"]', '0.0005'],
      ['a.example', 'A', undefined, undefined, undefined],
    ])
    assert.equal(of(events, 'dns')[0].logSources, 'dns/dns')
  })
  it('tells a request of HTTP once, with its answer where there is one', async () => {
    const { events } = await read(
      talk(80)
        .open()
        .ask(message.http('GET /a.hta HTTP/1.1', 'Host: cdn.example.top', 'User-Agent: x/1'))
        .answer(message.http('HTTP/1.1 200 OK', 'Content-Type: text/plain; charset=utf-8', 'Content-Length: 0'))
        .ask(message.http('POST /b HTTP/1.1', 'Host: b.example', 'Content-Length: 0')),
    )
    const names = ['method', 'host', 'uri', 'user_agent', 'status_code', 'resp_mime_types', 'client_header_names']
    assert.deepEqual(fields(events, 'http', ...names), [
      ['GET', 'cdn.example.top', '/a.hta', 'x/1', '200', '["text/plain"]', '["HOST","USER-AGENT"]'],
      ['POST', 'b.example', '/b', undefined, undefined, undefined, '["HOST","CONTENT-LENGTH"]'],
    ])
    assert.equal(of(events, 'http')[0].logSources, 'proxy/http')
  })
  it('tells the name that TLS is opened for, and who asks for a desktop', async () => {
    const { events } = await read(
      talk(443).open().ask(message.clientHello('a.example')).answer(message.serverHello()),
      new Talk(CLIENT, SERVER, [50_200, 443], START + 1e6).open().ask(message.clientHello('b.example')),
      new Talk(CLIENT, SERVER, [50_300, 3389], START + 2e6).open().ask(message.rdpRequest('adm')),
    )
    assert.deepEqual(fields(events, 'ssl', 'server_name', 'version'), [
      ['a.example', 'TLSv12'],
      ['b.example', undefined],
    ])
    assert.deepEqual(fields(events, 'rdp', 'cookie', 'id.resp_p'), [['adm', '3389']])
  })
  it('reads pcapng the same', async () => {
    const frames = talk(49_700).open().ask(message.rpcBind(SVCCTL)).frames
    const told = async (file: Buffer) => (await readAll(pcap, file)).events.map(({ json, time }) => [json, time])
    assert.deepEqual(await told(writePcapng(frames)), await told(writePcap(frames)))
  })
  it('tells all that lies before a cut, and counts what is behind it', async () => {
    const file = pcapSample()
    const { events, skips } = await readAll(pcap, file.subarray(0, file.length - 5))
    assert.ok(events.length > 20)
    assert.equal(skips.length, 1)
    assert.equal(skips[0].reason, 'cut off in the middle of a packet')
    assert.equal(skips[0].offset + skips[0].bytes, file.length - 5)
  })
  it('leaves nothing behind, also when its reader gives up', async () => {
    const { TMPDIR } = process.env
    const folder = mkdtempSync(join(tmpdir(), 'crosstalk-leftovers-'))
    process.env.TMPDIR = folder
    try {
      let isAlone = true
      const input = fromMemory('x', pcapSample())
      const giveUp = () => {
        isAlone = readdirSync(folder).length === 0
        throw new Error('enough')
      }
      await assert.rejects(
        pcap.read(input, undefined, {}, giveUp, () => {}),
        /enough/,
      )
      assert.equal(isAlone, false)
      assert.deepEqual(readdirSync(folder), [])
      // What a process that was killed left behind goes with the next capture.
      const killed = join(folder, `crosstalk-pcap-${hostname().replaceAll(/[^\w]/g, '')}-999999999-x`)
      mkdirSync(killed)
      await readAll(pcap, pcapSample())
      assert.deepEqual(readdirSync(folder), [])
    } finally {
      if (TMPDIR === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = TMPDIR
      rmSync(folder, { recursive: true })
    }
  })
})

it('says what to install where tshark is missing', () => {
  assert.equal(findTshark({ PATH: '/nowhere' }, []), undefined)
  assert.equal(findTshark({ PATH: process.env.PATH, CROSSTALK_TSHARK: '/nowhere/tshark' }), undefined)
  assert.match(HOW_TO_INSTALL, /apt install tshark/)
})
