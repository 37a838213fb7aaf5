import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dbusCapture } from './dbus-capture/dbus-capture.ts'
import { falco } from './falco/falco.ts'
import { ipcdump } from './ipcdump/ipcdump.ts'
import { osquery } from './osquery/osquery.ts'
import { type ReadEvent, readAll } from './reading.ts'
import { TOOL_SAMPLES } from './sample-tools.ts'
import type { Source } from './source.ts'
import { suricata } from './suricata/suricata.ts'
import { tetragon } from './tetragon/tetragon.ts'
import { tracee } from './tracee/tracee.ts'
import { unifiedLog } from './unified-log/unified-log.ts'

const SOURCES: readonly Source[] = [suricata, osquery, falco, tetragon, tracee, unifiedLog, dbusCapture, ipcdump]

async function sampled(source: Source): Promise<ReadEvent[]> {
  const { events, skips } = await readAll(source, TOOL_SAMPLES[source.format]())
  assert.deepEqual(skips, [])
  return events
}
const pick = (event: ReadEvent, ...names: string[]) => names.map((name) => event.field(name))

describe('tools that write JSON', () => {
  it('Suricata: the type is the service, who was asked the host', async () => {
    const [smb, flow] = await sampled(suricata)
    assert.deepEqual([smb.logSources, smb.host, smb.time], ['smb', '10.0.0.4', '2024-05-14T09:00:00.123456Z'])
    assert.deepEqual(pick(smb, 'id.orig_h', 'name', 'path'), ['10.0.0.6', 'svcctl', '\\\\H\\IPC$'])
    assert.equal(flow.logSources, 'firewall/flow')
  })
  it('Falco: alerts on an exec are process creations', async () => {
    const [exec, connect] = await sampled(falco)
    assert.deepEqual([exec.logSources, connect.logSources], ['process_creation/falco', 'network_connection/falco'])
    assert.equal(connect.field('Initiated'), 'true')
    assert.deepEqual(pick(exec, 'Image', 'CommandLine', 'User'), ['/bin/ls', 'ls -l', 'root'])
  })
  it('Tetragon: process, parent and their unique ids', async () => {
    const [exec, exit] = await sampled(tetragon)
    assert.deepEqual([exec.logSources, exit.logSources], ['process_creation/tetragon', 'process_termination/tetragon'])
    assert.deepEqual(pick(exec, 'Image', 'CommandLine', 'ParentImage', 'ProcessGuid', 'ParentProcessGuid', 'User'), [
      '/bin/ls',
      '/bin/ls -l',
      '/bin/sh',
      'id0',
      'p',
      'root',
    ])
  })
  it('Tracee: arguments by name, sockets as acts on a channel', async () => {
    const [exec, connect] = await sampled(tracee)
    assert.deepEqual([exec.logSources, connect.logSources], ['process_creation/tracee', 'ipc/tracee'])
    assert.deepEqual(pick(exec, 'Image', 'CommandLine', 'args.pathname'), ['/bin/ls', 'ls -l', '/bin/ls'])
    assert.deepEqual(pick(connect, 'Syscall', 'SocketPath', 'Image'), ['connect', '/run/x', '/bin/ls'])
    assert.equal(exec.time, '2024-05-14T09:00:00.000000Z')
  })
  it('the unified log, D-Bus and IPCDump', async () => {
    const [entry] = await sampled(unifiedLog)
    assert.deepEqual([entry.logSources, ...pick(entry, 'Image')], ['unified_log', '/usr/libexec/x'])
    const [call] = await sampled(dbusCapture)
    assert.deepEqual(
      [call.eventId, ...pick(call, 'Destination', 'Member')],
      ['method_call', 'org.example.Service', 'Do'],
    )
    const [sent] = await sampled(ipcdump)
    assert.deepEqual(
      [sent.eventId, ...pick(sent, 'SocketPath', 'TargetProcessId')],
      ['unix-stream', '/run/agent.sock', '2'],
    )
  })
  it('are cut off at every byte without an error', async () => {
    for (const source of SOURCES) {
      const bytes = Buffer.from(TOOL_SAMPLES[source.format]().split('\n', 2).join('\n'))
      for (let length = 0; length <= bytes.length; length++) await readAll(source, bytes.subarray(0, length))
    }
  })
})

describe('osquery', () => {
  const result = (rest: object) =>
    JSON.stringify({ name: 'q', hostIdentifier: 'box', unixTime: 1_700_000_000, ...rest })
  it('rows that were added to an event table happened when they say', async () => {
    const [event] = await sampled(osquery)
    assert.deepEqual(
      [event.logSources, event.host, event.time],
      ['process_events process_creation', 'box', '2024-05-14T09:00:00.000000Z'],
    )
    assert.deepEqual(pick(event, 'Image', 'CommandLine', 'ParentProcessId', 'User'), ['/bin/ls', 'ls', '1', 'root'])
  })
  it('snapshots and batches are one event a row; a state is no process creation', async () => {
    const { events, skips } = await readAll(
      osquery,
      [
        result({
          action: 'snapshot',
          snapshot: [
            { pid: '1', name: 'p', instances: '1', max_instances: '2' },
            { pid: '2', fd: '3', partner_pid: '9' },
          ],
        }),
        result({
          diffResults: {
            added: [{ pid: '5', path: 'C:\\a.exe', cmdline: 'a', state: 'R', parent: '1' }],
            removed: [7],
          },
        }),
      ].join('\n'),
    )
    assert.deepEqual(
      events.map((one) => [one.logSources, one.field('action')]),
      [
        ['pipes', 'snapshot'],
        ['process_open_pipes', 'snapshot'],
        ['processes', 'added'],
      ],
    )
    assert.equal(events[0].field('PipeName'), 'p')
    assert.equal(events[1].field('TargetProcessId'), '9')
    assert.deepEqual(
      skips.map((one) => one.reason),
      ['osquery: a row that is no object'],
    )
  })
})

describe('as the tools write it today', () => {
  const line = (record: object) => JSON.stringify(record)
  const read = async (source: Source, ...records: object[]) => {
    const { events, skips } = await readAll(source, records.map(line).join('\n'))
    assert.deepEqual(skips, [])
    return events
  }
  const rows = (columns: object) => ({
    name: 'q',
    hostIdentifier: 'box',
    unixTime: '1715677200',
    action: 'added',
    columns,
  })
  it('osquery: which rows of an event table are what', async () => {
    const started = { pid: '1', path: '/bin/ls', parent: '0', auid: '0', cmdline: 'ls' }
    const events = await read(
      osquery,
      rows({ ...started, syscall: 'execve' }),
      rows({ ...started, syscall: 'clone' }),
      rows({ pid: '1', ppid: '2', path: 'C:\\a.exe', token_elevation_type: 'x', type: 'ProcessStop' }),
      rows({ pid: '1', action: 'bind', remote_address: '', remote_port: '0', path: '/bin/x' }),
      rows({
        pid: '1',
        action: 'connect',
        remote_address: '',
        remote_port: '0',
        path: '/bin/x',
        socket: '/run/a.sock',
      }),
      rows({ pid: '1', path: '/bin/x', event_type: 'fork', signing_id: '' }),
    )
    assert.deepEqual(
      events.map((one) => one.logSources),
      [
        'process_events process_creation',
        'process_events',
        'process_etw_events process_termination',
        'socket_events',
        'socket_events ipc',
        'es_process_events',
      ],
    )
    assert.deepEqual(pick(events[4], 'Syscall', 'SocketPath'), ['connect', '/run/a.sock'])
  })
  it('osquery: the host, whatever identifies it', async () => {
    const { hostIdentifier: _, ...bare } = rows({ a: '1' })
    const uuid = '11111111-2222-3333-4444-555555555555'
    const events = await read(
      osquery,
      { ...bare, hostname: 'box' },
      { ...bare, hostIdentifier: uuid, decorations: { hostname: 'box' } },
      { ...bare, hostIdentifier: uuid },
    )
    assert.deepEqual(
      events.map((one) => one.host),
      ['box', 'box', uuid],
    )
  })
  it('Tetragon: connections of Isovalent’s builds are told by type', async () => {
    const process = { exec_id: 'id', pid: 7, uid: 0, binary: '/usr/bin/nc', arguments: '10.0.0.5 443' }
    const ends = { source_ip: '10.0.0.6', source_port: 47048, destination_ip: '10.0.0.5', destination_port: 443 }
    const [connect, listen] = await read(
      tetragon,
      ...['connect', 'listen'].map((type) => ({
        [`process_${type}`]: { process, parent: { exec_id: 'p', pid: 1 }, ...ends, protocol: 'TCP' },
        node_name: 'box',
        time: '2024-05-14T09:00:00Z',
      })),
    )
    assert.deepEqual([connect.logSources, listen.logSources], ['network_connection/tetragon', 'tetragon'])
    assert.deepEqual(pick(connect, 'DestinationIp', 'DestinationPort', 'Initiated', 'Image'), [
      '10.0.0.5',
      '443',
      'true',
      '/usr/bin/nc',
    ])
  })
  it('Tetragon: arguments of a hook', async () => {
    const process = { exec_id: 'a', pid: 5, uid: 0, binary: '/usr/bin/curl', arguments: 'x' }
    const hook = (function_name: string, args: object[]) => ({
      process_kprobe: {
        process,
        parent: { pid: 1 },
        function_name,
        args,
        policy_name: 'p',
        action: 'KPROBE_ACTION_POST',
      },
      node_name: 'node',
      time: '2024-05-14T09:00:00.123456789Z',
    })
    const [tcp, file] = await read(
      tetragon,
      hook('tcp_connect', [
        {
          sock_arg: {
            family: 'AF_INET',
            protocol: 'IPPROTO_TCP',
            saddr: '10.0.0.5',
            sport: 50_000,
            daddr: '10.0.0.6',
            dport: 445,
          },
        },
      ]),
      hook('security_file_permission', [{ file_arg: { path: '/etc/shadow' } }, { int_arg: 4 }]),
    )
    assert.deepEqual(
      [tcp.logSources, ...pick(tcp, 'DestinationIp', 'DestinationPort', 'SourceIp', 'Protocol', 'Initiated')],
      ['network_connection/tetragon', '10.0.0.6', '445', '10.0.0.5', 'TCP', 'true'],
    )
    assert.deepEqual(
      [file.logSources, ...pick(file, 'TargetFilename', 'args.1.int_arg')],
      ['tetragon', '/etc/shadow', '4'],
    )
  })
  it('Tracee: since its API v1beta1', async () => {
    const workload = {
      process: {
        executable: { path: '/bin/bash' },
        unique_id: 77,
        host_pid: 20,
        pid: 2,
        real_user: { id: 0 },
        thread: { name: 'bash', syscall: 'execve' },
        ancestors: [{ unique_id: 7, host_pid: 10, pid: 1 }],
      },
      container: { id: 'c1', name: 'x' },
    }
    const event = (name: string, data: object[]) => ({
      timestamp: '2024-05-14T09:00:00.5Z',
      id: 1,
      name,
      policies: { matched: ['p'] },
      workload,
      data,
    })
    const [exec, connect] = await read(
      tracee,
      event('sched_process_exec', [
        { name: 'pathname', value: '/bin/ls' },
        { name: 'argv', value: ['ls', '-l'] },
      ]),
      event('security_socket_connect', [{ name: 'remote_addr', value: { sa_family: 1, sun_path: '/run/x' } }]),
    )
    assert.deepEqual(
      [
        exec.logSources,
        exec.time,
        ...pick(exec, 'Image', 'CommandLine', 'ProcessId', 'ParentProcessId', 'ProcessGuid', 'User'),
      ],
      ['process_creation/tracee', '2024-05-14T09:00:00.500000Z', '/bin/ls', 'ls -l', '20', '10', '77', 'root'],
    )
    assert.deepEqual(pick(connect, 'Syscall', 'SocketPath', 'Image'), ['connect', '/run/x', '/bin/bash'])
  })
  it('IPCDump: pipes, and what it lost', async () => {
    const ends = { src_pid: 1, src_comm: 'sh', dst_pid: 2, dst_comm: 'cat', time: '2024-05-14T09:00:00Z' }
    const [pipe, lost] = await read(
      ipcdump,
      { ...ends, type: 'pipe', meta: { pipe_name: '<anonymous>', pipe_inode: 77, count: 5 } },
      { lost_type: 'pipe', count: 9, time: '2024-05-14T09:00:01Z' },
    )
    assert.deepEqual(
      [pipe.eventId, pipe.field('meta.pipe_inode'), lost.eventId, lost.field('count')],
      ['pipe', '77', 'lost', '9'],
    )
  })
})
