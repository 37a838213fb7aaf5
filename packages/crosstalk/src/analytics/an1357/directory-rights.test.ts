import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { graphOf, tell } from '../../graph/testing.ts'
import { an1357 } from './index.ts'

const anna = { name: 'anna', domain: 'CORP', logonId: '0x9' }
const used = (names: readonly string[], account: { name: string; domain: string; logonId: string } = anna) => {
  const story = tell('DC').logon(5, anna, '10.0.0.5')
  for (const [at, name] of names.entries()) story.effect(6 + at, 'directory-access', name, { account })
  return an1357.find({ graph: graphOf(story), rules: new Map() })
}

describe('rights of domain controllers', () => {
  test('replication by a person is told with the machine that the session came from', () => {
    const [found, ...others] = used(['DS-Replication-Get-Changes', 'DS-Replication-Get-Changes-All'])
    assert.equal(found.title, 'CORP\\anna asked for a replica of the directory')
    assert.deepEqual(
      found.techniques.map(({ id }) => id),
      ['T1559', 'T1003.006'],
    )
    assert.deepEqual(found.channels[0].clients, [{ address: '10.0.0.5' }])
    assert.equal(others.length, 0)
  })
  test('a replica of one’s own', () => {
    const [found] = used(['DS-Replication-Manage-Topology', 'DS-Install-Replica'])
    assert.ok(found.techniques.some(({ id }) => id === 'T1207'))
  })
  test('the domain’s backup key', () => {
    const [found] = used(['G$BCKUPKEY_PREFERRED'])
    assert.equal(found.title, 'CORP\\anna read the domain’s backup key')
  })
  test('of another session than the one from the network, the machine is a gap', () => {
    const [found] = used(['DS-Replication-Get-Changes-All'], { ...anna, logonId: '0x77' })
    assert.deepEqual(found.remotes, [])
    assert.match(found.gaps[0].text, /^From which machine/)
  })
  test('machine accounts, synchronisation and a look at the topology are no finding', () => {
    assert.deepEqual(used(['DS-Replication-Get-Changes-All'], { ...anna, name: 'DC2$' }), [])
    assert.deepEqual(used(['DS-Replication-Get-Changes-All'], { ...anna, name: 'MSOL_1f2e3d' }), [])
    assert.deepEqual(used(['DS-Replication-Manage-Topology']), [])
  })
})
