// Both ends of a channel inside a host, as far as calls on it were recorded: who made it, and who else used it at about that time.
import type { Observation } from '../facts/fact.ts'
import { type Graph, type HostNode, MINUTE, type ProcessNode } from '../graph/graph.ts'
import type { ChannelClaim } from './analytic.ts'

/** A name lives on: who used it hours before is another story. */
const NEAR = 15 * MINUTE
const MOST_CLIENTS = 8
const MOST_FACTS = 6

/** The acts on the channel of an observation that lie near it, in time. Names in texts are no acts. */
export function actsNear(graph: Graph, host: HostNode, { channel, time }: Observation): Observation[] {
  const node = graph.channels.get(`${channel.kind}:${host.name}:${channel.name}`.toLowerCase())
  return (node?.observations ?? []).filter((one) => one.act !== 'refer' && Math.abs(one.time - time) <= NEAR)
}

export function channelEnds(graph: Graph, host: HostNode, one: Observation): ChannelClaim {
  const { kind, name } = one.channel
  const claim: ChannelClaim = { kind, host: host.name, name, clients: [], time: one.time, facts: [one] }
  const acts = [one, ...actsNear(graph, host, one).filter((act) => act !== one)]
  const clients = new Set<ProcessNode>()
  for (const act of acts) {
    const actor = graph.processOf(act)
    if (!actor) continue
    if (isServing(act)) {
      if (claim.server && claim.server !== actor) continue
      claim.server = actor
    } else if (clients.size < MOST_CLIENTS) clients.add(actor)
    else continue
    if (claim.facts.length < MOST_FACTS && !claim.facts.includes(act)) claim.facts.push(act)
  }
  claim.server ??= targetOf(graph, host, one)
  if (claim.server) clients.delete(claim.server)
  claim.clients = [...clients].map((process) => ({ process }))
  return claim
}

/** Of ptrace and Mach ports the other end is the process that is attached to. */
function targetOf(graph: Graph, host: HostNode, { peer, time }: Observation): ProcessNode | undefined {
  const { pid, guid } = peer?.process ?? {}
  if (pid === undefined) return undefined
  let found: ProcessNode | undefined
  for (const process of graph.processes.values()) {
    if (process.host !== host || process.pid !== pid || (guid && process.guid && process.guid !== guid)) continue
    if (process.start > time || process.end < time) continue
    if (!found || !(process.start < found.start)) found = process
  }
  return found
}

const isServing = ({ act }: Observation): boolean => act === 'create' || act === 'listen'
