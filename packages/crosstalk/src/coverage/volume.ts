// How many events a day: what was observed, over the time that was observed. And what a setting would bring that is not on yet: what the hosts bring
// that have it, or a kind of event of the same host that comes as often. Where the telemetry does not allow an estimate there is none.
import type { InventoryEntry } from './inventory.ts'
import type { DataSource } from './requirements.ts'

const DAY = 86_400_000_000
/** Less than this says nothing about a day. */
const LEAST_TIME = DAY / 24
const LEAST_EVENTS = 10

/**
 * Time that a channel of a host was observed (µs): from its first event to its last, without the days on which the host reported nothing at all, so that logs
 * of single days far apart do not count as years. NaN: too short, or too few events, to tell of a day.
 */
export function observedTime({
  count,
  first,
  last,
  days,
}: Pick<InventoryEntry, 'count' | 'first' | 'last' | 'days'>): number {
  const time = days ? timeOnDays(first, last, days) : last - first
  return count >= LEAST_EVENTS && time >= LEAST_TIME ? time : Number.NaN
}

function timeOnDays(first: number, last: number, days: readonly number[]): number {
  let time = 0
  for (const day of days) time += Math.max(0, Math.min(last, (day + 1) * DAY) - Math.max(first, day * DAY))
  return time
}

/** Events a day; undefined where the observed time does not tell. Small rates keep one decimal. */
export function perDay(count: number, observed: number): number | undefined {
  const rate = (count * DAY) / observed
  return Number.isFinite(rate) ? rounded(rate) : undefined
}

export type Channels = ReadonlyMap<string, number>
/** The observed time of each host's channels, by `channelKey`. */
export const channelKey = (host: string, channel: string) => `${host}|${channel}`.toLowerCase()

export function observedChannels(entries: readonly InventoryEntry[]): Channels {
  const spans = new Map<string, Pick<InventoryEntry, 'count' | 'first' | 'last' | 'days'>>()
  for (const { host, channel, count, first, last, days } of entries) {
    const key = channelKey(host, channel)
    const known = spans.get(key)
    if (!known) spans.set(key, { count, first, last, days })
    else {
      known.count += count
      if (!(known.first <= first)) known.first = first
      if (!(known.last >= last)) known.last = last
    }
  }
  return new Map([...spans].map(([key, span]) => [key, observedTime(span)]))
}

/** What one host would bring a day. */
export interface Expected {
  /** the middle of the hosts it was learned from, and the most of them */
  perDay: number
  most: number
  /** `hosts`: the middle of what hosts bring that have it; `alike`: a kind of event that comes as often, on hosts that lack only a field of it */
  from: 'hosts' | 'alike'
  /** how many hosts it was learned from */
  hosts: number
}

type Setting = 'sysmon' | 'commands' | 'auditd' | 'eslogger'
type Kind = DataSource['shownBy'][number]

const isSysmon = (kind: Kind) => kind.channel.test('Microsoft-Windows-Sysmon/Operational')
const matches = (kind: Kind, entry: InventoryEntry) =>
  kind.channel.test(entry.channel) &&
  (!kind.eventIds || kind.eventIds.some((id) => String(id) === String(entry.eventId)))

/** What turning a source on by one of its settings would bring, a host and day. Sysmon and the audit policy tell of the same things in different numbers. */
export function expectedVolume(
  source: DataSource,
  setting: Setting,
  entries: readonly InventoryEntry[],
  channels: Channels,
): Expected | undefined {
  const kinds = source.shownBy.filter(
    (kind) => source.platform !== 'windows' || isSysmon(kind) === (setting === 'sysmon'),
  )
  const has = (kind: Kind, entry: InventoryEntry) => !kind.field || entry.fields.includes(kind.field)
  const shown = ratesOf(entries, channels, (entry) => kinds.some((kind) => matches(kind, entry) && has(kind, entry)))
  if (shown.length) return { ...spread(shown), from: 'hosts', hosts: shown.length }
  const alike = ratesOf(entries, channels, (entry) => source.shownBy.some((kind) => kind.field && matches(kind, entry)))
  return alike.length ? { ...spread(alike), from: 'alike', hosts: alike.length } : undefined
}

/** Events a day of each host whose telemetry tells. */
function ratesOf(
  entries: readonly InventoryEntry[],
  channels: Channels,
  counts: (entry: InventoryEntry) => boolean,
): number[] {
  const rates = new Map<string, number>()
  for (const entry of entries) {
    if (!counts(entry)) continue
    const rate = (entry.count * DAY) / (channels.get(channelKey(entry.host, entry.channel)) ?? Number.NaN)
    if (Number.isFinite(rate)) rates.set(entry.host, (rates.get(entry.host) ?? 0) + rate)
  }
  return [...rates.values()]
}

/** The median (of an even number the lower one), and the most. */
function spread(rates: number[]): { perDay: number; most: number } {
  const sorted = rates.sort((a, b) => a - b)
  return { perDay: rounded(sorted[(sorted.length - 1) >> 1]), most: rounded(sorted.at(-1)!) }
}

const rounded = (rate: number) => (rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate))
