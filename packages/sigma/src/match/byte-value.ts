// A value as bytes under the matcher's eyes: searched as it lies, decoded only when a test needs its text, and then once.
import { type FieldValue, ValueKind } from '../event.ts'
import { fold } from '../modifiers/folding.ts'
import { unescapeJson } from './json-escapes.ts'
import type { Haystack } from './literals.ts'

/** The kinds of values that have bytes. */
export type BytesKind = typeof ValueKind.Utf8 | typeof ValueKind.Utf16 | typeof ValueKind.JsonEscaped

const SCRATCH_BYTES = 1 << 16

/** A value as text. Half a surrogate pair is U+FFFD in whatever form a value comes, as it is in UTF-8. */
export const textOf = (value: FieldValue | undefined): string => String(value).toWellFormed()

export class ByteValue implements Haystack {
  kind: BytesKind = ValueKind.Utf8
  bytes: Uint8Array = Buffer.alloc(0)
  view: DataView = new DataView(new ArrayBuffer(0))
  start = 0
  end = 0
  #buffer: Buffer = Buffer.alloc(0)
  #scratch: ByteValue | undefined
  #text: string | undefined
  #folded: string | undefined
  #isWide: boolean | undefined

  set(kind: BytesKind, bytes: Uint8Array, start: number, end: number): this {
    if (bytes !== this.bytes) {
      const { buffer, byteOffset, byteLength } = bytes
      this.bytes = bytes
      this.view = new DataView(buffer, byteOffset, byteLength)
      this.#buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(buffer, byteOffset, byteLength)
    }
    this.kind = kind
    this.start = start
    this.end = end
    this.#text = this.#folded = this.#isWide = undefined
    return this
  }

  /** Text as UTF-8, in memory of its own. */
  setText(text: string): this {
    let bytes = this.#buffer
    if (text.length * 3 > bytes.length) bytes = Buffer.alloc(Math.max(SCRATCH_BYTES, text.length * 6))
    return this.set(ValueKind.Utf8, bytes, 0, bytes.write(text, 0, 'utf8'))
  }

  get text(): string {
    this.#text ??= this.#decode()
    return this.#text
  }

  /** Folded as modifiers/folding.ts does it. */
  get folded(): string {
    this.#folded ??= this.isWide ? fold(this.text) : this.text.toLowerCase()
    return this.#folded
  }

  #decode(): string {
    if (this.kind === ValueKind.Utf16) return textOf(this.#buffer.toString('utf16le', this.start, this.end))
    if (this.kind === ValueKind.JsonEscaped) return this.unescaped().text
    return this.#buffer.toString('utf8', this.start, this.end)
  }

  /** The UTF-8 that a JSON string's inside means. Valid until this value is set anew. */
  unescaped(): ByteValue {
    this.#scratch ??= new ByteValue()
    const { bytes } = this.#scratch
    const length = this.end - this.start
    const into = length > bytes.length ? Buffer.alloc(Math.max(SCRATCH_BYTES, length * 2)) : bytes
    return this.#scratch.set(ValueKind.Utf8, into, 0, unescapeJson(this.bytes, this.start, this.end, into))
  }

  /** Whether it has, or as an escape may have, a character outside ASCII. */
  get isWide(): boolean {
    this.#isWide ??= this.kind === ValueKind.Utf16 ? this.#hasWideUnits() : this.#hasHighBytes()
    return this.#isWide
  }

  #hasWideUnits(): boolean {
    const { view, start, end, bytes } = this
    let at = start
    for (; at + 4 <= end; at += 4) if ((view.getInt32(at, true) & 0xff80ff80) !== 0) return true
    return at + 1 < end && (bytes[at] > 127 || bytes[at + 1] !== 0)
  }

  #hasHighBytes(): boolean {
    const { view, start, end, bytes } = this
    let at = start
    for (; at + 4 <= end; at += 4) if ((view.getInt32(at, true) & 0x80808080) !== 0) return true
    for (; at < end; at++) if (bytes[at] > 127) return true
    return this.kind === ValueKind.JsonEscaped && !this.isPlainlyEscaped
  }

  /** Of a JSON string's inside: whether each escape is one backslash and one letter, and each character has one form only: no `\u0041`, no `\/`. */
  get isPlainlyEscaped(): boolean {
    const { bytes, view, start, end } = this
    let at = start
    while (at < end) {
      // Four bytes at once, as long as none of them is a backslash.
      for (; at + 4 <= end; at += 4) {
        const word = view.getInt32(at, true) ^ 0x5c5c5c5c
        if (((word - 0x01010101) & ~word & 0x80808080) !== 0) break
      }
      const stop = Math.min(at + 4, end)
      for (; at < stop; at++) {
        if (bytes[at] !== 92) continue
        const letter = bytes[++at]
        if (letter === 117 || letter === 47) return false
      }
    }
    return true
  }
}
