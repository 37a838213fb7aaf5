// Values to be written: which type each gets, and its bytes.
import { EvtxError } from './damage.ts'
import { ValueType } from './format.ts'
import { microsecondsToFileTime } from './time.ts'

/** A value whose type is said: see `typed`. */
export interface TypedValue {
  readonly type: number
  readonly value: string | number | bigint | boolean
}

/**
 * What a field may hold. Strings are strings; whole numbers become UInt32, Int32, UInt64 or Int64, whichever holds them first;
 * other numbers Real64; dates FILETIME; bytes Binary; lists of strings an array of strings; null nothing. `typed` says another type.
 */
export type InputValue = string | number | bigint | boolean | null | Date | Uint8Array | readonly string[] | TypedValue

const TYPE_NAMES = {
  int8: ValueType.Int8,
  uint8: ValueType.UInt8,
  int16: ValueType.Int16,
  uint16: ValueType.UInt16,
  int32: ValueType.Int32,
  uint32: ValueType.UInt32,
  int64: ValueType.Int64,
  uint64: ValueType.UInt64,
  real32: ValueType.Real32,
  real64: ValueType.Real64,
  bool: ValueType.Bool,
  ansi: ValueType.AnsiString,
  guid: ValueType.Guid,
  filetime: ValueType.FileTime,
  sid: ValueType.Sid,
  hex32: ValueType.HexInt32,
  hex64: ValueType.HexInt64,
  pointer: ValueType.SizeT,
} as const

export type TypeName = keyof typeof TYPE_NAMES

/**
 * A value of a type that a plain value does not say: `typed('guid', '{…}')`, `typed('sid', 'S-1-5-18')`, `typed('hex64', '0x3e7')`,
 * `typed('uint16', 445)`. A filetime is microseconds since 1970.
 */
export function typed(type: TypeName, value: string | number | bigint | boolean): TypedValue {
  return { type: TYPE_NAMES[type], value }
}

/** The type under which a value is written. */
export function typeOfValue(value: InputValue): number {
  if (value === null) return ValueType.Null
  if (typeof value === 'string') return ValueType.String
  if (typeof value === 'boolean') return ValueType.Bool
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return ValueType.Real64
  if (typeof value === 'number' || typeof value === 'bigint') {
    if (value >= 0) return value <= 0xffffffff ? ValueType.UInt32 : ValueType.UInt64
    return value >= -0x80000000 ? ValueType.Int32 : ValueType.Int64
  }
  if (value instanceof Date) return ValueType.FileTime
  if (value instanceof Uint8Array) return ValueType.Binary
  if (Array.isArray(value)) return ValueType.String | ValueType.Array
  return (value as TypedValue).type
}

function bad(what: string): EvtxError {
  return new EvtxError('bad-input', what)
}

/** Appends UTF-16LE; NUL can't be part of a text in a log. */
export function utf16Bytes(text: string): Uint8Array {
  if (text.includes('\0')) throw bad('a text with a NUL in it can not be written: it would end there')
  const bytes = new Uint8Array(text.length * 2)
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    bytes[i * 2] = unit
    bytes[i * 2 + 1] = unit >> 8
  }
  return bytes
}

function integerBytes(value: string | number | bigint | boolean, size: number): Uint8Array {
  let rest: bigint
  try {
    rest = BigInt(typeof value === 'string' ? value.trim() : value)
  } catch {
    throw bad(`${String(value)} is no whole number`)
  }
  const bits = BigInt(size * 8)
  if (rest >= 1n << bits || rest < -(1n << (bits - 1n))) throw bad(`${rest} does not fit ${size} bytes`)
  rest = BigInt.asUintN(size * 8, rest)
  const bytes = new Uint8Array(size)
  for (let at = 0; at < size; at++, rest >>= 8n) bytes[at] = Number(rest & 0xffn)
  return bytes
}

/** The 16 bytes of `{d1d1d1d1-d2d2-d3d3-d4d4-d4d4d4d4d4d4}`, with or without braces. */
export function guidBytes(text: string): Uint8Array {
  const digits = text.replace(/[{}-]/g, '')
  if (!/^[0-9a-fA-F]{32}$/.test(digits)) throw bad(`${text} is no GUID`)
  const bytes = new Uint8Array(16)
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
  for (let i = 0; i < 16; i++) bytes[order[i]] = Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16)
  return bytes
}

/** The bytes of `S-1-5-21-…`. */
export function sidBytes(text: string): Uint8Array {
  const match = /^S-(\d{1,3})-(\d{1,15})((?:-\d{1,10}){0,255})$/.exec(text)
  if (!match) throw bad(`${text} is no SID`)
  const parts = match[3].split('-').slice(1).map(Number)
  const bytes = new Uint8Array(8 + parts.length * 4)
  bytes[0] = Number(match[1])
  bytes[1] = parts.length
  let authority = BigInt(match[2])
  for (let at = 7; at >= 2; at--, authority >>= 8n) bytes[at] = Number(authority & 0xffn)
  parts.forEach((part, i) => {
    bytes.set(integerBytes(part, 4), 8 + i * 4)
  })
  return bytes
}

function fileTimeBytes(microseconds: number | bigint): Uint8Array {
  const [low, high] = microsecondsToFileTime(microseconds)
  const bytes = new Uint8Array(8)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, low, true)
  view.setUint32(4, high, true)
  return bytes
}

function dateBytes(date: Date): Uint8Array {
  const milliseconds = date.getTime()
  if (Number.isNaN(milliseconds)) throw bad('a date that is none can not be written')
  return fileTimeBytes(BigInt(milliseconds) * 1000n)
}

function realBytes(value: number, size: 4 | 8): Uint8Array {
  const view = new DataView(new ArrayBuffer(size))
  if (size === 4) view.setFloat32(0, value, true)
  else view.setFloat64(0, value, true)
  return new Uint8Array(view.buffer)
}

const WIDTHS: ReadonlyMap<number, number> = new Map([
  [ValueType.Int8, 1],
  [ValueType.UInt8, 1],
  [ValueType.Int16, 2],
  [ValueType.UInt16, 2],
  [ValueType.Int32, 4],
  [ValueType.UInt32, 4],
  [ValueType.Int64, 8],
  [ValueType.UInt64, 8],
  [ValueType.HexInt32, 4],
  [ValueType.HexInt64, 8],
  [ValueType.SizeT, 8],
])

/** The bytes of a value as its type has them. */
export function valueBytes(value: InputValue): Uint8Array {
  if (value === null) return new Uint8Array(0)
  if (value instanceof Uint8Array) return value
  if (value instanceof Date) return dateBytes(value)
  if (typeof value === 'string') return utf16Bytes(value)
  if (typeof value === 'object' && 'type' in value) return typedBytes(value)
  if (typeof value === 'object') return utf16Array(value)
  return typedBytes({ type: typeOfValue(value), value })
}

/** Strings one after the other, each with its NUL. */
function utf16Array(items: readonly string[]): Uint8Array {
  const pieces = items.map(utf16Bytes)
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length + 2, 0))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length + 2
  }
  return bytes
}

function typedBytes({ type, value }: TypedValue): Uint8Array {
  const width = WIDTHS.get(type)
  if (width) return integerBytes(value, width)
  switch (type) {
    case ValueType.Bool:
      return integerBytes(value ? 1 : 0, 4)
    case ValueType.Real32:
      return realBytes(Number(value), 4)
    case ValueType.Real64:
      return realBytes(Number(value), 8)
    case ValueType.Guid:
      return guidBytes(String(value))
    case ValueType.Sid:
      return sidBytes(String(value))
    case ValueType.FileTime:
      if (!Number.isFinite(Number(value))) throw bad(`${String(value)} is no time`)
      return fileTimeBytes(Number(value))
    default:
      return Uint8Array.from(String(value), (character) => {
        const byte = character.charCodeAt(0)
        if (byte === 0 || byte > 0x7f) throw bad('an ANSI text may have ASCII characters only')
        return byte
      })
  }
}
