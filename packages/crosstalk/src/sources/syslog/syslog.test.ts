import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { journald } from '../journald/journald.ts'
import { readAll } from '../reading.ts'
import { syslog } from './syslog.ts'
import { parseSyslogHeader, type SyslogClock } from './syslog-header.ts'
import { syslogJson } from './syslog-json.ts'

const atTwo: SyslogClock = { zone: 120, latest: Date.UTC(2024, 4, 15) }
function header(line: string, clock = atTwo) {
  const bytes = Buffer.from(line)
  const found = parseSyslogHeader(bytes, 0, bytes.length, clock)
  return (
    found && {
      time: new Date(found.time / 1000).toISOString(),
      host: found.host,
      program: found.program,
      pid: found.pid,
      message: bytes.toString('utf8', found.message),
    }
  )
}

describe('headers of syslog', () => {
  it('are read in every form', () => {
    assert.deepEqual(header('May 14 09:00:01 box sshd[12]: hello: world'), {
      time: '2024-05-14T07:00:01.000Z',
      host: 'box',
      program: 'sshd',
      pid: '12',
      message: 'hello: world',
    })
    assert.deepEqual(header('<86>Dec  3 09:00:01 box sudo: x'), {
      time: '2023-12-03T07:00:01.000Z',
      host: 'box',
      program: 'sudo',
      pid: '',
      message: 'x',
    })
    assert.deepEqual(header('2024-05-14T09:00:01.5+00:00 box postfix/smtpd[1]: x')?.program, 'postfix/smtpd')
    assert.deepEqual(header('<165>1 2024-05-14T09:00:01.003Z box app 77 ID47 [a@1 k="v]\\"]"][b] \u{feff}text'), {
      time: '2024-05-14T09:00:01.003Z',
      host: 'box',
      program: 'app',
      pid: '77',
      message: 'text',
    })
    assert.equal(header('<34>1 2024-05-14T09:00:01Z - - - - -')?.message, '')
    const inBerlin = { ...atTwo, zone: 'Europe/Berlin' }
    assert.equal(header('May 14 09:00:01 box cron: x', inBerlin)?.time, '2024-05-14T07:00:01.000Z')
    assert.equal(header('Dec  3 09:00:01 box cron: x', inBerlin)?.time, '2023-12-03T08:00:01.000Z')
    assert.equal(header('no header at all'), undefined)
    assert.equal(header('Foo 14 09:00:01 box x: y'), undefined)
  })
})

describe('syslog', () => {
  it('is of the services of the program and facility', async () => {
    const { events, skips } = await readAll(
      syslog,
      '<86>May 14 09:00:01 box sshd[12]: Failed password\n2024-05-14T09:00:01Z box CRON[3]: (root) CMD (x)\n\tgoes on\n',
    )
    assert.deepEqual(
      events.map((one) => [one.logSources, one.host, one.fields.message]),
      [
        ['sshd auth syslog', 'box', 'Failed password'],
        ['cron syslog', 'box', '(root) CMD (x)'],
      ],
    )
    assert.equal(events[0].fields.facility, '10')
    assert.deepEqual(
      skips.map((one) => [one.reason, one.bytes]),
      [['line of no known form', 8]],
    )
  })
  it('brings audit records and Sysmon, as what they are', async () => {
    const audit =
      'type=SYSCALL msg=audit(1700000000.1:5): arch=c000003e syscall=59 success=yes pid=2 ppid=1 exe="/bin/ls"'
    const xml =
      '<Event><System><Provider Name="Linux-Sysmon"/><EventID>3</EventID><TimeCreated SystemTime="2024-05-14T09:00:00.1Z"/><Computer>BOX</Computer></System><EventData><Data Name="Image">/bin/nc</Data><Data Name="RuleName">-</Data></EventData></Event>'
    const { events } = await readAll(
      syslog,
      [
        `May 14 09:00:01 box audispd: ${audit}`,
        'May 14 09:00:01 box audisp-syslog: type=PROCTITLE msg=audit(1700000000.1:5): proctitle="ls"',
        'May 14 09:00:01 box kernel: [  1.5] audit: type=1400 audit(1700000001.1:6): apparmor="DENIED" operation="open"',
        'May 14 09:00:01 box audit[9]: USER_AUTH pid=9 uid=0 msg=\'op=PAM acct="eve" res=failed\'',
        `May 14 09:00:01 box sysmon: ${xml}`,
        `May 14 09:00:01 box sysmon: ${xml.slice(0, -30)}`,
      ].join('\n'),
    )
    assert.deepEqual(
      events.map((one) => [one.eventId, one.host, one.logSources]),
      [
        ['SYSCALL', 'box', 'auditd'],
        ['PROCTITLE', 'box', 'auditd'],
        ['execve', 'box', 'process_creation'],
        ['AVC', 'box', 'auditd'],
        ['USER_AUTH', 'box', 'auditd'],
        [3, 'BOX', 'network_connection/sysmon'],
        [3, 'BOX', 'network_connection/sysmon'],
      ],
    )
    assert.equal(events[4].fields.acct, 'eve')
    assert.equal(events[5].fields.RuleName, undefined)
    assert.equal(events[6].fields.Truncated, 'true')
  })
})

describe('syslog inside JSON', () => {
  it('is read as the message that it carries', async () => {
    const row = {
      TimeGenerated: '2024-05-14T09:00:00Z',
      Computer: 'BOX',
      Facility: 'authpriv',
      SeverityLevel: 'info',
      ProcessName: 'sudo',
    }
    const { events } = await readAll(
      syslogJson,
      [
        { ...row, SyslogMessage: 'eve : TTY=pts/0' },
        {
          ...row,
          ProcessName: 'auoms',
          SyslogMessage:
            'type=AUOMS_EXECVE audit(1652292621.990:84143): node=BOX syscall=execve success=yes pid=2 ppid=1 user=web exe="/bin/bash" cwd="/" path_name=["/bin/bash","/lib/ld.so"] cmdline="bash -c "a b=c"" redactors= containerid=',
        },
      ]
        .map((one) => JSON.stringify(one))
        .join('\n'),
    )
    assert.deepEqual(
      events.map((one) => [one.logSources, one.host, one.recordId]),
      [
        ['sudo auth syslog', 'BOX', 1],
        ['auditd process_creation', 'BOX', 84143],
      ],
    )
    assert.equal(events[0].fields.facility, '10')
    assert.equal(events[1].field('CommandLine'), 'bash -c "a b=c"')
    assert.equal(events[1].field('Image'), '/bin/bash')
    assert.equal(events[1].field('User'), 'web')
  })
  it('is the journal, too', async () => {
    const { events } = await readAll(
      journald,
      JSON.stringify({
        __REALTIME_TIMESTAMP: '1700000000123456',
        _HOSTNAME: 'box',
        SYSLOG_IDENTIFIER: 'sshd',
        _PID: '5',
        _EXE: '/usr/sbin/sshd',
        MESSAGE: [104, 105],
      }),
    )
    assert.equal(events[0].time, '2023-11-14T22:13:20.123456Z')
    assert.equal(events[0].logSources, 'sshd auth syslog')
    assert.equal(events[0].fields.message, 'hi')
    assert.equal(events[0].fields._EXE, '/usr/sbin/sshd')
  })
})
