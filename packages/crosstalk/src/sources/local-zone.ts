// From the wall clock of a zone to UTC, for formats that do not name theirs.

/** Minutes east of UTC, or the name of a zone in the IANA time zone database (`Europe/Berlin`), whose offset depends on the day. */
export type Zone = number | string

/** So many quarters of hours are remembered of a zone, almost three years; hostile times can't make it more. */
const MAX_KNOWN = 100_000
const DAY = 24 * 60
/** Offsets change on a quarter of an hour (Lord Howe Island by half an hour), so that one answer holds for a whole quarter. */
const QUARTER = 15

interface LocalClock {
  readonly format: Intl.DateTimeFormat
  /** quarter of the local clock since 1970 → minutes east of UTC */
  readonly known: Map<number, number>
}

const clocks = new Map<string, LocalClock>()
let lastName = ''
let lastClock: LocalClock | undefined

/** Whether the time zone database of this Node has a zone of that name. */
export function isZoneName(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+){0,2}$/.test(name)) return false
  try {
    clockOf(name)
    return true
  } catch {
    return false
  }
}

/**
 * Minutes east of UTC of a zone when its wall clock shows `local`, in minutes since 1970-01-01 00:00 on that clock. Where a change of the clock leaves
 * no one answer, it is that of RFC 5545 (section 3.3.5) and of Temporal's "compatible": of an hour that comes twice the first, and a time that the
 * clock skips is read with the offset before the change.
 */
export function offsetAt(zone: Zone, local: number): number {
  if (typeof zone === 'number') return zone
  const clock = zone === lastName && lastClock ? lastClock : clockOf(zone)
  const quarter = Math.floor(local / QUARTER)
  let offset = clock.known.get(quarter)
  if (offset === undefined) {
    offset = findOffset(clock.format, quarter * QUARTER)
    if (clock.known.size >= MAX_KNOWN) clock.known.clear()
    clock.known.set(quarter, offset)
  }
  return offset
}

function clockOf(name: string): LocalClock {
  let clock = clocks.get(name)
  if (!clock) {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
    clock = { format, known: new Map() }
    clocks.set(name, clock)
  }
  lastName = name
  lastClock = clock
  return clock
}

function findOffset(format: Intl.DateTimeFormat, local: number): number {
  // No zone is more than a day from UTC, and none changes twice in two days.
  const before = offsetInUtc(format, local - DAY)
  const after = offsetInUtc(format, local + DAY)
  if (before === after || offsetInUtc(format, local - before) === before) return before
  return offsetInUtc(format, local - after) === after ? after : before
}

/** Minutes east of UTC at a moment in minutes since 1970 UTC, read from `5/14/2024, GMT+02:00`; NaN beyond what dates can hold. */
function offsetInUtc(format: Intl.DateTimeFormat, minutes: number): number {
  const milliseconds = minutes * 60_000
  if (!(Math.abs(milliseconds) <= 8.64e15)) return Number.NaN
  const found = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(format.format(milliseconds))
  if (!found) return Number.NaN
  const [, sign, hours = '0', minute = '0', seconds = '0'] = found
  const offset = Number(hours) * 60 + Number(minute) + Number(seconds) / 60
  return sign === '-' ? -offset : offset
}
