// crosstalk evidence verify <bag>: prove that handed-over evidence is whole.
import { parseArgs } from 'node:util'
import { type BagVerdict, verifyBag } from '../report/bag/verify.ts'
import { visibleText } from '../report/visible-text.ts'
import { writeOut } from './output.ts'
import { EXIT, UsageError } from './usage.ts'

export const name = 'evidence'
export const summary = 'prove that an evidence bag is whole'
export const help = `crosstalk evidence verify <bag>

Reads every file of the bag (crosstalk case export --format bag, or any BagIt bag with SHA-256 manifests) and compares it with the
manifests. Says what was altered, lost or added.

Exit codes: 0 whole; 1 altered, or not a bag; 2 usage.
`

/** Runs the command with the words behind `evidence`; gives the exit code. Throws UsageError and ReportError. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) {
    writeOut(help)
    return EXIT.ran
  }
  const [verb, folder, ...more] = positionals
  if (verb !== 'verify') throw new UsageError(verb === undefined ? 'verify what?' : `there is no "${verb}"`)
  if (folder === undefined) throw new UsageError('which bag? Give its folder')
  if (more.length) throw new UsageError(`one bag at a time, not also ${more.join(', ')}`)
  return report(folder, await verifyBag(folder))
}

function report(folder: string, { whole, files, bytes, problems, absent }: BagVerdict): number {
  for (const problem of problems) writeOut(`${visibleText(problem)}\n`)
  for (const record of absent) writeOut(`never in the bag: ${visibleText(record)}\n`)
  const looked = `${files} files, ${bytes} bytes`
  writeOut(
    whole
      ? `${folder} is whole: ${looked}\n`
      : `${visibleText(folder)} is not whole: ${problems.length} problems in ${looked}\n`,
  )
  return whole ? EXIT.ran : EXIT.failed
}
