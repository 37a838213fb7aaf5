// The folder that a hunt leaves: summary.json, findings.jsonl, cases/<id>/case.json, report.html. What somebody else put there is never touched.
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Case, Finding } from '../cases/case.ts'
import { caseJson, findingsJsonl, summaryJson } from '../report/results-json.ts'
import type { RunSummary } from '../run/account.ts'
import { breathe } from '../run/breathe.ts'
import { makeFolder } from '../run/make-folder.ts'
import { readProblem, systemProblem } from '../run/system-problem.ts'
import { RunError } from './usage.ts'

const SUMMARY = 'summary.json'
/** What a hunt writes; a folder that holds anything else is not its own. */
const OWN = new Set([SUMMARY, 'findings.jsonl', 'cases', 'report.html'])

/** Throws RunError when the folder can't take results. Called before the work, so that a wrong folder costs no time. */
export function checkResultsFolder(folder: string): void {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') {
      checkParent(folder)
      return
    }
    throw new RunError(
      `--out ${folder}: ${code === 'ENOTDIR' ? 'there is a file of that name; give a folder' : readProblem(error)}`,
    )
  }
  refuseReadOnly(folder, folder)
  if (!names.length) return
  const foreign = [
    ...names.filter((name) => !OWN.has(name) && !name.endsWith(TEMPORARY)),
    ...foreignInCases(join(folder, 'cases')),
  ]
  const isOurs = isFormerSummary(join(folder, SUMMARY)) || names.includes(`${SUMMARY}${TEMPORARY}`)
  if (foreign.length || !isOurs)
    throw new RunError(
      `--out ${folder} is not empty and holds something other than the results of a hunt (${(foreign.length ? foreign : names).slice(0, 3).join(', ')}${names.length > 3 ? ' …' : ''}); nothing was changed. Give another folder`,
    )
}

/** The folder is not there yet: may it be made? */
function checkParent(folder: string): void {
  let parent = resolve(folder)
  while (!existsSync(parent) && dirname(parent) !== parent) parent = dirname(parent)
  refuseReadOnly(folder, parent)
}

function refuseReadOnly(folder: string, parent: string): void {
  try {
    accessSync(parent, constants.W_OK)
  } catch (error) {
    throw new RunError(
      `--out ${folder}: nothing may be written in ${parent} (${systemProblem(error)}); give another folder`,
    )
  }
}

/** Notes and exports that somebody keeps beside a former run's cases: those would go with them. */
function foreignInCases(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? readdirSync(join(folder, entry.name))
          .filter((name) => name !== 'case.json' && !name.endsWith(TEMPORARY))
          .map((name) => join('cases', entry.name, name))
      : [join('cases', entry.name)],
  )
}

function isFormerSummary(file: string): boolean {
  try {
    const summary = JSON.parse(readFileSync(file, 'utf8')) as { tool?: { name?: unknown } }
    return summary?.tool?.name === 'crosstalk'
  } catch {
    return false
  }
}

const TEMPORARY = '.crosstalk-part'

export interface Results {
  cases: readonly Case[]
  findings: readonly Finding[]
  summary: RunSummary
}

/**
 * Writes everything; a file is in place only when it is whole. summary.json comes last: where it is, the rest is, so that of a former run goes first. Until then its
 * beginnings tell that the folder is a hunt's.
 */
export async function writeResults(folder: string, { cases, findings, summary }: Results): Promise<void> {
  try {
    makeFolder(folder)
    const told = join(folder, SUMMARY)
    writeFileSync(`${told}${TEMPORARY}`, '')
    rmSync(told, { force: true })
    await writeCases(join(folder, 'cases'), cases)
    writeFile(join(folder, 'findings.jsonl'), findingsJsonl(findings))
    await setImmediate()
    const { renderHtml } = await import('../report/html/page.ts')
    writeFile(join(folder, 'report.html'), renderHtml(cases, findings, summary))
    await setImmediate()
    writeFile(told, [summaryJson(summary)])
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
    throw new RunError(
      `the results can't be written to ${folder}: ${systemProblem(error)}; what stands there is not whole`,
    )
  }
}

/** A former run's cases go when the new ones are written. */
async function writeCases(folder: string, cases: readonly Case[]): Promise<void> {
  const part = `${folder}${TEMPORARY}`
  rmSync(part, { recursive: true, force: true })
  for (const story of cases) {
    mkdirSync(join(part, story.id), { recursive: true })
    writeFile(join(part, story.id, 'case.json'), [caseJson(story)])
    await breathe()
  }
  rmSync(folder, { recursive: true, force: true })
  if (existsSync(part)) renameSync(part, folder)
  else mkdirSync(folder, { recursive: true })
}

function writeFile(path: string, pieces: Iterable<string>): void {
  const part = `${path}${TEMPORARY}`
  const descriptor = openSync(part, 'w')
  try {
    for (const piece of pieces) {
      const bytes = Buffer.from(piece)
      for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at)
    }
  } finally {
    closeSync(descriptor)
  }
  renameSync(part, path)
}
