import assert from 'node:assert/strict'
import { test } from 'node:test'
import { graphOf, tell } from './testing.ts'

const ssh = { logonType: undefined, service: 'sshd' }

test('a number that is opened again after its end is another session', () => {
  const host = tell('LNX1')
    .logon(0, { name: 'anna', uid: '1000', logonId: '0x3' }, '10.0.0.9', ssh)
    .logon(60, { logonId: '0x3' }, '', { ...ssh, outcome: 'logoff', address: undefined })
    .logon(900, { name: 'bob', uid: '1001', logonId: '0x3' }, '10.0.0.7', ssh)
  const graph = graphOf(host)
  const at = (seconds: number) =>
    graph.sessionOf(graph.hostNamed('LNX1')!, '0x3', host.facts[0].time + seconds * 1e6)?.account.name
  assert.deepEqual([at(10), at(950)], ['anna', 'bob'])
})

test('sshd’s line tells from where the session of that moment came, if it is one', () => {
  const line = { ...ssh, port: 50_312 }
  const one = tell('LNX1').logon(0, { name: 'anna' }, '10.0.0.9', line).logon(1, { name: 'anna', logonId: '0x3' }, '', {
    service: 'systemd-logind',
    logonType: undefined,
    address: undefined,
  })
  const graph = graphOf(one)
  const session = graph.sessionOf(graph.hostNamed('LNX1')!, '0x3')
  assert.deepEqual([session?.address, session?.port], ['10.0.0.9', 50_312])
  one.logon(2, { name: 'anna', logonId: '0x4' }, '', {
    service: 'systemd-logind',
    logonType: undefined,
    address: undefined,
  })
  const both = graphOf(one)
  assert.equal(both.sessionOf(both.hostNamed('LNX1')!, '0x3')?.address, undefined)
})

test('a number of an account has the name that its own host tells, and no other host’s', () => {
  const one = tell('LNX1').logon(0, { name: 'anna', uid: '1000', logonId: '0x3' }, '10.0.0.9', ssh)
  const other = tell('LNX2').started(1, { pid: 7, image: '/bin/sh' }, {}, { user: { name: '1000', uid: '1000' } })
  const graph = graphOf(one, other)
  const named = (host: string) => graph.account({ name: '1000', uid: '1000' }, graph.hostNamed(host)).name
  assert.deepEqual([named('LNX1'), named('LNX2')], ['anna', '1000'])
})
