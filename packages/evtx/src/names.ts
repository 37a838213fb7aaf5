// Names of elements and attributes. A chunk writes a name once and refers to it by its offset.
// Layout at the offset: next (u32), hash (u16), units (u16), UTF-16LE, NUL.
import { chunk, requireBytes, u16 } from './chunk.ts'
import { CHUNK_BYTES } from './format.ts'
import { literalId, NAME } from './literals.ts'

const bytes = chunk
/** by offset in the chunk: the name's literal, + 1; 0 when it was not read yet */
const known = new Int32Array(CHUNK_BYTES)
const touched = new Int32Array(CHUNK_BYTES)
let touchedCount = 0

export function forgetNames(): void {
  for (let i = 0; i < touchedCount; i++) known[touched[i]] = 0
  touchedCount = 0
}

/** The literal of the name at this offset; -1 when there is none. */
export function nameId(offset: number): number {
  if (offset >= CHUNK_BYTES - 8) return -1
  const id = known[offset]
  return id !== 0 ? id - 1 : readName(offset)
}

function readName(offset: number): number {
  requireBytes(offset + 8)
  let end = offset + 8 + u16(offset + 6) * 2
  requireBytes(end)
  if (end > CHUNK_BYTES) return -1
  // A name ends at its first NUL.
  for (let at = offset + 8; at < end; at += 2) {
    if (bytes[at] === 0 && bytes[at + 1] === 0) end = at
  }
  const id = literalId(NAME, offset + 8, end)
  known[offset] = id + 1
  touched[touchedCount++] = offset
  return id
}

/** Bytes that the name itself takes at this offset, where it is written and not only referred to. */
export function nameBytes(offset: number): number {
  return 8 + u16(offset + 6) * 2 + 2
}
