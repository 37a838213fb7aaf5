// Sigma rules over flat JSON lines, as whole processes on one thread: `crosstalk scan --jobs 1` beside rsigma where it is on the PATH. Prints events/s, ratios, loading, memory.
//   node bench/sigma.ts bench/inputs/windows.ndjson [--rules DIR] [--times N] [--without-peers] [--long COPIES]
// Inputs: that file (mixed Windows events: node ../shared/tools/bench-input.mjs ndjson FILE), its Sysmon events, and the records of ../shared/corpus/evtx, which no tuning looked at
// (six times, identifiers changed); the latter two are made into bench/inputs when they are missing.
// --long adds the mixed events so often over: V8 compiles what runs often, about a second of CPU time a thread, which longer input hardly notices.
// Crosstalk starts from its bundle where that is fresh (npm run bundle; docs/run.md). A rate is events by CPU time less that of loading: the same process over one event, in the same rounds. rsigma runs the same rules with its own routing and pipeline:
//   cargo install rsigma --version 0.23.0 --locked      (MIT; later versions want rustc 1.96)
//   rsigma engine eval -r RULES --logsource-routing -p sysmon -e @FILE
import { spawn } from 'node:child_process'
import {
  appendFileSync,
  copyFileSync,
  createReadStream,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { type Contestant, compare, findProgram, type Run } from './measure.ts'
import { eventLogEvents, sysmonEvents } from './sigma-inputs.ts'

const root = resolve(import.meta.dirname, '..')
const corpus = process.env.CROSSTALK_CORPUS ?? join(root, '..', 'shared', 'corpus')
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rules: { type: 'string', default: join(corpus, 'sigma') },
    times: { type: 'string', default: '3' },
    'without-peers': { type: 'boolean', default: false },
    long: { type: 'string' },
  },
})
const mixed = positionals[0] && resolve(positionals[0])
if (!mixed || !existsSync(mixed) || !existsSync(values.rules)) {
  console.error('usage: node bench/sigma.ts WINDOWS.ndjson [--rules DIR] [--times N] [--without-peers] [--long COPIES]')
  process.exit(2)
}
const rules = resolve(values.rules)
const times = Number(values.times)
const scratch = mkdtempSync(join(tmpdir(), 'crosstalk-bench-'))
/** A cache of its own: nothing that the user has, nothing left behind. */
const env = { CROSSTALK_CACHE: join(scratch, 'cache') }
const withRsigma = !values['without-peers'] && findProgram('rsigma') !== undefined

function crosstalk(name: string, file: string, folder: string, ...more: string[]): Contestant {
  const program = join(root, 'packages', 'crosstalk', 'bin', 'crosstalk.js')
  const args = [program, 'scan', file, '--rules', folder, '--format', 'jsonl', '--quiet', ...more]
  return { name, command: process.execPath, args, env }
}

function rsigma(name: string, file: string, folder: string): Contestant {
  const routing = ['--logsource-routing', '-p', 'sysmon']
  const args = ['engine', 'eval', '-r', folder, ...routing, '--output-format', 'ndjson', '-q', '-e', `@${file}`]
  return { name, command: 'rsigma', args }
}

/** CPU time; wall where there is none to be had. */
const seconds = (run: Run) => run.cpuSeconds ?? run.wallSeconds
const rate = (events: number, whole: Run, loading: Run) => events / Math.max(0.001, seconds(whole) - seconds(loading))
const number = (value: number) => Math.round(value).toLocaleString('en')
const mebibytes = (run: Run) => (run.peakMiB === undefined ? '? MiB' : `${number(run.peakMiB)} MiB`)

async function countLines(file: string): Promise<{ lines: number; first: string }> {
  let lines = 0
  let first = ''
  for await (const line of createInterface({ input: createReadStream(file) })) if (lines++ === 0) first = line
  return { lines, first }
}

/** Seconds from the start of a process to the first line that it writes; the median. */
async function toFirstLine({ command, args, env: more }: Contestant): Promise<number> {
  const found: number[] = []
  for (let run = 0; run < times * 2; run++) {
    const begun = performance.now()
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, ...more } })
    const ended = new Promise((done) => child.once('close', done))
    await new Promise<void>((done) => child.stdout.once('data', () => done()).once('end', () => done()))
    found.push((performance.now() - begun) / 1000)
    child.stdout.resume()
    await ended
  }
  return found.sort((a, b) => a - b)[found.length >> 1]
}

async function throughput(title: string, file: string): Promise<void> {
  const { lines, first } = await countLines(file)
  const one = join(scratch, 'one.ndjson')
  writeFileSync(one, `${first}\n`)
  const runs = compare(
    [
      crosstalk('all', file, rules, '--jobs', '1'),
      crosstalk('loading', one, rules, '--jobs', '1'),
      ...(withRsigma ? [rsigma('rsigma all', file, rules), rsigma('rsigma loading', one, rules)] : []),
    ],
    times,
  )
  const ours = rate(lines, runs.get('all')!, runs.get('loading')!)
  console.log(`${title} (${number(lines)} events)`)
  console.log(`  crosstalk  ${number(ours).padStart(9)} events/s, peak ${mebibytes(runs.get('all')!)}`)
  if (!withRsigma) return
  const theirs = rate(lines, runs.get('rsigma all')!, runs.get('rsigma loading')!)
  console.log(`  rsigma     ${number(theirs).padStart(9)} events/s, peak ${mebibytes(runs.get('rsigma all')!)}`)
  const whole = seconds(runs.get('rsigma all')!) / seconds(runs.get('all')!)
  console.log(`  ratio      ${(ours / theirs).toFixed(2)} less loading, ${whole.toFixed(2)} as whole processes`)
}

async function loading(file: string): Promise<void> {
  const { first } = await countLines(file)
  const one = join(scratch, 'matching.ndjson')
  // An event of which a rule says something, so that a line comes out.
  const event = JSON.parse(first) as Record<string, unknown>
  const whoami = { Image: 'C:\\Windows\\System32\\whoami.exe', CommandLine: 'whoami /all', EventID: 1 }
  writeFileSync(one, `${JSON.stringify({ ...event, ...whoami, Channel: 'Microsoft-Windows-Sysmon/Operational' })}\n`)
  const cold = crosstalk('rules read afresh', one, rules, '--no-rule-cache')
  const cached = crosstalk('rules cached', one, rules)
  const withoutBundle = { ...cached, name: 'the same, no bundle', env: { ...env, CROSSTALK_SOURCES: '1' } }
  const help = { ...cached, name: 'crosstalk --help', args: [cached.args[0], '--help'] }
  const theirs = withRsigma ? [rsigma('rsigma', one, rules)] : []
  console.log('loading all rules, with one event')
  for (const [name, run] of compare([cold, cached, withoutBundle, help, ...theirs], times))
    console.log(
      `  ${name.padEnd(20)} ${run.wallSeconds.toFixed(2)} s wall, ${seconds(run).toFixed(2)} s CPU, ${mebibytes(run)}`,
    )
  for (const each of [cached, ...theirs])
    console.log(`  first line out, ${each.name}: ${(await toFirstLine(each)).toFixed(2)} s`)
}

/** Wall time of one thread that has one core to itself, of one that has V8's own threads on another, and of two. */
function cores(title: string, file: string): void {
  const of = (count: '1' | '2') => crosstalk(count === '1' ? 'one thread' : 'two threads', file, rules, '--jobs', count)
  const pinned = {
    ...of('1'),
    name: 'one core',
    command: 'taskset',
    args: ['-c', '0', process.execPath, ...of('1').args],
  }
  const contestants = [...(findProgram('taskset') ? [pinned] : []), of('1'), of('2')]
  const runs = [...compare(contestants, times)]
  const two = runs[runs.length - 1][1]
  console.log(`threads, by wall time, ${title}`)
  for (const [name, run] of runs) {
    const by = (run.wallSeconds / two.wallSeconds).toFixed(2)
    console.log(`  ${name.padEnd(11)} ${run.wallSeconds.toFixed(2)} s (${by} of two threads'), peak ${mebibytes(run)}`)
  }
}

function copies(file: string, count: number): string {
  const long = join(scratch, 'long.ndjson')
  const text = readFileSync(file)
  for (let copy = 0; copy < count; copy++) appendFileSync(long, text)
  return long
}

/** Every nth of the rule files, so that a part has the same mixture as the whole. */
function someRules(wanted: number): string {
  const files = globSync('**/*.{yml,yaml}', { cwd: rules }).sort()
  const folder = join(scratch, `rules-${wanted}`)
  mkdirSync(folder, { recursive: true })
  for (let at = 0; at < Math.min(wanted, files.length); at++) {
    const file = files[Math.floor((at * files.length) / Math.min(wanted, files.length))]
    copyFileSync(join(rules, file), join(folder, `${at}.yml`))
  }
  return folder
}

async function growth(file: string): Promise<void> {
  const { lines, first } = await countLines(file)
  const one = join(scratch, 'growth.ndjson')
  writeFileSync(one, `${first}\n`)
  const amounts = [100, 1000, 3780]
  const contestants = amounts.flatMap((amount) => {
    const folder = someRules(amount)
    return [
      crosstalk(`${amount}`, file, folder, '--jobs', '1'),
      crosstalk(`${amount} loading`, one, folder, '--jobs', '1'),
      ...(withRsigma
        ? [rsigma(`rsigma ${amount}`, file, folder), rsigma(`rsigma ${amount} loading`, one, folder)]
        : []),
    ]
  })
  const runs = compare(contestants, times)
  console.log('microseconds an event as rules grow')
  for (const who of ['', ...(withRsigma ? ['rsigma '] : [])]) {
    const costs = amounts.map(
      (amount) => 1e6 / rate(lines, runs.get(`${who}${amount}`)!, runs.get(`${who}${amount} loading`)!),
    )
    const told = amounts.map((amount, at) => `${number(amount)} rules ${costs[at].toFixed(1)}`).join(', ')
    console.log(`  ${who || 'crosstalk '}${told}: ${(costs[2] / costs[0]).toFixed(1)} times from 100 to 3,780`)
  }
}

try {
  const sysmon = join(root, 'bench', 'inputs', 'sysmon.ndjson')
  const logs = join(root, 'bench', 'inputs', 'event-logs.ndjson')
  await sysmonEvents(mixed, sysmon)
  if (existsSync(join(corpus, 'evtx'))) await eventLogEvents(join(corpus, 'evtx'), logs)
  console.log(`rules ${rules}, Node ${process.version}; medians of ${times} rounds, by CPU time`)
  if (!withRsigma) console.log('rsigma is not compared: not on the PATH')
  await throughput('Sysmon events', sysmon)
  await throughput('mixed Windows events', mixed)
  if (existsSync(logs)) await throughput('event logs of other hosts', logs)
  await loading(sysmon)
  cores('mixed Windows events', mixed)
  await growth(sysmon)
  if (values.long) {
    const long = copies(mixed, Number(values.long))
    await throughput(`mixed Windows events, ${values.long} times over`, long)
    cores(`${values.long} times over`, long)
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
