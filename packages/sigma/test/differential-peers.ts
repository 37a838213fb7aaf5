// The matches of other tools over the same event logs, with the same rules, beside Crosstalk's; every pair of an event and a rule that only one of two has is judged as for rsigma.
// Each log must have a name of its own: they are told apart by it.
//   crosstalk dump LOGS > events.jsonl; crosstalk scan LOGS --rules RULES --format jsonl > crosstalk.jsonl
//   chainsaw hunt LOGS -s RULES --mapping mappings/sigma-event-logs-all.yml --jsonl -q > chainsaw.jsonl
//   zircolite.py --evtx LOGS -r RULES -p sysmon windows-logsources --no-event-filter -o zircolite.json
//   hayabusa dfir-timeline -d LOGS -w -A -a -n -u -r RULES -t jsonl -p all-field-info-verbose -o hayabusa.jsonl
//   node packages/sigma/test/differential-peers.ts --rules RULES --events events.jsonl --crosstalk crosstalk.jsonl [--chainsaw FILE] [--zircolite FILE] [--hayabusa FILE] [--hayabusa-own FILE]
// --hayabusa-own: matches of Hayabusa's own rules, of which those count that have the title of a rule here.
import { createReadStream, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { loadRules } from '../src/load/load.ts'
import type { DetectionRule } from '../src/rule.ts'
import { judge } from './differential-judge.ts'
import { flatWindowsEvent } from './flat-events.ts'

/** What is looked at of a line of each tool. */
interface OfCrosstalk {
  event: { file: string; recordId: number }
  rule: { id: string }
}
interface OfChainsaw {
  document: { path: string; data: { Event: { System: { EventRecordID: number } } } }
  id: string
}
interface OfZircolite {
  id: string
  matches: { OriginalLogfile: string; EventRecordID: number }[]
}
interface OfHayabusa {
  EvtxFile: string
  RecordID: number
  RuleID: string
  RuleTitle: string
}
type Event = Record<string, unknown>

const file = { type: 'string' } as const
const { values } = parseArgs({
  options: {
    rules: file,
    events: file,
    crosstalk: file,
    chainsaw: file,
    zircolite: file,
    hayabusa: file,
    'hayabusa-own': file,
  },
})
if (!values.rules || !values.events || !values.crosstalk) {
  console.error('--rules DIR, --events FILE.jsonl and --crosstalk FILE.jsonl are needed')
  process.exit(2)
}
const rules = new Map<string, DetectionRule>(
  loadRules([values.rules]).rules.map((rule) => [rule.id ?? rule.title, rule]),
)
const idOfTitle = new Map([...rules].map(([id, { title }]) => [title, id]))

const ours = await pairs<OfCrosstalk>(values.crosstalk, ({ event, rule }) => [event.file, event.recordId, rule.id])
const events = new Map<string, Event[]>()
const peers: Record<string, Set<string>> = {}
if (values.chainsaw)
  peers.chainsaw = await pairs<OfChainsaw>(values.chainsaw, ({ document: { path, data }, id }) => [
    path,
    data.Event.System.EventRecordID,
    id,
  ])
if (values.zircolite)
  peers.zircolite = new Set(
    (JSON.parse(readFileSync(values.zircolite, 'utf8')) as OfZircolite[]).flatMap(({ id, matches }) =>
      matches.map((one) => pair(one.OriginalLogfile, one.EventRecordID, id)),
    ),
  )
if (values.hayabusa)
  peers.hayabusa = await pairs<OfHayabusa>(values.hayabusa, ({ EvtxFile, RecordID, RuleID }) => [
    EvtxFile,
    RecordID,
    RuleID,
  ])
if (values['hayabusa-own'])
  peers['hayabusa-own'] = await pairs<OfHayabusa>(values['hayabusa-own'], ({ EvtxFile, RecordID, RuleTitle }) =>
    idOfTitle.has(RuleTitle) ? [EvtxFile, RecordID, idOfTitle.get(RuleTitle)!] : undefined,
  )
await readEvents(values.events, new Set([...ours, ...Object.values(peers).flatMap((one) => [...one])].map(recordOf)))
for (const [name, theirs] of Object.entries(peers)) compare(name, theirs)

function pair(path: string, record: number | string, rule: string): string {
  return `${basename(path)}#${record} ${rule}`
}

function recordOf(one: string): string {
  return one.slice(0, one.indexOf(' '))
}

async function pairs<Line>(
  path: string,
  of: (line: Line) => [path: string, record: number | string, rule: string] | undefined,
): Promise<Set<string>> {
  const found = new Set<string>()
  for await (const text of createInterface({ input: createReadStream(path) })) {
    const parts = text.startsWith('{') ? of(JSON.parse(text) as Line) : undefined
    if (parts) found.add(pair(...parts))
  }
  return found
}

async function readEvents(path: string, wanted: ReadonlySet<string>): Promise<void> {
  for await (const text of createInterface({ input: createReadStream(path) })) {
    const line = JSON.parse(text) as Event
    const record = `${basename(String(line.file))}#${line.recordId}`
    if (wanted.has(record)) events.set(record, [...(events.get(record) ?? []), flatWindowsEvent(line)])
  }
}

function compare(name: string, theirs: ReadonlySet<string>): void {
  const only = [...ours].filter((one) => !theirs.has(one))
  const onlyTheirs = [...theirs].filter((one) => !ours.has(one))
  console.log(
    `\n${name}: both ${ours.size - only.length}, only Crosstalk ${only.length}, only ${name} ${onlyTheirs.length}`,
  )
  report('crosstalk', name, only)
  report(name, name, onlyTheirs)
}

function report(foundBy: string, name: string, list: readonly string[]): void {
  const classes = new Map<string, Map<string, number>>()
  for (const one of list) {
    const rule = rules.get(one.slice(one.indexOf(' ') + 1))
    const verdicts = (events.get(recordOf(one)) ?? []).map((event) => judge(rule, event))
    const { matches, why } = verdicts.find((verdict) => verdict.matches) ?? verdicts[0] ?? { why: 'no such event' }
    const right = matches === undefined ? 'to be judged' : matches === (foundBy === 'crosstalk') ? 'crosstalk' : name
    const key = `found by ${foundBy} only; ${why}; right: ${right}`
    const titles = classes.get(key) ?? new Map<string, number>()
    classes.set(key, titles)
    const title = rule?.title ?? one
    titles.set(title, (titles.get(title) ?? 0) + 1)
  }
  const count = (titles: ReadonlyMap<string, number>) => [...titles.values()].reduce((sum, one) => sum + one, 0)
  for (const [key, titles] of [...classes].sort((a, b) => count(b[1]) - count(a[1]))) {
    console.log(`\n${count(titles)}  ${key}`)
    for (const [title, times] of [...titles].sort((a, b) => b[1] - a[1]))
      console.log(`   ${String(times).padStart(6)}  ${title}`)
  }
}
