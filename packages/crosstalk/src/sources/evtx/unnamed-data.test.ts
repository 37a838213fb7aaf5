import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writeEvtx } from '@crosstalk/evtx'
import { readAll } from '../reading.ts'
import { evtx } from './index.ts'

const VALUES = [
  'RpcImpersonateClient',
  '700',
  'C:\\Windows\\System32\\lsass.exe',
  'ncacn_np',
  '\\PIPE\\lsass',
  '10.0.0.5',
  'e3514235-4b06-11d1-ab04-00c04fc2dcd2',
  '3',
  'S-1-5-21-1',
  'x',
  'y',
  '5000',
]
const record = { channel: 'RPCFW', computer: 'DC1', time: new Date('2024-05-14T09:00:00Z') }

test('RPC Firewall logs without names; its values have them, its rules find their log', async () => {
  const bytes = Buffer.from(writeEvtx([{ ...record, provider: 'RPCFW', eventId: 3, eventData: VALUES }]))
  const [event] = (await readAll(evtx, bytes)).events
  assert.equal(event.logSources, 'rpcfw application')
  assert.deepEqual(
    ['EventLog', 'EventID', 'InterfaceUuid', 'OpNum', 'SourceNetworkAddress', 'RemotePort'].map(event.field),
    ['RPCFW', '3', 'e3514235-4b06-11d1-ab04-00c04fc2dcd2', '3', '10.0.0.5', '5000'],
  )
})
