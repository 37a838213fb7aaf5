// The hosts and accounts of a case, and the part each plays.
import type { Detection } from '../analytics/analytic.ts'
import type { AccountRef } from '../facts/fact.ts'
import type { Graph, HostNode, ProcessNode } from '../graph/graph.ts'
import type { CaseAccount, CaseHost } from './case.ts'
import { accountText, isoTime } from './words.ts'

/**
 * Of several parts that a machine plays the one that tells most: acted on by another machine, then acting on another, then merely where something happened.
 * A machine with an implant from which the next one is attacked is the source of that, a machine in the middle is a target.
 */
type Part = 'acted-on' | 'source' | 'place' | 'peer'
const PARTS: readonly Part[] = ['peer', 'place', 'source', 'acted-on']
const roleOf = (part: Part): CaseHost['role'] => (part === 'acted-on' || part === 'place' ? 'target' : part)

function partOf(one: Detection): Part {
  if (one.by === 'AN0628/dcom-client') return 'source'
  const fromElsewhere =
    one.others.some((other) => other.role === 'source') || one.remotes.some((remote) => remote.direction === 'inbound')
  return fromElsewhere ? 'acted-on' : 'place'
}

export function hostsOf(detections: readonly Detection[], graph: Graph): CaseHost[] {
  const hosts = new Map<string, CaseHost>()
  const parts = new Map<string, Part>()
  const add = (host: HostNode, part: Part) => {
    const before = parts.get(host.name) ?? 'peer'
    const most = PARTS.indexOf(part) > PARTS.indexOf(before) ? part : before
    parts.set(host.name, most)
    const role = roleOf(most)
    const known = hosts.get(host.name)
    if (known) {
      known.role = role
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
    add(one.host, partOf(one))
    for (const other of one.others) add(other.host, other.role)
  }
  for (const one of detections) {
    for (const remote of one.remotes) {
      const host = graph.hostAt(remote.address, remote.facts[0]?.time)
      if (host) add(host, remote.direction === 'inbound' ? 'source' : 'peer')
      else if (remote.direction === 'inbound' && hosts.get(remote.address)?.role === 'peer')
        hosts.get(remote.address)!.role = 'source'
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

export function accountsOf(
  detections: readonly Detection[],
  nodes: readonly ProcessNode[],
  graph: Graph,
): CaseAccount[] {
  const accounts = new Map<string, CaseAccount>()
  const add = (ref: AccountRef, node: HostNode) => {
    const account = graph.account(ref, node)
    const host = node.name
    const name = accountText(account)
    if (!name || name === '-') return
    // Services of the machine have one session each, known to all: they are one account.
    const key = `${host}|${name.toLowerCase()}|${/^0x3e[457]$/.test(account.logonId ?? '') ? '' : (account.logonId ?? '')}`
    if (!accounts.has(key)) accounts.set(key, { name, sid: account.sid, logonId: account.logonId, host })
  }
  for (const one of detections) {
    for (const session of one.sessions) add(session.account, session.host)
    for (const reason of one.reasons)
      for (const fact of reason.facts) if (fact.kind === 'observation' && fact.account) add(fact.account, one.host)
  }
  for (const node of nodes) if (!Number.isNaN(node.start) || node.user.name) add(node.user, node.host)
  return [...accounts.values()].slice(0, 40)
}
