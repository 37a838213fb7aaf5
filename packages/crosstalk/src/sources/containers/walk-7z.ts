import { crc32 } from 'node:zlib'
import { InputError } from '../input-error.ts'
import type { Input } from '../source.ts'
import { ByteReader } from './byte-reader.ts'
import { bunzip2 } from './bzip2.ts'
import type { Bytes } from './codec.ts'
import { inflateRaw, unzstd } from './codecs.ts'
import { Cursor, liveInput } from './cursor.ts'
import { unlzma } from './lzma-stream.ts'
import { lzma2Dictionary, readLzma2 } from './lzma2.ts'
import { entryNames, mayHold } from './names.ts'
import { fromMemory, part, readBytes } from './read-bytes.ts'
import { parseHeader, parseStart, type SevenZipFile, type SevenZipFolder, type SevenZipHeader } from './seven-zip.ts'
import { metered, type Walk } from './walk.ts'

/** Methods by 7-Zip's ids (DOC/Methods.txt). */
const AES = '06f10701'
const NAMES: Readonly<Record<string, string>> = {
  '030401': 'PPMd',
  '03': 'Delta',
  '04': 'BCJ',
  '03030103': 'BCJ',
  '0303011b': 'BCJ2',
  '040109': 'Deflate64',
  [AES]: 'AES',
}

/** The inputs of a 7z archive that can be read anywhere. */
export async function* walk7z(archive: Input, depth: number, walk: Walk): AsyncGenerator<Input> {
  const header = await readHeader(archive, walk.budget.limits.memory)
  const nameOf = entryNames()
  const byFolder = new Map<number, SevenZipFile[]>()
  for (const file of header.files) {
    const name = nameOf(`${archive.name}!${file.name}`)
    if (!mayHold(name, walk.only)) continue
    const others = byFolder.get(file.folder)
    if (others) others.push({ ...file, name })
    else byFolder.set(file.folder, [{ ...file, name }])
  }
  for (const [index, files] of [...byFolder].sort(([a], [b]) => a - b)) {
    const folder = header.folders[index]
    const problem = folder && folderProblem(folder)
    const cursor = folder && !problem ? new Cursor(unpackFolder(archive, folder)) : undefined
    try {
      for (const { name, size, offset } of files) {
        walk.budget.enter(archive.name)
        if (problem) walk.onProblem({ name, problem, bytes: size })
        else if (!cursor) yield fromMemory(name, Buffer.alloc(0))
        else {
          const input = await liveInput(cursor, () => unpackFolder(archive, folder), { name, size, offset })
          yield* walk.inside(metered(input, walk.budget), depth + 1)
        }
      }
    } finally {
      await cursor?.close()
    }
  }
}

async function readHeader(archive: Input, memory: number): Promise<SevenZipHeader> {
  try {
    const start = await readBytes(archive, 0, 32)
    const { offset, size } = parseStart(start)
    if (offset + size > archive.size!) throw new Error('cut off')
    if (size === 0) return { folders: [], files: [] }
    if (size > memory) throw new Error(`header of ${size} bytes`)
    let bytes = await readBytes(archive, offset, offset + size)
    if (crc32(bytes) !== start.readUInt32LE(28)) throw new Error('damaged header')
    // A packed header may hold a packed header; more than a few are no real archive.
    for (let i = 0; i < 4; i++) {
      const header = parseHeader(bytes)
      if (!('packedHeader' in header)) return header
      const problem = folderProblem(header.packedHeader)
      if (problem) throw new Error(problem)
      if (header.packedHeader.unpacked > memory) throw new Error(`header of ${header.packedHeader.unpacked} bytes`)
      bytes = Buffer.concat(await collect(unpackFolder(archive, header.packedHeader)))
    }
    throw new Error('damaged header')
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError(archive.name, `a 7z archive that can't be read: ${(error as Error).message}`, error)
  }
}

async function collect(stream: Bytes): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = []
  for await (const piece of stream) pieces.push(Buffer.from(piece))
  return pieces
}

function folderProblem(folder: SevenZipFolder): string | undefined {
  if (folder.coders.some(({ method }) => method === AES))
    return 'encrypted; unpack it with its password and give the folder'
  const unread = folder.coders.find(({ method }) => !CODECS[method])
  if (!unread && folder.coders.length === 1) return undefined
  const method = unread ? (NAMES[unread.method] ?? `method ${unread.method}`) : 'several methods'
  return `packed with ${method}, which is not read; unpack it and give the folder`
}

type FolderCodec = (open: () => Bytes, folder: SevenZipFolder) => Bytes

const CODECS: Readonly<Record<string, FolderCodec>> = {
  '00': (open) => open(),
  '030101': (open, folder) => unlzma(open(), folder.coders[0].properties, folder.unpacked),
  '21': (open, folder) =>
    readLzma2(new ByteReader(open()), lzma2Dictionary(folder.coders[0].properties[0] ?? 41), { packed: 0 }),
  '040108': inflateRaw,
  '040202': (open) => bunzip2(open()),
  '04f71101': unzstd,
}

async function* unpackFolder(archive: Input, folder: SevenZipFolder): Bytes {
  const packed = () => archive.open(folder.offset, folder.offset + folder.packed)
  try {
    yield* part(CODECS[folder.coders[0].method](packed, folder), 0, folder.unpacked)
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError(archive.name, `the 7z archive is damaged or cut off (${(error as Error).message})`, error)
  }
}
