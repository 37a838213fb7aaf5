// Comma-separated values (RFC 4180) from a stream: quotes, embedded line ends, any line end, UTF-8 or UTF-16 with its mark. The separator is
// the comma, semicolon or tab that the header line uses.
import { Carry } from '../carry.ts'
import { readBytes } from '../containers/read-bytes.ts'
import type { Input, Skip } from '../source.ts'
import { asUtf8, isUtf16, WideOffsets } from '../utf16.ts'

/** A longer record is skipped, and counted. */
export const MAX_RECORD = 16 * 1024 * 1024
export const MAX_COLUMNS = 4_096

const QUOTE = 0x22
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

/** `values` of one record; the array is used again. `offset` and `length` are those of its bytes in the input, without the line end. */
export type OnRecord = (values: readonly string[], offset: number, length: number) => void

/** Hands on every record, the header too; blank lines are none. */
export async function forEachCsvRecord(input: Input, onRecord: OnRecord, onSkip: (skip: Skip) => void): Promise<void> {
  const wide = isUtf16(await readBytes(input, 0, 2))
  const offsets = new WideOffsets()
  const carry = new Carry()
  /** offset in the input of carry.bytes[0] as UTF-8; the record's start and how far it was looked through, in carry.bytes */
  let base = 0
  let start = 0
  let scanned = 0
  let separator = 0
  let state: State = 'start'
  let tooLong = -1
  const values: string[] = []
  /** The offset in the input of a place in carry.bytes, from where the last one was asked for. */
  let told = 0
  const offsetOf = (at: number): number => {
    if (!wide) return base + at
    const offset = offsets.pass(carry.bytes, told, at)
    told = at
    return offset
  }
  const take = (end: number, next: number): void => {
    const { bytes } = carry
    const from = base + start === 0 && hasMark(bytes) ? 3 : start
    const offset = offsetOf(from)
    const length = offsetOf(end) - offset
    if (tooLong >= 0) onSkip({ reason: 'record too long', offset: tooLong, bytes: offset + length - tooLong })
    else if (end > from) {
      separator ||= separatorOf(bytes, from, end)
      if (splitRecord(bytes, from, end, separator, values)) onRecord(values, offset, length)
      else onSkip({ reason: 'record with too many columns', offset, bytes: length })
    }
    tooLong = -1
    start = next
    state = 'start'
  }
  const drop = (count: number): void => {
    offsetOf(count)
    told = 0
    base += count
    start -= count
    carry.drop(count)
  }
  for await (const piece of asUtf8(input, wide)) {
    carry.append(piece)
    const { bytes } = carry
    const { length } = bytes
    for (let at = scanned; at < length; at++) {
      // Most bytes are inside quotes or plain, where they change nothing.
      if (state === 'quoted') while (at < length && bytes[at] !== QUOTE) at++
      else if (state === 'plain')
        while (at < length && bytes[at] !== separator && bytes[at] !== LINE_FEED && separator !== 0) at++
      if (at >= length) break
      const byte = bytes[at]
      if (byte === LINE_FEED && state !== 'quoted')
        take(at > start && bytes[at - 1] === CARRIAGE_RETURN ? at - 1 : at, at + 1)
      else state = after(state, byte, separator, base + at)
    }
    drop(start)
    if (carry.bytes.length > MAX_RECORD || tooLong >= 0) {
      if (tooLong < 0) tooLong = offsetOf(0)
      start = carry.bytes.length
      drop(start)
      // A quote that is never closed would swallow the rest: the next line starts anew.
      state = 'plain'
    }
    scanned = carry.bytes.length
  }
  // The line feed of the last line end may be what is missing.
  if (scanned > 0)
    take(carry.bytes[scanned - 1] === CARRIAGE_RETURN && state !== 'quoted' ? scanned - 1 : scanned, scanned)
  else if (tooLong >= 0) onSkip({ reason: 'record too long', offset: tooLong, bytes: offsetOf(0) - tooLong })
}

/** Where in a value: at its start, in an unquoted one, inside quotes, behind the closing quote. */
type State = 'start' | 'plain' | 'quoted' | 'closed'

function after(state: State, byte: number, separator: number, offset: number): State {
  if (state === 'quoted') return byte === QUOTE ? 'closed' : 'quoted'
  if (byte === QUOTE && (state === 'start' || state === 'closed')) return 'quoted'
  // The header tells the separator; until it is read, any of the three is one. A byte order mark is no part of the first value.
  const ends = separator === 0 ? byte === 0x2c || byte === 0x3b || byte === 0x09 : byte === separator
  return ends || (offset < 3 && byte >= 0xbb) ? 'start' : 'plain'
}

const hasMark = (bytes: Uint8Array): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf

/** The one of comma, semicolon and tab that a header line has most. */
export function separatorOf(bytes: Uint8Array, start: number, end: number): number {
  const counts = new Map([0x2c, 0x3b, 0x09].map((byte) => [byte, 0]))
  let quoted = false
  for (let at = start; at < end; at++) {
    if (bytes[at] === QUOTE) quoted = !quoted
    else if (!quoted && counts.has(bytes[at])) counts.set(bytes[at], counts.get(bytes[at])! + 1)
  }
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))[0]
}

/** Fills `values`; false when there are too many. A quote inside a value that is not quoted is part of it. */
export function splitRecord(bytes: Buffer, start: number, end: number, separator: number, values: string[]): boolean {
  values.length = 0
  for (let at = start; ; ) {
    if (values.length >= MAX_COLUMNS) return false
    if (bytes[at] === QUOTE && at < end) {
      let close = at + 1
      let doubled = false
      for (; close < end; close++) {
        if (bytes[close] !== QUOTE) continue
        if (bytes[close + 1] !== QUOTE || close + 1 >= end) break
        doubled = true
        close++
      }
      const text = bytes.toString('utf8', at + 1, Math.min(close, end))
      let next = Math.min(close + 1, end)
      const from = next
      while (next < end && bytes[next] !== separator) next++
      values.push((doubled ? text.replaceAll('""', '"') : text) + bytes.toString('utf8', from, next))
      at = next
    } else {
      let next = at
      while (next < end && bytes[next] !== separator) next++
      values.push(bytes.toString('utf8', at, next))
      at = next
    }
    if (at >= end) return true
    at++
  }
}
