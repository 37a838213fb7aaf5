// Is this JSON of a known form? Looks at the first records of a file's head.
import { isUtf16 } from '../utf16.ts'
import { recordsWithin } from './documents.ts'
import { type FormFinder, layoutNames } from './form.ts'
import { headScanner } from './head-scanner.ts'

/** so many records are looked at */
const SAMPLE = 20
/** the most that keys alone can say */
const SURE = 0.95

/** The share of the head's first records that have a form: 0 for none, at most 0.95. A record that is cut by the head's end counts by its first keys. */
export function detectRecords(head: Uint8Array, find: FormFinder): number {
  const bytes = textOf(head)
  if (!startsAsJson(bytes)) return 0
  const document = recordsWithin(bytes, SAMPLE)
  const inDocument = share(bytes, document.whole, find)
  if (inDocument > 0) return inDocument
  const inLines = share(bytes, linesOf(bytes), find)
  if (inLines > 0 || document.whole.length > 0 || document.open < 0) return inLines
  headScanner.scan(bytes, document.open, bytes.length)
  return find(layoutNames(headScanner.partial())) ? 0.6 : 0
}

function share(bytes: Buffer, records: readonly (readonly [number, number])[], find: FormFinder): number {
  const known = records.filter(
    ([start, end]) =>
      headScanner.scan(bytes, start, end) >= 0 && find(layoutNames(headScanner.layout.names)) !== undefined,
  )
  return records.length ? (known.length / records.length) * SURE : 0
}

/** Lines that start with a brace. */
function linesOf(bytes: Buffer): [number, number][] {
  const lines: [number, number][] = []
  for (let at = 0; at < bytes.length && lines.length < SAMPLE; ) {
    const feed = bytes.indexOf(0x0a, at)
    if (feed < 0) break
    if (bytes[at] === 0x7b) lines.push([at, feed])
    at = feed + 1
  }
  return lines
}

/** The head as UTF-8, whatever its encoding. */
function textOf(head: Uint8Array): Buffer {
  if (isUtf16(head)) return Buffer.from(new TextDecoder('utf-16le').decode(head.subarray(2)))
  return Buffer.from(head.buffer, head.byteOffset, head.length)
}

/** A brace or bracket stands first in the file, or in its second line when the first was cut. */
function startsAsJson(bytes: Buffer): boolean {
  for (const from of [0, bytes.indexOf(0x0a) + 1]) {
    let at = from
    while (bytes[at] <= 0x20 || bytes[at] === 0xef || bytes[at] === 0xbb || bytes[at] === 0xbf) at++
    if (bytes[at] === 0x7b || bytes[at] === 0x5b) return true
  }
  return false
}
