// pcapng, the format of Wireshark: blocks; interfaces are described before their packets, and a section may start anew with another byte order.
// Source: draft-ietf-opsawg-pcapng, "PCAP Next Generation (pcapng) Capture File Format", sections 3 and 4.
import { type CaptureFormat, type FoundPacket, MAX_PACKET_BYTES, type Step } from './capture-format.ts'

const SECTION_HEADER = 0x0a0d0d0a
const BYTE_ORDER = 0x1a2b3c4d
const INTERFACE = 1
const PACKET = 2
const SIMPLE_PACKET = 3
const ENHANCED_PACKET = 6
/** Blocks that Wireshark numbers like packets: custom ones, the journal's, sysdig's (found by asking tshark 4.0 about one of each). */
const NUMBERED = new Set([0xbad, 0x40000bad, 9, 0x204, 0x216, 0x221])

/** Wireshark's bound (wiretap/pcapng.c, MAX_BLOCK_SIZE) is larger; nothing but damage needs it. */
const MAX_BLOCK_BYTES = 16 << 20
const MAX_INTERFACES = 65_536

interface Interface {
  readonly linkType: number
  readonly snapLength: number
  /** units of its time stamps in a second */
  readonly units: bigint
  /** seconds to add */
  readonly shift: bigint
}

export function isPcapng(head: Uint8Array): boolean {
  if (head.length < 12) return false
  const view = new DataView(head.buffer, head.byteOffset, 12)
  if (view.getUint32(0) !== SECTION_HEADER) return false
  return view.getUint32(8) === BYTE_ORDER || view.getUint32(8, true) === BYTE_ORDER
}

export class PcapngFormat implements CaptureFormat {
  #isLittle = true
  #interfaces: Interface[] = []

  step(bytes: Buffer, at: number, end: number): Step {
    if (end - at < 12) return { need: 12 }
    const isSection = bytes.readUInt32LE(at) === SECTION_HEADER
    if (isSection) {
      if (bytes.readUInt32LE(at + 8) === BYTE_ORDER) this.#isLittle = true
      else if (bytes.readUInt32BE(at + 8) === BYTE_ORDER) this.#isLittle = false
      else return { damage: 'damaged: a section without a byte order' }
      this.#interfaces = []
    }
    const type = this.#read32(bytes, at)
    const length = this.#read32(bytes, at + 4)
    if (length < 12 || length % 4 !== 0 || length > MAX_BLOCK_BYTES)
      return { damage: 'damaged: a block of a length that cannot be' }
    if (end - at < length) return { need: length }
    if (this.#read32(bytes, at + length - 4) !== length) return { damage: 'damaged: a block whose two lengths differ' }
    if (type === INTERFACE) return this.#readInterface(bytes, at, length)
    if (type !== ENHANCED_PACKET && type !== SIMPLE_PACKET && type !== PACKET)
      return { length, counted: NUMBERED.has(type) }
    const packet = this.#readPacket(bytes, at, length, type)
    return packet ? { length, packet } : { damage: 'damaged: a packet that says more than its block holds' }
  }

  #readInterface(bytes: Buffer, at: number, length: number): Step {
    if (length < 20 || this.#interfaces.length >= MAX_INTERFACES)
      return { damage: 'damaged: a description of an interface that is cut off' }
    let units = 1_000_000n
    let shift = 0n
    for (const [code, from, to] of this.#options(bytes, at + 16, at + length - 4)) {
      // if_tsresol: a power of ten, or of two where the first bit is set. if_tsoffset: seconds.
      if (code === 9 && to > from) {
        const power = bytes[from]
        units = power & 0x80 ? 1n << BigInt(power & 0x3f) : 10n ** BigInt(Math.min(power, 19))
      } else if (code === 14 && to - from >= 8)
        shift = this.#isLittle ? bytes.readBigInt64LE(from) : bytes.readBigInt64BE(from)
    }
    const linkType = this.#read16(bytes, at + 8)
    this.#interfaces.push({ linkType, snapLength: this.#read32(bytes, at + 12), units, shift })
    return { length }
  }

  *#options(bytes: Buffer, from: number, end: number): Generator<[code: number, from: number, to: number]> {
    for (let at = from; at + 4 <= end; ) {
      const code = this.#read16(bytes, at)
      const length = this.#read16(bytes, at + 2)
      if (code === 0 || at + 4 + length > end) return
      yield [code, at + 4, at + 4 + length]
      at += 4 + length + ((4 - (length % 4)) % 4)
    }
  }

  /** undefined: what it says of itself does not fit. */
  #readPacket(bytes: Buffer, at: number, length: number, type: number): FoundPacket | undefined {
    const header = type === SIMPLE_PACKET ? 12 : 28
    if (length < header + 4) return undefined
    const number =
      type === ENHANCED_PACKET ? this.#read32(bytes, at + 8) : type === PACKET ? this.#read16(bytes, at + 8) : 0
    const from = this.#interfaces[number]
    if (!from) return undefined
    const said = this.#read32(bytes, at + (type === SIMPLE_PACKET ? 8 : 20))
    const captured = type === SIMPLE_PACKET && from.snapLength > 0 ? Math.min(said, from.snapLength) : said
    if (captured > MAX_PACKET_BYTES || header + captured > length - 4) return undefined
    const time = type === SIMPLE_PACKET ? Number.NaN : this.#time(bytes, at + 12, from)
    return { time, linkType: from.linkType, from: header, to: header + captured }
  }

  #time(bytes: Buffer, at: number, { units, shift }: Interface): number {
    const high = this.#read32(bytes, at)
    const low = this.#read32(bytes, at + 4)
    if (units === 1_000_000n && shift === 0n) return high * 4_294_967_296 + low
    const stamp = (BigInt(high) << 32n) + BigInt(low)
    return Number((stamp * 1_000_000n) / units + shift * 1_000_000n)
  }

  #read32(bytes: Buffer, at: number): number {
    return this.#isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)
  }

  #read16(bytes: Buffer, at: number): number {
    return this.#isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)
  }
}
