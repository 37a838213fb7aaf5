// For tests: writes captures. Packets are Ethernet, IPv4, TCP or UDP; checksums are left 0, as network cards leave them.

export interface Frame {
  /** microseconds since 1970 UTC */
  time: number
  bytes: Buffer
}

const address = (text: string) => Buffer.from(text.split('.').map(Number))

/** One packet; `flags` makes it TCP. */
export function packet(
  from: string,
  to: string,
  ports: readonly [from: number, to: number],
  payload: Buffer,
  tcp?: { flags: number; sequence: number; acknowledged: number },
): Buffer {
  const transport = Buffer.alloc(tcp ? 20 : 8)
  transport.writeUInt16BE(ports[0], 0)
  transport.writeUInt16BE(ports[1], 2)
  if (tcp) {
    transport.writeUInt32BE(tcp.sequence >>> 0, 4)
    transport.writeUInt32BE(tcp.acknowledged >>> 0, 8)
    transport[12] = 5 << 4
    transport[13] = tcp.flags
    transport.writeUInt16BE(65_535, 14)
  } else transport.writeUInt16BE(8 + payload.length, 4)
  const ip = Buffer.alloc(20)
  ip[0] = 0x45
  ip.writeUInt16BE(20 + transport.length + payload.length, 2)
  ip[8] = 64
  ip[9] = tcp ? 6 : 17
  address(from).copy(ip, 12)
  address(to).copy(ip, 16)
  const ethernet = Buffer.from('020000000002020000000001' + '0800', 'hex')
  return Buffer.concat([ethernet, ip, transport, payload])
}

const FIN_ACK = 17
const SYN = 2
const SYN_ACK = 18
const ACK = 16
const PUSH_ACK = 24

/** A TCP connection: each call adds packets, a millisecond apart. */
export class Talk {
  readonly frames: Frame[] = []
  readonly #client: string
  readonly #server: string
  readonly #ports: readonly [number, number]
  #time: number
  #sent = [1_000, 9_000]

  constructor(client: string, server: string, ports: readonly [client: number, server: number], time: number) {
    this.#client = client
    this.#server = server
    this.#ports = ports
    this.#time = time
  }

  open(): this {
    return this.#add(0, SYN).#add(1, SYN_ACK).#add(0, ACK)
  }

  ask(...payloads: Buffer[]): this {
    return this.#add(0, PUSH_ACK, Buffer.concat(payloads))
  }

  answer(...payloads: Buffer[]): this {
    return this.#add(1, PUSH_ACK, Buffer.concat(payloads))
  }

  close(): this {
    return this.#add(0, FIN_ACK).#add(1, FIN_ACK).#add(0, ACK)
  }

  #add(by: 0 | 1, flags: number, payload: Buffer = Buffer.alloc(0)): this {
    const tcp = { flags, sequence: this.#sent[by], acknowledged: flags === SYN ? 0 : this.#sent[1 - by] }
    const [client, server] = this.#ports
    const bytes =
      by === 0
        ? packet(this.#client, this.#server, [client, server], payload, tcp)
        : packet(this.#server, this.#client, [server, client], payload, tcp)
    this.frames.push({ time: this.#time, bytes })
    this.#time += 1_000
    this.#sent[by] += payload.length + (flags & 3 ? 1 : 0)
    return this
  }
}

export function writePcap(frames: readonly Frame[], { isBig = false, isNano = false, linkType = 1 } = {}): Buffer {
  const words = (...values: number[]) => {
    const bytes = Buffer.alloc(values.length * 4)
    for (const [i, value] of values.entries()) {
      if (isBig) bytes.writeUInt32BE(value, i * 4)
      else bytes.writeUInt32LE(value, i * 4)
    }
    return bytes
  }
  const version = isBig ? 0x0002_0004 : 0x0004_0002
  const header = words(isNano ? 0xa1b23c4d : 0xa1b2c3d4, version, 0, 0, 262_144, linkType)
  const records = frames.map(({ time, bytes }) => {
    const fraction = (time % 1e6) * (isNano ? 1000 : 1)
    return Buffer.concat([words(Math.floor(time / 1e6), fraction, bytes.length, bytes.length), bytes])
  })
  return Buffer.concat([header, ...records])
}

/** A block of pcapng, little-endian. */
export function block(type: number, body: Buffer): Buffer {
  const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)])
  const ends = Buffer.alloc(8)
  ends.writeUInt32LE(type, 0)
  ends.writeUInt32LE(padded.length + 12, 4)
  return Buffer.concat([ends, padded, ends.subarray(4)])
}

export const SECTION = block(0x0a0d0d0a, Buffer.from('4d3c2b1a01000000ffffffffffffffff', 'hex'))

/** An Ethernet interface; `resolution` as if_tsresol has it. */
export const interfaceBlock = (resolution = 6) =>
  block(1, Buffer.from(`010000000000040009000100${resolution.toString(16).padStart(2, '0')}00000000000000`, 'hex'))

export function packetBlock({ time, bytes }: Frame, unitsPerSecond = 1_000_000n): Buffer {
  const stamp = (BigInt(time) * unitsPerSecond) / 1_000_000n
  const head = Buffer.alloc(20)
  head.writeUInt32LE(Number(stamp >> 32n), 4)
  head.writeUInt32LE(Number(stamp & 0xffffffffn), 8)
  head.writeUInt32LE(bytes.length, 12)
  head.writeUInt32LE(bytes.length, 16)
  return block(6, Buffer.concat([head, bytes]))
}

export const writePcapng = (frames: readonly Frame[]) =>
  Buffer.concat([SECTION, interfaceBlock(), ...frames.map((one) => packetBlock(one))])
