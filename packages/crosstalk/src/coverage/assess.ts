// What the telemetry at hand can show of T1559 and what it cannot: analytics fed or blind per host, rules fed, and the settings that would open the eyes.
import { type LogSource, satisfies } from '@crosstalk/sigma/match'
import type { InventoryEntry } from './inventory.ts'
import { REQUIREMENTS, type Requirement } from './patterns.ts'
import { DATA_SOURCES, type DataSource } from './requirements.ts'
import { type Silence, silences } from './silences.ts'
import { type Channels, channelKey, type Expected, expectedVolume, observedChannels, perDay } from './volume.ts'

export interface SourceCoverage {
  source: DataSource
  /** hosts that report it, with the number of events, and how many that is a day where the telemetry tells */
  hosts: { host: string; count: number; perDay?: number }[]
  /** hosts of its platform that do not */
  missing: string[]
  /** of these, hosts that report it without the field that it counts by */
  lacking: { host: string; field: string; count: number }[]
  /** what one more host would bring a day, by the setting that turns it on */
  expected: { sysmon?: Expected; commands?: Expected; auditd?: Expected; eslogger?: Expected }
}

/** Events of one kind, and how many that is a day where the telemetry tells. */
export type CountedEntry = Omit<InventoryEntry, 'days'> & { perDay?: number }

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
    channels: { channel: string; count: number; first: number; last: number; perDay?: number }[]
  }[]
  sources: SourceCoverage[]
  patterns: PatternCoverage[]
  rules: { fed: number; blind: { title: string; logSource: LogSource }[] }
  silences: Silence[]
  entries: CountedEntry[]
}

export interface RuleSource {
  title: string
  logSource: LogSource
}

export function assessCoverage(entries: readonly InventoryEntry[], rules: readonly RuleSource[]): CoverageReport {
  const channels = observedChannels(entries)
  const hosts = summariseHosts(entries, channels)
  const sources = DATA_SOURCES.filter((source) => hosts.some((host) => host.platform === source.platform)).map(
    (source) => coverSource(source, entries, hosts, channels),
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
    entries: entries.map(({ days: _, ...entry }) => ({
      ...entry,
      perDay: perDay(entry.count, timeOf(entry, channels)),
    })),
  }
}

const timeOf = ({ host, channel }: { host: string; channel: string }, channels: Channels) =>
  channels.get(channelKey(host, channel)) ?? Number.NaN

function platformOf(entry: InventoryEntry): string {
  return entry.logSources.find((one) => one.product)?.product ?? 'unknown'
}

function summariseHosts(entries: readonly InventoryEntry[], channels: Channels): CoverageReport['hosts'] {
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
  for (const host of hosts.values())
    for (const channel of host.channels)
      channel.perDay = perDay(channel.count, timeOf({ host: host.host, channel: channel.channel }, channels))
  return [...hosts.values()]
}

/** The kinds of events of a source that such an entry is of, with or without the field that they count by. */
const kindsOf = (source: DataSource, entry: InventoryEntry) =>
  source.shownBy.filter(
    ({ channel, eventIds }) =>
      channel.test(entry.channel) && (!eventIds || eventIds.some((id) => String(id) === String(entry.eventId))),
  )

function coverSource(
  source: DataSource,
  entries: readonly InventoryEntry[],
  hosts: CoverageReport['hosts'],
  channels: Channels,
): SourceCoverage {
  const shown = new Map<string, { count: number; perDay?: number }>()
  const lacking = new Map<string, SourceCoverage['lacking'][number]>()
  for (const entry of entries) {
    const kinds = kindsOf(source, entry)
    if (!kinds.length) continue
    const { host, count } = entry
    const missed = kinds.every(({ field }) => field && !entry.fields.includes(field)) ? kinds[0].field : undefined
    if (missed) {
      lacking.set(host, { host, field: missed, count: (lacking.get(host)?.count ?? 0) + count })
      continue
    }
    const known = shown.get(host)
    const rate = perDay(count, timeOf(entry, channels))
    shown.set(host, {
      count: (known?.count ?? 0) + count,
      perDay: rate === undefined ? known?.perDay : (known?.perDay ?? 0) + rate,
    })
  }
  const settings = (['sysmon', 'commands', 'auditd', 'eslogger'] as const).filter((setting) => source[setting])
  return {
    source,
    hosts: [...shown].map(([host, told]) => ({ host, ...told })),
    missing: hosts.filter((one) => one.platform === source.platform && !shown.has(one.host)).map((one) => one.host),
    lacking: [...lacking.values()].filter(({ host }) => !shown.has(host)),
    expected: Object.fromEntries(
      settings.map((setting) => [setting, expectedVolume(source, setting, entries, channels)]),
    ),
  }
}

function coverPattern(requirement: Requirement, present: ReadonlySet<string>): PatternCoverage {
  const fed = requirement.needs.some((id) => present.has(id))
  const missing = [...(fed ? [] : requirement.needs), ...requirement.helps.filter((id) => !present.has(id))]
  return { ...requirement, status: !fed ? 'blind' : missing.length ? 'partial' : 'fed', missing }
}
