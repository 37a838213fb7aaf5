import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Packet } from './capture-format.ts'
import { block, type Frame, interfaceBlock, packetBlock, SECTION, writePcap, writePcapng } from './capture-writer.ts'
import { isCapture, PacketReader } from './packet-reader.ts'

const TIME = 1_700_000_000_123_456
const frames: Frame[] = [60, 1, 0, 333].map((length, i) => ({ time: TIME + i, bytes: Buffer.alloc(length, i + 1) }))

async function readAll(file: Buffer, piece = file.length || 1) {
  async function* stream() {
    for (let at = 0; at < file.length; at += piece) yield Buffer.from(file.subarray(at, at + piece))
  }
  const reader = new PacketReader(stream())
  const packets: Packet[] = []
  for (let one = await reader.next(); one; one = await reader.next())
    packets.push({ ...one, bytes: Buffer.from(one.bytes) })
  await reader.drain()
  return { packets, damage: reader.damage }
}

const forms: Record<string, Buffer> = {
  pcap: writePcap(frames),
  'pcap, big-endian': writePcap(frames, { isBig: true }),
  'pcap with nanoseconds': writePcap(frames, { isNano: true }),
  pcapng: writePcapng(frames),
  'pcapng with nanoseconds': Buffer.concat([
    SECTION,
    interfaceBlock(9),
    ...frames.map((one) => packetBlock(one, 1_000_000_000n)),
  ]),
}

describe('packets of a capture', () => {
  for (const [form, file] of Object.entries(forms)) {
    it(`${form}: each with its number, its time and its place, whatever the pieces`, async () => {
      assert.ok(isCapture(file))
      for (const piece of [file.length, 1, 13]) {
        const { packets, damage } = await readAll(file, piece)
        assert.equal(damage, undefined)
        assert.deepEqual(
          packets.map(({ number, time, bytes }) => [number, time, bytes.toString('hex')]),
          frames.map(({ time, bytes }, i) => [i + 1, time, bytes.toString('hex')]),
        )
        for (const { offset, length, bytes } of packets)
          assert.ok(file.subarray(offset, offset + length).includes(bytes))
      }
    })
    it(`${form}: cut off anywhere, all packets before the cut are there and the rest is counted`, async () => {
      const { packets } = await readAll(file)
      for (let length = 24; length < file.length; length++) {
        const cut = await readAll(file.subarray(0, length))
        const whole = packets.filter((one) => one.offset + one.length <= length)
        assert.deepEqual(cut.packets, whole)
        if (cut.damage) assert.equal(cut.damage.offset + cut.damage.bytes, length)
        else assert.ok(packets.some(({ offset }) => offset === length) || !whole.length)
      }
    })
  }
  it('blocks that are no packets are passed over; those that Wireshark numbers, too', async () => {
    const [first, second] = frames
    const file = Buffer.concat([
      SECTION,
      block(0x0bad0000, Buffer.alloc(8)),
      interfaceBlock(),
      packetBlock(first),
      block(9, Buffer.from('journal')),
      block(4, Buffer.alloc(4)),
      packetBlock(second),
    ])
    assert.deepEqual(
      (await readAll(file)).packets.map((one) => one.number),
      [1, 3],
    )
  })
  it('a new section describes its interfaces anew', async () => {
    const file = Buffer.concat([forms.pcapng, SECTION, packetBlock(frames[0])])
    const { packets, damage } = await readAll(file)
    assert.equal(packets.length, frames.length)
    assert.equal(damage?.reason, 'damaged: a packet that says more than its block holds')
  })
  it('survives any damage, and what it tells lies in the file', async () => {
    const all = Object.values(forms)
    await fc.assert(
      fc.asyncProperty(
        fc.nat(all.length - 1),
        fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { maxLength: 10 }),
        fc.nat(700),
        async (which, changes, cut) => {
          const file = Buffer.from(all[which].subarray(0, cut))
          for (const [at, value] of changes) if (at < file.length) file[at] = value
          const { packets, damage } = await readAll(file)
          let end = 0
          for (const { offset, length, bytes, number } of packets) {
            assert.ok(offset >= end && offset + length <= file.length && bytes.length <= length && number > 0)
            end = offset + length
          }
          if (damage) assert.equal(damage.offset + damage.bytes, file.length)
        },
      ),
      { numRuns: 2000 },
    )
  })
})
