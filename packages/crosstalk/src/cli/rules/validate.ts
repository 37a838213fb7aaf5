// crosstalk rules validate: may this rule be deployed? Every rule over attacks and over benign telemetry, in one table.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { EventView } from '@crosstalk/sigma'
import { correlateMatches } from '../../run/correlate.ts'
import { eachEvent } from '../../run/each-event.ts'
import { loadRunRules, type RunRules } from '../../run/rules.ts'
import { readProblem } from '../../run/system-problem.ts'
import {
  createValidation,
  keptEvent,
  type LabelsOf,
  labelsInPath,
  measureCost,
  type RuleMeasures,
  type Validation,
} from '../../run/validate-rules.ts'
import { checkPipelines } from '../check-pipelines.ts'
import { needRules } from '../need-rules.ts'
import { lineOutput } from '../output.ts'
import { beginReading } from '../reading.ts'
import { parseReading, READING_HELP, READING_OPTIONS, type ReadingOptions } from '../reading-options.ts'
import { EXIT, parseChoice, RunError, UsageError } from '../usage.ts'
import { type Row, type Told, validationJson, validationTable } from './validate-formats.ts'

export const help = `crosstalk rules validate --rules PATH… --attack PATH… --benign PATH… [options]

Runs all rules over telemetry of attacks and over benign telemetry, and tells for each: hits, precision (attack hits of all hits),
recall (of the attack files that are labelled with it, those in which it hit), false positives per host-day, and what it costs.

  --attack PATH                telemetry of attacks; a file is labelled with the ATT&CK techniques that its path names (…/T1053.005/…)
  --pipeline FILE              a processing pipeline (pySigma’s YAML) that fits the rules to this telemetry
  --labels FILE                more labels, as JSON: {"part of a path": ["T1053.005", "a rule’s id"]}
  --benign PATH                telemetry without attacks. A host-day is a UTC day within which a host’s events lie
  --min-precision P            gate: rules that hit must have at least this precision, 0 to 1
  --max-fp-per-host-day N      gate: no more false positives
  --min-recall R               gate: rules with labels must have at least this recall, 0 to 1
  --need-hits                  gate: a rule that never hit an attack fails, too
  --cost-events N              events over which each rule’s own cost is measured (default 2000; 0: none)
  --all                        rules that found nothing at all are listed, too
  --format FORMAT              table (default), json
${READING_HELP}

Verdicts: deploy (it hit an attack and passes every gate), no (and why), unproven (it hit no attack, or there is
no benign telemetry of its log source).

Exit codes: 0 every rule passes the gates; 1 some rule does not or is refused, or nothing could be read; 2 usage.
`

interface Gates {
  minPrecision?: number
  maxFalsePositives?: number
  minRecall?: number
  needHits: boolean
}

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rules: { type: 'string', multiple: true },
      pipeline: { type: 'string', multiple: true },
      attack: { type: 'string', multiple: true },
      benign: { type: 'string', multiple: true },
      labels: { type: 'string' },
      'min-precision': { type: 'string' },
      'max-fp-per-host-day': { type: 'string' },
      'min-recall': { type: 'string' },
      'need-hits': { type: 'boolean' },
      'cost-events': { type: 'string' },
      all: { type: 'boolean' },
      format: { type: 'string' },
      ...READING_OPTIONS,
    },
  })
  const rulePaths = [...(values.rules ?? []), ...positionals]
  if (!rulePaths.length) throw new UsageError('which rules? Give --rules with a file or folder of Sigma rules')
  const { attack = [], benign = [] } = values
  if (!attack.length && !benign.length) throw new UsageError('over what? Give --attack and --benign with telemetry')
  const gates = parseGates(values)
  const format = parseChoice(values.format, '--format', ['table', 'json'])
  const costEvents = parseNumber(values['cost-events'], '--cost-events') ?? 2000
  const how = parseReading(values)
  const { pipeline: pipelines = [] } = values
  await checkPipelines(pipelines)
  const rules = await loadRunRules(rulePaths, { pipelines })
  await needRules(rules, rulePaths)
  const validation = createValidation(rules.rules, labelsFrom(values.labels))
  const sample: EventView[] = []
  const events = { attack: 0, benign: 0 }
  if (attack.length) events.attack = await readSide('attack', attack, rules, validation, how, costEvents / 2, sample)
  if (benign.length)
    events.benign = await readSide('benign', benign, rules, validation, how, costEvents - sample.length, sample)
  const rows = rowsOf(validation, rules, gates, values.all ?? false, sample, events.benign)
  const told: Told = {
    rows,
    events,
    hostDays: validation.hostDays,
    refused: rules.account.refused,
    costEvents: sample.length,
  }
  const out = lineOutput()
  for (const line of format === 'json' ? [validationJson(told)] : validationTable(told, values.all ?? false))
    out.write(`${line}\n`)
  out.flush()
  const isRefused = hasGates(gates) && told.refused.length > 0
  return isRefused || rows.some((row) => row.failures.length) ? EXIT.failed : EXIT.ran
}

/** What was measured of every rule that gives matches, with its verdict. The cost only of those that are listed: it takes a while. */
function rowsOf(
  validation: Validation,
  rules: RunRules,
  gates: Gates,
  all: boolean,
  sample: readonly EventView[],
  benign: number,
): Row[] {
  const measured = validation.measures().filter(({ rule }) => !rule.silent)
  const isListed = ({ attackHits, benignHits }: RuleMeasures) => all || attackHits + benignHits > 0
  const listed = new Set(measured.filter(isListed).map(({ rule }) => rule.id))
  const cost = rules.set ? measureCost(rules.set, listed, sample) : new Map<string, number>()
  const missing = !benign ? 'no benign telemetry' : !validation.hostDays ? 'benign telemetry without times' : undefined
  return measured.map((measures): Row => {
    const failures = failuresOf(measures, gates)
    const verdict = verdictOf(measures, failures, hasGates(gates), missing)
    return { ...measures, failures, verdict, nanosecondsPerEvent: cost.get(measures.rule.id) }
  })
}

const hasGates = (gates: Gates): boolean => Object.values(gates).some((gate) => gate !== undefined && gate !== false)

function parseGates(
  values: Partial<Record<'min-precision' | 'max-fp-per-host-day' | 'min-recall', string>> & { 'need-hits'?: boolean },
): Gates {
  return {
    minPrecision: parseShare(values['min-precision'], '--min-precision'),
    maxFalsePositives: parseNumber(values['max-fp-per-host-day'], '--max-fp-per-host-day'),
    minRecall: parseShare(values['min-recall'], '--min-recall'),
    needHits: values['need-hits'] ?? false,
  }
}

function parseNumber(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (!/^\d+(?:\.\d+)?$/.test(text)) throw new UsageError(`${option} is a number, not "${text}"`)
  return number
}

function parseShare(text: string | undefined, option: string): number | undefined {
  const number = parseNumber(text, option)
  if (number !== undefined && number > 1) throw new UsageError(`${option} is a number from 0 to 1, not "${text}"`)
  return number
}

/** Labels of the path and of the file of labels. Throws RunError. */
function labelsFrom(file: string | undefined): LabelsOf {
  if (file === undefined) return labelsInPath
  let more: [string, string[]][]
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'))
    const entries = Object.entries(parsed as Record<string, unknown>)
    if (!entries.every(([, list]) => Array.isArray(list) && list.every((one) => typeof one === 'string')))
      throw new Error('{"part of a path": ["T1053.005", …]} was expected')
    more = entries as [string, string[]][]
  } catch (error) {
    throw new RunError(`--labels ${file}: ${readProblem(error)}`)
  }
  return (input) => {
    const labels = labelsInPath(input)
    for (const [part, list] of more) if (input.includes(part)) for (const label of list) labels.add(label.toLowerCase())
    return labels
  }
}

/** Gives the number of events that were read. */
async function readSide(
  side: 'attack' | 'benign',
  paths: readonly string[],
  rules: RunRules,
  validation: Validation,
  { stage: how, jobs }: ReadingOptions,
  sampled: number,
  sample: EventView[],
): Promise<number> {
  const reading = await beginReading(paths)
  reading.rules = rules
  if (side === 'attack') for (const { name } of reading.found.files) validation.addAttackInput(name)
  const note = (input: string, match: Parameters<Validation['addMatch']>[2]) => validation.addMatch(side, input, match)
  const correlator = correlateMatches(rules, note)
  const stage = { kind: side === 'benign' ? 'validate' : 'scan', ...how, rules: rules.compiled } as const
  await reading.read(stage, jobs, ({ input, matches = [], kinds = [] }) => {
    if (side === 'attack') validation.addAttackInput(input.name)
    for (const kind of kinds) validation.addBenignKind(kind)
    for (const match of matches) {
      correlator.add(input.name, match)
      note(input.name, match)
    }
  })
  correlator.finish()
  const { events } = reading.account()
  const files = reading.found.files.filter(({ source }) => source)
  const wanted = sample.length + sampled
  const each = Math.ceil(sampled / Math.max(1, files.length))
  for (const { path } of files) {
    if (sample.length >= wanted) break
    const end = Math.min(wanted, sample.length + each)
    await eachEvent(path, (event) => sample.push(keptEvent(event)) < end)
  }
  return events.read
}

function failuresOf({ precision, falsePositivesPerHostDay, recall, attackHits }: RuleMeasures, gates: Gates): string[] {
  const failures: string[] = []
  if (gates.needHits && !attackHits) failures.push('no attack hit')
  if (gates.minPrecision !== undefined && precision !== undefined && precision < gates.minPrecision)
    failures.push(`precision below ${gates.minPrecision}`)
  if (gates.minRecall !== undefined && recall !== undefined && recall < gates.minRecall)
    failures.push(`recall below ${gates.minRecall}`)
  if (gates.maxFalsePositives !== undefined && (falsePositivesPerHostDay ?? 0) > gates.maxFalsePositives)
    failures.push(`more than ${gates.maxFalsePositives} false positives per host-day`)
  return failures
}

/** `deploy`: it hit an attack and passes every gate; `unproven`: what would prove it is missing. Without a gate there is no verdict. */
function verdictOf(
  { attackHits, benignEvents }: RuleMeasures,
  failures: readonly string[],
  hasGates: boolean,
  missing: string | undefined,
): string {
  if (failures.length) return `no: ${failures.join(', ')}`
  if (!attackHits) return 'unproven: hit no attack'
  if (!hasGates) return '-'
  if (missing !== undefined) return `unproven: ${missing}`
  return benignEvents ? 'deploy' : 'unproven: no benign event of its log source'
}
