// Cuts a ZIP archive by its directory, so that several threads can read it: any entry can be unpacked without those before it.
import type { Input } from '../source.ts'
import type { ContainerLimits } from './limits.ts'
import { entryNames } from './names.ts'
import { isPlausible, readZipDirectory, type ZipEntry, type ZipRecord } from './zip.ts'

/** Entries that lie one after the other in the directory: with thousands of parts, no more of it is read for each than its own. */
export interface ZipPart extends ZipRecord {
  /** bytes, as the directory says */
  readonly packed: number
  readonly unpacked: number
  /** names of their own for those whose name an entry before them has, by their place in the part */
  readonly renamed: readonly (readonly [at: number, name: string])[]
  /** the archive has further entries, which are more than are read */
  readonly isCutOff: boolean
}

/** What waits of one part is bounded by its bytes, and by this many entries. */
const MOST_ENTRIES = 16_384

/** Parts of about so many unpacked bytes, one entry at least. Throws InputError when the archive has no directory. */
export async function zipParts(
  archive: Input,
  limits: Pick<ContainerLimits, 'memory' | 'entries'>,
  bytes: number,
): Promise<ZipPart[]> {
  const entries = await readZipDirectory(archive, archive.size ?? 0, limits.memory)
  const parts: ZipPart[] = []
  const nameOf = entryNames()
  let first = 0
  let packed = 0
  let unpacked = 0
  let renamed: [number, string][] = []
  const last = Math.min(entries.length, limits.entries) - 1
  for (let at = 0; at <= last; at++) {
    const entry: ZipEntry = entries[at]
    const name = nameOf(entry.name)
    if (name !== entry.name) renamed.push([at - first, name])
    packed += entry.packed
    unpacked += isPlausible(entry) ? entry.size : entry.packed
    if (unpacked < bytes && at - first < MOST_ENTRIES && at < last) continue
    const { start } = entries[first].record
    const isCutOff = at === last && last < entries.length - 1
    parts.push({ start, end: entry.record.end, packed, unpacked, renamed, isCutOff })
    first = at + 1
    packed = 0
    unpacked = 0
    renamed = []
  }
  return parts
}
