// UTF-16LE and code page 1252 to strings.

interface Slicer {
  ucs2Slice(start: number, end: number): string
}

/** where Node's buffers exist their native slice takes half the time of a TextDecoder (bench/evtx.ts) */
const node = typeof Buffer === 'function' && 'ucs2Slice' in Buffer.prototype
const decoder = new TextDecoder('utf-16le', { ignoreBOM: true })
const slicers = new WeakMap<Uint8Array, Slicer>()

function slicerOf(bytes: Uint8Array): Slicer {
  let slicer = slicers.get(bytes)
  if (!slicer) {
    slicer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as unknown as Slicer
    slicers.set(bytes, slicer)
  }
  return slicer
}

let lastBytes: Uint8Array | undefined
let lastSlicer: Slicer | undefined

/** The UTF-16LE text from `start` up to `end`, or up to its first NUL. Lone surrogates stay as they are. */
export function utf16(bytes: Uint8Array, start: number, end: number): string {
  const size = end - start
  if (size <= 8) {
    let text = ''
    for (let at = start; at + 1 < end; at += 2) {
      const unit = bytes[at] | (bytes[at + 1] << 8)
      if (unit === 0) break
      text += String.fromCharCode(unit)
    }
    return text
  }
  const stop = end - ((end - start) & 1)
  let text: string
  if (node) {
    if (bytes !== lastBytes) {
      lastBytes = bytes
      lastSlicer = slicerOf(bytes)
    }
    text = (lastSlicer as Slicer).ucs2Slice(start, stop)
  } else text = decoder.decode(bytes.subarray(start, stop))
  const nul = text.indexOf('\0')
  return nul < 0 ? text : text.slice(0, nul)
}

/** Where the UTF-16LE text from `start` ends: at its first NUL, `end` at the latest, whole units only. */
export function textEnd(bytes: Uint8Array, start: number, end: number): number {
  const stop = end - ((end - start) & 1)
  for (let at = start; at < stop; at += 2) if (bytes[at] === 0 && bytes[at + 1] === 0) return at
  return stop
}

/** 0x80 to 0x9f of code page 1252, as WHATWG has it: the five unused ones stay controls */
const CP1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

/** Text in code page 1252, which is what Western Windows calls ANSI; NULs are left out. */
export function ansi(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    if (byte === 0) continue
    text += byte >= 0x80 && byte < 0xa0 ? CP1252[byte - 0x80] : String.fromCharCode(byte)
  }
  return text
}
