// Values of audit records that the kernel or auditd encodes (audit-userspace, auparse/interpret.c and auparse/typetab.h).
import { isIPv6 } from 'node:net'

/**
 * Fields whose value is text from outside: quoted when it is harmless, else in hexadecimal digits without quotes (typetab.h: the types ESCAPED, ESCAPED_FILE,
 * ESCAPED_KEY, PROCTITLE and TTY_DATA). A number in a field that is none of these is a number, though it could be read as digits of text.
 */
const TEXT_FIELDS: ReadonlySet<string> = new Set(
  (
    'acct apparmor cgroup cmd comm cwd data denied_mask device dir exe file grp info invalid_context key name new_group new-chardev new-disk new-fs new-net ' +
    'new-rng ocomm old-chardev old-disk old-fs old-net old-rng operation path proctitle profile requested_mask root_dir sw vm watch'
  ).split(' '),
)

/** `a0` … of EXECVE, whole or in pieces (`a3[1]`). */
const ARGUMENT = /^a\d+(?:\[\d+\])?$/

export const isTextField = (type: string, name: string): boolean =>
  TEXT_FIELDS.has(name) || (type === 'EXECVE' && name.charCodeAt(0) === 0x61 && ARGUMENT.test(name))

/** Whether bytes[start, end) are an even number of hexadecimal digits, at least two. */
export function isHex(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 2 || (end - start) % 2 !== 0) return false
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    const digit = (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66)
    if (!digit) return false
  }
  return true
}

/** Text of hexadecimal digits. Arguments of a PROCTITLE are parted by NUL, keys of one rule by \x01: both become what `between` says. */
export function hexText(digits: string, between: string): string {
  const text = Buffer.from(digits, 'hex').toString('utf8')
  return text.replace(/\u0000+$/, '').replace(/[\u0000\u0001]/g, between)
}

/** A socket address. Names as `ausearch -i` writes them. */
export interface SocketAddress {
  family: string
  /** Unix: a path, `@` and the name of an abstract one, '' for an unnamed one */
  path?: string
  address?: string
  port?: number
  /** netlink */
  pid?: number
  groups?: number
}

/** Families by number (linux/socket.h). */
const FAMILIES: Readonly<Record<number, string>> = {
  0: 'unspec',
  1: 'local',
  2: 'inet',
  3: 'ax25',
  4: 'ipx',
  5: 'appletalk',
  7: 'bridge',
  9: 'x25',
  10: 'inet6',
  12: 'decnet',
  15: 'key',
  16: 'netlink',
  17: 'packet',
  21: 'rds',
  29: 'can',
  30: 'tipc',
  31: 'bluetooth',
  38: 'alg',
  39: 'nfc',
  40: 'vsock',
  44: 'xdp',
}

/**
 * Reads `saddr`, a struct sockaddr in hexadecimal digits (little endian host, ports and addresses in network order); undefined when that is none.
 * Truncated ones give what is there.
 */
export function parseSocketAddress(digits: string): SocketAddress | undefined {
  if (!/^(?:[0-9a-fA-F]{2}){2,}$/.test(digits)) return undefined
  const bytes = Buffer.from(digits.slice(0, 512), 'hex')
  const number = bytes.readUInt16LE(0)
  const family = FAMILIES[number] ?? String(number)
  if (number === 1) return { family, path: unixPath(bytes) }
  if (number === 2 && bytes.length >= 8)
    return { family, address: bytes.subarray(4, 8).join('.'), port: bytes.readUInt16BE(2) }
  if (number === 10 && bytes.length >= 24)
    return { family, address: ipv6(bytes.subarray(8, 24)), port: bytes.readUInt16BE(2) }
  if (number === 16 && bytes.length >= 12) return { family, pid: bytes.readUInt32LE(4), groups: bytes.readUInt32LE(8) }
  return { family }
}

/** struct sockaddr_un: a path ends at its NUL; a name that begins with NUL is abstract, and its NULs count (unix(7)). */
function unixPath(bytes: Buffer): string {
  const name = bytes.subarray(2)
  if (name.length === 0) return ''
  if (name[0] === 0) {
    const abstract = name
      .subarray(1)
      .toString('utf8')
      .replace(/\u0000+$/, '')
    return abstract === '' ? '' : `@${abstract.replaceAll('\u0000', '@')}`
  }
  const end = name.indexOf(0)
  return name.subarray(0, end < 0 ? name.length : end).toString('utf8')
}

function ipv6(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2).toString(16))
  if (bytes.subarray(0, 10).every((byte) => byte === 0) && bytes.readUInt16BE(10) === 0xffff)
    return `::ffff:${bytes.subarray(12).join('.')}`
  const text = groups.join(':')
  // The longest run of zero groups is written as `::` (RFC 5952, 4.2).
  const runs = [...text.matchAll(/(?:^|:)(0(?::0)+)(?=:|$)/g)].sort((a, b) => b[1].length - a[1].length)
  if (runs.length === 0) return text
  const at = runs[0].index + (runs[0][0].startsWith(':') ? 1 : 0)
  const short = `${text.slice(0, at).replace(/:$/, '')}::${text.slice(at + runs[0][1].length).replace(/^:/, '')}`
  return isIPv6(short) ? short : text
}
