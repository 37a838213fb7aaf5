// Options of every command that reads telemetry: which events, in which zone, with how many threads, and what archives may cost.
import type { Stage } from '../run/stage.ts'
import { ARCHIVE_HELP, ARCHIVE_OPTIONS, parseArchiveLimits, parseJobs, parseTimeRange, parseZone } from './usage.ts'

export const READING_OPTIONS = {
  since: { type: 'string' },
  until: { type: 'string' },
  tz: { type: 'string' },
  carve: { type: 'boolean' },
  jobs: { type: 'string' },
  ...ARCHIVE_OPTIONS,
} as const

export const READING_HELP = `  --since TIME, --until TIME   only events between them (2024-05-14 or 2024-05-14T09:30:00Z)
  --tz ZONE                    zone of logs that do not name theirs, and of --since and --until (default UTC): Europe/Berlin, +02:00
  --carve                      EVTX: also records in slack space
  --jobs N                     threads (default: one a core, fewer where they do not pay)
${ARCHIVE_HELP}`

export interface ReadingOptions {
  /** as every stage takes it */
  readonly stage: Pick<Stage, 'since' | 'until' | 'zone' | 'carve' | 'archiveLimits'>
  /** undefined: as many as pay */
  readonly jobs: number | undefined
}

type Values = Partial<Record<Exclude<keyof typeof READING_OPTIONS, 'carve'>, string>> & { carve?: boolean }

/** Throws UsageError. */
export function parseReading(values: Values): ReadingOptions {
  const zone = parseZone(values.tz)
  return {
    stage: {
      ...parseTimeRange(values.since, values.until, zone),
      zone,
      carve: values.carve ?? false,
      archiveLimits: parseArchiveLimits(values),
    },
    jobs: parseJobs(values.jobs),
  }
}
