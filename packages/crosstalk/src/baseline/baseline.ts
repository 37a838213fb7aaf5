// What is normal here: habits read from telemetry of ordinary days, kept as counts by name. A habit is a sentence such as "services.exe starts
// svchost.exe" or "10.0.0.9 opens svcctl on a host"; nothing in it identifies a single event. Learned from a graph, merged, compared with another.
import type { Fact } from '../facts/fact.ts'
import { isHostAddress, plainAddress } from '../graph/address-claims.ts'
import { type Graph, imageName, MINUTE } from '../graph/graph.ts'
import { isNetworkLogon } from '../graph/sessions.ts'

/** File format; raised when its meaning changes. */
export const BASELINE_VERSION = 1
/** At most this many habits are kept; the rarest go first and are counted. */
export const MAX_HABITS = 200_000

export interface Habit {
  /** how often it was seen */
  count: number
  /** on how many hosts */
  hosts: number
  /** on how many days (UTC) */
  days: number
}

export interface Baseline {
  version: typeof BASELINE_VERSION
  /** ISO 8601, of the telemetry it was learned from */
  from: string
  to: string
  hosts: string[]
  habits: Record<string, Habit>
  /** habits that were left out because of the bound */
  forgotten: number
}

const DAY = 24 * 60 * MINUTE

/** Numbers, hex runs and GUIDs in a name vary from run to run: `mojo.1234.5678` is the habit `mojo.#.#`. */
export const generalName = (name: string) =>
  name
    .toLowerCase()
    .replace(/\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?/g, '{guid}')
    .replace(/[0-9a-f]{12,}/g, '#')
    .replace(/\d+/g, '#')

/** The habits that a fact is an instance of; empty for facts that say nothing about habits. */
export function habitsOf(fact: Fact, graph: Graph): string[] {
  switch (fact.kind) {
    case 'process-started':
      return [`lineage ${imageName(fact.parent.image) || '?'} > ${imageName(fact.process.image) || '?'}`]
    case 'connection': {
      if (fact.direction === 'inbound') {
        const from = isHostAddress(fact.remoteAddress) ? plainAddress(fact.remoteAddress) : 'local'
        return [
          `inbound ${imageName(fact.process.image) || '?'} < ${from}:${portClass(fact.localPort)}`,
          `caller ${from} > ${hostName(fact, graph)}:${portClass(fact.localPort)}`,
        ]
      }
      return [`outbound ${imageName(fact.process.image) || '?'} > ${portClass(fact.remotePort)}`]
    }
    case 'observation':
      return [
        `channel ${fact.channel.kind} ${fact.act} ${generalName(fact.channel.name)} by ${imageName(fact.actor?.image) || fact.account?.name?.toLowerCase() || '?'}${fact.peer?.address ? ` from ${plainAddress(fact.peer.address)}` : ''}`,
      ]
    case 'effect':
      return [`effect ${fact.what} ${generalName(fact.name)}`]
    case 'logon':
      return isNetworkLogon(fact) && fact.address
        ? [
            `logon ${fact.account.name?.toLowerCase() ?? '?'} > ${hostName(fact, graph)} from ${plainAddress(fact.address)}`,
          ]
        : []
    default:
      return []
  }
}

const hostName = (fact: Fact, graph: Graph) => graph.hostNamed(fact.host, fact.time)?.name ?? fact.host
const portClass = (port: number) => (port >= 49_152 ? 'dynamic' : String(port))

/** Learns from everything in a graph. */
export function learnBaseline(graph: Graph, facts: Iterable<Fact>): Baseline {
  const seen = new Map<string, { count: number; hosts: Set<string>; days: Set<number> }>()
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  for (const fact of facts) {
    if (fact.time < from) from = fact.time
    if (fact.time > to) to = fact.time
    for (const habit of habitsOf(fact, graph)) {
      let known = seen.get(habit)
      if (!known) seen.set(habit, (known = { count: 0, hosts: new Set(), days: new Set() }))
      known.count++
      known.hosts.add(hostName(fact, graph))
      if (Number.isFinite(fact.time)) known.days.add(Math.floor(fact.time / DAY))
    }
  }
  const ordered = [...seen].sort((a, b) => b[1].count - a[1].count || (a[0] < b[0] ? -1 : 1))
  const kept = ordered.slice(0, MAX_HABITS).sort((a, b) => (a[0] < b[0] ? -1 : 1))
  return {
    version: BASELINE_VERSION,
    from: Number.isFinite(from) ? new Date(from / 1000).toISOString() : '',
    to: Number.isFinite(to) ? new Date(to / 1000).toISOString() : '',
    hosts: [...graph.hosts.keys()].sort(),
    habits: Object.fromEntries(
      kept.map(([habit, { count, hosts, days }]) => [habit, { count, hosts: hosts.size, days: days.size }]),
    ),
    forgotten: ordered.length - kept.length,
  }
}

/** A habit that several days or hosts share is normal; one that was seen once may itself have been an attack. */
export const isNormal = (habit: Habit | undefined) =>
  !!habit && (habit.days >= 3 || habit.hosts >= 3 || habit.count >= 20)

/** Parses a baseline file; throws BaselineError when it is none. */
export function parseBaseline(text: string, file: string): Baseline {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw new BaselineError(
      `${file} is not JSON (${(error as Error).message}); make a baseline with: crosstalk baseline learn <path…> --out ${file}`,
    )
  }
  const value = parsed as Partial<Baseline>
  if (value === null || typeof value !== 'object' || typeof value.habits !== 'object' || value.habits === null)
    throw new BaselineError(
      `${file} is no baseline: it has no habits; make one with: crosstalk baseline learn <path…> --out ${file}`,
    )
  if (value.version !== BASELINE_VERSION)
    throw new BaselineError(
      `${file} is a baseline of version ${value.version}, and this Crosstalk reads version ${BASELINE_VERSION}: learn it again`,
    )
  for (const [name, habit] of Object.entries(value.habits)) {
    if (typeof habit?.count !== 'number' || typeof habit.hosts !== 'number' || typeof habit.days !== 'number')
      throw new BaselineError(`${file}: the habit ${JSON.stringify(name)} lacks count, hosts or days`)
  }
  return {
    version: BASELINE_VERSION,
    from: value.from ?? '',
    to: value.to ?? '',
    hosts: value.hosts ?? [],
    habits: value.habits,
    forgotten: value.forgotten ?? 0,
  }
}

export class BaselineError extends Error {
  override name = 'BaselineError'
}

export interface BaselineDifference {
  added: string[]
  gone: string[]
  /** seen at least ten times as often, or a tenth */
  changed: { habit: string; before: number; after: number }[]
}

/** What two baselines differ in, by name. */
export function compareBaselines(before: Baseline, after: Baseline): BaselineDifference {
  const added = Object.keys(after.habits).filter((habit) => !Object.hasOwn(before.habits, habit))
  const gone = Object.keys(before.habits).filter((habit) => !Object.hasOwn(after.habits, habit))
  const changed = Object.entries(before.habits).flatMap(([habit, { count }]) => {
    const now = Object.hasOwn(after.habits, habit) ? after.habits[habit].count : undefined
    return now !== undefined && (now >= count * 10 || now * 10 <= count) ? [{ habit, before: count, after: now }] : []
  })
  return { added, gone, changed }
}
