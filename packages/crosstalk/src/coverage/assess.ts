// What the telemetry at hand can show of T1559 and what it cannot: analytics fed or blind per host, rules fed, and the settings that would open the eyes.
import { type LogSource, satisfies } from '@crosstalk/sigma/match'
import { type InventoryEntry, type Silence, silences } from './inventory.ts'
import { DATA_SOURCES, type DataSource, REQUIREMENTS, type Requirement } from './requirements.ts'

export interface SourceCoverage {
  source: DataSource
  /** hosts that report it, with the number of events */
  hosts: { host: string; count: number }[]
  /** hosts of its platform that do not */
  missing: string[]
}

export interface PatternCoverage extends Requirement {
  /** fed: everything it needs and all that helps; partial: what it needs; blind: nothing of it */
  status: 'fed' | 'partial' | 'blind'
  missing: string[]
}

export interface CoverageReport {
  hosts: {
    host: string
    platform: string
    events: number
    first: number
    last: number
    channels: { channel: string; count: number; first: number; last: number }[]
  }[]
  sources: SourceCoverage[]
  patterns: PatternCoverage[]
  rules: { fed: number; blind: { title: string; logSource: LogSource }[] }
  silences: Silence[]
  entries: InventoryEntry[]
}

export interface RuleSource {
  title: string
  logSource: LogSource
}

export function assessCoverage(entries: readonly InventoryEntry[], rules: readonly RuleSource[]): CoverageReport {
  const hosts = summariseHosts(entries)
  const sources = DATA_SOURCES.filter((source) => hosts.some((host) => host.platform === source.platform)).map(
    (source) => coverSource(source, entries, hosts),
  )
  const present = new Set(sources.filter((one) => one.hosts.length).map((one) => one.source.id))
  const platforms = new Set(hosts.map((host) => host.platform))
  const patterns = REQUIREMENTS.filter((one) => platforms.has(one.platform)).map((one) => coverPattern(one, present))
  const logSources = [
    ...new Map(entries.flatMap((entry) => entry.logSources).map((one) => [JSON.stringify(one), one])).values(),
  ]
  const isFed = (rule: RuleSource) => logSources.some((one) => satisfies(one, rule.logSource))
  return {
    hosts,
    sources,
    patterns,
    rules: {
      fed: rules.filter(isFed).length,
      blind: rules.filter((rule) => !isFed(rule)).map(({ title, logSource }) => ({ title, logSource })),
    },
    silences: silences(entries),
    entries: [...entries],
  }
}

function platformOf(entry: InventoryEntry): string {
  return entry.logSources.find((one) => one.product)?.product ?? 'unknown'
}

function summariseHosts(entries: readonly InventoryEntry[]): CoverageReport['hosts'] {
  const hosts = new Map<string, CoverageReport['hosts'][number]>()
  for (const entry of entries) {
    let host = hosts.get(entry.host)
    if (!host)
      hosts.set(
        entry.host,
        (host = {
          host: entry.host,
          platform: platformOf(entry),
          events: 0,
          first: Number.NaN,
          last: Number.NaN,
          channels: [],
        }),
      )
    host.events += entry.count
    if (!(host.first <= entry.first)) host.first = entry.first
    if (!(host.last >= entry.last)) host.last = entry.last
    const channel = host.channels.find((one) => one.channel === entry.channel)
    if (!channel)
      host.channels.push({ channel: entry.channel, count: entry.count, first: entry.first, last: entry.last })
    else {
      channel.count += entry.count
      if (!(channel.first <= entry.first)) channel.first = entry.first
      if (!(channel.last >= entry.last)) channel.last = entry.last
    }
  }
  return [...hosts.values()]
}

function shows(source: DataSource, entry: InventoryEntry): boolean {
  return source.shownBy.some(
    ({ channel, eventIds, field }) =>
      channel.test(entry.channel) &&
      (!eventIds || eventIds.some((id) => String(id) === String(entry.eventId))) &&
      (!field || entry.fields.includes(field)),
  )
}

function coverSource(
  source: DataSource,
  entries: readonly InventoryEntry[],
  hosts: CoverageReport['hosts'],
): SourceCoverage {
  const counts = new Map<string, number>()
  for (const entry of entries)
    if (shows(source, entry)) counts.set(entry.host, (counts.get(entry.host) ?? 0) + entry.count)
  return {
    source,
    hosts: [...counts].map(([host, count]) => ({ host, count })),
    missing: hosts.filter((one) => one.platform === source.platform && !counts.has(one.host)).map((one) => one.host),
  }
}

function coverPattern(requirement: Requirement, present: ReadonlySet<string>): PatternCoverage {
  const fed = requirement.needs.some((id) => present.has(id))
  const missing = [...(fed ? [] : requirement.needs), ...requirement.helps.filter((id) => !present.has(id))]
  return { ...requirement, status: !fed ? 'blind' : missing.length ? 'partial' : 'fed', missing }
}
