import assert from 'node:assert/strict'
import { test } from 'node:test'
import { graphOf, tell } from '../../graph/testing.ts'
import { an1357 } from './index.ts'

const anna = { name: 'anna', domain: 'CORP', logonId: '0x9' }
const opened = (name: string, AccessMask: string, account = anna, address = '10.0.0.5') =>
  tell('SRV')
    .logon(9, anna, '10.0.0.5')
    .observed(10, {
      channel: { kind: 'named-pipe', host: 'SRV', name },
      act: 'connect',
      account,
      peer: { address, port: 5000 },
      detail: { AccessMask },
    })
const find = (host: ReturnType<typeof opened>) => an1357.find({ graph: graphOf(host), rules: new Map() })

test('a control pipe asked for as no Windows client does', () => {
  const [found] = find(opened('svcctl', '0x3'))
  assert.equal(found.title, '10.0.0.5 opened svcctl with a client that is not Windows’')
  assert.deepEqual(
    found.reasons.map((one) => one.support),
    ['indicator', 'remote', 'before'],
  )
})

test('of a service that can be made to authenticate, that is said', () => {
  const [found] = find(opened('spoolss', '0x3'))
  assert.ok(found.techniques.some(({ id }) => id === 'T1187'))
})

test('Windows’ own clients, lists of shares, machine accounts and the machine itself are no finding', () => {
  assert.deepEqual(find(opened('svcctl', '0x12019f')), [])
  assert.deepEqual(find(opened('svcctl', '0x120089')), [])
  assert.deepEqual(find(opened('srvsvc', '0x3')), [])
  assert.deepEqual(find(opened('winreg', '0x3', { ...anna, name: 'WS1$' })), [])
  assert.deepEqual(find(opened('winreg', '0x3', anna, '127.0.0.1')), [])
})
