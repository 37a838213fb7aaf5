import assert from 'node:assert/strict'
import { test } from 'node:test'
import { graphOf, tell } from '../../graph/testing.ts'
import { an1357 } from './index.ts'

const powershell = { pid: 4048, image: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe' }
const end = (host: string, at: number, name: string, kind: 'Server' | 'Client', on = '') =>
  tell(host)
    .started(0, powershell)
    .observed(at, {
      channel: { kind: 'named-pipe', host: on, name },
      act: 'refer',
      actor: powershell,
      account: { name: 'anna', domain: 'CORP' },
      ...(on && { peer: { host: on } }),
      detail: { class: `NamedPipe${kind}Stream` },
    })
const find = (...hosts: ReturnType<typeof end>[]) => an1357.find({ graph: graphOf(...hosts), rules: new Map() })

test('one script serves a pipe, another opens it on that machine', () => {
  const [found] = find(end('SRV', 10, 'covert', 'Server'), end('WS', 70, 'covert', 'Client', 'SRV'))
  assert.equal(found.title, 'Scripts talk over the pipe \\covert, served on SRV')
  assert.deepEqual(
    found.reasons.map((one) => one.support),
    ['indicator', 'adjacency', 'remote'],
  )
  assert.deepEqual(
    found.others.map(({ host, role }) => [host.name, role]),
    [['WS', 'source']],
  )
})

test('one end alone, another pipe, another hour, or a pipe of known software is no finding', () => {
  assert.deepEqual(find(end('SRV', 10, 'covert', 'Server')), [])
  assert.deepEqual(find(end('SRV', 10, 'covert', 'Server'), end('WS', 70, 'other', 'Client', 'SRV')), [])
  assert.deepEqual(find(end('SRV', 10, 'covert', 'Server'), end('WS', 7200, 'covert', 'Client', 'SRV')), [])
  assert.deepEqual(find(end('SRV', 10, 'docker_engine', 'Server'), end('WS', 70, 'docker_engine', 'Client', 'SRV')), [])
})
