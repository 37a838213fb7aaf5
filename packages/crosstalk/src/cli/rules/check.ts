// crosstalk rules check <path…>: lint. What can't run is an error; what probably does not mean what it says is a warning.
import { isUtf8 } from 'node:buffer'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import {
  type AttackVocabulary,
  applyFixes,
  attackVocabulary,
  CHECKS,
  type CheckCode,
  type CheckResult,
  checkPaths,
  type Diagnostic,
  type Schemas,
} from '@crosstalk/sigma/check'
import { readProblem } from '../../run/system-problem.ts'
import { checkPipelines } from '../check-pipelines.ts'
import { writeOut } from '../output.ts'
import { EXIT, parseChoice, RunError, UsageError } from '../usage.ts'
import { checkSarif, checkTable } from './check-formats.ts'

export const help = `crosstalk rules check <path…> [options]

Everything that can be said of Sigma rules without an event, each with a code, file, line and column.

  --attack FILE     ATT&CK as a STIX bundle, plain or gzip: tags that do not exist, are revoked, or are newer than it
  --schemas DIR     JSON schemas of the Sigma specification (*rule*.json, *correlation*.json, *filter*.json)
  --pipeline FILE   a processing pipeline, as scan takes it: values of placeholders, and whether it leaves rules that can run
  --format FORMAT   table (default), json, sarif
  --severity LEVEL  only findings of this severity and above: info (default), warning, error
  --disable CODES   these findings not at all, as value-covered,attack-newer; may be given more than once
  --fix             make the changes that are safe, and check again
  --fail-on LEVEL   exit code 1 for findings of this severity and above: error (default), warning, info

What is meant all the same is said in the rule, behind what is reported or above it: # crosstalk-ignore: value-broad

Exit codes: 0 nothing that fails; 1 something that fails; 2 usage.
`

const MAX_ROUNDS = 8

/** Worst first. */
const SEVERITIES = ['error', 'warning', 'info'] as const
type Severity = (typeof SEVERITIES)[number]

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals: paths } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      attack: { type: 'string' },
      pipeline: { type: 'string', multiple: true },
      schemas: { type: 'string' },
      format: { type: 'string' },
      severity: { type: 'string' },
      'fail-on': { type: 'string' },
      disable: { type: 'string', multiple: true },
      fix: { type: 'boolean' },
    },
  })
  if (!paths.length) throw new UsageError('which rules? Give files or folders')
  const format = parseChoice(values.format, '--format', ['table', 'json', 'sarif'])
  const least = parseChoice(values.severity, '--severity', ['info', 'warning', 'error'])
  const failOn = parseChoice(values['fail-on'], '--fail-on', SEVERITIES)
  const disabled = parseCodes(values.disable ?? [])
  const options = {
    pipelines: await checkPipelines(values.pipeline ?? []),
    ...(values.attack !== undefined && { attack: readAttack(values.attack) }),
    ...(values.schemas !== undefined && { schemas: readSchemas(values.schemas) }),
  }
  let result = check(paths, options, disabled)
  let fixed = 0
  // What one change makes may be what another one is for: a tag that took a revoked one's place stands there twice.
  for (let round = 0; values.fix && round < MAX_ROUNDS; round++) {
    const made = writeFixes(result.diagnostics)
    if (!made) break
    fixed += made
    result = check(paths, options, disabled)
  }
  if (!result.files && !result.diagnostics.length)
    throw new RunError(`there is no Sigma rule (.yml, .yaml) in ${paths.join(', ')}`)
  const atLeast = (severity: Severity) => (one: Diagnostic) =>
    SEVERITIES.indexOf(one.severity) <= SEVERITIES.indexOf(severity)
  const shown = { ...result, diagnostics: result.diagnostics.filter(atLeast(least)) }
  if (format === 'json') writeOut(`${JSON.stringify({ ...shown, fixed }, null, 2)}\n`)
  else if (format === 'sarif') writeOut(`${JSON.stringify(checkSarif(shown.diagnostics), null, 2)}\n`)
  else for (const line of checkTable(shown, fixed)) writeOut(`${line}\n`)
  return result.diagnostics.some(atLeast(failOn)) ? EXIT.failed : EXIT.ran
}

function check(
  paths: readonly string[],
  options: Parameters<typeof checkPaths>[1],
  disabled: ReadonlySet<CheckCode>,
): CheckResult {
  try {
    const result = checkPaths(paths, options)
    return { ...result, diagnostics: result.diagnostics.filter(({ code }) => !disabled.has(code)) }
  } catch (error) {
    if (error instanceof TypeError) throw new RunError(error.message)
    throw error
  }
}

/** Throws UsageError for a code that there is not. */
function parseCodes(lists: readonly string[]): ReadonlySet<CheckCode> {
  const codes = lists.flatMap((list) => list.split(/[,\s]+/).filter(Boolean))
  const unknown = codes.find((code) => !Object.hasOwn(CHECKS, code))
  if (unknown !== undefined)
    throw new UsageError(`--disable: there is no finding "${unknown}"; docs/sigma-checks.md lists them`)
  return new Set(codes as CheckCode[])
}

/** A STIX bundle, plain or gzip. Throws RunError. */
export function readAttack(file: string): AttackVocabulary {
  const bytes = readBytes(file, '--attack')
  try {
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
    const text = (isGzip ? gunzipSync(bytes, { maxOutputLength: 1 << 29 }) : bytes).toString('utf8')
    return attackVocabulary(JSON.parse(text))
  } catch (error) {
    throw new RunError(`--attack ${file}: ${(error as Error).message}`)
  }
}

/** By their names, as the specification has them. Throws RunError. */
function readSchemas(folder: string): Schemas {
  const schemas: { -readonly [K in keyof Schemas]: Schemas[K] } = {}
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch (error) {
    throw new RunError(`--schemas ${folder}: ${readProblem(error)}`)
  }
  for (const file of names.sort()) {
    if (!file.endsWith('.json')) continue
    const kind = /correlation/i.test(file) ? 'correlation' : /filter/i.test(file) ? 'filter' : 'rule'
    try {
      schemas[kind] = JSON.parse(readBytes(join(folder, file), '--schemas').toString('utf8'))
    } catch (error) {
      if (error instanceof RunError) throw error
      throw new RunError(`--schemas ${join(folder, file)}: ${(error as Error).message}`)
    }
  }
  if (!Object.keys(schemas).length) throw new RunError(`--schemas ${folder}: there is no JSON schema in it`)
  return schemas
}

function readBytes(file: string, option: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new RunError(`${option} ${file}: ${readProblem(error)}`)
  }
}

/** Makes the changes, file by file; gives how many. */
function writeFixes(diagnostics: readonly Diagnostic[]): number {
  const byFile = Map.groupBy(
    diagnostics.filter((one) => one.fix),
    (one) => one.file,
  )
  let count = 0
  for (const [file, list] of byFile) {
    const bytes = readBytes(file, '--fix')
    // Bytes that are no UTF-8 would not come back as they were.
    if (!isUtf8(bytes)) continue
    const before = bytes.toString('utf8')
    const { text, applied } = applyFixes(before, list)
    if (text === before) continue
    try {
      writeFileSync(file, text)
    } catch (error) {
      throw new RunError(`--fix ${file}: ${readProblem(error)}`)
    }
    count += applied
  }
  return count
}
