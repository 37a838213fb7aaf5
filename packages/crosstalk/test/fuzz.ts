// Damages inputs of sources and archives in many ways and reads them whole. What must hold for any bytes: nothing is thrown but InputError, every
// event and skip lies inside the input, every value can be asked for, reading ends.
//   npm run fuzz -- SOURCE|containers [--count N] [--seed N]      (crosstalk: all of them)
import { parseArgs } from 'node:util'
import type { SourceEvent } from '../src/events/event.ts'
import { expand } from '../src/sources/containers/expand.ts'
import { fromMemory } from '../src/sources/containers/read-bytes.ts'
import { sourceOfFormat, sources } from '../src/sources/index.ts'
import { InputError } from '../src/sources/input-error.ts'
import { SAMPLE_INPUTS } from '../src/sources/sample-inputs.ts'
import type { Source } from '../src/sources/source.ts'
import { ARCHIVE_SAMPLES, SOURCE_SAMPLES } from './source-samples.ts'

export interface FuzzResult {
  inputs: number
  events: number
  skips: number
  /** what must not have been, with the number of the input that did it */
  wrong: string[]
  slowestMilliseconds: number
  /** the number of the input that took so long */
  slowestInput: number
  /** MiB, of the whole process so far */
  peakMemory: number
}

/** mulberry32: the same numbers for the same seed */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296
  }
}

const TOKENS = [
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\n',
  '\r\n',
  '\0',
  '<',
  '>',
  '</',
  '&',
  '<Event>',
  '</Event>',
  '\\u',
  '\ufeff',
  '""',
  "'",
  '9'.repeat(30),
  '\xff\xfe',
  'null',
  ' '.repeat(64),
  '='.repeat(3),
  '\x1d',
  '[{"a":'.repeat(40),
  '<a>'.repeat(40),
]

/** A damaged copy: bytes changed, cut, doubled, put in; often several times. */
export function damage(bytes: Buffer, random: () => number): Buffer {
  let out: Buffer = Buffer.from(bytes)
  const changes = 1 + Math.floor(random() * random() * 8)
  for (let i = 0; i < changes && out.length > 0; i++) {
    const at = Math.floor(random() * out.length)
    const kind = random()
    if (kind < 0.35) out[at] = Math.floor(random() * 256)
    else if (kind < 0.5) out[at] ^= 1 << Math.floor(random() * 8)
    else if (kind < 0.6) out = out.subarray(0, at)
    else if (kind < 0.7) out = Buffer.concat([out.subarray(0, at), out.subarray(at + Math.ceil(random() * 20))])
    else if (kind < 0.8) out = Buffer.concat([out.subarray(0, at), out.subarray(Math.max(0, at - 40))])
    else
      out = Buffer.concat([
        out.subarray(0, at),
        Buffer.from(TOKENS[Math.floor(random() * TOKENS.length)], 'latin1'),
        out.subarray(at),
      ])
  }
  return out
}

/** Everything that anybody asks of an event. */
function ask(event: SourceEvent, size: number): string | undefined {
  const { shape, offset, length } = event
  if (!(offset >= 0 && length > 0 && offset + length <= size))
    return `an event at ${offset}, ${length} bytes long, of ${size}`
  for (let slot = 0; slot < shape.fields.length; slot++) {
    event.value(slot)
    event.text(slot)
  }
  const json = event.toJson()
  JSON.parse(json)
  if (json.includes('\n')) return 'JSON of several lines'
  if (typeof event.time !== 'number' || typeof event.host !== 'string' || !Number.isFinite(event.recordId))
    return 'no header'
  return undefined
}

async function readOne(source: Source, bytes: Buffer, cut: number | undefined, result: FuzzResult): Promise<void> {
  source.detect(bytes.subarray(0, 65_536), 'x')
  const ranges =
    cut === undefined || !source.ranges
      ? [undefined]
      : [
          { start: 0, end: cut },
          { start: cut, end: bytes.length },
        ]
  for (const range of ranges)
    await source.read(
      fromMemory('x', bytes),
      range,
      {},
      (event) => {
        result.events++
        const wrong = ask(event, bytes.length)
        if (wrong) throw new Error(wrong)
      },
      ({ offset, bytes: count, reason }) => {
        result.skips++
        if (!(offset >= 0 && count >= 0 && offset + count <= bytes.length))
          throw new Error(`a skip at ${offset}, ${count} bytes long, of ${bytes.length} (${reason})`)
      },
    )
}

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

/** `what`: a source's format, or `containers`. */
export async function fuzz(what: string, count: number, seed: number): Promise<FuzzResult> {
  const random = randomNumbers(seed)
  const result: FuzzResult = {
    inputs: 0,
    events: 0,
    skips: 0,
    wrong: [],
    slowestMilliseconds: 0,
    slowestInput: -1,
    peakMemory: 0,
  }
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
  const all = ['containers', ...sources.map(({ format }) => format)]
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
