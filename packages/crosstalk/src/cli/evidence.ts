// crosstalk evidence verify <bag>: prove that handed-over evidence is whole.
import { parseArgs } from 'node:util'
import { type BagVerdict, verifyBag } from '../report/bag/verify.ts'
import { ReportError } from '../report/report.ts'
import { visibleText } from '../report/visible-text.ts'

export const name = 'evidence'
export const summary = 'prove that an evidence bag is whole'
export const help = `crosstalk evidence verify <bag>

Reads every file of the bag (crosstalk case export --format bag, or any BagIt bag with SHA-256 manifests) and compares it with the
manifests. Says what was altered, lost or added.

Exit codes: 0 whole; 1 altered, or not a bag; 2 usage.
`

const USAGE = 2

/** Runs the command with the words behind `evidence`; gives the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const folder = parse(args)
  if (folder === undefined) {
    process.stdout.write(help)
    return 0
  }
  if (typeof folder !== 'string') {
    process.stderr.write(`crosstalk evidence: ${folder.problem}\n\n${help}`)
    return USAGE
  }
  try {
    return report(folder, await verifyBag(folder))
  } catch (error) {
    if (!(error instanceof ReportError)) throw error
    process.stderr.write(`crosstalk evidence: ${error.message}\n`)
    return 1
  }
}

/** The bag; undefined when help is asked for. */
function parse(args: readonly string[]): string | undefined | { problem: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' } },
    })
    if (values.help) return undefined
    const [verb, folder, ...more] = positionals
    if (verb !== 'verify') return { problem: verb === undefined ? 'verify what?' : `there is no "${verb}"` }
    if (folder === undefined) return { problem: 'which bag? Give its folder' }
    if (more.length) return { problem: `one bag at a time, not also ${more.join(', ')}` }
    return folder
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

function report(folder: string, { whole, files, bytes, problems, absent }: BagVerdict): number {
  for (const problem of problems) process.stdout.write(`${visibleText(problem)}\n`)
  for (const record of absent) process.stdout.write(`never in the bag: ${visibleText(record)}\n`)
  const looked = `${files} files, ${bytes} bytes`
  process.stdout.write(
    whole ? `${folder} is whole: ${looked}\n` : `${folder} is not whole: ${problems.length} problems in ${looked}\n`,
  )
  return whole ? 0 : 1
}
