// Event log records cannot be read alone: templates and names stand elsewhere in their chunk. The chunks that hold a case's records, as logs
// that any reader opens. The chunks' bytes are the original ones; only the file header before them is new.
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { CaseEvidence } from '../../cases/case.ts'
import { type ExportSource, ReportError } from '../report.ts'

/** [MS-EVEN6] leaves the file to its readers; sizes as in libevtx's description of the format (file header, chunk). */
const HEADER_BYTES = 4096
const CHUNK_BYTES = 65_536
/** 32 MB of context is enough for anybody. */
const MOST_CHUNKS = 512

export interface ChunkLog {
  /** the log that the chunks are from */
  file: string
  content: Uint8Array
  /** where the chunks lay in it, in bytes */
  offsets: number[]
}

/** One log for each file that the evidence is from, in the order of the evidence; chunks that can't be read are left out. */
export async function chunkLogs(source: ExportSource): Promise<ChunkLog[]> {
  const wanted = new Map<string, { piece: CaseEvidence; offsets: Set<number> }>()
  let chunks = 0
  for (const piece of source.case.evidence) {
    if (piece.format !== 'evtx' || piece.offset < HEADER_BYTES || chunks >= MOST_CHUNKS) continue
    const offset = HEADER_BYTES + Math.floor((piece.offset - HEADER_BYTES) / CHUNK_BYTES) * CHUNK_BYTES
    const file = wanted.get(piece.file) ?? { piece, offsets: new Set() }
    wanted.set(piece.file, file)
    if (!file.offsets.has(offset)) chunks++
    file.offsets.add(offset)
  }
  const logs: ChunkLog[] = []
  for (const { piece, offsets } of wanted.values()) {
    const log = await chunkLog(
      source,
      piece,
      [...offsets].sort((a, b) => a - b),
    )
    if (log) logs.push(log)
  }
  return logs
}

async function chunkLog(
  source: ExportSource,
  piece: CaseEvidence,
  offsets: readonly number[],
): Promise<ChunkLog | undefined> {
  const chunks: Uint8Array[] = []
  const read: number[] = []
  for (const offset of offsets) {
    const chunk = await chunkAt(source, piece, offset)
    if (!chunk) continue
    chunks.push(chunk)
    read.push(offset)
  }
  if (!chunks.length) return undefined
  return { file: piece.file, content: Buffer.concat([fileHeader(chunks.length), ...chunks]), offsets: read }
}

async function chunkAt(source: ExportSource, piece: CaseEvidence, offset: number): Promise<Uint8Array | undefined> {
  try {
    const bytes = await source.evidenceBytes?.({ ...piece, offset, length: CHUNK_BYTES })
    return bytes && Buffer.from(bytes.subarray(0, 8)).toString('latin1') === 'ElfChnk\0' ? bytes : undefined
  } catch (error) {
    if (error instanceof ReportError) return undefined
    throw error
  }
}

/** A clean file header for so many chunks: version 3.1. */
function fileHeader(chunks: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  header.write('ElfFile\0', 'latin1')
  header.writeBigUInt64LE(BigInt(chunks - 1), 16)
  header.writeBigUInt64LE(1n, 24)
  header.writeUInt32LE(128, 32)
  header.writeUInt16LE(1, 36)
  header.writeUInt16LE(3, 38)
  header.writeUInt16LE(HEADER_BYTES, 40)
  header.writeUInt16LE(chunks, 42)
  header.writeUInt32LE(crc32(header.subarray(0, 120)), 124)
  return header
}

/** `0001-1a2b3c4d.evtx`: names of logs may be alike in different folders. */
export function chunkLogName(log: ChunkLog, at: number): string {
  return `${String(at + 1).padStart(4, '0')}-${createHash('sha256').update(log.file).digest('hex').slice(0, 8)}.evtx`
}
