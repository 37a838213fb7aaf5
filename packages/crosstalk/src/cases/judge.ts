// The last stage: graph → findings → cases. Everything found is a finding; what several independent reasons support becomes a case.
import { createHash } from 'node:crypto'
import { type Detection, findAll, type RuleInfo } from '../analytics/index.ts'
import { type Baseline, habitsOf, isNormal } from '../baseline/baseline.ts'
import type { Fact, RuleHit } from '../facts/fact.ts'
import type { ClockSkew, Graph } from '../graph/graph.ts'
import { techniquesOfTags } from '../knowledge/techniques.ts'
import { buildCase, type DraftCase } from './build.ts'
import type { Case, Finding } from './case.ts'
import { judge, LEVEL_ORDER } from './confidence.ts'
import { describeFact } from './describe.ts'
import {
  type EvidenceList,
  type EvidenceRequest,
  evidenceEntries,
  evidenceId,
  evidenceList,
  hashEvidence,
  type InputName,
  placeOf,
  type ReadEvidence,
  renameEvidence,
} from './evidence.ts'
import { joinDetections } from './join.ts'
import { isoTime } from './words.ts'

/** Findings of rules beyond this many are counted, not written; the summary says how many. */
export const MAX_RULE_FINDINGS = 50_000

export interface JudgeInput {
  graph: Graph
  rules: ReadonlyMap<string, RuleInfo>
  /** by the index that evidence carries */
  inputs: readonly InputName[]
  readEvidence: ReadEvidence
  /** what is normal here, when the user gave it */
  baseline?: Baseline
}

export interface Verdict {
  /** highest level first */
  cases: Case[]
  findings: Finding[]
  /** what had to be left out, in words */
  bounds: string[]
  /** how far clocks of hosts are apart */
  skews: readonly ClockSkew[]
}

export async function judgeGraph(input: JudgeInput): Promise<Verdict> {
  const { graph, rules } = input
  const detections = findAll({ graph, rules })
  if (input.baseline) for (const one of detections) weighAgainstBaseline(one, input.baseline, graph)
  const drafts = joinDetections(detections)
    .map((group) => buildCase(group, { graph, rules }))
    .filter(deservesCase)
  const hits = graph.hits.slice(0, MAX_RULE_FINDINGS)
  const requests = new Map<string, EvidenceRequest>()
  const drafted = detections.map((one) => draftFinding(one, input))
  for (const list of [...drafts.map((draft) => draft.evidence), ...drafted.map((one) => one.evidence)])
    for (const { place, request } of list.entries()) requests.set(place, request)
  for (const hit of hits) requests.set(placeOf(hit.evidence), hit.evidence)
  const hashes = await hashEvidence(requests, input.readEvidence)
  for (const draft of drafts) finishCase(draft, input, hashes)
  const caseOf = new Map<Detection, string>(
    drafts.flatMap((draft) => draft.detections.map((one) => [one, draft.case.id] as const)),
  )
  const findings = drafted.map(({ finding, evidence, detection }) => {
    finding.case = caseOf.get(detection)
    finding.evidence = evidenceEntries(evidence, input.inputs, hashes)
    renameEvidence(finding, hashes)
    return finding
  })
  for (const draft of drafts)
    draft.case.findings = findings.filter((one) => one.case === draft.case.id).map((one) => one.id)
  const places = new Map(
    drafts.flatMap((draft) => draft.evidence.entries().map((one) => [one.place, draft.case] as const)),
  )
  for (const hit of hits) findings.push(ruleFinding(hit, input, hashes, places.get(placeOf(hit.evidence))))
  const bounds = [...graph.bounds]
  if (graph.hits.length > hits.length)
    bounds.push(
      `${graph.hits.length - hits.length} rule matches beyond the first ${MAX_RULE_FINDINGS} are not among the findings`,
    )
  return { cases: drafts.map((draft) => draft.case).sort(byWeight), findings, bounds, skews: graph.skews }
}

/** What is done here on ordinary days speaks against; what never was speaks for. Weights stay below those of what happened itself. */
function weighAgainstBaseline(detection: Detection, baseline: Baseline, graph: Graph): void {
  const facts = new Set<Fact>(detection.reasons.flatMap((reason) => reason.facts))
  const normal = new Map<string, Fact>()
  const unseen = new Map<string, Fact>()
  for (const fact of facts) {
    for (const habit of habitsOf(fact, graph)) {
      const known = Object.hasOwn(baseline.habits, habit) ? baseline.habits[habit] : undefined
      if (isNormal(known)) normal.set(habit, fact)
      else if (!known) unseen.set(habit, fact)
    }
  }
  const list = (habits: Map<string, Fact>) => [...habits.keys()].slice(0, 3).join('; ')
  if (unseen.size)
    detection.reasons.push({
      support: 'baseline',
      weight: Math.min(18, 8 + 2 * unseen.size),
      text: `Never seen in the baseline (${baseline.from.slice(0, 10)} to ${baseline.to.slice(0, 10)}): ${list(unseen)}.`,
      facts: [...unseen.values()].slice(0, 4),
    })
  if (normal.size)
    detection.reasons.push({
      support: 'baseline',
      weight: -Math.round(Math.min(40, 10 * normal.size) / (1 + unseen.size)),
      text: `Normal here according to the baseline: ${list(normal)}.`,
      facts: [...normal.values()].slice(0, 4),
    })
}

const byWeight = (a: Case, b: Case) =>
  LEVEL_ORDER.indexOf(b.level) - LEVEL_ORDER.indexOf(a.level) || b.confidence - a.confidence || (a.id < b.id ? -1 : 1)

/** A case is a story: at least two kinds of support, and more than a hint; three where only rules of level low speak. What is less stays a finding. */
function deservesCase({ case: one, detections }: DraftCase): boolean {
  const kinds = new Set(one.reasons.filter((reason) => reason.weight > 0).map((reason) => reason.support)).size
  const isHint = detections.every(
    (found) =>
      found.by === 'rule' && found.reasons.every((reason) => reason.support !== 'indicator' || reason.weight < 16),
  )
  return one.level !== 'informational' && kinds >= (isHint ? 3 : 2)
}

function finishCase(draft: DraftCase, input: JudgeInput, hashes: ReadonlyMap<string, string>): void {
  const { steps } = draft.case
  const unread = draft.evidence.entries().filter((one) => !hashes.has(one.place)).length
  if (unread) {
    steps.preserve.status = 'partial'
    steps.preserve.text = `${draft.evidence.entries().length - unread} of ${draft.evidence.entries().length} records were read again and hashed (SHA-256); ${unread} could not be read a second time.`
  }
  draft.case.evidence = evidenceEntries(draft.evidence, input.inputs, hashes)
  const list = draft.case.evidence
  draft.case.evidence = []
  renameEvidence(draft.case, hashes)
  draft.case.evidence = list
}

function draftFinding(
  detection: Detection,
  { rules }: JudgeInput,
): { finding: Finding; evidence: EvidenceList; detection: Detection } {
  const evidence = evidenceList((fact) => describeFact(fact, (id) => rules.get(id)?.title ?? id))
  const judged = judge(detection.reasons)
  const channel = detection.channels[0]
  const process = detection.processes[0]
  const finding: Finding = {
    id: findingId(detection.by, detection.host.name, detection.time, process?.key ?? channel?.name ?? ''),
    by: detection.by,
    kind: 'analytic',
    title: detection.title,
    level: judged.level,
    confidence: judged.confidence,
    techniques: [...new Set(detection.techniques.map((one) => one.id))],
    host: detection.host.name,
    time: isoTime(detection.time),
    process: process?.key,
    channel: channel && { kind: channel.kind, host: channel.host, name: channel.name },
    reasons: detection.reasons.map(({ text, support, weight, facts }) => ({
      text,
      support,
      weight,
      evidence: evidence.of(facts),
    })),
    evidence: [],
  }
  return { finding, evidence, detection }
}

function ruleFinding(
  hit: RuleHit,
  { rules, graph, inputs }: JudgeInput,
  hashes: ReadonlyMap<string, string>,
  story: Case | undefined,
): Finding {
  const rule = rules.get(hit.rule)
  const place = placeOf(hit.evidence)
  const id = evidenceId(hashes.get(place), place)
  const text = `rule matched: ${rule?.title ?? hit.rule}`
  const input = inputs[hit.evidence.file]
  return {
    id: findingId(hit.rule, hit.host, hit.time, id),
    by: hit.rule,
    kind: 'rule',
    title: rule?.title ?? hit.rule,
    level: rule?.level ?? 'informational',
    confidence: judge([{ support: 'indicator', weight: 10 }]).confidence,
    techniques: techniquesOfTags(rule?.tags ?? []),
    host: graph.hostNamed(hit.host, hit.time)?.name ?? hit.host,
    time: isoTime(hit.time),
    process: graph.processOf(hit)?.key,
    reasons: [{ text, support: 'indicator', weight: 10, evidence: [id] }],
    case: story?.id,
    matched: hit.matched,
    evidence: [
      {
        id,
        file: input?.name ?? '',
        format: input?.format ?? '',
        offset: hit.evidence.offset,
        length: hit.evidence.length,
        recordId: hit.evidence.recordId,
        sha256: hashes.get(place) ?? '',
        text,
      },
    ],
  }
}

const findingId = (...parts: (string | number)[]) =>
  `f-${createHash('sha256').update(parts.join('|')).digest('hex').slice(0, 16)}`
