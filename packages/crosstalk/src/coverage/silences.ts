// Channels that fell silent while their host went on: a log that was stopped, or is no longer collected.
import type { InventoryEntry } from './inventory.ts'

export interface Silence {
  host: string
  channel: string
  /** µs: when the channel spoke last, and when its host did */
  last: number
  hostLast: number
}

/** No shorter silence says anything. */
const LEAST_SILENCE = 60 * 60 * 1_000_000
/** Fewer events make no steady stream. */
const LEAST_EVENTS = 50
/** A channel that speaks seldom is not silent yet: so many times the usual distance of its events must have gone by. */
const DISTANCES = 10

type Span = Pick<InventoryEntry, 'host' | 'channel' | 'count' | 'first' | 'last'>

/** Channels of at least 50 events whose host's last event is more than an hour later, and ten times the mean distance of their events. */
export function silences(entries: readonly InventoryEntry[]): Silence[] {
  const channels = new Map<string, Span>()
  const hosts = new Map<string, number>()
  for (const { host, channel, count, first, last } of entries) {
    if (!Number.isFinite(last)) continue
    hosts.set(host, Math.max(hosts.get(host) ?? last, last))
    const key = `${host}|${channel}`
    const known = channels.get(key)
    if (!known) channels.set(key, { host, channel, count, first, last })
    else {
      known.count += count
      known.first = Math.min(known.first, first)
      known.last = Math.max(known.last, last)
    }
  }
  return [...channels.values()].flatMap(({ host, channel, count, first, last }) => {
    const hostLast = hosts.get(host)!
    const usual = (last - first) / (count - 1)
    const isSilent = count >= LEAST_EVENTS && hostLast - last > Math.max(LEAST_SILENCE, DISTANCES * usual)
    return isSilent ? [{ host, channel, last, hostLast }] : []
  })
}
