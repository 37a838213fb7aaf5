import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Observation } from '../facts/fact.ts'
import { graphOf, tell } from './testing.ts'

const act = (
  kind: Observation['channel']['kind'],
  name: string,
  call: string,
  pid: number,
  more: Partial<Observation> & { detail?: Record<string, string> } = {},
) => ({
  channel: { kind, host: 'LNX1', name },
  act: 'send' as const,
  actor: { pid, image: `/opt/p${pid}` },
  ...more,
  detail: { call, ...more.detail },
})
const channels = (host: ReturnType<typeof tell>) =>
  [...graphOf(host).channels.values()].map(
    (one) => `${one.name}: ${one.observations.map((each) => each.actor?.pid).join(' ')}`,
  )

test('who opens a System V queue by its key and who sends by the id that it gave are on one channel', () => {
  const host = tell('LNX1')
    .observed(0, act('message-queue', 'key 0x5157', 'msgget', 7, { act: 'create', detail: { Exit: '65538' } }))
    .observed(1, act('message-queue', 'id 0x10002', 'msgsnd', 8))
    .observed(2, act('message-queue', 'id 0x3', 'msgsnd', 9))
    .observed(3, act('shared-memory', 'id 0x10002', 'shmat', 9))
  assert.deepEqual(channels(host), ['key 0x5157: 7 8', 'id 0x3: 9', 'id 0x10002: 9'])
})

test('an id that is given again means what was opened last; private objects go by their id', () => {
  const host = tell('LNX1')
    .observed(0, act('shared-memory', 'key 0x1', 'shmget', 7, { act: 'create', detail: { Exit: '4' } }))
    .observed(1, act('shared-memory', 'key 0x0', 'shmget', 8, { act: 'create', detail: { Exit: '4' } }))
    .observed(2, act('shared-memory', 'id 0x4', 'shmat', 9))
  assert.deepEqual(channels(host), ['key 0x1: 7', 'id 0x4: 8 9'])
})

test('a POSIX queue is used by the descriptor of each process', () => {
  const host = tell('LNX1')
    .observed(0, act('message-queue', '/dev/mqueue/a', 'mq_open', 7, { act: 'create', detail: { Exit: '3' } }))
    .observed(0, act('message-queue', '/dev/mqueue/b', 'mq_open', 8, { act: 'create', detail: { Exit: '3' } }))
    .observed(1, act('message-queue', 'descriptor 3', 'mq_timedsend', 8))
    .observed(2, act('message-queue', 'descriptor 3', 'mq_timedsend', 7))
  assert.deepEqual(channels(host), ['/dev/mqueue/a: 7 7', '/dev/mqueue/b: 8 8'])
})

test('what failed gave no number', () => {
  const host = tell('LNX1')
    .observed(0, act('message-queue', 'key 0x1', 'msgget', 7, { detail: { Exit: '4', Success: 'no' } }))
    .observed(1, act('message-queue', 'id 0x4', 'msgsnd', 8))
  assert.deepEqual(channels(host), ['key 0x1: 7', 'id 0x4: 8'])
})
