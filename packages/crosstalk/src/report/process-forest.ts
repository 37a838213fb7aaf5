// The processes of a case as the trees they are: parents above children, each host on its own.
import type { Case, CaseProcess } from '../cases/case.ts'
import { compareText } from './report.ts'

export interface ProcessNode {
  readonly process: CaseProcess
  readonly children: ProcessNode[]
  /** 0 for a root */
  readonly depth: number
  /** it has a parent, but the case does not hold it */
  readonly orphan: boolean
}

/** A longer line of parents goes on as a tree of its own. */
const DEEPEST = 200

/** Roots by host, hosts in the case's order. Cycles, which broken telemetry can claim, are cut where they close. */
export function processForest(story: Case): Map<string, ProcessNode[]> {
  const byKey = new Map(story.processes.map((process) => [process.key, process]))
  const children = new Map<string, CaseProcess[]>()
  const roots: CaseProcess[] = []
  for (const process of byKey.values()) {
    const parent = process.parentKey === undefined ? undefined : byKey.get(process.parentKey)
    if (!parent || parent === process || parent.host !== process.host) roots.push(process)
    else children.set(parent.key, [...(children.get(parent.key) ?? []), process])
  }
  const placed = new Set<string>()
  const grow = (process: CaseProcess, depth: number): ProcessNode => {
    placed.add(process.key)
    const below = (depth < DEEPEST ? (children.get(process.key) ?? []) : [])
      .filter((child) => !placed.has(child.key))
      .sort(byStart)
    for (const child of below) placed.add(child.key)
    return {
      process,
      depth,
      orphan: depth === 0 && process.parentKey !== undefined,
      children: below.map((child) => grow(child, depth + 1)),
    }
  }
  const forest = new Map<string, ProcessNode[]>(story.hosts.map((host) => [host.name, []]))
  const plant = (process: CaseProcess) => {
    const trees = forest.get(process.host) ?? []
    trees.push(grow(process, 0))
    forest.set(process.host, trees)
  }
  roots.sort(byStart).forEach(plant)
  for (const process of byKey.values()) if (!placed.has(process.key)) plant(process)
  for (const [host, trees] of forest) if (!trees.length) forest.delete(host)
  return forest
}

/** The nodes of trees, parents before children, as they are drawn. */
export function* inOrder(trees: readonly ProcessNode[]): Generator<ProcessNode> {
  for (const node of trees) {
    yield node
    yield* inOrder(node.children)
  }
}

/** What a process is to the channels of the case: `serves dcom`, `client of named-pipe`. */
export function channelRoles(story: Case): Map<string, string[]> {
  const roles = new Map<string, Set<string>>()
  const add = (key: string, role: string) => roles.set(key, (roles.get(key) ?? new Set()).add(role))
  for (const channel of story.channels) {
    if (channel.server !== undefined) add(channel.server, `serves ${channel.kind}`)
    for (const client of channel.clients) if ('process' in client) add(client.process, `client of ${channel.kind}`)
  }
  return new Map([...roles].map(([key, set]) => [key, [...set].sort(compareText)]))
}

function byStart(a: CaseProcess, b: CaseProcess): number {
  return compareText(a.start ?? '', b.start ?? '') || compareText(a.key, b.key)
}
