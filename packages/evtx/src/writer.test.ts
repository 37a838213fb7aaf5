import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { fieldsOf, read, readJson } from '../test/reading.ts'
import { BARE, SYSMON, sampleLog } from '../test/samples.ts'
import { type EventInput, EvtxError, type InputValue, typed, writeEvtx } from './index.ts'

/** Text as a log can hold it: no NUL, no half surrogate pairs. */
const text = fc.string({ unit: 'grapheme', maxLength: 60 }).map((value) => value.replaceAll('\0', ''))
const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,20}$/)
const guid = fc.uuid().map((value) => `{${value}}`)
const sid = fc
  .array(fc.integer({ min: 0, max: 0xffffffff }), { minLength: 1, maxLength: 8 })
  .map((parts) => `S-1-5-${parts.join('-')}`)

/** A value to write, and what it reads back as. */
const value: fc.Arbitrary<[InputValue, unknown]> = fc.oneof(
  text.map((v): [InputValue, unknown] => [v, v]),
  fc.maxSafeInteger().map((v): [InputValue, unknown] => [v, v]),
  fc
    .bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n })
    .map((v): [InputValue, unknown] => [v, v >= -9007199254740991n && v <= 9007199254740991n ? Number(v) : v]),
  fc.boolean().map((v): [InputValue, unknown] => [v, v]),
  fc.constant([null, null] as [InputValue, unknown]),
  fc
    .double({ noNaN: true })
    .filter((v) => !Number.isSafeInteger(v))
    .map((v): [InputValue, unknown] => [v, v]),
  fc.uint8Array({ maxLength: 40 }).map((v): [InputValue, unknown] => [v, v]),
  guid.map((v): [InputValue, unknown] => [typed('guid', v), v]),
  sid.map((v): [InputValue, unknown] => [typed('sid', v), v]),
  fc.integer({ min: 0, max: 0xffffffff }).map((v): [InputValue, unknown] => [typed('hex32', v), `0x${v.toString(16)}`]),
  fc
    .bigInt({ min: 0n, max: 2n ** 64n - 1n })
    .map((v): [InputValue, unknown] => [typed('hex64', v), `0x${v.toString(16)}`]),
  fc.integer({ min: 0, max: 65535 }).map((v): [InputValue, unknown] => [typed('uint16', v), v]),
  fc.array(text, { minLength: 1, maxLength: 4 }).map((v): [InputValue, unknown] => [v, v]),
  fc
    .date({ min: new Date('1601-01-02'), max: new Date('9999-12-30'), noInvalidDate: true })
    .map((v): [InputValue, unknown] => [v, v.toISOString().replace(/(\.\d{3})Z$/, '$10000Z')]),
)

const event = fc
  .record({
    provider: text,
    eventId: fc.integer({ min: 0, max: 65535 }),
    channel: text,
    computer: text,
    time: fc.integer({ min: -11644473600_000_000, max: 8_000_000_000_000_000 }),
    level: fc.integer({ min: 0, max: 255 }),
    data: fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 12 }),
  })
  .map(({ data, ...rest }) => ({
    input: { ...rest, eventData: Object.fromEntries(data.map(([key, [input]]) => [key, input])) } satisfies EventInput,
    data: Object.fromEntries(data.map(([key, [, output]]) => [`EventData/${key}`, output])),
  }))

describe('the writer', () => {
  it('writes what reads back, whatever the events', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 8 }), (events) => {
        const log = writeEvtx(events.map(({ input }) => input))
        const { records, damages } = read(
          log,
          (record) => ({ fields: fieldsOf(record), written: record.written, id: record.recordId }),
          { checksums: true },
        )
        assert.deepEqual(damages, [])
        assert.equal(records.length, events.length)
        events.forEach(({ input, data }, i) => {
          const { fields, written, id } = records[i]
          assert.equal(id, i + 1)
          assert.equal(written, input.time)
          assert.equal(fields['System/Provider@Name'] ?? '', input.provider)
          assert.equal(fields['System/EventID'], input.eventId)
          assert.equal(fields['System/Level'], input.level)
          assert.equal(fields['System/Channel'] ?? '', input.channel)
          assert.equal(fields['System/Computer'] ?? '', input.computer)
          for (const [key, output] of Object.entries(data)) assert.deepEqual(fields[key], output)
        })
        for (const json of readJson(log)) JSON.parse(json)
      }),
      { numRuns: 300 },
    )
  })

  it('writes the same bytes for the same events', () => {
    assert.deepEqual(sampleLog(), sampleLog())
  })

  it('begins a new chunk when one is full, and numbers records through', () => {
    const big = { ...SYSMON, eventData: { Text: 'x'.repeat(25_000) } }
    const log = writeEvtx([big, big, big])
    assert.equal(log.length, 4096 + 3 * 65536)
    assert.deepEqual(
      read(log, (record) => [record.recordId, (record.offset - 4096) >> 16], { checksums: true }),
      {
        records: [
          [1, 0],
          [2, 1],
          [3, 2],
        ],
        damages: [],
      },
    )
  })

  it('takes record numbers that are given, and counts on from them', () => {
    const log = writeEvtx([{ ...BARE, recordId: 2 ** 40 }, BARE])
    assert.deepEqual(read(log, (record) => record.recordId).records, [2 ** 40, 2 ** 40 + 1])
  })

  it('writes a log without events', () => {
    assert.deepEqual(
      read(writeEvtx([]), () => 0),
      { records: [], damages: [] },
    )
  })

  it('refuses what no log can hold', () => {
    for (const wrong of [
      { ...BARE, eventData: { A: 'a\0b' } },
      { ...BARE, eventData: { A: typed('guid', 'no') } },
      { ...BARE, eventData: { A: typed('sid', 'S-x') } },
      { ...BARE, eventData: { A: typed('uint8', 256) } },
      { ...BARE, eventData: { A: 2n ** 64n } },
      { ...BARE, eventId: 65536 },
      { ...BARE, time: 'never' },
      { ...BARE, recordId: -1 },
      { ...BARE, eventData: { A: 'x'.repeat(40_000) } },
    ] as EventInput[])
      assert.throws(
        () => writeEvtx([wrong]),
        (error) => error instanceof EvtxError && error.code === 'bad-input',
      )
  })
})
