// Rules that speak of inter-process communication, taken further: a match is a lead, and the graph around it says whether it is more.
import type { RuleHit } from '../facts/fact.ts'
import {
  ancestors,
  type Graph,
  type HostNode,
  imageName,
  MINUTE,
  type ProcessNode,
  type SessionNode,
} from '../graph/graph.ts'
import { techniquesOfTags } from '../knowledge/techniques.ts'
import { type Analytic, type AnalyticContext, type Detection, detection, type RuleInfo } from './analytic.ts'
import { isInterpreter, isUserWritable } from './command-content.ts'
import { ownSession } from './own-session.ts'
import {
  accountName,
  aftermath,
  between,
  isFromElsewhere,
  nameOf,
  remoteLogon,
  short,
  startedFact,
} from './surroundings.ts'
import { askedServer } from './xpc-server.ts'

const LEVEL_WEIGHT: Readonly<Record<RuleInfo['level'], number>> = {
  informational: 0,
  low: 8,
  medium: 16,
  high: 26,
  critical: 34,
}
const isIpc = (techniques: readonly string[]) => techniques.some((id) => /^T1559(\.|$)/.test(id))

/** Matches of one process, or of one host within ten minutes where no process is known, tell one story. */
function groups({ graph, rules }: AnalyticContext): RuleHit[][] {
  const byEnd = new Map<string, RuleHit[]>()
  for (const hit of graph.hits) {
    const rule = rules.get(hit.rule)
    if (!rule || !isIpc(techniquesOfTags(rule.tags)) || rule.level === 'informational') continue
    const process = graph.processOf(hit)
    const host = graph.hostNamed(hit.host, hit.time)
    const key =
      process && imageName(process.image) !== 'system'
        ? process.key
        : `${host?.name}#${Math.floor(hit.time / (10 * MINUTE))}`
    const list = byEnd.get(key)
    if (list) list.push(hit)
    else byEnd.set(key, [hit])
  }
  return [...byEnd.values()]
}

function ruleLed(context: AnalyticContext): Detection[] {
  return groups(context).flatMap((hits) => describe(context, hits) ?? [])
}

function describe({ graph, rules }: AnalyticContext, hits: RuleHit[]): Detection | undefined {
  const host = graph.hostNamed(hits[0].host, hits[0].time)
  if (!host) return undefined
  const known = [...new Set(hits.map((hit) => hit.rule))]
    .map((id) => rules.get(id)!)
    .sort((a, b) => LEVEL_WEIGHT[b.level] - LEVEL_WEIGHT[a.level])
  const process = graph.processOf(hits[0])
  const result = detection('rule', known[0].title, host, hits[0].time)
  result.until = hits.at(-1)!.time
  for (const rule of known.slice(0, 4)) {
    const of = hits.filter((hit) => hit.rule === rule.id)
    result.reasons.push({
      support: 'indicator',
      weight: LEVEL_WEIGHT[rule.level],
      text: `Rule "${rule.title}" (${rule.level}) matched${of.length > 1 ? ` ${of.length} times` : ''}.`,
      facts: of.slice(0, 4),
    })
    for (const id of techniquesOfTags(rule.tags))
      if (!result.techniques.some((one) => one.id === id))
        result.techniques.push({ id, reason: `Rule "${rule.title}" is tagged so.` })
  }
  if (process) surroundings(rules, process, hits, result)
  channels(graph, host, hits, result)
  if (process) {
    askedServer(graph, process, result)
    ownSession(graph, process, result)
  }
  const session = process && graph.sessionOf(host, process.user.logonId)
  if (session && isFromElsewhere(graph, session)) fromSession(graph, result, session)
  else remoteLogon(graph, result, hits[0].time - MINUTE, hits[0].time + MINUTE)
  return result
}

/** The process runs in a logon session that came over the network: whoever had it started is at the other end. */
function fromSession(graph: Graph, result: Detection, session: SessionNode): void {
  const address = session.address!
  const facts = session.facts.slice(0, 2)
  result.sessions.push(session)
  result.reasons.push({
    support: 'remote',
    weight: 14,
    text: `It runs in the logon session ${session.logonId}, which ${accountName(graph.account(session.account)) || 'an account that was not recorded'} opened over the network from ${address}${session.privileged ? ', with administrative privileges' : ''}.`,
    facts,
  })
  result.remotes.push({ address, port: session.port, protocol: 'tcp', direction: 'inbound', facts })
  const source = graph.hostAt(address, session.start)
  if (source) result.others.push({ host: source, role: 'source' })
}

function surroundings(
  rules: AnalyticContext['rules'],
  process: ProcessNode,
  hits: readonly RuleHit[],
  result: Detection,
): void {
  result.processes.push(process)
  if (isUserWritable(process.image))
    result.reasons.push({
      support: 'rarity',
      weight: 12,
      text: `${process.image} lies where users can write: not installed software.`,
      facts: hits.slice(0, 1),
    })
  result.processes.push(...aftermath(process, hits[0].time, result))
  const odd = ancestors(process, 4).find(
    (one) => (isInterpreter(one) || isUserWritable(one.image)) && imageName(one.image) !== imageName(process.image),
  )
  if (odd && !Number.isNaN(process.start)) {
    result.processes.push(odd)
    result.reasons.push({
      support: 'lineage',
      weight: isUserWritable(odd.image) ? 14 : 8,
      text: `It descends from ${nameOf(odd)}: ${short(odd.commandLine ?? odd.image)}`,
      facts: startedFact(process),
    })
  }
  const others = [process, ...process.children]
    .flatMap((one) => one.hits)
    .filter((hit) => !hits.some((mine) => mine.rule === hit.rule))
  const strong = others.filter((hit) => /high|critical/.test(rules.get(hit.rule)?.level ?? ''))
  if (strong.length)
    result.reasons.push({
      support: 'adjacency',
      weight: 14,
      text: `Other rules matched the same process or its children: ${[...new Set(strong.map((hit) => rules.get(hit.rule)!.title))].slice(0, 3).join('; ')}.`,
      facts: strong.slice(0, 4),
    })
}

/** Channels that the matched events themselves tell of. */
function channels(graph: Graph, host: HostNode, hits: readonly RuleHit[], result: Detection): void {
  for (const hit of hits.slice(0, 40)) {
    for (const one of between(graph.observations, hit.time, hit.time)) {
      if (one.evidence.file !== hit.evidence.file || one.evidence.offset !== hit.evidence.offset) continue
      if (result.channels.some((known) => known.kind === one.channel.kind && known.name === one.channel.name)) continue
      const actor = graph.processOf(one)
      result.channels.push({
        kind: one.channel.kind,
        host: one.channel.host || host.name,
        name: one.channel.name,
        server: one.act === 'create' || one.act === 'listen' ? actor : undefined,
        clients: one.peer?.address
          ? [{ address: one.peer.address }]
          : actor && one.act !== 'create'
            ? [{ process: actor }]
            : [],
        time: one.time,
        facts: [one],
      })
    }
  }
}

export const ruleLedAnalytic: Analytic = {
  id: 'rule',
  title: 'Rules that speak of inter-process communication',
  techniques: ['T1559'],
  platforms: ['Windows', 'Linux', 'macOS'],
  find: ruleLed,
}
