// The header of 7z archives (I. Pavlov, 7zFormat.txt in the 7-Zip source, DOC folder). Nothing in it is trusted: every count is checked
// against the bytes that it must have.

/** Property ids */
const END = 0
const HEADER = 1
const MAIN_STREAMS = 4
const FILES = 5
const PACK_INFO = 6
const UNPACK_INFO = 7
const SUBSTREAMS = 8
const SIZE = 9
const CRC = 10
const FOLDER = 11
const UNPACK_SIZE = 12
const SUBSTREAM_COUNT = 13
const EMPTY_STREAM = 14
const EMPTY_FILE = 15
const NAMES = 17
const ENCODED_HEADER = 23
/** So many coders, streams or folders has no real archive. */
const MAX_COUNT = 10_000_000
const MAX_CODERS = 32

export interface SevenZipCoder {
  /** hexadecimal, as 7-Zip's Methods.txt writes it */
  readonly method: string
  readonly properties: Buffer
}

/** One packed stream, and how it is unpacked. */
export interface SevenZipFolder {
  readonly coders: readonly SevenZipCoder[]
  /** offset in the archive, and size, of the packed bytes */
  offset: number
  packed: number
  readonly unpacked: number
  /** sizes of the files that lie in it one after the other */
  sizes: number[]
}

export interface SevenZipFile {
  readonly name: string
  /** index of its folder, -1 for an empty file; its place in the unpacked folder */
  readonly folder: number
  readonly offset: number
  readonly size: number
}

export interface SevenZipHeader {
  readonly folders: readonly SevenZipFolder[]
  readonly files: readonly SevenZipFile[]
}

/** Reads the start header: where the header lies. Throws when it is none. */
export function parseStart(bytes: Buffer): { offset: number; size: number } {
  if (bytes.length < 32) throw new Error('cut off')
  return { offset: 32 + Number(bytes.readBigUInt64LE(12)), size: Number(bytes.readBigUInt64LE(20)) }
}

/** Reads a header. When it is packed itself, gives the one folder that holds it. Throws when it is damaged. */
export function parseHeader(bytes: Buffer): SevenZipHeader | { packedHeader: SevenZipFolder } {
  const cursor = { bytes, at: 0 }
  const kind = byte(cursor)
  if (kind === ENCODED_HEADER) {
    const [folder] = streams(cursor)
    if (!folder) throw new Error('damaged header')
    return { packedHeader: folder }
  }
  if (kind !== HEADER) throw new Error('damaged header')
  let folders: SevenZipFolder[] = []
  let files: SevenZipFile[] = []
  for (let id = byte(cursor); id !== END; id = byte(cursor)) {
    if (id === MAIN_STREAMS) folders = streams(cursor)
    else if (id === FILES) files = fileList(cursor, folders)
    else throw new Error('header with parts that are not read')
  }
  return { folders, files }
}

interface HeaderCursor {
  readonly bytes: Buffer
  at: number
}

function byte(cursor: HeaderCursor): number {
  if (cursor.at >= cursor.bytes.length) throw new Error('damaged header')
  return cursor.bytes[cursor.at++]
}

function take(cursor: HeaderCursor, count: number): Buffer {
  if (!(count >= 0 && cursor.at + count <= cursor.bytes.length)) throw new Error('damaged header')
  cursor.at += count
  return cursor.bytes.subarray(cursor.at - count, cursor.at)
}

/** NUMBER: the first byte's leading ones say how many bytes follow. */
function number(cursor: HeaderCursor): number {
  const first = byte(cursor)
  let value = 0
  let mask = 0x80
  for (let i = 0; i < 8; i++) {
    if ((first & mask) === 0) return value + (first & (mask - 1)) * 2 ** (8 * i)
    value += byte(cursor) * 2 ** (8 * i)
    mask >>= 1
  }
  return value
}

function count(cursor: HeaderCursor, most: number = MAX_COUNT): number {
  const value = number(cursor)
  if (value > most) throw new Error('damaged header')
  return value
}

function streams(cursor: HeaderCursor): SevenZipFolder[] {
  let offset = 0
  let packSizes: number[] = []
  let folders: SevenZipFolder[] = []
  for (let id = byte(cursor); id !== END; id = byte(cursor)) {
    if (id === PACK_INFO) {
      offset = 32 + number(cursor)
      packSizes = packInfo(cursor)
    } else if (id === UNPACK_INFO) folders = unpackInfo(cursor)
    else if (id === SUBSTREAMS) substreams(cursor, folders)
    else throw new Error('header with parts that are not read')
  }
  let stream = 0
  for (const folder of folders) {
    folder.offset = offset
    folder.packed = packSizes[stream++] ?? 0
    offset += folder.packed
  }
  return folders
}

function packInfo(cursor: HeaderCursor): number[] {
  const streamCount = count(cursor)
  const sizes: number[] = []
  for (let id = byte(cursor); id !== END; id = byte(cursor)) {
    if (id === SIZE) for (let i = 0; i < streamCount; i++) sizes.push(number(cursor))
    else if (id === CRC) digests(cursor, streamCount)
    else throw new Error('damaged header')
  }
  return sizes
}

function unpackInfo(cursor: HeaderCursor): SevenZipFolder[] {
  if (byte(cursor) !== FOLDER) throw new Error('damaged header')
  const folderCount = count(cursor)
  if (byte(cursor) !== 0) throw new Error('header with parts that are not read')
  const coders: SevenZipCoder[][] = []
  const outputs: number[] = []
  for (let i = 0; i < folderCount; i++) {
    const folder = readFolder(cursor)
    coders.push(folder.coders)
    outputs.push(folder.outputs)
  }
  const folders: SevenZipFolder[] = []
  for (let id = byte(cursor); id !== END; id = byte(cursor)) {
    if (id === UNPACK_SIZE)
      for (let i = 0; i < folderCount; i++) {
        const sizes = Array.from({ length: outputs[i] }, () => number(cursor))
        folders.push({
          coders: coders[i],
          offset: 0,
          packed: 0,
          unpacked: sizes[sizes.length - 1],
          sizes: [sizes[sizes.length - 1]],
        })
      }
    else if (id === CRC) digests(cursor, folderCount)
    else throw new Error('damaged header')
  }
  return folders
}

function readFolder(cursor: HeaderCursor): { coders: SevenZipCoder[]; outputs: number } {
  const coderCount = count(cursor, MAX_CODERS)
  const coders: SevenZipCoder[] = []
  let inputs = 0
  let outputs = 0
  for (let i = 0; i < coderCount; i++) {
    const flags = byte(cursor)
    const method = take(cursor, flags & 15).toString('hex')
    const complex = (flags & 0x10) !== 0
    inputs += complex ? count(cursor, MAX_CODERS) : 1
    outputs += complex ? count(cursor, MAX_CODERS) : 1
    coders.push({ method, properties: (flags & 0x20) !== 0 ? take(cursor, number(cursor)) : Buffer.alloc(0) })
  }
  if (outputs === 0) throw new Error('damaged header')
  for (let i = 0; i < outputs - 1; i++) {
    number(cursor)
    number(cursor)
  }
  const packed = inputs - (outputs - 1)
  if (packed > 1) for (let i = 0; i < packed; i++) number(cursor)
  return { coders, outputs }
}

function substreams(cursor: HeaderCursor, folders: SevenZipFolder[]): void {
  let counts = folders.map(() => 1)
  let id = byte(cursor)
  if (id === SUBSTREAM_COUNT) {
    counts = folders.map(() => count(cursor))
    id = byte(cursor)
  }
  if (counts.reduce((sum, one) => sum + one, 0) > MAX_COUNT) throw new Error('damaged header')
  folders.forEach((folder, i) => {
    folder.sizes = []
    let left = folder.unpacked
    for (let stream = 0; stream < counts[i]; stream++) {
      const size = stream === counts[i] - 1 ? left : id === SIZE ? number(cursor) : 0
      if (size > left) throw new Error('damaged header')
      folder.sizes.push(size)
      left -= size
    }
  })
  if (id === SIZE) id = byte(cursor)
  while (id !== END) {
    if (id !== CRC) throw new Error('damaged header')
    // Folders of one stream have their digest above.
    digests(
      cursor,
      counts.reduce((sum, one) => sum + one, 0),
    )
    id = byte(cursor)
  }
}

/** Digests are not compared: they may be left out for single streams, and then their number is not told. */
function digests(cursor: HeaderCursor, streamCount: number): void {
  const defined = byte(cursor) !== 0 ? streamCount : bits(cursor, streamCount).filter(Boolean).length
  // What is left of the header bounds it.
  cursor.at = Math.min(cursor.bytes.length, cursor.at + defined * 4)
}

function bits(cursor: HeaderCursor, length: number): boolean[] {
  const bytes = take(cursor, Math.ceil(length / 8))
  return Array.from({ length }, (_, i) => (bytes[i >> 3] & (0x80 >> (i & 7))) !== 0)
}

function fileList(cursor: HeaderCursor, folders: readonly SevenZipFolder[]): SevenZipFile[] {
  const fileCount = count(cursor)
  let names: string[] = []
  let empty: boolean[] = []
  let emptyFile: boolean[] = []
  for (let id = byte(cursor); id !== END; id = byte(cursor)) {
    const part = { bytes: take(cursor, number(cursor)), at: 0 }
    if (id === EMPTY_STREAM) empty = bits(part, fileCount)
    else if (id === EMPTY_FILE) emptyFile = bits(part, empty.filter(Boolean).length)
    else if (id === NAMES && byte(part) === 0) names = part.bytes.toString('utf16le', 1).split('\0').slice(0, fileCount)
  }
  return placeFiles(names, empty, emptyFile, folders)
}

/** Files without a stream are folders, or empty; the others lie in the folders' streams in order. */
function placeFiles(
  names: readonly string[],
  empty: readonly boolean[],
  emptyFile: readonly boolean[],
  folders: readonly SevenZipFolder[],
): SevenZipFile[] {
  const files: SevenZipFile[] = []
  let folder = 0
  let stream = 0
  let offset = 0
  let emptySeen = 0
  for (let i = 0; i < names.length; i++) {
    const name = names[i].replaceAll('\\', '/')
    if (empty[i]) {
      if (emptyFile[emptySeen++]) files.push({ name, folder: -1, offset: 0, size: 0 })
      continue
    }
    while (folder < folders.length && stream >= folders[folder].sizes.length) {
      folder++
      stream = 0
      offset = 0
    }
    if (folder >= folders.length) throw new Error('damaged header')
    const size = folders[folder].sizes[stream++]
    files.push({ name, folder, offset, size })
    offset += size
  }
  return files
}
