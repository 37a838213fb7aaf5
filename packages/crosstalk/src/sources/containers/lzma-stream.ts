// A raw LZMA stream, as 7z holds it.
import { ByteReader } from './byte-reader.ts'
import type { Bytes } from './codec.ts'
import { LzmaDecoder, MAX_SYMBOL } from './lzma.ts'

const MAX_DICTIONARY = 512 * 1024 * 1024
const PIECE = 64 * 1024

/** `properties`: the byte lc, lp, pb, then the dictionary's size in four. Throws when the data are damaged or cut off. */
export async function* unlzma(packed: Bytes, properties: Uint8Array, size: number): Bytes {
  if (properties.length !== 5) throw new Error('damaged properties')
  const dictionary = Buffer.from(properties).readUInt32LE(1)
  if (dictionary > MAX_DICTIONARY) throw new Error(`needs a dictionary of ${dictionary} bytes; unpack it with 7-Zip`)
  const reader = new ByteReader(packed)
  const decoder = new LzmaDecoder(Math.max(dictionary, PIECE))
  decoder.setProperties(properties[0])
  try {
    await reader.need(5)
    lend(decoder, reader)
    decoder.startRange()
    reader.at = decoder.at
    for (let left = size; left > 0 && !decoder.finished; ) {
      await reader.need(PIECE)
      lend(decoder, reader)
      const { piece, problem } = decoder.attempt(Math.min(left, PIECE), reader.ended)
      reader.at = decoder.at
      left -= piece.length
      if (piece.length > 0) yield piece
      if (problem) throw problem
      if (piece.length === 0 && (reader.ended || reader.available >= MAX_SYMBOL) && !decoder.finished)
        throw new Error('damaged stream')
    }
  } finally {
    await reader.close()
  }
}

function lend(decoder: LzmaDecoder, reader: ByteReader): void {
  decoder.bytes = reader.bytes
  decoder.at = reader.at
  decoder.end = reader.end
}
