// From all facts to the graph. Deterministic: the same facts give the same graph, whatever file or worker brought them.
import type { Fact } from '../facts/fact.ts'
import { learnAccounts } from './accounts.ts'
import type { FactStore } from './fold.ts'
import type { ChannelNode, Graph, HostNode, ProcessNode } from './graph.ts'
import { resolveHosts } from './hosts.ts'
import { nameKernelObjects } from './kernel-objects.ts'
import { buildProcesses, type ProcessTable } from './processes.ts'
import { buildSessions } from './sessions.ts'
import { estimateSkews } from './skew.ts'

export function buildGraph(store: FactStore): Graph {
  const facts = store.all()
  const hosts = resolveHosts(facts)
  nameKernelObjects(facts, hosts)
  const table = buildProcesses(facts, hosts)
  const sessions = buildSessions(facts, hosts)
  const processByFact = new Map<Fact, ProcessNode>()
  const graph: Graph = {
    hosts: hosts.byName,
    processes: table.processes,
    sessions: sessions.byKey,
    channels: new Map(),
    connections: [],
    observations: [],
    effects: [],
    logons: [],
    hits: [],
    counts: store.counts,
    bounds: store.bounds(),
    skews: [],
    addresses: hosts.addresses,
    hostNamed: hosts.named,
    hostAt: hosts.at,
    account: learnAccounts(facts, hosts.of).known,
    processOf: (fact) => processByFact.get(fact),
    sessionOf: sessions.of,
  }
  for (const fact of facts)
    if (fact.kind !== 'address-told' && fact.kind !== 'account-told')
      place(fact, graph, hosts.of(fact), table, processByFact)
  for (const process of graph.processes.values())
    process.children.sort((a, b) => a.start - b.start || (a.key < b.key ? -1 : 1))
  graph.skews = estimateSkews(graph)
  return graph
}

/** Files a fact where it belongs and ties it to the process that acted. */
function place(
  fact: Fact,
  graph: Graph,
  host: HostNode,
  table: ProcessTable,
  processByFact: Map<Fact, ProcessNode>,
): void {
  const tie = (process: ProcessNode | undefined) => {
    if (!process) return undefined
    processByFact.set(fact, process)
    if (fact.kind !== 'process-started' && fact.kind !== 'process-ended') process.facts.push(fact)
    return process
  }
  switch (fact.kind) {
    case 'process-started':
    case 'process-ended':
      tie(table.resolve(host, fact.process, fact.time))
      break
    case 'logon':
      graph.logons.push(fact)
      // What sshd and kin started is somebody's session; lsass, which Windows names, is everybody's.
      if (fact.service && fact.outcome === 'logon') tie(table.resolve(host, fact.process, fact.time))
      break
    case 'connection':
      graph.connections.push(fact)
      tie(table.resolve(host, fact.process, fact.time, fact.user))?.connections.push(fact)
      break
    case 'observation': {
      graph.observations.push(fact)
      const process = tie(table.resolve(host, fact.actor, fact.time, fact.account))
      process?.observations.push(fact)
      addChannel(graph, host, fact, process)
      break
    }
    case 'effect':
      graph.effects.push(fact)
      tie(table.resolve(host, fact.actor, fact.time))?.effects.push(fact)
      break
    case 'rule-hit':
      graph.hits.push(fact)
      tie(table.resolve(host, fact.process, fact.time))?.hits.push(fact)
      break
  }
}

function addChannel(
  graph: Graph,
  host: HostNode,
  fact: Extract<Fact, { kind: 'observation' }>,
  process: ProcessNode | undefined,
): void {
  const at = fact.channel.host ? (graph.hostNamed(fact.channel.host, fact.time)?.name ?? fact.channel.host) : host.name
  const key = `${fact.channel.kind}:${at}:${fact.channel.name}`.toLowerCase()
  let channel: ChannelNode | undefined = graph.channels.get(key)
  if (!channel) {
    channel = {
      key,
      kind: fact.channel.kind,
      host: at,
      name: fact.channel.name,
      observations: [],
      firstSeen: fact.time,
    }
    graph.channels.set(key, channel)
  }
  channel.observations.push(fact)
  // Who activates over DCOM is the client; a COM server that is started is told of as `com`.
  if (fact.act === 'create' || fact.act === 'listen' || (fact.act === 'activate' && fact.channel.kind === 'com'))
    channel.server ??= process
}
