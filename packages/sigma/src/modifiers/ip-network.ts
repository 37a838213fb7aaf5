// IP addresses and networks, both versions, as bytes.

export interface Network {
  /** 4 or 16 bytes */
  readonly bytes: Uint8Array
  readonly prefix: number
}

/** `10.0.0.0/8`, `fe80::/10`, or one address; undefined for anything else. `::ffff:10.0.0.0/104` is `10.0.0.0/8`. */
export function parseNetwork(text: string): Network | undefined {
  const match = /^([0-9A-Fa-f.:]+)(?:\/(\d{1,3}))?$/.exec(text.trim())
  const bytes = match ? (parseIpv4(match[1]) ?? parseIpv6(match[1])) : undefined
  if (!match || !bytes) return undefined
  const prefix = match[2] === undefined ? bytes.length * 8 : Number(match[2])
  if (prefix > bytes.length * 8) return undefined
  return prefix >= 96 && isMapped(bytes) ? { bytes: bytes.slice(12), prefix: prefix - 96 } : { bytes, prefix }
}

/** An address as 4 or 16 bytes; `::ffff:10.0.0.1` is the IPv4 address (RFC 4291, 2.5.5.2). What follows a `%` (the zone, RFC 4007) is not looked at. */
export function parseIp(text: string): Uint8Array | undefined {
  if (!text.includes(':')) return parseIpv4(text)
  const zone = text.indexOf('%')
  const bytes = parseIpv6(zone < 0 ? text : text.slice(0, zone))
  return bytes && isMapped(bytes) ? bytes.slice(12) : bytes
}

/** Whether 16 bytes stand for an IPv4 address. */
const isMapped = (bytes: Uint8Array): boolean =>
  bytes.length === 16 && bytes.subarray(0, 10).every((one) => one === 0) && bytes[10] === 255 && bytes[11] === 255

function parseIpv4(text: string): Uint8Array | undefined {
  if (text.length < 7 || text.length > 15) return undefined
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (!match) return undefined
  const bytes = match.slice(1).map(Number)
  return bytes.every((one) => one < 256) ? Uint8Array.from(bytes) : undefined
}

function parseIpv6(text: string): Uint8Array | undefined {
  if (text.length > 45) return undefined
  const mixed = /^(.*:)(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})$/.exec(text)
  let plain = text
  if (mixed) {
    const tail = parseIpv4(mixed[2])
    if (!tail) return undefined
    plain = `${mixed[1]}${((tail[0] << 8) | tail[1]).toString(16)}:${((tail[2] << 8) | tail[3]).toString(16)}`
  }
  const halves = plain.split('::')
  if (halves.length > 2) return undefined
  const groups = (half: string) => (half === '' ? [] : half.split(':'))
  const [before, behind] = [groups(halves[0]), halves.length === 2 ? groups(halves[1]) : []]
  const missing = 8 - before.length - behind.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const all = [...before, ...Array.from({ length: halves.length === 2 ? missing : 0 }, () => '0'), ...behind]
  if (!all.every((one) => /^[0-9A-Fa-f]{1,4}$/.test(one))) return undefined
  return Uint8Array.from(all.flatMap((one) => [Number.parseInt(one, 16) >> 8, Number.parseInt(one, 16) & 255]))
}

export function isInNetwork(address: Uint8Array, { bytes, prefix }: Network): boolean {
  if (address.length !== bytes.length) return false
  const whole = prefix >> 3
  for (let at = 0; at < whole; at++) if (address[at] !== bytes[at]) return false
  const rest = prefix & 7
  return rest === 0 || (address[whole] ^ bytes[whole]) >> (8 - rest) === 0
}
