// One group of detections becomes one case: everything that case.json holds, with every statement tied to its records.
import { createHash } from 'node:crypto'
import type { ChannelClaim, Detection, FactReason, RemoteClaim, RuleInfo } from '../analytics/analytic.ts'
import { decodedCommand } from '../analytics/decoded-command.ts'
import type { AccountRef, Fact } from '../facts/fact.ts'
import { plainAddress } from '../graph/address-claims.ts'
import {
  ancestors,
  descendants,
  type Graph,
  type HostNode,
  imageName,
  MINUTE,
  type ProcessNode,
} from '../graph/graph.ts'
import { techniqueName, techniquesOfTags, techniqueTactic } from '../knowledge/techniques.ts'
import { containmentPlan } from '../response/containment.ts'
import { mitigationsFor } from '../response/mitigations.ts'
import { type Platform, platformOf } from '../response/unix-commands.ts'
import type {
  Case,
  CaseAccount,
  CaseChannel,
  CaseHost,
  CaseProcess,
  CaseRemote,
  CaseTechnique,
  Gap,
  Reason,
  TimelineEntry,
} from './case.ts'
import { clockOrderAssumptions } from './clock-order.ts'
import { judge } from './confidence.ts'
import { describeFact, fileName } from './describe.ts'
import { type EvidenceList, evidenceList } from './evidence.ts'
import { identitiesOf } from './identities.ts'
import { reachedElsewhere } from './reached.ts'
import { relatedTechniques } from './related.ts'
import { investigationSteps } from './steps.ts'
import { accountText, clockTime, isoTime } from './words.ts'

/** A timeline longer than this is cut; the case says so. */
const MAX_TIMELINE = 5000
const MAX_PROCESSES = 300

export interface DraftCase {
  case: Case
  evidence: EvidenceList
  detections: Detection[]
}

export interface BuildContext {
  graph: Graph
  rules: ReadonlyMap<string, RuleInfo>
}

export function buildCase(detections: Detection[], context: BuildContext): DraftCase {
  const { graph } = context
  const describe = (fact: Fact) => describeFact(fact, (id) => context.rules.get(id)?.title ?? id)
  const evidence = evidenceList(describe)
  const ranked = [...detections].sort((a, b) => judge(b.reasons).confidence - judge(a.reasons).confidence)
  const lead = ranked[0]
  const nodes = processesOf(detections)
  const reasonsWithFacts = uniqueReasons(ranked)
  const judged = judge(reasonsWithFacts)
  const reasons: Reason[] = reasonsWithFacts.map(({ text, support, weight, facts }) => ({
    text,
    support,
    weight,
    evidence: evidence.of(facts),
  }))
  const hosts = hostsOf(detections, graph)
  const accounts = accountsOf(detections, nodes, graph)
  const processes = nodes.map((node) => caseProcess(node, graph, evidence))
  const channels = channelsOf(ranked, graph, evidence)
  const remotes = remotesOf(ranked, evidence)
  const techniques = techniquesOf(ranked, nodes, context)
  const happened = factsOf(detections, nodes, reasonsWithFacts)
  const timeline = timelineOf(happened, graph, describe, evidence)
  const identities = identitiesOf(hosts, remotes, graph, evidence)
  const gaps = [...gapsOf(detections, hosts, processes, graph), ...identities.gaps]
  const seen = new Map(techniques.map((one) => [one.id, one.reasons[0]]))
  const hostNodes = [...new Set(detections.map((one) => one.host))]
  const result: Case = {
    id: caseId(detections),
    title: titleOf(lead),
    summary: summaryOf(lead, reasonsWithFacts, judged, accounts, gaps),
    level: judged.level,
    confidence: judged.confidence,
    reasons,
    techniques,
    hosts,
    accounts,
    processes,
    channels,
    remotes,
    timeline,
    findings: [],
    steps: investigationSteps({
      reasons,
      hosts,
      accounts,
      processes,
      channels,
      remotes,
      gaps,
      timeline,
      ...judged,
      evidencePlaces: evidence.entries().map((one) => one.place),
      identities: identities.told,
      reached: reachedElsewhere(detections, graph, evidence),
      unread: 0,
    }),
    containment: containmentPlan({
      hosts,
      accounts,
      processes: processes.filter((one) =>
        detections.some((found) => found.processes.some((node) => node.key === one.key)),
      ),
      channels,
      remotes,
      services: servicesOf(reasonsWithFacts, evidence),
      techniques: techniques.map((one) => one.id),
    }),
    mitigations: mitigationsFor(
      techniques.map((one) => one.id),
      channels.map((one) => one.kind),
    ),
    related: relatedTechniques(seen, hostNodes),
    gaps,
    assumptions: [
      ...new Set([
        ...detections.flatMap((one) => one.assumptions),
        ...identities.assumptions,
        ...clockOrderAssumptions(happened, graph, describe),
      ]),
    ],
    evidence: [],
  }
  return { case: result, evidence, detections }
}

/** The same story gets the same id wherever it is told: from what was found, where and when. */
function caseId(detections: readonly Detection[]): string {
  const parts = detections
    .map((one) => `${one.by}|${one.host.name}|${one.time}|${one.processes[0]?.key ?? one.channels[0]?.name ?? ''}`)
    .sort()
  return `CT-${createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 10).toUpperCase()}`
}

const titleOf = (lead: Detection) =>
  lead.title.includes(lead.host.name) ? lead.title : `${lead.title} on ${lead.host.name}`

function summaryOf(
  lead: Detection,
  reasons: readonly FactReason[],
  judged: ReturnType<typeof judge>,
  accounts: readonly CaseAccount[],
  gaps: readonly Gap[],
): string {
  const strongest = [...reasons].filter((one) => one.weight > 0).sort((a, b) => b.weight - a.weight)
  const told: FactReason[] = []
  for (const one of strongest)
    if (told.length < 4 && !told.some((other) => other.support === one.support && told.length > 1)) told.push(one)
  const order = told.sort((a, b) => (a.facts[0]?.time ?? 0) - (b.facts[0]?.time ?? 0))
  const people = [...new Set(accounts.map((one) => one.name))].filter((name) => !/^nt authority|\$$/i.test(name))
  return [
    `${titleOf(lead)}, ${clockTime(lead.time)}.`,
    ...order.map((one) => one.text),
    people.length ? `Accounts: ${people.slice(0, 3).join(', ')}.` : '',
    gaps.length ? `Unknown: ${gaps[0].text}` : '',
    `Confidence ${judged.confidence} of 100 from ${judged.kinds.length} independent kinds of support.`,
  ]
    .filter(Boolean)
    .join(' ')
}

/** Reasons of all detections, each text once, the strongest first. */
function uniqueReasons(detections: readonly Detection[]): FactReason[] {
  const byText = new Map<string, FactReason>()
  for (const reason of detections.flatMap((one) => one.reasons)) {
    const known = byText.get(reason.text)
    if (!known || reason.weight > known.weight) byText.set(reason.text, reason)
  }
  return [...byText.values()].sort((a, b) => b.weight - a.weight)
}

/** What the detections name, their lines up to four parents, and what began below them. */
function processesOf(detections: readonly Detection[]): ProcessNode[] {
  const found = new Set<ProcessNode>()
  const named = new Set(detections.flatMap((one) => one.processes))
  for (const process of named) {
    found.add(process)
    for (const parent of ancestors(process, 4)) found.add(parent)
  }
  for (const detection of detections) {
    for (const process of detection.processes) {
      if (
        imageName(process.image) === 'services.exe' ||
        imageName(process.image) === 'svchost.exe' ||
        imageName(process.image) === 'explorer.exe'
      )
        continue
      for (const child of descendants(process, 60))
        if (!(child.start < detection.time - MINUTE) && found.size < MAX_PROCESSES) found.add(child)
    }
  }
  return [...found].sort((a, b) => startOf(a) - startOf(b) || (a.key < b.key ? -1 : 1)).slice(0, MAX_PROCESSES)
}
const startOf = (node: ProcessNode) => (Number.isNaN(node.start) ? Number.NEGATIVE_INFINITY : node.start)

function caseProcess(node: ProcessNode, graph: Graph, evidence: EvidenceList): CaseProcess {
  const started = node.facts.filter((fact) => fact.kind === 'process-started')
  const facts = started.length ? started : node.facts.slice(0, 1)
  return {
    key: node.key,
    host: node.host.name,
    pid: node.pid,
    image: node.image,
    commandLine: node.commandLine,
    decodedCommand: decodedCommand(node.commandLine),
    parentKey: node.parent?.key,
    user: accountText(graph.account(node.user)) || undefined,
    start: isoTime(node.start) || undefined,
    hash: sha256Of(node.hashes),
    evidence: evidence.of(facts.slice(0, 2)),
  }
}

const sha256Of = (hashes: string | undefined) =>
  /SHA256=([0-9A-Fa-f]{64})/.exec(hashes ?? '')?.[1] ?? (hashes || undefined)

function hostsOf(detections: readonly Detection[], graph: Graph): CaseHost[] {
  const hosts = new Map<string, CaseHost>()
  const add = (host: HostNode, role: CaseHost['role']) => {
    const known = hosts.get(host.name)
    if (known) {
      if (known.role === 'peer' || (known.role === 'source' && role === 'target')) known.role = role
      return
    }
    hosts.set(host.name, {
      name: host.name,
      role,
      addresses: [...host.addresses]
        .sort((a, b) => b[1] - a[1])
        .slice(0, 6)
        .map(([address]) => address),
      firstSeen: isoTime(host.firstSeen),
      lastSeen: isoTime(host.lastSeen),
    })
  }
  for (const one of detections) {
    add(one.host, one.by === 'AN0628/dcom-client' ? 'source' : 'target')
    for (const other of one.others) add(other.host, other.role)
  }
  for (const one of detections) {
    for (const remote of one.remotes) {
      const host = graph.hostAt(remote.address, remote.facts[0]?.time)
      if (host) add(host, remote.direction === 'inbound' ? 'source' : 'peer')
      else if (!hosts.has(remote.address)) {
        const times = remote.facts.map((fact) => fact.time)
        hosts.set(remote.address, {
          name: remote.address,
          role: remote.direction === 'inbound' ? 'source' : 'peer',
          addresses: [remote.address],
          firstSeen: isoTime(Math.min(...times)),
          lastSeen: isoTime(Math.max(...times)),
        })
      }
    }
  }
  return [...hosts.values()]
}

function accountsOf(detections: readonly Detection[], nodes: readonly ProcessNode[], graph: Graph): CaseAccount[] {
  const accounts = new Map<string, CaseAccount>()
  const add = (ref: AccountRef, host: string) => {
    const account = graph.account(ref)
    const name = accountText(account)
    if (!name || name === '-') return
    // Services of the machine have one session each, known to all: they are one account.
    const key = `${host}|${name.toLowerCase()}|${/^0x3e[457]$/.test(account.logonId ?? '') ? '' : (account.logonId ?? '')}`
    if (!accounts.has(key)) accounts.set(key, { name, sid: account.sid, logonId: account.logonId, host })
  }
  for (const one of detections) {
    for (const session of one.sessions) add(session.account, session.host.name)
    for (const reason of one.reasons)
      for (const fact of reason.facts) if (fact.kind === 'observation' && fact.account) add(fact.account, one.host.name)
  }
  for (const node of nodes) if (!Number.isNaN(node.start) || node.user.name) add(node.user, node.host.name)
  return [...accounts.values()].slice(0, 40)
}

function channelsOf(detections: readonly Detection[], graph: Graph, evidence: EvidenceList): CaseChannel[] {
  const channels = new Map<string, { channel: CaseChannel; time: number }>()
  for (const claimed of detections.flatMap((one) => one.channels)) {
    const claim = { ...claimed, host: graph.hostNamed(claimed.host, claimed.time)?.name ?? claimed.host }
    const key = `${claim.kind}|${claim.host}|${claim.name}`.toLowerCase()
    const known = channels.get(key)
    if (!known) channels.set(key, { channel: newChannel(claim, evidence), time: claim.time })
    else mergeChannel(known, claim, evidence)
  }
  return [...channels.values()].map((one) => one.channel)
}

const clientsOf = (claim: ChannelClaim) =>
  claim.clients.map((client) => ('address' in client ? { address: client.address } : { process: client.process.key }))

const newChannel = (claim: ChannelClaim, evidence: EvidenceList): CaseChannel => ({
  kind: claim.kind,
  host: claim.host,
  name: claim.name,
  server: claim.server?.key,
  clients: clientsOf(claim),
  firstSeen: isoTime(claim.time),
  evidence: evidence.of(claim.facts),
})

function mergeChannel(
  known: { channel: CaseChannel; time: number },
  claim: ChannelClaim,
  evidence: EvidenceList,
): void {
  const { channel } = known
  channel.server ??= claim.server?.key
  for (const client of clientsOf(claim))
    if (!channel.clients.some((one) => JSON.stringify(one) === JSON.stringify(client))) channel.clients.push(client)
  if (claim.time < known.time) {
    known.time = claim.time
    channel.firstSeen = isoTime(claim.time)
  }
  channel.evidence = [...new Set([...channel.evidence, ...evidence.of(claim.facts)])]
}

function remotesOf(detections: readonly Detection[], evidence: EvidenceList): CaseRemote[] {
  const remotes = new Map<string, CaseRemote>()
  const add = (claim: RemoteClaim) => {
    const address = plainAddress(claim.address)
    const key = `${address}|${claim.direction}`
    const known = remotes.get(key)
    if (!known)
      remotes.set(key, {
        address,
        port: claim.port,
        protocol: claim.protocol,
        direction: claim.direction,
        process: claim.process?.key,
        evidence: evidence.of(claim.facts),
      })
    else known.evidence = [...new Set([...known.evidence, ...evidence.of(claim.facts)])]
  }
  for (const one of detections) for (const remote of one.remotes) add(remote)
  return [...remotes.values()]
}

function techniquesOf(
  detections: readonly Detection[],
  nodes: readonly ProcessNode[],
  { rules }: BuildContext,
): CaseTechnique[] {
  const techniques = new Map<string, CaseTechnique>()
  const add = (id: string, reason: string) => {
    const known = techniques.get(id)
    if (known) {
      if (!known.reasons.includes(reason)) known.reasons.push(reason)
    } else techniques.set(id, { id, name: techniqueName(id), tactic: techniqueTactic(id), reasons: [reason] })
  }
  for (const one of detections) for (const { id, reason } of one.techniques) add(id, reason)
  const [from, to] = spanOf(detections)
  for (const node of nodes) {
    for (const hit of node.hits) {
      const rule = rules.get(hit.rule)
      if (
        !rule ||
        hit.time < from - 10 * MINUTE ||
        hit.time > to + 10 * MINUTE ||
        /^(informational|low)$/.test(rule.level)
      )
        continue
      for (const id of techniquesOfTags(rule.tags)) add(id, `Rule "${rule.title}" matched ${fileName(node.image)}.`)
    }
  }
  // A sub-technique says what its parent says, and more.
  for (const id of [...techniques.keys()])
    if (
      !id.includes('.') &&
      id === 'T1559' &&
      techniques.size > 1 &&
      [...techniques.keys()].some((other) => other.startsWith('T1559.')) &&
      techniques.get(id)!.reasons.length === 0
    )
      techniques.delete(id)
  return [...techniques.values()].sort(
    (a, b) => Number(b.id.startsWith('T1559')) - Number(a.id.startsWith('T1559')) || (a.id < b.id ? -1 : 1),
  )
}

const spanOf = (detections: readonly Detection[]): [number, number] => [
  Math.min(...detections.map((one) => one.time)),
  Math.max(...detections.map((one) => one.until)),
]

/** What happened, in order: the facts behind the reasons, starts of the processes, and what those did around the story. */
function factsOf(
  detections: readonly Detection[],
  nodes: readonly ProcessNode[],
  reasons: readonly FactReason[],
): Fact[] {
  const [from, to] = spanOf(detections)
  const facts = new Set<Fact>(reasons.flatMap((reason) => reason.facts))
  const focus = new Set(detections.flatMap((one) => one.processes))
  for (const node of nodes) {
    for (const fact of node.facts) {
      const near = fact.time >= from - 5 * MINUTE && fact.time <= to + 15 * MINUTE
      if (!near || fact.kind === 'process-ended') continue
      if (fact.kind === 'process-started' || (focus.has(node) && !isBusy(node))) facts.add(fact)
    }
  }
  const ordered = [...facts].filter((fact) => Number.isFinite(fact.time)).sort((a, b) => a.time - b.time)
  return ordered.slice(0, MAX_TIMELINE)
}

function timelineOf(
  facts: readonly Fact[],
  graph: Graph,
  describe: (fact: Fact) => string,
  evidence: EvidenceList,
): TimelineEntry[] {
  const lines = new Map<string, TimelineEntry>()
  for (const fact of facts) {
    const text = describe(fact)
    const host = graph.hostNamed(fact.host, fact.time)?.name ?? fact.host
    // One start told by two logs is one line with two records.
    const process = fact.kind === 'process-started' ? graph.processOf(fact) : undefined
    const key = process ? `start ${process.key}` : `${isoTime(fact.time).slice(0, 19)}|${host}|${text}`
    const known = lines.get(key)
    if (!known) lines.set(key, { time: isoTime(fact.time), host, text, evidence: evidence.of([fact]) })
    else {
      known.evidence = [...new Set([...known.evidence, ...evidence.of([fact])])]
      if (process && text.length > known.text.length) known.text = text
    }
  }
  return [...lines.values()]
}

/** A process of which every connection and pipe would drown the story: the reasons name the ones that matter. */
const isBusy = (node: ProcessNode) =>
  node.facts.length > 60 || /^(system|svchost\.exe|services\.exe|lsass\.exe|explorer\.exe)$/.test(imageName(node.image))

/** What tells of logons and of connections on each platform. */
const WOULD_SHOW = {
  windows: {
    logon: 'Security events 4624, 4634, 4648 and 4672 (audit policy Logon/Logoff).',
    connection: 'Sysmon event 3, or Security event 5156 (Filtering Platform Connection).',
  },
  linux: {
    logon: 'The journal of sshd and PAM; USER_LOGIN and USER_START records of auditd.',
    connection:
      'The auditd rule for connect (crosstalk coverage --configure writes it); Sysmon for Linux event 3; Zeek.',
  },
  macos: {
    logon: 'The events openssh_login, login_login and lw_session_login of eslogger.',
    connection: 'Endpoint Security has no such events: Zeek, a packet capture, or a network extension.',
  },
} as const

function unreported(host: string, kind: 'logon' | 'connection', platform: Platform): Gap {
  const wouldShow = WOULD_SHOW[platform][kind]
  if (kind === 'connection')
    return { text: `${host} reported no network connections: remote ends cannot be tied to processes.`, wouldShow }
  // Audit records of Linux and macOS carry the session's number; where the session came from they do not.
  return platform === 'windows'
    ? { text: `${host} reported no logons: which session the acts belong to cannot be said.`, wouldShow }
    : { text: `${host} reported no logons: from where the sessions came cannot be said.`, wouldShow }
}

function gapsOf(
  detections: readonly Detection[],
  hosts: readonly CaseHost[],
  processes: readonly CaseProcess[],
  graph: Graph,
): Gap[] {
  const gaps = new Map<string, Gap>()
  for (const gap of detections.flatMap((one) => one.gaps)) gaps.set(gap.text, gap)
  for (const one of hosts) {
    const host = graph.hostNamed(one.name)
    if (!host || !graph.hosts.has(host.name)) {
      if (one.role === 'peer') continue
      gaps.set(one.name, {
        text: `No telemetry of ${one.name} was given: what ran there, and under whose hands, is unknown.`,
        wouldShow: `The event logs (Security, Sysmon) of ${one.name} for the same hours.`,
      })
      continue
    }
    if (one.role === 'peer') continue
    const platform = platformOf(processes.filter((process) => process.host === host.name))
    for (const kind of ['logon', 'connection'] as const)
      if (!host.kinds.has(kind)) gaps.set(`${kind} ${host.name}`, unreported(host.name, kind, platform))
  }
  return [...gaps.values()]
}

function servicesOf(
  reasons: readonly FactReason[],
  evidence: EvidenceList,
): { host: string; name: string; evidence: string[] }[] {
  const services = new Map<string, { host: string; name: string; facts: Fact[] }>()
  for (const fact of reasons.flatMap((reason) => reason.facts)) {
    if (fact.kind !== 'effect' || !/^(service-|task-|registry-set)/.test(fact.what)) continue
    const name =
      fact.what === 'registry-set'
        ? /\\services\\([^\\]+)\\/i.exec(fact.name)?.[1]
        : fact.what === 'service-changed'
          ? (fact.detail.param4 ?? fact.name)
          : fact.name
    if (!name) continue
    const key = `${fact.host}|${name}`.toLowerCase()
    const known = services.get(key)
    if (known) known.facts.push(fact)
    else services.set(key, { host: fact.host, name, facts: [fact] })
  }
  return [...services.values()].map(({ host, name, facts }) => ({ host, name, evidence: evidence.of(facts) }))
}
