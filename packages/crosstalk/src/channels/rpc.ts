// RPC services: over pipes (Security 5145 names the one asked for; Sysmon 18 shows the pipe behind it), over TCP (connections to the endpoint mapper and
// to the services' own ports), from RPC Firewall and RPC's own log, and tools that name another machine.
import type { SourceEvent, SourceShape } from '../events/event.ts'
import {
  interfaceNamed,
  interfaceOfPipe,
  interfaceOfUuid,
  PIPE_ALIASES,
  type RpcInterface,
} from '../events/rpc-interfaces.ts'
import { accountRef } from '../facts/account-ref.ts'
import { ENDPOINT_MAPPER_PORT, FIRST_DYNAMIC_PORT, isLoopback, parseAddress, parsePort } from '../facts/address.ts'
import { bindConnection } from '../facts/connection.ts'
import type { FactExtractor, ReadFacts } from '../facts/extractor.ts'
import { detailFields, factBase, field } from '../facts/field.ts'
import { actorRef, baseName, processRef } from '../facts/process-ref.ts'
import { isWindowsEvent, windowsEvent } from '../facts/windows-event.ts'
import { bindReferences, literalHost, type Reference } from './free-text.ts'
import { bindShareFile } from './named-pipe.ts'
import { pipeName } from './pipe-name.ts'
import { wireEnds } from './zeek-ends.ts'

export const rpc: FactExtractor = {
  name: 'rpc',
  bind: (shape) =>
    bindPipeAsked(shape) ??
    bindPipeOpened(shape) ??
    bindServed(shape) ??
    bindCall(shape) ??
    bindWireCall(shape) ??
    bindReferences(shape, 'rpc', /\\\\|\/(?:s|r|node|server|remote)\b/i, toolReferences),
}

const described = (pipe: string, one: RpcInterface) => ({
  pipe,
  interface: one.document,
  uuid: one.uuid,
  purpose: one.purpose,
})

/** 5145 on IPC$ with the pipe of an RPC service. */
function bindPipeAsked(shape: SourceShape): ReadFacts | undefined {
  const read = bindShareFile(shape, (pipe) => {
    const one = interfaceOfPipe(pipe)
    return { kind: 'rpc', name: one?.name ?? '', detail: one && described(pipe, one) }
  })
  return (
    read &&
    ((event, emit) =>
      read(event, (fact) => {
        if (fact.kind === 'observation' && fact.channel.name !== '') emit(fact)
      }))
  )
}

/** Sysmon 18 by `System`: another machine opened the pipe of an RPC service. Where a pipe has aliases, which service is not said. */
function bindPipeOpened(shape: SourceShape): ReadFacts | undefined {
  if (!isWindowsEvent(shape, 'sysmon', 18)) return undefined
  const image = field(shape, ['Image'])
  const name = field(shape, ['PipeName'])
  const actor = actorRef(shape)
  return (event, emit) => {
    if (image(event)?.toLowerCase() !== 'system') return
    const pipe = pipeName(name(event) ?? '')
    const aliases = PIPE_ALIASES.get(pipe.toLowerCase())
    const one = interfaceOfPipe(pipe)
    if (!aliases && !one) return
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: { kind: 'rpc', host: event.host, name: aliases || !one ? pipe : one.name },
      act: 'connect',
      actor: actor(event),
      detail: aliases ? { pipe, oneOf: aliases.join(', ') } : one ? described(pipe, one) : {},
    })
  }
}

/** System processes that serve RPC over TCP to other machines. */
const SERVICE_IMAGES = new Set(['svchost.exe', 'services.exe', 'lsass.exe', 'spoolsv.exe', 'wininit.exe', 'dns.exe'])

/** A service took a connection from another machine at the endpoint mapper's port or on a dynamic one. */
function bindServed(shape: SourceShape): ReadFacts | undefined {
  const read = bindConnection(shape)
  if (!read) return undefined
  return (event, emit) => {
    const fact = read(event)
    if (fact?.direction !== 'inbound' || fact.protocol !== 'tcp') return
    if (isLoopback(fact.remoteAddress) || fact.remoteAddress === fact.localAddress) return
    const server = baseName(fact.process.image)
    const mapper = fact.localPort === ENDPOINT_MAPPER_PORT
    if (!mapper && !(fact.localPort >= FIRST_DYNAMIC_PORT && SERVICE_IMAGES.has(server))) return
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: { kind: 'rpc', host: event.host, name: mapper ? 'epmapper' : server },
      act: 'listen',
      actor: fact.process,
      account: fact.user,
      peer: { address: fact.remoteAddress, port: fact.remotePort, host: fact.remoteName },
      detail: { localPort: String(fact.localPort) },
    })
  }
}

/**
 * RPC Firewall 3 (a call was seen), Microsoft-Windows-RPC 5 (client) and 6 (server): which interface and operation. The latter trace every call on the
 * machine: of those only the interfaces that are known here are told.
 */
function bindCall(shape: SourceShape): ReadFacts | undefined {
  const isFirewall = isWindowsEvent(shape, 'rpc-firewall', 3)
  const windows = windowsEvent(shape)
  if (!isFirewall && !(windows?.log === 'rpc' && (windows.id === 5 || windows.id === 6))) return undefined
  const uuid = field(shape, ['InterfaceUuid', 'InterfaceUUID'], 64)
  const address = field(shape, ['SourceNetworkAddress', 'NetworkAddress'], 255)
  const port = field(shape, ['RemotePort'], 16)
  const actor = processRef(shape, { pid: ['ProcessId', 'Execution_ProcessID'], image: ['ImagePath'] })
  const account = accountRef(shape, { sid: ['SecurityId'] })
  const detail = detailFields(shape, ['RpcrtFunc', 'OpNum', 'ProcNum', 'Protocol', 'Endpoint', 'AuthenticationLevel'])
  const isClient = windows?.log === 'rpc' && windows.id === 5
  return (event: SourceEvent, emit) => {
    const id = uuid(event)
    if (id === undefined) return
    const one = interfaceOfUuid(id)
    if (!isFirewall && !one) return
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: {
        kind: 'rpc',
        // A call on the same machine names none.
        host: isClient ? literalHost(address(event)) || event.host : event.host,
        name: one?.name ?? id.replace(/[{}]/g, '').toLowerCase(),
      },
      act: isClient ? 'connect' : 'listen',
      actor: actor(event),
      account: account(event),
      peer: { address: parseAddress(address(event)), port: parsePort(port(event)) },
      detail: { uuid: id, ...told(detail(event), isFirewall) },
    })
  }
}

/** Protocols of the trace by number (Microsoft-Windows-RPC's manifest, map ProtocolSequences). */
const PROTOCOLS: Readonly<Record<string, string>> = { 1: 'TCP', 2: 'named pipes', 3: 'LRPC', 4: 'RPC/HTTP' }

/** The details of a call; of the trace's, the protocol by name. */
function told(detail: Readonly<Record<string, string>>, isFirewall: boolean): Readonly<Record<string, string>> {
  const protocol = isFirewall ? undefined : PROTOCOLS[detail.Protocol ?? '']
  return protocol === undefined ? detail : { ...detail, Protocol: protocol }
}

/** A call seen on the wire (Zeek's dce_rpc): interface, operation, and the pipe or port that carried it. */
function bindWireCall(shape: SourceShape): ReadFacts | undefined {
  if (!shape.is({ product: 'zeek', service: 'dce_rpc' })) return undefined
  const endpoint = field(shape, ['endpoint'])
  const ends = wireEnds(shape)
  const detail = detailFields(shape, [
    'named_pipe',
    'endpoint',
    'operation',
    'uid',
    'packet_type',
    'sealed',
    'asked_for',
    'service_name',
    'binary_path',
  ])
  return (event, emit) => {
    const name = endpoint(event)
    if (name === undefined) return
    // Zeek writes the UUID of an interface that it has no name for.
    const one = interfaceNamed(name) ?? interfaceOfUuid(name)
    const { client, server, account } = ends(event)
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: { kind: 'rpc', host: server, name: one?.name ?? name },
      act: 'connect',
      account,
      peer: client,
      detail: { ...detail(event), ...(one && { interface: one.document, uuid: one.uuid, purpose: one.purpose }) },
    })
  }
}

/** Windows's own tools that take another machine, and the service they talk to there. Group 1 is the machine. */
const TOOLS: readonly { pattern: RegExp; name: string; tool: string }[] = [
  { pattern: /\bsc(?:\.exe)?"?\s+\\\\([\w.:-]+)/gi, name: 'svcctl', tool: 'sc' },
  {
    pattern: /\bschtasks(?:\.exe)?"?\s[^|&\r\n]{0,400}?\/s\s+"?([\w.:-]+)/gi,
    name: 'ITaskSchedulerService',
    tool: 'schtasks',
  },
  { pattern: /\bat(?:\.exe)?"?\s+\\\\([\w.:-]+)/gi, name: 'atsvc', tool: 'at' },
  { pattern: /\breg(?:\.exe)?"?\s+\w+\s+"?\\\\([\w.:-]+)\\/gi, name: 'winreg', tool: 'reg' },
  {
    pattern: /\bshutdown(?:\.exe)?"?\s[^|&\r\n]{0,200}?\/m\s+"?\\\\([\w.:-]+)/gi,
    name: 'InitShutdown',
    tool: 'shutdown',
  },
  {
    pattern: /\bwevtutil(?:\.exe)?"?\s[^|&\r\n]{0,400}?\/r(?:emote)?:([\w.:-]+)/gi,
    name: 'IEventService',
    tool: 'wevtutil',
  },
]

function* toolReferences(text: string): Generator<Reference> {
  for (const { pattern, name, tool } of TOOLS) {
    for (const match of text.matchAll(pattern)) {
      const host = literalHost(match[1])
      if (host !== '') yield { name, host, at: match.index, detail: { tool } }
    }
  }
}
