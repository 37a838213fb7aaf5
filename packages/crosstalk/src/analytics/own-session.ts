// From where the hands came that a process of Linux or macOS was in: the session that it runs in, who opened it, from which machine, and with whose tool there.
import type { Logon } from '../facts/fact.ts'
import { isHostAddress, plainAddress } from '../graph/address-claims.ts'
import { ancestors, type Graph, imageName, MINUTE, type ProcessNode, SECOND, type SessionNode } from '../graph/graph.ts'
import type { Detection } from './analytic.ts'
import { accountName, between, nameOf, otherEnd, short } from './surroundings.ts'

/** A client connects, keys are exchanged, somebody types a password: then the logon. */
const BEFORE_LOGON = 2 * MINUTE
const AFTER_LOGON = 5 * SECOND
/** Fewer refusals are a password that was mistyped. */
const MANY_FAILURES = 8
const GUESSING = 60 * MINUTE
/** On most servers everybody comes by ssh: it explains, and hardly speaks for anything. */
const WEIGHT = 2

/** Jump hosts one behind the other. */
const MAX_HOPS = 4

/**
 * Adds the session of `process` to what was found, and what led to it, back over the machines that somebody came through; undefined where no logon of the process's
 * own session was recorded.
 */
export function ownSession(graph: Graph, process: ProcessNode, into: Detection): SessionNode | undefined {
  const session = sessionOf(graph, process, into.time)
  if (session) becameAnother(graph, session, process, into)
  const hosts = new Set([process.host])
  for (let at = process, time = into.time; hosts.size <= MAX_HOPS; ) {
    const opened = cameFrom(graph, at, time, into)
    const client = opened && clientOf(graph, at, opened)
    if (!client || hosts.has(client.host)) break
    hosts.add(client.host)
    into.processes.push(client)
    if (!into.others.some((one) => one.host === client.host)) into.others.push({ host: client.host, role: 'source' })
    into.reasons.push({
      support: 'before',
      weight: WEIGHT,
      text: `On ${client.host.name}, ${nameOf(client)} (pid ${client.pid ?? '?'}) had connected there: ${short(client.commandLine ?? client.image)}`,
      facts: client.facts.slice(0, 1),
    })
    at = client
    time = opened.time
  }
  return session
}

/** The session that the process's events name, where a logon opened it. */
function sessionOf(graph: Graph, process: ProcessNode, time: number): SessionNode | undefined {
  const session = graph.sessionOf(process.host, process.user.logonId, time)
  return session?.facts.some((fact) => fact.outcome === 'logon' && fact.service) ? session : undefined
}

/** The logon from another machine that brought somebody to where the process ran. */
function cameFrom(graph: Graph, process: ProcessNode, time: number, into: Detection): Logon | undefined {
  const session = sessionOf(graph, process, time)
  if (session && !into.sessions.includes(session)) into.sessions.push(session)
  const opened = session && isHostAddress(session.address) ? arrival(session.facts) : logonOfLine(process)
  if (!opened?.address || graph.hostAt(opened.address, opened.time) === process.host) return undefined
  const who = accountName(graph.account(session?.account ?? opened.account, process.host)) || 'An account'
  const { host } = process
  into.reasons.push({
    support: 'before',
    weight: WEIGHT,
    text: `${who} came to ${host.name} from ${opened.address} (${opened.service})${session && host === into.host ? '; it is that session’s process' : ''}.`,
    facts: [opened],
  })
  into.remotes.push({
    address: opened.address,
    port: opened.port,
    protocol: 'tcp',
    direction: 'inbound',
    facts: [opened],
  })
  guessed(graph, opened, into)
  return opened
}

/** Of the session's records the one that says most of where it came from. */
const arrival = (facts: readonly Logon[]): Logon | undefined =>
  facts.find((fact) => fact.outcome === 'logon' && fact.address && fact.port) ??
  facts.find((fact) => fact.outcome === 'logon' && fact.address)

/** Where events carry no number of the session: the server that let somebody in is an ancestor. */
function logonOfLine(process: ProcessNode): Logon | undefined {
  for (const one of ancestors(process))
    for (const fact of one.facts)
      if (fact.kind === 'logon' && fact.outcome === 'logon' && isHostAddress(fact.address)) return fact
  return undefined
}

/** su and sudo in the same session, before the act. */
function becameAnother(graph: Graph, session: SessionNode, process: ProcessNode, into: Detection): void {
  const { host } = process
  const owner = graph.account(session.account, host)
  const now = graph.account(process.user, host)
  if (!now.name || now.name === owner.name) return
  const switches = between(graph.logons, session.start, into.time + SECOND).filter(
    (one) =>
      one.outcome === 'explicit' && one.by?.logonId === session.logonId && graph.hostNamed(one.host, one.time) === host,
  )
  const last = switches.findLast((one) => one.account.name === now.name)
  if (!last) return
  into.reasons.push({
    support: 'before',
    weight: WEIGHT,
    text: `${accountName(owner)} had become ${last.account.name} by ${last.service} in that session.`,
    facts: [last],
  })
}

/** Many refusals of the same caller before it was let in. */
function guessed(graph: Graph, opened: Logon, into: Detection): void {
  const from = plainAddress(opened.address!)
  const host = graph.hostNamed(opened.host, opened.time)
  const refused = between(graph.logons, opened.time - GUESSING, opened.time).filter(
    (one) =>
      one.outcome === 'failed' &&
      one.address !== undefined &&
      plainAddress(one.address) === from &&
      graph.hostNamed(one.host, one.time) === host,
  )
  if (refused.length < MANY_FAILURES) return
  const names = new Set(refused.map((one) => one.account.name).filter(Boolean))
  into.reasons.push({
    support: 'before',
    weight: 14,
    text: `${opened.address} had been refused ${refused.length} times in the hour before, as ${[...names].slice(0, 3).join(', ') || 'nobody known'}${names.size > 3 ? ' and others' : ''}.`,
    facts: refused.slice(0, 4),
  })
  into.techniques.push({ id: 'T1110', reason: `${refused.length} logons of ${opened.address} were refused.` })
}

/** The client on the machine that it came from, where that reports: by both ends' ports, else by where it connected to and when. */
function clientOf(graph: Graph, process: ProcessNode, opened: Logon): ProcessNode | undefined {
  const source = graph.hostAt(opened.address!, opened.time)
  if (!source) return undefined
  const near = between(graph.connections, opened.time - BEFORE_LOGON, opened.time + AFTER_LOGON)
  const served = near.find(
    (one) =>
      one.direction === 'inbound' &&
      one.remotePort === opened.port &&
      plainAddress(one.remoteAddress) === plainAddress(opened.address!) &&
      graph.hostNamed(one.host, one.time) === process.host,
  )
  const exact = served && otherEnd(graph, served)
  if (exact) return graph.processOf(exact)
  const clients = near.filter(
    (one) =>
      one.direction === 'outbound' &&
      graph.hostNamed(one.host, one.time) === source &&
      graph.hostAt(one.remoteAddress, one.time) === process.host &&
      (one.localPort === 0 || opened.port === undefined || one.localPort === opened.port) &&
      /^(?:ssh|scp|sftp|rsync|plink|putty|paramiko|python[\d.]*|hydra|medusa|ncrack)(?:\.exe)?$/.test(
        imageName(graph.processOf(one)?.image),
      ),
  )
  const processes = new Set(clients.map((one) => graph.processOf(one)))
  return processes.size === 1 ? [...processes][0] : undefined
}
