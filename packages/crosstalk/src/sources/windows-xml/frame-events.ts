// Cuts a stream into <Event>…</Event> elements, whatever stands around them: a document, one a line, a syslog prefix.
import { Carry } from '../carry.ts'
import type { ByteRange, Input, Skip } from '../source.ts'

/** A longer event is skipped, and counted. */
export const MAX_EVENT = 16 * 1024 * 1024

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

/** bytes[start, end) is the element; `offset` is that of its first byte in the input. */
export type OnElement = (bytes: Buffer, start: number, end: number, offset: number) => void

/** The encoding that a document's first bytes tell (XML 1.0, appendix F). */
export function encodingOf(head: Uint8Array): Encoding {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0x3c && head[1] === 0)) return 'utf-16le'
  if ((head[0] === 0xfe && head[1] === 0xff) || (head[0] === 0 && head[1] === 0x3c)) return 'utf-16be'
  return 'utf-8'
}

export function encode(text: string, encoding: Encoding): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text)
  const bytes = Buffer.from(text, 'utf16le')
  return encoding === 'utf-16le' ? bytes : bytes.swap16()
}

export function decode(bytes: Buffer, start: number, end: number, encoding: Encoding): string {
  if (encoding === 'utf-8') return bytes.toString('utf8', start, end)
  return new TextDecoder(encoding).decode(bytes.subarray(start, end))
}

/** Hands on every element that starts in the range, in order. */
export async function forEachEventElement(
  input: Input,
  range: ByteRange | undefined,
  encoding: Encoding,
  onElement: OnElement,
  onSkip: (skip: Skip) => void,
): Promise<void> {
  const rangeEnd = range?.end ?? Number.POSITIVE_INFINITY
  const open = encode('<Event', encoding)
  const close = encode('</Event>', encoding)
  const unit = encoding === 'utf-8' ? 1 : 2
  const carry = new Carry()
  let buffer: Buffer = carry.bytes
  /** offset in the input of buffer[0] */
  let base = range?.start ?? 0
  /** the next event's start in the buffer, -1 when it is not found yet; and where the search for its end goes on */
  let start = -1
  let searched = 0
  /** offset of an event that is too long, while its end is looked for */
  let tooLong = -1
  for await (const piece of input.open(base)) {
    carry.append(piece)
    buffer = carry.bytes
    for (;;) {
      if (start < 0) start = nextStart(buffer, searched, open, unit)
      if (start < 0) break
      if (tooLong >= 0) onSkip({ reason: 'event too long', offset: tooLong, bytes: base + start - tooLong })
      tooLong = -1
      if (base + start >= rangeEnd) return
      // The next event's start first: a stream of starts without ends must not be searched to its end each time.
      const another = nextStart(buffer, Math.max(searched, start + open.length), open, unit)
      const before = another < 0 ? buffer : buffer.subarray(0, another)
      const end = indexOf(before, close, Math.max(searched, start), unit)
      if (end < 0 && another >= 0) {
        onSkip({ reason: 'event without its end', offset: base + start, bytes: another - start })
        start = another
        searched = another
        continue
      }
      if (end < 0) break
      onElement(buffer, start, end + close.length, base + start)
      start = -1
      searched = end + close.length
    }
    if (start >= 0 && buffer.length - start > MAX_EVENT) {
      tooLong = base + start
      start = -1
      searched = buffer.length - open.length - unit
    }
    // Keep what an event or a mark may still need.
    const keep = start >= 0 ? start : Math.max(searched, buffer.length - open.length - unit)
    const dropped = keep - (keep % unit)
    base += dropped
    carry.drop(dropped)
    buffer = carry.bytes
    searched = start >= 0 ? Math.max(0, buffer.length - close.length) : 0
    if (start >= 0) start = 0
    if (searched % unit) searched--
  }
  if (tooLong >= 0) onSkip({ reason: 'event too long', offset: tooLong, bytes: base + buffer.length - tooLong })
  if (start >= 0) onSkip({ reason: 'event without its end', offset: base, bytes: buffer.length })
}

/** `<Event` and then white space or `>`: not <Events>, <EventData>, <EventID>. The byte behind it must be there already. */
function nextStart(buffer: Buffer, from: number, open: Buffer, unit: number): number {
  for (let at = indexOf(buffer, open, from, unit); at >= 0; at = indexOf(buffer, open, at + unit, unit)) {
    const next = buffer[at + open.length] || buffer[at + open.length + unit - 1]
    if (next === 0x3e || next === 0x20 || next === 0x0a || next === 0x0d || next === 0x09) return at
  }
  return -1
}

/** In UTF-16 a match counts at whole units only, counted from the buffer's start. */
function indexOf(buffer: Buffer, mark: Buffer, from: number, unit: number): number {
  let at = buffer.indexOf(mark, from)
  while (at >= 0 && at % unit !== 0) at = buffer.indexOf(mark, at + 1)
  return at
}
