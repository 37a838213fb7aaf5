// crosstalk dump <path…>: events as JSON lines, every field, with the way back to their bytes.
import { parseArgs } from 'node:util'
import { writeOut } from './output.ts'
import { beginReading, endOfReading } from './reading.ts'
import {
  ARCHIVE_HELP,
  ARCHIVE_OPTIONS,
  EXIT,
  needPaths,
  parseArchiveLimits,
  parseJobs,
  parseTimeRange,
  parseZone,
} from './usage.ts'

export const name = 'dump'
export const summary = 'events as JSON lines'
export const help = `crosstalk dump <path…> [options]

Every event of files, folders and archives as a line of JSON on standard output:
  {"file":…,"offset":…,"length":…,"recordId":…,"time":…,"event":{…}}
offset and length name the record's bytes in the file; time is ISO 8601 UTC. The order is that of the input.

  --since TIME, --until TIME   only events between them (2024-05-14 or 2024-05-14T09:30:00Z)
  --tz ZONE                    zone of logs that do not name theirs, and of --since and --until (default UTC): Europe/Berlin, +02:00
  --carve                      EVTX: also records in slack space
  --jobs N                     threads (default: one a core, fewer where they do not pay)
${ARCHIVE_HELP}
  --account FILE               write the whole account of the run there, as JSON
  --quiet                      no account at the end

For example: crosstalk dump Security.evtx | jq 'select(.event.Event.System.EventID == 4624)'
`

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      since: { type: 'string' },
      until: { type: 'string' },
      tz: { type: 'string' },
      carve: { type: 'boolean' },
      jobs: { type: 'string' },
      ...ARCHIVE_OPTIONS,
      account: { type: 'string' },
      quiet: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) {
    process.stdout.write(help)
    return EXIT.ran
  }
  const zone = parseZone(values.tz)
  const range = parseTimeRange(values.since, values.until, zone)
  const jobs = parseJobs(values.jobs)
  const archiveLimits = parseArchiveLimits(values)
  const reading = beginReading(needPaths(positionals, name))
  await reading.read(
    { kind: 'dump', ...range, zone, archiveLimits, carve: values.carve ?? false },
    jobs,
    ({ lines }) => {
      if (lines) writeOut(lines)
    },
  )
  return endOfReading(reading, values)
}
