// Damages captures. One start of tshark costs as much as thousands of packets, so thousands that are damaged lie in each file: among them the reader, tshark and the
// dissection must stay in step. What frames packets (headers, blocks, lengths) is damaged in small files that only the file's own reader sees, as many as there are packets.
//   npm run fuzz -- pcap|captures [--count N] [--seed N]
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Frame, writePcap, writePcapng } from '../src/sources/pcap/capture-writer.ts'
import { Connections } from '../src/sources/pcap/connections.ts'
import { readSegment } from '../src/sources/pcap/network-headers.ts'
import { PacketReader } from '../src/sources/pcap/packet-reader.ts'
import { pcap } from '../src/sources/pcap/pcap.ts'
import { pcapFrames } from '../src/sources/pcap/sample-input.ts'
import { damage, type FuzzResult, newResult, randomNumbers, readOne } from './damaged-input.ts'

const PACKETS = 10_000
/** behind the headers of Ethernet, IPv4 and TCP */
const PAYLOAD = 54
/** captures of the corpus up to this size lend their packets */
const MAX_CAPTURE = 200_000
const MAX_FRAMES = 4_000

async function* whole(bytes: Buffer) {
  yield bytes
}

/** Our own packets, and those of the corpus's captures where it is there. */
async function sampleFrames(): Promise<Frame[]> {
  const frames = pcapFrames()
  const corpus =
    process.env.CROSSTALK_CORPUS ?? resolve(import.meta.dirname, '..', '..', '..', '..', 'shared', 'corpus')
  if (!existsSync(corpus)) return frames
  for (const entry of readdirSync(corpus, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!/\.pcap(ng)?$/.test(path) || statSync(path).size > MAX_CAPTURE || frames.length > MAX_FRAMES) continue
    const reader = new PacketReader(whole(readFileSync(path)))
    for (let packet = await reader.next(); packet; packet = await reader.next())
      if (packet.linkType === 1) frames.push({ time: packet.time || 0, bytes: Buffer.from(packet.bytes) })
  }
  return frames
}

/** Half of the time what is behind the headers, so that the packet is still one of its conversation's. */
function damaged({ time, bytes }: Frame, random: () => number): Frame {
  const behind = bytes.length > PAYLOAD && random() < 0.5 ? PAYLOAD : 0
  return { time, bytes: Buffer.concat([bytes.subarray(0, behind), damage(bytes.subarray(behind), random)]) }
}

function writeCapture(frames: readonly Frame[], random: () => number): Buffer {
  if (random() < 0.5) return writePcapng(frames)
  return writePcap(frames, { isBig: random() < 0.2, isNano: random() < 0.2 })
}

/** `count` damaged packets through tshark. */
export async function fuzzPackets(count: number, seed: number): Promise<FuzzResult> {
  const random = randomNumbers(seed)
  const result = newResult()
  const samples = await sampleFrames()
  for (let from = 0; result.inputs < count && result.wrong.length < 10; from += PACKETS) {
    const frames = Array.from({ length: Math.min(PACKETS, count - result.inputs) }, (_, at) =>
      damaged(samples[(from + at) % samples.length], random),
    )
    let bytes = writeCapture(frames, random)
    // The last tenth of every fourth file, so that most is read before the framing breaks.
    const sound = Math.floor(bytes.length * 0.9)
    if (random() < 0.25) bytes = Buffer.concat([bytes.subarray(0, sound), damage(bytes.subarray(sound), random)])
    const started = performance.now()
    try {
      await readOne(pcap, bytes, undefined, result)
    } catch (error) {
      result.wrong.push(`pcap, file from packet ${from} on, seed ${seed}: ${(error as Error).stack}`)
    }
    result.inputs += frames.length
    result.slowestMilliseconds = Math.max(result.slowestMilliseconds, Math.round(performance.now() - started))
  }
  result.peakMemory = Math.round(process.resourceUsage().maxRSS / 1024)
  return result
}

/** `count` small captures with damage anywhere, past the file's own reader; `events` are packets. */
export async function fuzzFraming(count: number, seed: number): Promise<FuzzResult> {
  const random = randomNumbers(seed)
  const result = newResult()
  const samples = await sampleFrames()
  for (; result.inputs < count && result.wrong.length < 10; result.inputs++) {
    const from = Math.floor(random() * (samples.length - 6))
    const bytes = damage(writeCapture(samples.slice(from, from + 6), random), random)
    const reader = new PacketReader(whole(bytes))
    const connections = new Connections(() => {})
    try {
      for (let packet = await reader.next(); packet; packet = await reader.next()) {
        result.events++
        const segment = readSegment(packet.bytes, packet.linkType)
        if (segment) connections.take(segment, packet)
        if (packet.offset + packet.length > bytes.length)
          throw new Error(`a packet behind the end, at ${packet.offset}`)
      }
      connections.end()
      await reader.drain()
      if (!reader.damage) continue
      result.skips++
      const { offset, bytes: left } = reader.damage
      if (offset + left > bytes.length) throw new Error(`damage behind the end, at ${offset}`)
    } catch (error) {
      result.wrong.push(`captures ${result.inputs}, seed ${seed}: ${(error as Error).stack}`)
    }
  }
  result.peakMemory = Math.round(process.resourceUsage().maxRSS / 1024)
  return result
}
