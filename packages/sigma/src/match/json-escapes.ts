// The inside of a JSON string as the UTF-8 that it means, without making a string.

/** Writes the unescaped bytes of [start, end) to `into`, which is at least as long; gives how many. Broken escapes stay as they are written. */
export function unescapeJson(bytes: Uint8Array, start: number, end: number, into: Uint8Array): number {
  let to = 0
  for (let at = start; at < end; at++) {
    const c = bytes[at]
    if (c !== 92 || at + 1 >= end) {
      into[to++] = c
      continue
    }
    const letter = bytes[++at]
    if (letter !== 117) {
      into[to++] = SIMPLE[letter]
      continue
    }
    let unit = hexUnit(bytes, at + 1, end)
    if (unit < 0) {
      into[to++] = 92
      into[to++] = 117
      continue
    }
    at += 4
    if (unit >= 0xd800 && unit < 0xdc00 && bytes[at + 1] === 92 && bytes[at + 2] === 117) {
      const low = hexUnit(bytes, at + 3, end)
      if (low >= 0xdc00 && low < 0xe000) {
        unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)
        at += 6
      }
    }
    to = writeUtf8(unit >= 0xd800 && unit < 0xe000 ? 0xfffd : unit, into, to)
  }
  return to
}

const SIMPLE = new Uint8Array(256).map((_, c) => c)
SIMPLE[98] = 8
SIMPLE[102] = 12
SIMPLE[110] = 10
SIMPLE[114] = 13
SIMPLE[116] = 9

function hexUnit(bytes: Uint8Array, at: number, end: number): number {
  if (at + 4 > end) return -1
  let unit = 0
  for (let i = 0; i < 4; i++) {
    const c = bytes[at + i] | 32
    const digit = c >= 48 && c <= 57 ? c - 48 : c >= 97 && c <= 102 ? c - 87 : -1
    if (digit < 0) return -1
    unit = unit * 16 + digit
  }
  return unit
}

function writeUtf8(code: number, into: Uint8Array, at: number): number {
  let to = at
  if (code < 0x80) into[to++] = code
  else if (code < 0x800) {
    into[to++] = 0xc0 | (code >> 6)
    into[to++] = 0x80 | (code & 63)
  } else if (code < 0x10000) {
    into[to++] = 0xe0 | (code >> 12)
    into[to++] = 0x80 | ((code >> 6) & 63)
    into[to++] = 0x80 | (code & 63)
  } else {
    into[to++] = 0xf0 | (code >> 18)
    into[to++] = 0x80 | ((code >> 12) & 63)
    into[to++] = 0x80 | ((code >> 6) & 63)
    into[to++] = 0x80 | (code & 63)
  }
  return to
}
