// AN1358: message queues, shared memory and semaphores, System V and POSIX, between a program that nobody installed, or one that a server's shell started, and somebody else. Databases, browsers,
// desktops and sound servers use them all day among their own processes.
import type { Observation } from '../facts/fact.ts'
import { type ChannelNode, type Graph, type HostNode, imageName, type ProcessNode } from '../graph/graph.ts'
import { type AnalyticContext, type Detection, detection } from './analytic.ts'
import { channelEnds } from './channel-ends.ts'
import { ownSession } from './own-session.ts'
import { accountName, aftermath, nameOf, short, startedFact } from './surroundings.ts'
import { bridge, lineage, neighbours, servesNetwork } from './unix-surroundings.ts'

const KINDS: ReadonlySet<string> = new Set(['message-queue', 'shared-memory', 'semaphore'])
const WORDS: Readonly<Record<string, string>> = {
  'message-queue': 'message queue',
  'shared-memory': 'shared memory',
  semaphore: 'semaphore',
}

export function kernelObjects({ graph }: AnalyticContext): Detection[] {
  const byProcess = new Map<ProcessNode, ChannelNode[]>()
  for (const channel of graph.channels.values()) {
    if (!KINDS.has(channel.kind)) continue
    // One process's objects are one story; the first of those that are worth a look tells it.
    const suspect = channel.observations
      .filter((one) => one.act !== 'refer')
      .map((one) => graph.processOf(one))
      .find((process) => process && isForeign(process))
    if (!suspect) continue
    const list = byProcess.get(suspect)
    if (list) list.push(channel)
    else byProcess.set(suspect, [channel])
  }
  return [...byProcess].flatMap(([process, channels]) => describe(graph, process, channels) ?? [])
}

/** Where everybody can write, or nowhere. AppImages are unpacked in /tmp; editors and games live in hidden folders of a home and share memory. */
const DROPPED = /^(?:\/tmp\/(?!\.mount_)|\/var\/tmp\/|\/dev\/shm\/|\/run\/user\/\d+\/|\/memfd:)/

/** Nobody installed it, or a command shell below a server of the network runs it. */
const isForeign = (process: ProcessNode): boolean =>
  DROPPED.test(process.image) ||
  (servesNetwork(process) !== undefined && [process, process.parent].some((one) => SHELL.test(imageName(one?.image))))

const SHELL = /^(?:ba|da|z|k|a)?sh$/

function describe(graph: Graph, process: ProcessNode, channels: readonly ChannelNode[]): Detection | undefined {
  const own = channels.flatMap((channel) =>
    channel.observations.filter((one) => one.act !== 'refer' && graph.processOf(one) === process),
  )
  const [first] = own.sort((a, b) => a.time - b.time)
  const { host } = process
  const result = detection(
    'AN1358/kernel-object',
    `${nameOf(process)}: ${first.channel.kind} ${short(first.channel.name, 60)}`,
    host,
    first.time,
  )
  result.until = own.at(-1)!.time
  result.processes.push(process)
  result.reasons.push({
    support: 'indicator',
    weight: 14,
    text: `${nameOf(process)} uses ${kindsOf(own)}, which neither lists of sockets nor of files show.`,
    facts: own.slice(0, 4),
  })
  for (const one of own.slice(0, 20)) {
    if (result.channels.some((known) => known.kind === one.channel.kind && known.name === one.channel.name)) continue
    const claim = channelEnds(graph, host, one)
    result.channels.push(claim)
    otherAccounts(graph, host, process, one, claim.clients, claim.server, result)
  }
  bridge(process, result)
  lineage(process, result)
  result.processes.push(...aftermath(process, first.time, result))
  neighbours(process, result)
  ownSession(graph, process, result)
  result.techniques.push({ id: 'T1559', reason: `${nameOf(process)} used ${kindsOf(own)}.` })
  return result
}

const kindsOf = (acts: readonly Observation[]): string =>
  [...new Set(acts.map(({ channel }) => `the ${WORDS[channel.kind]} ${short(channel.name, 60)}`))]
    .slice(0, 3)
    .join(', ')

/** What goes from one account to another there is worth more than what a program tells itself. */
function otherAccounts(
  graph: Graph,
  host: HostNode,
  process: ProcessNode,
  one: Observation,
  clients: readonly ({ process: ProcessNode } | { address: string })[],
  server: ProcessNode | undefined,
  result: Detection,
): void {
  const mine = accountName(graph.account(process.user, host))
  const others = [server, ...clients.map((client) => ('process' in client ? client.process : undefined))].filter(
    (other): other is ProcessNode => other !== undefined && other !== process,
  )
  for (const other of others) {
    const theirs = accountName(graph.account(other.user, host))
    if (!mine || !theirs || mine === theirs) continue
    result.processes.push(other)
    result.reasons.push({
      support: 'adjacency',
      weight: 16,
      text: `${nameOf(other)} (${theirs}) is at the other end of the ${WORDS[one.channel.kind]} ${short(one.channel.name, 60)}: it goes from one account to another.`,
      facts: [one, ...startedFact(other)],
    })
    return
  }
  // The kernel says whose the object is, also where its maker was not seen.
  const owner = one.detail.OUID ?? one.detail.ouid
  const uid = process.user.uid
  if (owner === undefined || uid === undefined || one.detail.ouid === uid || others.length > 0) return
  result.reasons.push({
    support: 'adjacency',
    weight: 10,
    text: `The ${WORDS[one.channel.kind]} ${short(one.channel.name, 60)} belongs to ${accountName(graph.account({ name: owner, uid: one.detail.ouid }, host))}, not to ${mine || 'the account that uses it'}.`,
    facts: [one],
  })
}
