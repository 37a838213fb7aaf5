import assert from 'node:assert/strict'
import { test } from 'node:test'
import { graphOf, tell } from '../graph/testing.ts'
import type { RuleInfo } from './analytic.ts'
import { ruleLedAnalytic } from './rule-led.ts'

const RULE: RuleInfo = { id: 'r', title: 'A pipe rule', level: 'medium', tags: ['attack.t1559'] }
const shell = { guid: '{C}', pid: 9, image: 'C:\\Windows\\System32\\cmd.exe', commandLine: 'cmd.exe /c dir' }
const anna = { name: 'anna', domain: 'CORP', logonId: '0x9' }
const found = (address: string, logonId = anna.logonId) => {
  const story = tell('SRV')
    .logon(5, anna, address)
    .started(6, shell, {}, { user: { ...anna, logonId } })
    .hit(6, RULE.id, shell)
  return ruleLedAnalytic.find({ graph: graphOf(story), rules: new Map([[RULE.id, RULE]]) })[0]
}

test('a process in a session that came over the network has its caller there', () => {
  const one = found('10.0.0.5')
  assert.deepEqual(
    one.remotes.map(({ address, direction }) => [address, direction]),
    [['10.0.0.5', 'inbound']],
  )
  assert.match(one.reasons.at(-1)!.text, /^It runs in the logon session 0x9, which CORP\\anna opened over the network/)
})

test('a network logon of that minute, under another session, is near and no more', () => {
  const one = found('10.0.0.5', '0x77')
  assert.deepEqual(one.remotes, [])
  assert.equal(one.reasons.at(-1)!.support, 'before')
})

test('a session of the machine itself names nobody', () => assert.deepEqual(found('127.0.0.1').remotes, []))
