// tar archives: ustar (POSIX.1-2017, pax, "ustar Interchange Format") with pax and GNU extensions for long names and large sizes.
import { InputError } from '../input-error.ts'

export const TAR_BLOCK = 512

export interface TarHeader {
  name: string
  size: number
  /** '0' a file; others: link, folder, device … */
  type: string
}

/** Whether a block is a tar header: its checksum is right. */
export function isTarHeader(block: Uint8Array): boolean {
  if (block.length < TAR_BLOCK) return false
  let sum = 0
  for (let i = 0; i < TAR_BLOCK; i++) sum += i >= 148 && i < 156 ? 0x20 : block[i]
  return sum > 8 * 0x20 && octal(block, 148, 8) === sum
}

/** Reads a header block. Throws InputError when it is none. */
export function parseTarHeader(block: Buffer, archive: string, offset: number): TarHeader {
  if (!isTarHeader(block)) throw new InputError(archive, `a tar archive that is damaged at offset ${offset}`)
  const magic = block.toString('latin1', 257, 262) === 'ustar'
  const prefix = magic && block[263] === 0x30 ? text(block, 345, 155) : ''
  const name = text(block, 0, 100)
  return {
    name: prefix ? `${prefix}/${name}` : name,
    size: size(block),
    type: block[156] === 0 ? '0' : String.fromCharCode(block[156]),
  }
}

/** What a pax header (types x and g) or a GNU long name (L) says of the next entry. */
export interface TarOverride {
  name?: string
  size?: number
  /** it lies there with its holes left out (GNU tar, "Storing Sparse Files") */
  isSparse?: boolean
}

/** pax: records `length key=value\n`. */
export function parsePax(data: Buffer): TarOverride {
  const override: TarOverride = {}
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(0x20, at)
    const length = space < 0 ? Number.NaN : Number(data.toString('latin1', at, space))
    if (!(length > 0) || at + length > data.length) break
    const record = data.toString('utf8', space + 1, at + length - 1)
    const equals = record.indexOf('=')
    const key = record.slice(0, equals)
    if (key === 'GNU.sparse.major' || key === 'GNU.sparse.map' || key === 'GNU.sparse.size') override.isSparse = true
    if (key === 'GNU.sparse.name') override.name = record.slice(equals + 1)
    if (key === 'path' && !override.isSparse) override.name = record.slice(equals + 1)
    if (key === 'size' && /^\d{1,15}$/.test(record.slice(equals + 1))) override.size = Number(record.slice(equals + 1))
    at += length
  }
  return override
}

export const parseLongName = (data: Buffer): string => data.toString('utf8').replace(/\0.*$/s, '')

function size(block: Buffer): number {
  // GNU: the first bit set means a number in base 256.
  if (block[124] & 0x80) return Number(block.readBigUInt64BE(128))
  return octal(block, 124, 12)
}

function octal(block: Uint8Array, start: number, length: number): number {
  let value = 0
  for (let i = start; i < start + length; i++) {
    const digit = block[i] - 0x30
    if (digit >= 0 && digit <= 7) value = value * 8 + digit
    else if (block[i] === 0 || block[i] === 0x20) {
      if (value > 0) break
    } else return Number.NaN
  }
  return value
}

function text(block: Buffer, start: number, length: number): string {
  const end = block.indexOf(0, start)
  return block.toString('utf8', start, end < 0 || end > start + length ? start + length : end)
}
