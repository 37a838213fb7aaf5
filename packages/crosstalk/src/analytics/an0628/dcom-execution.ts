// A COM server that another machine reached on an RPC port of its own: DCOM, and what the server then ran.
import type { Connection, Observation } from '../../facts/fact.ts'
import { plainAddress } from '../../graph/address-claims.ts'
import { type Graph, imageName, MINUTE, type ProcessNode, SECOND } from '../../graph/graph.ts'
import { type AnalyticContext, type Detection, detection } from '../analytic.ts'
import { contentHints, isInterpreter, isUserWritable } from '../command-content.ts'
import { droppedFiles } from '../dropped-files.ts'
import {
  aftermath,
  between,
  DYNAMIC_PORT,
  inbound,
  isFromOutside,
  nameOf,
  remoteLogon,
  SAME_MOMENT,
  short,
  sourceSide,
  startedFact,
} from '../surroundings.ts'
import { COM_SERVERS, isActivated, isDcomLaunch } from './com-servers.ts'

/** What follows an activation within this time belongs to it. */
const ACTIVATION_WINDOW = 2 * MINUTE

/** Inbound connections on RPC's dynamic ports that a COM server itself took, by server and remote address. */
export function servedConnections(graph: Graph): Map<ProcessNode, Connection[]> {
  const found = new Map<ProcessNode, Connection[]>()
  for (const connection of graph.connections) {
    if (connection.direction !== 'inbound' || connection.localPort < DYNAMIC_PORT || connection.protocol !== 'tcp')
      continue
    const process = graph.processOf(connection)
    if (!process || !COM_SERVERS[imageName(process.image)] || !isFromOutside(graph, process.host, connection)) continue
    const list = found.get(process)
    if (list) list.push(connection)
    else found.set(process, [connection])
  }
  return found
}

export function dcomExecution({ graph }: AnalyticContext): Detection[] {
  const found: Detection[] = []
  for (const [server, connections] of servedConnections(graph)) {
    for (const group of byAddress(connections)) found.push(describeServed(graph, server, group))
  }
  return found
}

/** One story an address; a pause of half an hour begins another. */
function byAddress(connections: readonly Connection[]): Connection[][] {
  const groups = new Map<string, Connection[][]>()
  for (const one of connections) {
    const runs = groups.get(one.remoteAddress)
    const last = runs?.at(-1)
    if (!runs) groups.set(one.remoteAddress, [[one]])
    else if (last && one.time - last.at(-1)!.time < 30 * MINUTE) last.push(one)
    else runs.push([one])
  }
  return [...groups.values()].flat()
}

function describeServed(graph: Graph, server: ProcessNode, connections: Connection[]): Detection {
  const first = connections[0]
  const name = imageName(server.image)
  const { classes, weight } = COM_SERVERS[name]
  const result = detection(
    'AN0628/dcom-execution',
    `${nameOf(server)} driven over DCOM from ${first.remoteAddress}`,
    server.host,
    first.time,
  )
  result.until = connections.at(-1)!.time
  result.processes.push(server)
  const times = connections.length > 1 ? `${connections.length} inbound connections` : 'an inbound connection'
  result.reasons.push(
    {
      support: 'indicator',
      weight,
      text: `${nameOf(server)} took ${times} from ${first.remoteAddress} on RPC's dynamic port ${first.localPort}: it serves COM (${classes}) to the network.`,
      facts: connections.slice(0, 8),
    },
    {
      support: 'remote',
      weight: 12,
      text: `The caller is another machine (${first.remoteAddress}, port ${first.remotePort}).`,
      facts: [first],
    },
    rarity(graph, server, connections),
  )
  result.remotes.push({
    address: first.remoteAddress,
    port: first.remotePort,
    protocol: 'tcp',
    direction: 'inbound',
    process: server,
    facts: connections.slice(0, 8),
  })
  result.channels.push({
    kind: 'dcom',
    host: server.host.name,
    name: nameOf(server),
    server,
    clients: [{ address: first.remoteAddress }],
    time: first.time,
    facts: connections.slice(0, 4),
  })
  result.techniques.push(
    { id: 'T1559.001', reason: `A COM server (${nameOf(server)}) was used through remote activation.` },
    { id: 'T1021.003', reason: `The caller at ${first.remoteAddress} reached it over DCOM.` },
  )
  launchedByDcom(server, first.time, result)
  endpointMapper(graph, result, first)
  remoteLogon(graph, result, first.time - MINUTE, result.until + MINUTE, first.remoteAddress)
  const caller = sourceSide(graph, result, first)
  if (caller) {
    result.processes.push(caller)
    result.channels[0].clients = [{ process: caller }]
  }
  whatItRan(server, connections, result)
  droppedFiles(graph, result, first.remoteAddress)
  techniqueOfServer(name, result)
  const named = classNamedBySource(graph, result, first.time)
  const seen = classOnWire(graph, result, first)
  if (!named)
    result.gaps.push({
      text: seen
        ? `Which method of ${result.channels[0].name} the caller used is not in this telemetry.`
        : `Which class and method of ${nameOf(server)} the caller used is not in this telemetry.`,
      wouldShow: seen
        ? 'Script block logging on the caller; Microsoft-Windows-RPC ETW.'
        : 'Microsoft-Windows-RPC ETW (interface and operation), RPC Firewall, or a packet capture of the DCE/RPC traffic; script block logging on the caller.',
    })
  return result
}

/** A script on the calling machine that names a class on this one, just before. */
function classNamedBySource(graph: Graph, result: Detection, time: number): Observation | undefined {
  const sources = result.others.filter((one) => one.role === 'source').map((one) => one.host)
  const isHere = (name: string | undefined) => name !== undefined && graph.hostNamed(name, time) === result.host
  const named = between(graph.observations, time - 2 * MINUTE, time + SAME_MOMENT).find(
    (one) =>
      one.channel.kind === 'dcom' &&
      one.act === 'refer' &&
      sources.some((host) => host === graph.hostNamed(one.host, one.time)) &&
      (isHere(one.channel.host) || isHere(one.peer?.address) || isHere(one.peer?.host)),
  )
  if (!named) return undefined
  result.reasons.push({
    support: 'content',
    weight: 16,
    text: `On ${graph.hostNamed(named.host, named.time)?.name}, a script asked for the class ${named.channel.name} on this machine.`,
    facts: [named],
  })
  result.channels[0].name = named.channel.name
  return named
}

/** A capture of the activation names the class that the caller asked this machine for. */
function classOnWire(graph: Graph, result: Detection, first: Connection): Observation | undefined {
  const asked = between(graph.observations, first.time - MINUTE, first.time + SAME_MOMENT).filter(
    (one) =>
      one.channel.kind === 'dcom' &&
      one.act === 'activate' &&
      one.channel.name.startsWith('{') &&
      graph.hostNamed(one.channel.host, one.time) === result.host &&
      one.peer?.address === first.remoteAddress,
  )
  const [seen] = asked
  if (!seen) return undefined
  const { detail, channel } = seen
  result.reasons.push({
    support: 'content',
    weight: 16,
    text: `On the wire, ${first.remoteAddress} asked this machine for the class ${detail.class ?? channel.name}${detail.class ? ` ${channel.name}` : ''} (${detail.operation}).`,
    facts: asked.slice(0, 4),
  })
  result.channels[0].name = detail.class ?? channel.name
  return seen
}

/** How this process behaves in the telemetry at hand: a server that never takes connections but from one address is rare. */
function rarity(graph: Graph, server: ProcessNode, connections: readonly Connection[]): Detection['reasons'][number] {
  const name = imageName(server.image)
  const others = new Set<string>()
  for (const one of graph.connections) {
    if (
      one.direction === 'inbound' &&
      imageName(one.process.image) === name &&
      one.remoteAddress !== connections[0].remoteAddress
    )
      others.add(one.remoteAddress)
  }
  return others.size === 0
    ? {
        support: 'rarity',
        weight: 12,
        text: `Nobody else connected to any ${nameOf(server)} in this telemetry.`,
        facts: [connections[0]],
      }
    : {
        support: 'rarity',
        weight: -6 * Math.min(others.size, 3),
        text: `${others.size} other addresses connected to ${nameOf(server)} too: it may be used that way here.`,
        facts: [connections[0]],
      }
}

function launchedByDcom(server: ProcessNode, time: number, result: Detection): void {
  if (!isActivated(server) && !isDcomLaunch(server.parent)) return
  if (Math.abs(server.start - time) > ACTIVATION_WINDOW) return
  result.reasons.push({
    support: 'lineage',
    weight: 20,
    text: `${isDcomLaunch(server.parent) ? 'DcomLaunch' : nameOf(server.parent ?? server)} started ${nameOf(server)} as a COM server just then (${short(server.commandLine ?? '')}).`,
    facts: startedFact(server),
  })
  if (server.parent) result.processes.push(server.parent)
}

/** A DCOM client asks port 135 for the server's port first. */
function endpointMapper(graph: Graph, result: Detection, connection: Connection): void {
  const asked = inbound(
    graph,
    result.host,
    connection.time - 30 * SECOND,
    connection.time + SAME_MOMENT,
    (port) => port === 135,
  ).filter((one) => plainAddress(one.remoteAddress) === plainAddress(connection.remoteAddress))
  if (!asked.length) return
  result.reasons.push({
    support: 'adjacency',
    weight: 14,
    text: `${connection.remoteAddress} asked the endpoint mapper (port 135) just before.`,
    facts: asked.slice(0, 4),
  })
}

function whatItRan(server: ProcessNode, connections: readonly Connection[], result: Detection): void {
  const children = server.children.filter((child) =>
    connections.some((one) => child.start >= one.time - SAME_MOMENT && child.start <= one.time + ACTIVATION_WINDOW),
  )
  const telling = children.filter(
    (child) => isInterpreter(child) || isUserWritable(child.image) || contentHints(child).length > 0,
  )
  for (const child of telling.slice(0, 4)) {
    result.reasons.push({
      support: 'lineage',
      weight: 22,
      text: `${nameOf(server)} started ${nameOf(child)} ${Math.max(0, Math.round((child.start - connections[0].time) / SECOND))} s after the call: ${short(child.commandLine ?? 'command line not recorded')}`,
      facts: startedFact(child),
    })
    result.processes.push(child, ...aftermath(child, connections[0].time, result))
    result.until = Math.max(result.until, child.start)
  }
  if (telling.length) return
  const reported = [...server.host.kinds].includes('process-started')
  result.gaps.push(
    reported
      ? {
          text: `No process that ${nameOf(server)} started after the call was recorded: the call may have failed, may have acted inside ${nameOf(server)}, or its process events were filtered.`,
          wouldShow:
            'Sysmon event 1 or Security event 4688 with command lines, unfiltered for children of COM servers.',
        }
      : {
          text: `${server.host.name} reported no process creation: what the call ran, and how ${nameOf(server)} was activated, cannot be seen.`,
          wouldShow:
            'Sysmon event 1, or Security event 4688 with command lines (audit policy: Process Creation; include command line in process creation events).',
        },
  )
  if (imageName(server.image) === 'mshta.exe')
    result.reasons.push(
      ...contentHints(server).map((hint) => ({
        support: 'content' as const,
        weight: hint.weight,
        text: `${nameOf(server)}: ${hint.text}.`,
        facts: startedFact(server),
      })),
    )
}

export function techniqueOfServer(name: string, result: Detection): void {
  if (name === 'scrcons.exe')
    result.techniques.push(
      { id: 'T1546.003', reason: 'scrcons.exe runs the scripts of permanent WMI event subscriptions.' },
      { id: 'T1047', reason: 'The subscription is made through WMI.' },
    )
  if (name === 'mshta.exe')
    result.techniques.push({
      id: 'T1218.005',
      reason: 'mshta.exe was the COM server: script inside it runs as HTML application.',
    })
}
