// A service or task that a network logon session set up: no pipe was recorded, but the session's id in the event says that the call came as RPC from elsewhere.
import type { Effect, Fact } from '../../facts/fact.ts'
import { type Graph, MINUTE, SECOND, type SessionNode } from '../../graph/graph.ts'
import { type Detection, detection } from '../analytic.ts'
import { droppedFiles } from '../dropped-files.ts'
import { accountName, isFromElsewhere, remoteLogon, short } from '../surroundings.ts'
import { callerOnSource, caused, servicesStarted, startedThen } from './call-effects.ts'
import { CAUSED_WINDOW, RPC_SERVICES, type RpcService } from './rpc-services.ts'

/** Protocol by effect; both are also served over TCP, where no pipe is opened at all ([MS-SCMR] 2.1, [MS-TSCH] 2.1). */
const BY_EFFECT: Partial<Record<Effect['what'], RpcService>> = Object.fromEntries(
  RPC_SERVICES.flatMap((service) => (service.id === 'registry' ? [] : [[service.effects[0], service]])),
)

/** `told`: facts that another detection rests on already. */
export function remoteSessionEffects(graph: Graph, told: ReadonlySet<Fact>): Detection[] {
  const stories = new Map<SessionNode, Effect[]>()
  for (const effect of graph.effects) {
    if (!BY_EFFECT[effect.what] || told.has(effect)) continue
    const host = graph.hostNamed(effect.host, effect.time)
    const session = host && graph.sessionOf(host, effect.account?.logonId)
    if (!session || !isFromElsewhere(graph, session)) continue
    const list = stories.get(session)
    if (list) list.push(effect)
    else stories.set(session, [effect])
  }
  return [...stories].map(([session, effects]) => describe(graph, session, effects))
}

function describe(graph: Graph, session: SessionNode, effects: Effect[]): Detection {
  const first = effects[0]
  const service = BY_EFFECT[first.what]!
  const address = session.address!
  const who = accountName(graph.account(session.account)) || 'An account that was not recorded'
  const result = detection(
    `AN1357/rpc-${service.id}`,
    `${who} set up ${service.id === 'task' ? 'a task' : 'a service'} from ${address}: ${short(first.name, 60)}`,
    session.host,
    first.time,
  )
  result.until = effects.at(-1)!.time
  result.reasons.push(
    {
      support: 'lineage',
      weight: 14,
      text: `It was done in the logon session ${session.logonId}, which came over the network: the call was RPC from ${address}.`,
      facts: [...session.facts.slice(0, 1), first],
    },
    {
      support: 'remote',
      weight: 10,
      text: `The caller is another machine (${address}).`,
      facts: session.facts.slice(0, 1),
    },
  )
  caused(result, service, effects)
  if (service.id === 'service')
    startedThen(
      result,
      servicesStarted(graph, session.host, first.time - 2 * SECOND, first.time + CAUSED_WINDOW),
      first.time,
    )
  remoteLogon(graph, result, session.start - MINUTE, first.time + SECOND, address)
  callerOnSource(graph, result, first, address)
  droppedFiles(graph, result, address)
  result.remotes.push({
    address,
    port: session.port,
    protocol: 'tcp',
    direction: 'inbound',
    facts: session.facts.slice(0, 1),
  })
  result.channels.push({
    kind: 'rpc',
    host: session.host.name,
    name: service.id === 'task' ? 'ITaskSchedulerService' : 'svcctl',
    clients: [{ address }],
    time: first.time,
    facts: [first],
  })
  result.techniques.push(
    { id: 'T1559', reason: `${service.name} was made to act by ${address} over RPC.` },
    { id: service.technique, reason: `${short(first.name, 80)} was set up on ${session.host.name}.` },
  )
  result.gaps.push({
    text: 'Over which transport the call came (a pipe on IPC$ or a TCP port) was not recorded.',
    wouldShow:
      'Security event 5145 (Detailed File Share auditing); Security event 5156 or Sysmon event 3; RPC Firewall; a packet capture.',
  })
  return result
}
