// Texts of short values of the chunk that came by lately, by their bytes: the same few names, GUIDs and SIDs come again and again, and to
// find one costs a third of making it. Whoever compares or counts such texts gains too: they are the same strings.
import { chunk, chunkView } from './chunk.ts'

const bytes = chunk
const view = chunkView

/** the longest value that is kept; the shortest has 8 */
export const CACHED_BYTES = 64
const PLACES = 4096
const texts: string[] = new Array(PLACES).fill('')
/** size and type of what is in a place; 0: nothing */
const keys = new Uint16Array(PLACES)
const kept = new Uint8Array(PLACES * CACHED_BYTES)
const keptView = new DataView(kept.buffer)

/** The text of the value of this type at `start` to `end` of the chunk, at most CACHED_BYTES; made by `make` when it is not known. */
export function cachedText(
  type: number,
  start: number,
  end: number,
  make: (bytes: Uint8Array, start: number, end: number) => string,
): string {
  const size = end - start
  const key = (type << 8) | size
  // Four words of it are enough to find the place; what is there is compared as a whole. Nothing is shorter than 8 bytes.
  let hash = Math.imul(key ^ view.getInt32(start, true), 0x2c1b3c6d)
  hash = Math.imul(hash ^ (hash >>> 15) ^ view.getInt32(start + ((size >> 1) & ~3), true), 0x297a2d39)
  hash = Math.imul(hash ^ (hash >>> 15) ^ view.getInt32(end - 8, true), 0x2c1b3c6d)
  hash = Math.imul(hash ^ (hash >>> 15) ^ view.getInt32(end - 4, true), 0x297a2d39)
  const place = (hash ^ (hash >>> 16)) & (PLACES - 1)
  const from = place * CACHED_BYTES
  if (keys[place] === key) {
    let at = 0
    while (at + 4 <= size && keptView.getInt32(from + at, true) === view.getInt32(start + at, true)) at += 4
    while (at < size && kept[from + at] === bytes[start + at]) at++
    if (at === size) return texts[place]
  }
  const text = make(bytes, start, end)
  texts[place] = text
  keys[place] = key
  for (let at = 0; at < size; at++) kept[from + at] = bytes[start + at]
  return text
}
