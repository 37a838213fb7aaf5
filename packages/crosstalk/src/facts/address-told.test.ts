import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addressTold } from './address-told.ts'
import { read, type SampleEvent, security, sysmon } from './sample-event.ts'

/** What an event tells, in short. */
const told = (sample: SampleEvent) =>
  read(addressTold, sample)?.map((fact) =>
    fact.kind === 'address-told' ? [fact.how, fact.name, fact.address].join(' ') : fact.kind,
  )
const zeek = (service: string, fields: SampleEvent['fields']): SampleEvent => ({
  channel: service,
  eventId: service,
  logSources: [{ product: 'zeek', service }],
  fields,
})

describe('whose an address is', () => {
  test('is told by a machine’s ticket, not by a person’s or a refused one', () => {
    const ticket = { TargetUserName: 'WS6$', IpAddress: '::ffff:10.0.0.6', Status: '0x0' }
    assert.deepEqual(told(security(4768, ticket)), ['kerberos WS6 10.0.0.6'])
    assert.deepEqual(told(security(4768, { ...ticket, TargetUserName: 'ann' })), [])
    assert.deepEqual(told(security(4768, { ...ticket, Status: '0x6' })), [])
    assert.deepEqual(told(security(4768, { ...ticket, IpAddress: '::1' })), [])
  })
  test('is told by a Mac’s own list beside its events, but for what is nobody’s', () => {
    const jamf = (ips: string[]): SampleEvent => ({
      channel: 'eslogger',
      eventId: 'exec',
      logSources: [{ product: 'macos', service: 'endpoint_security' }],
      host: 'mac7',
      fields: { 'host.ips': ips },
    })
    assert.deepEqual(told(jamf(['192.168.4.252', '127.0.0.1', '8.8.8.8'])), ['interface mac7 192.168.4.252'])
  })
  test('is told by a DNS answer of one address a family, of the name that the aliases end in', () => {
    const answer = (QueryResults: string) => told(sysmon(22, { QueryName: 'files', QueryResults }))
    assert.deepEqual(answer('::ffff:10.0.0.6;'), ['dns files 10.0.0.6'])
    assert.deepEqual(answer('fe80::1;::ffff:10.0.0.6;'), ['dns files 10.0.0.6'])
    assert.deepEqual(answer('type:  5 ws6.corp.example;::ffff:10.0.0.6;fd00::6;'), [
      'dns ws6.corp.example 10.0.0.6',
      'dns ws6.corp.example fd00::6',
    ])
    assert.deepEqual(answer('::ffff:10.0.0.6;::ffff:10.0.0.7;'), [])
    assert.deepEqual(answer('::ffff:8.8.8.8;'), [])
    assert.deepEqual(answer('type:  6 ;::ffff:8.8.4.10;'), [])
    assert.deepEqual(answer('-'), [])
    const wire = (answers: string) => told(zeek('dns', { query: 'files.corp.example', answers }))
    assert.deepEqual(wire('ws6.corp.example,10.0.0.6'), ['dns ws6.corp.example 10.0.0.6'])
    assert.deepEqual(wire('["10.0.0.6"]'), ['dns files.corp.example 10.0.0.6'])
  })
  test('is told by a lease, to its end', () => {
    const [lease] = read(
      addressTold,
      zeek('dhcp', { host_name: 'ws6', assigned_addr: '10.0.0.6', lease_time: '3600' }),
    )!
    assert.ok(lease.kind === 'address-told')
    assert.deepEqual([lease.how, lease.name, lease.until! - lease.time], ['lease', 'ws6', 3_600_000_000])
  })
  test('is told by the machine’s own interfaces', () => {
    const IPAddresses =
      '[{"IPAddress":"10.0.0.6","SubnetPrefix":24},{"IPAddress":"fe80::1"},{"IPAddress":"169.254.1.1"}]'
    const row = {
      channel: 'Defender XDR DeviceNetworkInfo',
      eventId: '',
      fields: { NetworkAdapterName: 'a', IPAddresses },
    }
    assert.deepEqual(told(row), ['interface WS1.office.example 10.0.0.6'])
  })
  test('is told by nothing else', () => {
    assert.equal(told(sysmon(3, { SourceIp: '10.0.0.6' })), undefined)
  })
})
