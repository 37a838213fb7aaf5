// RPC as the wire or an RPC filter shows it: which operations one machine called on another. The target need not report anything itself.

import { servedByProcess } from '../../channels/com-servers.ts'
import type { Observation } from '../../facts/fact.ts'
import { isHostAddress, plainAddress } from '../../graph/address-claims.ts'
import { type Graph, type HostNode, MINUTE, SECOND } from '../../graph/graph.ts'
import { type AnalyticContext, type Detection, detection } from '../analytic.ts'
import { contentHints } from '../command-content.ts'
import { droppedFiles } from '../dropped-files.ts'
import { between, remoteLogon, short } from '../surroundings.ts'
import {
  ASKING_CALLS,
  isComInterface,
  SECURE_CHANNEL,
  SECURE_CHANNEL_ATTEMPTS,
  TELLING_CALLS,
  type TellingCall,
} from './telling-calls.ts'

/** Calls of one client to one server with pauses no longer than this belong together. */
const PAUSE = 2 * MINUTE

interface Story {
  host: HostNode
  address: string
  calls: Observation[]
}

const operationOf = (one: Observation): string => one.detail.operation ?? ''

export function wireCalls({ graph }: AnalyticContext): Detection[] {
  const replicas = replicatingHosts(graph)
  return stories(graph).flatMap((story) => describe(graph, story, replicas) ?? [])
}

function stories(graph: Graph): Story[] {
  const last = new Map<string, Story>()
  const all: Story[] = []
  for (const one of graph.observations) {
    const address = one.peer?.address
    if (one.channel.kind !== 'rpc' || !one.detail.operation || !isHostAddress(address)) continue
    const host = graph.hostNamed(one.channel.host, one.time) ?? graph.hostNamed(one.host, one.time)
    if (!host || graph.hostAt(address, one.time) === host) continue
    const key = `${host.name}|${plainAddress(address)}`
    const open = last.get(key)
    if (open && one.time - open.calls.at(-1)!.time <= PAUSE) open.calls.push(one)
    else {
      const story = { host, address: plainAddress(address), calls: [one] }
      last.set(key, story)
      all.push(story)
    }
  }
  return all
}

/** Addresses that serve the directory's replication themselves: domain controllers ask each other all day. */
function replicatingHosts(graph: Graph): Set<string> {
  const found = new Set<string>()
  for (const one of graph.observations)
    if (one.channel.kind === 'rpc' && /^(drsuapi|netlogon)$/i.test(one.channel.name) && one.peer?.address) {
      found.add(plainAddress(one.channel.host))
      for (const address of graph.hostNamed(one.channel.host, one.time)?.addresses.keys() ?? []) found.add(address)
    }
  return found
}

interface Told {
  call: TellingCall
  facts: Observation[]
}

function tellingCalls(story: Story, replicas: ReadonlySet<string>): Told[] {
  const told = new Map<TellingCall, Observation[]>()
  for (const one of story.calls) {
    const call = TELLING_CALLS.find(
      (each) => each.operation.test(operationOf(one)) && each.interface.test(one.channel.name),
    )
    if (!call || (/^drsuapi$/i.test(one.channel.name) && replicas.has(story.address))) continue
    const facts = told.get(call)
    if (facts) facts.push(one)
    else told.set(call, [one])
  }
  return [...told].map(([call, facts]) => ({ call, facts })).sort((a, b) => a.facts[0].time - b.facts[0].time)
}

function describe(graph: Graph, story: Story, replicas: ReadonlySet<string>): Detection | undefined {
  const { host, address, calls } = story
  const told = tellingCalls(story, replicas)
  const attempts = calls.filter((one) => SECURE_CHANNEL.test(operationOf(one)))
  const isBurst = attempts.length >= SECURE_CHANNEL_ATTEMPTS
  if (!told.length && !isBurst) return undefined
  const heaviest = told.toSorted((a, b) => b.call.weight - a.call.weight)[0]
  const result = detection(
    'AN1357/rpc-calls',
    isBurst
      ? `${address} tried the secure channel of ${host.name} ${attempts.length} times`
      : `${address} ${heaviest.call.did} on ${host.name} over RPC`,
    host,
    (told[0]?.facts[0] ?? attempts[0]).time,
  )
  result.until = Math.max(result.time, ...told.map((one) => one.facts.at(-1)!.time))
  if (isBurst) secureChannel(result, attempts)
  for (const [at, { call, facts }] of told.entries())
    result.reasons.push({
      support: at === 0 && !isBurst ? 'indicator' : 'after',
      weight: call.weight,
      text: `${address} ${call.did}: ${facts[0].channel.name} ${operationOf(facts[0])}${facts.length > 1 ? `, ${facts.length} times` : ''}${at === 0 ? '' : `, ${((facts[0].time - result.time) / SECOND).toFixed(1)} s later`}.`,
      facts: facts.slice(0, 4),
    })
  result.reasons.push({
    support: 'remote',
    weight: 8,
    text: `The calls came over the network, from ${address}.`,
    facts: [(told[0]?.facts ?? attempts)[0]],
  })
  classes(graph, result, story)
  replication(result, story, told)
  droppedFiles(graph, result, address)
  asked(result, calls)
  remoteLogon(graph, result, result.time - 2 * MINUTE, result.until + SECOND, address)
  const first = (told[0]?.facts ?? attempts)[0]
  result.remotes.push({
    address,
    port: first.peer?.port,
    protocol: 'tcp',
    direction: 'inbound',
    facts: [first],
  })
  channels(result, story, [...told.flatMap((one) => one.facts), ...(isBurst ? attempts.slice(0, 2) : [])])
  techniques(result, story, told)
  const isTold = serviceCommands(result, calls)
  result.gaps.push({
    text: isTold
      ? 'The arguments of the other calls are not in these events.'
      : 'The arguments of the calls (which service, task, key or command) are not in these events.',
    wouldShow: `A packet capture where RPC is not sealed; on ${host.name}: Security events 4697, 4698 and 4688, System event 7045, Sysmon events 1 and 13.`,
  })
  return result
}

/** Commands that services were to run, where a capture shows the calls unsealed. */
function serviceCommands(result: Detection, calls: readonly Observation[]): boolean {
  const byCommand = Map.groupBy(
    calls.filter((one) => one.detail.binary_path),
    (one) => one.detail.binary_path,
  )
  for (const [command, facts] of [...byCommand].slice(0, 3)) {
    const [hint] = contentHints({ commandLine: command })
    result.reasons.push({
      support: 'content',
      weight: Math.max(10, hint?.weight ?? 0),
      text: `The service ${facts[0].detail.service_name ?? ''} was to run ${short(command)}${hint ? `: ${hint.text}` : ''}.`,
      facts: facts.slice(0, 4),
    })
  }
  return byCommand.size > 0
}

function secureChannel(result: Detection, attempts: Observation[]): void {
  result.reasons.push({
    support: 'indicator',
    weight: 26,
    text: `${attempts.length} calls of ${operationOf(attempts[0])} in ${Math.max(1, Math.round((attempts.at(-1)!.time - attempts[0].time) / SECOND))} s: a machine needs one.`,
    facts: attempts.slice(0, 8),
  })
  result.reasons.push({
    support: 'rarity',
    weight: attempts.length >= 100 ? 16 : 10,
    text: 'No machine that knows its password tries again and again: a session key is being guessed.',
    facts: [attempts[0], attempts.at(-1)!],
  })
  result.techniques.push({ id: 'T1210', reason: 'So many attempts look for a session key of zeros (CVE-2020-1472).' })
}

/** Classes that were activated by this client then, where the wire shows them: some are known for what others can have them do. */
function classes(graph: Graph, result: Detection, { host, address }: Story): void {
  const activated = between(graph.observations, result.time - PAUSE, result.until + SECOND).filter(
    (one) =>
      one.channel.kind === 'dcom' &&
      one.act === 'activate' &&
      one.detail.class !== undefined &&
      graph.hostNamed(one.channel.host, one.time) === host &&
      plainAddress(one.peer?.address ?? '') === address,
  )
  for (const [name, of] of [...Map.groupBy(activated, (one) => one.detail.class)].slice(0, 3)) {
    result.reasons.push({
      support: 'content',
      weight: servedByProcess(of[0].channel.name) ? 14 : 6,
      text: `The class asked for was ${name} (${of[0].channel.name}), known for what a caller can have it do.`,
      facts: of.slice(0, 2),
    })
    result.channels.push({
      kind: 'dcom',
      host: host.name,
      name,
      clients: [{ address }],
      time: of[0].time,
      facts: of.slice(0, 2),
    })
  }
}

/** Only domain controllers replicate; that the caller is none is what its silence as a server says. */
function replication(result: Detection, { address }: Story, told: readonly Told[]): void {
  const asks = told.find(({ facts }) => /^drsuapi$/i.test(facts[0].channel.name))
  if (!asks) return
  result.reasons.push({
    support: 'rarity',
    weight: 12,
    text: `${address} serves no directory itself in this telemetry; only domain controllers replicate.`,
    facts: asks.facts.slice(0, 1),
  })
  result.assumptions.push(`${address} is no domain controller: no telemetry here shows it as one.`)
}

function asked(result: Detection, calls: readonly Observation[]): void {
  const facts = calls.filter((one) => ASKING_CALLS.test(operationOf(one)) && one.time <= result.until)
  if (!facts.length) return
  const names = [...new Set(facts.map(operationOf))].slice(0, 4).join(', ')
  result.reasons.push({
    support: 'before',
    weight: 6,
    text: `It also asked around: ${names}.`,
    facts: facts.slice(0, 4),
  })
}

function channels(result: Detection, story: Story, facts: readonly Observation[]): void {
  for (const [name, of] of Map.groupBy(facts, (one) => one.channel.name))
    result.channels.push({
      kind: isComInterface(name) ? 'dcom' : 'rpc',
      host: story.host.name,
      name,
      clients: [{ address: story.address }],
      time: of[0].time,
      facts: of.slice(0, 4),
    })
}

function techniques(result: Detection, story: Story, told: readonly Told[]): void {
  const com = told.some(({ facts }) => isComInterface(facts[0].channel.name))
  result.techniques.push(
    com
      ? { id: 'T1559.001', reason: `COM interfaces of ${story.host.name} were called from ${story.address}.` }
      : { id: 'T1559', reason: `RPC interfaces of ${story.host.name} were called from ${story.address}.` },
  )
  for (const { call, facts } of told)
    for (const id of call.techniques)
      if (!result.techniques.some((one) => one.id === id))
        result.techniques.push({ id, reason: `${facts[0].channel.name} ${operationOf(facts[0])} was called.` })
}
