// Finds the header and the fields of one audit record in bytes, without making strings.
// Source: audit-documentation, "SPEC Audit Event Parsing" and "SPEC Writing Good Events"; audit-userspace, auparse/auparse.c.
import { parseEpochSeconds } from '../epoch-seconds.ts'
import { recordType } from './record-types.ts'

/** A record has a few dozen; what an EXECVE has more is left out and counted in `cut`. */
export const MAX_FIELDS = 4_096

const SPACE = 0x20
const EQUALS = 0x3d
const QUOTE = 0x22
const APOSTROPHE = 0x27
const BRACE = 0x7b
/** parts the record from what auditd added to it (log_format = ENRICHED) */
const ENRICHMENT = 0x1d

/** 1 for bytes of a field's name */
const NAME = new Uint8Array(256)
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-[].') NAME[char.charCodeAt(0)] = 1

/** One record under the cursor; moved by `readAuditRecord`, used again. */
export interface AuditRecord {
  /** `SYSCALL`; the number where it has no name */
  type: string
  /** the host where the record says it (`node=`), else '' */
  node: string
  /** microseconds since 1970 UTC */
  time: number
  serial: number
  count: number
  readonly nameStarts: Int32Array
  readonly nameEnds: Int32Array
  /** values without their quotes */
  readonly starts: Int32Array
  readonly ends: Int32Array
  /** 1 where the value stood in double quotes */
  readonly quoted: Uint8Array
  /** where the fields begin */
  body: number
  /** the record has more fields than are kept */
  cut: boolean
}

export const newRecord = (): AuditRecord => ({
  type: '',
  node: '',
  time: Number.NaN,
  serial: 0,
  count: 0,
  nameStarts: new Int32Array(MAX_FIELDS),
  nameEnds: new Int32Array(MAX_FIELDS),
  starts: new Int32Array(MAX_FIELDS),
  ends: new Int32Array(MAX_FIELDS),
  quoted: new Uint8Array(MAX_FIELDS),
  body: 0,
  cut: false,
})

const startsWith = (bytes: Uint8Array, at: number, end: number, word: string): boolean => {
  if (end - at < word.length) return false
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word.charCodeAt(i)) return false
  return true
}

const wordEnd = (bytes: Uint8Array, at: number, end: number): number => {
  let to = at
  while (to < end && bytes[to] !== SPACE) to++
  return to
}

/**
 * Reads the record in bytes[start, end): `[node=HOST ]type=TYPE [msg=]audit(SECONDS:SERIAL): FIELDS`. False: there is none. The kernel's own
 * log writes the type as a number.
 */
export function readAuditRecord(record: AuditRecord, bytes: Buffer, start: number, end: number): boolean {
  let at = start
  record.node = ''
  if (startsWith(bytes, at, end, 'node=')) {
    const to = wordEnd(bytes, at, end)
    record.node = bytes.toString('utf8', at + 5, to)
    at = to + 1
  }
  if (!startsWith(bytes, at, end, 'type=')) return false
  const typeEnd = wordEnd(bytes, at, end)
  if (typeEnd - at - 5 > 64 || typeEnd - at === 5) return false
  const written = bytes.toString('latin1', at + 5, typeEnd)
  record.type = written.charCodeAt(0) >= 0x41 && !written.startsWith('UNKNOWN') ? written : recordType(written)
  at = typeEnd + 1
  if (startsWith(bytes, at, end, 'msg=')) at += 4
  if (!startsWith(bytes, at, end, 'audit(')) return false
  const close = bytes.indexOf(0x29, at)
  if (close < 0 || close >= end || close - at > 64) return false
  const colon = bytes.lastIndexOf(0x3a, close)
  if (colon < at) return false
  record.time = parseEpochSeconds(bytes, at + 6, colon)
  record.serial = digits(bytes, colon + 1, close)
  if (Number.isNaN(record.time) || record.serial < 0) return false
  at = close + 1
  if (bytes[at] === 0x3a) at++
  record.body = Math.min(at, end)
  readFields(record, bytes, record.body, end)
  return true
}

function digits(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end || end - start > 15) return -1
  let value = 0
  for (let at = start; at < end; at++) {
    const digit = bytes[at] - 0x30
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

/** Fields `name=value` in bytes[from, end), those inside `msg='…'` too; words without `=` are passed over. */
export function readFields(record: AuditRecord, bytes: Uint8Array, from: number, end: number): void {
  let count = 0
  let inMessage = false
  record.cut = false
  for (let at = from; at < end; ) {
    const first = bytes[at]
    if (first === SPACE || first === ENRICHMENT || first === APOSTROPHE) {
      at++
      continue
    }
    const nameStart = at
    while (at < end && NAME[bytes[at]] === 1) at++
    if (bytes[at] !== EQUALS || at === nameStart || at >= end) {
      while (at < end && bytes[at] !== SPACE && bytes[at] !== ENRICHMENT) at++
      continue
    }
    const nameEnd = at++
    if (bytes[at] === APOSTROPHE && at < end && nameEnd - nameStart === 3) {
      // msg='op=login acct="root" res=success': what a program wrote.
      inMessage = true
      at++
      continue
    }
    const isQuoted = bytes[at] === QUOTE && at < end
    const valueStart = isQuoted ? at + 1 : at
    let valueEnd: number
    if (isQuoted) {
      at++
      while (at < end && bytes[at] !== QUOTE) at++
      valueEnd = at
      at++
    } else if (bytes[at] === BRACE && at < end && startsWith(bytes, nameStart, end, 'SADDR=')) {
      // SADDR={ saddr_fam=local path=/tmp/a b }: words for `saddr`, the last that enrichment adds. A path may hold anything, so it is read to its end as it stands.
      at = end
      valueEnd = end
    } else {
      while (at < end && bytes[at] !== SPACE && bytes[at] !== ENRICHMENT) at++
      valueEnd = at
      if (inMessage && valueEnd > valueStart && bytes[valueEnd - 1] === APOSTROPHE) {
        valueEnd--
        inMessage = false
      }
    }
    if (count >= MAX_FIELDS) {
      record.cut = true
      break
    }
    record.nameStarts[count] = nameStart
    record.nameEnds[count] = nameEnd
    record.starts[count] = valueStart
    record.ends[count] = valueEnd
    record.quoted[count] = isQuoted ? 1 : 0
    count++
  }
  record.count = count
}
