import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { FactExtractor } from '../facts/extractor.ts'
import { observed, read, type SampleEvent } from '../facts/sample-event.ts'
import { appleEvent } from './apple-event.ts'
import { machPort } from './mach-port.ts'
import { ptrace } from './ptrace.ts'
import { unixSocket } from './unix-socket.ts'
import { xpc } from './xpc.ts'

const sample = (type: string, fields: SampleEvent['fields']): SampleEvent => ({
  channel: 'eslogger',
  eventId: type,
  provider: 'Endpoint Security',
  logSources: [{ product: 'macos', service: 'endpoint_security' }],
  fields: { Image: '/tmp/evil', ProcessId: 5, ProcessGuid: '5.9', ...fields },
})
const told = (extractor: FactExtractor, type: string, fields: SampleEvent['fields']) => {
  const { channel, act, peer } = observed(extractor, sample(type, fields))
  return [channel.kind, channel.name, act, ...(peer?.process ? [peer.process.pid] : [])]
}

describe('Endpoint Security', () => {
  it('tells XPC connections, task ports, sockets and attaching', () => {
    assert.deepEqual(told(xpc, 'xpc_connect', { ServiceName: 'com.apple.x' }), ['xpc', 'com.apple.x', 'connect'])
    const target = { TargetImage: '/usr/bin/login', TargetProcessId: 77 }
    assert.deepEqual(told(machPort, 'get_task', target), ['mach-port', '/usr/bin/login', 'attach', 77])
    assert.deepEqual(told(machPort, 'remote_thread_create', target), ['mach-port', '/usr/bin/login', 'send', 77])
    assert.deepEqual(told(unixSocket, 'uipc_bind', { SocketPath: '/tmp/s' }), ['unix-socket', '/tmp/s', 'create'])
    assert.deepEqual(told(ptrace, 'trace', target), ['ptrace', '77', 'attach', 77])
  })
  it('tells who was allowed Apple events, and no other permission', () => {
    const change = (TccService: string) => sample('tcc_modify', { TccService, TccIdentity: 'com.example.app' })
    assert.deepEqual(observed(appleEvent, change('kTCCServiceAppleEvents')).channel.name, 'com.example.app')
    assert.deepEqual(read(appleEvent, change('kTCCServiceCamera')), [])
  })
  it('has the process that acted', () => {
    const { actor, detail } = observed(xpc, sample('xpc_connect', { ServiceName: 'a.b', TeamId: 'T1' }))
    assert.deepEqual(actor, { guid: '5.9', pid: 5, image: '/tmp/evil' })
    assert.equal(detail.TeamId, 'T1')
  })
})
