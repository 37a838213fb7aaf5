// Cuts a ZIP archive by its directory, so that several threads can read it: any entry can be unpacked without those before it.
import type { Input } from '../source.ts'
import { isPlausible, readZipDirectory } from './zip.ts'

/** Entries `from` up to `to`, by their place in the directory. */
export interface ZipPart {
  readonly from: number
  readonly to: number
  /** bytes, as the directory says */
  readonly packed: number
  readonly unpacked: number
}

/** Parts of about so many unpacked bytes, one entry at least. Throws InputError when the archive has no directory. */
export async function zipParts(archive: Input, memory: number, bytes: number): Promise<ZipPart[]> {
  const parts: ZipPart[] = []
  let from = 0
  let packed = 0
  let unpacked = 0
  const entries = await readZipDirectory(archive, archive.size ?? 0, memory)
  for (const [at, entry] of entries.entries()) {
    packed += entry.packed
    unpacked += isPlausible(entry) ? entry.size : entry.packed
    if (unpacked < bytes && at < entries.length - 1) continue
    parts.push({ from, to: at + 1, packed, unpacked })
    from = at + 1
    packed = 0
    unpacked = 0
  }
  return parts
}
