// LZMA2: chunks of LZMA or of plain bytes (the .xz format, section 5.3.1; XZ Embedded, "LZMA2 chunk").
import { type ByteReader, CUT_OFF } from './byte-reader.ts'
import { LzmaDecoder } from './lzma.ts'

/** A larger dictionary would take more memory than an analyst's machine may have to spare. xz -9 uses 64 MiB. */
const MAX_DICTIONARY = 512 * 1024 * 1024
const PIECE = 64 * 1024

/** The dictionary's size by its coded byte. Throws when it is none, or too large. */
export function lzma2Dictionary(coded: number): number {
  if (coded > 40) throw new Error('damaged header')
  const size = coded === 40 ? 0xffffffff : (2 | (coded & 1)) * 2 ** ((coded >> 1) + 11)
  if (size > MAX_DICTIONARY) throw new Error(`needs a dictionary of ${size} bytes; unpack it with xz itself`)
  return size
}

/** The bytes of one LZMA2 stream; `counted.packed` is what it took of the reader. Throws when it is damaged or cut off. */
export async function* readLzma2(
  reader: ByteReader,
  dictionarySize: number,
  counted: { packed: number },
): AsyncIterable<Uint8Array> {
  const decoder = new LzmaDecoder(Math.max(dictionarySize, PIECE))
  const take = async (count: number): Promise<Buffer> => {
    counted.packed += count
    return reader.take(count)
  }
  /** fewer where the stream is cut off: what they hold is read all the same */
  const takeUpTo = async (count: number): Promise<Buffer> =>
    (await reader.need(count)) ? take(count) : take(reader.available)
  let ready = false
  for (;;) {
    const control = (await take(1))[0]
    if (control === 0) return
    if (control < 0x80) {
      if (control > 2) throw new Error('damaged stream')
      if (control === 1) decoder.resetDictionary()
      const size = (await take(2)).readUInt16BE(0) + 1
      const bytes = await takeUpTo(size)
      decoder.store(bytes)
      yield decoder.drain()
      if (bytes.length < size) throw new Error(CUT_OFF)
      continue
    }
    const header = await take(4)
    const size = (control & 0x1f) * 0x10000 + header.readUInt16BE(0) + 1
    const packed = header.readUInt16BE(2) + 1
    const reset = (control >> 5) & 3
    if (reset === 3) decoder.resetDictionary()
    if (reset >= 2) {
      decoder.setProperties((await take(1))[0])
      ready = true
    } else if (!ready) throw new Error('damaged stream')
    else if (reset === 1) decoder.resetState()
    const bytes = await takeUpTo(packed)
    decoder.bytes = bytes
    decoder.at = 0
    decoder.end = bytes.length
    decoder.startRange()
    for (let left = size; left > 0; ) {
      const { piece, problem } = decoder.attempt(Math.min(left, PIECE), true)
      left -= piece.length
      if (piece.length > 0) yield piece
      if (problem) throw problem
      if (piece.length === 0) throw new Error('damaged stream')
    }
  }
}
