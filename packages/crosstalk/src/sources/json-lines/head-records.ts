// The layouts of the records that a head begins with: looked for once, however many sources ask whether they are theirs.
import { isUtf16 } from '../utf16.ts'
import { recordsWithin } from './documents.ts'
import { type FormFinder, layoutNames } from './form.ts'
import type { JsonLayout } from './layout.ts'
import { JsonScanner } from './scan.ts'

/** so many records are looked at */
const SAMPLE = 20

/** Looks at the heads of all inputs: most have layouts that inputs before had, which cost nothing any more. */
export const headScanner: JsonScanner = new JsonScanner()

/** Records as one way of framing finds them: how many there are, and of those that are whole JSON how many have which layout. */
export interface Framed {
  readonly total: number
  readonly layouts: ReadonlyMap<JsonLayout, number>
}

export interface HeadRecords {
  readonly inDocument: Framed
  readonly inLines: Framed
  /** of the first record where the head's end cuts it and there is no whole one: its first keys */
  readonly cut: readonly string[] | undefined
}

const NOTHING: Framed = { total: 0, layouts: new Map() }
const NONE: HeadRecords = { inDocument: NOTHING, inLines: NOTHING, cut: undefined }
const known = new WeakMap<Uint8Array, HeadRecords>()

/** A head's bytes must not change once it was asked about. */
export function headRecords(head: Uint8Array): HeadRecords {
  let records = known.get(head)
  if (!records) known.set(head, (records = look(textOf(head))))
  return records
}

function look(bytes: Buffer): HeadRecords {
  if (!startsAsJson(bytes)) return NONE
  const document = recordsWithin(bytes, SAMPLE)
  const cut = document.whole.length === 0 && document.open >= 0
  if (cut) headScanner.scan(bytes, document.open, bytes.length)
  return {
    cut: cut ? headScanner.partial() : undefined,
    inDocument: framed(bytes, document.whole),
    inLines: framed(bytes, linesOf(bytes)),
  }
}

function framed(bytes: Buffer, records: readonly (readonly [number, number])[]): Framed {
  const counts = new Map<JsonLayout, number>()
  for (const [start, end] of records)
    if (headScanner.scan(bytes, start, end) >= 0)
      counts.set(headScanner.layout, (counts.get(headScanner.layout) ?? 0) + 1)
  return { total: records.length, layouts: counts }
}

const answers = new WeakMap<JsonLayout, Map<FormFinder, boolean>>()

/** Whether records of the layout have a form; asked once, since the names decide, and thousands of files have the same. */
export function hasForm(layout: JsonLayout, find: FormFinder): boolean {
  let known = answers.get(layout)
  if (!known) answers.set(layout, (known = new Map()))
  let answer = known.get(find)
  if (answer === undefined) known.set(find, (answer = find(layoutNames(layout.names)) !== undefined))
  return answer
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
