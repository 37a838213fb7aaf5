// Whether an event matches the same rules whatever collector wrote it: the Sysmon and Security events of a folder of event logs, in the form of each collector, against
// the rules that they match as EVTX.
//   node bench/collectors.ts [EVTX-FOLDER [RULES]]
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceEvent } from '../packages/crosstalk/src/events/event.ts'
import { classifyWindows } from '../packages/crosstalk/src/events/windows.ts'
import { fromMemory } from '../packages/crosstalk/src/sources/containers/read-bytes.ts'
import { evtx } from '../packages/crosstalk/src/sources/evtx/index.ts'
import { recognise } from '../packages/crosstalk/src/sources/index.ts'
import { compileRules, createMatcher, loadRules } from '../packages/sigma/src/index.ts'
import { FORMS, type PlainEvent } from './collector-forms.ts'

const CORPUS = process.env.CROSSTALK_CORPUS ?? join(import.meta.dirname, '..', '..', 'shared', 'corpus')
const [logs = join(CORPUS, 'evtx', 'EVTX-ATTACK-SAMPLES'), rules = join(CORPUS, 'sigma')] = process.argv.slice(2)

/** Events of a log that are taken: some are long and much the same. */
const MAX_EVENTS = 400
const PROVIDERS = new Set(['Microsoft-Windows-Sysmon', 'Microsoft-Windows-Security-Auditing'])
/** What stands outside of EventData. */
const SYSTEM =
  /^(?:Provider_|Execution_|Correlation_|Security_UserID|TimeCreated|EventID|Version$|Level$|Task$|Opcode$|Keywords$|EventRecordID$|Channel$|Computer$|Data$|$)|[.#]/

const { ruleSet } = compileRules(loadRules([rules]).rules)
const matcher = createMatcher(ruleSet)

interface Wanted extends PlainEvent {
  readonly matches: readonly string[]
}

function matchesOf(event: SourceEvent): string[] {
  const titles: string[] = []
  matcher.match(event, (rule) => titles.push(rule.title))
  return titles.sort()
}

async function eventsOf(file: string): Promise<Wanted[]> {
  const events: Wanted[] = []
  await evtx.read(
    fromMemory(file, readFileSync(join(logs, file))),
    undefined,
    {},
    (event) => {
      const { provider, channel, eventId, fields } = event.shape
      if (events.length >= MAX_EVENTS || !PROVIDERS.has(provider)) return
      // What Crosstalk made of other fields is no part of the event.
      const made = new Set(classifyWindows(provider, channel, Number(eventId)).made.map((field) => field.name))
      const data: [string, string][] = []
      fields.forEach((name, slot) => {
        const text = SYSTEM.test(name) || made.has(name) ? undefined : event.text(slot)
        if (text !== undefined) data.push([name, text])
      })
      const time = new Date(Math.floor(event.time / 1000)).toISOString()
      events.push({ provider, channel, id: Number(eventId), host: event.host, time, data, matches: matchesOf(event) })
    },
    () => {},
  )
  return events
}

interface Tally {
  events: number
  matches: number
  missing: number
  extra: number
  lost: number
}

const titles = new Map<string, number>()
const count = (what: string): void => void titles.set(what, (titles.get(what) ?? 0) + 1)

async function compare(form: string, wanted: readonly Wanted[], tally: Tally): Promise<void> {
  const taken: Wanted[] = []
  const lines: string[] = []
  for (const event of wanted) {
    const written = FORMS[form](event)
    if (written === undefined) continue
    taken.push(event)
    lines.push(typeof written === 'string' ? written : JSON.stringify(written))
  }
  if (taken.length === 0) return
  const bytes = Buffer.from(lines.join('\n'))
  let at = 0
  await recognise(bytes, form)?.read(
    fromMemory(form, bytes),
    undefined,
    {},
    (event) => {
      const { matches, id } = taken[at++] ?? { matches: [], id: 0 }
      const found = matchesOf(event)
      const missing = matches.filter((title) => !found.includes(title))
      const extra = found.filter((title) => !matches.includes(title))
      for (const title of missing) count(`${form}: missing ${title} (${id})`)
      for (const title of extra) count(`${form}: extra ${title} (${id})`)
      tally.matches += matches.length
      tally.missing += missing.length
      tally.extra += extra.length
    },
    () => {},
  )
  tally.events += at
  tally.lost += Math.abs(taken.length - at)
}

const tallies = new Map(
  Object.keys(FORMS).map((form): [string, Tally] => [form, { events: 0, matches: 0, missing: 0, extra: 0, lost: 0 }]),
)
for (const file of (readdirSync(logs, { recursive: true }) as string[]).filter((name) => name.endsWith('.evtx'))) {
  const wanted = await eventsOf(file)
  for (const [form, tally] of tallies) await compare(form, wanted, tally)
}
console.log(`${ruleSet.rules.length} rules, ${logs}\n`)
console.log('events  matches  missing  extra  not read')
for (const [form, { events, matches, missing, extra, lost }] of tallies)
  console.log(
    `${String(events).padStart(6)} ${String(matches).padStart(8)} ${String(missing).padStart(8)} ${String(extra).padStart(6)} ${String(lost).padStart(9)}  ${form}`,
  )
if (titles.size > 0) console.log()
for (const [what, times] of [...titles].sort((a, b) => b[1] - a[1])) console.log(`${times} × ${what}`)
