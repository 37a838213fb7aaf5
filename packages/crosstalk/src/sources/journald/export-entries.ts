// Cuts a stream of the Journal Export Format into entries (systemd, docs/JOURNAL_EXPORT_FORMATS.md): lines `NAME=value`; where a value holds control characters, the name alone, a size of 64
// bits little endian, that many bytes and a line feed; an empty line between entries. In bounded memory, whatever sizes are claimed.
import { Carry } from '../carry.ts'
import type { Input, Skip } from '../source.ts'

/** A longer value is passed over, and counted. */
const MAX_VALUE = 16 * 1024 * 1024
/** All values of an entry together; further ones are passed over. */
const MAX_ENTRY = 64 * 1024 * 1024
const MAX_FIELDS = 4_096
const MAX_NAME = 64

const LINE_FEED = 0x0a
const EQUALS = 0x3d

/** Fields of an entry in order; a name may come more than once. `offset` and `length` are those of its bytes in the input, without the empty line behind. */
export type OnEntry = (
  fields: readonly (readonly [name: string, value: Buffer])[],
  offset: number,
  length: number,
) => void

export async function forEachEntry(input: Input, onEntry: OnEntry, onSkip: (skip: Skip) => void): Promise<void> {
  const carry = new Carry()
  /** offset in the input of carry.bytes[0] */
  let base = 0
  let fields: [string, Buffer][] = []
  let size = 0
  let start = -1
  let end = 0
  /** bytes of a value that is too long, still to come */
  let passing = 0
  /** where the search for the line's end goes on */
  let searched = 0
  /** where a line began that is too long, until it ends */
  let tooLong = -1

  const finish = (): void => {
    if (fields.length > 0) onEntry(fields, start, end - start)
    fields = []
    size = 0
    start = -1
  }
  const keep = (name: string, value: Buffer, from: number, to: number): void => {
    if (start < 0) start = base + from
    end = base + to
    size += value.length
    if (size > MAX_ENTRY || fields.length >= MAX_FIELDS)
      onSkip({ reason: 'journal: an entry that is too large', offset: base + from, bytes: to - from })
    // A copy: the carry's bytes are used again.
    else fields.push([name, Buffer.from(value)])
  }

  const passed = (to: number): void => {
    onSkip({ reason: 'journal: a line that is too long', offset: tooLong, bytes: to - tooLong })
    tooLong = -1
  }

  for await (const piece of input.open()) {
    carry.append(piece)
    let at = 0
    for (;;) {
      const { bytes } = carry
      if (passing > 0) {
        const count = Math.min(passing, bytes.length - at)
        passing -= count
        at += count
        end = base + at
        if (passing > 0) break
      }
      const feed = bytes.indexOf(LINE_FEED, Math.max(at, searched))
      if (feed < 0) {
        searched = bytes.length
        // A line without an end in sight is no field.
        if (tooLong < 0 && bytes.length - at > MAX_VALUE) tooLong = base + at
        if (tooLong >= 0) at = bytes.length
        break
      }
      if (tooLong >= 0) {
        passed(base + feed)
        at = feed + 1
        continue
      }
      if (feed === at) {
        finish()
        at = feed + 1
        continue
      }
      const equals = bytes.indexOf(EQUALS, at)
      const nameEnd = equals >= 0 && equals < feed ? equals : feed
      const name = nameOf(bytes, at, nameEnd)
      if (name === undefined) {
        onSkip({ reason: 'journal: a line of no known form', offset: base + at, bytes: feed - at })
        at = feed + 1
        continue
      }
      if (nameEnd < feed) {
        keep(name, bytes.subarray(nameEnd + 1, feed), at, feed)
        at = feed + 1
        continue
      }
      if (bytes.length < feed + 9) {
        searched = feed
        break
      }
      const claimed = bytes.readBigUInt64LE(feed + 1)
      if (claimed > BigInt(MAX_VALUE)) {
        const bytesOfIt = claimed < BigInt(Number.MAX_SAFE_INTEGER) ? Number(claimed) : Number.MAX_SAFE_INTEGER
        onSkip({ reason: 'journal: a value that is too long', offset: base + at, bytes: 0 })
        passing = bytesOfIt
        at = feed + 9
        continue
      }
      const valueEnd = feed + 9 + Number(claimed)
      if (bytes.length < valueEnd + 1) {
        searched = feed
        break
      }
      keep(name, bytes.subarray(feed + 9, valueEnd), at, valueEnd)
      // The line feed behind it; where there is none, what comes is looked at as it stands.
      at = bytes[valueEnd] === LINE_FEED ? valueEnd + 1 : valueEnd
    }
    base += at
    searched = Math.max(0, searched - at)
    carry.drop(at)
  }
  if (tooLong >= 0) passed(base)
  if (carry.bytes.length > 0) {
    const rest = carry.bytes
    const equals = rest.indexOf(EQUALS)
    const name = equals > 0 ? nameOf(rest, 0, equals) : undefined
    if (name !== undefined && !rest.includes(LINE_FEED)) keep(name, rest.subarray(equals + 1), 0, rest.length)
    else onSkip({ reason: 'journal: the entry is cut off', offset: base, bytes: rest.length })
  }
  finish()
}

/** Capitals, digits, underscores (systemd.journal-fields(7)). */
function nameOf(bytes: Buffer, start: number, end: number): string | undefined {
  if (end === start || end - start > MAX_NAME) return undefined
  const name = bytes.toString('latin1', start, end)
  return /^[A-Z_][A-Z0-9_]*$/.test(name) ? name : undefined
}
