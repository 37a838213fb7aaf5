// Texts and columns of numbers, one behind the other in one piece of memory; each is preceded by its length and begins where eight divides the offset.

type Column = Int32Array | Float64Array
export type Part = string | Uint8Array | Column

const STEP = 8
const padded = (length: number): number => Math.ceil(length / STEP) * STEP

export function joinParts(parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  const pieces = parts.map((part) =>
    typeof part === 'string' ? Buffer.from(part) : Buffer.from(part.buffer, part.byteOffset, part.byteLength),
  )
  const all = Buffer.alloc(pieces.reduce((sum, { length }) => sum + STEP + padded(length), 0))
  let at = 0
  for (const piece of pieces) {
    all.writeUInt32LE(piece.length, at)
    piece.copy(all, at + STEP)
    at += STEP + padded(piece.length)
  }
  return new Uint8Array(all.buffer, all.byteOffset, all.length)
}

/** Gives the parts in their order. Throws where there is none any more. */
export interface PartReader {
  bytes(): Buffer
  text(): string
  int32(): Int32Array
  float64(): Float64Array
}

export function splitParts({ buffer, byteOffset, length }: Uint8Array): PartReader {
  let all = Buffer.from(buffer, byteOffset, length)
  // Columns must lie where their numbers' size divides the offset.
  if (byteOffset % STEP) all = Buffer.from(new Uint8Array(all).buffer)
  let at = 0
  const next = (): Buffer => {
    const size = all.readUInt32LE(at)
    const start = at + STEP
    if (start + size > all.length) throw new RangeError('the stored rules are cut off')
    at = start + padded(size)
    return all.subarray(start, start + size)
  }
  const column = <T>(make: new (buffer: ArrayBufferLike, offset: number, length: number) => T, size: number): T => {
    const bytes = next()
    return new make(bytes.buffer, bytes.byteOffset, bytes.length / size)
  }
  return {
    bytes: next,
    text: () => next().toString(),
    int32: () => column(Int32Array, 4),
    float64: () => column(Float64Array, 8),
  }
}

/** Many texts, each made a string when it is asked for. */
export class Texts {
  readonly #starts: Int32Array
  readonly #bytes: Buffer

  constructor(parts: PartReader) {
    this.#starts = parts.int32()
    this.#bytes = parts.bytes()
  }

  static parts(texts: readonly string[]): [Int32Array, Uint8Array] {
    const starts = new Int32Array(texts.length + 1)
    for (let at = 0; at < texts.length; at++) starts[at + 1] = starts[at] + Buffer.byteLength(texts[at])
    const bytes = Buffer.allocUnsafe(starts[texts.length])
    for (let at = 0; at < texts.length; at++) bytes.write(texts[at], starts[at])
    return [starts, bytes]
  }

  at(index: number): string {
    return this.#bytes.toString('utf8', this.#starts[index], this.#starts[index + 1])
  }
}
