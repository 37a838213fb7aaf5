// Conversations over TCP and UDP, put together from their packets: who connected to whom, when, how much went each way, how it ended. What they are called
// and how they are counted is Zeek's way (documentation, "conn.log"), so that rules and extractors for its logs read them.
import { createHash } from 'node:crypto'
import type { EventPointer } from '../../events/event.ts'
import type { Packet } from './capture-format.ts'
import { addressText, type Segment } from './network-headers.ts'

const FIN = 1
const SYN = 2
const RST = 4
const ACK = 16

/** One end of a connection, and what it sent. */
export interface End {
  readonly address: string
  readonly port: number
  packets: number
  ipBytes: number
  /** of what TCP carries each byte once, by the sequence numbers */
  payloadBytes: number
  /** sequence number of the first byte; NaN before the first packet */
  base: number
  /** all flags of its packets, and SYN without ACK, SYN with ACK apart */
  flags: number
  opened: boolean
  answered: boolean
}

export interface Connection {
  readonly uid: string
  readonly protocol: 'tcp' | 'udp'
  /** who asked, and who answered */
  orig: End
  resp: End
  /** whether the packets themselves say which is which */
  isSettled: boolean
  /** microseconds since 1970 UTC */
  readonly start: number
  last: number
  /** its first packet */
  readonly first: Omit<EventPointer, 'file'>
  /** what it was found to carry, in Zeek's words */
  readonly services: Set<string>
  /** who sent the first RST */
  reset: End | undefined
  /** packets that begin with an encrypted message of SMB 3: how many, where the first lies, their bytes */
  readonly encryptedSmb: { packets: number; offset: number; bytes: number }
}

/** UDP has no end: after so much silence it is another conversation (Zeek, udp_inactivity_timeout). */
const UDP_SILENCE = 60_000_000
/** with more, those that have ended or are silent for longest are told and forgotten */
const MAX_OPEN = 65_536

export class Connections {
  readonly #open = new Map<string, Connection>()
  readonly #onEnd: (connection: Connection) => void

  /** `onEnd` gets each connection once, when nothing more can come of it. */
  constructor(onEnd: (connection: Connection) => void) {
    this.#onEnd = onEnd
  }

  /** Counts a packet; gives the connection that it belongs to. */
  take(segment: Segment, packet: Packet): Connection {
    const half = segment.addresses.length / 2
    const from = segment.addresses.slice(0, half)
    const to = segment.addresses.slice(half)
    const sender = String.fromCharCode(segment.protocol, segment.sourcePort, segment.targetPort) + from + to
    const receiver = String.fromCharCode(segment.protocol, segment.targetPort, segment.sourcePort) + to + from
    // Kept under the key of whoever sent its first packet.
    let key = this.#open.has(sender) || !this.#open.has(receiver) ? sender : receiver
    let connection = this.#open.get(key)
    if (connection && startsAnew(connection, segment, packet)) {
      this.#open.delete(key)
      this.#onEnd(connection)
      connection = undefined
      key = sender
    }
    if (!connection) {
      if (this.#open.size >= MAX_OPEN) this.#sweep()
      connection = begin(segment, packet, addressText(from), addressText(to))
      this.#open.set(key, connection)
    }
    count(connection, segment, packet, from, to)
    return connection
  }

  /** All that are still open, in the order in which they began. */
  end(): void {
    for (const connection of this.#open.values()) this.#onEnd(connection)
    this.#open.clear()
  }

  #sweep(): void {
    const silent = [...this.#open].sort(([, a], [, b]) => Number(isOver(b)) - Number(isOver(a)) || a.last - b.last)
    for (const [key, connection] of silent.slice(0, MAX_OPEN / 2)) {
      this.#open.delete(key)
      this.#onEnd(connection)
    }
  }
}

const isOver = ({ orig, resp, reset }: Connection) => reset !== undefined || (orig.flags & resp.flags & FIN) !== 0

function startsAnew(connection: Connection, { flags }: Segment, packet: Packet): boolean {
  if (connection.protocol === 'udp') return packet.time - connection.last > UDP_SILENCE
  return (flags & SYN) !== 0 && (flags & ACK) === 0 && isOver(connection)
}

function begin(segment: Segment, packet: Packet, from: string, to: string): Connection {
  const sender = newEnd(from, segment.sourcePort)
  const receiver = newEnd(to, segment.targetPort)
  const isAnswer =
    (segment.flags & (SYN | ACK)) === (SYN | ACK) ||
    (!(segment.flags & SYN) && isServicePort(segment.sourcePort) && !isServicePort(segment.targetPort))
  const ends = [`${from} ${segment.sourcePort}`, `${to} ${segment.targetPort}`].sort()
  const identity = `${ends.join(' ')} ${segment.protocol} ${packet.time}`
  return {
    uid: `C${createHash('sha256').update(identity).digest('base64url').slice(0, 17)}`,
    protocol: segment.protocol === 6 ? 'tcp' : 'udp',
    orig: isAnswer ? receiver : sender,
    resp: isAnswer ? sender : receiver,
    isSettled: (segment.flags & SYN) !== 0,
    start: packet.time,
    last: packet.time,
    first: { offset: packet.offset, length: packet.length, recordId: packet.number },
    services: new Set(),
    reset: undefined,
    encryptedSmb: { packets: 0, offset: 0, bytes: 0 },
  }
}

const newEnd = (address: string, port: number): End => ({
  address,
  port,
  packets: 0,
  ipBytes: 0,
  payloadBytes: 0,
  base: Number.NaN,
  flags: 0,
  opened: false,
  answered: false,
})

/** Ports of services above the well-known ones, where a capture begins in the middle of a conversation. */
const SERVICE_PORTS = new Set([1433, 3268, 3269, 3306, 3389, 5355, 5432, 5985, 5986, 8000, 8080, 8443, 9389, 47001])
const isServicePort = (port: number) => port < 1024 || SERVICE_PORTS.has(port)

/** Turns the ends round where something in the conversation shows who asked, and its packets did not. */
export function settle(connection: Connection, client: { address: string; port: number }): void {
  if (connection.isSettled) return
  connection.isSettled = true
  const { orig, resp } = connection
  if (orig.address === client.address && orig.port === client.port) return
  connection.orig = resp
  connection.resp = orig
}

function count(connection: Connection, segment: Segment, packet: Packet, from: string, to: string): void {
  const { orig, resp } = connection
  const isOrig = orig.port === segment.sourcePort && (orig.port !== resp.port || from === to || isFrom(orig, from))
  const sender = isOrig ? orig : resp
  if (packet.time > connection.last) connection.last = packet.time
  sender.packets++
  sender.ipBytes += segment.ipBytes
  if (segment.protocol === 17) {
    sender.payloadBytes += segment.payloadBytes
    return
  }
  const { flags, sequence, payloadBytes } = segment
  sender.flags |= flags
  if (flags & SYN) {
    if (flags & ACK) sender.answered = true
    else sender.opened = true
  }
  if (flags & RST && !connection.reset && !(orig.flags & resp.flags & FIN)) connection.reset = sender
  if (Number.isNaN(sender.base)) sender.base = sequence + (flags & SYN ? 1 : 0)
  const start = flags & SYN ? sequence + 1 : sequence
  // Sequence numbers go round at 2^32: how far this reaches beyond what was seen, as a signed number.
  const beyond = (start + payloadBytes - sender.base - sender.payloadBytes) | 0
  if (payloadBytes > 0 && beyond > 0) sender.payloadBytes += beyond
  if (!isEncryptedSmb(packet.bytes, segment.payload)) return
  const { encryptedSmb } = connection
  if (encryptedSmb.packets++ === 0) encryptedSmb.offset = packet.offset
  encryptedSmb.bytes += packet.length
}

const isFrom = (end: End, latin1: string) => end.address === addressText(latin1)

/** Behind the four bytes of the session service: the protocol id of SMB2 TRANSFORM_HEADER ([MS-SMB2] 2.2.41). */
const isEncryptedSmb = (bytes: Buffer, at: number) =>
  bytes[at] === 0 && at + 8 <= bytes.length && bytes.readUInt32BE(at + 4) === 0xfd534d42

/** Zeek's conn_state. */
export function connectionState({ protocol, orig, resp, reset }: Connection): string {
  if (protocol === 'udp') return orig.packets === 0 ? 'SHR' : resp.packets === 0 ? 'S0' : 'SF'
  if (orig.opened && !resp.answered) {
    if (reset) return reset === resp ? 'REJ' : 'RSTOS0'
    return orig.flags & FIN ? 'SH' : resp.packets === 0 ? 'S0' : 'OTH'
  }
  if (!orig.opened) {
    if (!resp.answered) return 'OTH'
    return reset === resp ? 'RSTRH' : resp.flags & FIN ? 'SHR' : 'OTH'
  }
  if (reset) return reset === orig ? 'RSTO' : 'RSTR'
  if (orig.flags & resp.flags & FIN) return 'SF'
  return orig.flags & FIN ? 'S2' : resp.flags & FIN ? 'S3' : 'S1'
}
