import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { makeShape } from '../events/shape.ts'
import type { FactExtractor } from '../facts/extractor.ts'
import { read, type SampleEvent, sampleEvent } from '../facts/sample-event.ts'
import { fifo } from './fifo.ts'
import { ptrace } from './ptrace.ts'
import { messageQueue, semaphore, sharedMemory } from './system-v-ipc.ts'
import { unixSocket } from './unix-socket.ts'

const sample = (syscall: string, fields: SampleEvent['fields']): SampleEvent => ({
  channel: 'auditd',
  eventId: syscall,
  provider: 'auditd',
  logSources: [{ product: 'linux', category: 'ipc' }],
  fields: { Syscall: syscall, Image: '/bin/x', ProcessId: '20', User: 'root', ...fields },
})

/** What is said of a call; undefined: nothing. */
function told(extractor: FactExtractor, syscall: string, fields: SampleEvent['fields']) {
  const { Syscall: _, ...own } = sample(syscall, fields).fields
  const shape = makeShape({
    fields: Object.keys(own),
    logSources: [{ product: 'linux', category: 'ipc' }],
    constants: new Map([['Syscall', syscall]]),
    channel: 'auditd',
    eventId: syscall,
    provider: 'auditd',
  })
  const facts: string[] = []
  extractor.bind(shape)?.(sampleEvent({ ...sample(syscall, {}), fields: own }, shape), (fact) => {
    assert.ok(fact.kind === 'observation')
    facts.push(
      `${fact.channel.kind} ${fact.channel.name} ${fact.act} ${fact.actor?.image} ${fact.peer?.process?.pid ?? ''}`.trim(),
    )
  })
  return facts.length === 0 ? undefined : facts.join()
}

describe('system calls', () => {
  it('make and use Unix sockets', () => {
    assert.equal(told(unixSocket, 'bind', { SocketPath: '/run/a' }), 'unix-socket /run/a create /bin/x')
    assert.equal(told(unixSocket, 'connect', { SocketPath: '@agent' }), 'unix-socket @agent connect /bin/x')
    assert.equal(told(unixSocket, 'connect', {}), undefined)
  })
  it('make and open FIFOs', () => {
    assert.equal(told(fifo, 'mknod', { TargetFilename: '/tmp/f' }), 'fifo /tmp/f create /bin/x')
    assert.equal(told(fifo, 'openat', { TargetFilename: '/tmp/f' }), 'fifo /tmp/f connect /bin/x')
    assert.equal(told(fifo, 'openat', { TargetFilename: '/dev/shm/x' }), undefined)
  })
  it('use queues, shared memory and semaphores, by file, key or id', () => {
    const queue = { TargetFilename: '/dev/mqueue/q', Argument1: '42' }
    assert.equal(
      told(messageQueue, 'mq_open', { ...queue, TargetNametype: 'CREATE' }),
      'message-queue /dev/mqueue/q create /bin/x',
    )
    assert.equal(
      told(messageQueue, 'mq_open', { ...queue, TargetNametype: 'NORMAL' }),
      'message-queue /dev/mqueue/q connect /bin/x',
    )
    assert.equal(told(messageQueue, 'mq_timedsend', { mqdes: '3' }), 'message-queue descriptor 3 send /bin/x')
    const key = { Argument0: '4d2' }
    assert.equal(told(messageQueue, 'msgget', { ...key, Argument1: '380' }), 'message-queue key 0x4d2 create /bin/x')
    assert.equal(told(messageQueue, 'msgget', { ...key, Argument1: '0' }), 'message-queue key 0x4d2 connect /bin/x')
    assert.equal(told(messageQueue, 'msgrcv', { Argument0: '1' }), 'message-queue id 0x1 listen /bin/x')
    assert.equal(told(sharedMemory, 'shmat', { Argument0: '1' }), 'shared-memory id 0x1 map /bin/x')
    assert.equal(told(sharedMemory, 'openat', { TargetFilename: '/dev/shm/x' }), 'shared-memory /dev/shm/x map /bin/x')
    assert.equal(told(sharedMemory, 'openat', { TargetFilename: '/dev/shm/sem.x' }), undefined)
    assert.equal(
      told(semaphore, 'openat', { TargetFilename: '/dev/shm/sem.x' }),
      'semaphore /dev/shm/sem.x connect /bin/x',
    )
  })
  it('attach to processes', () => {
    assert.equal(told(ptrace, 'ptrace', { TargetProcessId: '77' }), 'ptrace 77 attach /bin/x 77')
    const memory = { TargetFilename: '/proc/77/mem', TargetProcessId: '77' }
    assert.equal(told(ptrace, 'openat', memory), 'ptrace 77 attach /bin/x 77')
    assert.equal(told(fifo, 'openat', memory), undefined)
  })
  it('are read of such events alone', () => {
    assert.equal(
      read(unixSocket, { ...sample('bind', { SocketPath: '/a' }), logSources: [{ product: 'linux' }] }),
      undefined,
    )
  })
})

describe('osquery’s shared_memory', () => {
  it('tells who made a segment and who attached last, each at its time', () => {
    const row = {
      shmid: '32769',
      creator_uid: '1000',
      creator_pid: '7',
      pid: '8',
      ctime: '1767323000',
      atime: '1767323045',
    }
    const facts = read(sharedMemory, {
      channel: 'osquery shared_memory',
      eventId: 'shared_memory',
      logSources: [{ product: 'osquery', service: 'shared_memory' }],
      fields: row,
    })
    assert.deepEqual(
      facts?.map(
        (fact) => fact.kind === 'observation' && [fact.act, fact.channel.name, fact.actor?.pid, fact.time / 1e6],
      ),
      [
        ['create', 'id 0x8001', 7, 1767323000],
        ['map', 'id 0x8001', 8, 1767323045],
      ],
    )
  })
})
