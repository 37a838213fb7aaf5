// Where else in the fleet the same caller or account was seen: what the step *scope* says.
import type { Detection } from '../analytics/index.ts'
import type { AccountRef, Connection, Fact, Logon } from '../facts/fact.ts'
import { plainAddress } from '../graph/address-claims.ts'
import type { Graph } from '../graph/graph.ts'
import { isNetworkLogon } from '../graph/sessions.ts'
import type { EvidenceList } from './evidence.ts'
import { accountText } from './words.ts'

/** The same caller, account or pipe elsewhere in the fleet. */
export function reachedElsewhere(
  detections: readonly Detection[],
  graph: Graph,
  evidence: EvidenceList,
): { text: string; evidence: string[] }[] {
  const inCase = new Set([
    ...detections.map((one) => one.host),
    ...detections.flatMap((one) => one.others.map((other) => other.host)),
  ])
  const addresses = new Set(
    detections.flatMap((one) =>
      one.remotes.filter((remote) => remote.direction === 'inbound').map((remote) => plainAddress(remote.address)),
    ),
  )
  const accounts = new Set(
    detections
      .flatMap((one) => one.sessions.filter(isOfDirectory).map((session) => accountKey(session.account, graph)))
      .filter((key) => key !== undefined),
  )
  const found = new Map<string, { text: string; facts: Fact[] }>()
  const add = (key: string, text: string, fact: Connection | Logon) => {
    const known = found.get(key)
    if (!known) found.set(key, { text, facts: [fact] })
    else if (known.facts.length < 3) known.facts.push(fact)
  }
  for (const logon of graph.logons) {
    const host = graph.hostNamed(logon.host, logon.time)
    if (!host || inCase.has(host) || !isNetworkLogon(logon)) continue
    if (logon.address && addresses.has(plainAddress(logon.address)))
      add(`l:${host.name}`, `${logon.address} logged on to ${host.name} too (${accountText(logon.account)}).`, logon)
    else if (isOfDirectory(logon) && accounts.has(accountKey(logon.account, graph) ?? ''))
      add(
        `a:${host.name}`,
        `${accountText(graph.account(logon.account))} logged on to ${host.name} over the network${logon.address ? ` from ${logon.address}` : ''}.`,
        logon,
      )
  }
  for (const one of graph.connections) {
    const host = graph.hostNamed(one.host, one.time)
    if (
      !host ||
      inCase.has(host) ||
      one.direction !== 'inbound' ||
      ![135, 139, 445].includes(one.localPort) ||
      !addresses.has(plainAddress(one.remoteAddress))
    )
      continue
    add(
      `c:${host.name}:${one.localPort}`,
      `${one.remoteAddress} connected to ${host.name} port ${one.localPort} too.`,
      one,
    )
  }
  return [...found.values()].slice(0, 20).map(({ text, facts }) => ({ text, evidence: evidence.of(facts) }))
}

/** An account of Linux or macOS is one of its host: the same name on another may be somebody else. */
const isOfDirectory = ({ service }: { service?: string }): boolean => service === undefined

/** One account, whichever event names it: by SID, else by domain and name. Every machine's own system accounts are nobody in particular. */
function accountKey(ref: AccountRef, graph: Graph): string | undefined {
  const { sid, domain, name } = graph.account(ref)
  if (sid) return sid.startsWith('S-1-5-21-') ? sid : undefined
  return name && `${domain ?? ''}\\${name}`.toLowerCase()
}
