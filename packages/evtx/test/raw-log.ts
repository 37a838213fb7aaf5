// Logs whose binary XML is put together token by token, for what the writer never writes: records without templates, references, CDATA, streams of
// several roots, damage.

const HEADER = 4096
const CHUNK = 65536

/** Writes tokens at their place in a chunk: names stand in line where they are used first. */
export class TokenWriter {
  readonly bytes: Uint8Array
  readonly view: DataView
  at: number
  readonly #names = new Map<string, number>()

  constructor(chunk: Uint8Array, at: number) {
    this.bytes = chunk
    this.view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length)
    this.at = at
  }

  u8(...values: number[]): this {
    for (const value of values) this.bytes[this.at++] = value
    return this
  }

  u16(value: number): this {
    this.view.setUint16(this.at, value, true)
    this.at += 2
    return this
  }

  u32(value: number): this {
    this.view.setUint32(this.at, value, true)
    this.at += 4
    return this
  }

  /** UTF-16LE */
  units(text: string): this {
    for (let i = 0; i < text.length; i++) this.u16(text.charCodeAt(i))
    return this
  }

  name(name: string): this {
    const known = this.#names.get(name)
    if (known !== undefined) return this.u32(known)
    const offset = this.at + 4
    this.#names.set(name, offset)
    return this.u32(offset).u32(0).u16(0).u16(name.length).units(name).u16(0)
  }

  header(): this {
    return this.u8(0x0f, 1, 1, 0)
  }

  /** A start tag up to its end; `dependency` in template definitions only. */
  open(name: string, attributes: Readonly<Record<string, string>> = {}, dependency?: number): this {
    const entries = Object.entries(attributes)
    this.u8(entries.length ? 0x41 : 0x01)
    if (dependency !== undefined) this.u16(dependency)
    this.u32(0).name(name)
    if (entries.length) this.u32(0)
    for (const [key, value] of entries) this.u8(0x06).name(key).text(value)
    return this.u8(0x02)
  }

  close(): this {
    return this.u8(0x04)
  }

  text(text: string): this {
    return this.u8(0x05, 0x01).u16(text.length).units(text)
  }

  element(name: string, text: string, attributes: Readonly<Record<string, string>> = {}): this {
    this.open(name, attributes)
    if (text) this.text(text)
    return this.close()
  }

  substitution(slot: number, type: number, optional = true, dependencyFree = false): this {
    void dependencyFree
    return this.u8(optional ? 0x0e : 0x0d)
      .u16(slot)
      .u8(type)
  }

  /** An instance of a template whose definition `define` writes here. Values are (type, bytes). */
  instance(define: (writer: TokenWriter) => void, values: readonly (readonly [number, Uint8Array])[]): this {
    this.u8(0x0c, 0x01).u32(1)
    this.u32(this.at + 4)
    this.u32(0)
    this.at += 16
    const sizeAt = this.at
    this.u32(0).header()
    define(this)
    this.u8(0)
    this.view.setUint32(sizeAt, this.at - sizeAt - 4, true)
    this.u32(values.length)
    for (const [type, bytes] of values) this.u16(bytes.length).u8(type, 0)
    for (const [, bytes] of values) this.u8(...bytes)
    return this
  }
}

/** UTF-16LE bytes of a text. */
export function utf16(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2)
  for (let i = 0; i < text.length; i++) {
    bytes[i * 2] = text.charCodeAt(i)
    bytes[i * 2 + 1] = text.charCodeAt(i) >> 8
  }
  return bytes
}

/** A log of one chunk with a record for each function, which writes its tokens. */
export function rawLog(...records: ((writer: TokenWriter) => void)[]): Uint8Array {
  const file = new Uint8Array(HEADER + CHUNK)
  const fileView = new DataView(file.buffer)
  file.set(new TextEncoder().encode('ElfFile\0'))
  fileView.setUint32(32, 128, true)
  fileView.setUint16(38, 3, true)
  fileView.setUint16(40, HEADER, true)
  fileView.setUint16(42, 1, true)
  const chunk = file.subarray(HEADER)
  chunk.set(new TextEncoder().encode('ElfChnk\0'))
  const writer = new TokenWriter(chunk, 512)
  records.forEach((write, i) => {
    const start = writer.at
    writer
      .u32(0x2a2a)
      .u32(0)
      .u32(i + 1)
      .u32(0)
      .u32(0)
      .u32(0x01d00000)
    write(writer)
    const size = (writer.at - start + 4 + 7) & ~7
    writer.at = start + size - 4
    writer.u32(size)
    writer.view.setUint32(start + 4, size, true)
  })
  writer.view.setUint32(24, 1, true)
  writer.view.setUint32(32, records.length, true)
  writer.view.setUint32(40, 128, true)
  writer.view.setUint32(48, writer.at, true)
  return file
}
