// Reads a case from the folder that a hunt wrote (DIR/cases/<id>), with its findings and the account of the run where they stand beside it.
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Case, Finding } from '../cases/case.ts'
import type { RunSummary } from '../run/account.ts'
import { asCase, asFinding } from './case-shape.ts'
import { type ExportSource, ReportError } from './report.ts'

/** A case is a few megabytes at most; what is larger is something else. */
const MOST_BYTES = 256 << 20

/** `path`: the case's folder, or its case.json. Throws ReportError when there is no case to read. */
export async function readCase(path: string): Promise<ExportSource> {
  const file = path.endsWith('.json') ? path : join(path, 'case.json')
  const read = asCase(await readJson(file, 'no case'))
  if ('problem' in read) throw new ReportError(`${file} is no case: ${read.problem}`)
  const run = dirname(dirname(resolve(dirname(file))))
  return {
    case: read.case,
    findings: await findingsOf(join(run, 'findings.jsonl'), read.case),
    summary: await summaryOf(join(run, 'summary.json')),
  }
}

async function readJson(file: string, otherwise: string): Promise<unknown> {
  try {
    const { size } = await stat(file)
    if (size > MOST_BYTES) throw new ReportError(`${file} is ${otherwise}: ${size} bytes are too many`)
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if (error instanceof ReportError) throw error
    if (error instanceof SyntaxError) throw new ReportError(`${file} is ${otherwise}: not JSON`)
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new ReportError(`${file} does not exist; give the folder of a case, as hunt --out wrote it`)
    throw new ReportError(`${file} cannot be read (${code})`)
  }
}

/** The case's findings in its own order; those that are not there are left out, as when only the case's folder was handed over. */
async function findingsOf(file: string, story: Case): Promise<Finding[]> {
  const wanted = new Map(story.findings.map((id, at) => [id, at]))
  const found: Finding[] = []
  try {
    const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })
    for await (const line of lines) {
      const finding = parsedFinding(line)
      if (finding && wanted.has(finding.id)) found.push(finding)
    }
  } catch {
    return []
  }
  return found.sort((a, b) => wanted.get(a.id)! - wanted.get(b.id)!)
}

function parsedFinding(line: string): Finding | undefined {
  try {
    return asFinding(JSON.parse(line))
  } catch {
    return undefined
  }
}

/** Only what an export says of the run is asked of it: the tool and when it ran. */
async function summaryOf(file: string): Promise<RunSummary | undefined> {
  try {
    const value = (await readJson(file, 'no summary')) as Partial<RunSummary>
    return typeof value?.tool?.version === 'string' && typeof value.started === 'string'
      ? (value as RunSummary)
      : undefined
  } catch {
    return undefined
  }
}
