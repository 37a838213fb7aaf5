// Formats that hold one stream, told by their first bytes, and what unpacks them piece by piece.
import { pipeline, Readable, type Transform } from 'node:stream'
import { createGunzip, createInflateRaw, createZstdDecompress } from 'node:zlib'
import { bunzip2 } from './bzip2.ts'
import { type StreamName, streamName } from './container-format.ts'
import { unxz } from './xz.ts'

export type Bytes = AsyncIterable<Uint8Array>
export type Codec = (packed: Bytes) => Bytes

/** Unpacked bytes come in pieces of this size. */
const PIECE = 256 * 1024

/** Streams ask for the next piece while they still hold the last: who reuses its buffer (a file) must not see that. */
async function* copies(packed: Bytes): Bytes {
  for await (const piece of packed) yield Buffer.from(piece)
}

/** A Node transform as a codec: errors of either side come out of the loop, and leaving the loop early ends both. */
function through(make: () => Transform): Codec {
  return async function* (packed) {
    const transform = make()
    let failure: unknown
    pipeline(Readable.from(copies(packed), { objectMode: false }), transform, (error) => {
      failure = error
    })
    for await (const piece of transform) yield piece as Buffer
    if (failure) throw failure
  }
}

/** RFC 1952; several members one after the other are one stream */
export const gunzip: Codec = through(() => createGunzip({ chunkSize: PIECE }))
/** RFC 1951 */
export const inflateRaw: Codec = through(() => createInflateRaw({ chunkSize: PIECE }))
/** RFC 8878 */
export const unzstd: Codec = through(() => createZstdDecompress({ chunkSize: PIECE }))

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
    codec: bunzip2,
  },
  { name: 'xz', endings: { '.xz': '', '.txz': '.tar' }, codec: unxz },
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
