// Who talks to whom, each pair once, and which addresses stand outside.
import type { Case, CaseChannel } from '../../../cases/case.ts'
import { endpoint } from '../../quantities.ts'
import type { Draft } from './draft.ts'
import type { Edge } from './drawing.ts'

/** Addresses on each side. */
const MOST_ADDRESSES = 8

export interface Outside {
  /** addresses that reached in, and that were reached, with what is known of their ports */
  in: Map<string, string>
  out: Map<string, string>
  /** the host of the case that an address belongs to */
  host: ReadonlyMap<string, string>
}

/** The addresses that stand outside: those that belong to no host of the picture. */
export function outsideAddresses(story: Case, drafts: readonly Draft[], notes: string[]): Outside {
  const drawn = new Set(drafts.map((draft) => draft.host))
  const host = new Map(
    story.hosts
      .filter(({ name }) => drawn.has(name))
      .flatMap(({ name, addresses }) => addresses.map((address) => [address, name] as const)),
  )
  const found = { in: new Map<string, string>(), out: new Map<string, string>(), host }
  const add = (side: Map<string, string>, address: string, note: string) => {
    if (host.has(address)) return
    const before = side.get(address)
    if (before === undefined) side.set(address, note)
    else if (note && !before.split(', ').includes(note)) side.set(address, before ? `${before}, ${note}` : note)
  }
  for (const { address, port, protocol, direction } of story.remotes)
    add(
      direction === 'inbound' ? found.in : found.out,
      address,
      direction === 'inbound' ? protocol : `${protocol} ${port ?? ''}`.trim(),
    )
  for (const channel of story.channels)
    for (const client of channel.clients) if ('address' in client) add(found.in, client.address, '')
  for (const side of [found.in, found.out])
    if (side.size > MOST_ADDRESSES) {
      notes.push(`${side.size - MOST_ADDRESSES} more addresses`)
      for (const address of [...side.keys()].slice(MOST_ADDRESSES)) side.delete(address)
    }
  return found
}

export type End = { process: string } | { channel: number } | { address: string; side: 'in' | 'out' } | { host: string }
export interface Talk {
  from: End
  to: End
  kind: Edge['kind']
  title: string
}

/** Who talks to whom, each pair once. */
export function talkOf(story: Case, drafts: readonly Draft[], outside: Outside): Talk[] {
  const hostOf = new Map(story.processes.map((process) => [process.key, process.host]))
  const drawn = new Set(drafts.flatMap((draft) => draft.channels))
  const talk: Talk[] = []
  story.channels.forEach((channel, index) => {
    if (!drawn.has(index)) return
    const name = `${channel.kind} ${channel.name}`
    if (channel.server !== undefined)
      talk.push({ from: { channel: index }, to: { process: channel.server }, kind: 'serves', title: `serves ${name}` })
    for (const client of clientsOf(channel, hostOf, outside))
      talk.push({ from: client, to: { channel: index }, kind: 'uses', title: `uses ${name}` })
  })
  const told = new Set(
    talk.filter(({ kind }) => kind === 'uses').map(({ from, to }) => `${hostKey(from, hostOf)}>${serverOf(story, to)}`),
  )
  const seen = new Set<string>()
  for (const { address, port, protocol, direction, process } of story.remotes) {
    const inbound = direction === 'inbound'
    const there: End = outside.host.has(address)
      ? { host: outside.host.get(address)! }
      : { address, side: inbound ? 'in' : 'out' }
    const pair = `${hostKey(there, hostOf)}>${process}>${direction}`
    if (process === undefined || seen.has(pair) || (inbound && told.has(`${hostKey(there, hostOf)}>${process}`)))
      continue
    seen.add(pair)
    const title = `${protocol} ${endpoint(address, port)}, ${direction}`
    talk.push(
      inbound
        ? { from: there, to: { process }, kind: 'connects', title }
        : { from: { process }, to: there, kind: 'connects', title },
    )
  }
  return talk
}

/** A client known as a process and by its address is one client. */
function clientsOf(channel: CaseChannel, hostOf: ReadonlyMap<string, string>, outside: Outside): End[] {
  const processes = channel.clients.filter((client) => 'process' in client)
  const hosts = new Set(processes.map((client) => hostOf.get(client.process)))
  const addresses = channel.clients.filter((client) => 'address' in client).map(({ address }) => address)
  return [
    ...processes.map(({ process }): End => ({ process })),
    ...addresses
      .filter((address) => !hosts.has(outside.host.get(address) ?? '\0'))
      .map(
        (address): End => (outside.host.has(address) ? { host: outside.host.get(address)! } : { address, side: 'in' }),
      ),
  ]
}

function hostKey(end: End, hostOf: ReadonlyMap<string, string>): string {
  if ('process' in end) return `host ${hostOf.get(end.process)}`
  if ('host' in end) return `host ${end.host}`
  return 'address' in end ? `address ${end.address}` : ''
}

function serverOf(story: Case, end: End): string | undefined {
  return 'channel' in end ? story.channels[end.channel].server : undefined
}
