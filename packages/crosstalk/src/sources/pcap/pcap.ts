// Packet captures, pcap and pcapng: conversations from the packets themselves, what they say through tshark. Both go over the file side by side: where tshark tells
// of packet 17, the file's own reader stands at packet 17 and knows its bytes and its conversation.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceEvent } from '../../events/event.ts'
import { readBytes } from '../containers/read-bytes.ts'
import { InputError } from '../input-error.ts'
import type { Input, Skip, Source } from '../source.ts'
import { type Connection, Connections } from './connections.ts'
import { Dissector, FILTER, LAYERS, type Sender } from './dissect.ts'
import { parseDissection } from './layers.ts'
import { addressText, readSegment } from './network-headers.ts'
import { CAPTURE_HEAD_BYTES, isCapture, PacketReader } from './packet-reader.ts'
import { type OnDisk, onDisk, withFolder } from './spool.ts'
import { findTshark, HOW_TO_INSTALL, runTshark } from './tshark.ts'
import { emitConnection, type Place, wireEvents } from './wire-events.ts'

export const pcap: Source = {
  format: 'pcap',
  title: 'packet captures (pcap, pcapng), through tshark',
  assembles: true,
  missing: () => (findTshark() ? undefined : HOW_TO_INSTALL),
  detect: (head) => (isCapture(head) ? 0.99 : 0),
  async read(input, _range, _options, onEvent, onSkip) {
    if (!isCapture(await readBytes(input, 0, CAPTURE_HEAD_BYTES))) {
      const reader = new PacketReader(input.open())
      await reader.next()
      await reader.drain()
      if (reader.damage) onSkip(reader.damage)
      return
    }
    const program = findTshark()
    if (program === undefined) throw new InputError(input.name, HOW_TO_INSTALL)
    await withFolder(async (folder) => {
      const home = join(folder, 'home')
      mkdirSync(home)
      await readCapture(input, await onDisk(input, folder), program, home, onEvent, onSkip)
    })
  },
}

async function readCapture(
  input: Input,
  file: OnDisk,
  program: string,
  home: string,
  onEvent: (event: SourceEvent) => void,
  onSkip: (skip: Skip) => void,
): Promise<void> {
  const emit = wireEvents(input.name, onEvent)
  const dissector = new Dissector(emit)
  const connections = new Connections((connection) => {
    dissector.endConnection(connection)
    emitConnection(connection, emit)
    const { packets, offset, bytes } = connection.encryptedSmb
    if (packets > 0) onSkip({ reason: ENCRYPTED, offset, bytes })
  })
  const packets = new Packets(file.open(), connections)
  const tshark = runTshark(program, { path: file.path, bytes: file.size, home, filter: FILTER, layers: LAYERS })
  let told = 0
  try {
    for await (const line of tshark.lines) {
      const dissection = parseDissection(line)
      if (!dissection) continue
      const found = await packets.goTo(dissection.frame)
      if (!found || found.captured !== dissection.captured || !found.connection) {
        const reason = found?.connection ? WRONG_PACKET : NO_CONVERSATION
        onSkip({ reason, offset: found?.place.offset ?? told, bytes: found?.place.length ?? 0 })
        continue
      }
      told = found.place.offset + found.place.length
      dissector.take(dissection, found.connection, found.sender, found.place, found.time)
    }
    await packets.goTo(Number.POSITIVE_INFINITY)
    dissector.end()
    connections.end()
    const problem = await tshark.problem()
    const damage = await packets.damage()
    if (damage) onSkip(damage)
    else if (problem !== undefined)
      onSkip({ reason: `what tshark did not get to: ${problem}`, offset: told, bytes: file.size - told })
    for (let i = tshark.longLines(); i > 0; i--)
      onSkip({ reason: 'a packet whose dissection is longer than 16 MiB', offset: told, bytes: 0 })
  } finally {
    tshark.stop()
    await packets.close()
  }
}

const ENCRYPTED = 'a connection with encrypted messages of SMB 3: their shares, files and pipes cannot be seen'
const NO_CONVERSATION = 'a packet of a link layer or tunnel that is not followed, or a later fragment'
const WRONG_PACKET = 'a packet that tshark numbers otherwise'

interface FoundPacket {
  place: Place
  time: number
  captured: number
  connection: Connection | undefined
  sender: Sender
}

/** The capture's packets in order, each counted to its conversation as it is passed. */
class Packets {
  readonly #reader: PacketReader
  readonly #connections: Connections

  constructor(stream: AsyncIterable<Uint8Array>, connections: Connections) {
    this.#reader = new PacketReader(stream)
    this.#connections = connections
  }

  /** Passes all up to that number; undefined when there is none such. */
  async goTo(number: number): Promise<FoundPacket | undefined> {
    const reader = this.#reader
    while (reader.count < number) {
      const packet = reader.ready() ?? (await reader.next())
      if (!packet) return undefined
      const segment = readSegment(packet.bytes, packet.linkType)
      const connection = segment && this.#connections.take(segment, packet)
      if (packet.number !== number) continue
      const half = (segment?.addresses.length ?? 0) / 2
      return {
        place: { offset: packet.offset, length: packet.length, recordId: packet.number },
        time: packet.time,
        captured: packet.bytes.length,
        connection,
        sender: {
          address: segment ? addressText(segment.addresses.slice(0, half)) : '',
          port: segment?.sourcePort ?? 0,
        },
      }
    }
    return undefined
  }

  async damage(): Promise<Skip | undefined> {
    await this.#reader.drain()
    return this.#reader.damage
  }

  close(): Promise<void> {
    return this.#reader.close()
  }
}
