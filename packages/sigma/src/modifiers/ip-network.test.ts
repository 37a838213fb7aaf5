import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isInNetwork, parseIp, parseNetwork } from './ip-network.ts'

const within = (address: string, network: string) => isInNetwork(parseIp(address)!, parseNetwork(network)!)

test('an IPv4 address is the same when it is written as IPv6, and so is a network', () => {
  assert.equal(within('::ffff:10.1.2.3', '10.0.0.0/8'), true)
  assert.equal(within('10.1.2.3', '::ffff:10.0.0.0/104'), true)
  assert.equal(within('11.1.2.3', '::ffff:10.0.0.0/104'), false)
  assert.equal(within('::ffff:a01:203', '10.0.0.0/8'), true)
  // The first 22 bits of an IPv6 address, none of which is of the IPv4 address.
  assert.equal(within('36.74.114.79', '::ffff:36.74.114.79/22'), false)
  assert.equal(within('::1', '::ffff:36.74.114.79/22'), true)
})

test('forms of IPv6', () => {
  for (const [address, network] of [
    ['fe80::1%eth0', 'fe80::/10'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0/128'],
  ] as const)
    assert.equal(within(address, network), true, address)
})

test('what is no address or no network', () => {
  for (const text of [
    '1.2.3',
    '1.2.3.256',
    '1.2.3.4.5',
    ':::',
    '1:2:3:4:5:6:7',
    '1::2::3',
    '12345::',
    '::1.2.3',
    ':1.2.3.4',
    '',
  ])
    assert.equal(parseIp(text), undefined, text)
  for (const text of ['10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/a', '/8', 'fe80::%1/10'])
    assert.equal(parseNetwork(text), undefined, text)
})
