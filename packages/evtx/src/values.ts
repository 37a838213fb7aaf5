// Binary XML values ([MS-EVEN6] 2.2.14 to 2.2.19) as text, as evtx_dump prints them, and as JavaScript values.
// The slow and complete way; json-values.ts writes the common types from bytes to bytes.
import { chunk } from './chunk.ts'
import { fixedSize, ValueType } from './format.ts'
import { ansi, textEnd, utf16 } from './strings.ts'
import { CACHED_BYTES, cachedText } from './text-cache.ts'
import { fileTimeText, systemTimeText } from './time.ts'

export type EvtxValue = string | number | bigint | boolean | null | Uint8Array | EvtxValue[]

/** Integers of any width a value has, signed or not; undefined when the width is none that an integer has. */
function integer(bytes: Uint8Array, start: number, end: number, signed: boolean): number | bigint | undefined {
  const size = end - start
  if (size === 1) return signed ? (bytes[start] << 24) >> 24 : bytes[start]
  if (size === 2) {
    const value = bytes[start] | (bytes[start + 1] << 8)
    return signed ? (value << 16) >> 16 : value
  }
  const low = bytes[start] | (bytes[start + 1] << 8) | (bytes[start + 2] << 16) | (bytes[start + 3] << 24)
  if (size === 4) return signed ? low : low >>> 0
  if (size !== 8) return undefined
  const high = bytes[start + 4] | (bytes[start + 5] << 8) | (bytes[start + 6] << 16) | (bytes[start + 7] << 24)
  if (high >>> 0 < 0x200000) return (high >>> 0) * 0x100000000 + (low >>> 0)
  if (signed && high < 0 && high >= -0x200000) {
    const value = high * 0x100000000 + (low >>> 0)
    if (Number.isSafeInteger(value)) return value
  }
  const value = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)
  return signed ? BigInt.asIntN(64, value) : value
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const HEX_UPPER = HEX.map((digits) => digits.toUpperCase())

/** The bytes as upper-case hexadecimal digits, which is how binary values are printed. */
export function hexDigits(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let at = start; at < end; at++) text += HEX_UPPER[bytes[at]]
  return text
}

function hexNumber(bytes: Uint8Array, start: number, end: number): string | undefined {
  const value = integer(bytes, start, end, false)
  return value === undefined ? undefined : `0x${value.toString(16)}`
}

/** `{d1d1d1d1-d2d2-d3d3-d4d4-d4d4d4d4d4d4}`, lower case; the first three parts are little-endian. */
export function guidText(b: Uint8Array, at: number): string {
  const first = HEX[b[at + 3]] + HEX[b[at + 2]] + HEX[b[at + 1]] + HEX[b[at]]
  const second = `${HEX[b[at + 5]]}${HEX[b[at + 4]]}-${HEX[b[at + 7]]}${HEX[b[at + 6]]}-${HEX[b[at + 8]]}${HEX[b[at + 9]]}`
  const last = HEX[b[at + 10]] + HEX[b[at + 11]] + HEX[b[at + 12]] + HEX[b[at + 13]] + HEX[b[at + 14]] + HEX[b[at + 15]]
  return `{${first}-${second}-${last}}`
}

/** `S-1-5-21-…`: revision, count of sub-authorities, six bytes of authority (big-endian), sub-authorities (little-endian). */
export function sidText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start < 8) return 'S-?'
  let authority = 0
  for (let at = start + 2; at < start + 8; at++) authority = authority * 256 + bytes[at]
  let text = `S-${bytes[start]}-${authority}`
  for (let i = 0, at = start + 8; i < bytes[start + 1] && at + 4 <= end; i++, at += 4)
    text += `-${integer(bytes, at, at + 4, false)}`
  return text
}

/** A 32-bit float in the fewest digits that give it back. */
function real32Text(value: number): string {
  for (let digits = 1; digits < 10; digits++) {
    const text = value.toPrecision(digits)
    if (Math.fround(Number(text)) === value) return realText(Number(text))
  }
  return realText(value)
}

/** As evtx_dump prints it: a whole number keeps its `.0`, exponents have no plus sign. */
function realText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  if (Object.is(value, -0)) return '-0.0'
  const text = String(value).replace('e+', 'e')
  return /[.e]/.test(text) ? text : `${text}.0`
}

/** Where the items of an array value lie: [start, end, start, end …]; undefined when the type is no array that has items. */
export function arrayItems(bytes: Uint8Array, type: number, start: number, end: number): number[] | undefined {
  const item = type & 0x7f
  const ranges: number[] = []
  if (item === ValueType.String) {
    for (let at = start; at + 1 < end; ) {
      const stop = textEnd(bytes, at, end)
      ranges.push(at, stop)
      at = stop + 2
    }
    return ranges
  }
  if (item === ValueType.AnsiString) {
    for (let at = start; at < end; ) {
      let stop = at
      while (stop < end && bytes[stop] !== 0) stop++
      ranges.push(at, stop)
      at = stop + 1
    }
    return ranges
  }
  if (item === ValueType.Sid) {
    for (let at = start; at + 8 <= end; ) {
      const stop = Math.min(end, at + 8 + bytes[at + 1] * 4)
      ranges.push(at, stop)
      at = stop
    }
    return ranges
  }
  const width = fixedSize(item)
  if (width <= 0) return undefined
  for (let at = start; at + width <= end; at += width) ranges.push(at, at + width)
  return ranges
}

/** True for a value that counts as empty: its attribute is left out, its element is null. */
export function isEmptyValue(bytes: Uint8Array, type: number, start: number, end: number): boolean {
  if (type === ValueType.Null || start >= end) return true
  if (type === ValueType.String) return end - start < 2 || (bytes[start] === 0 && bytes[start + 1] === 0)
  if (type === ValueType.AnsiString) return ansi(bytes, start, end) === ''
  return false
}

/** True for what JSON has without quotes: whole numbers and booleans. */
export function isBareType(type: number): boolean {
  return (type >= ValueType.Int8 && type <= ValueType.UInt64) || type === ValueType.Bool
}

/** True when the value, written by its type, has the width that the type needs; others are printed as binary. */
function isWhole(type: number, size: number): boolean {
  switch (type) {
    case ValueType.Real32:
      return size === 4
    case ValueType.Real64:
    case ValueType.FileTime:
      return size === 8
    case ValueType.Guid:
    case ValueType.SysTime:
      return size === 16
    case ValueType.Sid:
      return size >= 8
    default:
      return size === 1 || size === 2 || size === 4 || size === 8
  }
}

/** True when `valueText` gives a number or boolean that JSON has without quotes. */
export function isBare(type: number, start: number, end: number): boolean {
  return isBareType(type) && isWhole(type, end - start)
}

/** A value as evtx_dump prints it, without quotes and escapes; '' for null and for empty values. */
export function valueText(bytes: Uint8Array, type: number, start: number, end: number): string {
  if (type === ValueType.Null || start >= end) return ''
  if (type === ValueType.String) return stringText(bytes, start, end)
  const size = end - start
  if (type === ValueType.UInt16 && size === 2) return String(bytes[start] | (bytes[start + 1] << 8))
  if (type & ValueType.Array) return arrayText(bytes, type, start, end)
  if (type === ValueType.AnsiString) return ansi(bytes, start, end)
  if (type === ValueType.BinXml) return ''
  if (!isWhole(type, size)) return hexDigits(bytes, start, end)
  switch (type) {
    case ValueType.Int8:
    case ValueType.Int16:
    case ValueType.Int32:
    case ValueType.Int64:
      return String(integer(bytes, start, end, true))
    case ValueType.UInt8:
    case ValueType.UInt16:
    case ValueType.UInt32:
    case ValueType.UInt64:
      return String(integer(bytes, start, end, false))
    case ValueType.Bool: {
      const value = integer(bytes, start, end, true)
      return value === 0 ? 'false' : value === 1 ? 'true' : String(value)
    }
    case ValueType.Real32:
      return real32Text(new DataView(bytes.buffer, bytes.byteOffset).getFloat32(start, true))
    case ValueType.Real64:
      return realText(new DataView(bytes.buffer, bytes.byteOffset).getFloat64(start, true))
    case ValueType.Guid:
      return bytes === chunk ? cachedText(type, start, end, guidText) : guidText(bytes, start)
    case ValueType.SizeT:
    case ValueType.HexInt32:
    case ValueType.HexInt64:
      return hexNumber(bytes, start, end) as string
    case ValueType.FileTime:
      return fileTimeText(bytes, start)
    case ValueType.SysTime:
      return systemTimeText(bytes, start)
    case ValueType.Sid:
      return bytes === chunk && size <= CACHED_BYTES
        ? cachedText(type, start, end, sidText)
        : sidText(bytes, start, end)
    default:
      return hexDigits(bytes, start, end)
  }
}

/** Strings of more than four and up to 32 units are worth looking for among those that came by lately. */
function stringText(bytes: Uint8Array, start: number, end: number): string {
  const size = end - start
  return bytes === chunk && size > 8 && size <= CACHED_BYTES
    ? cachedText(ValueType.String, start, end, utf16)
    : utf16(bytes, start, end)
}

function arrayText(bytes: Uint8Array, type: number, start: number, end: number): string {
  const items = arrayItems(bytes, type, start, end)
  if (!items) return hexDigits(bytes, start, end)
  const texts: string[] = []
  for (let i = 0; i < items.length; i += 2) texts.push(valueText(bytes, type & 0x7f, items[i], items[i + 1]))
  return texts.join(',')
}

/**
 * A value as JavaScript has it: strings, whole numbers (bigint where a number would not be exact), floats, booleans, bytes,
 * arrays; GUIDs, SIDs, times and hexadecimal numbers as the text that Windows prints; null for null.
 */
export function decodeValue(bytes: Uint8Array, type: number, start: number, end: number): EvtxValue {
  if (type === ValueType.Null) return null
  if (type === ValueType.String) return stringText(bytes, start, end)
  if (type & ValueType.Array) {
    const items = arrayItems(bytes, type, start, end)
    if (!items) return bytes.slice(start, end)
    const values: EvtxValue[] = []
    for (let i = 0; i < items.length; i += 2) values.push(decodeValue(bytes, type & 0x7f, items[i], items[i + 1]))
    return values
  }
  const size = end - start
  if (type === ValueType.Binary) return bytes.slice(start, end)
  if (size === 0) return type === ValueType.AnsiString ? '' : null
  if (isBare(type, start, end)) {
    const signed = (type & 1) === 1
    const value = integer(bytes, start, end, signed) as number | bigint
    return type === ValueType.Bool && (value === 0 || value === 1) ? value === 1 : value
  }
  if (type === ValueType.Real32 && size === 4)
    return new DataView(bytes.buffer, bytes.byteOffset).getFloat32(start, true)
  if (type === ValueType.Real64 && size === 8)
    return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(start, true)
  return valueText(bytes, type, start, end)
}
