// The same events and rules through Crosstalk and through rsigma; every pair of an event and a rule on which they differ, by class. Who is right is then judged by a third party:
// the reference matcher of this folder over the event as it stands in the line, and a routing table of its own.
//   node packages/sigma/test/differential-rsigma.ts --rsigma PATH --rules DIR --events FILE.ndjson [--out FILE.json] [--markdown]
//   crosstalk dump LOGS > FILE.jsonl; node … --events FILE.jsonl --original LOGS      Crosstalk reads LOGS itself, rsigma their events as the dump has them, flat
import { spawn } from 'node:child_process'
import { createReadStream, createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { applyFilters } from '../src/filters/apply.ts'
import { loadRules } from '../src/load/load.ts'
import type { DetectionRule } from '../src/rule.ts'
import { judge, type Verdict } from './differential-judge.ts'
import { flatLinuxEvent, flatWindowsEvent } from './flat-events.ts'

const PROGRAM = join(import.meta.dirname, '..', '..', 'crosstalk', 'bin', 'crosstalk.js')

type Event = Record<string, unknown>

interface Disagreement {
  rule: string
  title: string
  line: number
  foundBy: 'crosstalk' | 'rsigma'
  verdict: Verdict
}

const { values } = parseArgs({
  options: {
    rsigma: { type: 'string', default: 'rsigma' },
    rules: { type: 'string' },
    events: { type: 'string' },
    original: { type: 'string' },
    out: { type: 'string' },
    markdown: { type: 'boolean', default: false },
  },
})
if (!values.rules || !values.events) {
  console.error('--rules DIR and --events FILE.ndjson are needed')
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), 'sigma-differential-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
/** line → file and record, with --original */
const records = new Map<number, string>()
const numbered = join(folder, 'events.ndjson')
const count = await number(values.events, numbered)
const theirs = await matchesOfRsigma(values.rsigma, values.rules, numbered)
const ours = await matchesOfCrosstalk(values.rules, values.original ?? numbered, values.original !== undefined)
const both = [...ours].filter((pair) => theirs.has(pair)).length
const differing = [
  ...[...ours].filter((pair) => !theirs.has(pair)).map((pair) => ({ pair, foundBy: 'crosstalk' as const })),
  ...[...theirs].filter((pair) => !ours.has(pair)).map((pair) => ({ pair, foundBy: 'rsigma' as const })),
]
const disagreements = await judged(differing, values.rules, numbered)
console.log(
  `${count} events; matches: both ${both}, Crosstalk ${ours.size}, rsigma ${theirs.size}; disagreements: ${differing.length}`,
)
if (values.markdown) printTable(disagreements)
else print(disagreements)
if (values.out) writeFileSync(values.out, `${JSON.stringify(disagreements, null, 1)}\n`)

/** Gives each event its line as record number, so that both sides name it alike. */
async function number(from: string, to: string): Promise<number> {
  const out = createWriteStream(to)
  let line = 0
  for await (const text of createInterface({ input: createReadStream(from), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (!text.startsWith('{')) continue
    const parsed = JSON.parse(text) as Event
    const event = flatLinuxEvent(parsed) ?? flatWindowsEvent(parsed)
    line++
    if (values.original !== undefined) records.set(line, `${parsed.file}#${parsed.recordId}`)
    // In the place where the event has it: the order of keys stays.
    for (const name of ['EventRecordID', 'RecordNumber']) if (name in event) event[name] = line
    if (!('RecordNumber' in event)) event.RecordNumber = line
    if (!out.write(`${JSON.stringify(event)}\n`))
      await new Promise<void>((resolve) => out.once('drain', () => resolve()))
  }
  await new Promise<void>((resolve) => out.end(resolve))
  return line
}

/** What both sides call the event of a line. */
function nameOf(line: number): string {
  return records.get(line) ?? String(line)
}

async function matchesOfRsigma(program: string, rules: string, events: string): Promise<Set<string>> {
  const args = [
    'engine',
    'eval',
    '-r',
    rules,
    '--logsource-routing',
    '-p',
    'sysmon',
    '--include-event',
    '--output-format',
    'ndjson',
    '-q',
    '-e',
    `@${events}`,
  ] // prettier-ignore
  const pairs = new Set<string>()
  for await (const text of linesOf(program, args)) {
    const {
      rule_id: id,
      rule_title: title,
      event,
    } = JSON.parse(text) as { rule_id?: string; rule_title: string; event: Event }
    pairs.add(`${nameOf(Number(event.RecordNumber))} ${id ?? title}`)
  }
  return pairs
}

async function matchesOfCrosstalk(rules: string, events: string, byFile: boolean): Promise<Set<string>> {
  const pairs = new Set<string>()
  for await (const text of linesOf(process.execPath, [
    PROGRAM,
    'scan',
    events,
    '--rules',
    rules,
    '--format',
    'jsonl',
    '--quiet',
  ])) {
    const { rule, event } = JSON.parse(text) as { rule: { id: string }; event: { file: string; recordId: number } }
    pairs.add(`${byFile ? `${event.file}#${event.recordId}` : event.recordId} ${rule.id}`)
  }
  return pairs
}

async function* linesOf(program: string, args: readonly string[]): AsyncGenerator<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  for await (const line of createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY }))
    if (line !== '') yield line
  const code = await ended
  if (code !== 0) throw new Error(`${program} ended with ${code}`)
}

async function judged(
  pairs: readonly { pair: string; foundBy: 'crosstalk' | 'rsigma' }[],
  rulePath: string,
  events: string,
): Promise<Disagreement[]> {
  const loaded = loadRules([rulePath])
  const byId = new Map<string, DetectionRule>()
  for (const rule of applyFilters(loaded.rules, loaded.filters).rules) byId.set(rule.id ?? rule.title, rule)
  const byRecord = Map.groupBy(pairs, ({ pair }) => pair.slice(0, pair.lastIndexOf(' ')))
  const found = new Map<string, Disagreement>()
  let line = 0
  for await (const text of createInterface({ input: createReadStream(events) })) {
    line++
    const event = JSON.parse(text) as Event
    for (const { pair, foundBy } of byRecord.get(nameOf(line)) ?? []) {
      const id = pair.slice(pair.lastIndexOf(' ') + 1)
      const rule = byId.get(id)
      const verdict = judge(rule, event)
      // Several events may have one number, as the records of an audit event do: one that matches is enough.
      if (!found.has(pair) || verdict.matches)
        found.set(pair, { rule: id, title: rule?.title ?? '', line, foundBy, verdict })
    }
  }
  return [...found.values()]
}

function print(list: readonly Disagreement[]): void {
  const classes = Map.groupBy(
    list,
    ({ foundBy, verdict }) => `found by ${foundBy} only; ${verdict.why}; right: ${rightOf(foundBy, verdict)}`,
  )
  for (const [name, own] of [...classes].sort((a, b) => b[1].length - a[1].length)) {
    console.log(`\n${own.length}  ${name}`)
    const rules = [...Map.groupBy(own, ({ rule }) => rule)].sort((a, b) => b[1].length - a[1].length)
    for (const [id, each] of rules)
      console.log(`   ${String(each.length).padStart(6)}  ${id}  ${each[0].title} (line ${each[0].line})`)
  }
}

/** A row a rule and reason: for the page of every disagreement. */
function printTable(list: readonly Disagreement[]): void {
  const rows = Map.groupBy(list, ({ rule, foundBy, verdict }) => `${foundBy} ${rule} ${verdict.why}`)
  for (const own of [...rows.values()].sort((a, b) => b.length - a.length)) {
    const { rule, title, foundBy, verdict } = own[0]
    console.log(
      `| ${title} | \`${rule}\` | ${own.length} | ${foundBy} | ${rightOf(foundBy, verdict)} | ${verdict.why} |`,
    )
  }
}

function rightOf(foundBy: 'crosstalk' | 'rsigma', { matches }: Verdict): string {
  if (matches === undefined) return 'to be judged'
  return matches === (foundBy === 'crosstalk') ? 'crosstalk' : 'rsigma'
}
