// Templates put together by hand to unfold without end: each record is read or named, in bounded time and room.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { rawLog, type TokenWriter } from '../test/raw-log.ts'
import { read } from '../test/reading.ts'

const BINXML = 0x21

function u32(value: number): number[] {
  return [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24]
}

/** A fragment with an instance of the template that is defined at `definition`, its values of the type BinXml. */
function fragment(definition: number, values: readonly Uint8Array[]): Uint8Array {
  const bytes = [0x0f, 1, 1, 0, 0x0c, 1, ...u32(1), ...u32(definition), ...u32(values.length)]
  for (const { length } of values) bytes.push(length & 0xff, length >> 8, BINXML, 0)
  return Uint8Array.from([...bytes, ...values.flatMap((value) => [...value]), 0])
}

/** The template in itself, so many times. */
function nested(definition: number, times: number): Uint8Array {
  return times === 0 ? Uint8Array.of() : fragment(definition, [nested(definition, times - 1)])
}

/** A record of a template with `uses` substitutions of its only value; `makeValue` gets where the template is defined. */
const recordOf = (uses: number, makeValue: (definition: number) => Uint8Array) => (writer: TokenWriter) => {
  writer.header()
  const value = makeValue(writer.at + 10)
  const define = (template: TokenWriter) => {
    template.open('Event', {}, 0xffff)
    for (let i = 0; i < uses; i++) template.open('Data', {}, 0xffff).substitution(0, BINXML).close()
    template.close()
  }
  writer.instance(define, [[BINXML, value]]).u8(0)
}

/** Everything that comes of a log, and what was named. */
function everything(log: Uint8Array) {
  const { records, damages } = read(log, (record) => [record.toJson().length, record.toXml().length])
  return { most: Math.max(0, ...records.flat()), reasons: damages.map(({ reason }) => reason), records: records.length }
}

const sound = recordOf(1, () => Uint8Array.of())

describe('a template', () => {
  it('within itself, hundreds deep, ends at a named depth', () => {
    for (const times of [2, 60, 500]) {
      const { reasons, records, most } = everything(
        rawLog(
          recordOf(1, (at) => nested(at, times)),
          sound,
        ),
      )
      assert.ok(records + reasons.length >= 2, `${times}`)
      assert.ok(most < 1 << 20)
      if (times > 100) assert.ok(reasons.length > 0)
    }
  })
  it('that holds its value many times, and that one again, does not unfold without bound', () => {
    const { most } = everything(
      rawLog(
        recordOf(2, (at) => nested(at, 40)),
        sound,
      ),
    )
    assert.ok(most <= 64 << 20, `${most}`)
  })
  it('whose definition lies in its own value, in the record’s header or outside of the chunk is named', () => {
    for (const definition of [0, 512, 520, 560, 65_530, 0xffff_fff0]) {
      const { reasons, records } = everything(
        rawLog(
          recordOf(1, () => fragment(definition, [])),
          sound,
        ),
      )
      assert.ok(records + reasons.length >= 2)
    }
  })
  it('that claims more values than its record holds is named, and the next record is read', () => {
    const claiming = (count: number) => (writer: TokenWriter) => {
      sound(writer)
      // before the value's size and type, and the end of the fragment
      writer.view.setUint32(writer.at - 9, count, true)
    }
    for (const count of [1_000, 65_536, 0x7fff_ffff, 0xffff_ffff]) {
      const { reasons, records } = everything(rawLog(claiming(count), sound))
      assert.equal(records, 1, `${count} values`)
      assert.equal(reasons.length, 1)
    }
    const { records } = everything(rawLog(claiming(0), sound))
    assert.equal(records, 2)
  })
})
