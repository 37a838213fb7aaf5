// The .xz format (L. Collin, "The .xz File Format", 1.2.1) with the LZMA2 filter, which is all that xz writes unless it is told otherwise.
import { crc32 } from 'node:zlib'
import { ByteReader } from './byte-reader.ts'
import { makeCheck } from './checksums.ts'
import type { Bytes } from './codec.ts'
import { lzma2Dictionary, readLzma2 } from './lzma2.ts'

const MAGIC = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])
const LZMA2 = 0x21
/** bytes of the check, by its id (section 2.1.1.2) */
const CHECK_SIZES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64]

/** Concatenated streams are one. Throws when the data are damaged or cut off; what came before is handed on. */
export async function* unxz(packed: Bytes): Bytes {
  const reader = new ByteReader(packed)
  try {
    for (let first = true; ; first = false) {
      if (!first && !(await skipPadding(reader))) return
      const header = await reader.take(12)
      if (!header.subarray(0, 6).equals(MAGIC)) throw new Error('no xz stream')
      if (crc32(header.subarray(6, 8)) !== header.readUInt32LE(8)) throw new Error('damaged header')
      yield* blocks(reader, header[7] & 15)
    }
  } finally {
    await reader.close()
  }
}

/** Section 3.2: zeros between streams. False at the end. */
async function skipPadding(reader: ByteReader): Promise<boolean> {
  while (await reader.need(1)) {
    if (reader.bytes[reader.at] !== 0) return true
    reader.at++
  }
  return false
}

async function* blocks(reader: ByteReader, check: number): Bytes {
  for (;;) {
    const size = (await reader.take(1))[0]
    if (size === 0) {
      await skipIndex(reader)
      return
    }
    const header = Buffer.from(await reader.take(size * 4 + 3))
    const dictionary = dictionaryOf(Buffer.concat([Buffer.from([size]), header]))
    const counted = { packed: 0 }
    const sum = makeCheck(check)
    for await (const piece of readLzma2(reader, dictionary, counted)) {
      sum.update(piece)
      yield piece
    }
    await reader.take((4 - (counted.packed % 4)) % 4)
    const written = await reader.take(CHECK_SIZES[check])
    if (!sum.matches(written)) throw new Error('checksum differs')
  }
}

/** Section 3.1: the block header's filters; gives the size of the dictionary. */
function dictionaryOf(header: Buffer): number {
  const end = header.length - 4
  if (crc32(header.subarray(0, end)) !== header.readUInt32LE(end)) throw new Error('damaged block header')
  const flags = header[1]
  const at = { value: 2 }
  if (flags & 0x40) readNumber(header, at)
  if (flags & 0x80) readNumber(header, at)
  const filter = readNumber(header, at)
  const length = readNumber(header, at)
  if ((flags & 3) !== 0 || filter !== LZMA2 || length !== 1) throw new Error('packed with filters that are not read')
  return lzma2Dictionary(header[at.value])
}

/** Section 4: its size is not needed; its footer ends the stream. */
async function skipIndex(reader: ByteReader): Promise<void> {
  let size = 1
  const number = async (): Promise<number> => {
    const bytes = [0]
    bytes.length = 0
    do {
      bytes.push((await reader.take(1))[0])
      size++
    } while (bytes[bytes.length - 1] & 0x80 && bytes.length < 9)
    return readNumber(Buffer.from(bytes), { value: 0 })
  }
  const records = await number()
  for (let i = 0; i < records * 2; i++) await number()
  await reader.take((4 - (size % 4)) % 4)
  // the index's checksum and the stream's footer
  await reader.take(4 + 12)
}

/** Section 1.2: seven bits a byte, the lowest first. */
function readNumber(bytes: Buffer, at: { value: number }): number {
  let value = 0
  for (let i = 0; i < 9; i++) {
    const byte = bytes[at.value++]
    if (byte === undefined) throw new Error('damaged header')
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return value
  }
  throw new Error('damaged header')
}
