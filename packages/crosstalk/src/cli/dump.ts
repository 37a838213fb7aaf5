// crosstalk dump <path…>: events as JSON lines, every field, with the way back to their bytes.

import { parseArgs } from 'node:util'
import { gatherOut } from './output.ts'
import { beginReading, endOfReading } from './reading.ts'
import { parseReading, READING_HELP, READING_OPTIONS } from './reading-options.ts'
import { EXIT, needPaths } from './usage.ts'

export const name = 'dump'
export const summary = 'events as JSON lines'
export const help = `crosstalk dump <path…> [options]

Every event of files, folders and archives as a line of JSON on standard output:
  {"file":…,"offset":…,"length":…,"recordId":…,"time":…,"event":{…}}
offset and length name the record's bytes in the file; time is ISO 8601 UTC. The order is that of the input.

${READING_HELP}
  --account FILE               write the whole account of the run there, as JSON
  --quiet                      no account at the end

For example: crosstalk dump Security.evtx | jq 'select(.event.Event.System.EventID == 4624)'
`

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...READING_OPTIONS,
      account: { type: 'string' },
      quiet: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) {
    process.stdout.write(help)
    return EXIT.ran
  }
  const { stage: how, jobs } = parseReading(values)
  const reading = await beginReading(needPaths(positionals, name))
  const out = gatherOut()
  await reading.read({ kind: 'dump', ...how }, jobs, ({ lines }) => {
    if (lines) out.write(lines)
  })
  out.flush()
  return endOfReading(reading, values)
}
