// crosstalk coverage <path…>: what this telemetry can show of T1559, what it cannot, and the setting that turns each on.
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { assessCoverage, type CoverageReport } from '../coverage/assess.ts'
import { configurationFiles } from '../coverage/configure.ts'
import { createInventory } from '../coverage/inventory.ts'
import { coverageHtml } from '../report/coverage/html.ts'
import { coverageLayer } from '../report/coverage/navigator.ts'
import { renderCoverage } from '../report/coverage/terminal.ts'
import { wantsColor } from '../report/terminal/style.ts'
import { makeFolder } from '../run/make-folder.ts'
import { loadRunRules } from '../run/rules.ts'
import { unnamedHosts } from '../run/unnamed-hosts.ts'
import { writeOut } from './output.ts'
import { ownRulesFolder } from './own-rules.ts'
import { beginReading, endOfReading } from './reading.ts'
import { parseReading, READING_HELP, READING_OPTIONS } from './reading-options.ts'
import { EXIT, needPaths, RunError, UsageError } from './usage.ts'

export const name = 'coverage'
export const summary = 'what the telemetry can show, what is blind, how to turn it on'
export const help = `crosstalk coverage <path…> [options]

Reads logs and says which hosts and channels report, which analytics and rules of T1559 that feeds, which are blind, and the exact setting that opens
their eyes.

  --rules DIR                  rules to hold against the telemetry besides Crosstalk's own; may be given again
  --format FORMAT              table (default), json, html, or navigator (an ATT&CK Navigator layer)
  --configure DIR              write what is missing as files ready to deploy (Sysmon, audit policy, auditd, eslogger); DIR must be new or empty
${READING_HELP}
  --account FILE               write the whole account of the run there, as JSON
  --quiet                      no account at the end

For example: crosstalk coverage ./logs --configure ./missing
`

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rules: { type: 'string', multiple: true },
      format: { type: 'string', default: 'table' },
      configure: { type: 'string' },
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
  if (!['table', 'json', 'html', 'navigator'].includes(values.format))
    throw new UsageError(`--format ${values.format}: table, json, html or navigator`)
  const { stage: how, jobs } = parseReading(values)
  const reading = await beginReading(needPaths(positionals, name))
  const inventory = createInventory()
  const unnamed = unnamedHosts()
  await reading.read({ kind: 'coverage', ...how }, jobs, ({ input, kinds }) => {
    if (!kinds) return
    for (const kind of kinds) unnamed.part(kind, input.name)
    inventory.add(kinds)
  })
  const entries = inventory.entries()
  unnamed.settle(() => entries)
  reading.rules = await loadRunRules([...ownRulesFolder(), ...(values.rules ?? [])])
  const report = assessCoverage(
    entries,
    (reading.rules.set?.rules ?? []).map(({ title, logSource }) => ({ title, logSource })),
  )
  print(report, values.format)
  if (values.configure !== undefined) writeConfiguration(report, values.configure)
  return endOfReading(reading, values)
}

function print(report: CoverageReport, format: string): void {
  if (format === 'json') writeOut(`${JSON.stringify(report, null, 2)}\n`)
  else if (format === 'html') writeOut(coverageHtml(report))
  else if (format === 'navigator') writeOut(`${JSON.stringify(coverageLayer(report), null, 2)}\n`)
  else
    writeOut(
      renderCoverage(report, {
        columns: process.stdout.columns ?? 100,
        color: wantsColor(process.stdout, process.env),
      }),
    )
}

function writeConfiguration(report: CoverageReport, folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length)
    throw new RunError(`--configure ${folder}: the folder holds something already; name a new or empty one`)
  makeFolder(folder)
  const files = configurationFiles(report)
  for (const { name: file, text } of files) writeFileSync(join(folder, file), text, { flag: 'wx' })
  process.stderr.write(
    files.length
      ? `Written to ${folder}: ${files.map((file) => file.name).join(', ')}\n`
      : 'Nothing is missing: no file was written.\n',
  )
}
