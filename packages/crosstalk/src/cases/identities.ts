// Which addresses of a case are which machines, and what says so.
import type { Learned, Ownership } from '../graph/address-claims.ts'
import type { Graph } from '../graph/graph.ts'
import type { CaseHost, CaseRemote, Gap } from './case.ts'
import type { EvidenceList } from './evidence.ts'
import { clockTime } from './words.ts'

const MOST = 6

const SAYS: Readonly<Record<Learned, string>> = {
  'local end': 'its own connections show it as the local end',
  'machine account': 'the machine’s own account logged on from there by Kerberos',
  interface: 'the machine lists it among its own addresses',
  lease: 'the DHCP server leased it to that name',
  dns: 'the name resolved to it alone',
  'likely local end': 'its connections show it as the likelier local end',
  'named workstation': 'a client that called itself so logged on from there',
}

/** What run/unnamed-hosts.ts calls hosts. */
const UNNAMED = /^(?:localhost|\(no)/

export interface Identities {
  /** statements for the case, each with the record that taught it */
  told: { text: string; evidence: string[] }[]
  assumptions: string[]
  gaps: Gap[]
}

export function identitiesOf(
  hosts: readonly CaseHost[],
  remotes: readonly CaseRemote[],
  graph: Graph,
  evidence: EvidenceList,
): Identities {
  const names = new Set(hosts.map((host) => host.name))
  const met = new Set([...remotes.map((one) => one.address), ...hosts.flatMap((host) => host.addresses)])
  const owned = graph.addresses.ownerships.filter((one) => names.has(one.host) && met.has(one.address))
  const found: Identities = { told: [], assumptions: [], gaps: [] }
  for (const one of owned.slice(0, MOST)) {
    const shared = owned.some((other) => other !== one && other.address === one.address)
    const when = shared ? ` from ${clockTime(one.from)} to ${clockTime(one.to)}` : ''
    found.told.push({
      text: `${one.address} is ${one.host}${when}: ${SAYS[one.how]}${one.count > 1 ? ` (${one.count} records)` : ''}.`,
      evidence: evidence.of([one.fact]),
    })
    if (one.how === 'likely local end')
      found.assumptions.push(
        `${one.address} is ${one.host}: its events do not say which end is the local one; this is the likelier.`,
      )
  }
  for (const { name } of hosts)
    if (UNNAMED.test(name))
      found.assumptions.push(
        `${name} is one machine: its events do not name it, and files of one folder are taken for one machine's.`,
      )
  for (const address of met) {
    claims(address, graph.addresses.claimed.get(address) ?? [], found)
    if (graph.addresses.ownerAt(address) === undefined)
      contradiction(address, graph.addresses.disputed.get(address) ?? [], found)
  }
  for (const one of owned) disputes(one, graph.addresses.disputed.get(one.address) ?? [], found)
  return found
}

function disputes(owner: Ownership, others: readonly Ownership[], found: Identities): void {
  if (!others.length) return
  found.gaps.push({
    text: `${others.map((one) => one.host).join(' and ')} showed ${owner.address} as an own address at the same time as ${owner.host}, which showed it most: it is taken for ${owner.host}'s.`,
    wouldShow:
      'Leases of the DHCP server (events 10 and 11), the switch’s tables, or the hosts’ own network configuration.',
  })
}

/** What a client called itself, which nothing bears out. */
function claims(address: string, claimed: readonly Ownership[], found: Identities): void {
  if (!claimed.length) return
  found.gaps.push({
    text: `A client at ${address} called itself ${claimed.map((one) => one.host).join(', ')}; nothing else says so, and a client can give any name: it is not taken for it.`,
    wouldShow: `Network connections of ${claimed[0].host} (Sysmon 3, Security 5156), or the DHCP server's leases.`,
  })
}

/** What says of several machines that they were at one address at one time. */
function contradiction(address: string, others: readonly Ownership[], found: Identities): void {
  if (!others.length) return
  found.gaps.push({
    text: `${others.map((one) => `${one.host} (${SAYS[one.how]})`).join(' and ')} had ${address} at the same time: it is taken for none of them. A gateway or a load balancer may stand between.`,
    wouldShow: 'The translations of the gateway, or the hosts’ own network connections (Sysmon 3, Security 5156).',
  })
}
