// pcap, the format of tcpdump: a header, then packets each behind a header of their own.
// Source: draft-ietf-opsawg-pcap, "PCAP Capture File Format"; the variant a1b2cd34 (A. Kuznetzov's, longer packet headers): Wireshark, wiretap/libpcap.h.
import { type CaptureFormat, MAX_PACKET_BYTES, type Step } from './capture-format.ts'

const FILE_HEADER = 24
const MICROSECONDS = 0xa1b2c3d4
const NANOSECONDS = 0xa1b23c4d
const LONG_HEADERS = 0xa1b2cd34

interface Variant {
  readonly isLittle: boolean
  readonly isNano: boolean
  /** bytes of a packet's header */
  readonly header: number
}

function variantOf(head: Uint8Array): Variant | undefined {
  if (head.length < 4) return undefined
  const view = new DataView(head.buffer, head.byteOffset, 4)
  for (const isLittle of [true, false]) {
    const magic = view.getUint32(0, isLittle)
    if (magic === MICROSECONDS || magic === NANOSECONDS) return { isLittle, isNano: magic === NANOSECONDS, header: 16 }
    if (magic === LONG_HEADERS) return { isLittle, isNano: false, header: 24 }
  }
  return undefined
}

/** Version 2 of the format is the only one there is. */
export function isPcap(head: Uint8Array): boolean {
  const variant = variantOf(head)
  if (!variant || head.length < FILE_HEADER) return false
  return new DataView(head.buffer, head.byteOffset, 8).getUint16(4, variant.isLittle) === 2
}

export class PcapFormat implements CaptureFormat {
  #variant: Variant | undefined
  #linkType = 0

  step(bytes: Buffer, at: number, end: number): Step {
    const variant = this.#variant
    if (!variant) return this.#readHeader(bytes, at, end)
    const { isLittle, isNano, header } = variant
    if (end - at < header) return { need: header }
    const captured = read32(bytes, at + 8, isLittle)
    if (captured > MAX_PACKET_BYTES) return { damage: 'damaged: a packet longer than any that is captured' }
    const length = header + captured
    if (end - at < length) return { need: length }
    const seconds = read32(bytes, at, isLittle)
    const fraction = read32(bytes, at + 4, isLittle)
    return {
      length,
      packet: {
        time: seconds * 1e6 + (isNano ? Math.floor(fraction / 1000) : fraction),
        linkType: this.#linkType,
        from: header,
        to: length,
      },
    }
  }

  #readHeader(bytes: Buffer, at: number, end: number): Step {
    if (end - at < FILE_HEADER) return { need: FILE_HEADER }
    this.#variant = variantOf(bytes.subarray(at, at + FILE_HEADER))
    if (!this.#variant) return { damage: 'not a packet capture' }
    // The upper bits say how long the frames' checksums are.
    this.#linkType = read32(bytes, at + 20, this.#variant.isLittle) & 0xffff
    return { length: FILE_HEADER }
  }
}

const read32 = (bytes: Buffer, at: number, isLittle: boolean) =>
  isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)
