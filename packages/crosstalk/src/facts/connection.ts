// Network connections with their process: Sysmon 3 (Windows and Linux), Security 5156 (Windows Filtering Platform), and every source that maps
// its own to Sigma's category network_connection.
import type { SourceEvent, SourceShape } from '../events/event.ts'
import { processAccount } from './account-ref.ts'
import { FIRST_DYNAMIC_PORT, isGroupAddress, isInternal, parseAddress, parsePort, parseProtocol } from './address.ts'
import type { FactExtractor } from './extractor.ts'
import type { Connection } from './fact.ts'
import { factBase, field } from './field.ts'
import { oncePerEvent, oncePerShape } from './once-per-event.ts'
import { actorRef } from './process-ref.ts'
import { isWindowsEvent } from './windows-event.ts'

/** One end as the event writes it. */
interface End {
  address: string
  port: number
  name?: string
}

const UNKNOWN_END: End = { address: '', port: 0 }

/** Reads a connection of such events; undefined when they carry none. What goes to a group address is no connection and is left out. */
export const bindConnection = oncePerShape((shape): ((event: SourceEvent) => Connection | undefined) | undefined => {
  if (shape.is({ product: 'zeek', service: 'conn' }) || shape.is({ product: 'suricata', service: 'flow' }))
    return bindWireConnection(shape)
  const is5156 = isWindowsEvent(shape, 'security', 5156)
  if (!is5156 && !isWindowsEvent(shape, 'sysmon', 3) && !shape.is({ category: 'network_connection' })) return undefined
  const isInbound = is5156 ? wfpInbound(shape) : notInitiated(shape)
  const source = end(shape, ['SourceIp', 'SourceAddress'], ['SourcePort'], ['SourceHostname'])
  const destination = end(
    shape,
    ['DestinationIp', 'DestAddress', 'DestinationAddress'],
    ['DestinationPort', 'DestPort'],
    ['DestinationHostname'],
  )
  const protocol = field(shape, ['Protocol'], 16)
  const process = actorRef(shape)
  const user = processAccount(shape)
  return oncePerEvent((event) => {
    const to = destination(event)
    const inbound = isInbound(event)
    // What hooks connect(2) (auditd, Falco …) knows where to, not yet from where.
    const from = source(event) ?? (inbound ? undefined : UNKNOWN_END)
    if (!from || !to || isGroupAddress(from.address) || isGroupAddress(to.address)) return undefined
    const told = inbound ? isLocalSource(from, to, event.host) : true
    const [local, remote] = told ? [from, to] : [to, from]
    return {
      kind: 'connection',
      ...factBase(event),
      process: process(event),
      user: user(event),
      protocol: parseProtocol(protocol(event)),
      direction: inbound ? 'inbound' : 'outbound',
      localAddress: local.address,
      localPort: local.port,
      remoteAddress: remote.address,
      remotePort: remote.port,
      remoteName: remote.name,
      ...(told === undefined && { endsGuessed: true }),
    }
  })
})

export const connection: FactExtractor = {
  name: 'connection',
  bind(shape) {
    const read = bindConnection(shape)
    if (!read) return undefined
    return (event, emit) => {
      const fact = read(event)
      if (fact) emit(fact)
    }
  },
}

/**
 * A connection seen on the wire (Zeek's conn, Suricata's flow): which process held it is not said. It is told as seen from the machine that answered; where only the one
 * that asked is of a private network, from that one, so that the servers of the internet do not become hosts.
 */
function bindWireConnection(shape: SourceShape): (event: SourceEvent) => Connection | undefined {
  const source = end(shape, ['id.orig_h'], ['id.orig_p'], [])
  const destination = end(shape, ['id.resp_h'], ['id.resp_p'], [])
  const protocol = field(shape, ['proto'], 16)
  // Zeek writes when a connection began (base/protocols/conn/main.zeek, ts), Suricata when it took the flow for ended (output-json-flow.c).
  const onWire = shape.is({ product: 'suricata' }) ? 'ended' : 'begun'
  return oncePerEvent((event) => {
    const from = source(event)
    const to = destination(event)
    if (!from || !to || isGroupAddress(from.address) || isGroupAddress(to.address)) return undefined
    const outbound = isInternal(from.address) && !isInternal(to.address)
    const [local, remote] = outbound ? [from, to] : [to, from]
    return {
      kind: 'connection',
      ...factBase(event),
      host: local.address,
      process: {},
      user: {},
      protocol: parseProtocol(protocol(event)),
      direction: outbound ? 'outbound' : 'inbound',
      localAddress: local.address,
      localPort: local.port,
      remoteAddress: remote.address,
      remotePort: remote.port,
      onWire,
    }
  })
}

function end(
  shape: SourceShape,
  addresses: readonly string[],
  ports: readonly string[],
  names: readonly string[],
): (event: SourceEvent) => End | undefined {
  const address = field(shape, addresses, 64)
  const port = field(shape, ports, 16)
  const name = field(shape, names)
  return (event) => {
    const at = parseAddress(address(event))
    const number = parsePort(port(event))
    return at === undefined || number === undefined ? undefined : { address: at, port: number, name: name(event) }
  }
}

/** Sysmon: `Initiated` is true when the process opened the connection. */
function notInitiated(shape: SourceShape): (event: SourceEvent) => boolean {
  const initiated = field(shape, ['Initiated'], 16)
  return (event) => /^(false|0)$/i.test(initiated(event) ?? '')
}

/** 5156: message %%14592 of msobjs.dll is "Inbound", %%14593 "Outbound"; some collectors write the words. */
function wfpInbound(shape: SourceShape): (event: SourceEvent) => boolean {
  const direction = field(shape, ['Direction'], 32)
  return (event) => /^(%%14592|inbound)/i.test(direction(event) ?? '')
}

/**
 * Which end of an inbound connection is this host. Sysmon before 11 and Windows 7 write the local end as source, later ones the end that
 * opened the connection; the event does not say which it is. So, in this order: the name that an end resolves to, the one service port;
 * undefined: neither tells, and the later way is the likelier one.
 */
function isLocalSource(source: End, destination: End, host: string): boolean | undefined {
  const sourceNamed = sameMachine(source.name, host)
  if (sourceNamed !== sameMachine(destination.name, host)) return sourceNamed
  const sourceServes = source.port < FIRST_DYNAMIC_PORT
  return sourceServes !== destination.port < FIRST_DYNAMIC_PORT ? sourceServes : undefined
}

/** First labels agree, as far as NetBIOS keeps them (15 characters). */
function sameMachine(name: string | undefined, host: string): boolean {
  if (!name || !host) return false
  return netbiosName(name) === netbiosName(host)
}
const netbiosName = (name: string) => name.split('.', 1)[0].slice(0, 15).toUpperCase()
