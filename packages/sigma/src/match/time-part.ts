// Parts of timestamps (specification, "Time Modifiers"), in UTC whatever the machine's zone is. Times with an offset are taken to UTC, those without one are UTC; as pySigma's SQLite
// backend and rsigma do.
import type { TimePart } from '../modifiers/values.ts'

/** `2026-01-31`, `2026-01-31 10:00`, `2026-01-31T10:00:05.123456Z`, `…+02:00`. */
const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s?(?:[Zz]|([+-])(\d\d):?(\d\d))?)?$/

/** undefined for text that is no time. Numbers are seconds since 1970, from 10¹¹ on milliseconds. */
export function timePartOf(text: string, part: TimePart): number | undefined {
  const time = timeOf(text.trim())
  if (time === undefined) return undefined
  const date = new Date(time)
  switch (part) {
    case 'minute':
      return date.getUTCMinutes()
    case 'hour':
      return date.getUTCHours()
    case 'day':
      return date.getUTCDate()
    case 'month':
      return date.getUTCMonth() + 1
    case 'year':
      return date.getUTCFullYear()
    case 'week':
      return weekOf(date)
  }
}

function timeOf(text: string): number | undefined {
  if (/^\d{1,14}(?:\.\d+)?$/.test(text)) return Number(text) < 1e11 ? Number(text) * 1000 : Number(text)
  const match = ISO.exec(text)
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((one) => Number(one ?? 0))
  if (month < 1 || month > 12 || day < 1 || day > 31 || minute > 59 || second > 60) return undefined
  // 24:00:00 is the end of a day (ISO 8601).
  if (hour > 24 || (hour === 24 && minute + second > 0)) return undefined
  const offset = match[7] ? (Number(match[8]) * 60 + Number(match[9])) * (match[7] === '-' ? -1 : 1) : 0
  // Date.UTC takes years below 100 as those of the 20th century; 0001-01-01 is how .NET writes no time at all.
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getUTCDate() === day ? date.setUTCHours(hour, minute - offset, second) : undefined
}

/** As ISO 8601 counts weeks: the one that holds the year's first Thursday is the first. */
function weekOf(date: Date): number {
  const thursday = new Date(date)
  thursday.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7))
  const newYear = new Date(thursday).setUTCMonth(0, 1)
  return Math.floor((thursday.getTime() - newYear) / 86_400_000 / 7) + 1
}
