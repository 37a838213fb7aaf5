import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { connection } from '../facts/connection.ts'
import type { FactExtractor } from '../facts/extractor.ts'
import { observed, read, readOne, type SampleEvent } from '../facts/sample-event.ts'
import { dcom } from './dcom.ts'
import { namedPipe } from './named-pipe.ts'
import { rpc } from './rpc.ts'

const zeek = (service: string, fields: SampleEvent['fields'], resp = '10.0.0.4'): SampleEvent => ({
  channel: `zeek ${service}`,
  eventId: service,
  provider: 'Zeek',
  logSources: [{ product: 'zeek', service }],
  host: resp,
  fields: { 'id.orig_h': '10.0.1.6', 'id.orig_p': 50123, 'id.resp_h': resp, 'id.resp_p': 445, ...fields },
})
const client = { address: '10.0.1.6', port: 50123 }

describe('Zeek conn', () => {
  it('is a connection as the machine sees it that answered', () => {
    assert.deepEqual(readOne(connection, zeek('conn', { proto: 'tcp' })), {
      kind: 'connection',
      process: {},
      user: {},
      protocol: 'tcp',
      direction: 'inbound',
      localAddress: '10.0.0.4',
      localPort: 445,
      remoteAddress: '10.0.1.6',
      remotePort: 50123,
      onWire: 'begun',
    })
  })
  it('is one as the machine sees it that asked, where the other is on the internet', () => {
    const [fact] = read(connection, zeek('conn', { proto: 'tcp' }, '203.0.113.9')) ?? []
    assert.equal(fact.host, '10.0.1.6')
    assert.ok(fact.kind === 'connection')
    assert.equal(fact.direction, 'outbound')
    assert.equal(fact.remoteAddress, '203.0.113.9')
  })
})

describe('Zeek dce_rpc', () => {
  const call = (endpoint: string, operation: string, named_pipe = '\\pipe\\svcctl') =>
    zeek('dce_rpc', { uid: 'C1', named_pipe, endpoint, operation })
  it('is a call of an interface', () => {
    const told = observed(rpc, call('svcctl', 'CreateServiceW'))
    assert.deepEqual(told.channel, { kind: 'rpc', host: '10.0.0.4', name: 'svcctl' })
    assert.equal(told.act, 'connect')
    assert.deepEqual(told.peer, client)
    assert.equal(told.detail.operation, 'CreateServiceW')
    assert.equal(told.detail.interface, 'MS-SCMR')
  })
  it('is the use of a pipe, unless a port carried it', () => {
    assert.deepEqual(observed(namedPipe, call('samr', 'SamrConnect5', '\\pipe\\lsass')).channel, {
      kind: 'named-pipe',
      host: '10.0.0.4',
      name: 'lsass',
    })
    assert.deepEqual(read(namedPipe, call('epmapper', 'ept_map', '135')), [])
  })
  it('is an activation, where the operation is one', () => {
    const told = observed(dcom, call('ISystemActivator', 'RemoteCreateInstance', '135'))
    assert.deepEqual([told.channel.name, told.act, told.peer], ['activation', 'activate', client])
    assert.equal(told.account, undefined)
    const resolved = observed(dcom, call('IObjectExporter', 'ServerAlive2', '135'))
    assert.deepEqual([resolved.channel.name, resolved.act], ['IObjectExporter', 'connect'])
    assert.deepEqual(read(dcom, call('samr', 'SamrConnect5')), [])
    assert.deepEqual(read(dcom, call('constructor', 'x', '135')), [])
  })
  it('of a capture says the class and the account, too', () => {
    const told = observed(
      dcom,
      zeek('dce_rpc', {
        endpoint: 'IRemoteSCMActivator',
        operation: 'RemoteGetClassObject',
        clsid: '{9BA05972-F6A8-11CF-A442-00A0C90A8F39}',
        username: 'adm',
        domainname: 'EXAMPLE',
      }),
    )
    assert.equal(told.channel.name, '{9BA05972-F6A8-11CF-A442-00A0C90A8F39}')
    assert.equal(told.detail.class, 'ShellWindows')
    assert.deepEqual(told.account, { name: 'adm', domain: 'EXAMPLE' })
  })
})

describe('Zeek smb', () => {
  it('says that a session reached IPC$', () => {
    const told = observed(namedPipe, zeek('smb_mapping', { path: '\\\\NEWYORK\\IPC$', share_type: 'PIPE' }))
    assert.deepEqual([told.channel.name, told.act, told.peer], ['IPC$', 'attach', client])
    assert.deepEqual(read(namedPipe, zeek('smb_mapping', { path: '\\\\NEWYORK\\C$', share_type: 'DISK' })), [])
  })
  it('says which pipe was opened', () => {
    const open = (fields: SampleEvent['fields'], extractor: FactExtractor = namedPipe) =>
      read(extractor, zeek('smb_files', fields))?.length
    assert.equal(open({ action: 'SMB::PIPE_OPEN', path: '\\\\H\\IPC$', name: 'svcctl' }), 1)
    assert.equal(open({ action: 'SMB::FILE_OPEN', path: '\\\\H\\IPC$', name: '\\srvsvc' }), 1)
    assert.equal(open({ action: 'SMB::FILE_OPEN', path: '\\\\H\\C$', name: 'a.txt' }), 0)
  })
})
