// crosstalk scan <path…>: Sigma rules over telemetry, nothing else: the fast path.

import { parseArgs } from 'node:util'
import { loadRunRules } from '../run/rules.ts'
import type { MatchFormat, RuleMatch, Stage } from '../run/stage.ts'
import { checkPipelines } from './check-pipelines.ts'
import { needRules } from './need-rules.ts'
import { lineOutput, writeOut } from './output.ts'
import { beginReading, endOfReading } from './reading.ts'
import { parseReading, READING_HELP, READING_OPTIONS } from './reading-options.ts'
import { SCAN_FORMATS, scanWriter } from './scan-formats.ts'
import { EXIT, LEVELS, needPaths, parseChoice, parseLevel, UsageError } from './usage.ts'

export const name = 'scan'
export const summary = 'Sigma rules over files or folders, nothing else'
export const help = `crosstalk scan <path…> --rules DIR [options]

Every match of every rule, in the order of the input, on standard output.

  --rules PATH                 rule files or folders; may be given more than once
  --pipeline FILE              a processing pipeline (pySigma’s YAML) that fits the rules to this telemetry; may be given more than once
  --format FORMAT              table (default: a line a rule), jsonl, csv, ocsf
  --min-level LEVEL            only rules of this level and above: ${LEVELS.join(', ')}
${READING_HELP}
  --fail-on LEVEL              exit code 3 when a rule of this level or above matched
  --no-rule-cache              compile the rules afresh
  --account FILE               write the whole account of the run there, as JSON
  --quiet                      no account at the end

For example: crosstalk scan ./logs --rules sigma/rules/windows --format jsonl > matches.jsonl
`

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rules: { type: 'string', multiple: true },
      pipeline: { type: 'string', multiple: true },
      format: { type: 'string' },
      'min-level': { type: 'string' },
      ...READING_OPTIONS,
      'fail-on': { type: 'string' },
      'no-rule-cache': { type: 'boolean' },
      account: { type: 'string' },
      quiet: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) {
    process.stdout.write(help)
    return EXIT.ran
  }
  const paths = needPaths(positionals, name)
  if (!values.rules?.length) throw new UsageError('which rules? Give --rules with a file or folder of Sigma rules')
  const { stage: how, jobs } = parseReading(values)
  const format: MatchFormat = parseChoice(values.format, '--format', SCAN_FORMATS)
  const failOn = parseLevel(values['fail-on'], '--fail-on')
  const minLevel = parseLevel(values['min-level'], '--min-level')
  const reading = await beginReading(paths)
  const begun = performance.now()
  const { pipeline: pipelines = [] } = values
  await checkPipelines(pipelines)
  const rules = await loadRunRules(values.rules, { minLevel, pipelines, cache: !values['no-rule-cache'] })
  await needRules(rules, values.rules)
  reading.rules = rules
  reading.time.rules = (performance.now() - begun) / 1000
  const out = lineOutput()
  const writer = scanWriter(format, rules.rules, out)
  let failed = false
  const count = (rule: number, matches: number) => {
    const { level } = rules.rules[rule]
    reading.tally.countMatch(level, matches)
    if (failOn && LEVELS.indexOf(level) >= LEVELS.indexOf(failOn)) failed = true
  }
  const report = (file: string, match: RuleMatch) => {
    if (rules.rules[match.rule].silent) return
    count(match.rule, 1)
    writer.match(file, match)
  }
  const correlator = rules.correlations?.length
    ? (await import('../run/correlate.ts')).correlateMatches(rules, report)
    : undefined
  const stage: Stage = { kind: 'scan', ...how, rules: rules.compiled, ...(!correlator && { matchesAs: format }) }
  await reading.read(stage, jobs, ({ input, matches = [], lines, counts = [] }) => {
    for (const match of matches) {
      correlator?.add(input.name, match)
      report(input.name, match)
    }
    for (const [rule, matches] of counts) count(rule, matches)
    if (!lines) return
    out.flush()
    writeOut(lines)
  })
  correlator?.finish()
  writer.end()
  out.flush()
  const code = endOfReading(reading, values)
  return code === EXIT.ran && failed ? EXIT.found : code
}
