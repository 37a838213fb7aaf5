// What holds other inputs, told by first bytes alone; what opens it (expand.ts) is loaded when there is something to open.
import { isTarHeader, TAR_BLOCK } from './tar.ts'

export const SEVEN_ZIP_MAGIC: readonly number[] = [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]

/** Formats that wrap one stream: RFC 1952, bzip2, the .xz file format, RFC 8878. */
export const STREAM_MAGIC = {
  gzip: [0x1f, 0x8b, 0x08],
  bzip2: [0x42, 0x5a, 0x68],
  xz: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
  zstd: [0x28, 0xb5, 0x2f, 0xfd],
} as const satisfies Record<string, readonly number[]>
export type StreamName = keyof typeof STREAM_MAGIC

const beginsWith = (head: Uint8Array, magic: readonly number[]): boolean => magic.every((byte, i) => head[i] === byte)

/** What a head says its input is: the format's name, or undefined when it holds no other inputs. */
export function containerFormat(head: Uint8Array): 'zip' | '7z' | 'tar' | StreamName | undefined {
  if (head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6)))
    return isDocument(head) ? undefined : 'zip'
  if (beginsWith(head, SEVEN_ZIP_MAGIC)) return '7z'
  if (isTarHeader(head.subarray(0, TAR_BLOCK))) return 'tar'
  return streamName(head)
}

export const streamName = (head: Uint8Array): StreamName | undefined =>
  (Object.keys(STREAM_MAGIC) as StreamName[]).find((name) => beginsWith(head, STREAM_MAGIC[name]))

/** A ZIP archive that is a document of an office suite or a program package, not a collection of logs. */
export function isDocument(head: Uint8Array): boolean {
  if (head.length < 30 || head[0] !== 0x50 || head[1] !== 0x4b) return false
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length)
  const first = bytes.toString('latin1', 30, 30 + bytes.readUInt16LE(26))
  return (
    first === '[Content_Types].xml' || first === 'mimetype' || first === '_rels/.rels' || first.startsWith('META-INF/')
  )
}
