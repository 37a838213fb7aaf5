// Damages inputs of sources and archives in many ways and reads them whole. What must hold for any bytes: nothing is thrown but InputError, every
// event and skip lies inside the input, every value can be asked for, reading ends.
//   npm run fuzz -- SOURCE|containers|captures [--count N] [--seed N]      (crosstalk: all of them)
import { parseArgs } from 'node:util'
import { expand } from '../src/sources/containers/expand.ts'
import { fromMemory } from '../src/sources/containers/read-bytes.ts'
import { sourceOfFormat, sources } from '../src/sources/index.ts'
import { InputError } from '../src/sources/input-error.ts'
import { SAMPLE_INPUTS } from '../src/sources/sample-inputs.ts'
import type { Source } from '../src/sources/source.ts'
import { damage, type FuzzResult, newResult, randomNumbers, readOne } from './damaged-input.ts'
import { ARCHIVE_SAMPLES, SOURCE_SAMPLES } from './source-samples.ts'

async function openOne(bytes: Buffer, result: FuzzResult): Promise<void> {
  const limits = { bytes: 50_000_000, entries: 1000, memory: 1_000_000 }
  for await (const input of expand(fromMemory('x', bytes), { limits, onProblem: () => result.skips++ })) {
    result.events++
    try {
      for await (const piece of input.open()) if (piece.length > 50_000_000) throw new Error('a piece too large')
    } catch (error) {
      if (!(error instanceof InputError)) throw error
    }
  }
}

/** Records in one input: few, so that much of the damage meets what frames them, and many inputs are read in little time. */
const RECORDS = 3

/** Several samples of the sources that have several, else parts of the one that the conformance suite reads. */
async function samplesOf(what: string): Promise<readonly Buffer[] | undefined> {
  if (what === 'containers') return ARCHIVE_SAMPLES
  const source = sourceOfFormat(what)
  const sample = SAMPLE_INPUTS.get(what)?.()
  if (SOURCE_SAMPLES[what] || !sample || !source) return SOURCE_SAMPLES[what]
  return await partsOf(source, sample.bytes)
}

/** From every record on: one record and the next few, behind what stands before the first one (the names of columns). */
async function partsOf(source: Source, bytes: Buffer): Promise<Buffer[]> {
  const starts: number[] = []
  await source.read(
    fromMemory('x', bytes),
    undefined,
    {},
    ({ offset }) => starts.push(offset),
    () => {},
  )
  starts.sort((a, b) => a - b)
  const head = bytes.subarray(0, starts[0])
  return starts.flatMap((start, at) =>
    Array.from({ length: Math.min(RECORDS, starts.length - at) }, (_, more) =>
      Buffer.concat([head, bytes.subarray(start, starts[at + more + 1] ?? bytes.length)]),
    ),
  )
}

/** `what`: a source's format, `containers`, or `captures` (what frames the packets of `pcap`). */
export async function fuzz(what: string, count: number, seed: number): Promise<FuzzResult> {
  if (what === 'pcap' || what === 'captures') {
    const { fuzzFraming, fuzzPackets } = await import('./fuzz-captures.ts')
    return what === 'pcap' ? fuzzPackets(count, seed) : fuzzFraming(count, seed)
  }
  const random = randomNumbers(seed)
  const result = newResult()
  const samples = await samplesOf(what)
  if (!samples) throw new Error(`no source of the format ${what}`)
  const source = sourceOfFormat(what)
  for (; result.inputs < count && result.wrong.length < 10; result.inputs++) {
    const bytes = damage(samples[result.inputs % samples.length], random)
    const cut = random() < 0.5 ? undefined : Math.floor(random() * (bytes.length + 1))
    const timed = async (): Promise<number> => {
      const started = performance.now()
      if (source) await readOne(source, bytes, cut, result)
      else await openOne(bytes, result)
      return performance.now() - started
    }
    try {
      let milliseconds = await timed()
      // Slow may be the machine: the input is, if it is so again.
      if (milliseconds > result.slowestMilliseconds) milliseconds = Math.min(milliseconds, await timed())
      if (milliseconds > result.slowestMilliseconds) {
        result.slowestMilliseconds = Math.round(milliseconds * 100) / 100
        result.slowestInput = result.inputs
      }
    } catch (error) {
      result.wrong.push(`${what} ${result.inputs}, seed ${seed}: ${(error as Error).stack}`)
    }
  }
  result.peakMemory = Math.round(process.resourceUsage().maxRSS / 1024)
  return result
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { count: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
    allowPositionals: true,
  })
  const all = ['containers', 'captures', ...sources.map(({ format }) => format)]
  for (const what of positionals.length ? positionals : all) {
    if (!all.includes(what)) {
      console.error(`there is no ${what}; there are ${all.join(', ')}`)
      process.exitCode = 2
      return
    }
    const { wrong, ...figures } = await fuzz(what, Number(values.count), Number(values.seed))
    console.log(what, JSON.stringify(figures))
    for (const one of wrong) console.log(one)
    if (wrong.length) process.exitCode = 1
  }
}

if (import.meta.main) await main()
