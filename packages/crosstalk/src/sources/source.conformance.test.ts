// What every source must keep (source.ts), whatever its format: shared by all, so that a new one is tested by being listed in index.ts.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { ValueKind } from '@crosstalk/sigma'
import fc from 'fast-check'
import type { SourceEvent } from '../events/event.ts'
import { HEAD_BYTES, recognise, sources } from './index.ts'
import { SAMPLE_INPUTS, type SampleInput } from './sample-inputs.ts'
import type { ByteRange, Input, Source } from './source.ts'

const folder = mkdtempSync(join(tmpdir(), 'crosstalk-sources-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const head = (bytes: Buffer) => bytes.subarray(0, HEAD_BYTES)

/** The bytes as a file on disk. */
function onDisk({ name, bytes }: SampleInput): Input {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return { ...inMemory({ name, bytes, events: 0 }), path, size: bytes.length }
}

/** The bytes as a stream of unknown length, in pieces of one buffer that is used again. */
function inMemory({ name, bytes }: SampleInput, piece = 65_536): Input {
  return {
    name,
    async *open(start = 0, end = bytes.length) {
      const buffer = Buffer.alloc(piece)
      for (let at = start; at < Math.min(end, bytes.length); at += piece) {
        const length = bytes.copy(buffer, 0, at, Math.min(at + piece, end, bytes.length))
        yield buffer.subarray(0, length)
        buffer.fill(0xee)
      }
    },
  }
}

interface Seen {
  offset: number
  length: number
  recordId: number
  time: number
  json: string
}

async function readSeen(source: Source, input: Input, range?: ByteRange, look?: (event: SourceEvent) => void) {
  const events: Seen[] = []
  const skips: string[] = []
  await source.read(
    input,
    range,
    {},
    (event) => {
      look?.(event)
      const { offset, length, recordId, time } = event
      events.push({ offset, length, recordId, time, json: event.toJson() })
    },
    ({ reason, offset }) => skips.push(`${reason} @ ${offset}`),
  )
  return { events, skips }
}

/** What a slot holds is the same by all ways that lead to it. */
function checkSlots(event: SourceEvent): void {
  const { shape } = event
  assert.ok(event.kinds.length >= shape.fields.length)
  shape.fields.forEach((name, slot) => {
    const kind = event.kinds[slot]
    const value = event.value(slot)
    if (kind === ValueKind.Absent) assert.equal(value, undefined, name)
    else if (kind === ValueKind.Null) assert.equal(value, null, name)
    else if (kind === ValueKind.Utf8 || kind === ValueKind.Utf16) {
      const bytes = Buffer.from(event.bytes.subarray(event.starts[slot], event.ends[slot]))
      assert.equal(bytes.toString(kind === ValueKind.Utf8 ? 'utf8' : 'utf16le'), value, name)
    }
    if (typeof value === 'string') assert.equal(event.text(slot), value, name)
    if (value === undefined || value === null) assert.equal(event.text(slot), undefined, name)
  })
  assert.equal(event.text(-1), undefined)
  for (const [alias, slot] of shape.aliases) assert.equal(shape.slot(alias), slot)
}

for (const source of sources) {
  const missing = source.missing?.()
  describe(`source ${source.format}`, { skip: missing }, () => {
    const make = SAMPLE_INPUTS.get(source.format)
    it('has a sample in sample-inputs.ts', () => assert.ok(make))
    if (!make) return
    const sample = make()

    it('knows its own bytes, better than any other does, and by them alone', () => {
      assert.ok(source.detect(head(sample.bytes), sample.name) > 0.5)
      assert.ok(source.detect(head(sample.bytes), 'upload.bin') > 0.5)
      assert.equal(recognise(head(sample.bytes), 'upload.bin'), source)
    })
    it('does not take for its own what is nothing', () => {
      for (const bytes of ['', ' ', '\n\n', '{}', '[]', '<a/>', 'a,b\n1,2\n', 'hello', '\0\0\0\0'])
        assert.equal(source.detect(Buffer.from(bytes), sample.name), 0, JSON.stringify(bytes))
    })
    it('hands on every event in order, with the way back to its bytes', async () => {
      const { events, skips } = await readSeen(source, onDisk(sample), undefined, (event) => {
        assert.equal(event.file, sample.name)
        checkSlots(event)
      })
      assert.deepEqual(skips, [])
      assert.equal(events.length, sample.events)
      let end = 0
      for (const { offset, length, recordId, time, json } of events) {
        if (!source.assembles) assert.ok(offset >= end, `offset ${offset} after ${end}`)
        assert.ok(length > 0)
        end = offset + length
        assert.ok(offset >= 0 && end <= sample.bytes.length)
        assert.ok(Number.isSafeInteger(recordId))
        assert.ok(time > 1.7e15 && time < 1.8e15, String(time))
        assert.ok(!json.includes('\n'))
        assert.equal(typeof JSON.parse(json), 'object')
      }
    })
    it('reads the same from a stream, whatever the pieces', async () => {
      const { events } = await readSeen(source, onDisk(sample))
      for (const piece of [1, 7, 1000, 1 << 20])
        assert.deepEqual((await readSeen(source, inMemory(sample, piece))).events, events, `pieces of ${piece}`)
    })
    if (source.ranges)
      it('hands on every event once, however the input is cut', async () => {
        const input = onDisk(sample)
        const size = sample.bytes.length
        const whole = (await readSeen(source, input)).events.map(({ offset }) => offset)
        const readCut = async (ranges: readonly ByteRange[]) => {
          const offsets: number[] = []
          for (const range of ranges)
            offsets.push(...(await readSeen(source, input, range)).events.map((one) => one.offset))
          return offsets
        }
        for (const wanted of [1, 2, 3, 7]) assert.deepEqual(await readCut(source.ranges!(size, wanted)), whole)
        await fc.assert(
          fc.asyncProperty(fc.array(fc.integer({ min: 1, max: size - 1 }), { maxLength: 6 }), async (cuts) => {
            const edges = [0, ...new Set(cuts.sort((a, b) => a - b)), size]
            const ranges = edges.slice(1).map((end, at) => ({ start: edges[at], end }))
            assert.deepEqual(await readCut(ranges), whole)
          }),
          { numRuns: 30 },
        )
      })
    it('cut off at any byte, gives every event that lies whole before the cut', async () => {
      const { events } = await readSeen(source, onDisk(sample))
      const third = events[Math.min(2, events.length - 1)]
      const end = third.offset + third.length
      // Event logs have 20 KB by then, and starting another program takes a third of a second each time.
      const step = source.missing ? Math.ceil(end / 15) : end > 10_000 ? 101 : 1
      for (let length = 0; length <= end; length += step) {
        // Whole: with the line end behind it.
        const whole = events.filter((event) => event.offset + event.length < length)
        const cut = await readSeen(source, inMemory({ ...sample, bytes: sample.bytes.subarray(0, length) }))
        const offsets = ({ offset }: Seen) => offset
        assert.deepEqual(cut.events.slice(0, whole.length).map(offsets), whole.map(offsets), `cut off at ${length}`)
        for (const { offset, length: bytes } of cut.events) assert.ok(offset + bytes <= length)
      }
    })
    it('never throws for damaged bytes, and stays within them', async () => {
      const damage = fc.record({
        length: fc.integer({ min: 0, max: sample.bytes.length }),
        changes: fc.array(fc.tuple(fc.nat(sample.bytes.length - 1), fc.nat(255)), { maxLength: 12 }),
      })
      await fc.assert(
        fc.asyncProperty(damage, async ({ length, changes }) => {
          const bytes = Buffer.from(sample.bytes.subarray(0, length))
          for (const [at, value] of changes) if (at < length) bytes[at] = value
          source.detect(head(bytes), sample.name)
          const { events } = await readSeen(source, inMemory({ ...sample, bytes }), undefined, (event) => {
            for (let slot = 0; slot < event.shape.fields.length; slot++) event.text(slot)
          })
          for (const one of events) assert.ok(one.offset >= 0 && one.offset + one.length <= Math.max(length, 1))
        }),
        // Starting another program takes a third of a second each time.
        { numRuns: source.missing ? 20 : 60 },
      )
    })
    it('takes any bytes at all for nothing to throw at', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (random) => {
          const bytes = Buffer.from(random)
          source.detect(bytes, sample.name)
          await readSeen(source, inMemory({ ...sample, bytes }))
        }),
        { numRuns: 60 },
      )
    })
  })
}
