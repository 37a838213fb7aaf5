// One group of detections becomes one case: everything that case.json holds, with every statement tied to its records.
import { createHash } from 'node:crypto'
import type { Detection, FactReason, RuleInfo } from '../analytics/analytic.ts'
import type { Fact } from '../facts/fact.ts'
import type { Graph } from '../graph/graph.ts'
import { containmentPlan } from '../response/containment.ts'
import { mitigationsFor } from '../response/mitigations.ts'
import type { Case, CaseAccount, Gap, Reason } from './case.ts'
import { clockOrderAssumptions } from './clock-order.ts'
import { judge } from './confidence.ts'
import { describeFact } from './describe.ts'
import { channelsOf, remotesOf } from './ends.ts'
import { type EvidenceList, evidenceList } from './evidence.ts'
import { gapsOf } from './gaps.ts'
import { identitiesOf } from './identities.ts'
import { accountsOf, hostsOf } from './participants.ts'
import { caseProcess, processesOf } from './processes.ts'
import { reachedElsewhere } from './reached.ts'
import { relatedTechniques } from './related.ts'
import { servicesOf } from './services.ts'
import { investigationSteps } from './steps.ts'
import { techniquesOf } from './techniques.ts'
import { factsOf, shortened, timelineOf } from './timeline.ts'
import { clockTime } from './words.ts'

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
  // An analytic tells who did what; a rule's title only what kind of record there was.
  const lead = ranked.find((one) => one.by !== 'rule' && judge(one.reasons).level !== 'informational') ?? ranked[0]
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
  const techniques = techniquesOf(ranked, nodes, context.rules)
  const { told: happened, gaps: untold } = shortened(factsOf(detections, nodes, reasonsWithFacts))
  const timeline = timelineOf(happened, graph, describe, evidence)
  const identities = identitiesOf(hosts, remotes, graph, evidence)
  const gaps = [...gapsOf(detections, hosts, processes, graph), ...identities.gaps, ...untold]
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
    // Paths are written in whichever case a log likes.
    const key = reason.text.toLowerCase()
    const known = byText.get(key)
    if (!known || reason.weight > known.weight) byText.set(key, reason)
  }
  return [...byText.values()].sort((a, b) => b.weight - a.weight)
}
