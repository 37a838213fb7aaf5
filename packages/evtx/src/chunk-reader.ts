// One chunk that lies in the buffer: its header, its records one after the other, and what of it can't be read.
// Header: "ElfChnk\0", first and last record number (u64, twice: by count and by identifier), header bytes (u32 at 40, 128), offset of
// the last record (u32 at 44), of the free space (u32 at 48), CRC-32 of the records (u32 at 52), flags (u32 at 120), CRC-32 of the
// header's bytes 0 to 119 and 128 to 511 (u32 at 124), then the tables of names and templates.
import { carveRecords } from './carve.ts'
import { chunk, requireBytes, u32 } from './chunk.ts'
import { crc32 } from './crc32.ts'
import { type Damage, EvtxError } from './damage.ts'
import { CHUNK_BYTES, CHUNK_HEADER_BYTES, RECORD_MAGIC, RECORD_MIN_BYTES } from './format.ts'
import { resetJsonBudget } from './json.ts'
import { forgetLocalLiterals } from './literals.ts'
import { forgetNames } from './names.ts'
import { forgetChunkPrograms } from './program.ts'
import { type EvtxRecord, lostEnd, lostStart, readRecord, record, recordProblem } from './record.ts'
import { resetTokenBudget } from './tokens.ts'

const bytes = chunk

export interface ChunkOptions {
  /** also look for records where the chunk says that there are none */
  readonly carve?: boolean
  /** check the checksums, and name those that are wrong as damage of 0 bytes; what they cover is read all the same */
  readonly checksums?: boolean
}

export type OnRecord = (record: EvtxRecord) => void
export type OnDamage = (damage: Damage) => void

/** Reads the chunk in the buffer, of which `length` bytes came from the file at `offset`; the rest of the buffer must be zero. */
export function readChunk(
  length: number,
  offset: number,
  options: ChunkOptions,
  onRecord: OnRecord,
  onDamage: OnDamage,
): void {
  forgetNames()
  forgetChunkPrograms()
  forgetLocalLiterals()
  resetTokenBudget()
  resetJsonBudget()
  if (!hasChunkMagic()) {
    if (isZero(0, length)) return
    if (!options.carve || length < CHUNK_HEADER_BYTES) {
      onDamage({
        offset,
        bytes: length,
        reason: length < CHUNK_BYTES ? 'the file ends within a chunk' : 'no chunk where one should be',
      })
      return
    }
    onDamage({ offset, bytes: CHUNK_HEADER_BYTES, reason: 'no chunk where one should be' })
    carveRecords(CHUNK_HEADER_BYTES, length, offset, onRecord)
    return
  }
  if (options.checksums) checkSums(length, offset, onDamage)
  const free = u32(48)
  const isFreeSane = free >= CHUNK_HEADER_BYTES && free <= CHUNK_BYTES
  if (!isFreeSane) onDamage({ offset, bytes: 0, reason: "a chunk's header names a free space outside of the chunk" })
  if (length < CHUNK_BYTES && length < (isFreeSane ? free : CHUNK_BYTES))
    onDamage({ offset: offset + length, bytes: 0, reason: 'the file ends within a chunk' })
  readRecords(length, isFreeSane ? free : CHUNK_BYTES, offset, options, onRecord, onDamage)
}

function readRecords(
  length: number,
  free: number,
  offset: number,
  options: ChunkOptions,
  onRecord: OnRecord,
  onDamage: OnDamage,
): void {
  const lastLow = u32(32)
  const lastHigh = u32(36)
  const live = Math.min(free, length)
  let at = CHUNK_HEADER_BYTES
  while (at < live) {
    const size = u32(at + 4)
    if (u32(at) !== RECORD_MAGIC || size < RECORD_MIN_BYTES || at + size > length) {
      const next = skipDamage(at, live, length, offset, onDamage)
      if (options.carve) carveRecords(at, next, offset, onRecord)
      at = next
      continue
    }
    const end = at + size
    requireBytes(end)
    const isLast = u32(at + 8) === lastLow && u32(at + 12) === lastHigh
    emitRecord(at, end, offset, false, onRecord, onDamage)
    at = end
    // What stands behind the last record is a remnant of the chunk's former use, unless the header can't be trusted.
    if (isLast && at < live && isHeaderIntact()) {
      if (!isZero(at, live))
        onDamage({ offset: offset + at, bytes: live - at, reason: 'records behind the last one of their chunk' })
      break
    }
  }
  if (options.carve) carveRecords(at, length, offset, onRecord)
}

/** Hands on the record at `at`, or says why it can't be read. */
function emitRecord(
  at: number,
  end: number,
  offset: number,
  carved: boolean,
  onRecord: OnRecord,
  onDamage: OnDamage,
): void {
  if (!readRecord(at, end, offset + at, carved)) {
    onDamage({ offset: offset + at, bytes: end - at, reason: recordProblem })
    return
  }
  if (lostEnd > lostStart) onDamage({ offset: offset + lostStart, bytes: lostEnd - lostStart, reason: recordProblem })
  if (u32(end - 4) !== end - at) onDamage({ offset: offset + end - 4, bytes: 0, reason: "a record's two sizes differ" })
  try {
    onRecord(record)
  } catch (error) {
    // The record itself refused (its text would be too large), and the callback let it through.
    if (!(error instanceof EvtxError) || error.code !== 'too-large') throw error
    onDamage({ offset: offset + at, bytes: end - at, reason: error.message })
  }
}

/** No record at `at`: names the bytes up to the next one as damage, and gives its position (`live` when there is none). */
function skipDamage(at: number, live: number, length: number, offset: number, onDamage: OnDamage): number {
  const next = nextRecord(at + 1, live, length)
  if (next === live && isZero(at, live)) return live
  const isCut = u32(at) === RECORD_MAGIC && u32(at + 4) >= RECORD_MIN_BYTES
  const reason = isCut
    ? at + u32(at + 4) > CHUNK_BYTES
      ? 'a record is longer than its chunk'
      : 'the file ends within a record'
    : 'no record where one should be'
  onDamage({ offset: offset + at, bytes: next - at, reason })
  return next
}

/**
 * Where from `from` on the next record stands whose two sizes agree and whose number is one of the chunk's; `to` when there is none. A
 * chunk that was copied while it was written anew holds records of its former use, too, with other numbers.
 */
function nextRecord(from: number, to: number, length: number): number {
  const trusted = isHeaderIntact()
  for (let at = from; at + RECORD_MIN_BYTES <= to; at++) {
    if (bytes[at] !== 0x2a || u32(at) !== RECORD_MAGIC) continue
    const size = u32(at + 4)
    if (size <= CHUNK_BYTES) requireBytes(at + size)
    if (size >= RECORD_MIN_BYTES && at + size <= length && u32(at + size - 4) === size && (!trusted || isOwnNumber(at)))
      return at
  }
  return to
}

/** True when the record's number lies between the first and the last one that the chunk's header names. */
function isOwnNumber(at: number): boolean {
  const number = recordNumber(at + 8)
  return number >= recordNumber(24) && number <= recordNumber(32)
}

function recordNumber(at: number): number {
  return u32(at) + u32(at + 4) * 0x100000000
}

function hasChunkMagic(): boolean {
  // "ElfC", "hnk\0"
  return u32(0) === 0x43666c45 && u32(4) === 0x006b6e68
}

/** Bytes of the chunk in the buffer that its header says are in use; all, when it has no sane header. */
export function usedBytes(): number {
  const free = u32(48)
  return hasChunkMagic() && free >= CHUNK_HEADER_BYTES && free <= CHUNK_BYTES ? free : CHUNK_BYTES
}

function isZero(from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== 0) return false
  return true
}

/** True when the header's own checksum is right. */
function isHeaderIntact(): boolean {
  return crc32(bytes.subarray(128, 512), crc32(bytes.subarray(0, 120))) === u32(124)
}

function checkSums(length: number, offset: number, onDamage: OnDamage): void {
  // 1: no checksums were written
  if (u32(120) & 1) return
  if (!isHeaderIntact()) onDamage({ offset, bytes: 0, reason: "a chunk header's checksum is wrong" })
  const free = u32(48)
  if (free < CHUNK_HEADER_BYTES || free > length) return
  if (crc32(bytes.subarray(CHUNK_HEADER_BYTES, free)) !== u32(52))
    onDamage({ offset: offset + CHUNK_HEADER_BYTES, bytes: 0, reason: "a chunk's checksum is wrong" })
}
