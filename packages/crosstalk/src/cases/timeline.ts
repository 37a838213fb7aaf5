// What happened in a case, in order, a line each with its records.
import type { Detection, FactReason } from '../analytics/analytic.ts'
import type { Fact } from '../facts/fact.ts'
import { type Graph, imageName, MINUTE, type ProcessNode } from '../graph/graph.ts'
import type { Gap, TimelineEntry } from './case.ts'
import type { EvidenceList } from './evidence.ts'
import { clockTime, isoTime } from './words.ts'

/** A timeline longer than this is cut, and a gap of the case says so. */
const MAX_TIMELINE = 5000

export const spanOf = (detections: readonly Detection[]): [number, number] => [
  Math.min(...detections.map((one) => one.time)),
  Math.max(...detections.map((one) => one.until)),
]

/** The earliest facts that a timeline holds, and what to say of the others. */
export function shortened(facts: readonly Fact[]): { told: readonly Fact[]; gaps: Gap[] } {
  if (facts.length <= MAX_TIMELINE) return { told: facts, gaps: [] }
  const first = facts[MAX_TIMELINE]
  const text = `The timeline ends before ${clockTime(first.time)}: ${facts.length - MAX_TIMELINE} later records are left out of it.`
  return {
    told: facts.slice(0, MAX_TIMELINE),
    gaps: [{ text, wouldShow: 'A hunt over fewer hours (--since, --until).' }],
  }
}

/** What happened, in order: the facts behind the reasons, starts of the processes, and what those did around the story. */
export function factsOf(
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
  return [...facts].filter((fact) => Number.isFinite(fact.time)).sort((a, b) => a.time - b.time)
}

export function timelineOf(
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
