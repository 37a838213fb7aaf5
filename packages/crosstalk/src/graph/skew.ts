// How far the clocks of two hosts are apart, estimated from what both saw: one TCP connection told by both ends (or by an end and the network), and a network
// logon against the connection from the caller's port, as the caller or the network tells it. Estimates are told, never applied.
import type { Connection, Logon } from '../facts/fact.ts'
import { isHostAddress, plainAddress } from './address-claims.ts'
import type { ClockSkew, Graph, HostNode } from './graph.ts'
import { isNetworkLogon } from './sessions.ts'

/** Zeek's and Suricata's sensors and packet captures, taken as one clock. */
export const NETWORK = 'the network telemetry'
/** Fewer matches say nothing. */
export const MIN_MATCHES = 5
/** What logging itself takes is no skew: Sysmon and the Security log tell of a connection up to about a second later. */
const LOGGING_DELAY = 1
/** Times of one connection on one clock; more apart they are two connections of the same ports. */
const SAME_CONNECTION = 60_000_000
/** More reporters of one connection than its two ends and the network are names that somebody made up, or addresses used twice. */
const MAX_REPORTERS = 3

/** Larger than what logging takes, and than what the matches differ by. */
export const isNotable = ({ ahead, spread }: ClockSkew): boolean => ahead >= LOGGING_DELAY && ahead > 2 * spread

/** One clock's word on a connection or logon. */
interface Report {
  readonly clock: string
  first: number
  last: number
  readonly next: Report | undefined
}

/** The largest first. Costs one entry for each connection of which the other end reports, too; the facts are bounded where they are kept (fold.ts). */
export function estimateSkews(graph: Pick<Graph, 'connections' | 'logons' | 'hostNamed' | 'hostAt'>): ClockSkew[] {
  const hasNetwork = graph.connections.some((one) => one.onWire === 'begun')
  const connections = new Reports()
  const callers = new Reports()
  const logons = new Reports()
  for (const one of graph.logons) {
    const key = logonKey(one, graph.hostNamed(one.host, one.time))
    if (key !== undefined) logons.add(key, graph.hostNamed(one.host, one.time)!.name, one.time)
  }
  for (const one of graph.connections) {
    if (!isWhole(one)) continue
    const here = graph.hostNamed(one.host, one.time)
    const there = graph.hostAt(one.remoteAddress, one.time)
    if (!here || here === there) continue
    const clock = one.onWire ? NETWORK : here.name
    if (one.onWire || hasNetwork || there?.kinds.has('connection')) connections.add(tupleKey(one), clock, one.time)
    const isCaller = one.direction === 'outbound'
    const server = isCaller ? there : here
    if (!server || server.name === clock) continue
    const key = isCaller
      ? portKey(one.localAddress, one.localPort, server)
      : portKey(one.remoteAddress, one.remotePort, server)
    if (logons.has(key)) callers.add(key, clock, one.time)
  }
  const pairs = new Pairs()
  for (const reports of connections.unambiguous())
    for (let one = reports; one; one = one.next as Report)
      for (let other = one.next; other; other = other.next) pairs.add('connections', one, other)
  for (const [key, newest] of callers.entries()) {
    const logon = logons.get(key)
    if (!logon || logon.next || !isOne(logon)) continue
    for (let caller: Report | undefined = newest; caller; caller = caller.next)
      if (isOne(caller)) pairs.add('logons', caller, logon)
  }
  return pairs.skews()
}

const isWhole = (one: Connection): boolean =>
  one.onWire !== 'ended' &&
  one.protocol === 'tcp' &&
  Number.isFinite(one.time) &&
  one.localPort > 0 &&
  one.remotePort > 0 &&
  isHostAddress(one.localAddress) &&
  isHostAddress(one.remoteAddress)

/** Both ends in an order of their own: who is called the local end depends on who tells. */
function tupleKey(one: Connection): string {
  const local = `${plainAddress(one.localAddress)} ${one.localPort}`
  const remote = `${plainAddress(one.remoteAddress)} ${one.remotePort}`
  return local < remote ? `${local} ${remote}` : `${remote} ${local}`
}

const portKey = (address: string, port: number, server: HostNode): string =>
  `${plainAddress(address)} ${port} ${server.name}`

function logonKey(logon: Logon, server: HostNode | undefined): string | undefined {
  const { address, port, time } = logon
  if (!isNetworkLogon(logon) || !server || !port || !isHostAddress(address)) return undefined
  return Number.isFinite(time) ? portKey(address, port, server) : undefined
}

const isOne = ({ first, last }: Report): boolean => last - first <= SAME_CONNECTION

/** What each clock says of each connection. Reports of one key are linked, since most keys have two at most. */
class Reports {
  readonly #byKey = new Map<string, Report>()

  has(key: string): boolean {
    return this.#byKey.has(key)
  }

  get(key: string): Report | undefined {
    return this.#byKey.get(key)
  }

  entries(): Iterable<[string, Report]> {
    return this.#byKey.entries()
  }

  add(key: string, clock: string, time: number): void {
    const newest = this.#byKey.get(key)
    for (let one = newest; one; one = one.next) {
      if (one.clock !== clock) continue
      one.first = Math.min(one.first, time)
      one.last = Math.max(one.last, time)
      return
    }
    this.#byKey.set(key, { clock, first: time, last: time, next: newest })
  }

  /** The linked reports of each key that is one connection on every clock. */
  *unambiguous(): Iterable<Report> {
    for (const newest of this.#byKey.values()) {
      let reporters = 0
      let isClear = true
      for (let one: Report | undefined = newest; one; one = one.next) {
        reporters++
        isClear &&= isOne(one)
      }
      if (isClear && reporters > 1 && reporters <= MAX_REPORTERS) yield newest
    }
  }
}

interface Pair {
  /** in the order of their names */
  readonly a: string
  readonly b: string
  /** µs that `a` is ahead of `b` */
  readonly connections: number[]
  readonly logons: number[]
}

class Pairs {
  readonly #byNames = new Map<string, Pair>()

  add(kind: 'connections' | 'logons', one: Report, other: Report): void {
    const [a, b] = one.clock < other.clock ? [one, other] : [other, one]
    const key = `${a.clock}\u0000${b.clock}`
    let pair = this.#byNames.get(key)
    if (!pair) this.#byNames.set(key, (pair = { a: a.clock, b: b.clock, connections: [], logons: [] }))
    pair[kind].push(a.first - b.first)
  }

  skews(): ClockSkew[] {
    return [...this.#byNames.values()].flatMap(skewOf).sort((x, y) => y.ahead - x.ahead || compare(x, y))
  }
}

const compare = (x: ClockSkew, y: ClockSkew): number =>
  x.host < y.host ? -1 : x.host > y.host ? 1 : x.other < y.other ? -1 : 1

/** A logon comes a moment after its connection, so that logons count only where connections are too few. */
function skewOf({ a, b, connections, logons }: Pair): ClockSkew[] {
  const hasEnough = connections.length >= MIN_MATCHES
  const differences = hasEnough ? connections : [...connections, ...logons]
  if (differences.length < MIN_MATCHES) return []
  const middle = median(differences)
  const spread = median(differences.map((one) => Math.abs(one - middle)))
  const names = middle < 0 ? { host: b, other: a } : { host: a, other: b }
  return [
    {
      ...names,
      ahead: Math.abs(middle) / 1e6,
      spread: spread / 1e6,
      connections: connections.length,
      logons: hasEnough ? 0 : logons.length,
    },
  ]
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
