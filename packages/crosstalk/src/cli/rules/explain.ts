// crosstalk rules explain <rule> <event>: atom by atom.
import { readFileSync, statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import {
  applyFilters,
  type DetectionRule,
  type EventView,
  formatError,
  loadRules,
  objectEvent,
  SigmaError,
} from '@crosstalk/sigma'
import { explainRule, renderExplanation } from '@crosstalk/sigma/explain'
import { applyPipelines, type Pipeline } from '@crosstalk/sigma/pipeline'
import { parseEventCases } from '@crosstalk/sigma/test-events'
import { visibleText } from '../../report/visible-text.ts'
import { eachEvent } from '../../run/each-event.ts'
import { readProblem } from '../../run/system-problem.ts'
import { checkPipelines } from '../check-pipelines.ts'
import { writeOut } from '../output.ts'
import { EXIT, RunError, UsageError } from '../usage.ts'

export const help = `crosstalk rules explain <rule.yml> <event> [options]

Why the rule does or does not match: + holds, - does not. Texts stand as they are, in single quotes. The event is one of

  telemetry        any file that crosstalk reads (EVTX, JSON lines …): the record --record N, else the first
  event.json       {"logsource": {"product": "windows", "category": "process_creation"}, "event": {"Image": "…"}}
  x.events.json    the events beside a rule: all of them, or --record N, counted from 1

  --record N       which record: its record number
  --everything     also what did not decide anything
  --pipeline FILE  a processing pipeline, applied to the rule before
  --any-log-source look at the rule whatever log source the event is of

Exit codes: 0 some rule matches; 1 none does; 2 usage.
`

/** A file of samples larger than this is telemetry. */
const MAX_SAMPLE_BYTES = 16 << 20

interface Options {
  record: number | undefined
  everything: boolean
  anyLogSource: boolean
}

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      record: { type: 'string' },
      pipeline: { type: 'string', multiple: true },
      everything: { type: 'boolean' },
      'any-log-source': { type: 'boolean' },
    },
  })
  const [rulePath, eventPath, ...more] = positionals
  if (rulePath === undefined || eventPath === undefined || more.length)
    throw new UsageError('which rule and which event? crosstalk rules explain x.yml event.json')
  if (values.record !== undefined && !/^\d{1,15}$/.test(values.record))
    throw new UsageError(`--record is a record’s number, not "${values.record}"`)
  const options: Options = {
    record: values.record === undefined ? undefined : Number(values.record),
    everything: values.everything ?? false,
    anyLogSource: values['any-log-source'] ?? false,
  }
  const rules = readRules(rulePath, await checkPipelines(values.pipeline ?? []))
  let seen = 0
  let matched = false
  const explain = (event: EventView, title: string) => {
    if (seen++) writeOut('\n')
    for (const rule of rules) matched = print(rule, event, title, options) || matched
  }
  if (!explainSamples(eventPath, options, explain)) await explainTelemetry(eventPath, options, explain)
  if (!seen)
    throw new RunError(
      `${eventPath}: ${options.record === undefined ? 'there is no event in it' : `there is no record ${options.record} in it`}`,
    )
  return matched ? EXIT.ran : EXIT.failed
}

/** The detection rules of a file, with the filters in it. Throws RunError when there is none. */
function readRules(path: string, pipelines: readonly Pipeline[]): DetectionRule[] {
  const loaded = loadRules([path])
  const { rules, refused } = applyPipelines(applyFilters(loaded.rules, loaded.filters).rules, [], pipelines)
  if (rules.length) return rules
  const why = [...loaded.refused, ...refused].map((error) => `\n  ${formatError(error)}`).join('')
  const correlation = loaded.correlations.length ? ': correlations are explained by the rules they are built on' : ''
  throw new RunError(`there is no detection rule in ${path}${why || correlation}`)
}

function print(rule: DetectionRule, event: EventView, title: string, options: Options): boolean {
  try {
    const explanation = explainRule(rule, event, options)
    const { everything } = options
    const [verdict, ...lines] = renderExplanation(explanation, { everything, width: process.stdout.columns })
    writeOut(`${visibleText(`"${rule.title}" ${verdict} ${title}`)}\n`)
    for (const line of lines) writeOut(`${visibleText(line)}\n`)
    if (!explanation.logSource.holds && !everything)
      writeOut('  (--any-log-source looks at the rest of the rule all the same)\n')
    return explanation.matches
  } catch (error) {
    if (error instanceof SigmaError) throw new RunError(formatError(error))
    throw error
  }
}

type Explain = (event: EventView, title: string) => void

/** False: the file is no sample. */
function explainSamples(path: string, { record }: Options, explain: Explain): boolean {
  const parsed = readSample(path)
  if (parsed === undefined) return false
  const cases = parsed.map((one, at) => ({ one, number: at + 1 }))
  for (const { one, number } of record === undefined ? cases : cases.filter((each) => each.number === record))
    for (const { event, logSource } of one.events)
      explain(objectEvent(event, [logSource]), `event ${number}${one.note ? ` (${one.note})` : ''}`)
  return true
}

function readSample(path: string): ReturnType<typeof parseEventCases> | undefined {
  let text: string
  try {
    if (statSync(path).size > MAX_SAMPLE_BYTES) return undefined
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new RunError(`${path}: ${readProblem(error)}`)
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const isSample = 'match' in value || 'ignore' in value
  const isEvent = 'event' in value && 'logsource' in value
  if (!isSample && !isEvent) return undefined
  try {
    return parseEventCases(isSample ? text : JSON.stringify({ match: [value] }), path)
  } catch (error) {
    if (error instanceof SigmaError) throw new RunError(formatError(error))
    throw error
  }
}

async function explainTelemetry(path: string, { record }: Options, explain: Explain): Promise<void> {
  let isTold = false
  let hasMore = false
  const isKnown = await eachEvent(path, (event) => {
    if (isTold) hasMore = true
    if (hasMore) return false
    if (record !== undefined && event.recordId !== record) return true
    explain(event, `record ${event.recordId} (${event.shape.channel} ${event.shape.eventId})`)
    isTold = true
    return record === undefined
  })
  if (hasMore) writeOut('\n(the first record; --record N explains another)\n')
  if (!isKnown)
    throw new RunError(`${path}: neither telemetry that crosstalk knows, nor {"logsource": {…}, "event": {…}}`)
}
