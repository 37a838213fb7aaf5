// crosstalk rules test <path…>: every rule against the events beside it.
import { parseArgs } from 'node:util'
import { formatError } from '@crosstalk/sigma'
import { eventsFileOf, type RuleTest, type TestResult, testPaths } from '@crosstalk/sigma/test-events'
import { visibleText } from '../../report/visible-text.ts'
import { writeOut } from '../output.ts'
import { EXIT, parseChoice, RunError, UsageError } from '../usage.ts'

export const help = `crosstalk rules test <path…> [options]

Beside x.yml stands x.events.json, with the events that the rule must match and the look-alikes that it must not:

  {"match":  [{"logsource": {"product": "windows", "category": "pipe_created"}, "event": {"PipeName": "…"}}],
   "ignore": [{"why": "a browser’s own pipe", "logsource": {…}, "event": {…}}]}

A correlation’s have "events" in the place of "event": [{"time": "2024-01-31T09:00:00Z", "logsource": {…}, "event": {…}}].

  --format FORMAT   table (default), json
  --need-events     a rule without events fails too

Exit codes: 0 all as it must be; 1 not; 2 usage.
`

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals: paths } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { format: { type: 'string' }, 'need-events': { type: 'boolean' } },
  })
  if (!paths.length) throw new UsageError('which rules? Give files or folders')
  const format = parseChoice(values.format, '--format', ['table', 'json'])
  const result = testPaths(paths)
  if (!result.rules.length && !result.refused.length)
    throw new RunError(`there is no Sigma rule (.yml, .yaml) in ${paths.join(', ')}`)
  if (format === 'json') writeOut(`${JSON.stringify(asJson(result), null, 2)}\n`)
  else for (const line of table(result)) writeOut(`${line}\n`)
  const isBad = ({ status }: RuleTest) =>
    status === 'failed' || (values['need-events'] === true && status === 'no-events')
  return result.refused.length || result.rules.some(isBad) ? EXIT.failed : EXIT.ran
}

function asJson({ rules, refused, cases, failed }: TestResult): object {
  return {
    cases,
    failed,
    refused: refused.map(({ location, code, message }) => ({ ...location, code, message })),
    rules: rules.map(({ file, rule, status, results }) => ({
      file,
      rule,
      status,
      cases: results.map(({ number, matched, passed, case: { expected, note } }) => ({
        number,
        expected: expected ? 'match' : 'ignore',
        matched,
        passed,
        note,
      })),
    })),
  }
}

function table({ rules, refused, cases, failed }: TestResult): string[] {
  const lines = refused.map((error) => `refused  ${visibleText(formatError(error))}`)
  for (const { file, rule, results } of rules)
    for (const { number, matched, passed, case: one } of results)
      if (!passed)
        lines.push(
          `failed   ${visibleText(eventsFileOf(file))}: event ${number + 1} ${matched ? 'must not match and does' : 'must match and does not'}${one.note ? ` (${visibleText(one.note)})` : ''}: ${visibleText(rule.title)}`,
        )
  const first = rules
    .flatMap(({ file, results }) => results.map((result) => ({ file, ...result })))
    .find(({ passed }) => !passed)
  if (first)
    lines.push(
      `why: crosstalk rules explain ${visibleText(first.file)} ${visibleText(eventsFileOf(first.file))} --record ${first.number + 1}`,
    )
  const without = rules.filter(({ status }) => status === 'no-events').length
  lines.push(
    `${rules.length} rules, ${cases} events: ${failed} not as they must be${without ? `; ${without} rules have no events` : ''}${refused.length ? `; ${refused.length} refused` : ''}`,
  )
  return lines
}
