// A COM server whose activation was recorded but whose caller was not, or only by time.
import type { Connection } from '../../facts/fact.ts'
import { type Graph, imageName, MINUTE, type ProcessNode, SECOND, type SessionNode } from '../../graph/graph.ts'
import { type AnalyticContext, type Detection, detection } from '../analytic.ts'
import { isInterpreter, isUserWritable } from '../command-content.ts'
import {
  accountName,
  aftermath,
  DYNAMIC_PORT,
  inbound,
  isFromElsewhere,
  nameOf,
  remoteLogon,
  short,
  sourceSide,
  startedFact,
} from '../surroundings.ts'
import { COM_SERVERS, isActivated, isDcomLaunch, ROUTINE_SERVERS } from './com-servers.ts'
import { servedConnections, techniqueOfServer } from './dcom-execution.ts'

/** COM servers that were started as such and ran something, where no connection of their own was recorded. */
export function activatedServers({ graph }: AnalyticContext): Detection[] {
  const served = servedConnections(graph)
  const found: Detection[] = []
  for (const server of graph.processes.values()) {
    const name = imageName(server.image)
    if (served.has(server) || !isActivated(server) || !COM_SERVERS[name]) continue
    const session = callersSession(graph, server)
    if (ROUTINE_SERVERS.has(name) && !session) continue
    const activated = describeActivated(graph, server, session)
    if (activated) found.push(activated)
  }
  return found
}

/** Started as a COM server that nobody needs in the background; no network telemetry to say from where. */
function describeActivated(graph: Graph, server: ProcessNode, session: SessionNode | undefined): Detection | undefined {
  const children = server.children.filter((child) => isInterpreter(child) || isUserWritable(child.image))
  const fromDcom = isDcomLaunch(server.parent)
  const inboundThen = inbound(
    graph,
    server.host,
    server.start - leadTime(server),
    server.start + 30 * SECOND,
    (port) => port === 135 || port >= DYNAMIC_PORT,
  )
  const scriptHost = /^(mshta|wscript|cscript|rundll32|scrcons)\.exe$/.test(imageName(server.image))
  if (!children.length && !inboundThen.length && !(scriptHost && fromDcom) && !session) return undefined
  const result = detection(
    'AN0628/com-server-execution',
    `${nameOf(server)} started as a COM server${session ? ` for ${session.address}` : ''}${children.length ? ` and ran ${nameOf(children[0])}` : ''}`,
    server.host,
    server.start,
  )
  result.processes.push(server)
  if (server.parent) result.processes.push(server.parent)
  result.reasons.push({
    support: 'lineage',
    weight: 18,
    text: `${fromDcom ? 'DcomLaunch started' : 'It was started as COM server:'} ${short(server.commandLine ?? nameOf(server))}.`,
    facts: startedFact(server),
  })
  result.techniques.push({
    id: 'T1559.001',
    reason: `${nameOf(server)} ran as COM server (${short(server.commandLine ?? '')}).`,
  })
  techniqueOfServer(imageName(server.image), result)
  if (scriptHost)
    result.reasons.push({
      support: 'indicator',
      weight: 12,
      text: `${nameOf(server)} as a COM server runs script for whoever activates it.`,
      facts: startedFact(server),
    })
  for (const child of children.slice(0, 4)) {
    result.reasons.push({
      support: 'after',
      weight: 20,
      text: `It started ${nameOf(child)}: ${short(child.commandLine ?? 'command line not recorded')}`,
      facts: startedFact(child),
    })
    result.processes.push(child, ...aftermath(child, server.start, result))
  }
  if (session) calledInSession(graph, result, server, session)
  if (inboundThen.length) callerOf(graph, result, inboundThen)
  else if (!session) remoteLogon(graph, result, server.start - MINUTE, server.start + MINUTE)
  result.channels.push({
    kind: inboundThen.length || session ? 'dcom' : 'com',
    host: server.host.name,
    name: nameOf(server),
    server,
    clients: inboundThen.length
      ? [{ address: inboundThen[0].remoteAddress }]
      : session?.address
        ? [{ address: session.address }]
        : [],
    time: server.start,
    facts: startedFact(server),
  })
  if (session)
    result.gaps.push({
      text: `Which class and method of ${nameOf(server)} the caller used is not in this telemetry.`,
      wouldShow:
        'Microsoft-Windows-RPC ETW (interface and operation), RPC Firewall, or a packet capture of the DCE/RPC traffic; script block logging on the caller.',
    })
  else if (!inboundThen.length)
    result.gaps.push({
      text: `Who activated ${nameOf(server)}, and from where, was not recorded.`,
      wouldShow:
        'Sysmon event 3 or Security event 5156 for inbound connections to RPC, Security event 4624 for the logon that came with it.',
    })
  return result
}

/** A class whose AppID has no RunAs is started in its caller’s own logon session (Microsoft Learn, COM: "RunAs"): of a server in one that came over the network, the caller is there. dllhost serves a hundred classes so. */
function callersSession(graph: Graph, server: ProcessNode): SessionNode | undefined {
  if (imageName(server.image) === 'dllhost.exe') return undefined
  const session = graph.sessionOf(server.host, server.user.logonId)
  return session && isFromElsewhere(graph, session) ? session : undefined
}

function calledInSession(graph: Graph, result: Detection, server: ProcessNode, session: SessionNode): void {
  const who = accountName(graph.account(session.account)) || 'an account that was not recorded'
  const { address, port, privileged } = session
  const started = startedFact(server)
  const { classes } = COM_SERVERS[imageName(server.image)]
  result.reasons.push(
    {
      support: 'remote',
      weight: 20,
      text: `It runs in the logon session ${session.logonId}, which ${who} opened over the network from ${address}${privileged ? ', with administrative privileges' : ''}: the caller is there.`,
      facts: [...session.facts.slice(0, 1), ...started],
    },
    {
      support: 'rarity',
      weight: 12,
      text: `It serves ${classes}. Started that way it has no person in front of it.`,
      facts: started,
    },
  )
  result.sessions.push(session)
  result.remotes.push({
    address: address!,
    port,
    protocol: 'tcp',
    direction: 'inbound',
    facts: session.facts.slice(0, 1),
  })
  const source = graph.hostAt(address!, session.start)
  if (source) result.others.push({ host: source, role: 'source' })
  result.techniques.push({ id: 'T1021.003', reason: `The session in which it was started came from ${address}.` })
}

/** A subscription is made first and fires later; other servers start when they are called. */
const leadTime = (server: ProcessNode) => (imageName(server.image) === 'scrcons.exe' ? 120 : 30) * SECOND

function callerOf(graph: Graph, result: Detection, connections: readonly Connection[]): void {
  const first = connections[0]
  result.reasons.push({
    support: 'remote',
    weight: 16,
    text: `${first.remoteAddress} connected to RPC (port ${first.localPort}) at that moment.`,
    facts: connections.slice(0, 4),
  })
  result.remotes.push({
    address: first.remoteAddress,
    port: first.remotePort,
    protocol: first.protocol,
    direction: 'inbound',
    facts: connections.slice(0, 4),
  })
  result.techniques.push({
    id: 'T1021.003',
    reason: `The activation coincides with an RPC connection from ${first.remoteAddress}.`,
  })
  remoteLogon(graph, result, first.time - MINUTE, first.time + MINUTE, first.remoteAddress)
  const caller = sourceSide(graph, result, first)
  if (caller) result.processes.push(caller)
}
