// Cuts a stream of bytes into lines, within bounded memory, for every source whose records are lines.
import { readBytes } from './containers/read-bytes.ts'
import type { ByteRange, Input, Skip } from './source.ts'
import { isUtf16 } from './utf16.ts'

/** A longer line is skipped, and counted. 64 MiB holds the largest script block and the largest osquery row with room to spare. */
export const MAX_LINE = 64 * 1024 * 1024
/** UTF-16 comes from redirected PowerShell output; its lines are joined piece by piece, so they are held shorter */
const MAX_WIDE_LINE = 4 * 1024 * 1024
/** smaller pieces are not worth a worker */
const MIN_RANGE = 4 * 1024 * 1024
const FIRST_BUFFER = 1024 * 1024
const LINE_FEED = 0x0a

/**
 * One line: bytes[start, end), without its line feed and carriage return; bytes[end] is a line feed or carriage return. `offset` is that of
 * its first byte in the input, `length` counts the bytes of the input that it takes, without the line end.
 */
export type OnLine = (bytes: Buffer, start: number, end: number, offset: number, length: number) => void

/**
 * Hands on every line whose first byte lies in the range, the last one also when no line feed ends it; empty lines too. A byte order mark is no part of the
 * first line. UTF-16 (little endian, with its mark) is turned into UTF-8 line by line; offsets stay those of the input. Lines lie in `buffer` as long as they have
 * room in it.
 */
export async function forEachLine(
  input: Input,
  range: ByteRange | undefined,
  onLine: OnLine,
  onSkip: (skip: Skip) => void,
  maxLine: number = MAX_LINE,
  buffer: Buffer = Buffer.allocUnsafe(Math.min(FIRST_BUFFER, (input.size ?? FIRST_BUFFER) + 2)),
): Promise<void> {
  const start = range?.start ?? 0
  const end = range?.end ?? Number.POSITIVE_INFINITY
  if (isUtf16(await readBytes(input, 0, 2))) {
    // Lines of UTF-16 end at even offsets only, so one reader takes them all.
    if (start === 0) await forEachWideLine(input, onLine, onSkip, maxLine)
    return
  }
  const lines = new LineCutter(start, end, onLine, onSkip, maxLine, buffer)
  const file = input.direct?.()
  if (file) {
    try {
      let count = -1
      while (count !== 0) {
        count = file.read(lines.room(), lines.offset)
        if (!lines.cut(count)) return
      }
    } finally {
      file.close()
    }
  } else
    for await (const piece of input.open(lines.offset))
      for (let taken = 0; taken < piece.length; ) {
        const room = lines.room()
        const count = Math.min(piece.length - taken, room.length)
        room.set(piece.subarray(taken, taken + count))
        taken += count
        if (!lines.cut(count)) return
      }
  lines.finish()
}

/** so much is read at once behind the end of a range, for the rest of its last line */
const BEYOND = 1 << 16

/** Cuts what is put into its buffer. */
class LineCutter {
  readonly #end: number
  readonly #onLine: OnLine
  readonly #onSkip: (skip: Skip) => void
  readonly #maxLine: number
  #buffer: Buffer
  #filled = 0
  /** offset in the input of the buffer's first byte */
  #base: number
  /** the line feed is still to come that ends what is no line of ours, or too long */
  #passing: boolean
  #tooLong = -1
  #first: boolean

  constructor(
    start: number,
    end: number,
    onLine: OnLine,
    onSkip: (skip: Skip) => void,
    maxLine: number,
    buffer: Buffer,
  ) {
    this.#end = end
    this.#onLine = onLine
    this.#onSkip = onSkip
    this.#maxLine = maxLine
    this.#buffer = buffer
    // The byte before the range says whether a line starts with it.
    this.#base = Math.max(0, start - 1)
    this.#passing = start > 0
    this.#first = start === 0
  }

  /** where in the input the next bytes lie */
  get offset(): number {
    return this.#base + this.#filled
  }

  /** Where the next bytes go; at least one. */
  room(): Buffer {
    // One byte is left for the line feed that the last line may lack.
    if (this.#filled + 1 >= this.#buffer.length) this.#buffer = grow(this.#buffer, this.#filled)
    const room = this.#buffer.length - 1 - this.#filled
    const wanted = this.#end - this.offset
    return this.#buffer.subarray(this.#filled, this.#filled + Math.min(room, wanted > 0 ? wanted : BEYOND))
  }

  /** Takes in so many bytes that were put into the room; false: all lines of the range have come. */
  cut(count: number): boolean {
    const buffer = this.#buffer
    const searched = this.#filled
    this.#filled += count
    const filled = this.#filled
    const view = buffer.subarray(0, filled)
    let at = 0
    if (this.#first && filled >= 3) {
      if (hasMark(buffer)) at = 3
      this.#first = false
    }
    let feed = view.indexOf(LINE_FEED, Math.max(at, searched))
    while (feed >= 0) {
      if (this.#passing) this.#passed(this.#base + feed + 1)
      else {
        if (this.#base + at >= this.#end) return false
        hand(buffer, at, feed, this.#base, this.#onLine)
      }
      at = feed + 1
      feed = view.indexOf(LINE_FEED, at)
    }
    if (this.#passing) {
      // A line that began before the range and ends behind it: none of ours will come, and its end may be far.
      if (this.#tooLong < 0 && this.#base + filled >= this.#end) return false
      at = filled
    } else if (this.#base + at >= this.#end) return false
    else if (filled - at > this.#maxLine) {
      this.#passing = true
      this.#tooLong = this.#base + at
      at = filled
    }
    this.#drop(at)
    return true
  }

  #passed(end: number): void {
    this.#passing = false
    if (this.#tooLong >= 0) this.#onSkip({ reason: 'line too long', offset: this.#tooLong, bytes: end - this.#tooLong })
    this.#tooLong = -1
  }

  #drop(count: number): void {
    if (count === 0) return
    this.#buffer.copyWithin(0, count, this.#filled)
    this.#base += count
    this.#filled -= count
  }

  /** The input has ended. */
  finish(): void {
    if (this.#tooLong >= 0) this.#passed(this.offset)
    else if (!this.#passing && this.#filled > 0 && this.#base < this.#end) {
      this.#buffer[this.#filled] = LINE_FEED
      hand(this.#buffer, 0, this.#filled, this.#base, this.#onLine)
    }
  }
}

/** UTF-8's byte order mark */
const hasMark = (bytes: Buffer): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf

function hand(buffer: Buffer, at: number, feed: number, base: number, onLine: OnLine): void {
  const end = feed > at && buffer[feed - 1] === 0x0d ? feed - 1 : feed
  onLine(buffer, at, end, base + at, end - at)
}

function grow(buffer: Buffer, filled: number): Buffer {
  const larger = Buffer.allocUnsafe(buffer.length * 2)
  buffer.copy(larger, 0, 0, filled)
  return larger
}

async function forEachWideLine(
  input: Input,
  onLine: OnLine,
  onSkip: (skip: Skip) => void,
  maxLine: number,
): Promise<void> {
  const decoder = new TextDecoder('utf-16le')
  let carry = Buffer.alloc(0)
  let base = 2
  let tooLong = -1
  for await (const piece of input.open(2)) {
    let bytes: Buffer = carry.length ? Buffer.concat([carry, piece]) : Buffer.from(piece)
    for (let feed = wideFeed(bytes, 0); feed >= 0; feed = wideFeed(bytes, 0)) {
      if (tooLong >= 0) {
        onSkip({ reason: 'line too long', offset: tooLong, bytes: base + feed + 2 - tooLong })
        tooLong = -1
      } else handWide(bytes.subarray(0, feed), base, decoder, onLine)
      bytes = bytes.subarray(feed + 2)
      base += feed + 2
    }
    if (tooLong < 0 && bytes.length > Math.min(maxLine, MAX_WIDE_LINE)) tooLong = base
    if (tooLong >= 0) {
      base += bytes.length & ~1
      bytes = bytes.subarray(bytes.length & ~1)
    }
    carry = Buffer.from(bytes)
  }
  if (tooLong >= 0) onSkip({ reason: 'line too long', offset: tooLong, bytes: base + carry.length - tooLong })
  else if (carry.length) handWide(carry, base, decoder, onLine)
}

function wideFeed(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(LINE_FEED, from); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1))
    if (at % 2 === 0 && bytes[at + 1] === 0) return at
  return -1
}

function handWide(line: Buffer, offset: number, decoder: InstanceType<typeof TextDecoder>, onLine: OnLine): void {
  const text = decoder.decode(line)
  const bytes = Buffer.from(`${text.replace(/\r$/, '')}\n`)
  onLine(bytes, 0, bytes.length - 1, offset, line.length - (text.endsWith('\r') ? 2 : 0))
}

/** A line-framed input may be cut anywhere: a line belongs to the range in which its first byte lies. */
export function lineRanges(size: number, wanted: number): ByteRange[] {
  const count = Math.max(1, Math.min(wanted, Math.floor(size / MIN_RANGE)))
  return Array.from({ length: count }, (_, i) => ({
    start: Math.floor((size * i) / count),
    end: Math.floor((size * (i + 1)) / count),
  }))
}
