// How fast each source reads, on one thread and with a process a core, and whether memory stays where it is as inputs grow.
//   node bench/sources.ts [--large] [FORMAT…]      --large: inputs of up to 2 GB for every source (minutes)
// Reading means: found, framed, decoded as far as the source decodes without being asked, handed on. No rules, no output. Inputs are the sources'
// own samples again and again, from memory; where bench/inputs/windows.ndjson is (npm run bench -- sigma makes it), that real file too.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { sources } from '../packages/crosstalk/src/sources/index.ts'
import { SAMPLE_INPUTS } from '../packages/crosstalk/src/sources/sample-inputs.ts'

interface Pass {
  readonly events: number
  readonly skipped: number
  readonly bytes: number
  readonly seconds: number
  readonly cpu: number
  readonly peak: number
}

const PASS = join(import.meta.dirname, 'source-pass.ts')
const RUNS = 3
const CORES = availableParallelism()

function pass(format: string, amount: string, part = 0, parts = 1): Promise<Pass> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PASS, format, amount, String(part), String(parts)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let out = ''
    child.stdout.on('data', (data) => (out += data))
    child.on('close', (code) =>
      code === 0 ? resolve(JSON.parse(out) as Pass) : reject(new Error(`${format}: ${code}`)),
    )
  })
}

async function best(format: string, amount: string): Promise<Pass> {
  let found: Pass | undefined
  for (let run = 0; run < RUNS; run++) {
    const one = await pass(format, amount)
    if (!found || one.seconds < found.seconds) found = one
  }
  return found!
}

/** All parts at once; the whole takes as long as the slowest. */
async function together(format: string, amount: string): Promise<number> {
  let fastest = Number.POSITIVE_INFINITY
  for (let run = 0; run < RUNS; run++) {
    const parts = await Promise.all(Array.from({ length: CORES }, (_, part) => pass(format, amount, part, CORES)))
    fastest = Math.min(fastest, Math.max(...parts.map((one) => one.seconds)))
  }
  return fastest
}

function row(cells: readonly string[]): string {
  return cells.map((cell, i) => (i === 0 ? cell.padEnd(22) : cell.padStart(12))).join('')
}

const args = process.argv.slice(2)
const large = args.includes('--large')
const wanted = args.filter((arg) => !arg.startsWith('--'))
const formats = sources.map(({ format }) => format).filter((format) => !wanted.length || wanted.includes(format))
const real = join(import.meta.dirname, 'inputs', 'windows.ndjson')

console.log(`Node ${process.version}, ${CORES} cores; best of ${RUNS}; memory is the process's peak\n`)
console.log(
  row(['source', 'MB/s', 'events/s', `MB/s × ${CORES}`, 'MiB at 10 MB', 'at 200 MB', ...(large ? ['at 2 GB'] : [])]),
)
for (const format of formats) {
  // The sample of an event log is mostly padding, so its rate says little; bench/evtx.ts has real ones. Its memory is looked at here.
  if (!SAMPLE_INPUTS.has(format)) continue
  const { missing } = sources.find((source) => source.format === format)!
  if (missing?.()) {
    console.log(`${format}: ${missing()}`)
    continue
  }
  // Another program does most of the work there, at its own pace.
  const much = missing ? '20' : '200'
  const small = await pass(format, '10')
  const one = await best(format, much)
  const splits = sources.find((source) => source.format === format)?.ranges !== undefined
  const many = splits ? await together(format, much) : undefined
  console.log(
    row([
      format,
      (one.bytes / 1e6 / one.seconds).toFixed(0),
      Math.round(one.events / one.seconds).toLocaleString('en'),
      many ? (one.bytes / 1e6 / many).toFixed(0) : 'not cut',
      small.peak.toFixed(0),
      one.peak.toFixed(0),
      ...(large ? [(await pass(format, '2000')).peak.toFixed(0)] : []),
    ]),
  )
  if (one.skipped > 0) console.log(`  ${one.skipped} bytes of it were skipped`)
}
if (existsSync(real) && formats.includes('windows-json')) {
  const one = await best('windows-json', real)
  const many = await together('windows-json', real)
  console.log(
    row([
      'windows.ndjson',
      (one.bytes / 1e6 / one.seconds).toFixed(0),
      Math.round(one.events / one.seconds).toLocaleString('en'),
      (one.bytes / 1e6 / many).toFixed(0),
      '',
      one.peak.toFixed(0),
    ]),
  )
}
