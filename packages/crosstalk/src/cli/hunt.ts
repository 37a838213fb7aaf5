// crosstalk hunt <path…>: telemetry → cases.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Baseline, parseBaseline } from '../baseline/baseline.ts'
import { caseJson, findingsJsonl, summaryJson } from '../report/results-json.ts'
import { renderTerminal } from '../report/terminal/render.ts'
import { wantsColor } from '../report/terminal/style.ts'
import { createFactFolder, joinFacts, judgeFacts } from '../run/hunt.ts'
import { loadRunRules } from '../run/rules.ts'
import { summarise } from '../run/summary.ts'
import { readProblem } from '../run/system-problem.ts'
import { checkPipelines } from './check-pipelines.ts'
import { needRules } from './need-rules.ts'
import { writeOut } from './output.ts'
import { ownRulesFolder } from './own-rules.ts'
import { beginReading } from './reading.ts'
import { parseReading, READING_HELP, READING_OPTIONS } from './reading-options.ts'
import { checkResultsFolder, type Results, writeResults } from './results-folder.ts'
import { EXIT, LEVELS, needPaths, parseChoice, parseLevel, RunError, UsageError } from './usage.ts'

export const name = 'hunt'
export const summary = 'files or folders → findings, graph, cases'
export const help = `crosstalk hunt <path…> [options]

Reads the telemetry of files, folders and archives, rebuilds who talked to whom, and tells the abuse of it as cases.

  --out DIR                    write summary.json, findings.jsonl, cases/<id>/case.json and report.html there
  --baseline FILE              what is normal here (crosstalk baseline learn)
  --rules PATH                 Sigma rules beside Crosstalk's own; may be given more than once
  --pipeline FILE              a processing pipeline (pySigma’s YAML) that fits the rules of --rules to this telemetry; may be given more than once
  --min-level LEVEL            only cases and findings of this level and above: ${LEVELS.join(', ')}
  --format FORMAT              table (default: cases as stories), json (summary, cases, findings), jsonl (a line a finding)
${READING_HELP}
  --fail-on LEVEL              exit code 3 when there is a case of this level or above
  --no-rule-cache              compile the rules afresh
  --no-color                   no colours, also where the terminal has them

For example: crosstalk hunt ./collected-logs --out results
`

const OPTIONS = {
  out: { type: 'string', short: 'o' },
  baseline: { type: 'string' },
  rules: { type: 'string', multiple: true },
  pipeline: { type: 'string', multiple: true },
  'min-level': { type: 'string' },
  format: { type: 'string' },
  ...READING_OPTIONS,
  'fail-on': { type: 'string' },
  'no-rule-cache': { type: 'boolean' },
  'no-color': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
  if (values.help) {
    process.stdout.write(help)
    return EXIT.ran
  }
  const paths = needPaths(positionals, name)
  const { stage: how, jobs } = parseReading(values)
  const format = parseChoice(values.format, '--format', ['table', 'json', 'jsonl'])
  const minLevel = parseLevel(values['min-level'], '--min-level')
  const failOn = parseLevel(values['fail-on'], '--fail-on')
  if (values.out !== undefined) checkResultsFolder(values.out)
  const baseline = values.baseline === undefined ? undefined : readBaseline(values.baseline)
  const reading = await beginReading(paths)
  const begun = performance.now()
  const { pipeline: pipelines = [] } = values
  if (pipelines.length && !values.rules?.length)
    throw new UsageError('--pipeline is for rules of your own: give them with --rules')
  await checkPipelines(pipelines)
  const own = ownRulesFolder()
  const rules = await loadRunRules([...own, ...(values.rules ?? [])], {
    pipelines,
    asWritten: own,
    cache: !values['no-rule-cache'],
  })
  await needRules(rules, values.rules ?? [])
  reading.rules = rules
  reading.time.rules = (performance.now() - begun) / 1000
  const levelOf = new Map(rules.rules.map((rule) => [rule.id, rule.level]))
  const folder = createFactFolder(rules, (hit) => reading.tally.countMatch(levelOf.get(hit.rule) ?? 'informational'))
  const stage = {
    kind: 'hunt',
    ...how,
    rules: rules.compiled,
  } as const
  await reading.read(stage, jobs, folder.add)
  folder.finish()
  const judging = performance.now()
  const graph = await joinFacts(folder)
  const verdict = await judgeFacts(graph, folder, rules, baseline, how.archiveLimits)
  reading.time.judge = (performance.now() - judging) / 1000
  const wanted = <T extends { level: (typeof LEVELS)[number] }>(all: readonly T[]) =>
    minLevel ? all.filter((one) => LEVELS.indexOf(one.level) >= LEVELS.indexOf(minLevel)) : [...all]
  const cases = wanted(verdict.cases)
  const findings = wanted(verdict.findings)
  const results: Results = {
    cases,
    findings,
    summary: summarise(reading.account(), [name, ...args], { ...verdict, cases, findings }, folder.store.bounds()),
  }
  if (values.out !== undefined) await writeResults(values.out, results)
  if (format === 'table') printStories(results, values['no-color'] ?? false, values.out)
  else {
    printData(format, results)
    reading.printAccount(results.summary.bounds, whereAll(values.out))
  }
  const failed = failOn !== undefined && cases.some((one) => LEVELS.indexOf(one.level) >= LEVELS.indexOf(failOn))
  if (!results.summary.account.files.read) return EXIT.failed
  return failed ? EXIT.found : EXIT.ran
}

function readBaseline(file: string): Baseline {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new RunError(`--baseline ${file}: ${readProblem(error)}`)
  }
  return parseBaseline(text, file)
}

/** Where everything stands of which the account prints only the first few. */
const whereAll = (out: string | undefined) => (out === undefined ? '(--out DIR writes them all)' : 'in summary.json')

function printStories({ cases, findings, summary: told }: Results, noColor: boolean, out: string | undefined): void {
  const { stdout } = process
  const look = { columns: stdout.columns ?? 80, color: wantsColor(stdout, process.env, noColor) }
  writeOut(renderTerminal(cases, findings, told, { ...look, all: whereAll(out) }))
  if (out !== undefined) writeOut(`\nReport: ${join(out, 'report.html')}\n`)
}

/** `json`: one object with summary, cases and findings, as the files of --out hold them. */
function printData(format: 'json' | 'jsonl', { cases, findings, summary: told }: Results): void {
  if (format === 'jsonl') {
    for (const line of findingsJsonl(findings)) writeOut(line)
    return
  }
  writeOut(`{"summary":${summaryJson(told)},"cases":[`)
  cases.forEach((one, at) => {
    writeOut(`${at ? ',' : ''}${caseJson(one)}`)
  })
  writeOut('],"findings":[')
  let at = 0
  for (const line of findingsJsonl(findings)) writeOut(`${at++ ? ',' : ''}${line}`)
  writeOut(']}\n')
}
