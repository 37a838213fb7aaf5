// The file header, and where a file may be cut.
// Layout: "ElfFile\0", first chunk (u64), last chunk (u64), next record (u64), header bytes (u32, 128), minor and major version (u16),
// header block bytes (u16, 4096), chunks (u16), …, flags (u32 at 120: 1 dirty, 2 full), CRC-32 of the first 120 bytes (u32 at 124).
import { CHUNK_BYTES, FILE_HEADER_BYTES } from './format.ts'

/** What the header of a file says. A log that was open when it was copied is dirty: the numbers may be old. */
export interface FileHeader {
  /** false when the magic is missing; everything else is a default then */
  readonly isValid: boolean
  /** where the first chunk begins */
  readonly firstChunk: number
  /** chunks that are in use, as the header says */
  readonly chunks: number
  readonly isDirty: boolean
  readonly isFull: boolean
  readonly majorVersion: number
  readonly minorVersion: number
  /** the checksum that the header carries */
  readonly checksum: number
}

function hasMagic(head: Uint8Array, magic: string): boolean {
  if (head.length < 8) return false
  for (let at = 0; at < 7; at++) if (head[at] !== magic.charCodeAt(at)) return false
  return head[7] === 0
}

/** True when the bytes begin as an event log does: with a file header, or with a chunk. 8 bytes are enough. */
export function isEvtx(head: Uint8Array): boolean {
  return hasMagic(head, 'ElfFile') || hasMagic(head, 'ElfChnk')
}

/** Reads the first bytes of a file, 128 at least. Never fails: where there is no header, chunks are looked for all the same. */
export function readFileHeader(head: Uint8Array): FileHeader {
  const isValid = hasMagic(head, 'ElfFile') && head.length >= 128
  if (!isValid) {
    const firstChunk = hasMagic(head, 'ElfChnk') ? 0 : FILE_HEADER_BYTES
    return {
      isValid,
      firstChunk,
      chunks: 0,
      isDirty: false,
      isFull: false,
      majorVersion: 0,
      minorVersion: 0,
      checksum: 0,
    }
  }
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  const block = view.getUint16(40, true)
  const flags = view.getUint32(120, true)
  return {
    isValid,
    firstChunk: block >= 128 ? block : FILE_HEADER_BYTES,
    chunks: view.getUint16(42, true),
    isDirty: (flags & 1) !== 0,
    isFull: (flags & 2) !== 0,
    minorVersion: view.getUint16(36, true),
    majorVersion: view.getUint16(38, true),
    checksum: view.getUint32(124, true),
  }
}

/**
 * Cuts a file of `size` bytes into at most `wanted` ranges [start, end) of whole chunks, about equal. Ranges may lie anywhere: a chunk
 * belongs to the range in which it begins. They are cut at the usual places so that no chunk is read twice.
 */
export function fileRanges(size: number, wanted: number): { start: number; end: number }[] {
  const chunks = Math.max(1, Math.ceil((size - FILE_HEADER_BYTES) / CHUNK_BYTES))
  const count = Math.max(1, Math.min(wanted, chunks))
  const ranges: { start: number; end: number }[] = []
  let start = 0
  for (let i = 1; i <= count; i++) {
    const end = i === count ? size : FILE_HEADER_BYTES + Math.floor((chunks * i) / count) * CHUNK_BYTES
    if (end > start) ranges.push({ start, end })
    start = end
  }
  return ranges
}
