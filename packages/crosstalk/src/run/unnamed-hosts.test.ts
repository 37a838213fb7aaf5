import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fact } from '../facts/fact.ts'
import { hostKeys } from '../graph/host-names.ts'
import { unnamedHosts } from './unnamed-hosts.ts'

const fact = (host: string): Fact => ({
  kind: 'process-ended',
  time: 1,
  host,
  evidence: { file: 0, offset: 0, length: 1, recordId: 1 },
  process: {},
})

/** What hosts of such names in such files are called in the end. */
function named(...given: [host: string, input: string][]): string[] {
  const hosts = unnamedHosts()
  const facts = given.map(([host, input]) => {
    const one = fact(host)
    hosts.part(one, input)
    return one
  })
  hosts.settle(() => facts)
  return facts.map((one) => one.host)
}

test('hosts without a name are told apart by their folders', () => {
  assert.deepEqual(named(['', 'case/a/audit.log'], ['', 'case/a/audit.log.1'], ['', 'case/b.d/audit.log']), [
    '(no host name: a)',
    '(no host name: a)',
    '(no host name: b.d)',
  ])
  assert.deepEqual(named(['localhost', 'case/a/syslog'], ['localhost', 'case.zip!b/syslog']), [
    'localhost (case/a)',
    'localhost (case.zip/b)',
  ])
})

test('folders that every machine has are of one machine', () => {
  assert.deepEqual(named(['', '/x/uac1/var/log/audit/audit.log'], ['localhost', '/x/uac1/var/log/syslog']), [
    'localhost',
    'localhost',
  ])
  assert.deepEqual(named(['', 'C:\\logs\\a\\var\\log\\audit.log'], ['', 'C:\\logs\\b\\var\\log\\audit.log']), [
    '(no host name: a)',
    '(no host name: b)',
  ])
})

test('a folder of the one who looks is none of them', () => {
  assert.deepEqual(named(['', '/var/log/seized/a/audit.log'], ['', '/var/log/seized/b/audit.log']), [
    '(no host name: a)',
    '(no host name: b)',
  ])
})

test('where there is one of them nothing tells it apart; a name is left alone', () => {
  assert.deepEqual(named(['localhost.localdomain', 'a/x'], ['web1', 'b/x']), ['localhost.localdomain', 'web1'])
})

test('such a name is a key of its own, dots and letters as they are', () => {
  const keyOf = hostKeys(['(no host name: b.d)', '(no host name: a)'])
  assert.equal(keyOf('(no host name: b.d)'), '(no host name: b.d)')
})

test('what is observed on such a host is on it', () => {
  const hosts = unnamedHosts()
  const one: Fact = {
    ...fact('localhost'),
    kind: 'observation',
    channel: { kind: 'fifo', host: 'localhost', name: '/tmp/q' },
    act: 'create',
    detail: {},
  }
  hosts.part(one, 'a/x')
  hosts.part(fact('localhost'), 'b/x')
  hosts.settle(() => [one])
  assert.deepEqual([one.host, one.channel.host], ['localhost (a)', 'localhost (a)'])
})
