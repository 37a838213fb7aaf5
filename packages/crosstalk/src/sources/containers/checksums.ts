// The checks that .xz files carry (The .xz File Format, 2.1.1.2 and 6).
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** A running check: bytes go in, and at the end what the file says is compared. */
export interface Check {
  update(bytes: Uint8Array): void
  matches(written: Buffer): boolean
}

/** The check of that id: 1 CRC32, 4 CRC64, 10 SHA-256; any other is not looked at. */
export function makeCheck(id: number): Check {
  if (id === 4) return crc64()
  if (id === 10) {
    const hash = createHash('sha256')
    return { update: (bytes) => hash.update(bytes), matches: (written) => hash.digest().equals(written) }
  }
  let sum = 0
  return {
    update(bytes) {
      if (id === 1) sum = crc32(bytes, sum)
    },
    matches: (written) => id !== 1 || written.readUInt32LE(0) === sum,
  }
}

/** ECMA-182's polynomial, the lowest bit first, in halves of 32 bits. */
const LOW = new Int32Array(256)
const HIGH = new Int32Array(256)
for (let byte = 0; byte < 256; byte++) {
  let low = byte
  let high = 0
  for (let bit = 0; bit < 8; bit++) {
    const carry = low & 1
    low = (low >>> 1) | (high << 31)
    high >>>= 1
    if (carry) {
      low ^= 0xd7870f42
      high ^= 0xc96c5795
    }
  }
  LOW[byte] = low
  HIGH[byte] = high
}

function crc64(): Check {
  let low = -1
  let high = -1
  return {
    update(bytes) {
      for (let i = 0; i < bytes.length; i++) {
        const index = (low ^ bytes[i]) & 0xff
        low = ((low >>> 8) | (high << 24)) ^ LOW[index]
        high = (high >>> 8) ^ HIGH[index]
      }
    },
    matches: (written) => written.readInt32LE(0) === ~low && written.readInt32LE(4) === ~high,
  }
}
