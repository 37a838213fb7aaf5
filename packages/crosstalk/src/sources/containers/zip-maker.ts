// Makes small ZIP archives for tests, honest and dishonest ones.
import { crc32, deflateRawSync } from 'node:zlib'

export interface MadeEntry {
  name: string
  data: Buffer
  stored?: boolean
  /** said instead of the truth */
  flags?: number
  method?: number
  size?: number
  crc?: number
  offset?: number
}

export function makeZip(entries: readonly MadeEntry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const {
    name,
    data,
    stored,
    flags = 0,
    method = stored ? 0 : 8,
    size = data.length,
    crc = crc32(data),
    offset,
  } of entries) {
    const packed = stored ? data : deflateRawSync(data)
    const raw = Buffer.from(name)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(flags, 6)
    local.writeUInt16LE(method, 8)
    local.writeUInt32LE(crc, 14)
    local.writeUInt32LE(packed.length, 18)
    local.writeUInt32LE(size, 22)
    local.writeUInt16LE(raw.length, 26)
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE(flags, 8)
    central.writeUInt16LE(method, 10)
    central.writeUInt32LE(crc, 16)
    central.writeUInt32LE(packed.length, 20)
    central.writeUInt32LE(size, 24)
    central.writeUInt16LE(raw.length, 28)
    central.writeUInt32LE(offset ?? at, 42)
    directory.push(central, raw)
    parts.push(local, raw, packed)
    at += 30 + raw.length + packed.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, central, end])
}

/** A tar archive; the last name may be any length (pax). */
export function makeTar(entries: readonly { name: string; data: Buffer; type?: string }[]): Buffer {
  const parts: Buffer[] = []
  for (const { name, data, type = '0' } of entries) {
    if (name.length > 100) {
      const record = ` path=${name}\n`
      const length = record.length + String(record.length + 3).length
      parts.push(...makeTarEntry('pax', Buffer.from(`${length}${record}`), 'x'))
    }
    parts.push(...makeTarEntry(name.slice(0, 100), data, type))
  }
  return Buffer.concat([...parts, Buffer.alloc(1024)])
}

export function makeTarEntry(name: string, data: Buffer, type = '0'): Buffer[] {
  const header = Buffer.alloc(512)
  header.write(name, 0)
  header.write('0000644\0', 100)
  header.write(`${data.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('        ', 148)
  header.write(type, 156)
  header.write('ustar\x0000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return [header, data, Buffer.alloc((512 - (data.length % 512)) % 512)]
}
