// Carving: records in space that a chunk does not claim: behind its last record, in damaged stretches, in chunks that lost their header.
import { chunk, u32 } from './chunk.ts'
import { EvtxError } from './damage.ts'
import { RECORD_MAGIC, RECORD_MIN_BYTES } from './format.ts'
import { type EvtxRecord, readRecord, record } from './record.ts'

const bytes = chunk

/**
 * Hands on the records that stand whole between `from` and `to` of the chunk in the buffer: the magic, both sizes alike, and a
 * content that can be read to its end. What only looks like a record is passed over in silence.
 */
export function carveRecords(from: number, to: number, offset: number, onRecord: (record: EvtxRecord) => void): void {
  for (let at = from; at + RECORD_MIN_BYTES <= to; ) {
    const size = bytes[at] === 0x2a && u32(at) === RECORD_MAGIC ? u32(at + 4) : 0
    const isWhole = size >= RECORD_MIN_BYTES && at + size <= to && u32(at + size - 4) === size
    if (!isWhole || !readRecord(at, at + size, offset + at, true)) {
      at++
      continue
    }
    try {
      onRecord(record)
    } catch (error) {
      if (!(error instanceof EvtxError) || error.code !== 'too-large') throw error
    }
    at += size
  }
}
