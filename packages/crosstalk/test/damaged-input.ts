// An input damaged, and read whole with everything asked of its events: what fuzz.ts and fuzz-captures.ts share.
import type { SourceEvent } from '../src/events/event.ts'
import { fromMemory } from '../src/sources/containers/read-bytes.ts'
import type { Source } from '../src/sources/source.ts'

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

export const newResult = (): FuzzResult => ({
  inputs: 0,
  events: 0,
  skips: 0,
  wrong: [],
  slowestMilliseconds: 0,
  slowestInput: -1,
  peakMemory: 0,
})

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

export async function readOne(
  source: Source,
  bytes: Buffer,
  cut: number | undefined,
  result: FuzzResult,
): Promise<void> {
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
