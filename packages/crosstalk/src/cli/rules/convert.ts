// crosstalk rules convert <path…>: rules as queries of other engines.
import { parseArgs } from 'node:util'
import { applyFilters, formatError, loadRules } from '@crosstalk/sigma'
import { BACKENDS, convertRules } from '@crosstalk/sigma/convert'
import { applyPipelines, BUILT_IN_PIPELINES } from '@crosstalk/sigma/pipeline'
import { visibleText } from '../../report/visible-text.ts'
import { checkPipelines } from '../check-pipelines.ts'
import { writeOut } from '../output.ts'
import { EXIT, parseChoice, RunError, UsageError } from '../usage.ts'

export const help = `crosstalk rules convert <path…> --to LANGUAGE [options]

Sigma rules as queries. Filters among the rules are applied; what the language can't say is refused by name.
The log source is no part of a query: the table holds its events alone, or a pipeline adds the conditions for it.

${BACKENDS.map(({ name, summary }) => `  --to ${name.padEnd(8)} ${summary}`).join('\n')}

  --pipeline FILE        a processing pipeline (as pySigma takes them), applied before; may be given more than once.
                         Instead of a file, the field names of a source: ${BUILT_IN_PIPELINES.join(', ')}
  --table NAME           what is searched: a table, an index
  --keyword-field NAME   where keywords are looked for, in a language that can't look everywhere
  --format FORMAT        text (default: a query a rule, below its title), jsonl

Exit codes: 0 all converted; 1 some refused; 2 usage.
`

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals: paths } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      to: { type: 'string' },
      pipeline: { type: 'string', multiple: true },
      table: { type: 'string' },
      'keyword-field': { type: 'string' },
      format: { type: 'string' },
    },
  })
  if (!paths.length) throw new UsageError('which rules? Give files or folders')
  if (values.to === undefined)
    throw new UsageError(`into what? --to ${BACKENDS.map(({ name }) => name).join(' or --to ')}`)
  const wanted = parseChoice(
    values.to,
    '--to',
    BACKENDS.map(({ name }) => name),
  ) // prettier-ignore
  const format = parseChoice(values.format, '--format', ['text', 'jsonl'])
  const pipelines = await checkPipelines(values.pipeline ?? [])
  const loaded = loadRules(paths)
  const changed = applyPipelines(applyFilters(loaded.rules, loaded.filters).rules, loaded.correlations, pipelines)
  const { converted, refused } = convertRules(
    changed.rules,
    changed.correlations,
    BACKENDS.find(({ name }) => name === wanted)!,
    {
      table: values.table,
      keywordField: values['keyword-field'],
    },
  )
  const all = [...loaded.refused, ...changed.refused, ...refused]
  if (!converted.length && !all.length)
    throw new RunError(`there is no Sigma rule (.yml, .yaml) in ${paths.join(', ')}`)
  for (const { rule, query } of converted) {
    const { id, title, level } = rule
    writeOut(
      format === 'jsonl'
        ? `${JSON.stringify({ rule: { id, title, level }, query })}\n`
        : `${comment(wanted)} ${visibleText(title)}${id ? ` (${visibleText(id)})` : ''}\n${shown(query)}\n\n`,
    )
  }
  for (const error of all) process.stderr.write(`refused  ${visibleText(formatError(error))}\n`)
  process.stderr.write(`${converted.length} rules converted${all.length ? `, ${all.length} refused` : ''}\n`)
  return all.length ? EXIT.failed : EXIT.ran
}

/** A terminal gets what it can show; a file gets the query as it is. */
const shown = (query: string) => (process.stdout.isTTY ? query.split('\n').map(visibleText).join('\n') : query)

/** What begins a comment in the language. */
const comment = (backend: string) => (backend === 'kusto' ? '//' : '--')
