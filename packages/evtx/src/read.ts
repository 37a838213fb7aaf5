// Reading a whole log, or the part of it that lies in a byte range: chunk after chunk through the one buffer, so that memory does not
// depend on the size of the file.
import { chunk, chunkIsPartial } from './chunk.ts'
import { type ChunkOptions, type OnDamage, type OnRecord, readChunk, usedBytes } from './chunk-reader.ts'
import { crc32 } from './crc32.ts'
import { EvtxError } from './damage.ts'
import { type FileHeader, readFileHeader } from './file-header.ts'
import { CHUNK_BYTES } from './format.ts'

const bytes = chunk

/** Bytes that can be read anywhere. */
export interface ByteSource {
  /** bytes in all */
  readonly size: number
  /** Puts `length` bytes from `position` into `into` from `at` on, and gives how many there were: fewer only at the end. */
  read(into: Uint8Array, at: number, length: number, position: number): number
}

export interface ReadOptions extends ChunkOptions {
  /** bytes from the start of the file; a chunk belongs to the range in which its first byte lies. Default: the whole file. */
  readonly start?: number
  readonly end?: number
}

const HEADER_BYTES = 128
/** the buffer holds one log's chunk at a time */
let isReading = false

function occupy(): void {
  if (isReading)
    throw new EvtxError('busy', 'a log is being read: reading another from within its callback is not possible')
  isReading = true
}

function headerDamage(
  header: FileHeader,
  head: Uint8Array,
  length: number,
  options: ReadOptions,
  onDamage: OnDamage,
): void {
  if (length === 0) onDamage({ offset: 0, bytes: 0, reason: 'the file is empty' })
  else if (!header.isValid) {
    const bytesLost = Math.min(length, header.firstChunk)
    onDamage({ offset: 0, bytes: bytesLost, reason: 'no event log header at the start of the file' })
  } else if (options.checksums && header.checksum !== 0 && crc32(head.subarray(0, 120)) !== header.checksum)
    onDamage({ offset: 0, bytes: 0, reason: "the file header's checksum is wrong" })
}

/** The header counts chunks that the file does not have. A dirty log's count is old, which is no damage. */
function missingChunks(header: FileHeader, size: number, onDamage: OnDamage): void {
  const expected = header.firstChunk + header.chunks * CHUNK_BYTES
  if (!header.isValid || expected <= size) return
  onDamage({ offset: size, bytes: 0, reason: 'the file is shorter than its header says' })
}

/** what is read of a chunk at first when its neighbour had much free space: the header and the first records */
const FIRST_BYTES = 8192
/** more than this in use, and the next chunk is read at once */
const FULL_BYTES = 48 << 10
/** bytes of the buffer that a former chunk may have left something in */
let dirty = CHUNK_BYTES

/** Puts the chunk at `position` into the buffer: all of it, or its header and what that says is in use. Gives what is in use. */
function loadChunk(source: ByteSource, position: number, length: number, whole: boolean): number {
  let loaded = source.read(bytes, 0, whole ? length : Math.min(FIRST_BYTES, length), position)
  const used = usedBytes()
  if (!whole && used > loaded) loaded += source.read(bytes, loaded, Math.min(used, length) - loaded, position + loaded)
  if (loaded < dirty) bytes.fill(0, loaded, dirty)
  dirty = loaded
  chunkIsPartial(loaded, () => {
    dirty = loaded + source.read(bytes, loaded, length - loaded, position + loaded)
  })
  return used
}

/**
 * Reads the chunks that begin in the range. Every record goes to `onRecord`, in the order of the file; what can't be read goes
 * to `onDamage`, and reading goes on behind it. Throws only an EvtxError of the source, or what a callback throws.
 */
export function readSource(source: ByteSource, options: ReadOptions, onRecord: OnRecord, onDamage: OnDamage): void {
  occupy()
  try {
    const head = new Uint8Array(HEADER_BYTES)
    const headLength = source.read(head, 0, HEADER_BYTES, 0)
    const header = readFileHeader(head.subarray(0, headLength))
    const start = options.start ?? 0
    const end = Math.min(options.end ?? source.size, source.size)
    if (start <= 0) {
      headerDamage(header, head, source.size, options, onDamage)
      missingChunks(header, source.size, onDamage)
    }
    const first = header.firstChunk
    let position = start <= first ? first : first + Math.ceil((start - first) / CHUNK_BYTES) * CHUNK_BYTES
    let isFull = true
    for (; position < end; position += CHUNK_BYTES) {
      const length = Math.min(CHUNK_BYTES, source.size - position)
      const used = loadChunk(source, position, length, isFull || options.carve === true || options.checksums === true)
      isFull = used > FULL_BYTES
      readChunk(length, position, options, onRecord, onDamage)
    }
  } finally {
    isReading = false
  }
}

/**
 * Reads a log that comes in pieces of any size, from its first byte on (for a member of an archive). The range, if there is one, is
 * respected, but everything before it has to pass by.
 */
export async function readStream(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: ReadOptions,
  onRecord: OnRecord,
  onDamage: OnDamage,
): Promise<void> {
  const start = options.start ?? 0
  const end = options.end ?? Number.POSITIVE_INFINITY
  const gathered = new Uint8Array(CHUNK_BYTES)
  let length = 0
  /** position in the file of `gathered`, and how many bytes of it are wanted before something can be done */
  let position = 0
  let wanted = HEADER_BYTES
  let header: FileHeader | undefined
  let head: Uint8Array
  let isHeaderTold = start > 0
  const tellHeader = () => {
    if (!isHeaderTold) headerDamage(header as FileHeader, head, length, options, onDamage)
    isHeaderTold = true
  }
  const chunkDone = () => {
    if (position >= start && position < end) {
      occupy()
      try {
        bytes.set(gathered.subarray(0, length))
        bytes.fill(0, length, CHUNK_BYTES)
        dirty = CHUNK_BYTES
        chunkIsPartial(CHUNK_BYTES, undefined)
        readChunk(length, position, options, onRecord, onDamage)
      } finally {
        isReading = false
      }
    }
    position += length
    length = 0
  }
  const headDone = () => {
    head = gathered.slice(0, Math.min(length, HEADER_BYTES))
    header = readFileHeader(head)
  }
  const take = () => {
    if (!header) {
      headDone()
      // Without a header block the first chunk begins with what was read.
      wanted = header!.firstChunk === 0 ? CHUNK_BYTES : header!.firstChunk
    } else {
      tellHeader()
      if (position === 0 && header.firstChunk > 0) {
        position = length
        length = 0
      } else chunkDone()
      wanted = CHUNK_BYTES
    }
  }
  for await (const piece of pieces) {
    if (position >= end) break
    for (let at = 0; at < piece.length; ) {
      const count = Math.min(piece.length - at, wanted - length)
      gathered.set(piece.subarray(at, at + count), length)
      length += count
      at += count
      if (length === wanted) take()
    }
  }
  if (position >= end) return
  if (!header) headDone()
  tellHeader()
  const size = position + length
  if (length > 0 && (position > 0 || header!.firstChunk === 0)) chunkDone()
  if (start <= 0) missingChunks(header as FileHeader, size, onDamage)
}

/** A log that lies in memory. */
export function bufferSource(buffer: Uint8Array): ByteSource {
  return {
    size: buffer.length,
    read(into, at, length, position) {
      const count = Math.max(0, Math.min(length, buffer.length - position))
      into.set(buffer.subarray(position, position + count), at)
      return count
    },
  }
}
