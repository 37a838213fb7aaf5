import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { auditLogon } from './audit-logon.ts'
import { endpointSecurityLogon } from './endpoint-security-logon.ts'
import type { FactExtractor } from './extractor.ts'
import type { Fact } from './fact.ts'
import { loginRecords } from './login-records.ts'
import { auditRecord, read, type SampleEvent, type Told } from './sample-event.ts'
import { sshConnection } from './ssh-connection.ts'
import { syslogLogon } from './syslog-logon.ts'

const plain = (facts: Fact[] | undefined) =>
  facts?.map((fact) => {
    const { time: _time, host: _host, evidence: _evidence, ...more } = fact
    return JSON.parse(JSON.stringify(more)) as Told
  })

const audit = (extractor: FactExtractor, type: string, fields: SampleEvent['fields']) =>
  plain(read(extractor, auditRecord(type, fields)))

const line = (program: string, message: string) =>
  plain(
    read(syslogLogon, {
      channel: 'syslog',
      eventId: 'auth',
      logSources: [{ product: 'linux', service: 'auth' }],
      fields: { message, program, pid: '812' },
    }),
  )

describe('audit records of logons', () => {
  const sshd = {
    pid: '1298',
    uid: '0',
    auid: '1000',
    ses: '3',
    exe: '/usr/sbin/sshd',
    addr: '10.0.0.9',
    res: 'success',
  }

  it('a session that PAM opened for sshd has its account, number, session and caller', () => {
    assert.deepEqual(audit(auditLogon, 'USER_START', { ...sshd, acct: 'anna' }), [
      {
        kind: 'logon',
        outcome: 'logon',
        account: { uid: '1000', name: 'anna', logonId: '0x3' },
        service: 'sshd',
        process: { pid: 1298, image: '/usr/sbin/sshd' },
        address: '10.0.0.9',
      },
    ])
  })
  it('sshd’s own record names the number alone, and with enrichment the name', () => {
    const [raw] = audit(auditLogon, 'USER_LOGIN', { ...sshd, id: '1000' })!
    assert.deepEqual(raw.kind === 'logon' && raw.account, { uid: '1000', name: '1000', logonId: '0x3' })
    const [enriched] = audit(auditLogon, 'USER_LOGIN', { ...sshd, id: '1000', AUID: 'anna' })!
    assert.deepEqual(enriched.kind === 'logon' && enriched.account, { uid: '1000', name: 'anna', logonId: '0x3' })
  })
  it('su and sudo use the credentials of another account in the session of the first', () => {
    const su = { ...sshd, exe: '/usr/bin/su', addr: '?', acct: 'root', AUID: 'anna' }
    assert.deepEqual(audit(auditLogon, 'USER_START', su), [
      {
        kind: 'logon',
        outcome: 'explicit',
        account: { name: 'root' },
        service: 'su',
        process: { pid: 1298, image: '/usr/bin/su' },
        by: { uid: '1000', name: 'anna', logonId: '0x3' },
      },
    ])
    assert.deepEqual(audit(auditLogon, 'USER_START', { ...su, acct: 'anna' }), [])
  })
  it('what was refused is a failed logon, of nobody where the name was not known', () => {
    const refused = { ...sshd, auid: '4294967295', ses: '4294967295', acct: '(invalid user)', res: 'failed' }
    const [fact] = audit(auditLogon, 'USER_LOGIN', refused)!
    assert.deepEqual(fact.kind === 'logon' && [fact.outcome, fact.account, fact.address], ['failed', {}, '10.0.0.9'])
    assert.deepEqual(audit(auditLogon, 'USER_AUTH', { ...sshd, acct: 'anna' }), [])
  })
  it('results in brackets, as libaudit wrote them before 1.6', () => {
    const old = { pid: '13015', uid: '0', auid: '0', acct: 'root', exe: '/usr/sbin/crond', addr: '?,', res: 'success)' }
    const [fact] = audit(auditLogon, 'USER_START', old)!
    assert.deepEqual(fact.kind === 'logon' && [fact.outcome, fact.account, fact.service, fact.address], [
      'logon',
      { uid: '0', name: 'root' },
      'crond',
      undefined,
    ])
  })
  it('a crypto session of sshd is a connection with both ends', () => {
    const session = {
      op: 'start',
      pid: '1298',
      rport: '63927',
      laddr: '10.142.0.2',
      lport: '22',
      addr: '96.241.146.97',
    }
    const [fact] = audit(sshConnection, 'CRYPTO_SESSION', { ...session, direction: 'from-server' })!
    assert.ok(fact.kind === 'connection')
    assert.deepEqual(
      [fact.localAddress, fact.localPort, fact.remoteAddress, fact.remotePort, fact.direction],
      ['10.142.0.2', 22, '96.241.146.97', 63927, 'inbound'],
    )
    assert.deepEqual(audit(sshConnection, 'CRYPTO_SESSION', { ...session, direction: 'from-client' }), [])
  })
})

describe('lines of syslog', () => {
  it('sshd accepts and refuses, whatever stands in the name', () => {
    assert.deepEqual(line('sshd', 'Accepted publickey for anna from 10.0.0.9 port 50312 ssh2: ED25519 SHA256:x'), [
      {
        kind: 'logon',
        outcome: 'logon',
        account: { name: 'anna' },
        service: 'sshd',
        process: { pid: 812, image: 'sshd' },
        address: '10.0.0.9',
        port: 50312,
      },
    ])
    const [fact] = line(
      'sshd',
      'Failed password for invalid user x from 1.1.1.1 port 1 ssh2 from 10.0.0.9 port 2 ssh2',
    )!
    assert.deepEqual(fact.kind === 'logon' && [fact.outcome, fact.account.name, fact.address], [
      'failed',
      'x from 1.1.1.1 port 1 ssh2',
      '10.0.0.9',
    ])
    assert.deepEqual(line('cron', 'Accepted publickey for anna from 10.0.0.9 port 50312 ssh2'), [])
  })
  it('sshd tells of both ends at LogLevel VERBOSE', () => {
    const [fact] = line('sshd', 'Connection from 10.0.0.9 port 50312 on 10.0.0.5 port 22 rdomain ""')!
    assert.ok(fact.kind === 'connection')
    assert.deepEqual([fact.remoteAddress, fact.localAddress, fact.localPort], ['10.0.0.9', '10.0.0.5', 22])
  })
  it('PAM says which number an account has; for sudo also who asked', () => {
    assert.deepEqual(line('sudo', 'pam_unix(sudo:session): session opened for user root(uid=0) by anna(uid=1000)'), [
      { kind: 'account-told', account: { name: 'root', uid: '0' } },
      { kind: 'account-told', account: { name: 'anna', uid: '1000' } },
      {
        kind: 'logon',
        outcome: 'explicit',
        account: { name: 'root' },
        service: 'sudo',
        process: { pid: 812, image: 'sudo' },
        by: { name: 'anna', uid: '1000' },
      },
    ])
  })
  it('older PAM says who asked, by number, alone', () => {
    const told = line('sudo', 'pam_unix(sudo:session): session opened for user root by anna(uid=1000)')!
    assert.deepEqual(told[0], { kind: 'account-told', account: { name: 'anna', uid: '1000' } })
    assert.equal(told.length, 2)
  })
  it('what rsyslog says was repeated', () => {
    const [fact] = line('sshd', 'message repeated 5 times: [ Failed password for root from 10.0.0.9 port 37 ssh2]')!
    assert.deepEqual(fact.kind === 'logon' && [fact.outcome, fact.port], ['failed', 37])
  })
  it('sudo, su and useradd', () => {
    const told = (program: string, message: string) =>
      line(program, message)!.map((fact) =>
        fact.kind === 'logon' ? `${fact.outcome} ${fact.by?.name} ${fact.account.name}` : fact.kind,
      )
    assert.deepEqual(told('sudo', '   anna : TTY=pts/0 ; PWD=/home/anna ; USER=root ; COMMAND=/bin/sh'), [
      'explicit anna root',
    ])
    assert.deepEqual(
      told('sudo', ' anna : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/x'),
      ['failed anna root'],
    )
    assert.deepEqual(told('su', '(to root) anna on pts/1'), ['explicit anna root'])
    assert.deepEqual(told('su', 'FAILED SU (to root) anna on pts/1'), ['failed anna root'])
    assert.deepEqual(told('useradd', 'new user: name=bob, UID=1004, GID=1004, home=/home/bob, shell=/bin/sh'), [
      'account-told',
    ])
  })
  it('logind’s numbers are those of the audit session, but those that begin with a letter', () => {
    for (const message of [
      'New session 12 of user anna.',
      "New session '12' of user 'anna' with class 'user' and type 'tty'.",
    ]) {
      const [fact] = line('systemd-logind', message)!
      assert.deepEqual(fact.kind === 'logon' && fact.account, { name: 'anna', logonId: '0xc' })
    }
    assert.deepEqual(line('systemd-logind', 'New session c2 of user gdm.'), [])
  })
})

describe('Endpoint Security and osquery', () => {
  const es = (type: string, fields: SampleEvent['fields']) =>
    plain(
      read(endpointSecurityLogon, {
        channel: 'eslogger',
        eventId: type,
        logSources: [{ product: 'macos', service: 'endpoint_security' }],
        fields: { ProcessId: 70, Image: '/usr/sbin/sshd', LogonId: 100_018, ...fields },
      }),
    )
  it('sshd let somebody in', () => {
    assert.deepEqual(
      es('openssh_login', {
        'event.openssh_login.success': true,
        'event.openssh_login.source_address': '10.0.0.9',
        'event.openssh_login.username': 'anna',
        'event.openssh_login.uid': 501,
      }),
      [
        {
          kind: 'logon',
          outcome: 'logon',
          account: { name: 'anna', uid: '501' },
          service: 'sshd',
          process: { pid: 70, image: '/usr/sbin/sshd' },
          address: '10.0.0.9',
        },
      ],
    )
  })
  it('sudo used another account in the audit session of the first', () => {
    const [fact] = es('sudo', {
      'event.sudo.success': true,
      'event.sudo.from_username': 'anna',
      'event.sudo.from_uid': 501,
      'event.sudo.to_username': 'root',
    })!
    assert.deepEqual(fact.kind === 'logon' && [fact.outcome, fact.account, fact.by], [
      'explicit',
      { name: 'root' },
      { name: 'anna', uid: '501', logonId: '0x186b2' },
    ])
  })
  it('a screen that is unlocked tells which number the account has', () => {
    assert.deepEqual(
      es('lw_session_unlock', { 'event.lw_session_unlock.username': 'anna', 'process.audit_token.auid': 502 }),
      [{ kind: 'account-told', account: { name: 'anna', uid: '502' } }],
    )
  })
  it('a right password is no logon', () => {
    assert.deepEqual(es('authentication', { 'event.authentication.success': true }), [])
    assert.equal(es('authentication', { 'event.authentication.success': false })?.length, 1)
  })
  it('tables users and last', () => {
    const row = (table: string, fields: SampleEvent['fields']) =>
      plain(read(loginRecords, { channel: 'osquery', eventId: table, logSources: [{ product: 'osquery' }], fields }))
    assert.deepEqual(row('users', { uid: '1000', username: 'anna', directory: '/home/anna' }), [
      { kind: 'account-told', account: { name: 'anna', uid: '1000' } },
    ])
    const last = { username: 'anna', tty: 'pts/0', pid: '9', type: '7', time: '1767323045', host: '10.0.0.9' }
    const [fact] = row('last', last)!
    assert.deepEqual(fact.kind === 'logon' && [fact.account.name, fact.address, fact.service], [
      'anna',
      '10.0.0.9',
      'utmp',
    ])
    assert.deepEqual(row('last', { ...last, type: '8' }), [])
  })
  it('wtmp and btmp themselves', () => {
    const record = (service: string, fields: SampleEvent['fields']) =>
      plain(
        read(loginRecords, { channel: service, eventId: service, logSources: [{ product: 'linux', service }], fields }),
      )!
    const login = { type: 'USER_PROCESS', user: 'anna', host: 'client.example', address: '10.0.0.9', pid: '812' }
    const [came] = record('wtmp', login)
    assert.deepEqual(came.kind === 'logon' && [came.outcome, came.address, came.process?.pid], [
      'logon',
      '10.0.0.9',
      812,
    ])
    assert.deepEqual(record('wtmp', { ...login, type: 'DEAD_PROCESS' }), [])
    const [refused] = record('btmp', { ...login, type: 'LOGIN_PROCESS' })
    assert.equal(refused.kind === 'logon' && refused.outcome, 'failed')
  })
})
