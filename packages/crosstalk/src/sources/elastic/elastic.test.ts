import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { auditd } from '../auditd/auditd.ts'
import { RAW } from '../laurel/sample-input.ts'
import { type ReadEvent, readAll } from '../reading.ts'
import { elastic } from './elastic.ts'
import { AUDITBEAT, elasticSample } from './sample-input.ts'
import { socketAddress } from './socket-address.ts'

const lines = (records: readonly object[]) => records.map((one) => JSON.stringify(one)).join('\n')
const pick = (event: ReadEvent, ...names: string[]) => names.map((name) => event.field(name))
const said = ({ eventId, logSources, host, time, recordId, fields }: ReadEvent) => ({
  eventId,
  logSources,
  host,
  time,
  recordId,
  fields: Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))),
})

describe('Auditbeat', () => {
  it('gives the calls that auditd’s own records give, and each record’s type', async () => {
    const [raw, beat] = [await readAll(auditd, RAW.join('\n')), await readAll(elastic, lines(AUDITBEAT))]
    assert.deepEqual(beat.skips, [])
    const calls = (events: ReadEvent[]) => events.filter((one) => !/^[A-Z]/.test(String(one.eventId))).map(said)
    assert.deepEqual(calls(beat.events), calls(raw.events))
    assert.deepEqual(beat.events.map((one) => one.eventId).sort(), raw.events.map((one) => one.eventId).sort())
    // `items`, and names that auditd adds where it enriches, Auditbeat does not keep.
    const [syscall] = beat.events
    assert.deepEqual(pick(syscall, 'syscall', 'SYSCALL', 'arch', 'success', 'exe', 'a1', 'auid', 'key'), [
      '59',
      'execve',
      'c000003e',
      'yes',
      '/usr/bin/nc',
      '55d0',
      '1000',
      '(null)',
    ])
  })
  it('with its raw messages, these are read', async () => {
    const [first] = AUDITBEAT
    const event = { ...first.event, original: RAW.slice(0, 5).map((line) => line.replace('node=box ', '')) }
    const { events } = await readAll(elastic, lines([{ ...first, event }]))
    assert.deepEqual(events.map(said), (await readAll(auditd, RAW.slice(0, 5).join('\n'))).events.map(said))
  })
  it('records of user space have what the program said', async () => {
    const login = {
      '@timestamp': '2024-05-14T09:00:00Z',
      auditd: {
        sequence: 3,
        message_type: 'user_cmd',
        result: 'fail',
        data: { cmd: 'cat /etc/shadow', terminal: 'pts/0' },
      },
      event: { module: 'auditd' },
      host: { name: 'box' },
      process: { pid: 9, executable: '/usr/bin/sudo' },
      user: { id: '1000' },
    }
    const [event] = (await readAll(elastic, lines([login]))).events
    assert.deepEqual(
      [event.eventId, event.host, ...pick(event, 'cmd', 'exe', 'res', 'uid')],
      ['USER_CMD', 'box', 'cat /etc/shadow', '/usr/bin/sudo', 'failed', '1000'],
    )
  })
  it('the system module’s processes and sockets', async () => {
    const [started] = (await readAll(elastic, elasticSample())).events
    assert.deepEqual(
      [started.logSources, started.host, ...pick(started, 'Image', 'CommandLine', 'User', 'ProcessGuid')],
      ['auditbeat_process process_creation', 'box', '/bin/ls', 'ls -', 'root', 'e0'],
    )
  })
  it('addresses become the kernel’s bytes', () => {
    const of = (fields: Record<string, string>) => socketAddress((name) => fields[name] ?? '')?.toString('hex')
    assert.equal(of({ family: 'ipv4', addr: '10.0.0.4', port: '445' }), '020001bd0a0000040000000000000000')
    assert.equal(of({ family: 'unix', path: '@x' }), '01000078')
    assert.equal(
      of({ family: 'ipv6', addr: 'fe80::1', port: '80' }),
      '0a00005000000000fe80000000000000000000000000000100000000',
    )
    assert.equal(
      of({ family: 'ipv6', addr: '::ffff:10.0.0.4', port: '80' })?.slice(16, 48),
      '00000000000000000000ffff0a000004',
    )
    assert.equal(of({ family: 'netlink' }), undefined)
  })
})

describe('Filebeat', () => {
  it('Zeek’s log has Zeek’s names again, and is a call on the wire', async () => {
    const { events } = await readAll(elastic, elasticSample())
    const call = events[1]
    assert.deepEqual([call.logSources, call.host, call.time], ['dce_rpc', '10.0.0.4', '2024-05-14T09:00:01.298000Z'])
    assert.deepEqual(pick(call, 'uid', 'id.orig_h', 'endpoint', 'operation', 'named_pipe'), [
      'C1',
      '10.0.0.6',
      'svcctl',
      'CreateServiceW',
      '\\PIPE\\ntsvcs',
    ])
  })
  it('connections are Zeek’s conn; keys may have their dots in them', async () => {
    const conn = {
      '@timestamp': '2024-05-14T09:00:01Z',
      'event.dataset': 'zeek.connection',
      'zeek.session_id': 'C1',
      'zeek.connection.state': 'SF',
      'source.ip': '10.0.0.6',
      'source.port': 1,
      'destination.ip': '10.0.0.4',
      'destination.port': 135,
    }
    const [event] = (await readAll(elastic, lines([conn]))).events
    assert.deepEqual(
      [event.logSources, ...pick(event, 'conn_state', 'dst_port', 'id.resp_p')],
      ['firewall/conn', 'SF', '135', '135'],
    )
  })
  it('Suricata’s events', async () => {
    const smb = {
      '@timestamp': '2024-05-14T09:00:01Z',
      event: { module: 'suricata', dataset: 'suricata.eve' },
      source: { ip: '10.0.0.6', port: 1 },
      destination: { ip: '10.0.0.4', port: 445 },
      suricata: { eve: { event_type: 'smb', flow_id: '7', smb: { share: '\\\\H\\IPC$', filename: 'svcctl' } } },
    }
    const [event] = (await readAll(elastic, lines([smb]))).events
    assert.deepEqual(
      [event.logSources, event.host, ...pick(event, 'name', 'path', 'id.orig_h', 'smb.filename')],
      ['smb', '10.0.0.4', 'svcctl', '\\\\H\\IPC$', '10.0.0.6', 'svcctl'],
    )
  })
})

describe('an index of many beats', () => {
  it('is read whole, Windows events too', async () => {
    const windows = {
      '@timestamp': '2024-05-14T09:00:00Z',
      winlog: {
        channel: 'Security',
        provider_name: 'Microsoft-Windows-Security-Auditing',
        event_id: '4688',
        event_data: { NewProcessName: 'C:\\a.exe' },
      },
      host: { name: 'pc' },
    }
    const { events, skips } = await readAll(elastic, `${elasticSample()}\n${JSON.stringify({ _source: windows })}`)
    assert.deepEqual(skips, [])
    assert.deepEqual([events.length, events[40].logSources], [41, 'process_creation security'])
  })
})

describe('syslog and the journal by Filebeat and Agent', () => {
  it('is what it would be in a file of syslog', async () => {
    const document = {
      '@timestamp': '2024-09-22T02:54:37.863Z',
      message: 'Accepted publickey for anna from 10.0.2.2 port 48274 ssh2: ED25519 SHA256:x',
      syslog: { identifier: 'sshd', pid: 26538, facility: 4, priority: 6 },
      host: { hostname: 'box' },
      input: { type: 'journald' },
    }
    const integration = {
      '@timestamp': '2024-09-22T02:54:38.000Z',
      message: 'pam_unix(sudo:session): session opened for user root(uid=0) by anna(uid=1000)',
      process: { name: 'sudo', pid: 7 },
      system: { auth: {} },
      host: { name: 'box' },
      log: { syslog: { hostname: 'inner' } },
    }
    const { events, skips } = await readAll(elastic, lines([document, integration]))
    assert.deepEqual(skips, [])
    assert.deepEqual(
      events.map((one) => [one.logSources, one.host, ...pick(one, 'program', 'pid', 'message').slice(0, 2)]),
      [
        ['sshd auth syslog', 'box', 'sshd', '26538'],
        ['sudo auth syslog', 'inner', 'sudo', '7'],
      ],
    )
  })
  it('documents of Zeek with a host and a message stay Zeek’s', async () => {
    const zeek = {
      '@timestamp': '2024-09-22T02:54:37.863Z',
      message: 'x',
      event: { dataset: 'zeek.connection' },
      zeek: { session_id: 'C1', connection: { state: 'SF' } },
      source: { ip: '10.0.0.6', port: 1 },
      destination: { ip: '10.0.0.5', port: 445 },
      host: { name: 'sensor' },
      log: { syslog: { appname: 'zeek' } },
    }
    const { events } = await readAll(elastic, lines([zeek]))
    assert.match(String(events[0]?.logSources), /conn/)
  })
})
