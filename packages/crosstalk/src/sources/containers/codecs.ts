// Formats that hold one stream, told by their first bytes, and what unpacks them piece by piece.
import { createGunzip, createInflateRaw, createZstdDecompress } from 'node:zlib'
import { bunzip2 } from './bzip2.ts'
import type { Codec } from './codec.ts'
import { type StreamName, streamName } from './container-format.ts'
import { unxz } from './xz.ts'
import { through } from './zlib-streams.ts'
import { zstdFrames } from './zstd-frames.ts'

/** Unpacked bytes come in pieces of this size. */
const PIECE = 256 * 1024

/** RFC 1952; several members one after the other are one stream */
export const gunzip: Codec = through(() => createGunzip({ chunkSize: PIECE }))
/** RFC 1951 */
export const inflateRaw: Codec = through(() => createInflateRaw({ chunkSize: PIECE }))
/** RFC 8878; several frames one after the other are one stream */
export const unzstd: Codec = through(() => createZstdDecompress({ chunkSize: PIECE }), zstdFrames)

/** A format that wraps one stream. */
export interface StreamFormat {
  readonly name: StreamName
  /** endings of file names that fall away when unpacked; `.tgz` becomes `.tar` */
  readonly endings: Readonly<Record<string, string>>
  readonly codec: Codec
}

export const STREAM_FORMATS: readonly StreamFormat[] = [
  { name: 'gzip', endings: { '.gz': '', '.tgz': '.tar' }, codec: gunzip },
  {
    name: 'bzip2',
    endings: { '.bz2': '', '.tbz2': '.tar', '.tbz': '.tar' },
    codec: (open) => bunzip2(open()),
  },
  { name: 'xz', endings: { '.xz': '', '.txz': '.tar' }, codec: (open) => unxz(open()) },
  { name: 'zstd', endings: { '.zst': '', '.tzst': '.tar' }, codec: unzstd },
]

/** The wrapping format whose magic the head has. */
export function streamFormat(head: Uint8Array): StreamFormat | undefined {
  const found = streamName(head)
  return STREAM_FORMATS.find(({ name }) => name === found)
}

const UNPACKED = ' (unpacked)'

/** What the stream inside is called. */
export function unwrappedName(name: string, format: StreamFormat): string {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\'), name.lastIndexOf('!')) + 1)
  for (const [ending, instead] of Object.entries(format.endings))
    if (base.toLowerCase().endsWith(ending) && base.length > ending.length)
      return base.slice(0, -ending.length) + instead
  return base.endsWith(UNPACKED) ? base : base + UNPACKED
}
