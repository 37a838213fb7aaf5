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
  if (typeof value === 'number' && value > Number.MAX_SAFE_INTEGER)
    return parseTime(exactInteger(event, slot, value), zone)
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
    ? parseTime(value, zone)
    : Number.NaN
}

/** Nanoseconds since 1970 are more than a double holds: read from the digits as they stand. */
function exactInteger({ bytes, starts, ends, firstExtra }: JsonEvent, slot: number, value: number): number | bigint {
  const digits = slot < firstExtra ? bytes.toString('latin1', starts[slot], ends[slot]) : ''
  return /^\d{16,20}$/.test(digits) ? BigInt(digits) : value
}
