import assert from 'node:assert/strict'
import { it } from 'node:test'
import { connection } from '../facts/connection.ts'
import { observed, read, readOne, type SampleEvent } from '../facts/sample-event.ts'
import { anonymousPipe } from './anonymous-pipe.ts'
import { dbus } from './dbus.ts'
import { namedPipe } from './named-pipe.ts'
import { unixSocket } from './unix-socket.ts'

const sample = (product: string, service: string, fields: SampleEvent['fields']): SampleEvent => ({
  channel: `${product} ${service}`,
  eventId: service,
  logSources: [{ product, service }],
  host: '10.0.0.4',
  fields,
})
const ENDS = { 'id.orig_h': '10.0.0.6', 'id.orig_p': 50_000, 'id.resp_h': '10.0.0.4', 'id.resp_p': 445 }

it("Suricata's flow is a connection, its smb a pipe that was opened", () => {
  const flow = readOne(connection, sample('suricata', 'flow', { ...ENDS, proto: 'TCP' }))
  assert.ok(flow.kind === 'connection')
  assert.deepEqual(
    [flow.direction, flow.remoteAddress, flow.localPort, flow.protocol],
    ['inbound', '10.0.0.6', 445, 'tcp'],
  )
  const smb = (fields: SampleEvent['fields']) => sample('suricata', 'smb', { ...ENDS, ...fields })
  assert.equal(observed(namedPipe, smb({ path: '\\\\H\\IPC$', name: 'svcctl' })).channel.name, 'svcctl')
  assert.equal(observed(namedPipe, smb({ named_pipe: '\\PIPE\\samr' })).channel.name, 'samr')
  assert.deepEqual(read(namedPipe, smb({ path: '\\\\H\\C$', name: 'a.txt' })), [])
})
it('calls of a D-Bus capture are sent to a name', () => {
  const message = (eventId: string) => ({
    ...sample('linux', 'dbus', { Sender: ':1.5', Destination: 'org.example.X', Member: 'Do' }),
    eventId,
  })
  const { channel, act, detail } = observed(dbus, message('method_call'))
  assert.deepEqual([channel.name, act, detail.Member], ['org.example.X', 'send', 'Do'])
  assert.deepEqual(read(dbus, message('signal')) ?? [], [])
})
it('IPCDump tells both ends of a Unix socket', () => {
  const fields = { ProcessId: 5, Image: 'nc', TargetProcessId: 9, TargetImage: 'agent', SocketPath: '/run/a' }
  const told = observed(unixSocket, { ...sample('linux', 'ipcdump', fields), eventId: 'unix-stream' })
  assert.deepEqual([told.channel.name, told.act, told.actor?.pid, told.peer?.process?.pid], ['/run/a', 'send', 5, 9])
})

it('IPCDump tells both ends of a pipe: a FIFO by its name, any other by its inode', () => {
  const fields = { ProcessId: 5, Image: 'sh', TargetProcessId: 9, TargetImage: 'cat', 'meta.pipe_inode': 77 }
  const pipe = (TargetFilename: string) => ({
    ...sample('linux', 'ipcdump', { ...fields, TargetFilename }),
    eventId: 'pipe',
  })
  const { channel, peer } = observed(anonymousPipe, pipe('<anonymous>'))
  assert.deepEqual([channel.kind, channel.name, peer?.process?.pid], ['anonymous-pipe', 'pipe:[77]', 9])
  assert.deepEqual(observed(anonymousPipe, pipe('x')).channel, { kind: 'fifo', host: '10.0.0.4', name: 'x' })
  const socket = { ...sample('linux', 'ipcdump', { ...fields, SocketPath: '<anonymous>' }), eventId: 'unix-stream' }
  assert.deepEqual(read(unixSocket, socket), [])
})
