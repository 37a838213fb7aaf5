// One pass of a source over an endless-looking input, in a process of its own: prints events, seconds, CPU seconds and peak memory as JSON.
//   node bench/source-pass.ts FORMAT MEGABYTES [PART PARTS]
// The input is the source's own small sample again and again, made in memory, so that no disk is measured; of a real file give its path for MEGABYTES.
import { statSync } from 'node:fs'
import { fileInput } from '../packages/crosstalk/src/run/file-input.ts'
import { sourceOfFormat } from '../packages/crosstalk/src/sources/index.ts'
import { SAMPLE_INPUTS } from '../packages/crosstalk/src/sources/sample-inputs.ts'
import type { ByteRange, Input } from '../packages/crosstalk/src/sources/source.ts'

const PIECE = 1 << 20

/** A sample's body without end behind its header line. */
function endless(name: string, sample: Buffer, header: number, size: number, isBinary: boolean): Input {
  const body = sample.subarray(header)
  const lineEnd = isBinary || body.at(-1) === 0x0a ? body : Buffer.concat([body, Buffer.from('\n')])
  const copies = Math.ceil(PIECE / lineEnd.length) + 1
  const block = Buffer.concat(new Array<Buffer>(copies).fill(lineEnd))
  return {
    name,
    size,
    async *open(start = 0, end = size) {
      const stop = Math.min(end, size)
      let at = start
      if (at < header) {
        yield sample.subarray(at, Math.min(header, stop))
        at = Math.min(header, stop)
      }
      while (at < stop) {
        const from = (at - header) % lineEnd.length
        const length = Math.min(PIECE, stop - at)
        yield block.subarray(from, from + length)
        at += length
      }
    },
  }
}

const [format, amount, part = '0', parts = '1'] = process.argv.slice(2)
const source = sourceOfFormat(format)
const sample = SAMPLE_INPUTS.get(format)?.()
if (!source || !sample || !amount) {
  console.error('usage: node bench/source-pass.ts FORMAT MEGABYTES|FILE [PART PARTS]')
  process.exit(2)
}
const megabytes = Number(amount)
// The file header of a capture and of an event log; chunks and packets behind it can be repeated like lines.
const binaryHeader = { pcap: 24, evtx: 4096 }[format]
const header = binaryHeader ?? (format.endsWith('-csv') ? sample.bytes.indexOf(0x0a) + 1 : 0)
const input = Number.isNaN(megabytes)
  ? fileInput(amount, amount, statSync(amount).size)
  : endless(sample.name, sample.bytes, header, megabytes * 1e6, binaryHeader !== undefined)
const size = input.size ?? 0
const share = (i: number): number => Math.floor((size * i) / Number(parts))
const range: ByteRange | undefined =
  Number(parts) > 1 ? { start: share(Number(part)), end: share(Number(part) + 1) } : undefined

let events = 0
let skipped = 0
const started = performance.now()
const cpu = process.cpuUsage()
await source.read(
  input,
  range,
  {},
  () => events++,
  ({ bytes }) => {
    skipped += bytes
  },
)
const seconds = (performance.now() - started) / 1000
const used = process.cpuUsage(cpu)
const peak = process.resourceUsage().maxRSS / 1024
console.log(JSON.stringify({ events, skipped, bytes: size, seconds, cpu: (used.user + used.system) / 1e6, peak }))
