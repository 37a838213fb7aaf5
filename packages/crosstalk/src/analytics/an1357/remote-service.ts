// AN1357, the RPC services behind well-known pipes: a remote client on one of them, and what that caused on this host. The pipe alone is
// routine (domain controllers and management see it all day); the effect right after it, under the same account, is what tells.
import type { AccountRef, Effect, Fact, Observation } from '../../facts/fact.ts'
import { type Graph, type HostNode, imageName, MINUTE, type ProcessNode, SECOND } from '../../graph/graph.ts'
import { type AnalyticContext, type Detection, detection } from '../analytic.ts'
import { droppedFiles } from '../dropped-files.ts'
import { accountName, between, remoteLogon, SAME_MOMENT, short } from '../surroundings.ts'
import { callerOnSource, caused, effectName, isOddService, servicesStarted, startedThen } from './call-effects.ts'
import { callWithoutEffect } from './call-without-effect.ts'
import { commandService } from './command-service.ts'
import { commandTask } from './command-task.ts'
import { remoteSessionEffects } from './remote-session-effects.ts'
import { remoteTool } from './remote-tool.ts'
import { CAUSED_WINDOW, pipeOf, type RemoteOpens, RPC_SERVICES, type RpcService, remoteOpens } from './rpc-services.ts'

/** By the pipe, by the session, by the tool at the other end, by the command alone: what one tells with its facts, the next leaves out. */
export function remoteService({ graph }: AnalyticContext): Detection[] {
  const byPipe = RPC_SERVICES.flatMap((service) =>
    remoteOpens(graph, service).flatMap((opens) => describe(graph, service, opens) ?? []),
  )
  const told = new Set<Fact>(byPipe.flatMap((one) => one.reasons.flatMap((reason) => reason.facts)))
  const found = [...byPipe]
  const alsoTell = (more: Detection[]): void => {
    found.push(...more)
    for (const one of more) for (const reason of one.reasons) for (const fact of reason.facts) told.add(fact)
  }
  alsoTell(remoteSessionEffects(graph, told))
  alsoTell(remoteTool(graph, told))
  alsoTell(commandService(graph, told))
  alsoTell(commandTask(graph, told))
  return found
}

function describe(graph: Graph, service: RpcService, caller: RemoteOpens): Detection | undefined {
  const { opens, address, port, account } = caller
  const first = opens[0]
  const host = graph.hostNamed(first.host, first.time)!
  const to = opens.at(-1)!.time + CAUSED_WINDOW
  const effects = between(graph.effects, first.time - 3 * SECOND, to).filter(
    (one) =>
      graph.hostNamed(one.host, one.time) === host &&
      service.effects.includes(one.what) &&
      belongs(service, one, account) &&
      (!isOrdinary(one) || isAtOnce(opens, one.time)),
  )
  const started =
    service.id === 'service'
      ? servicesStarted(graph, host, first.time - 2 * SECOND, to).filter(
          (one) => isOddService(one) || isAtOnce(opens, one.start),
        )
      : []
  const nothingSeen = !effects.length && !started.length
  if (!caller.named && !stronglyCaused(effects, started)) return undefined
  // On the wire the calls themselves are seen: wire-calls.ts tells what was asked.
  if (nothingSeen && opens.some((one) => one.detail.operation !== undefined)) return undefined
  const from = address ?? 'another machine'
  const what = effects[0] ? effectName(effects[0]) : (started[0]?.commandLine ?? '')
  const title = nothingSeen ? `${from} opened ${service.name}` : titleOf(service, from, short(what, 60))
  const result = detection(`AN1357/rpc-${service.id}`, title, host, first.time)
  result.until = Math.max(...[...opens, ...effects].map((one) => one.time))
  result.reasons.push({
    support: 'indicator',
    weight: 14,
    text: caller.named
      ? `${accountName(graph.account(account ?? {})) || 'An account that was not recorded'} opened ${service.name} from ${address} over IPC$.`
      : `The SMB server (System) opened ${service.name} for a client that came over IPC$.`,
    facts: opens.slice(0, 4),
  })
  caused(result, service, effects)
  startedThen(result, started, first.time)
  if (address) {
    result.reasons.push({
      support: 'remote',
      weight: 12,
      text: caller.named
        ? `The caller is another machine (${address}${port ? `, port ${port}` : ''}).`
        : `Only ${address} had a connection to the SMB port then.`,
      facts: [first],
    })
    remoteLogon(graph, result, first.time - 2 * MINUTE, first.time + SECOND, address)
    callerOnSource(graph, result, first, address)
    const brought = droppedFiles(graph, result, address)
    if (nothingSeen && !callWithoutEffect(result, service, opens, from, brought)) return undefined
    result.remotes.push({ address, port, protocol: 'tcp', direction: 'inbound', facts: opens.slice(0, 3) })
  } else
    result.gaps.push({
      text: 'From which address the pipe was opened, and under which account, was not recorded.',
      wouldShow:
        'Security event 5145 (Detailed File Share auditing) and 4624; Sysmon event 3 or Security event 5156 for port 445.',
    })
  result.channels.push({
    kind: 'named-pipe',
    host: host.name,
    name: pipeOf(first),
    clients: address ? [{ address }] : [],
    time: first.time,
    facts: opens.slice(0, 4),
  })
  if (caller.named) alsoOpened(graph, result, host, first)
  result.techniques.push(
    {
      id: 'T1559',
      reason: nothingSeen
        ? `${from} spoke to the RPC service behind the pipe ${pipeOf(first)}.`
        : `An RPC service behind the pipe ${pipeOf(first)} was made to act by ${from}.`,
    },
    { id: 'T1021.002', reason: 'The pipe was reached through the share IPC$.' },
  )
  if (!nothingSeen)
    result.techniques.push({ id: service.technique, reason: `${short(what, 80)} followed on ${host.name}.` })
  return result
}

/** Windows starts and stops services, and changes how they start, all day: a record that names nobody belongs to the call only when it comes at once. */
const isOrdinary = ({ what, account }: Effect): boolean =>
  what === 'service-state' || (what === 'service-changed' && !account?.name)
const isAtOnce = (opens: readonly Observation[], time: number): boolean =>
  opens.some((open) => time >= open.time - SAME_MOMENT && time <= open.time + 2 * SAME_MOMENT)

/** Services start and change all day: where nobody says who called, only a new program path, a new service or task, or an odd program counts. */
const stronglyCaused = (effects: readonly Effect[], started: readonly ProcessNode[]): boolean =>
  effects.some(
    (one) =>
      one.what === 'service-installed' || one.what === 'task-registered' || /\\(imagepath|servicedll)$/i.test(one.name),
  ) || started.some(isOddService)

const titleOf = (service: RpcService, from: string, what: string) =>
  ({
    service: `${from} made services run on this host through svcctl: ${what}`,
    task: `${from} registered a task through atsvc: ${what}`,
    registry: `${from} changed the registry through winreg: ${what}`,
  })[service.id]

/** An effect belongs to the call when nothing says that somebody else caused it. */
function belongs(service: RpcService, effect: Effect, caller: AccountRef | undefined): boolean {
  if (service.id === 'registry') return effect.actor === undefined || /svchost\.exe$/i.test(effect.actor.image ?? '')
  if (effect.what === 'registry-set')
    return (
      /\\services\\[^\\]+\\(imagepath|start|servicedll)$/i.test(effect.name) &&
      imageName(effect.actor?.image) === 'services.exe'
    )
  if (effect.what === 'service-state') return !/(stopped)/i.test(effect.detail.state ?? effect.detail.param2 ?? '')
  if (effect.what === 'service-changed' && !effect.account?.name) return true
  return (
    !effect.account?.name ||
    !caller?.name ||
    effect.account.name.toLowerCase() === caller.name.toLowerCase() ||
    effect.account.sid === 'S-1-5-18' ||
    effect.account.name.endsWith('$')
  )
}

/** Sysmon sees the SMB server open the service's own pipe for the remote client: the same act, from the other side. */
function alsoOpened(graph: Graph, result: Detection, host: HostNode, first: Observation): void {
  const same = between(graph.observations, first.time - 3 * SECOND, first.time + 3 * SECOND).filter(
    (one) =>
      graph.hostNamed(one.host, one.time) === host &&
      one.channel.kind === 'named-pipe' &&
      one.act === 'connect' &&
      /^\\?(ntsvcs|svcctl|atsvc|winreg)$/i.test(one.channel.name) &&
      imageName(one.actor?.image) === 'system',
  )
  if (!same.length) return
  result.reasons.push({
    support: 'adjacency',
    weight: 8,
    text: `Sysmon saw the SMB server (System) connect to ${same[0].channel.name} at that moment.`,
    facts: same.slice(0, 2),
  })
  result.channels.push({
    kind: 'named-pipe',
    host: host.name,
    name: same[0].channel.name,
    clients: [{ address: first.peer!.address! }],
    time: same[0].time,
    facts: same.slice(0, 2),
  })
}
