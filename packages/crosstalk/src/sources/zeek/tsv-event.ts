// The event of a line of a Zeek log: its columns as they lie in the bytes. Moved from line to line by zeek-tsv.ts.
import { type FieldValue, ValueKind } from '@crosstalk/sigma/match'
import type { SourceEvent, SourceShape } from '../../events/event.ts'
import { valueText } from '../../events/value-text.ts'
import { parseEpochSeconds } from '../epoch-seconds.ts'
import { parseIsoBytes } from '../timestamps.ts'
import type { TsvHeader, TsvLog } from './tsv-header.ts'

const BACKSLASH = 0x5c

export class TsvEvent implements SourceEvent {
  shape!: SourceShape
  bytes: Buffer = Buffer.alloc(0)
  kinds: Uint8Array = new Uint8Array(0)
  starts: Int32Array = new Int32Array(0)
  ends: Int32Array = new Int32Array(0)
  file = ''
  offset = 0
  length = 0
  recordId = 0
  #log!: TsvLog
  #setSeparator = ','
  #emptyField = ''

  /** What the lines that follow are. */
  begin(log: TsvLog, header: TsvHeader): void {
    this.#log = log
    this.shape = log.shape
    this.#setSeparator = header.setSeparator
    this.#emptyField = header.emptyField
    const slots = log.shape.fields.length
    if (this.kinds.length < slots) {
      this.kinds = new Uint8Array(slots)
      this.starts = new Int32Array(slots)
      this.ends = new Int32Array(slots)
    }
  }

  /** Moves to the line in bytes[start, end). False: it has not as many columns as the header says. */
  set(bytes: Buffer, start: number, end: number, separator: number, unset: Uint8Array, empty: Uint8Array): boolean {
    const { kinds, starts, ends } = this
    const { types } = this.#log
    const count = types.length
    this.bytes = bytes
    let slot = 0
    let from = start
    let escaped = false
    for (let at = start; at <= end; at++) {
      const byte = bytes[at]
      if (byte === BACKSLASH && at < end) escaped = true
      if (at < end && byte !== separator) continue
      if (slot >= count) return false
      starts[slot] = from
      ends[slot] = at
      if (equal(bytes, from, at, unset)) kinds[slot] = ValueKind.Absent
      else if (types[slot] !== 'text') kinds[slot] = ValueKind.Other
      else if (equal(bytes, from, at, empty)) {
        kinds[slot] = ValueKind.Utf8
        ends[slot] = from
      } else kinds[slot] = escaped ? ValueKind.Other : ValueKind.Utf8
      slot++
      from = at + 1
      escaped = false
    }
    return slot === count
  }

  get time(): number {
    const slot = this.#log.time
    if (slot < 0 || this.kinds[slot] === ValueKind.Absent) return Number.NaN
    const seconds = parseEpochSeconds(this.bytes, this.starts[slot], this.ends[slot])
    return Number.isNaN(seconds) ? parseIsoBytes(this.bytes, this.starts[slot], this.ends[slot], 0) : seconds
  }

  get host(): string {
    const slot = this.#log.host
    return slot < 0 ? '' : (this.text(slot) ?? '')
  }

  value(slot: number): FieldValue | undefined {
    if (slot < 0 || slot >= this.#log.types.length || this.kinds[slot] === ValueKind.Absent) return undefined
    const text = this.bytes.toString('utf8', this.starts[slot], this.ends[slot])
    const type = this.#log.types[slot]
    if (type === 'boolean') return text === 'T' ? true : text === 'F' ? false : text
    if (type === 'number') return numberOf(text)
    if (type === 'text') return this.kinds[slot] === ValueKind.Other ? unescapeZeek(text) : text
    if (text === this.#emptyField) return []
    const items = text.split(this.#setSeparator)
    return type === 'numbers' ? items.map(numberOf) : items.map(unescapeZeek)
  }

  text(slot: number): string | undefined {
    return valueText(this.value(slot))
  }

  toJson(): string {
    const object: Record<string, FieldValue> = { _path: this.#log.stream.name }
    this.shape.fields.forEach((name, slot) => {
      const value = this.value(slot)
      if (value !== undefined) object[name] = value
    })
    return JSON.stringify(object)
  }
}

function equal(bytes: Buffer, start: number, end: number, word: Uint8Array): boolean {
  if (end - start !== word.length || word.length === 0) return false
  for (let at = 0; at < word.length; at++) if (bytes[start + at] !== word[at]) return false
  return true
}

/** Counts beyond 2^53 keep their digits as text. */
function numberOf(text: string): FieldValue {
  const value = Number(text)
  return text === '' || Number.isNaN(value) || !(Math.abs(value) <= Number.MAX_SAFE_INTEGER) ? text : value
}

/**
 * Zeek writes what is not printable, and the separators, as \x and two hexadecimal digits. Whether a backslash itself is doubled depends on the
 * version: it is taken as doubled when no run of backslashes in the value is of odd length.
 */
export function unescapeZeek(text: string): string {
  if (!text.includes('\\')) return text
  const bytes: (string | Buffer)[] = []
  let at = 0
  for (const match of text.matchAll(/(?:\\x[0-9a-fA-F]{2})+/g)) {
    bytes.push(text.slice(at, match.index), Buffer.from(match[0].replaceAll('\\x', ''), 'hex'))
    at = match.index + match[0].length
  }
  bytes.push(text.slice(at))
  const doubled = bytes.every(
    (part) => typeof part !== 'string' || [...part.matchAll(/\\+/g)].every((run) => run[0].length % 2 === 0),
  )
  return Buffer.concat(
    bytes.map((part) =>
      typeof part === 'string' ? Buffer.from(doubled ? part.replaceAll('\\\\', '\\') : part) : part,
    ),
  ).toString('utf8')
}
