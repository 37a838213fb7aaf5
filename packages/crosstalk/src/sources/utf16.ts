// UTF-16 (little endian, with its mark), as Windows PowerShell's redirection writes: read as UTF-8, while offsets stay those of the input.
import type { Input } from './source.ts'

export const isUtf16 = (head: Uint8Array): boolean => head[0] === 0xff && head[1] === 0xfe

/** The input as UTF-8, piece by piece; each piece ends with a whole character when the input is UTF-16. Its mark is left out. */
export async function* asUtf8(input: Input, wide: boolean): AsyncIterable<Uint8Array> {
  if (!wide) {
    yield* input.open()
    return
  }
  const decoder = new TextDecoder('utf-16le')
  for await (const piece of input.open()) {
    const text = decoder.decode(piece, { stream: true })
    if (text !== '') yield Buffer.from(text)
  }
}

/** How many bytes of UTF-16 the UTF-8 in bytes[start, end) is. */
export function wideLength(bytes: Uint8Array, start: number, end: number): number {
  let units = 0
  for (let at = start; at < end; at++) if ((bytes[at] & 0xc0) !== 0x80) units += bytes[at] >= 0xf0 ? 2 : 1
  return units * 2
}

/**
 * Turns offsets of a stream of UTF-8, asked for in rising order, into those of the UTF-16 that it was. `to` must be told while the bytes
 * since the last offset are still at hand.
 */
export class WideOffsets {
  /** the same place in both; the mark takes two bytes */
  #wide = 2

  /** Moves on over bytes[start, end); gives the offset of `end`. */
  pass(bytes: Uint8Array, start: number, end: number): number {
    this.#wide += wideLength(bytes, start, end)
    return this.#wide
  }
}
