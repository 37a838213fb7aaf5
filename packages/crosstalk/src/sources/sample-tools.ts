// For tests: records of tools that write JSON, made up: 40 each.
const two = (at: number) => String(at).padStart(2, '0')
const lines = (record: (at: number, time: string) => object) => () =>
  Array.from({ length: 40 }, (_, at) => JSON.stringify(record(at, `2024-05-14T09:00:${two(at)}.123456Z`))).join('\n')

export const TOOL_SAMPLES: Readonly<Record<string, () => string>> = {
  suricata: lines((at, time) => ({
    timestamp: time.replace('Z', '+0000'),
    flow_id: at,
    event_type: at % 2 === 0 ? 'smb' : 'flow',
    src_ip: '10.0.0.6',
    src_port: 50_000 + at,
    dest_ip: '10.0.0.4',
    dest_port: 445,
    proto: 'TCP',
    smb: { command: 'SMB2_COMMAND_CREATE', share: '\\\\H\\IPC$', filename: 'svcctl' },
  })),
  osquery: lines((at) => ({
    name: 'pack_process_events',
    hostIdentifier: 'box',
    calendarTime: 'Tue May 14 09:00:00 2024 UTC',
    unixTime: 1_715_677_200 + at,
    columns: {
      pid: String(at),
      path: '/bin/ls',
      cmdline: 'ls',
      parent: '1',
      auid: '1000',
      time: String(1_715_677_200 + at),
      uid: '0',
    },
    action: 'added',
  })),
  falco: lines((at, time) => ({
    hostname: 'box',
    output: `notice ${at}`,
    priority: 'Notice',
    rule: 'Some rule',
    source: 'syscall',
    tags: ['x'],
    time,
    output_fields: {
      'evt.type': at % 2 === 0 ? 'execve' : 'connect',
      'proc.cmdline': 'ls -l',
      'proc.exepath': '/bin/ls',
      'proc.pid': at,
      'user.name': 'root',
    },
  })),
  tetragon: lines((at, time) => ({
    [at % 2 === 0 ? 'process_exec' : 'process_exit']: {
      process: {
        exec_id: `id${at}`,
        pid: at,
        uid: 0,
        cwd: '/',
        binary: '/bin/ls',
        arguments: '-l',
        parent_exec_id: 'p',
      },
      parent: { exec_id: 'p', pid: 1, binary: '/bin/sh' },
    },
    node_name: 'box',
    time,
  })),
  tracee: lines((at) => ({
    timestamp: 1_715_677_200_000_000_000 + at * 1_000_000_000,
    hostProcessId: at,
    hostParentProcessId: 1,
    userId: 0,
    processName: 'ls',
    hostName: 'box',
    eventId: '715',
    eventName: at % 2 === 0 ? 'sched_process_exec' : 'security_socket_connect',
    argsNum: 1,
    returnValue: 0,
    executable: { path: '/bin/ls' },
    args:
      at % 2 === 0
        ? [
            { name: 'pathname', value: '/bin/ls' },
            { name: 'argv', value: ['ls', '-l'] },
          ]
        : [{ name: 'remote_addr', value: { sa_family: 'AF_UNIX', sun_path: '/run/x' } }],
  })),
  'unified-log': lines((at, time) => ({
    traceID: at,
    eventMessage: `message ${at}`,
    eventType: 'logEvent',
    formatString: 'message %d',
    subsystem: 'com.apple.xpc',
    processImagePath: '/usr/libexec/x',
    processID: at,
    machTimestamp: at,
    timestamp: time.replace('T', ' ').replace('Z', '+0000'),
  })),
  'dbus-capture': lines((at) => ({
    type: at % 2 === 0 ? 'method_call' : 'signal',
    endian: 'l',
    cookie: at,
    'timestamp-realtime': 1_715_677_200_000_000 + at * 1_000_000,
    sender: ':1.5',
    destination: 'org.example.Service',
    path: '/org/example',
    interface: 'org.example.I',
    member: 'Do',
    payload: { type: 's', data: ['x'] },
  })),
  'dbus-text': () =>
    Array.from(
      { length: 40 },
      (_, at) =>
        `method call time=17156772${two(at)}.123456 sender=:1.5 -> destination=org.example.Service serial=${at} path=/org/example; interface=org.example.I; member=Do\n   string "${'ä'.repeat(at % 5)}"`,
    ).join('\n'),
  ipcdump: lines((at, time) => ({
    src_pid: at,
    src_comm: 'nc',
    dst_pid: 2,
    dst_comm: 'agent',
    type: 'unix-stream',
    time,
    meta: { inode: at, path: '/run/agent.sock', count: 5 },
  })),
}
