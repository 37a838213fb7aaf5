// AN1357, the RPC services behind well-known pipes: a remote client on one of them, and what that caused on this host. The pipe alone is
// routine (domain controllers and management see it all day); the effect right after it, under the same account, is what tells.
import type { Effect, Observation } from '../../facts/fact.ts'
import { type Graph, type HostNode, imageName, MINUTE, type ProcessNode, SECOND } from '../../graph/graph.ts'
import { isHostAddress, plainAddress } from '../../graph/hosts.ts'
import { type AnalyticContext, type Detection, detection } from '../analytic.ts'
import { contentHints, isInterpreter, isUserWritable, looksRandom } from '../command-content.ts'
import {
  accountName,
  aftermath,
  between,
  inbound,
  nameOf,
  remoteLogon,
  short,
  sourceSide,
  startedFact,
} from '../surroundings.ts'

/** What a call over the pipe causes comes within this time. */
export const CAUSED_WINDOW = MINUTE

interface Service {
  pipe: RegExp
  name: string
  technique: string
  effects: readonly Effect['what'][]
}

/** [MS-SCMR], [MS-TSCH]/[MS-ATSVC], [MS-RRP]: protocols whose calls leave an effect that the target logs. */
const SERVICES: readonly Service[] = [
  {
    pipe: /^\\?svcctl$/i,
    name: 'the service control manager (svcctl)',
    technique: 'T1569.002',
    effects: ['service-installed', 'service-changed', 'service-state', 'registry-set'],
  },
  { pipe: /^\\?atsvc$/i, name: 'the task scheduler (atsvc)', technique: 'T1053.005', effects: ['task-registered'] },
  { pipe: /^\\?winreg$/i, name: 'the remote registry (winreg)', technique: 'T1112', effects: ['registry-set'] },
] // prettier-ignore

const isRemoteOpen = (graph: Graph, one: Observation) => {
  if (one.act !== 'connect') return false
  const address = one.peer?.address
  if (!isHostAddress(address)) return false
  const host = graph.hostNamed(one.host)
  return !host?.addresses.has(plainAddress(address)) && graph.hostAt(address) !== host
}

/** One story a remote account and service: opens within a minute of each other belong together. */
function remoteOpens(graph: Graph, service: Service): Observation[][] {
  const runs = new Map<string, Observation[][]>()
  for (const one of graph.observations) {
    if (
      (one.channel.kind !== 'named-pipe' && one.channel.kind !== 'rpc') ||
      !service.pipe.test(pipeName(one)) ||
      !isRemoteOpen(graph, one)
    )
      continue
    const key = `${graph.hostNamed(one.host)?.name}|${one.peer?.address}|${one.account?.name ?? ''}`
    const list = runs.get(key)
    const last = list?.at(-1)
    if (!list) runs.set(key, [[one]])
    else if (last && one.time - last.at(-1)!.time <= 2 * CAUSED_WINDOW) last.push(one)
    else list.push([one])
  }
  return [...runs.values()].flat()
}

const pipeName = (one: Observation) =>
  one.channel.kind === 'rpc' ? (one.detail.pipe ?? one.detail.RelativeTargetName ?? one.channel.name) : one.channel.name

export function remoteService({ graph }: AnalyticContext): Detection[] {
  return SERVICES.flatMap((service) =>
    remoteOpens(graph, service).flatMap((opens) => describe(graph, service, opens) ?? []),
  )
}

function describe(graph: Graph, service: Service, opens: Observation[]): Detection | undefined {
  const first = opens[0]
  const host = graph.hostNamed(first.host)!
  const address = first.peer!.address!
  const to = opens.at(-1)!.time + CAUSED_WINDOW
  const effects = between(graph.effects, first.time - 3 * SECOND, to).filter(
    (one) => graph.hostNamed(one.host) === host && service.effects.includes(one.what) && belongs(service, one, first),
  )
  const started = service.technique === 'T1569.002' ? servicesStarted(graph, host, first.time - 2 * SECOND, to) : []
  if (!effects.length && !started.length) return undefined
  const who = accountName(first.account ?? {}) || 'an account that was not recorded'
  const what = effects[0]?.name ?? started[0]?.commandLine ?? ''
  const result = detection(
    `AN1357/rpc-${service.technique === 'T1569.002' ? 'service' : service.technique === 'T1053.005' ? 'task' : 'registry'}`,
    titleOf(service, address, short(what, 60)),
    host,
    first.time,
  )
  result.until = Math.max(...[...opens, ...effects].map((one) => one.time))
  result.reasons.push(
    {
      support: 'indicator',
      weight: 14,
      text: `${who} opened ${service.name} from ${address} over IPC$.`,
      facts: opens.slice(0, 4),
    },
    {
      support: 'remote',
      weight: 12,
      text: `The caller is another machine (${address}${first.peer?.port ? `, port ${first.peer.port}` : ''}).`,
      facts: [first],
    },
  )
  caused(result, service, effects)
  startedThen(result, started, first.time)
  remoteLogon(graph, result, first.time - 2 * MINUTE, first.time + SECOND, address)
  callerOnSource(graph, result, first, address)
  result.remotes.push({
    address,
    port: first.peer?.port,
    protocol: 'tcp',
    direction: 'inbound',
    facts: opens.slice(0, 3),
  })
  result.channels.push({
    kind: 'named-pipe',
    host: host.name,
    name: pipeName(first),
    clients: [{ address }],
    time: first.time,
    facts: opens.slice(0, 4),
  })
  alsoOpened(graph, result, host, first)
  result.techniques.push(
    { id: 'T1559', reason: `An RPC service behind the pipe ${pipeName(first)} was made to act by ${address}.` },
    { id: service.technique, reason: `${short(what, 80)} followed on ${host.name}.` },
    { id: 'T1021.002', reason: 'The pipe was reached through the share IPC$.' },
  )
  return result
}

const titleOf = (service: Service, address: string, what: string) =>
  service.technique === 'T1569.002'
    ? `${address} made services run on this host through svcctl: ${what}`
    : service.technique === 'T1053.005'
      ? `${address} registered a task through atsvc: ${what}`
      : `${address} changed the registry through winreg: ${what}`

/** An effect belongs to the call when nothing says that somebody else caused it. */
function belongs(service: Service, effect: Effect, open: Observation): boolean {
  if (service.technique === 'T1112')
    return effect.actor === undefined || /svchost\.exe$/i.test(effect.actor.image ?? '')
  if (effect.what === 'registry-set')
    return (
      /\\services\\[^\\]+\\(imagepath|start|servicedll)$/i.test(effect.name) &&
      imageName(effect.actor?.image) === 'services.exe'
    )
  if (effect.what === 'service-state') return !/(stopped)/i.test(effect.detail.state ?? effect.detail.param2 ?? '')
  if (effect.what === 'service-changed' && !effect.account?.name) return true
  return (
    !effect.account?.name ||
    !open.account?.name ||
    effect.account.name.toLowerCase() === open.account.name.toLowerCase() ||
    effect.account.sid === 'S-1-5-18' ||
    effect.account.name.endsWith('$')
  )
}

export function servicesStarted(graph: Graph, host: HostNode, from: number, to: number): ProcessNode[] {
  return [...graph.processes.values()]
    .filter(
      (one) =>
        one.host === host && one.start >= from && one.start <= to && imageName(one.parent?.image) === 'services.exe',
    )
    .sort((a, b) => a.start - b.start)
}

function caused(result: Detection, service: Service, effects: readonly Effect[]): void {
  const groups = new Map<string, Effect[]>()
  for (const one of effects) {
    const key = one.name.replace(/^.*\\services\\([^\\]+)\\.*$/i, '$1').toLowerCase()
    const list = groups.get(key)
    if (list) list.push(one)
    else groups.set(key, [one])
  }
  let weight = 20
  for (const [, list] of [...groups].slice(0, 3)) {
    const command =
      list[0].detail.ImagePath ??
      list[0].detail.ServiceFileName ??
      list[0].detail.Details ??
      list[0].detail.Command ??
      ''
    result.reasons.push({
      support: 'after',
      weight,
      text: `${describeEffect(list[0], service)}${command ? `: ${short(command)}` : '.'}`,
      facts: list.slice(0, 6),
    })
    weight = 6
    const name = list[0].name.replace(/^.*\\services\\([^\\]+)\\.*$/i, '$1')
    if (looksRandom(name))
      result.reasons.push({
        support: 'rarity',
        weight: 14,
        text: `Its name, ${name}, looks made by a machine.`,
        facts: list.slice(0, 1),
      })
    const odd = /%comspec%|cmd(\.exe)?\s+\/[cq]|powershell|\\admin\$|rundll32|\\temp\\|-enc\b/i.exec(command)
    if (odd)
      result.reasons.push({
        support: 'content',
        weight: 18,
        text: `What it runs is a command, not a service program (${odd[0].trim()}).`,
        facts: list.slice(0, 2),
      })
  }
}

function describeEffect(effect: Effect, service: Service): string {
  switch (effect.what) {
    case 'service-installed':
      return `The service ${effect.name} was installed`
    case 'service-changed':
      return `The service ${effect.detail.param4 ?? effect.name} was changed (${[effect.detail.param2, effect.detail.param3].filter(Boolean).join(' → ') || 'start type'})`
    case 'service-state':
      return `The service ${effect.name} changed state`
    case 'task-registered':
      return `The task ${effect.name} was registered`
    default:
      return `${service.name} set ${effect.name}`
  }
}

export function startedThen(result: Detection, started: readonly ProcessNode[], from: number): void {
  for (const one of started.slice(0, 4)) {
    const service = /-s\s+(\S+)/i.exec(one.commandLine ?? '')?.[1]
    const odd = isInterpreter(one) || isUserWritable(one.image) || contentHints(one).length > 0
    result.processes.push(one)
    if (one.parent && !result.processes.includes(one.parent)) result.processes.push(one.parent)
    result.reasons.push({
      support: 'lineage',
      weight: odd ? 22 : 12,
      text: `services.exe started ${service ? `the service ${service}` : nameOf(one)} ${Math.max(0, Math.round((one.start - from) / SECOND))} s later: ${short(one.commandLine ?? one.image)}`,
      facts: startedFact(one),
    })
    if (odd) result.processes.push(...aftermath(one, from, result))
  }
}

/** The process on the calling machine, found by the connection's ports or, failing that, by its RPC connection to this host at that time. */
function callerOnSource(graph: Graph, result: Detection, first: Observation, address: string): void {
  const smb = inbound(
    graph,
    result.host,
    first.time - MINUTE,
    first.time + 5 * SECOND,
    (port) => port === 445 || port === 139,
  ).filter((one) => plainAddress(one.remoteAddress) === plainAddress(address))
  const caller = smb.length ? sourceSide(graph, result, smb[0]) : undefined
  if (caller && imageName(caller.image) !== 'system') {
    result.processes.push(caller)
    return
  }
  const source = graph.hostAt(address)
  if (!source) {
    result.gaps.push({
      text: `Which process at ${address} made the call is not in this telemetry.`,
      wouldShow: `Telemetry of ${address}: Sysmon events 1 and 3, or Security events 4688 and 5156.`,
    })
    return
  }
  if (!result.others.some((one) => one.host === source)) result.others.push({ host: source, role: 'source' })
  const calls = between(graph.connections, first.time - MINUTE, first.time + MINUTE).filter(
    (one) =>
      one.direction === 'outbound' &&
      graph.hostNamed(one.host) === source &&
      result.host.addresses.has(plainAddress(one.remoteAddress)),
  )
  const odd = calls
    .map((one) => ({ one, process: graph.processOf(one) }))
    .find(({ process }) => process && (isUserWritable(process.image) || isInterpreter(process)))
  if (!odd?.process) return
  result.processes.push(odd.process)
  result.reasons.push({
    support: 'before',
    weight: 16,
    text: `On ${source.name}, ${odd.process.image} connected to ${odd.one.remoteAddress}:${odd.one.remotePort} at that time.`,
    facts: [odd.one],
  })
}

/** Sysmon sees the SMB server open the service's own pipe for the remote client: the same act, from the other side. */
function alsoOpened(graph: Graph, result: Detection, host: HostNode, first: Observation): void {
  const same = between(graph.observations, first.time - 3 * SECOND, first.time + 3 * SECOND).filter(
    (one) =>
      graph.hostNamed(one.host) === host &&
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
