import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ValueType } from './format.ts'
import { decodeValue, isEmptyValue, valueText } from './values.ts'

const bytes = (...values: number[]) => Uint8Array.from(values)
const text = (type: number, ...values: number[]) => valueText(bytes(...values), type, 0, values.length)
const value = (type: number, ...values: number[]) => decodeValue(bytes(...values), type, 0, values.length)
const real = (size: 4 | 8, number: number) => {
  const view = new DataView(new ArrayBuffer(size))
  if (size === 4) view.setFloat32(0, number, true)
  else view.setFloat64(0, number, true)
  return [...new Uint8Array(view.buffer)]
}

describe('values as text', () => {
  it('prints whole numbers by their width and sign', () => {
    assert.equal(text(ValueType.Int8, 0xff), '-1')
    assert.equal(text(ValueType.UInt8, 0xff), '255')
    assert.equal(text(ValueType.Int16, 0xfe, 0xff), '-2')
    assert.equal(text(ValueType.UInt32, 0xff, 0xff, 0xff, 0xff), '4294967295')
    assert.equal(text(ValueType.Int64, 0, 0, 0, 0, 0, 0, 0, 0x80), '-9223372036854775808')
    assert.equal(text(ValueType.UInt64, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), '18446744073709551615')
  })

  it('prints hexadecimal numbers in lower case without leading zeroes, and bytes in upper case', () => {
    assert.equal(text(ValueType.HexInt32, 0xe7, 3, 0, 0), '0x3e7')
    assert.equal(text(ValueType.HexInt64, 0, 0, 0, 0, 0, 0, 0x20, 0x80), '0x8020000000000000')
    assert.equal(text(ValueType.SizeT, 0, 0, 0, 0), '0x0')
    assert.equal(text(ValueType.Binary, 0xab, 0x01), 'AB01')
  })

  it('keeps a boolean that is neither 0 nor 1 as the number it is', () => {
    assert.equal(text(ValueType.Bool, 1, 0, 0, 0), 'true')
    assert.equal(text(ValueType.Bool, 0, 0, 0, 0), 'false')
    assert.equal(text(ValueType.Bool, 0xfe, 0xff, 0xff, 0xff), '-2')
  })

  it('prints floats in the fewest digits that give them back', () => {
    assert.equal(text(ValueType.Real32, ...real(4, 0.1)), '0.1')
    assert.equal(text(ValueType.Real32, ...real(4, 16777216)), '16777216.0')
    assert.equal(text(ValueType.Real64, ...real(8, 1)), '1.0')
    assert.equal(text(ValueType.Real64, ...real(8, 1e300)), '1e300')
    assert.equal(text(ValueType.Real64, ...real(8, Number.NaN)), 'NaN')
  })

  it('prints GUIDs and SIDs', () => {
    const guid = [0x5f, 0x38, 0x70, 0x57, 0x2a, 0xc2, 0xe0, 0x43, 0xbf, 0x4c, 6, 0xf5, 0x69, 0x8f, 0xfb, 0xd9]
    assert.equal(text(ValueType.Guid, ...guid), '{5770385f-c22a-43e0-bf4c-06f5698ffbd9}')
    assert.equal(text(ValueType.Sid, 1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0), 'S-1-5-18')
    assert.equal(text(ValueType.Sid, 1, 0, 1, 0, 0, 0, 0, 0), 'S-1-1099511627776')
    // A count of sub-authorities that lies is not believed.
    assert.equal(text(ValueType.Sid, 1, 9, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0), 'S-1-5-18')
  })

  it('ends a string at its first NUL, and reads ANSI as code page 1252', () => {
    assert.equal(text(ValueType.String, 0x61, 0, 0, 0, 0x62, 0), 'a')
    assert.equal(text(ValueType.AnsiString, 0x61, 0x80, 0xe4, 0), 'a€ä')
  })

  it('splits arrays into their items', () => {
    assert.equal(text(0x81, 0x61, 0, 0, 0, 0, 0, 0x62, 0, 0, 0), 'a,,b')
    assert.equal(text(0x86, 1, 0, 2, 0), '1,2')
    assert.deepEqual(value(0x81, 0x61, 0, 0, 0, 0x62, 0), ['a', 'b'])
    assert.deepEqual(value(0x8d, 1, 0, 0, 0, 0, 0, 0, 0), [true, false])
  })

  it('prints a value whose width its type does not have as bytes', () => {
    assert.equal(text(ValueType.Guid, 1, 2, 3), '010203')
    assert.equal(text(ValueType.UInt32, 1, 2, 3), '010203')
    assert.equal(text(0x7e, 1), '01')
  })
})

describe('values as JavaScript has them', () => {
  it('is exact: a bigint where a number would not be', () => {
    assert.equal(value(ValueType.UInt64, 1, 0, 0, 0, 0, 0, 0, 0), 1)
    assert.equal(value(ValueType.UInt64, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), 18446744073709551615n)
    assert.equal(value(ValueType.Int64, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), -1)
  })
  it('gives null, booleans, floats and bytes', () => {
    assert.equal(value(ValueType.Null), null)
    assert.equal(value(ValueType.UInt32), null)
    assert.equal(value(ValueType.Bool, 1, 0, 0, 0), true)
    assert.equal(value(ValueType.Real64, ...real(8, 1.5)), 1.5)
    assert.deepEqual(value(ValueType.Binary, 1, 2), bytes(1, 2))
  })
})

describe('empty values', () => {
  it('are null, and texts and arrays without anything in them', () => {
    assert.ok(isEmptyValue(bytes(), ValueType.Null, 0, 0))
    assert.ok(isEmptyValue(bytes(0, 0, 0x61, 0), ValueType.String, 0, 4))
    assert.ok(isEmptyValue(bytes(0, 0), ValueType.AnsiString, 0, 2))
    assert.ok(!isEmptyValue(bytes(0), ValueType.UInt8, 0, 1))
  })
})
