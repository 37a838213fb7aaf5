// crosstalk <command>: finds the command, runs it, turns what went wrong into a sentence and an exit code.

import type { Command } from './command.ts'
import { OutputClosed } from './output.ts'
import { stopOnSignals } from './stop-signals.ts'
import { EXIT, RunError, UsageError } from './usage.ts'

const COMMANDS: Readonly<Record<string, { summary: string; load: () => Promise<Command> }>> = {
  hunt: { summary: 'files or folders → findings, graph, cases', load: () => import('./hunt.ts') },
  scan: { summary: 'Sigma rules over files or folders, nothing else', load: () => import('./scan.ts') },
  dump: { summary: 'events as JSON lines', load: () => import('./dump.ts') },
  coverage: {
    summary: 'what the telemetry can show, what is blind, how to turn it on',
    load: () => import('./coverage.ts'),
  },
  baseline: { summary: 'learn, show or compare what is normal', load: () => import('./baseline.ts') },
  case: { summary: 'read a case, or export it', load: () => import('./case.ts') },
  rules: { summary: 'check, test, explain, measure, convert Sigma rules', load: () => import('./rules.ts') },
  evidence: { summary: 'prove that an evidence bag is whole', load: () => import('./evidence.ts') },
}

const HELP = `crosstalk <command> …

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  .join('\n')}

crosstalk <command> --help says more. Start with:

  crosstalk hunt ./logs --out results

Exit codes: 0 ran; 1 failed; 2 usage; 3 with --fail-on LEVEL when something at or above it was found.
`

/** The whole program: the words behind `crosstalk` → the exit code. Never rejects. */
export async function main(argv: readonly string[]): Promise<number> {
  // What is written behind a closed pipe has nobody to miss it.
  process.stdout.on('error', ignoreClosedPipe)
  process.stderr.on('error', ignoreClosedPipe)
  const [name, ...args] = argv
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const command = name === 'help' && args[0] !== undefined ? COMMANDS[args[0]] : undefined
    process.stdout.write(command ? (await command.load()).help : HELP)
    return name === undefined ? EXIT.usage : EXIT.ran
  }
  if (name === '--version' || name === '-V') {
    const { version } = await import('../run/version.ts')
    process.stdout.write(`${version}\n`)
    return EXIT.ran
  }
  if (!Object.hasOwn(COMMANDS, name)) {
    process.stderr.write(`crosstalk: there is no command "${printable(name)}"\n\n${HELP}`)
    return EXIT.usage
  }
  stopOnSignals(name)
  try {
    return await (await COMMANDS[name].load()).run(args)
  } catch (error) {
    return failure(name, error)
  }
}

function failure(command: string, error: unknown): number {
  if (error instanceof OutputClosed) return EXIT.ran
  if (error instanceof UsageError) {
    const called = error.command ?? command
    process.stderr.write(
      `crosstalk ${called}: ${printable(error.message)}\n(crosstalk ${called} --help tells the options)\n`,
    )
    return EXIT.usage
  }
  const { name, message, code, stack } = error as NodeJS.ErrnoException
  if (code?.startsWith('ERR_PARSE_ARGS')) {
    process.stderr.write(
      `crosstalk ${command}: ${printable(message)}\n(crosstalk ${command} --help tells the options)\n`,
    )
    return EXIT.usage
  }
  const expected =
    error instanceof RunError || name === 'BaselineError' || name === 'ReportError' || name === 'InputError'
  if (expected || code !== undefined) process.stderr.write(`crosstalk ${command}: ${printable(message)}\n`)
  else
    process.stderr.write(
      `crosstalk ${command}: this should not have happened: ${printable(message)}\nPlease report it${process.env.CROSSTALK_DEBUG ? `:\n${stack}` : ' with what CROSSTALK_DEBUG=1 adds to this message.'}\n`,
    )
  return EXIT.failed
}

/** Names of files come from elsewhere: nothing of them may steer the terminal. */
const printable = (text: string) =>
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'EOF') throw error
}
