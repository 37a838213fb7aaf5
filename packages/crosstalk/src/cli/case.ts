// crosstalk case show|export <case folder>: read a case, hand it over.
import { parseArgs } from 'node:util'
import { evidenceReader } from '../report/evidence-bytes.ts'
import { EXPORTS } from '../report/exports.ts'
import { readCase } from '../report/read-case.ts'
import { type Export, type ExportSource, ReportError } from '../report/report.ts'
import { renderCase } from '../report/terminal/render.ts'
import { wantsColor } from '../report/terminal/style.ts'
import { writeExport } from '../report/write-export.ts'

export const name = 'case'
export const summary = 'read a case, or export it'
export const help = `crosstalk case show <case folder>
crosstalk case export <case folder> --format FORMAT [--out PATH] [--root DIR]

A case folder is what hunt --out DIR wrote: DIR/cases/<id>. Its case.json may be given as well.

  --format FORMAT   ${EXPORTS.map((form) => `${form.format.padEnd(13)} ${form.title}`).join('\n                    ')}
  --out PATH        the file or folder to write, which must not exist yet (a file: default standard output)
  --root DIR        bag: where the logs lie now, when not where the hunt saw them from here
  --no-color        show: no colours, also where the terminal has them

Exit codes: 0 done; 1 the case cannot be read or written, or a bag lacks evidence; 2 usage.
`

const USAGE = 2

/** Runs the command with the words behind `case`; gives the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const parsed = parse(args)
  if (typeof parsed === 'string') {
    process.stderr.write(`crosstalk case: ${parsed}\n\n${help}`)
    return USAGE
  }
  if (parsed.help) {
    process.stdout.write(help)
    return 0
  }
  try {
    const source = await readCase(parsed.path)
    return parsed.form ? await exportCase(source, parsed) : show(source, parsed.noColor)
  } catch (error) {
    if (!(error instanceof ReportError)) throw error
    process.stderr.write(`crosstalk case: ${error.message}\n`)
    return 1
  }
}

interface Wanted {
  help: boolean
  path: string
  /** undefined: show */
  form?: Export
  out?: string
  root?: string
  noColor: boolean
}

/** What is asked for; or what is wrong with it. */
function parse(args: readonly string[]): Wanted | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        format: { type: 'string' },
        out: { type: 'string', short: 'o' },
        root: { type: 'string' },
        'no-color': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    const [verb, path, ...more] = positionals
    const common = { help: values.help ?? false, path, noColor: values['no-color'] ?? false }
    if (common.help) return common
    if (verb !== 'show' && verb !== 'export') return verb === undefined ? 'show or export?' : `there is no "${verb}"`
    if (path === undefined) return 'which case? Give its folder'
    if (more.length) return `one case at a time, not also ${more.join(', ')}`
    if (verb === 'show') return common
    const form = EXPORTS.find((one) => one.format === values.format)
    if (!form) return values.format === undefined ? 'which --format?' : `there is no format "${values.format}"`
    if (form.shape === 'folder' && values.out === undefined) return `where to? ${form.format} needs --out`
    return { ...common, form, out: values.out, root: values.root }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function show(source: ExportSource, noColor: boolean): number {
  const { stdout } = process
  stdout.write(
    renderCase(source.case, { columns: stdout.columns ?? 80, color: wantsColor(stdout, process.env, noColor) }),
  )
  return 0
}

async function exportCase(source: ExportSource, { form, out, root }: Wanted): Promise<number> {
  const missing: string[] = []
  const withBytes: ExportSource = {
    ...source,
    evidenceBytes: evidenceReader(root),
    onMissing: (problem) => missing.push(problem),
  }
  if (out === undefined) {
    for await (const { content } of form!.files(withBytes))
      for await (const piece of content) process.stdout.write(piece)
    return 0
  }
  const written = await writeExport(form!, withBytes, out)
  process.stderr.write(
    `${written.paths.length === 1 ? out : `${written.paths.length} files in ${out}`}, ${written.bytes} bytes\n`,
  )
  return reportMissing(missing)
}

function reportMissing(missing: readonly string[]): number {
  for (const message of missing.slice(0, 10)) process.stderr.write(`not in the bag: ${message}\n`)
  if (missing.length > 10)
    process.stderr.write(`and ${missing.length - 10} more records; data/evidence.json names them all\n`)
  return missing.length ? 1 : 0
}
