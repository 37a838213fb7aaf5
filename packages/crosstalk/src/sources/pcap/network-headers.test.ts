import assert from 'node:assert/strict'
import { isIPv6 } from 'node:net'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { packet } from './capture-writer.ts'
import { addressText, readSegment } from './network-headers.ts'

const PORTS = [50_123, 445] as const
const plain = packet('10.0.0.6', '10.0.0.4', PORTS, Buffer.from('hello'), { flags: 24, sequence: 7, acknowledged: 1 })
const ip = plain.subarray(14)
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

/** What a packet says, in words. */
function told(bytes: Buffer, linkType = 1) {
  const segment = readSegment(bytes, linkType)
  if (!segment) return undefined
  const half = segment.addresses.length / 2
  const ends = [segment.addresses.slice(0, half), segment.addresses.slice(half)].map(addressText)
  const { protocol, sourcePort, targetPort, payloadBytes, payload } = segment
  return [protocol, ends.join(' > '), sourcePort, targetPort, bytes.toString('latin1', payload, payload + payloadBytes)]
}
const TOLD = [6, '10.0.0.6 > 10.0.0.4', ...PORTS, 'hello']

describe('the two ends of a packet', () => {
  it('are found behind every link layer that is known', () => {
    const ethernet = plain.subarray(0, 12)
    assert.deepEqual(told(plain), TOLD)
    assert.deepEqual(told(Buffer.concat([ethernet, hex('8100 0005 0800'), ip])), TOLD)
    assert.deepEqual(told(Buffer.concat([ethernet, hex('88a8 0005 8100 0006 0800'), ip])), TOLD)
    assert.deepEqual(told(ip, 101), TOLD)
    assert.deepEqual(told(Buffer.concat([hex('02000000'), ip]), 0), TOLD)
    assert.deepEqual(told(Buffer.concat([Buffer.alloc(14), hex('0800'), ip]), 113), TOLD)
    assert.deepEqual(told(Buffer.concat([hex('0800'), Buffer.alloc(18), ip]), 276), TOLD)
    assert.equal(told(ip, 147), undefined)
    assert.equal(told(Buffer.concat([ethernet, hex('0806'), ip])), undefined)
  })
  it('are found inside tunnels', () => {
    const outer = (protocol: number, inner: Buffer) => {
      const header = Buffer.from(ip.subarray(0, 20))
      header[9] = protocol
      header.writeUInt16BE(20 + inner.length, 2)
      return Buffer.concat([header, inner])
    }
    assert.deepEqual(told(outer(4, ip), 101), TOLD)
    assert.deepEqual(told(outer(47, Buffer.concat([hex('0000 0800'), ip])), 101), TOLD)
    assert.deepEqual(told(outer(47, Buffer.concat([hex('2000 6558 00000001'), plain])), 101), TOLD)
    const vxlan = packet('192.0.2.1', '192.0.2.2', [50_000, 4789], Buffer.concat([hex('08000000 00000500'), plain]))
    assert.deepEqual(told(vxlan), TOLD)
  })
  it('are found in IPv6, behind its extension headers', () => {
    const from = hex('20010db8 00000000 00000000 00000001')
    const to = hex('20010db8 00000000 00000000 00000002')
    const tcp = ip.subarray(20)
    const header = (next: number, length: number) =>
      Buffer.concat([hex('60000000'), Buffer.from([length >> 8, length & 255, next, 64]), from, to])
    const expected = [6, '2001:db8::1 > 2001:db8::2', ...PORTS, 'hello']
    assert.deepEqual(told(Buffer.concat([header(6, tcp.length), tcp]), 101), expected)
    const options = hex('06 00 0104 00000000')
    assert.deepEqual(told(Buffer.concat([header(0, tcp.length + 8), options, tcp]), 101), expected)
    const laterFragment = hex('06 00 0008 00000001')
    assert.equal(told(Buffer.concat([header(44, tcp.length + 8), laterFragment, tcp]), 101), undefined)
  })
  it('are not looked for in later fragments and in what is cut off', () => {
    const fragment = Buffer.from(plain)
    fragment.writeUInt16BE(0x00b9, 14 + 6)
    assert.equal(told(fragment), undefined)
    for (let length = 0; length < 14 + 20 + 20; length++) assert.equal(told(plain.subarray(0, length)), undefined)
  })
  it('are read from any bytes without an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(0, 1, 101, 113, 276), (bytes, linkType) => {
        told(Buffer.from(bytes), linkType)
        const ipv4 = Buffer.concat([plain.subarray(0, 24), Buffer.from(bytes)])
        told(ipv4)
      }),
    )
  })
})

it('addresses are written as RFC 5952 asks', () => {
  const text = (digits: string) => addressText(hex(digits).toString('latin1'))
  assert.equal(text('0a000006'), '10.0.0.6')
  assert.equal(text('00000000000000000000000000000001'), '::1')
  assert.equal(text('00000000000000000000000000000000'), '::')
  assert.equal(text('fe800000000000000001000000000001'), 'fe80::1:0:0:1')
  assert.equal(text('20010db8000000010001000100010001'), '2001:db8:0:1:1:1:1:1')
  assert.equal(text('20010db8000100000000000000000000'), '2001:db8:1::')
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) =>
      assert.ok(isIPv6(addressText(Buffer.from(bytes).toString('latin1')))),
    ),
  )
})
