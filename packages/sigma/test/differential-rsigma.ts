// The same events and rules through Crosstalk and through rsigma; every pair of an event and a rule on which they differ, by class. Who is right is then judged by a third party:
// the reference matcher of this folder over the event as it stands in the line, and a routing table of its own.
//   node packages/sigma/test/differential-rsigma.ts --rsigma PATH --rules DIR --events FILE.ndjson [--out FILE.json]
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
import { flatWindowsEvent } from './flat-events.ts'

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
    out: { type: 'string' },
  },
})
if (!values.rules || !values.events) {
  console.error('--rules DIR and --events FILE.ndjson are needed')
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), 'sigma-differential-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const numbered = join(folder, 'events.ndjson')
const count = await number(values.events, numbered)
const theirs = await matchesOfRsigma(values.rsigma, values.rules, numbered)
const ours = await matchesOfCrosstalk(values.rules, numbered)
const both = [...ours].filter((pair) => theirs.has(pair)).length
const differing = [
  ...[...ours].filter((pair) => !theirs.has(pair)).map((pair) => ({ pair, foundBy: 'crosstalk' as const })),
  ...[...theirs].filter((pair) => !ours.has(pair)).map((pair) => ({ pair, foundBy: 'rsigma' as const })),
]
const disagreements = await judged(differing, values.rules, numbered)
console.log(
  `${count} events; matches: both ${both}, Crosstalk ${ours.size}, rsigma ${theirs.size}; disagreements: ${differing.length}`,
)
print(disagreements)
if (values.out) writeFileSync(values.out, `${JSON.stringify(disagreements, null, 1)}\n`)

/** Gives each event its line as record number, so that both sides name it alike. */
async function number(from: string, to: string): Promise<number> {
  const out = createWriteStream(to)
  let line = 0
  for await (const text of createInterface({ input: createReadStream(from), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (!text.startsWith('{')) continue
    const event = flatWindowsEvent(JSON.parse(text) as Event)
    line++
    // In the place where the event has it: the order of keys stays.
    for (const name of ['EventRecordID', 'RecordNumber']) if (name in event) event[name] = line
    if (!('RecordNumber' in event)) event.RecordNumber = line
    if (!out.write(`${JSON.stringify(event)}\n`))
      await new Promise<void>((resolve) => out.once('drain', () => resolve()))
  }
  await new Promise<void>((resolve) => out.end(resolve))
  return line
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
    pairs.add(`${event.RecordNumber} ${id ?? title}`)
  }
  return pairs
}

async function matchesOfCrosstalk(rules: string, events: string): Promise<Set<string>> {
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
    const { rule, event } = JSON.parse(text) as { rule: { id: string }; event: { recordId: number } }
    pairs.add(`${event.recordId} ${rule.id}`)
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
  const byLine = Map.groupBy(pairs, ({ pair }) => Number(pair.slice(0, pair.indexOf(' '))))
  const found: Disagreement[] = []
  let line = 0
  for await (const text of createInterface({ input: createReadStream(events) })) {
    line++
    const own = byLine.get(line)
    if (!own) continue
    const event = JSON.parse(text) as Event
    for (const { pair, foundBy } of own) {
      const id = pair.slice(pair.indexOf(' ') + 1)
      const rule = byId.get(id)
      found.push({ rule: id, title: rule?.title ?? '', line, foundBy, verdict: judge(rule, event) })
    }
  }
  return found
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

function rightOf(foundBy: 'crosstalk' | 'rsigma', { matches }: Verdict): string {
  if (matches === undefined) return 'to be judged'
  return matches === (foundBy === 'crosstalk') ? 'crosstalk' : 'rsigma'
}
