// crosstalk rules <verb>: what a detection engineer does with rules before they run anywhere. Each verb is a file of rules/, loaded when it is asked for.
import type { Command } from './command.ts'
import { writeOut } from './output.ts'
import { EXIT, UsageError } from './usage.ts'

export const name = 'rules'
export const summary = 'check, test, explain, measure, convert Sigma rules'

type Verb = Pick<Command, 'help' | 'run'>

const VERBS: Readonly<Record<string, { summary: string; load: () => Promise<Verb> }>> = {
  check: { summary: 'what is wrong with rules, by file, line and column', load: () => import('./rules/check.ts') },
  test: { summary: 'rules against the events beside them', load: () => import('./rules/test.ts') },
  explain: {
    summary: 'why a rule did or did not match an event, atom by atom',
    load: () => import('./rules/explain.ts'),
  },
  validate: {
    summary: 'rules over attacks and benign telemetry: may they be deployed?',
    load: () => import('./rules/validate.ts'),
  },
  convert: { summary: 'rules for other engines', load: () => import('./rules/convert.ts') },
}

export const help = `crosstalk rules <verb> …

${Object.entries(VERBS)
  .map(([verb, told]) => `  ${verb.padEnd(10)}${told.summary}`)
  .join('\n')}

crosstalk rules <verb> --help says more.
`

/** Runs the command with the words behind `rules`; gives the exit code. Throws UsageError and RunError. */
export async function run(args: readonly string[]): Promise<number> {
  const [verb, ...rest] = args
  if (verb === '--help' || verb === '-h') {
    writeOut(help)
    return EXIT.ran
  }
  if (verb === undefined || !Object.hasOwn(VERBS, verb))
    throw new UsageError(
      `${verb === undefined ? 'what is to be done with rules?' : `there is no "rules ${verb}":`} one of ${Object.keys(VERBS).join(', ')}`,
    )
  const { help: told, run: runVerb } = await VERBS[verb].load()
  if (rest.includes('--help') || rest.includes('-h')) {
    writeOut(told)
    return EXIT.ran
  }
  try {
    return await runVerb(rest)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (error instanceof UsageError || code?.startsWith('ERR_PARSE_ARGS'))
      throw new UsageError(message, `rules ${verb}`)
    throw error
  }
}
