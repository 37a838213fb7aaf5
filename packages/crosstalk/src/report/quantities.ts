// Counts, sizes, times and names as people read them; the same in every report and whatever the machine's locale.
import { visibleText } from './visible-text.ts'

/** `word` for one, `words` for any other number. */
export function counted(count: number, word: string, words = `${word}s`): string {
  return `${grouped(count)} ${count === 1 ? word : words}`
}

/** 1234567 → 1,234,567 */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** 1,536 → 1.5 KB; powers of 1024. */
export function byteSize(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let unit = 0
  let value = bytes
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit && value < 100 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

/** Seconds, to three figures where it matters: `0.04 s`, `1.8 s`, `3 min 20 s`. */
export function seconds(value: number): string {
  if (value >= 60) return `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`
  return `${value >= 1 ? value.toFixed(1) : value.toFixed(2)} s`
}

/** How long between two moments, in the unit that tells: `0.2 s`, `4 min`, `3 h 12 min`, `14 days`. Milliseconds in. */
export function duration(milliseconds: number): string {
  const value = Math.abs(milliseconds) / 1000
  if (value < 0.1) return `${Math.round(value * 1000)} ms`
  if (value < 60) return `${value < 10 ? value.toFixed(1) : Math.round(value)} s`
  if (value < 3600) return `${Math.round(value / 60)} min`
  if (value < 86_400) {
    const minutes = Math.round(value / 60)
    return `${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} min` : ''}`
  }
  return counted(Math.round(value / 86_400), 'day')
}

/** The date of an ISO 8601 time; the text itself when it is none. */
export function dateOf(time: string): string {
  return isTime(time) ? time.slice(0, 10) : visibleText(time)
}

/** The time of day of an ISO 8601 time, to the millisecond; the text itself when it is none. */
export function clockOf(time: string): string {
  return isTime(time) ? time.slice(11).replace(/(\.\d{3})\d*Z$|Z$/, '$1') : visibleText(time)
}

/** `2026-03-04 14:02:11 UTC` */
export function momentOf(time: string): string {
  return isTime(time) ? `${dateOf(time)} ${clockOf(time).slice(0, 8)} UTC` : visibleText(time) || 'at an unknown time'
}

/** `2026-03-04 14:02:11 – 14:02:15 UTC`: the date once when both are of one day. */
export function spanOf(first: string, last: string): string {
  if (!isTime(first) || !isTime(last) || first === last) return momentOf(first || last)
  const end =
    dateOf(first) === dateOf(last) ? clockOf(last).slice(0, 8) : `${dateOf(last)} ${clockOf(last).slice(0, 8)}`
  return `${dateOf(first)} ${clockOf(first).slice(0, 8)} – ${end} UTC`
}

function isTime(time: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(time)
}

/** The last part of a path, of Windows or POSIX. */
export function fileName(path: string): string {
  return /[^\\/]*$/.exec(path)?.[0] || path
}

/** `explorer.exe (4188)` */
export function processName(process: { image: string; pid?: number }): string {
  const name = fileName(process.image) || 'unknown image'
  return process.pid === undefined ? name : `${name} (${process.pid})`
}

/** `lateral-movement` → `Lateral movement` */
export function tacticName(tactic: string): string {
  const words = tactic.replaceAll(/[-_]/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** `{address}:{port}`, brackets around IPv6. */
export function endpoint(address: string, port?: number): string {
  if (port === undefined) return address
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
