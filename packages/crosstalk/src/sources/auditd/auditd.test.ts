import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readAll } from '../reading.ts'
import { auditd } from './auditd.ts'

const at = (serial: number, seconds = '1700000000.123') => `msg=audit(${seconds}:${serial}):`
const syscall = (serial: number, number: number, fields: string, arch = 'c000003e') =>
  `type=SYSCALL ${at(serial)} arch=${arch} syscall=${number} success=yes exit=0 a0=1 a1=2 a2=3 a3=0 items=2 ppid=10 pid=20 auid=1000 uid=0 euid=0 tty=pts0 ses=3 comm="x" ${fields}`
const hex = (text: string) => Buffer.from(text).toString('hex').toUpperCase()

const EXECVE = [
  syscall(7, 59, 'exe="/bin/dd" key=(null)\u001dARCH=x86_64 SYSCALL=execve AUID="eve" UID="root"'),
  `type=EXECVE ${at(7)} argc=3 a0="dd" a1=${hex('if=/tmp/a b')} a2="bs=1"`,
  `type=CWD ${at(7)} cwd="/home/eve"`,
  `type=PATH ${at(7)} item=0 name="/bin/dd" inode=20 mode=0100755 nametype=NORMAL`,
  `type=PROCTITLE ${at(7)} proctitle=${hex('dd\0if=/tmp/a b\0bs=1')}`,
]

describe('auditd records', () => {
  it('are events of their type, by their own names, decoded', async () => {
    const { events, skips } = await readAll(auditd, EXECVE.join('\n'))
    assert.deepEqual(skips, [])
    assert.deepEqual(
      events.map((one) => [one.eventId, one.logSources]),
      [
        ['SYSCALL', 'auditd'],
        ['EXECVE', 'auditd'],
        ['CWD', 'auditd'],
        ['PATH', 'auditd'],
        ['PROCTITLE', 'auditd'],
        ['execve', 'process_creation'],
      ],
    )
    assert.equal(events[0].time, '2023-11-14T22:13:20.123000Z')
    assert.equal(events[0].recordId, 7)
    assert.equal(events[0].field('SYSCALL'), 'execve')
    assert.equal(events[0].field('UID'), 'root')
    assert.equal(events[1].json, '{"type":"EXECVE","argc":"3","a0":"dd","a1":"if=/tmp/a b","a2":"bs=1"}')
    assert.equal(events[4].field('proctitle'), 'dd if=/tmp/a b bs=1')
  })
  it('make one process creation of all records of an execve', async () => {
    const text = EXECVE.join('\n')
    const { events } = await readAll(auditd, text)
    const { fields, offset, length } = events[5]
    assert.equal(offset, 0)
    assert.equal(length, Buffer.from(text).length)
    assert.deepEqual(fields, {
      Image: '/bin/dd',
      CommandLine: 'dd if=/tmp/a b bs=1',
      CurrentDirectory: '/home/eve',
      ProcessId: '20',
      ParentProcessId: '10',
      User: 'root',
      UserId: '0',
      EffectiveUser: 'root',
      LoginUser: 'eve',
      LogonId: '3',
      Terminal: 'pts0',
      Success: 'yes',
      Exit: '0',
      OriginalPath: '/bin/dd',
    })
  })
  it('are assembled though those of several events and hosts lie between each other', async () => {
    const mixed = ['a', 'b'].map((node) => EXECVE.map((line) => `node=${node} ${line.replace('"bs=1"', `"${node}"`)}`))
    const { events } = await readAll(auditd, mixed[0].flatMap((line, i) => [line, mixed[1][i]]).join('\n'))
    assert.deepEqual(
      events.filter((one) => one.eventId === 'execve').map((one) => [one.host, one.fields.CommandLine]),
      [
        ['a', 'dd if=/tmp/a b a'],
        ['b', 'dd if=/tmp/a b b'],
      ],
    )
  })
  it('are complete at the end of the input, and when a younger event came two seconds later', async () => {
    const open = EXECVE.slice(0, 3).join('\n')
    assert.equal((await readAll(auditd, open)).events.at(-1)?.eventId, 'execve')
    const later = `${open}\n${syscall(8, 87, 'exe="/bin/rm"').replace('1700000000', '1700000003')}\n${EXECVE[3]}`
    assert.deepEqual(
      (await readAll(auditd, later)).events.map((one) => one.eventId),
      ['SYSCALL', 'EXECVE', 'CWD', 'SYSCALL', 'execve', 'PATH'],
    )
  })
  it('put long arguments together from their pieces', async () => {
    const long = 'ä'.repeat(10)
    const bytes = Buffer.from(long)
    const { events } = await readAll(
      auditd,
      [
        EXECVE[0],
        `type=EXECVE ${at(7)} argc=2 a0="sh" a1_len=40 a1[0]=${bytes.subarray(0, 7).toString('hex')}`,
        `type=EXECVE ${at(7)} a1[1]=${bytes.subarray(7).toString('hex')}`,
        `type=EOE ${at(7)} `,
      ].join('\n'),
    )
    assert.equal(events.at(-1)?.fields.CommandLine, `sh ${long}`)
    assert.equal(events.at(-1)?.eventId, 'execve')
  })
  it('name the parent by what its process id ran before', async () => {
    const parent = EXECVE.map((line) =>
      line.replaceAll(':7)', ':6)').replace('pid=20', 'pid=10').replace('ppid=10', 'ppid=1'),
    )
    const { events } = await readAll(auditd, [...parent, ...EXECVE].join('\n'))
    const child = events.findLast((one) => one.eventId === 'execve')
    assert.equal(child?.fields.ParentImage, '/bin/dd')
    assert.equal(child?.fields.ParentCommandLine, 'dd if=/tmp/a b bs=1')
  })
  it('tell sockets: whom a connect reached, by address or path', async () => {
    const connect = (serial: number, saddr: string) => [
      syscall(serial, 42, 'exe="/usr/bin/nc"'),
      `type=SOCKADDR ${at(serial)} saddr=${saddr}`,
      `type=PROCTITLE ${at(serial)} proctitle="nc"`,
    ]
    const { events } = await readAll(
      auditd,
      [...connect(1, '02000016C0A801050000000000000000'), ...connect(2, `0100${hex('\0agent')}`)].join('\n'),
    )
    assert.equal(events[1].field('laddr'), '192.168.1.5')
    assert.equal(events[1].field('lport'), '22')
    assert.equal(events[3].logSources, 'network_connection')
    assert.equal(events[3].fields.DestinationIp, '192.168.1.5')
    assert.equal(events[3].fields.DestinationPort, '22')
    assert.equal(events[5].field('path'), '@agent')
    assert.equal(events[7].logSources, 'ipc')
    assert.equal(events[7].fields.SocketPath, '@agent')
    assert.equal(events[7].field('Syscall'), 'connect')
  })
  it('tell FIFOs, queues, shared memory and ptrace', async () => {
    const call = (serial: number, number: number, ...records: string[]) =>
      [syscall(serial, number, 'exe="/bin/x"'), ...records, `type=PROCTITLE ${at(serial)} proctitle="x"`].join('\n')
    const { events } = await readAll(
      auditd,
      [
        call(1, 133, `type=CWD ${at(1)} cwd="/tmp"`, `type=PATH ${at(1)} item=1 name="f" mode=010644 nametype=CREATE`),
        call(
          2,
          240,
          `type=MQ_OPEN ${at(2)} oflag=0x42 mode=0600 mq_flags=0x0 mq_maxmsg=10 mq_msgsize=8192 mq_curmsgs=0`,
        ),
        call(3, 29),
        call(4, 101, `type=OBJ_PID ${at(4)} opid=77 oauid=0 ouid=0 oses=1 ocomm="sshd"`),
      ].join('\n'),
    )
    const calls = events.filter((one) => one.logSources === 'ipc')
    assert.deepEqual(
      calls.map((one) => one.eventId),
      ['mknod', 'mq_open', 'shmget', 'ptrace'],
    )
    assert.equal(calls[0].fields.TargetFilename, '/tmp/f')
    assert.equal(calls[1].fields.mq_maxmsg, '10')
    assert.equal(calls[2].fields.Argument0, '1')
    assert.equal(calls[3].fields.TargetProcessId, '77')
    assert.equal(calls[3].fields.TargetCommand, 'sshd')
  })
  it('of programs have their message in fields', async () => {
    const { events } = await readAll(
      auditd,
      `type=USER_CMD ${at(1)} pid=5 uid=1000 auid=1000 ses=2 msg='cwd="/root" cmd=${hex('ls -l')} exe="/usr/bin/sudo" terminal=pts/0 res=success'\u001dUID="eve"`,
    )
    assert.deepEqual(events[0].fields, {
      pid: '5',
      uid: '1000',
      auid: '1000',
      ses: '2',
      cwd: '/root',
      cmd: 'ls -l',
      exe: '/usr/bin/sudo',
      terminal: 'pts/0',
      res: 'success',
      UID: 'eve',
    })
  })
  it('with a number for a type get its name, and numbers of calls stay where no table has them', async () => {
    const { events } = await readAll(auditd, `type=1300 ${at(1)} arch=40000028 syscall=11 exe="/bin/x"`)
    assert.equal(events[0].eventId, 'SYSCALL')
    assert.equal(events[0].field('SYSCALL'), '11')
  })
  it('are cut off at every byte, and changed, without an error', async () => {
    const bytes = Buffer.from(EXECVE.join('\n'))
    for (let length = 0; length <= bytes.length; length++) await readAll(auditd, bytes.subarray(0, length))
    let seed = 1
    const random = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff
      return seed % below
    }
    for (let run = 0; run < 3_000; run++) {
      const changed = Buffer.from(bytes)
      for (let i = 0; i < 3; i++) changed[random(changed.length)] = random(256)
      await readAll(auditd, changed)
    }
  })
})
