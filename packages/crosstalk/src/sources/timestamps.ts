// Times as telemetry writes them, made microseconds since 1970-01-01T00:00:00Z at the precision that they have (finer digits are cut off).
import { parseEpochSeconds } from './epoch-seconds.ts'
import { offsetAt, type Zone } from './local-zone.ts'

/** Largest microsecond count that JavaScript dates can hold (ECMA-262, 21.4.1.1). */
const MAX_TIME = 8.64e18

/**
 * ISO 8601 and its kin in ASCII bytes: `2020-08-05T06:09:27.5681234Z`, a space for the T, a comma for the point, `+02:00` or `+0200` or `+02` or ` UTC`
 * as zone. Without one it is on the wall clock of `zone`. NaN when it is no such time.
 */
export function parseIsoBytes(bytes: Uint8Array, start: number, end: number, zone: Zone): number {
  if (end - start < 16 || end - start > 40) return Number.NaN
  const year = number4(bytes, start)
  const month = number2(bytes, start + 5)
  const day = number2(bytes, start + 8)
  const hour = number2(bytes, start + 11)
  const minute = number2(bytes, start + 14)
  const middle = bytes[start + 10]
  if (bytes[start + 4] !== 0x2d || bytes[start + 7] !== 0x2d || bytes[start + 13] !== 0x3a) return Number.NaN
  if (middle !== 0x54 && middle !== 0x20 && middle !== 0x74) return Number.NaN
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 24 && minute <= 59 && year >= 0))
    return Number.NaN
  let at = start + 16
  let second = 0
  let fraction = 0
  if (bytes[at] === 0x3a && at < end) {
    second = number2(bytes, at + 1)
    if (!(second <= 60) || at + 3 > end) return Number.NaN
    at += 3
    if (at < end && (bytes[at] === 0x2e || bytes[at] === 0x2c)) {
      let unit = 100_000
      for (at++; at < end && isDigit(bytes[at]); at++) {
        fraction += (bytes[at] - 0x30) * unit
        unit = unit >= 10 ? unit / 10 : 0
      }
    }
  }
  while (at < end && bytes[at] === 0x20) at++
  const local = (daysFrom1970(year, month, day) * 24 + hour) * 60 + minute
  const offset = at < end ? writtenOffset(bytes, at, end) : typeof zone === 'number' ? zone : offsetAt(zone, local)
  return ((local - offset) * 60 + second) * 1_000_000 + fraction
}

/** Minutes east of UTC of the zone written in [at, end); NaN when what stands there is no zone. */
function writtenOffset(bytes: Uint8Array, at: number, end: number): number {
  const sign = bytes[at]
  const left = end - at
  if ((sign === 0x5a || sign === 0x7a) && left === 1) return 0
  if (left === 3 && (sign | 32) === 0x75)
    return (bytes[at + 1] | 32) === 0x74 && (bytes[at + 2] | 32) === 0x63 ? 0 : Number.NaN
  if (sign !== 0x2b && sign !== 0x2d) return Number.NaN
  const hours = number2(bytes, at + 1)
  const colon = bytes[at + 3] === 0x3a && left > 3 ? 1 : 0
  const minutes = left === 3 ? 0 : number2(bytes, at + 3 + colon)
  if (left !== 3 && left !== 5 + colon) return Number.NaN
  return (sign === 0x2d ? -1 : 1) * (hours * 60 + minutes)
}

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39

function number2(bytes: Uint8Array, at: number): number {
  const tens = bytes[at] - 0x30
  const ones = bytes[at + 1] - 0x30
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

const number4 = (bytes: Uint8Array, at: number): number => number2(bytes, at) * 100 + number2(bytes, at + 2)

/** Days since 1970-01-01 in the proleptic Gregorian calendar (days_from_civil, H. Hinnant, "chrono-compatible low-level date algorithms"). */
function daysFrom1970(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const ofEra = y - era * 400
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468
}

/** month/day/year as Windows tools write it in English, with or without AM/PM: `8/5/2020, 6:09:27.568 AM` */
const AMERICAN =
  /^(\d{1,2})\/(\d{1,2})\/(\d{4}),?\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*([AaPp][Mm])?\s*(.*)$/
/** ConvertTo-Json of Windows PowerShell 5 */
const DATE_CALL = /^\/Date\((-?\d{1,17})\)\/$/

/**
 * The time that a value tells, whatever its form: those of parseIsoBytes, `8/5/2020 6:09:27 AM`, `/Date(1596607767568)/`, and a count since 1970 in seconds
 * (with a fraction), milli-, micro- or nanoseconds, or since 1601 in 100 ns (told apart by size). NaN when it tells none.
 */
export function parseTime(value: string | number | bigint, zone: Zone): number {
  if (typeof value !== 'string') return fromCount(value)
  const text = value.trim()
  const bytes = Buffer.from(text.slice(0, 64), 'latin1')
  const iso = parseIsoBytes(bytes, 0, bytes.length, zone)
  if (!Number.isNaN(iso)) return iso
  if (/^\d{9,11}\.\d+$/.test(text)) return parseEpochSeconds(bytes, 0, bytes.length)
  if (/^-?\d{1,19}(\.\d+)?$/.test(text))
    return fromCount(text.length < 16 || text.includes('.') ? Number(text) : BigInt(text))
  const call = DATE_CALL.exec(text)
  if (call) return Number(call[1]) * 1000
  const american = AMERICAN.exec(text)
  return american ? fromAmerican(american, zone) : Number.NaN
}

function fromAmerican(parts: RegExpExecArray, zone: Zone): number {
  const [, month, day, year, hour, minute, second = '00', fraction = '0', half, written] = parts
  let hours = Number(hour)
  if (half) hours = (hours % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
  const two = (part: string | number): string => String(part).padStart(2, '0')
  const iso = `${year}-${two(month)}-${two(day)}T${two(hours)}:${minute}:${second}.${fraction}${written.trim()}`
  const bytes = Buffer.from(iso, 'latin1')
  return parseIsoBytes(bytes, 0, bytes.length, zone)
}

function fromCount(value: number | bigint): number {
  const count = Number(value)
  const size = Math.abs(count)
  if (!(size > 0)) return Number.NaN
  // 10^11 s is the year 5138; 10^11 ms is 1973. A fraction in a double is off by less than half a microsecond: rounding finds it.
  if (size < 1e11) return Math.round(count * 1e6)
  if (size < 1e14) return Math.round(count * 1e3)
  if (size < 1e17) return Math.trunc(count)
  if (!(size < MAX_TIME)) return Number.NaN
  // These are larger than what a double holds exactly.
  const exact = BigInt(value)
  // FILETIME: 100 ns since 1601; 1.16e17 of them is 1970, 1.6e17 is 2108. Nanoseconds since 1970 passed that in 1975.
  return size < 2e17 ? Number(exact / 10n) - 11_644_473_600_000_000 : Number(exact / 1000n)
}
