// The packets of a capture file, one by one, with where each lies. Holds no more than one record at a time.
import { ByteReader } from '../containers/byte-reader.ts'
import type { Skip } from '../source.ts'
import type { CaptureFormat, Packet } from './capture-format.ts'
import { isPcap, PcapFormat } from './pcap-format.ts'
import { isPcapng, PcapngFormat } from './pcapng-format.ts'

/** Bytes that tell whether a file is a capture. */
export const CAPTURE_HEAD_BYTES = 24

export const isCapture = (head: Uint8Array): boolean => isPcap(head) || isPcapng(head)

export class PacketReader {
  /** records that have been passed, as tshark numbers them */
  count = 0
  /** where reading ended before the file did, and why; its `bytes` are known when `drain` was called */
  damage: Skip | undefined
  readonly #bytes: ByteReader
  #format: CaptureFormat | undefined
  /** offset in the file of what comes next */
  #offset = 0
  #need = 0
  #ended = false

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#bytes = new ByteReader(stream)
  }

  /** The next packet if it is at hand; undefined says nothing more than that it is not. */
  ready(): Packet | undefined {
    const reader = this.#bytes
    while (this.#format && !this.#ended && reader.available > 0 && reader.available >= this.#need) {
      const bytes = Buffer.from(reader.bytes.buffer, reader.bytes.byteOffset, reader.end)
      const at = reader.at
      const step = this.#format.step(bytes, at, reader.end)
      if ('need' in step) this.#need = step.need
      else if ('damage' in step) this.#end(step.damage)
      else {
        this.#need = 0
        const offset = this.#offset
        this.#offset += step.length
        reader.at += step.length
        if (step.packet || step.counted) this.count++
        if (!step.packet) continue
        const { time, linkType, from, to } = step.packet
        const { length } = step
        return { number: this.count, offset, length, time, linkType, bytes: bytes.subarray(at + from, at + to) }
      }
    }
    return undefined
  }

  /** The next packet; undefined at the end, or where the file is damaged. */
  async next(): Promise<Packet | undefined> {
    if (!this.#format) await this.#begin()
    while (!this.#ended) {
      const packet = this.ready()
      if (packet) return packet
      if (this.#ended || (await this.#bytes.need(Math.max(1, this.#need)))) continue
      if (this.#bytes.available > 0) this.#end('cut off in the middle of a packet')
      this.#ended = true
    }
    return undefined
  }

  /** Passes over what is left behind damage and counts it. */
  async drain(): Promise<void> {
    if (!this.damage) return
    const reader = this.#bytes
    let bytes = 0
    do {
      bytes += reader.available
      reader.at = reader.end
    } while (await reader.need(1))
    this.damage = { ...this.damage, bytes }
  }

  close(): Promise<void> {
    return this.#bytes.close()
  }

  async #begin(): Promise<void> {
    const reader = this.#bytes
    await reader.need(CAPTURE_HEAD_BYTES)
    const head = Buffer.from(reader.bytes.buffer, reader.bytes.byteOffset + reader.at, reader.available)
    this.#format = isPcapng(head) ? new PcapngFormat() : new PcapFormat()
    if (reader.available > 0 && !isCapture(head)) this.#end('not a packet capture')
  }

  #end(reason: string): void {
    this.damage = { reason, offset: this.#offset, bytes: 0 }
    this.#ended = true
  }
}
