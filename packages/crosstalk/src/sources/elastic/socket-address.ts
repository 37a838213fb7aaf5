// A socket address that Auditbeat spelled out (auditd.data.socket), as the kernel's bytes (elastic/go-libaudit, auparse/sockaddr.go; sockaddr(3type)).
import { isIPv4, isIPv6 } from 'node:net'

/** `saddr` in bytes; undefined: there is none. */
export function socketAddress(of: (name: string) => string): Buffer | undefined {
  const family = of('family')
  if (family === 'unix' || (family === '' && of('path') !== '')) {
    const path = of('path')
    const name = Buffer.from(path.startsWith('@') ? `\0${path.slice(1)}` : `${path}\0`)
    return Buffer.concat([Buffer.from([1, 0]), name])
  }
  const address = of('addr')
  const port = Buffer.alloc(2)
  port.writeUInt16BE(Number(of('port')) & 0xffff)
  if (isIPv4(address))
    return Buffer.concat([Buffer.from([2, 0]), port, Buffer.from(address.split('.').map(Number)), Buffer.alloc(8)])
  if (isIPv6(address))
    return Buffer.concat([Buffer.from([10, 0]), port, Buffer.alloc(4), ipv6(address), Buffer.alloc(4)])
  return undefined
}

function ipv6(address: string): Buffer {
  const bytes = Buffer.alloc(16)
  // `::ffff:10.0.0.1`
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address)
  const hex = (high: string, low: string): string => ((Number(high) << 8) | Number(low)).toString(16)
  const plain = dotted
    ? `${dotted[1]}${hex(dotted[2], dotted[3])}:${hex(dotted[4], dotted[5])}`
    : address.replace(/%.*$/, '')
  const [front, back] = plain.split('::')
  const groups = (part: string | undefined): string[] => (part ? part.split(':') : [])
  for (const [at, group] of groups(front).entries()) bytes.writeUInt16BE(Number.parseInt(group, 16), at * 2)
  const last = groups(back)
  for (const [at, group] of last.entries()) bytes.writeUInt16BE(Number.parseInt(group, 16), 16 - (last.length - at) * 2)
  return bytes
}
