import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readAll } from '../reading.ts'
import { eslogger } from './eslogger.ts'
import { esloggerSample, message, process } from './sample-input.ts'

async function readOne(type: string, event: object, actor?: object) {
  const { events, skips } = await readAll(eslogger, JSON.stringify(message(type, event, 3, actor)))
  assert.deepEqual(skips, [])
  assert.equal(events.length, 1)
  return events[0]
}

describe('eslogger', () => {
  it('exec is a process creation: the target is the new image, the process its parent', async () => {
    const event = await readOne('exec', {
      target: process(500, '/usr/bin/osascript', {
        ppid: 42,
        signing_id: 'com.apple.osascript',
        audit_token: { pid: 500, pidversion: 9, euid: 0 },
      }),
      args: ['osascript', '-e', 'tell app "Finder"'],
      cwd: { path: '/tmp' },
    })
    assert.equal(event.logSources, 'process_creation/endpoint_security')
    assert.equal(event.time, '2024-05-14T09:00:03.123456Z')
    assert.equal(event.recordId, 103)
    const read = [
      'Image',
      'CommandLine',
      'CurrentDirectory',
      'ParentImage',
      'ProcessId',
      'ParentProcessId',
      'ProcessGuid',
      'ParentProcessGuid',
      'User',
      'SigningId',
      'EventType',
    ]
    assert.deepEqual(Object.fromEntries(read.map((name) => [name, event.field(name) ?? event.fields[name]])), {
      Image: '/usr/bin/osascript',
      CommandLine: 'osascript -e tell app "Finder"',
      CurrentDirectory: '/tmp',
      ParentImage: '/bin/zsh',
      ProcessId: '500',
      ParentProcessId: '42',
      ProcessGuid: '500.9',
      ParentProcessGuid: '1.1001',
      User: 'root',
      SigningId: 'com.apple.osascript',
      EventType: 'exec',
    })
  })
  it('xpc_connect names the service, get_task and kin the target', async () => {
    const connect = await readOne('xpc_connect', { service_name: 'com.apple.tccd', service_domain_type: 1 })
    assert.equal(connect.field('ServiceName'), 'com.apple.tccd')
    assert.equal(connect.field('Image'), '/bin/zsh')
    assert.equal(connect.field('User'), '501')
    const task = await readOne('get_task', { target: process(77, '/usr/libexec/x'), type: 0 })
    assert.equal(task.field('TargetImage'), '/usr/libexec/x')
    assert.equal(task.field('TargetProcessId'), '77')
    assert.equal(task.field('TargetProcessGuid'), '77.1077')
  })
  it('reads Jamf Protect’s telemetry, which names the host', async () => {
    const record = {
      event: { lw_session_login: { graphical_session_id: 257, username: 'anna' } },
      event_type: 114,
      glob_seq_num: 16661,
      seq_num: 2,
      host: { hostname: 'mac7', ips: ['192.168.4.252'] },
      process: {
        audit_token: { asid: 100018, auid: 502, euid: 502, pid: 388, pidversion: 869 },
        executable: { path: '/System/Library/CoreServices/loginwindow.app/Contents/MacOS/loginwindow' },
      },
      time: '2024-05-15T00:12:12.555Z',
      version: 7,
    }
    const { events } = await readAll(eslogger, JSON.stringify(record))
    assert.deepEqual(
      events.map((one) => [one.host, one.recordId, one.eventId, one.field('LogonId')]),
      [['mac7', 16661, 'lw_session_login', '100018']],
    )
  })
  it('reads audit tokens that are lists, as eslogger writes them since macOS 26', async () => {
    const listed = (pid: number, path: string) =>
      process(pid, path, {
        audit_token: [501, 501, 20, 502, 20, pid, 100_013, pid + 1000],
        parent_audit_token: [4294967295, 0, 0, 0, 0, 1, 100_012, 1029],
      })
    const task = await readOne('get_task', { target: listed(77, '/usr/libexec/x'), type: 0 }, listed(500, '/tmp/x'))
    const exec = await readOne('exec', { target: listed(500, '/bin/ls'), args: ['ls'] }, listed(500, '/bin/zsh'))
    assert.deepEqual(
      ['ProcessId', 'ProcessGuid', 'ParentProcessGuid', 'User', 'LogonId'].map((name) => task.field(name)),
      ['500', '500.1500', '1.1029', '501', '100013'],
    )
    assert.deepEqual(
      ['TargetProcessId', 'TargetProcessGuid', 'TaskType'].map((name) => task.field(name)),
      ['77', '77.1077', 'task_for_pid'],
    )
    assert.deepEqual([exec.field('ProcessId'), exec.field('Image')], ['500', '/bin/ls'])
  })
  it('numbers that say what it is are put into words', async () => {
    const change = await readOne('tcc_modify', {
      service: 'kTCCServiceAppleEvents',
      identity: 'com.example.app',
      update_type: 1,
      right: 2,
    })
    assert.deepEqual(
      ['TccService', 'TccIdentity', 'TccUpdateType', 'TccRight'].map((name) => change.field(name)),
      ['kTCCServiceAppleEvents', 'com.example.app', 'create', 'allowed'],
    )
    const item = await readOne('btm_launch_item_add', {
      item: { item_type: 3, item_url: 'file:///x' },
      executable_path: '/tmp/x',
    })
    assert.deepEqual(
      ['ItemType', 'ItemPath', 'ItemProgram'].map((name) => item.field(name)),
      ['agent', 'file:///x', '/tmp/x'],
    )
    const connect = await readOne('xpc_connect', { service_name: 'a', service_domain_type: 99 })
    assert.equal(connect.field('ServiceDomain'), '99')
  })
  it('sockets and files have one path', async () => {
    assert.equal(
      (await readOne('uipc_bind', { dir: { path: '/tmp/' }, filename: 'a.sock', mode: 438 })).field('SocketPath'),
      '/tmp/a.sock',
    )
    assert.equal(
      (await readOne('uipc_connect', { file: { path: '/var/run/b' }, domain: 1 })).field('SocketPath'),
      '/var/run/b',
    )
    const created = await readOne('create', {
      destination: { new_path: { dir: { path: '/Library/LaunchAgents' }, filename: 'x.plist', mode: 420 } },
      destination_type: 1,
    })
    assert.equal(created.logSources, 'file_event/endpoint_security')
    assert.equal(created.field('TargetFilename'), '/Library/LaunchAgents/x.plist')
  })
  it('types that are not known are read by their own names', async () => {
    const event = await readOne('new_in_next_release', { thing: 'x' })
    assert.equal(event.eventId, 'new_in_next_release')
    assert.equal(event.fields['event.new_in_next_release.thing'], 'x')
  })
  it('is cut off at every byte without an error', async () => {
    const bytes = Buffer.from(esloggerSample().split('\n').slice(0, 2).join('\n'))
    for (let length = 0; length <= bytes.length; length++) await readAll(eslogger, bytes.subarray(0, length))
  })
})
