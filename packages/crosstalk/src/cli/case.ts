// crosstalk case show|export <case folder>: read a case, hand it over.
import { parseArgs } from 'node:util'
import type { Case } from '../cases/case.ts'
import { evidenceReader } from '../report/evidence-bytes.ts'
import { EXPORTS } from '../report/exports.ts'
import { readCase } from '../report/read-case.ts'
import type { Export, ExportSource } from '../report/report.ts'
import { renderCase } from '../report/terminal/render.ts'
import { wantsColor } from '../report/terminal/style.ts'
import { visibleText } from '../report/visible-text.ts'
import { writeExport } from '../report/write-export.ts'
import { writeOut } from './output.ts'
import { EXIT, UsageError } from './usage.ts'

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

For example: crosstalk case export results/cases/CT-5E6BB6CBF7 --format bag --out evidence
`

/** Runs the command with the words behind `case`; gives the exit code. Throws UsageError and ReportError. */
export async function run(args: readonly string[]): Promise<number> {
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
  if (values.help) {
    writeOut(help)
    return EXIT.ran
  }
  const [verb, path, ...more] = positionals
  if (verb !== 'show' && verb !== 'export')
    throw new UsageError(verb === undefined ? 'show or export?' : `there is no "${verb}"`)
  if (path === undefined) throw new UsageError('which case? Give its folder')
  if (more.length) throw new UsageError(`one case at a time, not also ${more.join(', ')}`)
  if (verb === 'show') return show((await readCase(path)).case, values['no-color'] ?? false)
  const form = formOf(values.format)
  if (form.shape === 'folder' && values.out === undefined) throw new UsageError(`where to? ${form.format} needs --out`)
  return exportCase(await readCase(path), form, values.out, values.root)
}

function formOf(format: string | undefined): Export {
  const form = EXPORTS.find((one) => one.format === format)
  const formats = EXPORTS.map((one) => one.format).join(', ')
  if (!form)
    throw new UsageError(
      format === undefined ? `which --format? ${formats}` : `there is no format "${format}"; there are ${formats}`,
    )
  return form
}

function show(story: Case, noColor: boolean): number {
  const { stdout } = process
  writeOut(renderCase(story, { columns: stdout.columns ?? 80, color: wantsColor(stdout, process.env, noColor) }))
  return EXIT.ran
}

async function exportCase(
  source: ExportSource,
  form: Export,
  out: string | undefined,
  root: string | undefined,
): Promise<number> {
  const missing: string[] = []
  const full: ExportSource = {
    ...source,
    evidenceBytes: evidenceReader(root),
    onMissing: (problem) => missing.push(problem),
  }
  if (out === undefined) {
    for await (const { content } of form.files(full)) for await (const piece of content) writeOut(piece)
    return EXIT.ran
  }
  const { paths, bytes } = await writeExport(form, full, out)
  process.stderr.write(`${paths.length === 1 ? out : `${paths.length} files in ${out}`}, ${bytes} bytes\n`)
  for (const problem of missing.slice(0, 10)) process.stderr.write(`not in the bag: ${visibleText(problem)}\n`)
  if (missing.length > 10)
    process.stderr.write(`and ${missing.length - 10} more records; data/evidence.json names them all\n`)
  return missing.length ? EXIT.failed : EXIT.ran
}
