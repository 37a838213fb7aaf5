// What analytics ask of the graph again and again: who came in over the network just then, which session that gave, what a process went on to do.
import type { Connection, Fact, Logon } from '../facts/fact.ts'
import { isHostAddress, plainAddress } from '../graph/address-claims.ts'
import {
  descendants,
  type Graph,
  type HostNode,
  MINUTE,
  type ProcessNode,
  SECOND,
  type SessionNode,
} from '../graph/graph.ts'
import type { Detection, FactReason } from './analytic.ts'
import { contentHints, isDiscovery, isInterpreter } from './command-content.ts'

/** Windows gives RPC servers ports from here on (since Vista); before, from 1025. */
export const DYNAMIC_PORT = 49_152
/** Telemetry of one act is stamped by several components; the Security log may round to seconds. */
export const SAME_MOMENT = 5 * SECOND

/** Facts of a time-ordered list between two times. */
export function between<T extends Fact>(facts: readonly T[], from: number, to: number): T[] {
  let low = 0
  let high = facts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (facts[middle].time < from) low = middle + 1
    else high = middle
  }
  const found: T[] = []
  for (let at = low; at < facts.length && facts[at].time <= to; at++) found.push(facts[at])
  return found
}

/** Whether a connection comes from another machine. */
export function isFromOutside(graph: Graph, host: HostNode, connection: Connection): boolean {
  if (!isHostAddress(connection.remoteAddress)) return false
  const remote = plainAddress(connection.remoteAddress)
  return remote !== plainAddress(connection.localAddress) && graph.hostAt(remote, connection.time) !== host
}

/** Connections of others to this host in a time span. */
export function inbound(
  graph: Graph,
  host: HostNode,
  from: number,
  to: number,
  port: (port: number) => boolean,
): Connection[] {
  return between(graph.connections, from, to).filter(
    (one) =>
      one.direction === 'inbound' &&
      port(one.localPort) &&
      graph.hostNamed(one.host, one.time) === host &&
      isFromOutside(graph, host, one),
  )
}

/** Whether another machine opened a session: logon type 3 is the network's. */
export const isFromElsewhere = (graph: Graph, { host, logonType, address, start }: SessionNode): boolean =>
  logonType === 3 && isHostAddress(address) && graph.hostAt(address, start) !== host

/** Sessions that a remote end opened here (logon types 3 and 10), around a time. */
export function remoteSessions(
  graph: Graph,
  host: HostNode,
  from: number,
  to: number,
  address?: string,
): SessionNode[] {
  return [...graph.sessions.values()].filter(
    (session) =>
      session.host === host &&
      session.logonType === 3 &&
      session.start >= from &&
      session.start <= to &&
      isHostAddress(session.address) &&
      graph.hostAt(session.address, session.start) !== host &&
      !session.account.name?.endsWith('$') &&
      (!address || plainAddress(session.address) === plainAddress(address)),
  )
}

/** The other end of a connection, where that host's telemetry shows it too. */
export function otherEnd(graph: Graph, connection: Connection): Connection | undefined {
  return between(graph.connections, connection.time - 2 * MINUTE, connection.time + 2 * MINUTE).find(
    (one) =>
      one.direction !== connection.direction &&
      one.localPort === connection.remotePort &&
      one.remotePort === connection.localPort &&
      plainAddress(one.localAddress) === plainAddress(connection.remoteAddress) &&
      plainAddress(one.remoteAddress) === plainAddress(connection.localAddress),
  )
}

export const accountName = (account: { name?: string; domain?: string }) =>
  account.name ? (account.domain && account.domain !== '-' ? `${account.domain}\\${account.name}` : account.name) : ''

export const startedFact = (process: ProcessNode): Fact[] =>
  process.facts.filter((fact) => fact.kind === 'process-started')

/**
 * What a process went on to do, as reasons: interpreters started, telling command lines, discovery. `from` leaves out what began before.
 * Returns the processes that tell, for the case.
 */
export function aftermath(focus: ProcessNode, from: number, into: Detection): ProcessNode[] {
  const line = [focus, ...descendants(focus)].filter((one) => one === focus || !(one.start < from - SAME_MOMENT))
  const telling: ProcessNode[] = []
  const content = line
    .flatMap((one) => contentHints(one).map((hint) => ({ one, hint })))
    .sort((a, b) => b.hint.weight - a.hint.weight)
  const seen = new Set<string>()
  for (const { one, hint } of content) {
    if (seen.has(hint.text)) continue
    seen.add(hint.text)
    into.reasons.push({
      support: 'content',
      weight: hint.weight,
      text: `${nameOf(one)}: ${hint.text}.`,
      facts: startedFact(one),
    })
    telling.push(one)
  }
  const asking = line.filter((one) => one !== focus && isDiscovery(one))
  if (asking.length) {
    const names = [...new Set(asking.map(nameOf))].slice(0, 4).join(', ')
    into.reasons.push({
      support: 'after',
      weight: 14,
      text: `Afterwards it asks who and where it is: ${names}.`,
      facts: asking.flatMap(startedFact).slice(0, 8),
    })
    telling.push(...asking)
    into.techniques.push({ id: 'T1033', reason: `${names} ran below ${nameOf(focus)}.` })
  }
  const outward = line.flatMap((one) =>
    one.connections.filter(
      (c) => c.direction === 'outbound' && c.time >= from - SAME_MOMENT && isPublicOrOther(c, focus),
    ),
  )
  if (outward.length) {
    const first = outward[0]
    into.reasons.push({
      support: 'after',
      weight: 10,
      text: `It then opened ${outward.length === 1 ? 'a connection' : `${outward.length} connections`} out, first to ${first.remoteAddress}:${first.remotePort}.`,
      facts: outward.slice(0, 6),
    })
    into.remotes.push({
      address: first.remoteAddress,
      port: first.remotePort,
      protocol: first.protocol,
      direction: 'outbound',
      facts: outward.filter((one) => one.remoteAddress === first.remoteAddress).slice(0, 4),
    })
  }
  techniquesOfLine(line, into)
  return telling
}

const isPublicOrOther = (connection: Connection, focus: ProcessNode) =>
  isHostAddress(connection.remoteAddress) && !focus.host.addresses.has(plainAddress(connection.remoteAddress))

const INTERPRETER_TECHNIQUE: Readonly<Record<string, string>> = {
  'powershell.exe': 'T1059.001',
  'pwsh.exe': 'T1059.001',
  'cmd.exe': 'T1059.003',
  'wscript.exe': 'T1059.005',
  'cscript.exe': 'T1059.005',
  'mshta.exe': 'T1218.005',
  'rundll32.exe': 'T1218.011',
  'regsvr32.exe': 'T1218.010',
}

function techniquesOfLine(line: readonly ProcessNode[], into: Detection): void {
  for (const one of line) {
    const id = isInterpreter(one) ? INTERPRETER_TECHNIQUE[nameOf(one)] : undefined
    if (id && !into.techniques.some((known) => known.id === id))
      into.techniques.push({
        id,
        reason: `${nameOf(one)} ran in the chain (${one.commandLine ? short(one.commandLine) : 'command line not recorded'}).`,
      })
  }
}

/** For sentences: encoded runs cut to their beginning, the whole to a length. The record itself is in the evidence. */
export function short(text: string, limit = 120): string {
  const plain = text.replace(/[A-Za-z0-9+/]{60,}={0,2}/g, (run) => `${run.slice(0, 16)}…`)
  return plain.length > limit ? `${plain.slice(0, limit - 1)}…` : plain
}

export function nameOf(process: ProcessNode): string {
  const cut = Math.max(process.image.lastIndexOf('\\'), process.image.lastIndexOf('/'))
  return process.image ? process.image.slice(cut + 1) : `process ${process.pid ?? '?'}`
}

/** Reason and claims for sessions that the remote end opened around the moment; adds the accounts to the detection. */
export function remoteLogon(graph: Graph, into: Detection, from: number, to: number, address?: string): SessionNode[] {
  const sessions = remoteSessions(graph, into.host, from, to, address)
  if (!sessions.length) return []
  const who = [...new Set(sessions.map((session) => accountName(graph.account(session.account, session.host))))].join(
    ', ',
  )
  const privileged = sessions.some((session) => session.privileged)
  const facts: Logon[] = sessions.flatMap((session) => session.facts).slice(0, 6)
  into.reasons.push({
    support: 'before',
    weight: privileged ? 16 : 12,
    text: `${who} logged on over the network from ${sessions[0].address} at that moment${privileged ? ', with administrative privileges' : ''}.`,
    facts,
  })
  into.sessions.push(...sessions)
  return sessions
}

/** The process on the source host that opened the connection, where that host reports too. */
export function sourceSide(graph: Graph, into: Detection, connection: Connection): ProcessNode | undefined {
  const there = otherEnd(graph, connection)
  const source =
    graph.hostAt(connection.remoteAddress, connection.time) ?? (there && graph.hostNamed(there.host, there.time))
  if (source && source !== into.host && !into.others.some((one) => one.host === source))
    into.others.push({ host: source, role: 'source' })
  if (!there) return undefined
  const process = graph.processOf(there)
  if (!process) return undefined
  into.reasons.push({
    support: 'before',
    weight: 10,
    text: `On ${process.host.name}, ${nameOf(process)} (pid ${process.pid ?? '?'}) opened that connection.`,
    facts: [there],
  })
  return process
}

export type { FactReason }
