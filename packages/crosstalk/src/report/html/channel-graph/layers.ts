// Which host stands left of which.
import type { Case } from '../../../cases/case.ts'
import type { Draft } from './draft.ts'

/** A client's host stands left of the host that serves it; sources left of targets where no channel says so. Cycles keep the case's order. */
export function assignLayers(story: Case, drafts: readonly Draft[]): void {
  const at = new Map(drafts.map((draft, index) => [draft.host, index]))
  const hostOf = new Map(story.processes.map((process) => [process.key, process.host]))
  const addressOf = new Map(
    story.hosts.flatMap((host) => host.addresses.map((address) => [address, host.name] as const)),
  )
  const before: [number, number][] = []
  const add = (from: string | undefined, to: string | undefined) => {
    const a = at.get(from ?? '')
    const b = at.get(to ?? '')
    if (a !== undefined && b !== undefined && a !== b) before.push([a, b])
  }
  for (const channel of story.channels)
    for (const client of channel.clients)
      add('process' in client ? hostOf.get(client.process) : addressOf.get(client.address), channel.host)
  for (const { address, direction, process } of story.remotes) {
    const [there, here] = [addressOf.get(address), hostOf.get(process ?? '')]
    if (direction === 'inbound') add(there, here)
    else add(here, there)
  }
  if (!before.length)
    for (const a of drafts) for (const b of drafts) if (a.role === 'source' && b.role === 'target') add(a.host, b.host)
  // Longest path; in a cycle it stops after as many rounds as there are hosts.
  for (let round = 0; round < drafts.length - 1; round++)
    for (const [a, b] of before)
      if (drafts[b].layer <= drafts[a].layer && drafts[a].layer + 1 < drafts.length)
        drafts[b].layer = drafts[a].layer + 1
}
