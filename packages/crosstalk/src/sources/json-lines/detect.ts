// Is this JSON of a known form? Looks at the first records of a file's head.
import { type FormFinder, layoutNames } from './form.ts'
import { JsonScanner } from './scan.ts'

const LINE_FEED = 0x0a
const OPEN = 0x7b
/** so many records are looked at */
const SAMPLE = 20

/** The share of the head's first records that have a form: 0 for none, at most 0.95. A head that is cut inside its first record counts by the keys seen so far. */
export function detectRecords(head: Uint8Array, find: FormFinder): number {
  const bytes = Buffer.concat([textOf(head), Buffer.from('\n')])
  const limit = bytes.length - 1
  const scanner = new JsonScanner()
  let seen = 0
  let known = 0
  let at = bytes.indexOf(OPEN)
  if (at < 0 || !onlyBrackets(bytes, at)) return 0
  while (at >= 0 && seen < SAMPLE) {
    const next = scanner.scan(bytes, at, limit)
    if (next < 0) {
      if (seen > 0 || scanner.problem !== 'the record is cut off') break
      return find(layoutNames(scanner.partial())) ? 0.6 : 0
    }
    seen++
    if (find(layoutNames(scanner.layout.names))) known++
    at = next
    while (at < limit && bytes[at] !== OPEN) {
      if (bytes[at] > 0x20 && bytes[at] !== 0x2c) return seen ? (known / seen) * 0.95 : 0
      at++
    }
    if (at >= limit) break
  }
  return seen ? (known / seen) * 0.95 : 0
}

/** The head as UTF-8, whatever its encoding. */
function textOf(head: Uint8Array): Buffer {
  if (head[0] === 0xff && head[1] === 0xfe) return Buffer.from(new TextDecoder('utf-16le').decode(head.subarray(2)))
  return Buffer.from(head.buffer, head.byteOffset, head.length)
}

/** Nothing but a byte order mark, white space and an opening bracket stands before. */
function onlyBrackets(bytes: Buffer, end: number): boolean {
  for (let at = 0; at < end; at++) {
    const byte = bytes[at]
    if (byte > 0x20 && byte !== 0x5b && byte !== 0xef && byte !== 0xbb && byte !== 0xbf) return false
  }
  return end < LINE_FEED * 10_000
}
