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
    assert.deepEqual([exec.logSources, connect.logSources], ['process_creation/falco', 'falco'])
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
