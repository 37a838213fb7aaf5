import assert from 'node:assert/strict'
import { it } from 'node:test'
import { syscallName, unpackedCall } from './syscalls.ts'

it('names system calls by architecture', () => {
  assert.equal(syscallName('c000003e', '59'), 'execve')
  assert.equal(syscallName('c000003e', '42'), 'connect')
  assert.equal(syscallName('c000003e', '49'), 'bind')
  assert.equal(syscallName('c000003e', '101'), 'ptrace')
  assert.equal(syscallName('c000003e', '240'), 'mq_open')
  assert.equal(syscallName('c000003e', '319'), 'memfd_create')
  assert.equal(syscallName('c00000b7', '221'), 'execve')
  assert.equal(syscallName('c00000b7', '203'), 'connect')
  assert.equal(syscallName('c00000b7', '117'), 'ptrace')
  assert.equal(syscallName('c00000b7', '33'), 'mknodat')
  assert.equal(syscallName('c000003e', '462'), 'mseal')
  assert.equal(syscallName('40000003', '11'), 'execve')
  assert.equal(syscallName('40000003', '362'), 'connect')
  assert.equal(syscallName('40000003', '397'), 'shmat')
})
it('names the calls that i386 packs into one', () => {
  assert.equal(unpackedCall('socketcall', '3'), 'connect')
  assert.equal(unpackedCall('ipc', 'd'), 'msgget')
  assert.equal(unpackedCall('socketcall', '1'), 'socketcall')
  assert.equal(unpackedCall('connect', '3'), 'connect')
})
it('keeps what it has no name for', () => {
  assert.equal(syscallName('40000028', '11'), '11')
  assert.equal(syscallName('c000003e', '99999'), '99999')
  assert.equal(syscallName('c000003e', 'execve'), 'execve')
})
