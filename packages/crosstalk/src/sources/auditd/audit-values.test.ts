import assert from 'node:assert/strict'
import { it } from 'node:test'
import { hexText, isHex, isTextField, parseSocketAddress } from './audit-values.ts'

const unix = (name: string) => `0100${Buffer.from(name).toString('hex')}`

it('decodes every family of socket addresses that has more than its number', () => {
  assert.deepEqual(parseSocketAddress(unix('/run/user.sock\0\0')), { family: 'local', path: '/run/user.sock' })
  assert.deepEqual(parseSocketAddress(unix('\0agent')), { family: 'local', path: '@agent' })
  assert.deepEqual(parseSocketAddress(unix('\0/tmp/dbus-x\0\0\0')), { family: 'local', path: '@/tmp/dbus-x' })
  assert.deepEqual(parseSocketAddress('0100'), { family: 'local', path: '' })
  assert.deepEqual(parseSocketAddress('02000016C0A801050000000000000000'), {
    family: 'inet',
    address: '192.168.1.5',
    port: 22,
  })
  assert.deepEqual(parseSocketAddress(`0A0001BB00000000${'20010DB8000000000000000000000001'}00000000`), {
    family: 'inet6',
    address: '2001:db8::1',
    port: 443,
  })
  assert.equal(parseSocketAddress(`0A00005000000000${'0'.repeat(31)}1`)?.address, '::1')
  assert.equal(parseSocketAddress(`0A00005000000000${'0'.repeat(20)}FFFF0A000001`)?.address, '::ffff:10.0.0.1')
  assert.deepEqual(parseSocketAddress('100000000000000001000000'), { family: 'netlink', pid: 0, groups: 1 })
  assert.deepEqual(parseSocketAddress('2600'), { family: 'alg' })
  assert.deepEqual(parseSocketAddress('FFFF'), { family: '65535' })
})
it('gives what a truncated address has, and nothing for what is none', () => {
  assert.deepEqual(parseSocketAddress('02000016C0'), { family: 'inet' })
  assert.equal(parseSocketAddress('02'), undefined)
  assert.equal(parseSocketAddress('02000'), undefined)
  assert.equal(parseSocketAddress('saddr'), undefined)
})
it('knows encoded text', () => {
  const hex = (text: string) => isHex(Buffer.from(text), 0, text.length)
  assert.ok(hex('617270002D61'))
  assert.ok(!hex('(null)') && !hex('abc') && !hex(''))
  assert.equal(hexText('617270002D61', ' '), 'arp -a')
  assert.equal(hexText('61756F6D730164656C657465', ','), 'auoms,delete')
  assert.ok(isTextField('EXECVE', 'a0') && isTextField('EXECVE', 'a12[3]') && isTextField('PATH', 'name'))
  assert.ok(!isTextField('SYSCALL', 'a0') && !isTextField('EXECVE', 'a1_len'))
})
