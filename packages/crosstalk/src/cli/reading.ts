// What dump, scan and hunt share: find the input, read it with progress, account for it.
import { writeFileSync } from 'node:fs'
import { renderAccount } from '../report/terminal/render-account.ts'
import { wantsColor } from '../report/terminal/style.ts'
import type { RunAccount } from '../run/account.ts'
import { type FoundInputs, findInputs } from '../run/inputs.ts'
import { startProgress } from '../run/progress.ts'
import { NO_RULES, type RunRules } from '../run/rules.ts'
import { readAll } from '../run/run-tasks.ts'
import type { Batch, Stage, Task } from '../run/stage.ts'
import { summarise } from '../run/summary.ts'
import { systemProblem } from '../run/system-problem.ts'
import { createTally, type Tally } from '../run/tally.ts'
import { EXIT, RunError } from './usage.ts'

export interface Reading {
  readonly found: FoundInputs
  readonly tally: Tally
  /** Reads everything; `onBatch` gets what comes of it, in the order of the input. */
  read(stage: Stage, jobs: number | undefined, onBatch: (batch: Batch, task: Task) => void): Promise<void>
  account(): RunAccount
  /** Prints the account to standard error. `bounds`: what had to be forgotten, in words; `all`: where everything stands of which only the first few are printed. */
  printAccount(bounds?: readonly string[], all?: string): void
  /** Writes the account as JSON. */
  saveAccount(file: string): void
  rules: RunRules
  time: RunAccount['time']
}

/** Rejects with a RunError when there is nothing at the paths that can be read. */
export async function beginReading(paths: readonly string[]): Promise<Reading> {
  const started = performance.now()
  const found = await findInputs(paths)
  if (!found.files.length) throw new RunError(nothingToRead(paths, found))
  const tally = createTally(found)
  const seconds = (since: number) => (performance.now() - since) / 1000
  const reading: Reading = {
    found,
    tally,
    rules: NO_RULES,
    time: { rules: 0, read: 0, judge: 0, total: 0 },
    async read(stage, jobs, onBatch) {
      const begun = performance.now()
      const bytes = found.files.reduce((sum, file) => sum + file.size, 0)
      const progress = startProgress(bytes)
      try {
        await readAll(found.files, stage, reading.rules.set, jobs, {
          onBatch,
          onDone(result) {
            tally.add(result)
            progress.at(tally.bytesDone, tally.events)
          },
        })
      } finally {
        progress.end()
      }
      reading.time.read = seconds(begun)
    },
    account() {
      reading.time.total = seconds(started)
      return tally.account(reading.rules.account, reading.time)
    },
    printAccount(bounds, all = '(--account FILE names them all)') {
      const { stderr } = process
      const look = { columns: stderr.columns ?? 100, color: wantsColor(stderr, process.env) }
      const told = summarise(reading.account(), [], undefined, bounds)
      stderr.write(renderAccount(told, { ...look, all }))
    },
    saveAccount(file) {
      try {
        writeFileSync(file, `${JSON.stringify(reading.account(), null, 2)}\n`)
      } catch (error) {
        throw new RunError(`--account ${file} can't be written: ${systemProblem(error)}`)
      }
    },
  }
  return reading
}

function nothingToRead(paths: readonly string[], { problems }: FoundInputs): string {
  const where = paths.join(', ')
  if (!problems.length) return `there is no file in ${where}`
  const named = problems.slice(0, 8).map(({ file, problem }) => `  ${file}: ${problem}`)
  const more = problems.length > 8 ? [`  and ${problems.length - 8} more`] : []
  return [`nothing in ${where} can be read:`, ...named, ...more].join('\n')
}

/** Says what was read; gives the exit code: a run that could read nothing at all has failed. */
export function endOfReading(reading: Reading, { quiet, account }: { quiet?: boolean; account?: string }): number {
  if (account !== undefined) reading.saveAccount(account)
  if (!quiet) reading.printAccount()
  return reading.account().files.read ? EXIT.ran : EXIT.failed
}
