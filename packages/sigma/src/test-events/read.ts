// A rule's own events: beside `x.yml` stands `x.events.json` with what the rule must match and the look-alikes that it must not.
//
//   {"match":  [{"note": "…", "logsource": {"product": "windows", "category": "pipe_created"}, "event": {"PipeName": "…"}}],
//    "ignore": [{"why": "a browser's own pipe", "logsource": {…}, "event": {…}}]}
//
// For a correlation a case has `events` instead of `event`: [{"time": "2024-01-31T09:00:00Z", "logsource": {…}, "event": {…}}, …].
import { SigmaError } from '../errors.ts'
import type { LogSource } from '../log-source.ts'

export interface TimedEvent {
  readonly logSource: LogSource
  readonly event: Readonly<Record<string, unknown>>
  /** microseconds since 1970 UTC; NaN without a time */
  readonly time: number
}

export interface EventCase {
  /** whether the rule must match */
  readonly expected: boolean
  /** `note` or `why` */
  readonly note: string | undefined
  /** id or name of the rule meant, in a file of several */
  readonly rule: string | undefined
  readonly events: readonly TimedEvent[]
}

/** The name of the events beside a rule file. */
export const eventsFileOf = (ruleFile: string): string => ruleFile.replace(/\.ya?ml$/i, '.events.json')

/** Parses the text of an events file. Throws SigmaError. */
export function parseEventCases(text: string, file: string): EventCase[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw new SigmaError('structure', `not JSON: ${(error as Error).message}`, placeOf(text, file, error as Error))
  }
  const wrong = (message: string): never => {
    throw new SigmaError('structure', message, { file, line: 1, column: 1 })
  }
  if (!isObject(parsed)) return wrong('{"match": […], "ignore": […]} was expected')
  const { match = [], ignore = [], ...rest } = parsed
  const unknown = Object.keys(rest)[0]
  if (unknown !== undefined) wrong(`"${unknown}": only "match" and "ignore" were expected`)
  return [
    ...list(match, 'match', wrong).map((one, at) => caseOf(one, true, `match[${at}]`, wrong)),
    ...list(ignore, 'ignore', wrong).map((one, at) => caseOf(one, false, `ignore[${at}]`, wrong)),
  ]
}

type Wrong = (message: string) => never

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const list = (value: unknown, name: string, wrong: Wrong): unknown[] =>
  Array.isArray(value) ? value : wrong(`"${name}" is no list`)

function caseOf(value: unknown, expected: boolean, where: string, wrong: Wrong): EventCase {
  if (!isObject(value)) return wrong(`${where}: {"logsource": {…}, "event": {…}} was expected`)
  const { note, why, rule } = value
  const text = typeof note === 'string' ? note : typeof why === 'string' ? why : undefined
  const events = Array.isArray(value.events)
    ? value.events.map((one: unknown, at) => eventOf(one, value.logsource, `${where}.events[${at}]`, wrong))
    : [eventOf(value, undefined, where, wrong)]
  return { expected, note: text, rule: typeof rule === 'string' ? rule : undefined, events }
}

function eventOf(value: unknown, common: unknown, where: string, wrong: Wrong): TimedEvent {
  const { event, logsource = common, time } = isObject(value) ? value : {}
  if (!isObject(event)) return wrong(`${where}: "event" is no object`)
  if (!isObject(logsource)) return wrong(`${where}: "logsource" is missing (product, category, service)`)
  const parts = Object.entries(logsource).map(([name, part]) =>
    (name === 'product' || name === 'category' || name === 'service') && typeof part === 'string'
      ? [name, part.toLowerCase()]
      : wrong(`${where}: logsource.${name}: a text for product, category or service was expected`),
  )
  const instant = typeof time === 'string' ? Date.parse(time) * 1000 : Number.NaN
  if (time !== undefined && Number.isNaN(instant)) wrong(`${where}: "time" is no ISO 8601 time`)
  return { event, logSource: Object.fromEntries(parts) as LogSource, time: instant }
}

/** V8 says where JSON goes wrong by position, or by the ten characters on either side of it. */
function placeOf(text: string, file: string, { message }: Error) {
  const position = /position (\d+)/.exec(message)
  const around = /^Unexpected token '.+?', (\.{3})?"([\s\S]*)"(?:\.{3})? is not valid JSON$/.exec(message)
  const at = position ? Number(position[1]) : around ? text.indexOf(around[2]) + (around[1] ? 10 : 0) : text.length
  const before = text.slice(0, Math.max(at, 0)).split('\n')
  return { file, line: before.length, column: before.at(-1)!.length + 1 }
}
