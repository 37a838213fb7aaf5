// ZIP archives (PKWARE APPNOTE.TXT 6.3.10), read by their central directory, ZIP64 included. Nothing in them is trusted: offsets and sizes are
// checked against the file, and entries that share bytes (a bomb's way to be small) are refused.
import { crc32, inflateRawSync } from 'node:zlib'
import { InputError } from '../input-error.ts'
import type { Input } from '../source.ts'
import { bunzip2 } from './bzip2.ts'
import type { Codec } from './codec.ts'
import { inflateRaw, unzstd } from './codecs.ts'
import { part, readBytes } from './read-bytes.ts'
import { unxz } from './xz.ts'

const END = 0x06054b50
const END64 = 0x06064b50
const END64_LOCATOR = 0x07064b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
/** the end record and the longest comment (4.3.16), and the ZIP64 locator before it */
const TAIL = 22 + 65_535 + 20
const ENCRYPTED = 1
const UTF8 = 1 << 11

export interface ZipEntry {
  readonly name: string
  readonly method: number
  readonly encrypted: boolean
  /** bytes packed and unpacked; unpacked is what the archive says */
  readonly packed: number
  readonly size: number
  readonly crc: number
  /** offset of the local header */
  readonly offset: number
  /** by its offset and size it lies behind the archive's end */
  readonly isOutside: boolean
  /** where in the archive its record of the directory lies */
  readonly record: ZipRecord
}

/** Records of the directory: [start, end) in the archive. */
export interface ZipRecord {
  readonly start: number
  readonly end: number
}

/** Compression methods (4.4.5) that are read; `undefined` as codec: stored. */
const METHODS = new Map<number, Codec | undefined>([
  [0, undefined],
  [8, inflateRaw],
  [12, (open) => bunzip2(open())],
  [93, unzstd],
  [95, (open) => unxz(open())],
])
/** 4.4.5 */
const METHOD_NAMES: Readonly<Record<number, string>> = {
  1: 'Shrink',
  6: 'Implode',
  9: 'Deflate64',
  14: 'LZMA',
  97: 'WavPack',
  98: 'PPMd',
  99: 'AES encryption',
}

/** The entries in the order of the central directory, folders left out. Throws InputError when the archive has none that can be found. */
export async function readZipDirectory(input: Input, size: number, memory: number): Promise<ZipEntry[]> {
  const tailStart = Math.max(0, size - TAIL)
  const tail = await readBytes(input, tailStart, size)
  const directory = await findDirectory(input, tail, tailStart)
  if (!directory) throw new InputError(input.name, 'a ZIP archive without its end: it was cut off')
  const { offset, length, count } = directory
  if (offset + length > size) throw new InputError(input.name, 'a ZIP archive whose directory lies outside of it')
  if (length > memory) throw new InputError(input.name, `a ZIP archive whose directory alone has ${length} bytes`)
  const entries = await readZipRecords(input, { start: offset, end: offset + length }, size)
  if (count > 0 && entries.length === 0 && !(await startsWith(input, offset, CENTRAL)))
    throw new InputError(input.name, 'a ZIP archive whose directory is not where it says')
  refuseOverlap(entries, input.name)
  return entries
}

/** The entries of some records, as far as they are in order. */
export async function readZipRecords(input: Input, { start, end }: ZipRecord, size: number): Promise<ZipEntry[]> {
  return parseRecords(await readBytes(input, start, end), start, size)
}

async function findDirectory(
  input: Input,
  tail: Buffer,
  tailStart: number,
): Promise<{ offset: number; length: number; count: number } | undefined> {
  for (let at = tail.length - 22; at >= 0; at--) {
    if (tail[at] !== 0x50 || tail.readUInt32LE(at) !== END) continue
    const count = tail.readUInt16LE(at + 10)
    const length = tail.readUInt32LE(at + 12)
    const offset = tail.readUInt32LE(at + 16)
    // What stands before the archive (a self-extractor) shifts its offsets.
    const shift = tailStart + at - length - offset
    if (count !== 0xffff && length !== 0xffffffff && offset !== 0xffffffff)
      return shift >= 0
        ? { offset: offset + (shift > 0 ? await shiftOf(input, offset, shift) : 0), length, count }
        : undefined
    if (at < 20 || tail.readUInt32LE(at - 20) !== END64_LOCATOR) return undefined
    const end64 = await readBytes(
      input,
      Number(tail.readBigUInt64LE(at - 20 + 8)),
      Number(tail.readBigUInt64LE(at - 20 + 8)) + 56,
    )
    if (end64.length < 56 || end64.readUInt32LE(0) !== END64) return undefined
    return {
      count: Number(end64.readBigUInt64LE(32)),
      length: Number(end64.readBigUInt64LE(40)),
      offset: Number(end64.readBigUInt64LE(48)),
    }
  }
  return undefined
}

/** 0 when a directory stands where the archive says, else the shift. */
async function shiftOf(input: Input, offset: number, shift: number): Promise<number> {
  return (await startsWith(input, offset, CENTRAL)) ? 0 : shift
}

async function startsWith(input: Input, offset: number, signature: number): Promise<boolean> {
  const there = await readBytes(input, offset, offset + 4)
  return there.length === 4 && there.readUInt32LE(0) === signature
}

/** 4.3.12 */
function parseRecords(bytes: Buffer, start: number, size: number): ZipEntry[] {
  const entries: ZipEntry[] = []
  let at = 0
  while (at + 46 <= bytes.length && bytes.readUInt32LE(at) === CENTRAL) {
    const nameLength = bytes.readUInt16LE(at + 28)
    const extraLength = bytes.readUInt16LE(at + 30)
    const next = at + 46 + nameLength + extraLength + bytes.readUInt16LE(at + 32)
    if (next > bytes.length) break
    const flags = bytes.readUInt16LE(at + 8)
    const rawName = bytes.subarray(at + 46, at + 46 + nameLength)
    const sizes = zip64Sizes(bytes, at, nameLength, extraLength)
    if (rawName[rawName.length - 1] !== 0x2f)
      entries.push({
        name: entryName(rawName, (flags & UTF8) !== 0),
        method: bytes.readUInt16LE(at + 10),
        encrypted: (flags & ENCRYPTED) !== 0,
        crc: bytes.readUInt32LE(at + 16),
        isOutside: sizes.offset + sizes.packed > size,
        record: { start: start + at, end: start + next },
        ...sizes,
      })
    at = next
  }
  return entries
}

/** Sizes and offset, from the ZIP64 extra field where they don't fit (4.5.3). */
function zip64Sizes(bytes: Buffer, at: number, nameLength: number, extraLength: number) {
  let packed = bytes.readUInt32LE(at + 20)
  let size = bytes.readUInt32LE(at + 24)
  let offset = bytes.readUInt32LE(at + 42)
  const end = at + 46 + nameLength + extraLength
  for (let field = at + 46 + nameLength; field + 4 <= end; ) {
    const id = bytes.readUInt16LE(field)
    const fieldEnd = Math.min(end, field + 4 + bytes.readUInt16LE(field + 2))
    let value = field + 4
    if (id === 1) {
      const take = (old: number): number => {
        if (old !== 0xffffffff || value + 8 > fieldEnd) return old
        value += 8
        return Number(bytes.readBigUInt64LE(value - 8))
      }
      size = take(size)
      packed = take(packed)
      offset = take(offset)
    }
    field = fieldEnd
  }
  return { packed, size, offset }
}

/** UTF-8 where it is valid, whatever the flag says; else one character a byte. A separator of Windows becomes a slash. */
function entryName(raw: Buffer, utf8: boolean): string {
  const text = raw.toString('utf8')
  const name = utf8 || !text.includes('\ufffd') ? text : raw.toString('latin1')
  return name.replaceAll('\\', '/')
}

function refuseOverlap(entries: readonly ZipEntry[], name: string): void {
  const byOffset = entries.filter((entry) => !entry.isOutside)
  if (byOffset.some(({ offset }, at) => at > 0 && byOffset[at - 1].offset > offset))
    byOffset.sort((a, b) => a.offset - b.offset)
  for (let i = 1; i < byOffset.length; i++)
    if (byOffset[i - 1].offset + byOffset[i - 1].packed > byOffset[i].offset)
      throw new InputError(name, 'a ZIP archive whose entries lie over one another: a bomb, or damaged')
}

/** Why an entry can't be read; undefined when it can. */
export function zipProblem(entry: ZipEntry): string | undefined {
  if (entry.encrypted || entry.method === 99) return 'encrypted; unpack it with its password and give the folder'
  if (entry.isOutside) return 'its archive says that it lies behind the end of it: cut off, or damaged'
  if (METHODS.has(entry.method)) return undefined
  const method = METHOD_NAMES[entry.method] ?? `method ${entry.method}`
  return `packed with ${method}, which is not read; unpack it and give the folder`
}

/** RFC 1951: Deflate unpacks to 1,032 times as much at most. What an archive says of more is no size to count with. */
export const isPlausible = ({ method, packed, size }: ZipEntry): boolean =>
  method === 0 ? size === packed : method !== 8 || size <= packed * 1_032

/** Entries of at most so many bytes, packed and unpacked, are read and unpacked at once: a stream for each of a million would take minutes. */
const SMALL = 64 * 1024
/** what stands before an entry's bytes is seldom more: its header, name, extra fields */
const USUAL_HEADER = 512

/** The unpacked bytes [start, end) of an entry. Throws InputError when they are not what the directory says. */
export async function* openZipEntry(
  input: Input,
  entry: ZipEntry,
  name: string,
  start = 0,
  end = Number.POSITIVE_INFINITY,
): AsyncIterable<Uint8Array> {
  const { offset, packed } = entry
  const header = await readBytes(input, offset, offset + 30 + (packed <= SMALL ? USUAL_HEADER + packed : 0))
  if (header.length < 30 || header.readUInt32LE(0) !== LOCAL)
    throw new InputError(name, `nothing of the archive at offset ${offset}, where this entry should be`)
  const skipped = 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  const from = offset + skipped
  const atHand = header.length >= skipped + packed ? header.subarray(skipped, skipped + packed) : undefined
  const open = (first = 0, last = packed) =>
    atHand ? onePiece(atHand.subarray(first, last)) : input.open(from + first, from + last)
  const codec = METHODS.get(entry.method)
  if (!codec) {
    const stop = Math.min(packed, end)
    if (start < stop) yield* open(start, stop)
    return
  }
  const whole = atHand && unpackSmall(atHand, entry)
  yield* part(checked(whole ? onePiece(whole) : codec(() => open()), entry, name), start, end)
}

async function* onePiece(bytes: Uint8Array) {
  if (bytes.length > 0) yield bytes
}

/** What a small entry unpacks to; undefined where it is none, or damaged: then a stream gives what comes before the damage. */
function unpackSmall(packed: Buffer, { method, size }: ZipEntry): Buffer | undefined {
  if (method !== 8 || size > SMALL) return undefined
  try {
    return inflateRawSync(packed, { maxOutputLength: size + 1 })
  } catch {
    return undefined
  }
}

/** Passes the bytes on; at the end compares them with the directory. */
async function* checked(stream: AsyncIterable<Uint8Array>, entry: ZipEntry, name: string): AsyncIterable<Uint8Array> {
  let sum = 0
  let size = 0
  for await (const piece of stream) {
    size += piece.length
    if (size > entry.size) {
      yield piece.subarray(0, Math.max(0, piece.length - (size - entry.size)))
      throw new InputError(name, `unpacks to more than the ${entry.size} bytes that its archive says`)
    }
    sum = crc32(piece, sum)
    yield piece
  }
  if (size !== entry.size) throw new InputError(name, `unpacks to ${size} bytes; its archive says ${entry.size}`)
  if (sum !== entry.crc) throw new InputError(name, 'its checksum differs: the archive is damaged')
}
