// The time in a field of a JSON record, whatever its form.
import { ValueKind } from '@crosstalk/sigma/match'
import type { Zone } from '../local-zone.ts'
import { parseIsoBytes, parseTime } from '../timestamps.ts'
import type { JsonEvent } from './json-event.ts'

/** Microseconds since 1970 UTC; NaN when there is none. `zone`: of a value that names none. */
export function readTime(event: JsonEvent, slot: number, zone: Zone): number {
  if (slot < 0 || event.kinds[slot] === ValueKind.Absent) return Number.NaN
  if (event.kinds[slot] === ValueKind.Utf8) {
    const iso = parseIsoBytes(event.bytes, event.starts[slot], event.ends[slot], zone)
    if (!Number.isNaN(iso)) return iso
  }
  const value = event.value(slot)
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
    ? parseTime(value, zone)
    : Number.NaN
}
