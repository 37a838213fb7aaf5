// FILETIME (100 ns since 1601-01-01 UTC) and SYSTEMTIME (eight 16-bit fields), as numbers and as Windows prints them.

/** FILETIME of 1970-01-01, high and low word */
const EPOCH_HIGH = 27111902
const EPOCH_LOW = 3577643008
const SECONDS_1601_TO_1970 = 11644473600

function u32(bytes: Uint8Array, at: number): number {
  return (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0
}

/** Whole microseconds since 1970-01-01 UTC. Exact for every date that fits a safe integer (years up to 2255), rounded down. */
export function fileTimeToMicroseconds(low: number, high: number): number {
  const shifted = high - EPOCH_HIGH
  const tens = Math.floor(shifted / 10)
  return tens * 0x100000000 + Math.floor(((shifted - tens * 10) * 0x100000000 + low - EPOCH_LOW) / 10)
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}

/** The date of a day counted from 1601-01-01, proleptic Gregorian. Years past 9999 keep their last four digits. */
export function dateText(days: number): string {
  // Years of 400 are equal; within one, count from 1 March so that the leap day comes last.
  const shifted = days + 306
  const era = Math.floor(shifted / 146097)
  const dayOfEra = shifted - era * 146097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const month = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * month + 2) / 5) + 1
  const calendarMonth = month < 10 ? month + 3 : month - 9
  const year = 1600 + era * 400 + yearOfEra + (calendarMonth <= 2 ? 1 : 0)
  return `${pad(year % 10000, 4)}-${pad(calendarMonth, 2)}-${pad(day, 2)}`
}

/** `2019-05-14T01:29:04`, from seconds since 1601. */
function secondText(seconds: number): string {
  const days = Math.floor(seconds / 86400)
  const rest = seconds - days * 86400
  const hour = Math.floor(rest / 3600)
  const minute = Math.floor(rest / 60) % 60
  return `${dateText(days)}T${pad(hour, 2)}:${pad(minute, 2)}:${pad(rest % 60, 2)}`
}

/** As Windows prints a FILETIME: seven digits of fraction, UTC. One that is negative prints as zeroes. */
export function fileTimeText(bytes: Uint8Array, at: number): string {
  const low = u32(bytes, at)
  const high = u32(bytes, at + 4)
  if (high >= 0x80000000) return '0000-00-00T00:00:00.0000000Z'
  const time = (BigInt(high) << 32n) | BigInt(low)
  return `${secondText(Number(time / 10_000_000n))}.${pad(Number(time % 10_000_000n), 7)}Z`
}

/** As Windows prints a SYSTEMTIME; one that is no date prints as the first of 1601. */
export function systemTimeText(bytes: Uint8Array, at: number): string {
  const field = (index: number) => bytes[at + index * 2] | (bytes[at + index * 2 + 1] << 8)
  const [year, month, , day, hour, minute, second, millisecond] = [0, 1, 2, 3, 4, 5, 6, 7].map(field)
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  if (year < 1601 || year > 30827 || !days || day < 1 || day > days) return '1601-01-01T00:00:00.0000000Z'
  if (hour > 23 || minute > 59 || second > 59 || millisecond > 999) return '1601-01-01T00:00:00.0000000Z'
  const date = `${pad(year % 10000, 4)}-${pad(month, 2)}-${pad(day, 2)}`
  return `${date}T${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}.${pad(millisecond * 10000, 7)}Z`
}

/** The two words of the FILETIME of a moment in microseconds since 1970: [low, high]. */
export function microsecondsToFileTime(microseconds: number | bigint): [number, number] {
  const whole = typeof microseconds === 'bigint' ? microseconds : BigInt(Math.round(microseconds))
  const time = (whole + BigInt(SECONDS_1601_TO_1970) * 1_000_000n) * 10n
  return [Number(time & 0xffffffffn), Number((time >> 32n) & 0xffffffffn)]
}
