// For tests: audit events as auditd and as Laurel writes them, made up after Laurel's documentation (laurel-about.7).

/** A process that started, one that connected to a socket, and one that looked into another. */
export const RAW = [
  'node=box type=SYSCALL msg=audit(1715677200.123:7): arch=c000003e syscall=59 success=yes exit=0 a0=55c0 a1=55d0 a2=55e0 a3=fff0 items=1 ppid=10 pid=20 auid=1000 uid=0 gid=0 euid=0 tty=pts0 ses=3 comm="nc" exe="/usr/bin/nc" key=(null)\u001dARCH=x86_64 SYSCALL=execve AUID="eve" UID="root"',
  'node=box type=EXECVE msg=audit(1715677200.123:7): argc=3 a0="nc" a1="-U" a2=2F746D702F6120622525C3A4',
  'node=box type=CWD msg=audit(1715677200.123:7): cwd="/home/eve"',
  'node=box type=PATH msg=audit(1715677200.123:7): item=0 name="/usr/bin/nc" inode=20 dev=fd:01 mode=0100755 nametype=NORMAL',
  'node=box type=PROCTITLE msg=audit(1715677200.123:7): proctitle=6E63002D55002F746D702F6120622525C3A4',
  'node=box type=SYSCALL msg=audit(1715677201.000:8): arch=c000003e syscall=42 success=yes exit=0 a0=3 a1=7ff a2=6e a3=0 items=1 ppid=10 pid=20 auid=1000 uid=0 gid=0 euid=0 tty=pts0 ses=3 comm="nc" exe="/usr/bin/nc" key="ipc"',
  'node=box type=SOCKADDR msg=audit(1715677201.000:8): saddr=01002F72756E2F612E736F636B00',
  'node=box type=CWD msg=audit(1715677201.000:8): cwd="/"',
  'node=box type=PROCTITLE msg=audit(1715677201.000:8): proctitle="nc"',
  'node=box type=SYSCALL msg=audit(1715677202.000:9): arch=c000003e syscall=101 success=yes exit=0 a0=10 a1=29b07b a2=0 a3=0 items=0 ppid=10 pid=21 auid=1000 uid=0 gid=0 euid=0 tty=pts0 ses=3 comm="gdb" exe="/usr/bin/gdb" key=(null)',
  'node=box type=OBJ_PID msg=audit(1715677202.000:9): opid=2732155 oauid=0 ouid=0 oses=2 ocomm="agent"',
]

const call = (syscall: number, argv: string[], rest: object) => ({
  arch: '0xc000003e',
  syscall,
  success: 'yes',
  exit: 0,
  ARGV: argv,
  ...rest,
})
const who = { ppid: 10, pid: 20, auid: 1000, uid: 0, gid: 0, euid: 0, tty: 'pts0', ses: 3 }

export const LAUREL = [
  {
    ID: '1715677200.123:7',
    NODE: 'box',
    SYSCALL: {
      ...call(59, ['0x55c0', '0x55d0', '0x55e0', '0xfff0'], {
        items: 1,
        ...who,
        comm: 'nc',
        exe: '/usr/bin/nc',
        key: null,
      }),
      ARCH: 'x86_64',
      SYSCALL: 'execve',
      AUID: 'eve',
      UID: 'root',
    },
    EXECVE: { argc: 3, ARGV: ['nc', '-U', '/tmp/a b%25%25ä'] },
    CWD: { cwd: '/home/eve' },
    PATH: [{ item: 0, name: '/usr/bin/nc', inode: 20, dev: 'fd:01', mode: '0o100755', nametype: 'NORMAL' }],
    PROCTITLE: { ARGV: ['nc', '-U', '/tmp/a b%25%25ä'] },
  },
  {
    ID: '1715677201.000:8',
    NODE: 'box',
    SYSCALL: call(42, ['0x3', '0x7ff', '0x6e', '0x0'], {
      items: 1,
      ...who,
      comm: 'nc',
      exe: '/usr/bin/nc',
      key: 'ipc',
    }),
    SOCKADDR: [{ saddr: '%01%00/run/a.sock%00' }],
    CWD: { cwd: '/' },
    PROCTITLE: { ARGV: ['nc'] },
  },
  {
    ID: '1715677202.000:9',
    NODE: 'box',
    SYSCALL: call(101, ['0x10', '0x29b07b', '0x0', '0x0'], {
      items: 0,
      ...who,
      pid: 21,
      comm: 'gdb',
      exe: '/usr/bin/gdb',
      key: null,
    }),
    OBJ_PID: [{ opid: 2732155, oauid: 0, ouid: 0, oses: 2, ocomm: 'agent' }],
  },
]

/** 20 events that started nothing and hold a SYSCALL and a PATH each: 40. */
export const laurelSample = () =>
  Array.from({ length: 20 }, (_, at) =>
    JSON.stringify({
      ID: `17156772${String(at).padStart(2, '0')}.123:${at}`,
      SYSCALL: call(87, ['0x7ff'], { ...who, comm: 'rm', exe: '/bin/rm' }),
      PATH: [{ item: 0, name: `/tmp/ä${'%01'.repeat(at % 3)}`, nametype: 'DELETE' }],
    }),
  ).join('\n')
