import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connection } from './connection.ts'
import { read, readOne, type SampleEvent, security, sysmon } from './sample-event.ts'

const sysmon3 = (fields: SampleEvent['fields']): SampleEvent =>
  sysmon(3, { ProcessId: 4, Image: 'System', User: 'NT AUTHORITY\\SYSTEM', Protocol: 'tcp', ...fields })

function ends(sample: SampleEvent): unknown {
  const fact = readOne(connection, sample)
  if (!('localPort' in fact)) throw new Error('no connection')
  const { direction, localAddress, localPort, remoteAddress, remotePort } = fact
  return [direction, `${localAddress}:${localPort}`, `${remoteAddress}:${remotePort}`]
}

test('a connection that the process opened: the source is here', () => {
  assert.deepEqual(
    readOne(
      connection,
      sysmon3({
        Initiated: 'true',
        SourceIp: '10.0.0.5',
        SourcePort: 50001,
        DestinationIp: '10.0.0.6',
        DestinationPort: 135,
        DestinationHostname: 'ws6',
      }),
    ),
    {
      kind: 'connection',
      process: { pid: 4, image: 'System' },
      user: { name: 'SYSTEM', domain: 'NT AUTHORITY' },
      protocol: 'tcp',
      direction: 'outbound',
      localAddress: '10.0.0.5',
      localPort: 50001,
      remoteAddress: '10.0.0.6',
      remotePort: 135,
      remoteName: 'ws6',
    },
  )
})

test('connect of auditd: the remote end is known, the local one is not', () => {
  assert.deepEqual(
    readOne(connection, {
      channel: 'auditd',
      eventId: 'connect',
      logSources: [{ product: 'linux', category: 'network_connection' }],
      fields: {
        Image: '/usr/bin/curl',
        ProcessId: '20',
        User: 'app',
        Initiated: 'true',
        DestinationIp: '192.0.2.7',
        DestinationPort: 443,
      },
    }),
    {
      kind: 'connection',
      process: { pid: 20, image: '/usr/bin/curl' },
      user: { name: 'app' },
      protocol: '',
      direction: 'outbound',
      localAddress: '',
      localPort: 0,
      remoteAddress: '192.0.2.7',
      remotePort: 443,
    },
  )
})

test('inbound, written the way of Sysmon since 11: the source is the peer', () => {
  assert.deepEqual(
    ends(
      sysmon3({
        Initiated: false,
        SourceIp: '10.0.0.5',
        SourcePort: 58406,
        DestinationIp: '10.0.0.6',
        DestinationPort: 49913,
      }),
    ),
    ['inbound', '10.0.0.6:49913', '10.0.0.5:58406'],
  )
})

test('inbound, written the way of Sysmon before 11: the end that bears this host name is here', () => {
  assert.deepEqual(
    ends(
      sysmon3({
        Initiated: false,
        SourceIp: '10.0.0.6',
        SourceHostname: 'ws1',
        SourcePort: 49158,
        DestinationIp: '10.0.0.5',
        DestinationHostname: '',
        DestinationPort: 58172,
      }),
    ),
    ['inbound', '10.0.0.6:49158', '10.0.0.5:58172'],
  )
})

test('inbound without names: the service port is here', () => {
  assert.deepEqual(
    ends(
      sysmon3({
        Initiated: 'False',
        SourceIp: '10.0.0.6',
        SourcePort: 445,
        DestinationIp: '10.0.0.5',
        DestinationPort: 63025,
      }),
    ),
    ['inbound', '10.0.0.6:445', '10.0.0.5:63025'],
  )
})

const filtering = (Direction: string) =>
  security(5156, {
    ProcessID: '992',
    Application: '\\device\\harddiskvolume2\\windows\\system32\\svchost.exe',
    Direction,
    SourceAddress: '10.0.0.5',
    SourcePort: '54914',
    DestAddress: '10.0.0.6',
    DestPort: '135',
    Protocol: '6',
  })

test('5156: direction is a message id or its word', () => {
  assert.deepEqual(ends(filtering('%%14592')), ['inbound', '10.0.0.6:135', '10.0.0.5:54914'])
  assert.deepEqual(ends(filtering('Inbound')), ['inbound', '10.0.0.6:135', '10.0.0.5:54914'])
  assert.deepEqual(ends(filtering('%%14593')), ['outbound', '10.0.0.5:54914', '10.0.0.6:135'])
})

test('packets to groups and events without ports are no connections', () => {
  assert.deepEqual(
    read(
      connection,
      sysmon3({
        Initiated: 'false',
        SourceIp: '224.0.0.252',
        SourcePort: 5355,
        DestinationIp: '10.0.0.6',
        DestinationPort: 57255,
      }),
    ),
    [],
  )
  assert.deepEqual(
    read(
      connection,
      sysmon3({ Initiated: 'true', SourceIp: '10.0.0.5', DestinationIp: '10.0.0.6', DestinationPort: '-' }),
    ),
    [],
  )
})
