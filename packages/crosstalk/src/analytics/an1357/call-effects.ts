// What a call to an RPC service left behind on its host, and who on the calling machine made it, as reasons of a detection.
import type { Effect, Fact } from '../../facts/fact.ts'
import { plainAddress } from '../../graph/address-claims.ts'
import { type Graph, type HostNode, imageName, MINUTE, type ProcessNode, SECOND } from '../../graph/graph.ts'
import type { Detection } from '../analytic.ts'
import { contentHints, isInterpreter, isUserWritable, looksRandom } from '../command-content.ts'
import { aftermath, between, inbound, nameOf, short, sourceSide, startedFact } from '../surroundings.ts'
import type { RpcService } from './rpc-services.ts'
import { isSmbPort } from './smb-caller.ts'

/** Security 4688 before Windows 10 names no parent: a shell with a telling command line that the machine's own account started, from a process not seen to start. */
const isLikelyService = (one: ProcessNode): boolean =>
  !one.parent?.image &&
  (one.user.sid === 'S-1-5-18' || /^system$/i.test(one.user.name ?? '')) &&
  isInterpreter(one) &&
  contentHints(one).length > 0

export function servicesStarted(graph: Graph, host: HostNode, from: number, to: number): ProcessNode[] {
  return [...graph.processes.values()]
    .filter(
      (one) =>
        one.host === host &&
        one.start >= from &&
        one.start <= to &&
        (imageName(one.parent?.image) === 'services.exe' || isLikelyService(one)),
    )
    .sort((a, b) => a.start - b.start)
}

/** The service that a registry value belongs to; other effects have a name of their own. */
export const effectName = (effect: Effect): string => effect.name.replace(/^.*\\services\\([^\\]+)\\.*$/i, '$1')

const commandOf = ({ detail }: Effect): string =>
  detail.ImagePath ?? detail.ServiceFileName ?? detail.Command ?? detail.Details ?? ''

/** What was set up, each thing with the record that tells most of it first. */
export function caused(result: Detection, service: RpcService, effects: readonly Effect[]): void {
  const groups = Map.groupBy(effects, (one) => effectName(one).toLowerCase())
  let weight = 20
  for (const list of [...groups.values()].slice(0, 3)) {
    const telling = list.find((one) => /\\(imagepath|servicedll)$/i.test(one.name)) ?? list[0]
    const command = commandOf(telling)
    result.reasons.push({
      support: 'after',
      weight,
      text: `${describeEffect(telling, service)}${command ? `: ${short(command)}` : '.'}`,
      facts: [telling, ...list.filter((one) => one !== telling)].slice(0, 6),
    })
    weight = 6
    const name = effectName(telling)
    if (looksRandom(name))
      result.reasons.push({
        support: 'rarity',
        weight: 14,
        text: `Its name, ${name}, looks made by a machine.`,
        facts: [telling],
      })
    const odd = /%comspec%|cmd(\.exe)?\s+\/[cq]|powershell|\\admin\$|rundll32|\\temp\\|-enc\b/i.exec(command)
    if (odd)
      result.reasons.push({
        support: 'content',
        weight: 18,
        text: `What it runs is a command, not a program of its own (${odd[0].trim()}).`,
        facts: [telling],
      })
  }
}

function describeEffect(effect: Effect, service: RpcService): string {
  switch (effect.what) {
    case 'service-installed':
      return `The service ${effect.name} was installed`
    case 'service-changed':
      return `The service ${effect.detail.param4 ?? effect.name} was changed (${[effect.detail.param2, effect.detail.param3].filter(Boolean).join(' → ') || 'start type'})`
    case 'service-state':
      return `The service ${effect.name} changed state`
    case 'task-registered':
      return `The task ${effect.name} was ${effect.detail.event ?? 'registered'}`
    default:
      return `${service.name} set ${effect.name}`
  }
}

export const isOddService = (one: ProcessNode): boolean =>
  isInterpreter(one) || isUserWritable(one.image) || contentHints(one).length > 0

export function startedThen(result: Detection, started: readonly ProcessNode[], from: number): void {
  for (const one of started.slice(0, 4)) {
    const service = /-s\s+(\S+)/i.exec(one.commandLine ?? '')?.[1]
    const odd = isOddService(one)
    result.processes.push(one)
    if (one.parent && !result.processes.includes(one.parent)) result.processes.push(one.parent)
    result.reasons.push({
      support: 'lineage',
      weight: odd ? 22 : 12,
      text: `${one.parent?.image ? 'services.exe' : 'A process that was not recorded, as SYSTEM,'} started ${service ? `the service ${service}` : nameOf(one)} ${Math.max(0, Math.round((one.start - from) / SECOND))} s later: ${short(one.commandLine ?? one.image)}`,
      facts: startedFact(one),
    })
    if (odd) result.processes.push(...aftermath(one, from, result))
  }
}

/** The process on the calling machine, found by the connection's ports or, failing that, by its RPC connection to this host at that time. */
export function callerOnSource(graph: Graph, result: Detection, first: Fact, address: string): void {
  const smb = inbound(graph, result.host, first.time - MINUTE, first.time + 5 * SECOND, isSmbPort).filter(
    (one) => plainAddress(one.remoteAddress) === plainAddress(address),
  )
  const caller = smb.length ? sourceSide(graph, result, smb[0]) : undefined
  if (caller && imageName(caller.image) !== 'system') {
    result.processes.push(caller)
    return
  }
  const source = graph.hostAt(address, first.time)
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
      graph.hostNamed(one.host, one.time) === source &&
      graph.hostAt(one.remoteAddress, one.time) === result.host,
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
