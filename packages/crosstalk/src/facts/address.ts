// Network addresses and ports as events write them.

/** An address without brackets, zone or IPv4 mapping, lower case; undefined for `-`, `LOCAL` and the unspecified address. */
export function parseAddress(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const address = text
    .trim()
    .toLowerCase()
    .replace(/^\\\\/, '')
    .replace(/^\[|\]$/g, '')
    .replace(/%\w+$/, '')
    .replace(/^(?:0{0,4}:){2,5}(?:0{1,4}:)?ffff:(?=\d+\.)/, '')
  if (address === '' || address === '-' || address === 'local' || address === '::' || address === '0.0.0.0')
    return undefined
  return address
}

/** A port from 1 to 65535. */
export function parsePort(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*\d{1,5}\s*$/.test(text)) return undefined
  const port = Number(text)
  return port >= 1 && port <= 65_535 ? port : undefined
}

const PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ['1', 'icmp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['58', 'ipv6-icmp'],
])

/** `tcp`, `udp`: IANA protocol numbers become names. */
export const parseProtocol = (text: string | undefined) => {
  const protocol = text?.trim().toLowerCase() ?? ''
  return PROTOCOLS.get(protocol) ?? protocol
}

/** Multicast and broadcast: addresses of nobody. */
export const isGroupAddress = (address: string) =>
  /^(22[4-9]|23\d)\.\d|^255\.255\.255\.255$|^ff[0-9a-f]{2}:/.test(address)

export const isLoopback = (address: string) => /^127\.|^::1$|^(0{1,4}:){7}0{0,3}1$/.test(address)

/** Private networks (RFC 1918), shared address space (RFC 6598), unique local and link-local addresses. */
export const isInternal = (address: string) =>
  /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|169\.254\.|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/.test(
    address,
  )

/** RPC endpoint mapper ([MS-RPCE] 2.1.1.1). */
export const ENDPOINT_MAPPER_PORT = 135

/** IANA's dynamic ports: Windows gives them to clients and to RPC servers since Vista ("The default dynamic port range for TCP/IP", Microsoft). */
export const FIRST_DYNAMIC_PORT = 49_152
