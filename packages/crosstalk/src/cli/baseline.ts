// crosstalk baseline learn|show|diff: what is normal here.

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Baseline, compareBaselines, learnBaseline, parseBaseline } from '../baseline/baseline.ts'
import { visibleText } from '../report/visible-text.ts'
import { createFactFolder, joinFacts } from '../run/hunt.ts'
import { readProblem } from '../run/system-problem.ts'
import { lineOutput } from './output.ts'
import { beginReading } from './reading.ts'
import { parseReading, READING_HELP, READING_OPTIONS } from './reading-options.ts'
import { EXIT, needPaths, parseChoice, RunError, UsageError } from './usage.ts'

export const name = 'baseline'
export const summary = 'learn, show or compare what is normal'
export const help = `crosstalk baseline learn <path…> --out FILE [options]
crosstalk baseline show FILE [--format table|json]
crosstalk baseline diff BEFORE AFTER [--format table|json]

learn reads telemetry of ordinary days and writes the habits in it: which process starts which, who talks on which channel, from where.
hunt --baseline FILE weighs what it finds against them. A habit counts as normal when it was seen on 3 days, on 3 hosts or 20 times.

  --out FILE                   learn: the file to write
  --force                      learn: replace a baseline that is there
${READING_HELP}
  --format FORMAT              show, diff: table (default) or json

For example: crosstalk baseline learn ./quiet-week --out office.json
`

const OPTIONS = {
  out: { type: 'string', short: 'o' },
  force: { type: 'boolean' },
  ...READING_OPTIONS,
  format: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
  if (values.help) {
    process.stdout.write(help)
    return EXIT.ran
  }
  const [verb, ...paths] = positionals
  switch (verb) {
    case 'learn':
      return learn(paths, values)
    case 'show':
      if (paths.length !== 1) throw new UsageError('show takes one baseline file')
      return show(readBaseline(paths[0]), values)
    case 'diff':
      if (paths.length !== 2) throw new UsageError('diff takes two baseline files: before, and after')
      return diff(readBaseline(paths[0]), readBaseline(paths[1]), values)
    default:
      throw new UsageError(`learn, show or diff?${verb === undefined ? '' : ` There is no "${verb}"`}`)
  }
}

async function learn(paths: readonly string[], values: Values): Promise<number> {
  needPaths(paths, 'baseline learn')
  const { out } = values
  if (out === undefined) throw new UsageError('where to? Give --out with a file')
  const { stage: how, jobs } = parseReading(values)
  if (!values.force) refuseExisting(out)
  const reading = await beginReading(paths)
  const folder = createFactFolder()
  await reading.read({ kind: 'hunt', ...how }, jobs, (batch, task) => folder.add(batch, task))
  const judging = performance.now()
  const baseline = learnBaseline(await joinFacts(folder), folder.store.all())
  reading.time.judge = (performance.now() - judging) / 1000
  reading.printAccount(folder.store.bounds())
  const habits = Object.keys(baseline.habits).length
  if (!habits) throw new RunError(`nothing was learned: there is no habit in these events; ${out} was not written`)
  write(out, `${JSON.stringify(baseline, null, 1)}\n`)
  process.stderr.write(
    `${out}: ${habits} habits of ${baseline.hosts.length} hosts, ${baseline.from} to ${baseline.to}\n`,
  )
  return EXIT.ran
}

function refuseExisting(file: string): void {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return
    throw new RunError(`--out ${file}: ${readProblem(error)}`)
  }
  throw new RunError(
    `--out ${file} is there already (${text.length} characters); --force replaces it, or give another name`,
  )
}

/** In place only when it is whole. */
function write(file: string, text: string): void {
  const part = `${file}.crosstalk-part`
  try {
    writeFileSync(part, text)
    renameSync(part, file)
  } catch (error) {
    rmSync(part, { force: true })
    throw new RunError(`--out ${file}: ${readProblem(error)}`)
  }
}

function readBaseline(file: string): Baseline {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new RunError(`${file}: ${readProblem(error)}`)
  }
  return parseBaseline(text, file)
}

function show(baseline: Baseline, values: Values): number {
  const out = lineOutput()
  if (parseChoice(values.format, '--format', ['table', 'json']) === 'json')
    out.write(`${JSON.stringify(baseline, null, 1)}\n`)
  else {
    const habits = Object.entries(baseline.habits).sort(([a, x], [b, y]) => y.count - x.count || (a < b ? -1 : 1))
    out.write(
      `${baseline.from} to ${baseline.to}, ${baseline.hosts.length} hosts: ${baseline.hosts.map(visibleText).join(', ')}\n`,
    )
    if (baseline.forgotten) out.write(`${baseline.forgotten} rarer habits were left out\n`)
    out.write('\n   count  hosts  days  habit\n')
    for (const [habit, { count, hosts, days }] of habits)
      out.write(
        `${String(count).padStart(8)}  ${String(hosts).padStart(5)}  ${String(days).padStart(4)}  ${visibleText(habit)}\n`,
      )
  }
  out.flush()
  return EXIT.ran
}

function diff(before: Baseline, after: Baseline, values: Values): number {
  const out = lineOutput()
  const difference = compareBaselines(before, after)
  if (parseChoice(values.format, '--format', ['table', 'json']) === 'json')
    out.write(`${JSON.stringify(difference, null, 1)}\n`)
  else {
    const { added, gone, changed } = difference
    out.write(`${added.length} new, ${gone.length} gone, ${changed.length} much more or less often\n`)
    for (const habit of added) out.write(`+ ${visibleText(habit)}\n`)
    for (const habit of gone) out.write(`- ${visibleText(habit)}\n`)
    for (const { habit, before: was, after: is } of changed) out.write(`~ ${visibleText(habit)}: ${was} → ${is}\n`)
  }
  out.flush()
  return EXIT.ran
}
