// What telemetry there is: per host and channel, which event ids with which fields, how many, from when to when. Plain data; parts of a run add up in any order.
import type { LogSource } from '@crosstalk/sigma'
import { hostKeys } from '../graph/host-names.ts'

/** Events of one kind from one host. */
export interface InventoryEntry {
  host: string
  channel: string
  eventId: number | string
  format: string
  logSources: readonly LogSource[]
  /** field names that such events have */
  fields: readonly string[]
  count: number
  /** µs since 1970 UTC; NaN when no event had a time */
  first: number
  last: number
  /** UTC days since 1970 on which there were any; of `entries()`: on which its host reported anything. Undefined: not known */
  days?: readonly number[]
}

/** Days that are remembered, of all hosts together; of hosts that have more it is not known on which they reported. */
const MAX_DAYS = 500_000

/** More kinds than this are counted together under the channel's name: hostile telemetry invents ids. */
export const MAX_ENTRIES = 20_000

export interface Inventory {
  add(entries: readonly InventoryEntry[]): void
  /** Hosts bear one name each, whichever of their events spelt it how. */
  entries(): InventoryEntry[]
  /** events of kinds beyond the bound */
  readonly uncounted: number
}

export function createInventory(): Inventory {
  const byKey = new Map<string, InventoryEntry>()
  const daysOf = new Map<string, Set<number>>()
  let days = 0
  let uncounted = 0
  const addDays = (host: string, more: readonly number[]) => {
    let known = daysOf.get(host)
    if (!known) daysOf.set(host, (known = new Set()))
    const before = known.size
    for (const day of more) if (days < MAX_DAYS) known.add(day)
    days += known.size - before
  }
  return {
    add(entries) {
      for (const { days: told = [], ...one } of entries) {
        addDays(one.host, told)
        const key = `${one.host.toLowerCase()}|${one.channel.toLowerCase()}|${one.eventId}`
        const known = byKey.get(key)
        if (known) merge(known, one)
        else if (byKey.size < MAX_ENTRIES) byKey.set(key, { ...one })
        else uncounted += one.count
      }
    },
    entries: () =>
      named([...byKey.values()], days < MAX_DAYS ? daysOf : new Map()).sort(
        (a, b) =>
          compare(a.host, b.host) || compare(a.channel, b.channel) || compare(String(a.eventId), String(b.eventId)),
      ),
    get uncounted() {
      return uncounted
    },
  }
}

/** `WS1` and `ws1.corp.example` are one host here too. */
function named(entries: readonly InventoryEntry[], daysOf: ReadonlyMap<string, ReadonlySet<number>>): InventoryEntry[] {
  const keyOf = hostKeys(entries.map((one) => one.host))
  const days = new Map<string, Set<number>>()
  for (const [host, known] of daysOf) {
    const key = keyOf(host)
    days.set(key, new Set([...(days.get(key) ?? []), ...known]))
  }
  const sorted = new Map([...days].map(([host, known]) => [host, [...known].sort((a, b) => a - b)]))
  const byKey = new Map<string, InventoryEntry>()
  for (const one of entries) {
    const host = keyOf(one.host)
    const key = `${host}|${one.channel.toLowerCase()}|${one.eventId}`
    const known = byKey.get(key)
    if (known) merge(known, one)
    else byKey.set(key, { ...one, host, ...(sorted.get(host)?.length && { days: sorted.get(host) }) })
  }
  return [...byKey.values()]
}

const compare = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true })

function merge(known: InventoryEntry, one: InventoryEntry): void {
  known.count += one.count
  if (!(known.first <= one.first)) known.first = one.first
  if (!(known.last >= one.last)) known.last = one.last
  if (one.fields.some((field) => !known.fields.includes(field)))
    known.fields = [...new Set([...known.fields, ...one.fields])].sort()
}
