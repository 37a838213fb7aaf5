import assert from 'node:assert/strict'
import { test } from 'node:test'
import { graphOf, tell } from '../graph/testing.ts'
import { kernelObjects } from './kernel-objects.ts'

const SHOP = { name: 'shop', uid: '33' }
const queue = { kind: 'message-queue' as const, host: 'LNX1', name: 'key 0x5157' }

function queueOf(image: string) {
  return tell('LNX1')
    .started(1, { pid: 50, image, commandLine: image }, { pid: 49, image: '/usr/bin/dash' }, { user: SHOP })
    .observed(2, {
      channel: { ...queue },
      act: 'create',
      actor: { pid: 50, image },
      account: SHOP,
      detail: { call: 'msgget', Exit: '4' },
    })
    .started(3, { pid: 60, image: '/usr/bin/ledgerd' }, {}, { user: { name: 'ledger', uid: '34' } })
    .observed(4, {
      channel: { ...queue, name: 'id 0x4' },
      act: 'send',
      actor: { pid: 60, image: '/usr/bin/ledgerd' },
      account: { name: 'ledger', uid: '34' },
      detail: { call: 'msgsnd', ouid: '33' },
    })
}

test('a dropped program’s queue has both ends, with their accounts', () => {
  const [found] = kernelObjects({ graph: graphOf(queueOf('/dev/shm/.x/kworker')), rules: new Map() })
  const [channel] = found.channels
  assert.equal(channel.name, 'key 0x5157')
  assert.equal(channel.server?.pid, 50)
  assert.deepEqual(
    channel.clients.map((client) => 'process' in client && client.process.pid),
    [60],
  )
  assert.ok(found.reasons.some((one) => one.text.includes('ledgerd (ledger) is at the other end')))
})

test('queues between programs that are installed are nothing', () => {
  assert.deepEqual(
    kernelObjects({ graph: graphOf(queueOf('/usr/lib/postgresql/15/bin/postgres')), rules: new Map() }),
    [],
  )
})

test('the kernel says whose the object is where its maker was not seen', () => {
  const host = tell('LNX1')
    .started(1, { pid: 50, image: '/tmp/x' }, {}, { user: SHOP })
    .observed(2, {
      channel: { kind: 'shared-memory', host: 'LNX1', name: 'id 0x9' },
      act: 'map',
      actor: { pid: 50, image: '/tmp/x' },
      account: SHOP,
      detail: { call: 'shmat', ouid: '34', OUID: 'ledger' },
    })
  const [found] = kernelObjects({ graph: graphOf(host), rules: new Map() })
  assert.ok(found.reasons.some((one) => one.text.includes('belongs to ledger, not to shop')))
})
