// From a packet's bytes to its two ends: link layer, IP, TCP or UDP. As much as conversations need; what is inside is tshark's to say.
// Sources: tcpdump.org/linktypes.html; IEEE 802.1Q; RFC 791, 8200 (IPv6 and its extension headers), 9293 (TCP), 768 (UDP), 7348 (VXLAN), 2784 (GRE).

export interface Segment {
  /** 6 TCP, 17 UDP */
  protocol: number
  /** addresses of the sender and the receiver as bytes, both in one string of Latin-1 */
  addresses: string
  sourcePort: number
  targetPort: number
  /** length of the IP packet */
  ipBytes: number
  /** length of what TCP or UDP carries, as the headers say */
  payloadBytes: number
  /** where that starts in the packet */
  payload: number
  /** TCP's */
  flags: number
  sequence: number
}

const segment: Segment = {
  protocol: 0,
  addresses: '',
  sourcePort: 0,
  targetPort: 0,
  ipBytes: 0,
  payloadBytes: 0,
  payload: 0,
  flags: 0,
  sequence: 0,
}

/** tunnels within tunnels that are followed */
const MAX_DEPTH = 4
const VXLAN_PORT = 4789

/** What the packet carries; undefined when it is neither TCP nor UDP, or cut off before its ports. One object, used again. */
export function readSegment(bytes: Buffer, linkType: number): Segment | undefined {
  const at = networkLayer(bytes, linkType)
  return at < 0 ? undefined : readIp(bytes, at, 0)
}

/** Where the IP header starts; -1 when there is none. */
function networkLayer(bytes: Buffer, linkType: number): number {
  switch (linkType) {
    case 1: // Ethernet
      return behindEtherType(bytes, 12)
    case 0: // BSD loopback: the address family in front
    case 108:
      return 4
    case 12: // raw IP, under several numbers
    case 14:
    case 101:
    case 228:
    case 229:
      return 0
    case 113: // Linux cooked
      return behindEtherType(bytes, 14)
    case 276: // Linux cooked, version 2
      return bytes.length >= 20 && isIp(bytes.readUInt16BE(0)) ? 20 : -1
    default:
      return -1
  }
}

const isIp = (etherType: number) => etherType === 0x0800 || etherType === 0x86dd

/** Passes over VLAN tags. */
function behindEtherType(bytes: Buffer, from: number): number {
  let at = from
  for (let tags = 0; tags <= 3 && at + 2 <= bytes.length; tags++) {
    const etherType = bytes.readUInt16BE(at)
    if (isIp(etherType)) return at + 2
    if (etherType !== 0x8100 && etherType !== 0x88a8 && etherType !== 0x9100) return -1
    at += 4
  }
  return -1
}

function readIp(bytes: Buffer, at: number, depth: number): Segment | undefined {
  if (at >= bytes.length || depth > MAX_DEPTH) return undefined
  const version = bytes[at] >> 4
  if (version === 4) return readIpv4(bytes, at, depth)
  return version === 6 ? readIpv6(bytes, at, depth) : undefined
}

function readIpv4(bytes: Buffer, at: number, depth: number): Segment | undefined {
  const header = (bytes[at] & 0x0f) * 4
  if (header < 20 || at + header > bytes.length) return undefined
  // Only the first fragment has ports.
  if (bytes.readUInt16BE(at + 6) & 0x1fff) return undefined
  // 0 where the network card cuts what is sent (TSO): then all that was captured.
  const ipBytes = bytes.readUInt16BE(at + 2) || bytes.length - at
  return readTransport(bytes, bytes[at + 9], at, 12, 8, at + header, ipBytes, depth)
}

function readIpv6(bytes: Buffer, at: number, depth: number): Segment | undefined {
  if (at + 40 > bytes.length) return undefined
  const ipBytes = 40 + (bytes.readUInt16BE(at + 4) || bytes.length - at - 40)
  let next = bytes[at + 6]
  let to = at + 40
  for (let headers = 0; headers < 8 && to + 8 <= bytes.length; headers++) {
    // hop-by-hop, routing, destination options; fragment
    if (next === 0 || next === 43 || next === 60) {
      next = bytes[to]
      to += 8 + bytes[to + 1] * 8
    } else if (next === 44) {
      if (bytes.readUInt16BE(to + 2) & 0xfff8) return undefined
      next = bytes[to]
      to += 8
    } else break
  }
  return readTransport(bytes, next, at, 8, 32, to, ipBytes, depth)
}

/** `from`, `length`: where both addresses lie in the IP header at `ip`. `at`: what is behind it. */
function readTransport(
  bytes: Buffer,
  protocol: number,
  ip: number,
  from: number,
  length: number,
  at: number,
  ipBytes: number,
  depth: number,
): Segment | undefined {
  if (protocol === 4 || protocol === 41) return readIp(bytes, at, depth + 1)
  if (protocol === 47) return readGre(bytes, at, depth)
  if (protocol !== 6 && protocol !== 17) return undefined
  const isTcp = protocol === 6
  if (at + (isTcp ? 20 : 8) > bytes.length) return undefined
  const targetPort = bytes.readUInt16BE(at + 2)
  const header = isTcp ? (bytes[at + 12] >> 4) * 4 : 8
  if (!isTcp && targetPort === VXLAN_PORT && at + 16 < bytes.length) {
    const inner = behindEtherType(bytes, at + 16 + 12)
    const carried = inner < 0 ? undefined : readIp(bytes, inner, depth + 1)
    if (carried) return carried
  }
  segment.protocol = protocol
  segment.addresses = bytes.toString('latin1', ip + from, ip + from + length)
  segment.sourcePort = bytes.readUInt16BE(at)
  segment.targetPort = targetPort
  segment.ipBytes = ipBytes
  segment.payload = at + header
  segment.payloadBytes = Math.max(0, ipBytes - (at - ip) - header)
  segment.flags = isTcp ? bytes[at + 13] : 0
  segment.sequence = isTcp ? bytes.readUInt32BE(at + 4) : 0
  return segment
}

/** IP, or Ethernet with IP in it; checksum, key and sequence number are there where a flag says so. */
function readGre(bytes: Buffer, at: number, depth: number): Segment | undefined {
  if (at + 4 > bytes.length) return undefined
  const flags = bytes[at]
  const type = bytes.readUInt16BE(at + 2)
  const inner = at + 4 + (flags & 0x80 ? 4 : 0) + (flags & 0x20 ? 4 : 0) + (flags & 0x10 ? 4 : 0)
  if (isIp(type)) return readIp(bytes, inner, depth + 1)
  const ethernet = type === 0x6558 ? behindEtherType(bytes, inner + 12) : -1
  return ethernet < 0 ? undefined : readIp(bytes, ethernet, depth + 1)
}

/** An address as text, from its bytes in Latin-1. IPv6 in RFC 5952's form. */
export function addressText(latin1: string): string {
  const bytes = Buffer.from(latin1, 'latin1')
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16))
  // The longest run of zeros, of two at least, is left out.
  const runs = [...groups.join(':').matchAll(/(?<![^:])0(?::0(?![^:]))+/g)].sort((a, b) => b[0].length - a[0].length)
  const text = groups.join(':')
  if (!runs.length) return text
  const { index } = runs[0]
  const before = text.slice(0, Math.max(0, index - 1))
  const after = text.slice(index + runs[0][0].length + 1)
  return `${before}::${after}`
}
