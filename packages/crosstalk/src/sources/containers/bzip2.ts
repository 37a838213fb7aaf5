// bzip2 (format: J. Tsai, "BZIP2: Format Specification", 2016), block by block.
import { ByteReader } from './byte-reader.ts'
import type { Bytes } from './codec.ts'

/** 'BZh', then the level */
const STREAM_MAGIC = 0x425a68
const BLOCK_MAGIC = 0x314159265359
const END_MAGIC = 0x177245385090
/** A block unpacks to 900 kB before run lengths are undone; packed it is never larger than this. */
const MAX_PACKED_BLOCK = 1_400_000
const MAX_CODE = 20
const GROUP = 50

/** Concatenated streams are one. Throws when the data are damaged or cut off; what came before is handed on. */
export async function* bunzip2(packed: Bytes): Bytes {
  const reader = new ByteReader(packed)
  try {
    for (let first = true; ; first = false) {
      if (!(await reader.need(4))) {
        if (first || reader.available > 0) throw new Error('unexpected end of file')
        return
      }
      const header = await reader.take(4)
      const level = header[3] - 0x30
      if (header.readUIntBE(0, 3) !== STREAM_MAGIC || level < 1 || level > 9) {
        // What follows a stream and is none is left alone, as bzip2 does.
        if (!first) return
        throw new Error('no bzip2 stream')
      }
      yield* stream(reader, level * 100_000)
    }
  } finally {
    await reader.close()
  }
}

async function* stream(reader: ByteReader, blockSize: number): Bytes {
  const bits = new Bits(reader)
  const block = new Uint32Array(blockSize)
  let combined = 0
  for (;;) {
    await reader.need(MAX_PACKED_BLOCK)
    const magic = bits.read(24) * 0x1000000 + bits.read(24)
    if (magic === END_MAGIC) {
      if (bits.read32() !== combined) throw new Error('checksum differs')
      bits.align()
      return
    }
    if (magic !== BLOCK_MAGIC) throw new Error('damaged block')
    const sum = bits.read32()
    const { count, origin } = readBlock(bits, block)
    const unpacked = undoTransform(block, count, origin)
    let crc = 0xffffffff
    for (const piece of unpacked) {
      for (let i = 0; i < piece.length; i++) crc = (crc << 8) ^ CRC_TABLE[(crc >>> 24) ^ piece[i]]
      yield piece
    }
    if (~crc >>> 0 !== sum) throw new Error('checksum differs')
    combined = (((combined << 1) | (combined >>> 31)) ^ sum) >>> 0
  }
}

/** Bits, the highest first. */
class Bits {
  readonly #reader: ByteReader
  #buffer = 0
  #count = 0

  constructor(reader: ByteReader) {
    this.#reader = reader
  }

  /** Up to 24 bits. */
  read(count: number): number {
    while (this.#count < count) {
      const reader = this.#reader
      if (reader.at >= reader.end) throw new Error('unexpected end of file')
      this.#buffer = ((this.#buffer << 8) | reader.bytes[reader.at++]) & 0xffffffff
      this.#count += 8
    }
    this.#count -= count
    return (this.#buffer >>> this.#count) & ((1 << count) - 1)
  }

  read32(): number {
    return this.read(16) * 0x10000 + this.read(16)
  }

  align(): void {
    this.#count -= this.#count % 8
    // Whole bytes that were read ahead go back.
    this.#reader.at -= this.#count / 8
    this.#count = 0
  }
}

/** Undoes the entropy coding and the move-to-front of one block; `block` gets one symbol an element. */
function readBlock(bits: Bits, block: Uint32Array): { count: number; origin: number } {
  if (bits.read(1)) throw new Error('randomised blocks are not read')
  const origin = bits.read(24)
  const alphabet = readAlphabet(bits)
  const groups = bits.read(3)
  const selectorCount = bits.read(15)
  if (groups < 2 || groups > 6 || selectorCount < 1) throw new Error('damaged block')
  const selectors = readSelectors(bits, groups, selectorCount)
  const codes = Array.from({ length: groups }, () => readCode(bits, alphabet.length + 2))
  const count = readSymbols(bits, codes, selectors, alphabet, block)
  if (origin >= count) throw new Error('damaged block')
  return { count, origin }
}

function readAlphabet(bits: Bits): number[] {
  const used = bits.read(16)
  const alphabet: number[] = []
  for (let high = 0; high < 16; high++) {
    if (!(used & (0x8000 >> high))) continue
    const row = bits.read(16)
    for (let low = 0; low < 16; low++) if (row & (0x8000 >> low)) alphabet.push(high * 16 + low)
  }
  if (alphabet.length === 0) throw new Error('damaged block')
  return alphabet
}

function readSelectors(bits: Bits, groups: number, count: number): Uint8Array {
  const order = Array.from({ length: groups }, (_, i) => i)
  const selectors = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    let place = 0
    while (bits.read(1)) if (++place >= groups) throw new Error('damaged block')
    const [group] = order.splice(place, 1)
    order.unshift(group)
    selectors[i] = group
  }
  return selectors
}

/** A canonical Huffman code by length: the first code, the first index and the symbols in order. */
interface Code {
  readonly limit: Int32Array
  readonly base: Int32Array
  readonly symbols: Uint16Array
  readonly shortest: number
}

function readCode(bits: Bits, size: number): Code {
  const lengths = new Uint8Array(size)
  let length = bits.read(5)
  for (let symbol = 0; symbol < size; symbol++) {
    for (;;) {
      if (length < 1 || length > MAX_CODE) throw new Error('damaged block')
      if (!bits.read(1)) break
      length += bits.read(1) ? -1 : 1
    }
    lengths[symbol] = length
  }
  const limit = new Int32Array(MAX_CODE + 2).fill(-1)
  const base = new Int32Array(MAX_CODE + 2)
  const symbols = new Uint16Array(size)
  let code = 0
  let index = 0
  let shortest = 0
  for (let bitsLong = 1; bitsLong <= MAX_CODE; bitsLong++) {
    base[bitsLong] = index - code
    for (let symbol = 0; symbol < size; symbol++) if (lengths[symbol] === bitsLong) symbols[index++] = symbol
    const taken = index - base[bitsLong] - code
    code += taken
    if (taken > 0) {
      limit[bitsLong] = code - 1
      shortest ||= bitsLong
    }
    code <<= 1
  }
  return { limit, base, symbols, shortest }
}

function readSymbols(
  bits: Bits,
  codes: readonly Code[],
  selectors: Uint8Array,
  alphabet: number[],
  block: Uint32Array,
): number {
  const front = Uint8Array.from(alphabet)
  const end = alphabet.length + 1
  let count = 0
  let run = 0
  let weight = 1
  for (let group = 0; ; group++) {
    if (group >= selectors.length) throw new Error('damaged block')
    const { limit, base, symbols, shortest } = codes[selectors[group]]
    for (let i = 0; i < GROUP; i++) {
      let length = shortest
      let code = bits.read(length)
      while (code > limit[length]) {
        if (++length > MAX_CODE) throw new Error('damaged block')
        code = (code << 1) | bits.read(1)
      }
      const symbol = symbols[base[length] + code]
      if (symbol < 2) {
        run += weight << symbol
        weight <<= 1
        if (run > block.length) throw new Error('damaged block')
        continue
      }
      if (run > 0) {
        if (count + run > block.length) throw new Error('damaged block')
        block.fill(front[0], count, count + run)
        count += run
        run = 0
        weight = 1
      }
      if (symbol === end) return count
      const place = symbol - 1
      const byte = front[place]
      front.copyWithin(1, 0, place)
      front[0] = byte
      if (count >= block.length) throw new Error('damaged block')
      block[count++] = byte
    }
  }
}

/** Undoes the Burrows-Wheeler transform and the first run-length coding, in pieces. */
function* undoTransform(block: Uint32Array, count: number, origin: number): Generator<Uint8Array> {
  const starts = new Uint32Array(256)
  for (let i = 0; i < count; i++) starts[block[i] & 0xff]++
  let sum = 0
  for (let byte = 0; byte < 256; byte++) {
    sum += starts[byte]
    starts[byte] = sum - starts[byte]
  }
  for (let i = 0; i < count; i++) block[starts[block[i] & 0xff]++] |= i << 8
  let at = block[origin] >>> 8
  let piece = new Uint8Array(PIECE)
  let filled = 0
  let same = 0
  let last = -1
  for (let left = count; left > 0; left--) {
    const entry = block[at]
    const byte = entry & 0xff
    at = entry >>> 8
    if (same === 4) {
      // The byte behind four equal ones says how many more there are.
      if (filled + byte > PIECE) {
        yield piece.subarray(0, filled)
        piece = new Uint8Array(PIECE)
        filled = 0
      }
      piece.fill(last, filled, filled + byte)
      filled += byte
      same = 0
      last = -1
      continue
    }
    same = byte === last ? same + 1 : 1
    last = byte
    if (filled === PIECE) {
      yield piece
      piece = new Uint8Array(PIECE)
      filled = 0
    }
    piece[filled++] = byte
  }
  if (filled > 0) yield piece.subarray(0, filled)
}

const PIECE = 64 * 1024

/** CRC-32 of polynomial 0x04c11db7, the highest bit first */
const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1
  return crc
})
