// Records of JSON that is no lines: pretty-printed, one big list, or lists inside the answer of some interface. Finds where each record starts and
// ends, in bounded memory however large the document is; what stands in a record is the scanner's affair.
import type { Input, Skip } from '../source.ts'
import { asUtf8, WideOffsets } from '../utf16.ts'

/** A longer record is skipped, and counted. */
export const MAX_DOCUMENT_RECORD = 64 * 1024 * 1024
/** deeper than this nothing is looked for */
const MAX_OUTER = 8
/** brackets outside of records that are kept count of */
const MAX_NESTING = 100_000
const FIRST_BUFFER = 16 * 1024

/**
 * Keys of lists whose elements are the records: Azure (`value`, `records`), Defender (`Results`), Elasticsearch (`hits.hits`), Graylog (`messages`), AWS (`Records`) …
 * `hits` and `data` may also hold the object that holds the list.
 */
export const LISTS: ReadonlySet<string> = new Set([
  'records',
  'Records',
  'value',
  'results',
  'Results',
  'events',
  'Events',
  'hits',
  'data',
  'items',
  'rows',
  'messages',
])
const HOLDERS: ReadonlySet<string> = new Set(['hits', 'data'])

/** bytes[start, end) is an object; `offset` and `length` are those of its bytes in the input. */
export type OnDocumentRecord = (bytes: Buffer, start: number, end: number, offset: number, length: number) => void

/** What encloses the place that we are at, outside of a record: lists of records, the objects that hold them, and whatever else lies beside. */
type Outer = 'records' | 'holder' | 'other'

/** Hands on every record of the document, in order; `wide`: it is UTF-16. */
export async function forEachDocumentRecord(
  input: Input,
  wide: boolean,
  onRecord: OnDocumentRecord,
  onSkip: (skip: Skip) => void,
  max: number = MAX_DOCUMENT_RECORD,
): Promise<void> {
  let buffer: Buffer = Buffer.allocUnsafe(FIRST_BUFFER)
  let filled = 0
  let base = 0
  const finder = new RecordFinder()
  const offsets = new WideOffsets()
  /** offset of a record that is too long, until it ends */
  let tooLong = -1
  /** up to here in the buffer, `offsets` has been told */
  let told = 0
  const offsetOf = (at: number): number => {
    if (!wide) return base + at
    const offset = offsets.pass(buffer, told, at)
    told = at
    return offset
  }
  for await (const piece of asUtf8(input, wide)) {
    while (filled + piece.length > buffer.length) {
      const larger = Buffer.allocUnsafe(buffer.length * 2)
      buffer.copy(larger, 0, 0, filled)
      buffer = larger
    }
    buffer.set(piece, filled)
    let from = filled
    filled += piece.length
    if (tooLong >= 0) {
      from = finder.passRecord(buffer, from, filled)
      if (from < 0) finder.start = from = filled
      else {
        onSkip({ reason: TOO_LONG, offset: tooLong, bytes: offsetOf(from) - tooLong })
        tooLong = -1
      }
    }
    for (let at = finder.next(buffer, from, filled); at >= 0; at = finder.next(buffer, at, filled)) {
      const offset = offsetOf(finder.recordStart)
      onRecord(buffer, finder.recordStart, at, offset, offsetOf(at) - offset)
    }
    if (finder.inRecord && filled - finder.start > max) {
      tooLong = offsetOf(finder.start)
      finder.start = filled
    }
    const kept = finder.inRecord ? finder.start : filled
    offsetOf(kept)
    told = 0
    buffer.copyWithin(0, kept, filled)
    filled -= kept
    base += kept
    finder.start -= kept
  }
  if (tooLong >= 0) onSkip({ reason: TOO_LONG, offset: tooLong, bytes: offsetOf(filled) - tooLong })
  if (tooLong >= 0 || !finder.inRecord) return
  const offset = offsetOf(0)
  onSkip({ reason: 'broken JSON: the record is cut off', offset, bytes: offsetOf(filled) - offset })
}

/** The records that lie whole within some first bytes of a document, at most `most`; and where one starts that does not end there (-1: none). */
export function recordsWithin(bytes: Buffer, most: number): { whole: [start: number, end: number][]; open: number } {
  const finder = new RecordFinder()
  const whole: [number, number][] = []
  for (let at = finder.next(bytes, 0, bytes.length); at >= 0; at = finder.next(bytes, at, bytes.length)) {
    whole.push([finder.recordStart, at])
    if (whole.length >= most) break
  }
  return { whole, open: finder.inRecord ? finder.start : -1 }
}

const TOO_LONG = 'record too long'

/** 1 for bytes inside a string that change nothing */
const PLAIN = new Uint8Array(256).fill(1)
PLAIN[0x22] = 0
PLAIN[0x5c] = 0

/** Looks through bytes as they come; its state goes on from piece to piece. */
class RecordFinder {
  /** where the record that is open started; where the record just found started */
  start = 0
  recordStart = 0
  inRecord = false
  #depth = 0
  #outer: Outer[] = []
  #inString = false
  /** right behind a backslash in a string */
  #escaped = false
  /** the string read last, when it may be a key that names a list; and whether that is being read */
  #word = ''
  #inWord = false
  /** in a record at the root: the holder that we are in */
  #holder = ''
  /** a list that may be of records was opened, and nothing has come of it yet */
  #maybeRecords = false

  reset(): void {
    this.inRecord = false
    this.#depth = 0
    this.#outer = []
    this.#inString = false
    this.#escaped = false
    this.#maybeRecords = false
  }

  /** Behind the next record that ends in [from, to); `recordStart` is then set. -1: none does. */
  next(bytes: Buffer, from: number, to: number): number {
    for (let i = from; i < to; i++) {
      const byte = bytes[i]
      if (this.#inString) {
        if (!this.#inWord && !this.#escaped) while (i < to && PLAIN[bytes[i]] === 1) i++
        if (i < to) this.#string(bytes[i])
        continue
      }
      if (byte <= 0x20) continue
      if (this.#maybeRecords) {
        this.#maybeRecords = false
        if (byte === 0x7b) this.#enterList()
      }
      if (byte === 0x22) {
        this.#inString = true
        this.#inWord = this.#watching()
        if (this.#inWord) this.#word = ''
      } else if (byte === 0x7b) this.#openObject(i)
      else if (byte === 0x5b) this.#openList()
      else if ((byte === 0x7d || byte === 0x5d) && this.#close()) return i + 1
    }
    return -1
  }

  /**
   * Of a record that is too long, and that nobody wants any more: behind its end in [from, to), -1 where that does not come. A line that begins with a
   * brace ends it too: no string holds a line feed, so the record was broken, and another starts.
   */
  passRecord(bytes: Buffer, from: number, to: number): number {
    const next = bytes.subarray(0, to).indexOf('\n{', from)
    const end = this.next(bytes, from, next < 0 ? to : next + 1)
    if (end >= 0 || next < 0) return end
    this.reset()
    return next + 1
  }

  /** Keys matter outside of records, and in a record at the root while it may still turn out to hold a list of records. */
  #watching(): boolean {
    if (!this.inRecord) return true
    return this.#outer.length === 0 && (this.#depth === 1 || (this.#depth === 2 && this.#holder !== ''))
  }

  #string(byte: number): void {
    if (this.#escaped) this.#escaped = false
    else if (byte === 0x5c) this.#escaped = true
    else if (byte === 0x22) this.#inString = false
    else if (this.#inWord && this.#word.length < 16) this.#word += String.fromCharCode(byte)
  }

  #openObject(at: number): void {
    if (this.inRecord) {
      if (this.#depth === 1) this.#holder = this.#watching() && HOLDERS.has(this.#word) ? this.#word : ''
      this.#depth++
      return
    }
    const around = this.#outer.at(-1)
    if (around === undefined || around === 'records') {
      this.inRecord = true
      this.start = at
      this.#depth = 1
      this.#holder = ''
      this.#word = ''
    } else this.#push(around === 'holder' && HOLDERS.has(this.#word) ? 'holder' : 'other')
  }

  #openList(): void {
    if (this.inRecord) {
      this.#maybeRecords = this.#watching() && LISTS.has(this.#word)
      this.#depth++
      return
    }
    const around = this.#outer.at(-1)
    const named = around === 'holder' && LISTS.has(this.#word)
    this.#push(around === undefined || around === 'records' || named ? 'records' : 'other')
  }

  /** What looked like a record holds a list of records, whose bracket was the last. */
  #enterList(): void {
    this.#outer = [...new Array<Outer>(this.#depth - 1).fill('holder'), 'records']
    this.inRecord = false
  }

  #push(outer: Outer): void {
    // Deeper nesting than any interface has is no list of records: the count goes on, the kinds don't matter.
    this.#outer.push(this.#outer.length < MAX_OUTER ? outer : 'other')
    if (this.#outer.length > MAX_NESTING) this.reset()
  }

  /** True when that ends a record. */
  #close(): boolean {
    if (!this.inRecord) {
      this.#outer.pop()
      return false
    }
    this.#depth--
    if (this.#depth > 0) return false
    this.inRecord = false
    this.recordStart = this.start
    return true
  }
}
