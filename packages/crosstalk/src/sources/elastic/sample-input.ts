// For tests: documents of Beats, made up after elastic/beats's own examples: 40 events.
const two = (at: number) => String(at).padStart(2, '0')

/** The three audit events of laurel/sample-input.ts, as Auditbeat writes them. */
const user = { id: '0', group: { id: '0' }, audit: { id: '1000' } }
const beat = { host: { name: 'box' }, event: { module: 'auditd', kind: 'event' }, service: { type: 'auditd' } }
export const AUDITBEAT = [
  {
    ...beat,
    '@timestamp': '2024-05-14T09:00:00.123Z',
    auditd: {
      sequence: 7,
      message_type: 'syscall',
      result: 'success',
      session: '3',
      data: {
        arch: 'x86_64',
        syscall: 'execve',
        exit: '0',
        tty: 'pts0',
        argc: '3',
        a0: '55c0',
        a1: '55d0',
        a2: '55e0',
        a3: 'fff0',
      },
      paths: [{ item: '0', name: '/usr/bin/nc', inode: '20', dev: 'fd:01', mode: '0100755', nametype: 'NORMAL' }],
    },
    process: {
      args: ['nc', '-U', '/tmp/a b%%ä'],
      executable: '/usr/bin/nc',
      name: 'nc',
      pid: 20,
      parent: { pid: 10 },
      title: 'nc -U /tmp/a b%%ä',
      working_directory: '/home/eve',
    },
    user: { ...user, name: 'root', audit: { id: '1000', name: 'eve' } },
  },
  {
    ...beat,
    '@timestamp': '2024-05-14T09:00:01.000Z',
    auditd: {
      sequence: 8,
      message_type: 'syscall',
      result: 'success',
      session: '3',
      data: {
        arch: 'x86_64',
        syscall: 'connect',
        exit: '0',
        tty: 'pts0',
        a0: '3',
        a1: '7ff',
        a2: '6e',
        a3: '0',
        socket: { family: 'unix', path: '/run/a.sock' },
      },
    },
    destination: { path: '/run/a.sock' },
    tags: ['ipc'],
    process: {
      executable: '/usr/bin/nc',
      name: 'nc',
      pid: 20,
      parent: { pid: 10 },
      title: 'nc',
      working_directory: '/',
    },
    user,
  },
  {
    ...beat,
    '@timestamp': '2024-05-14T09:00:02.000Z',
    auditd: {
      sequence: 9,
      message_type: 'syscall',
      result: 'success',
      session: '3',
      data: {
        arch: 'x86_64',
        syscall: 'ptrace',
        exit: '0',
        tty: 'pts0',
        a0: '10',
        a1: '29b07b',
        a2: '0',
        a3: '0',
        opid: '2732155',
        oauid: '0',
        ouid: '0',
        oses: '2',
        ocomm: 'agent',
      },
    },
    process: { executable: '/usr/bin/gdb', name: 'gdb', pid: 21, parent: { pid: 10 } },
    user,
  },
]

const started = (at: number) => ({
  '@timestamp': `2024-05-14T09:00:${two(at)}.123Z`,
  agent: { type: 'auditbeat' },
  event: { module: 'system', dataset: 'process', action: 'process_started' },
  host: { hostname: 'box', os: { type: 'linux' } },
  process: {
    pid: at,
    executable: '/bin/ls',
    args: ['ls', `-${'ä'.repeat(at % 4)}`],
    parent: { pid: 1 },
    entity_id: `e${at}`,
  },
  user: { name: 'root' },
})

const zeek = (at: number) => ({
  '@timestamp': `2024-05-14T09:00:${two(at)}.298Z`,
  event: { module: 'zeek', dataset: 'zeek.dce_rpc' },
  source: { ip: '10.0.0.6', port: 50_000 + at },
  destination: { ip: '10.0.0.4', port: 445 },
  zeek: {
    session_id: `C${at}`,
    dce_rpc: { endpoint: 'svcctl', operation: 'CreateServiceW', named_pipe: '\\PIPE\\ntsvcs', rtt: 0.09 },
  },
})

export const elasticSample = () =>
  Array.from({ length: 40 }, (_, at) =>
    JSON.stringify({ _index: 'x', _source: at % 2 === 0 ? started(at) : zeek(at) }),
  ).join('\n')
