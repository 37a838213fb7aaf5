// Which hosts, and of each which processes and channels, are drawn: a picture bears only so many, the tables below it hold all.
import type { Case, CaseProcess } from '../../../cases/case.ts'
import { inOrder, type ProcessNode, processForest } from '../../process-forest.ts'

const MOST = { hosts: 8, processes: 14, channels: 12 }
/** Deeper lineage is drawn at this depth. */
const DEEPEST = 6

export interface Draft {
  host: string
  role: string
  note: string
  processes: { process: CaseProcess; depth: number }[]
  /** indices into the case's channels */
  channels: number[]
  /** 0 is leftmost */
  layer: number
}

/** Adds to `notes` what is left out, in words. */
export function draftHosts(story: Case, notes: string[]): Draft[] {
  const forest = processForest(story)
  const known = new Map(story.hosts.map((host) => [host.name, host]))
  const holders = [...forest.keys(), ...story.channels.map((channel) => channel.host)]
  const named = story.hosts.filter((host) => !host.addresses.includes(host.name)).map((host) => host.name)
  // A host known by its address alone, with nothing in it, is drawn as an address.
  const names = [...new Set([...named, ...holders])].filter((name) => name !== '')
  if (names.length > MOST.hosts) notes.push(`${names.length - MOST.hosts} more hosts`)
  const keep = ends(story)
  const channels = story.channels.map((_, index) => index)
  return names.slice(0, MOST.hosts).map((host) => {
    const trees = [...inOrder(forest.get(host) ?? [])]
    const all = nearActors(trees, keep)
    const processes = all.length <= MOST.processes ? all : mostTelling(all, keep)
    const left = trees.length - processes.length
    if (left) notes.push(`${left} more ${left === 1 ? 'process' : 'processes'} on ${host}`)
    const own = channels.filter((index) => story.channels[index].host === host)
    if (own.length > MOST.channels) notes.push(`${own.length - MOST.channels} more channels on ${host}`)
    const about = known.get(host)
    return {
      host,
      role: about?.role ?? 'peer',
      note: [about?.role, about?.addresses.slice(0, 2).join(', ')].filter(Boolean).join(' · '),
      processes: withDepth(processes),
      channels: own.slice(0, MOST.channels),
      layer: 0,
    }
  })
}

/** The ends of channels, who started them, and all that they started; how the machine came to start those is for the process tree. */
function nearActors(all: readonly ProcessNode[], keep: ReadonlySet<string>): ProcessNode[] {
  const near = new Set<ProcessNode>()
  const visit = (node: ProcessNode, below: boolean) => {
    const own = below || keep.has(node.process.key)
    if (own || node.children.some((child) => keep.has(child.process.key))) near.add(node)
    for (const child of node.children) visit(child, own)
  }
  for (const root of all.filter((node) => node.depth === 0)) visit(root, false)
  return near.size ? all.filter((node) => near.has(node)) : [...all]
}

/** How many of the drawn processes stand above each. */
function withDepth(nodes: readonly ProcessNode[]): Draft['processes'] {
  const depths = new Map<string, number>()
  return nodes.map(({ process }) => {
    const above = process.parentKey === undefined ? undefined : depths.get(process.parentKey)
    const depth = Math.min(above === undefined ? 0 : above + 1, DEEPEST)
    depths.set(process.key, depth)
    return { process, depth }
  })
}

/** The ends of channels first, then what is nearest to the top of the trees; in the order of the trees. */
function mostTelling(all: readonly ProcessNode[], keep: ReadonlySet<string>): ProcessNode[] {
  const ranked = [...all].sort(
    (a, b) => Number(keep.has(b.process.key)) - Number(keep.has(a.process.key)) || a.depth - b.depth,
  )
  const chosen = new Set(ranked.slice(0, MOST.processes))
  return all.filter((node) => chosen.has(node))
}

/** Processes at an end of a channel or a connection. */
export function ends(story: Case): Set<string> {
  const keys = new Set<string>()
  for (const channel of story.channels) {
    if (channel.server !== undefined) keys.add(channel.server)
    for (const client of channel.clients) if ('process' in client) keys.add(client.process)
  }
  for (const remote of story.remotes) if (remote.process !== undefined) keys.add(remote.process)
  return keys
}
