// CRC-32 (ISO 3309), which the file header, the chunk header and the records of a chunk carry. Node's own when it is there.
import type * as Zlib from 'node:zlib'

type Crc32 = (bytes: Uint8Array, before?: number) => number

let native: Crc32 | undefined
let table: Uint32Array | undefined

/** The CRC-32 of the bytes; `before` is that of what stands before them. */
export function crc32(bytes: Uint8Array, before = 0): number {
  native ??= nativeCrc32() ?? tableCrc32
  return native(bytes, before)
}

function nativeCrc32(): Crc32 | undefined {
  const load = (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }).process?.getBuiltinModule
  return (load?.('node:zlib') as typeof Zlib | undefined)?.crc32
}

export function tableCrc32(bytes: Uint8Array, before = 0): number {
  if (!table) {
    table = new Uint32Array(256)
    for (let byte = 0; byte < 256; byte++) {
      let value = byte
      for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
      table[byte] = value
    }
  }
  let crc = ~before
  for (let at = 0; at < bytes.length; at++) crc = table[(crc ^ bytes[at]) & 0xff] ^ (crc >>> 8)
  return ~crc >>> 0
}
