// The frames of a zstd stream (RFC 8878, section 3.1). Node's zlib stops behind the first one where the next begins in the same piece, and says
// nothing of what follows: pieces that end with their frame have all of them unpacked.
import { ByteReader } from './byte-reader.ts'
import type { Bytes } from './codec.ts'

const FRAME = 0xfd2fb528
/** 3.1.2: sixteen magic numbers of frames to be passed over */
const SKIPPABLE = 0x184d2a50
const RLE = 1
const RESERVED = 3
/** 3.1.1.2.4 */
const MAX_BLOCK = 128 * 1024
const DICTIONARY_ID_SIZES = [0, 1, 2, 4]
const CONTENT_SIZE_SIZES = [0, 2, 4, 8]

/** The same bytes in pieces that lie within one frame, skippable frames left out. Throws where something else than a frame follows. */
export async function* zstdFrames(packed: Bytes): Bytes {
  const reader = new ByteReader(packed)
  try {
    while (await reader.need(1)) {
      const magic = (await reader.need(4)) ? view(reader).getUint32(0, true) : 0
      if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) await pass(reader)
      else if (magic === FRAME) yield* frame(reader)
      else throw new Error('bytes behind a frame that are no frame')
    }
  } finally {
    await reader.close()
  }
}

const view = ({ bytes, at, available }: ByteReader) => new DataView(bytes.buffer, bytes.byteOffset + at, available)

async function pass(reader: ByteReader): Promise<void> {
  for (let left = (await reader.take(8)).readUInt32LE(4); left > 0; ) {
    await reader.take(Math.min(left, MAX_BLOCK))
    left -= MAX_BLOCK
  }
}

async function* frame(reader: ByteReader): Bytes {
  if (await reader.need(5)) {
    // 3.1.1.1.1: content size, single segment, checksum, dictionary
    const descriptor = view(reader).getUint8(4)
    const isSingle = (descriptor & 0x20) !== 0
    const sizes = CONTENT_SIZE_SIZES[descriptor >> 6] || Number(isSingle)
    yield* upTo(reader, 5 + Number(!isSingle) + DICTIONARY_ID_SIZES[descriptor & 3] + sizes)
    yield* blocks(reader)
    if (descriptor & 4) yield* upTo(reader, 4)
  } else yield* upTo(reader, 5)
}

async function* blocks(reader: ByteReader): Bytes {
  while (await reader.need(3)) {
    const header = view(reader).getUint16(0, true) + view(reader).getUint8(2) * 0x10000
    const type = (header >> 1) & 3
    const size = type === RLE ? 1 : header >> 3
    // What these are the unpacker says, and goes no further.
    yield* upTo(reader, type === RESERVED || size > MAX_BLOCK ? 3 : 3 + size)
    if (header & 1) return
  }
  yield* upTo(reader, 3)
}

/** The next bytes, fewer where the stream is cut off. */
async function* upTo(reader: ByteReader, count: number): Bytes {
  await reader.need(count)
  const bytes = await reader.take(Math.min(count, reader.available))
  if (bytes.length > 0) yield bytes
}
