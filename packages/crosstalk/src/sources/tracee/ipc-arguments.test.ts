import assert from 'node:assert/strict'
import { test } from 'node:test'
import { objectArguments } from './ipc-arguments.ts'

test('arguments of queues and segments by their place, in hexadecimal', () => {
  assert.deepEqual(objectArguments('msgget', 'key', 20823), [['Argument0', '5157']])
  assert.deepEqual(objectArguments('msgget', 'msgflg', 896), [['Argument1', '380']])
  assert.deepEqual(objectArguments('shmget', 'shmflg', 'IPC_CREAT|0600'), [['Argument2', '200']])
  assert.deepEqual(objectArguments('mq_open', 'name', '/jobs'), [['TargetFilename', '/dev/mqueue/jobs']])
  assert.deepEqual(objectArguments('mq_timedsend', 'mqdes', 3), [['mqdes', 3]])
  assert.deepEqual(objectArguments('msgsnd', 'msgp', '0x7ffe'), [])
})
