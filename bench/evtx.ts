// How fast event logs are read, beside evtx_dump (the crate `evtx`, 0.15) when it is on the PATH, in the same run.
//   node bench/evtx.ts FILE        FILE: made by `node ../shared/tools/bench-input.mjs evtx FILE`, or any log
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { type Contestant, compare, describeRun, findProgram, runOnce, timesFaster } from './measure.ts'

const [file] = process.argv.slice(2)
if (!file) {
  console.error('usage: node bench/evtx.ts FILE   (make one: node ../shared/tools/bench-input.mjs evtx FILE)')
  process.exit(2)
}
const TIMES = 5
const MODES = { slots: 'slots found, nothing decoded', fields: 'seven fields as strings', json: 'full JSON' } as const
const pass = join(import.meta.dirname, 'evtx-pass.ts')

interface Pass {
  readonly seconds: number
  readonly cpu: number
  readonly records: number
}

/** Several passes in one process: the first, and the best of the others. */
function passes(mode: string): { first: Pass; warm: Pass } {
  const { stdout, status, stderr } = spawnSync(process.execPath, [pass, mode, file, '7'], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`the pass failed: ${stderr}`)
  const [first, ...rest] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Pass)
  return { first, warm: rest.reduce((best, next) => (next.seconds < best.seconds ? next : best)) }
}

const megabytes = statSync(file).size / 1e6
const theirs = findProgram('evtx_dump')
const dump: Contestant = { name: 'evtx_dump', command: theirs ?? '', args: ['-t', '1', '-o', 'jsonl', file] }
console.log(`${file}: ${megabytes.toFixed(0)} MB, Node ${process.version}`)
if (!theirs) console.log('evtx_dump is not on the PATH: no comparison')

console.log('\nin one process, one thread')
for (const [mode, title] of Object.entries(MODES)) {
  // A fresh run of the other tool next to each of ours: the machine may change its mind in between.
  const base = theirs
    ? [1, 2, 3].map(() => runOnce(dump)).reduce((a, b) => (a.wallSeconds < b.wallSeconds ? a : b))
    : undefined
  const { first, warm } = passes(mode)
  for (const [name, { seconds, cpu, records }] of Object.entries({ first, warm })) {
    const byCpu = base?.cpuSeconds ? `, ${(base.cpuSeconds / cpu).toFixed(2)} by CPU` : ''
    const ratio = base ? `; ${(base.wallSeconds / seconds).toFixed(2)} times evtx_dump${byCpu}` : ''
    console.log(
      `  ${title}, ${name} pass: ${Math.round(records / seconds).toLocaleString('en')} records/s, ` +
        `${Math.round(megabytes / seconds)} MB/s (${seconds.toFixed(3)} s${ratio})`,
    )
  }
}

console.log(`\nas whole processes, medians of ${TIMES} in turn`)
const ours = Object.entries(MODES).map(
  ([mode, title]): Contestant => ({ name: title, command: process.execPath, args: [pass, mode, file] }),
)
const runs = compare(theirs ? [dump, ...ours] : ours, TIMES)
const base = runs.get(dump.name)
for (const [name, run] of runs)
  console.log(`  ${name}: ${describeRun(run)}${base && run !== base ? `; ${timesFaster(run, base)} evtx_dump` : ''}`)
