// The processes of a case: those its detections name, where they come from, what they began.
import type { Detection } from '../analytics/analytic.ts'
import { decodedCommand } from '../analytics/decoded-command.ts'
import { ancestors, descendants, type Graph, imageName, MINUTE, type ProcessNode } from '../graph/graph.ts'
import type { CaseProcess } from './case.ts'
import type { EvidenceList } from './evidence.ts'
import { accountText, isoTime } from './words.ts'

const MAX_PROCESSES = 300

/** What the detections name, their lines up to four parents, and what began below them. */
export function processesOf(detections: readonly Detection[]): ProcessNode[] {
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

export function caseProcess(node: ProcessNode, graph: Graph, evidence: EvidenceList): CaseProcess {
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
    user: accountText(graph.account(node.user, node.host)) || undefined,
    start: isoTime(node.start) || undefined,
    hash: sha256Of(node.hashes),
    evidence: evidence.of(facts.slice(0, 2)),
  }
}

const sha256Of = (hashes: string | undefined) =>
  /SHA256=([0-9A-Fa-f]{64})/.exec(hashes ?? '')?.[1] ?? (hashes || undefined)
