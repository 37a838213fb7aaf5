// Words of the command line that several commands share: levels, times, zones, numbers; and the error that says what is wrong with them.
import type { Level } from '../cases/case.ts'
import { grouped } from '../report/quantities.ts'
import { type ContainerLimits, DEFAULT_LIMITS, LIMIT_OPTIONS } from '../sources/containers/limits.ts'
import { isZoneName, offsetAt, type Zone } from '../sources/local-zone.ts'

export const EXIT = { ran: 0, failed: 1, usage: 2, found: 3 } as const

/** The command was asked for something that it can't be asked for: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  /** `rules check`, where a command has verbs with options of their own */
  readonly command?: string

  constructor(message: string, command?: string) {
    super(message)
    if (command !== undefined) this.command = command
  }
}

/** The command can't do what it was asked for: exit code 1. The message is a sentence for people. */
export class RunError extends Error {
  override readonly name = 'RunError'
}

export const LEVELS: readonly Level[] = ['informational', 'low', 'medium', 'high', 'critical']

export function parseLevel(text: string | undefined, option: string): Level | undefined {
  if (text === undefined) return undefined
  const level = LEVELS.find((one) => one === text.toLowerCase())
  if (!level) throw new UsageError(`${option} is ${LEVELS.join(', ')}, not "${text}"`)
  return level
}

/** undefined: as many as pay (run/threads.ts) */
export function parseJobs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const jobs = Number(text)
  if (!/^\d+$/.test(text) || jobs < 1 || jobs > 1024)
    throw new UsageError(`--jobs is a number of threads from 1 to 1024, not "${text}"`)
  return jobs
}

/** One of the words; the first when none is given. */
export function parseChoice<T extends string>(text: string | undefined, option: string, choices: readonly T[]): T {
  if (text === undefined) return choices[0]
  const choice = choices.find((one) => one === text)
  if (!choice) throw new UsageError(`${option} is ${choices.join(', ')}, not "${text}"`)
  return choice
}

/** `+02:00`, `-0530`, `UTC`, `Z` → minutes east of UTC; `Europe/Berlin` stays the name of a zone. */
export function parseZone(text: string | undefined): Zone {
  if (text === undefined || /^(?:utc|z|gmt)$/i.test(text)) return 0
  if (isZoneName(text)) return text
  const zone = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(text)
  const minutes = zone ? Number(zone[2]) * 60 + Number(zone[3] ?? 0) : Number.NaN
  if (!(minutes <= 14 * 60))
    throw new UsageError(`--tz is a zone such as Europe/Berlin or an offset such as +02:00, not "${text}"`)
  return zone![1] === '-' ? -minutes : minutes
}

const DAY = 86_400_000
const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?))?\s*(Z|[+-]\d{2}:?\d{2})?$/i

/** An ISO 8601 date or time → microseconds since 1970 UTC. Without a zone it is on the wall clock of `zone`. `end`: of a date, its last instant. */
export function parseInstant(text: string | undefined, option: string, zone: Zone, end: boolean): number | undefined {
  if (text === undefined) return undefined
  const parts = TIME.exec(text.trim())
  const [, date = '', time, written] = parts ?? []
  const clock = time === undefined ? '00:00:00' : time.length === 5 ? `${time}:00` : time
  const milliseconds = Date.parse(`${date}T${clock}${written === undefined ? 'Z' : written.toUpperCase()}`)
  if (!parts || Number.isNaN(milliseconds))
    throw new UsageError(`${option} is a time such as 2024-05-14 or 2024-05-14T09:30:00Z, not "${text}"`)
  const isLastInstant = end && time === undefined
  // The end of a day is the start of the next: days have 23 or 25 hours where clocks change.
  const local = milliseconds + (isLastInstant ? DAY : 0)
  const offset = written === undefined ? offsetAt(zone, local / 60_000) : 0
  return (local - offset * 60_000) * 1000 - (isLastInstant ? 1 : 0)
}

export interface TimeRange {
  since?: number
  until?: number
}

export function parseTimeRange(since: string | undefined, until: string | undefined, zone: Zone): TimeRange {
  const range = {
    since: parseInstant(since, '--since', zone, false),
    until: parseInstant(until, '--until', zone, true),
  }
  if (range.since !== undefined && range.until !== undefined && range.since > range.until)
    throw new UsageError(`--since (${since}) is after --until (${until}): no event can be between them`)
  return range
}

/** Options of commands that read telemetry: what archives may cost. */
export const ARCHIVE_OPTIONS = {
  'archive-depth': { type: 'string' },
  'archive-entries': { type: 'string' },
  'archive-ratio': { type: 'string' },
  'archive-bytes': { type: 'string' },
  'archive-memory': { type: 'string' },
} as const

const archiveDefaults = Object.values(DEFAULT_LIMITS).map(grouped).join('; ')

export const ARCHIVE_HELP = `  --archive-depth N, --archive-entries N, --archive-ratio N, --archive-bytes N, --archive-memory N
                               what an archive may cost before it is left alone (default: ${archiveDefaults})`

/** The limits that were given; undefined for none. */
export function parseArchiveLimits(
  values: Partial<Record<keyof typeof ARCHIVE_OPTIONS, string>>,
): Partial<ContainerLimits> | undefined {
  const limits: Partial<Record<keyof ContainerLimits, number>> = {}
  for (const [limit, { option, text }] of Object.entries(LIMIT_OPTIONS)) {
    const given = values[option.slice(2) as keyof typeof ARCHIVE_OPTIONS]
    if (given === undefined) continue
    if (!/^[1-9]\d{0,14}$/.test(given)) throw new UsageError(`${option} is a whole number (${text}), not "${given}"`)
    limits[limit as keyof ContainerLimits] = Number(given)
  }
  return Object.keys(limits).length ? limits : undefined
}

export function needPaths(paths: readonly string[], command: string): readonly string[] {
  if (!paths.length) throw new UsageError(`which files or folders? For example: crosstalk ${command} ./logs`)
  // Of a variable that is not set; it would mean this folder.
  if (paths.includes('')) throw new UsageError('a path is empty; give files or folders')
  if (paths.includes('-'))
    throw new UsageError('standard input is not read: evidence must point back to a file; save it as one and give that')
  return paths
}
