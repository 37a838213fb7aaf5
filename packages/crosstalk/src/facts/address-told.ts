// Who had an address, as those tell it who should know: the domain controller that gave a machine its ticket (Security 4768), the lease (Zeek's dhcp.log), the
// machine's own list of interfaces (Defender's DeviceNetworkInfo), a DNS answer (Sysmon 22, Zeek's dns.log). Addresses of the internet are left out: they are
// machines of nobody here.
import type { SourceEvent, SourceShape } from '../events/event.ts'
import { isInternal, isLoopback, parseAddress } from './address.ts'
import type { FactExtractor, ReadFacts } from './extractor.ts'
import type { AddressTold, Fact } from './fact.ts'
import { factBase, field, MAX_TEXT } from './field.ts'
import { isWindowsEvent } from './windows-event.ts'

type Told = Pick<AddressTold, 'how' | 'name' | 'address' | 'until'>

export const addressTold: FactExtractor = {
  name: 'address-told',
  bind(shape): ReadFacts | undefined {
    const read =
      bindTicket(shape) ?? bindAnswer(shape) ?? bindLease(shape) ?? bindInterfaces(shape) ?? bindOwnAddresses(shape)
    if (!read) return undefined
    return (event, emit: (fact: Fact) => void) => {
      for (const told of read(event)) emit({ kind: 'address-told', ...factBase(event), ...told })
    }
  },
}

const MOST_INTERFACES = 16

type Read = (event: SourceEvent) => Iterable<Told>

/** An address inside, as it may belong to a machine here. */
function innerAddress(text: string | undefined): string | undefined {
  const address = parseAddress(text)
  return address && isInternal(address) && !isLoopback(address) && !/^(169\.254\.|fe[89ab])/.test(address)
    ? address
    : undefined
}

/** Jamf Protect's telemetry has the machine's own addresses beside each event of Endpoint Security. */
function bindOwnAddresses(shape: SourceShape): Read | undefined {
  if (!shape.is({ product: 'macos', service: 'endpoint_security' })) return undefined
  const list = shape.slot('host.ips')
  if (list < 0) return undefined
  return function* (event) {
    const addresses = event.value(list)
    for (const one of Array.isArray(addresses) ? (addresses as readonly unknown[]).slice(0, MOST_INTERFACES) : []) {
      const address = innerAddress(typeof one === 'string' ? one : undefined)
      if (address && event.host) yield { how: 'interface', name: event.host, address }
    }
  }
}

/** A machine's ticket (4768): only who holds the machine's secret gets one. `WS01$`, status 0. */
function bindTicket(shape: SourceShape): Read | undefined {
  if (!isWindowsEvent(shape, 'security', 4768)) return undefined
  const account = field(shape, ['TargetUserName'])
  const address = field(shape, ['IpAddress'], 64)
  const status = field(shape, ['Status'], 32)
  return function* (event) {
    const name = account(event)
    if (!name?.endsWith('$') || !/^(0x)?0+$/i.test(status(event) ?? '')) return
    const from = innerAddress(address(event))
    if (from) yield { how: 'kerberos', name: name.slice(0, -1), address: from }
  }
}

/** A name's one address in each family. Several are a load balancer's, or a machine's whose right one is not known. */
function bindAnswer(shape: SourceShape): Read | undefined {
  const isSysmon = isWindowsEvent(shape, 'sysmon', 22)
  if (!isSysmon && !shape.is({ product: 'zeek', service: 'dns' })) return undefined
  const query = field(shape, isSysmon ? ['QueryName'] : ['query'])
  const answer = field(shape, isSysmon ? ['QueryResults'] : ['answers'], MAX_TEXT)
  return function* (event) {
    const text = answer(event)
    if (text === undefined || !/10\.|172\.|192\.168\.|100\.|f[cd]..:/i.test(text)) return
    const { name, addresses } = readAnswer(query(event) ?? '', text)
    if (!/^[\w-]+(\.[\w-]+)*\.?$/.test(name)) return
    for (const isSix of [false, true]) {
      const family = addresses.filter((one) => one.includes(':') === isSix)
      if (family.length === 1) yield { how: 'dns', name, address: family[0] }
    }
  }
}

/**
 * Sysmon: `type:  5 ws1.example.test;::ffff:10.0.0.5;`, each alias (type 5, CNAME) before what it stands for. Zeek: a list, aliases as bare names.
 * The name is the last alias's, which is the machine's own.
 */
function readAnswer(asked: string, text: string): { name: string; addresses: string[] } {
  let name = asked
  const addresses = new Set<string>()
  for (const part of text.split(/[;,[\]"]+/)) {
    const one = part.trim()
    const alias =
      /^type:\s*5\s+(\S+)$/.exec(one)?.[1] ?? (/^[a-z][\w-]*\.[\w.-]*[a-z]\.?$/i.test(one) ? one : undefined)
    const address = parseAddress(one)
    if (alias !== undefined) name = alias
    else if (address && /^[\d.]+$|:.*:/.test(address) && !/^fe[89ab]|\s/.test(address)) addresses.add(address)
  }
  return { name, addresses: [...addresses].every(isInternal) ? [...addresses] : [] }
}

/** Zeek's dhcp.log (base/protocols/dhcp/main.zeek): `assigned_addr` from `ts` on for `lease_time` seconds; the client says its name. */
function bindLease(shape: SourceShape): Read | undefined {
  if (!shape.is({ product: 'zeek', service: 'dhcp' })) return undefined
  const full = field(shape, ['client_fqdn'])
  const short = field(shape, ['host_name'])
  const assigned = field(shape, ['assigned_addr'], 64)
  const lease = field(shape, ['lease_time'], 32)
  return function* (event) {
    const name = full(event) ?? short(event)
    const address = innerAddress(assigned(event))
    if (!name || !address) return
    const seconds = Number(lease(event))
    const until = event.time + seconds * 1e6
    yield { how: 'lease', name, address, ...(seconds > 0 && Number.isFinite(until) && { until }) }
  }
}

/** DeviceNetworkInfo ("Advanced hunting schema tables"): `IPAddresses` is a JSON array of the adapter's addresses. */
function bindInterfaces(shape: SourceShape): Read | undefined {
  const addresses = field(shape, ['IPAddresses'], MAX_TEXT)
  const adapter = field(shape, ['NetworkAdapterName'])
  if (!shape.fields.includes('IPAddresses') || !shape.fields.includes('NetworkAdapterName')) return undefined
  return function* (event) {
    if (adapter(event) === undefined) return
    for (const [, text] of (addresses(event) ?? '').matchAll(/"IPAddress"\s*:\s*"([^"]{2,64})"/g)) {
      const address = innerAddress(text)
      if (address && event.host) yield { how: 'interface', name: event.host, address }
    }
  }
}
