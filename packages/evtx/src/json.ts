// The record under the cursor as JSON, from bytes to bytes: the interpreter of json-program.ts and the writers of the common values. Its state is
// all in this module (see chunk.ts); bench/evtx.ts watches it.
import { chunk, chunkView, slotEnds, slotFragments, slotStarts, slotTypes } from './chunk.ts'
import { EvtxError } from './damage.ts'
import { Limit, ValueType } from './format.ts'
import { JsonOp, type JsonProgram } from './json-ops.ts'
import { isJsonCompiled, literalPool } from './json-program.ts'
import { jsonText, startJson, treeJson } from './json-tree.ts'
import type { Layout } from './layout.ts'
import { runText } from './text-run.ts'
import { dateText } from './time.ts'
import { recordTree } from './tree.ts'
import { arrayItems, isBare, valueText } from './values.ts'

const bytes = chunk
const view = chunkView
const types = slotTypes
const starts = slotStarts
const ends = slotEnds
const pool = literalPool

/** bytes that are gathered before they are handed on */
const FLUSH_BYTES = 1 << 16
/** more than one literal and one value can take: what is written between two looks at the bound */
const SLACK_BYTES = 1 << 20
const memory = new ArrayBuffer(FLUSH_BYTES + Limit.recordOutput + SLACK_BYTES)
const output = new Uint8Array(memory)
const outputView = new DataView(memory)
let length = 0
/** whose bytes they are */
let owner: JsonOutput | undefined
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** what the records of the chunk may still produce */
let chunkLeft: number = Limit.chunkOutput

export function resetJsonBudget(): void {
  chunkLeft = Limit.chunkOutput
}

/**
 * Where JSON goes. All outputs gather in the one buffer of this module, in pieces of about 64 KiB; when another output begins to
 * write, what the first has gathered is handed on. The bytes handed on are good until the function returns.
 */
export class JsonOutput {
  readonly #write: (bytes: Uint8Array) => void
  constructor(write: (bytes: Uint8Array) => void) {
    this.#write = write
  }

  /** Appends text as UTF-8, as it stands. */
  writeText(text: string): void {
    claim(this)
    if (text.length * 3 > SLACK_BYTES) {
      this.flush()
      this.#write(encoder.encode(text))
      return
    }
    length += encoder.encodeInto(text, output.subarray(length)).written
  }

  /** Appends one byte, such as the end of a line. */
  writeByte(byte: number): void {
    claim(this)
    output[length++] = byte
  }

  /** Hands on what is gathered. To be called at the end. */
  flush(): void {
    if (owner !== this || length === 0) return
    const gathered = output.subarray(0, length)
    length = 0
    this.#write(gathered)
  }
}

/** Makes the buffer this output's, with room for one record. */
function claim(out: JsonOutput): void {
  if (owner !== out) {
    owner?.flush()
    owner = out
  } else if (length >= FLUSH_BYTES) out.flush()
}

/** Appends the record of this layout under the cursor. Throws an EvtxError when it would be too large; then nothing was appended. */
export function writeRecordJson(layout: Layout, out: JsonOutput): void {
  claim(out)
  length = appendRecord(layout, length)
}

/** The record of this layout under the cursor as a string. */
export function recordJson(layout: Layout): string {
  const end = appendRecord(layout, length)
  return decoder.decode(output.subarray(length, end))
}

const COMPILED = 1
const BY_TREE = 2

function appendRecord(layout: Layout, at: number): number {
  if (chunkLeft < 0) throw new EvtxError('too-large', "a chunk's records are larger than all JSON of a chunk may be")
  if (layout.jsonPath === 0) layout.jsonPath = isJsonCompiled(layout) ? COMPILED : BY_TREE
  if (layout.jsonPath === COMPILED) {
    output[at] = OPEN
    current = layout
    limit = at + Limit.recordOutput
    const end = run(layout.programs[0].json as JsonProgram, 0, at + 1)
    if (end >= 0) {
      output[end - 1] = CLOSE
      chunkLeft -= end - at
      return end
    }
  }
  return appendTree(layout, at)
}

/** By way of the tree: for structures that are not compiled, and for values that would change the structure. */
function appendTree(layout: Layout, at: number): number {
  const { written } = encoder.encodeInto(
    treeJson(recordTree(layout)),
    output.subarray(at, at + Limit.recordOutput * 1.2),
  )
  chunkLeft -= written
  return at + written
}

const QUOTE = 0x22
const COMMA = 0x2c
const OPEN = 0x7b
const CLOSE = 0x7d
/** the interpreter could not write it: the tree has to */
const UNUSUAL = -1

let current: Layout
let limit = 0

function literal(word: number, size: number, at: number): number {
  for (let from = word, to = at, end = at + size; to < end; from++, to += 8) outputView.setFloat64(to, pool[from], true)
  return at + size
}

/** Writes a fragment's members, each with its comma; gives the position behind, or UNUSUAL. */
function run(program: JsonProgram, base: number, start: number): number {
  const ops = program.ops as Int32Array
  let at = start
  for (let i = 0; ; ) {
    switch (ops[i]) {
      case JsonOp.Leaf: {
        at = literal(ops[i + 1], ops[i + 2], at)
        if (at > limit) return UNUSUAL
        const after = value(base + ops[i + 3], at)
        if (after > at) at = after
        else if (after < 0) return UNUSUAL
        else at = ops[i + 4] ? emptyString(at) : nullWord(at)
        output[at++] = COMMA
        i += 5
        break
      }
      case JsonOp.Literal:
        at = literal(ops[i + 1], ops[i + 2], at)
        if (at > limit) return UNUSUAL
        i += 3
        break
      case JsonOp.Close:
        if (output[at - 1] === COMMA) output[at - 1] = CLOSE
        else at = nullWord(at - 1)
        output[at++] = COMMA
        i++
        break
      case JsonOp.Depends:
        i = types[base + ops[i + 1]] === 0 ? ops[i + 2] : i + 3
        break
      case JsonOp.Element: {
        at = element(ops, i, base, at)
        if (at < 0) return UNUSUAL
        i += 6 + ops[i + 5] * 3
        break
      }
      case JsonOp.Members: {
        const slot = base + ops[i + 1]
        const type = types[slot]
        if (type === ValueType.BinXml) {
          const fragment = slotFragments[slot]
          at = run(current.programs[fragment].json as JsonProgram, current.bases[fragment], at)
          if (at < 0) return UNUSUAL
        } else if (type !== 0 && starts[slot] < ends[slot]) return UNUSUAL
        i += 2
        break
      }
      case JsonOp.Data: {
        at = literal(ops[i + 1], ops[i + 2], at)
        if (at > limit) return UNUSUAL
        const slot = base + ops[i + 3]
        const after = types[slot] === 0x81 ? stringList(slot, at) : value(slot, at)
        if (after > at) at = after
        else if (after < 0) return UNUSUAL
        else at = emptyString(at)
        output[at++] = COMMA
        i += 4
        break
      }
      case JsonOp.CloseList:
        if (output[at - 1] === COMMA) at--
        output[at++] = 0x5d
        output[at++] = COMMA
        i++
        break
      default:
        return at
    }
  }
}

/** `,"#text":` and what is written over */
const TEXT = new Float64Array(encoder.encode(',"#text":       ').buffer)
/** bytes of `{"#attributes":{` */
const ATTRIBUTES_BYTES = 16

/** An element with attributes: an object of them and the text, or only the text when they are all empty. */
function element(ops: Int32Array, i: number, base: number, start: number): number {
  const valueAt = start + ops[i + 3]
  const content = ops[i + 4]
  const first = valueAt + ATTRIBUTES_BYTES
  let at = literal(ops[i + 1], ops[i + 2], start)
  if (at > limit) return UNUSUAL
  for (let k = i + 6, end = k + ops[i + 5] * 3; k < end; k += 3) {
    const slot = ops[k + 2]
    const before = k === i + 6 ? first : at
    if (k > i + 6) at = literal(ops[k], ops[k + 1], at)
    if (at > limit) return UNUSUAL
    if (slot < 0) continue
    const after = value(base + slot, at)
    if (after < 0) return UNUSUAL
    if (after === at) at = before
    else {
      at = after
      output[at++] = COMMA
    }
  }
  if (at === first) {
    const after = content < 0 ? valueAt : value(base + content, valueAt)
    if (after < 0) return UNUSUAL
    at = after > valueAt ? after : nullWord(valueAt)
    output[at++] = COMMA
    return at
  }
  output[at - 1] = CLOSE
  if (content >= 0 && !isEmptySlot(base + content)) {
    outputView.setFloat64(at, TEXT[0], true)
    outputView.setFloat64(at + 8, TEXT[1], true)
    const after = value(base + content, at + 9)
    if (after < 0) return UNUSUAL
    if (after > at + 9) at = after
  }
  output[at++] = CLOSE
  output[at++] = COMMA
  return at
}

function isEmptySlot(slot: number): boolean {
  return types[slot] === 0 || starts[slot] >= ends[slot]
}

function nullWord(at: number): number {
  output[at] = 0x6e
  output[at + 1] = 0x75
  output[at + 2] = 0x6c
  output[at + 3] = 0x6c
  return at + 4
}

function emptyString(at: number): number {
  output[at] = QUOTE
  output[at + 1] = QUOTE
  return at + 2
}

/** Writes a slot's value; gives the position behind it, `at` itself when the value is empty, or UNUSUAL. */
function value(slot: number, at: number): number {
  const start = starts[slot]
  const end = ends[slot]
  const size = end - start
  if (size <= 0) return types[slot] === ValueType.BinXml ? UNUSUAL : at
  switch (types[slot]) {
    case 0x00:
      return at
    case 0x01:
      return string(start, end, at)
    case 0x04:
      return size === 1 ? unsigned(bytes[start], at) : other(slot, at)
    case 0x06:
      return size === 2 ? unsigned(bytes[start] | (bytes[start + 1] << 8), at) : other(slot, at)
    case 0x08:
      return size === 4 ? unsigned(view.getUint32(start, true), at) : other(slot, at)
    case 0x0a:
      return size === 8 && view.getUint32(start + 4, true) === 0
        ? unsigned(view.getUint32(start, true), at)
        : other(slot, at)
    case 0x07:
      if (size !== 4) return other(slot, at)
      return signed(view.getInt32(start, true), at)
    case 0x0d:
      return size === 4 ? boolean(view.getInt32(start, true), at) : other(slot, at)
    case 0x0e:
      return binary(start, end, at)
    case 0x0f:
      return size === 16 ? guid(start, at) : other(slot, at)
    case 0x11:
      return size === 8 ? fileTime(start, at) : other(slot, at)
    case 0x13:
      return size >= 8 ? sid(start, end, at) : other(slot, at)
    case 0x10:
    case 0x14:
    case 0x15:
      return size === 4
        ? hex(view.getUint32(start, true), 0, at)
        : size === 8
          ? hex(view.getUint32(start, true), view.getUint32(start + 4, true), at)
          : other(slot, at)
    case 0x21:
      return fragmentObject(slot, at)
    default:
      return other(slot, at)
  }
}

/** A fragment that is an element's only child. */
function fragmentObject(slot: number, start: number): number {
  const fragment = slotFragments[slot]
  const program = current.programs[fragment]?.json
  if (!program?.ops || current.nested.get(slot) !== fragment) return UNUSUAL
  output[start] = OPEN
  const at = run(program, current.bases[fragment], start + 1)
  if (at < 0) return UNUSUAL
  output[at - 1] = CLOSE
  return at
}

/** The values that are rare enough to be made as strings. Arrays may repeat the element around them: not here. */
function other(slot: number, at: number): number {
  const type = types[slot]
  const start = starts[slot]
  const end = ends[slot]
  if (type === ValueType.TextRun) return quoted(runText(start, end), at)
  if (type & ValueType.Array) return UNUSUAL
  const text = valueText(bytes, type, start, end)
  if (text === '') return at
  if (isBare(type, start, end)) return at + encoder.encodeInto(text, output.subarray(at)).written
  return quoted(text, at)
}

function quoted(text: string, at: number): number {
  if (text === '') return at
  startJson()
  return at + encoder.encodeInto(`"${jsonText(text)}"`, output.subarray(at)).written
}

/** The strings of an array as a list, one alone as itself. */
function stringList(slot: number, start: number): number {
  const items = arrayItems(bytes, 0x81, starts[slot], ends[slot]) as number[]
  if (items.length === 0) return start
  let at = start
  if (items.length > 2) output[at++] = 0x5b
  for (let i = 0; i < items.length; i += 2) {
    if (i > 0) output[at++] = COMMA
    const after = string(items[i], items[i + 1], at)
    at = after > at ? after : emptyString(at)
    if (at > limit) return UNUSUAL
  }
  if (items.length > 2) output[at++] = 0x5d
  return at
}

/** How a character below 0x80 is escaped: 0 not at all, 1 as \u00XX, else by this letter. */
const ESCAPE = new Uint8Array(128)
for (let unit = 0; unit < 32; unit++) ESCAPE[unit] = 1
ESCAPE[8] = 0x62
ESCAPE[9] = 0x74
ESCAPE[10] = 0x6e
ESCAPE[12] = 0x66
ESCAPE[13] = 0x72
ESCAPE[0x22] = 0x22
ESCAPE[0x5c] = 0x5c
/** the same as two bytes to write, of which the first is the character itself where one is enough, and how many count */
const ESCAPE_PAIR = new Uint16Array(128)
const ESCAPE_BYTES = new Uint8Array(128)
for (let unit = 0; unit < 128; unit++) {
  ESCAPE_PAIR[unit] = ESCAPE[unit] > 1 ? 0x5c | (ESCAPE[unit] << 8) : unit
  ESCAPE_BYTES[unit] = ESCAPE[unit] > 1 ? 2 : 1
}

/** UTF-16 to UTF-8 with JSON's escapes, in quotes, up to the first NUL; nothing when that leaves nothing. */
function string(start: number, end: number, from: number): number {
  let at = from + 1
  let p = start
  /** every character so far became one byte */
  let isPlain = true
  output[from] = QUOTE
  for (const last = end - 8; p <= last; p += 8) {
    const a = view.getInt32(p, true)
    const b = view.getInt32(p + 4, true)
    if (((a | b) & 0xff80ff80) !== 0) {
      const after = units(p, p + 8, end, at)
      if (after < 0) return closed(from, -after)
      at = after
      isPlain = false
      // A pair of surrogates may have reached into the next four.
      if (at > 0 && spilled) p += 2
      continue
    }
    const four = (a & 0x7f) | ((a >>> 8) & 0x7f00) | ((b & 0x7f) << 16) | ((b << 8) & 0x7f000000)
    // A byte below 0x20, a quote, or a backslash leaves its high bit.
    const control = four - 0x20202020
    if (((control | ((four ^ 0x22222222) - 0x01010101) | ((four ^ 0x5c5c5c5c) - 0x01010101)) & 0x80808080) === 0) {
      outputView.setInt32(at, four, true)
      at += 4
    } else if ((control & 0x80808080) === 0) {
      isPlain = false
      const second = (four >>> 8) & 0x7f
      const third = (four >>> 16) & 0x7f
      const fourth = four >>> 24
      outputView.setInt16(at, ESCAPE_PAIR[four & 0x7f], true)
      at += ESCAPE_BYTES[four & 0x7f]
      outputView.setInt16(at, ESCAPE_PAIR[second], true)
      at += ESCAPE_BYTES[second]
      outputView.setInt16(at, ESCAPE_PAIR[third], true)
      at += ESCAPE_BYTES[third]
      outputView.setInt16(at, ESCAPE_PAIR[fourth], true)
      at += ESCAPE_BYTES[fourth]
    } else {
      const after = units(p, p + 8, end, at)
      if (after < 0) return closed(from, -after)
      at = after
      isPlain = false
    }
  }
  if (p >= end) return closed(from, at)
  if (isPlain && p > start && ((end - p) & 1) === 0) {
    // The last units, together with some before them that are written once more.
    const a = view.getInt32(end - 8, true)
    const b = view.getInt32(end - 4, true)
    const four = (a & 0x7f) | ((a >>> 8) & 0x7f00) | ((b & 0x7f) << 16) | ((b << 8) & 0x7f000000)
    const special = (four - 0x20202020) | ((four ^ 0x22222222) - 0x01010101) | ((four ^ 0x5c5c5c5c) - 0x01010101)
    if ((((a | b) & 0xff80ff80) | (special & 0x80808080)) === 0) {
      at += (end - p) >> 1
      outputView.setInt32(at - 4, four, true)
      output[at] = QUOTE
      return at + 1
    }
  }
  const after = units(p, end, end, at)
  return closed(from, after < 0 ? -after : after)
}

/** Ends the string that began at `from`; one with nothing in it is taken back. */
function closed(from: number, at: number): number {
  if (at === from + 1) return from
  output[at] = QUOTE
  return at + 1
}

/** the last units were a pair of surrogates whose second half lay behind `stop` */
let spilled = false

/** Writes the units from `start` up to `stop` one by one; negative at a NUL, where the string ends. */
function units(start: number, stop: number, end: number, from: number): number {
  let at = from
  spilled = false
  for (let p = start; p + 2 <= stop; p += 2) {
    const unit = bytes[p] | (bytes[p + 1] << 8)
    if (unit < 0x80) {
      const letter = ESCAPE[unit]
      if (letter === 0) output[at++] = unit
      else if (unit === 0) return -at
      else if (letter > 1) {
        output[at] = 0x5c
        output[at + 1] = letter
        at += 2
      } else {
        output[at] = 0x5c
        output[at + 1] = 0x75
        output[at + 2] = 0x30
        output[at + 3] = 0x30
        output[at + 4] = 0x30 + (unit >> 4)
        output[at + 5] = HEX_UPPER[unit & 15]
        at += 6
      }
      continue
    }
    at = wide(unit, p, end, at)
    if (at < 0) {
      at = -at
      p += 2
      spilled = p + 2 > stop
    }
  }
  return at
}

/** A unit from 0x80 on, and its second half when it is the first of a pair: then the position is negative. */
function wide(unit: number, p: number, end: number, at: number): number {
  if (unit < 0x800) {
    output[at] = 0xc0 | (unit >> 6)
    output[at + 1] = 0x80 | (unit & 63)
    return at + 2
  }
  if ((unit & 0xf800) === 0xd800) {
    const next = p + 4 <= end ? bytes[p + 2] | (bytes[p + 3] << 8) : 0
    if (unit < 0xdc00 && (next & 0xfc00) === 0xdc00) {
      const point = 0x10000 + ((unit & 0x3ff) << 10) + (next & 0x3ff)
      output[at] = 0xf0 | (point >> 18)
      output[at + 1] = 0x80 | ((point >> 12) & 63)
      output[at + 2] = 0x80 | ((point >> 6) & 63)
      output[at + 3] = 0x80 | (point & 63)
      return -(at + 4)
    }
    // half a pair: U+FFFD
    output[at] = 0xef
    output[at + 1] = 0xbf
    output[at + 2] = 0xbd
    return at + 3
  }
  output[at] = 0xe0 | (unit >> 12)
  output[at + 1] = 0x80 | ((unit >> 6) & 63)
  output[at + 2] = 0x80 | (unit & 63)
  return at + 3
}

/** two digits as two bytes */
const PAIRS = new Uint16Array(100)
for (let i = 0; i < 100; i++) PAIRS[i] = 0x3030 + ((i / 10) | 0) + ((i % 10) << 8)

function unsigned(number: number, at: number): number {
  if (number < 10) {
    output[at] = 0x30 + number
    return at + 1
  }
  // From here on whole numbers of 31 bits, whose division is fast.
  if (number > 0x7fffffff) {
    const tenth = Math.floor(number / 10)
    const end = digits(tenth, at)
    output[end] = 0x30 + (number - tenth * 10)
    return end + 1
  }
  return digits(number | 0, at)
}

function digits(number: number, at: number): number {
  const count =
    number < 10000
      ? number < 100
        ? number < 10
          ? 1
          : 2
        : number < 1000
          ? 3
          : 4
      : number < 1000000
        ? number < 100000
          ? 5
          : 6
        : number < 100000000
          ? number < 10000000
            ? 7
            : 8
          : number < 1000000000
            ? 9
            : 10
  let rest = number
  let p = at + count
  while (rest >= 10) {
    const hundredth = (rest / 100) | 0
    p -= 2
    outputView.setInt16(p, PAIRS[rest - hundredth * 100], true)
    rest = hundredth
  }
  // Of an odd number of digits the first is left.
  if (p > at) output[at] = 0x30 + rest
  return at + count
}

function signed(number: number, at: number): number {
  if (number >= 0) return unsigned(number, at)
  output[at] = 0x2d
  return unsigned(-number, at + 1)
}

function boolean(number: number, at: number): number {
  if (number === 1) {
    output[at] = 0x74
    output[at + 1] = 0x72
    output[at + 2] = 0x75
    output[at + 3] = 0x65
    return at + 4
  }
  if (number !== 0) return signed(number, at)
  output[at] = 0x66
  output[at + 1] = 0x61
  output[at + 2] = 0x6c
  output[at + 3] = 0x73
  output[at + 4] = 0x65
  return at + 5
}

const HEX_UPPER = encoder.encode('0123456789ABCDEF')
const HEX_LOWER = encoder.encode('0123456789abcdef')

function binary(start: number, end: number, from: number): number {
  let at = from
  output[at++] = QUOTE
  for (let p = start; p < end; p++) {
    output[at] = HEX_UPPER[bytes[p] >> 4]
    output[at + 1] = HEX_UPPER[bytes[p] & 15]
    at += 2
  }
  output[at++] = QUOTE
  return at
}

function hex(low: number, high: number, from: number): number {
  let at = from
  output[at] = QUOTE
  output[at + 1] = 0x30
  output[at + 2] = 0x78
  at += 3
  let shift = 28
  if (high !== 0) {
    while (high >>> shift === 0) shift -= 4
    for (; shift >= 0; shift -= 4) output[at++] = HEX_LOWER[(high >>> shift) & 15]
    shift = 28
  } else while (shift > 0 && low >>> shift === 0) shift -= 4
  for (; shift >= 0; shift -= 4) output[at++] = HEX_LOWER[(low >>> shift) & 15]
  output[at] = QUOTE
  return at + 1
}

/** a byte's two digits, lower case, as two bytes */
const HEX_PAIRS = new Uint16Array(256)
for (let byte = 0; byte < 256; byte++) HEX_PAIRS[byte] = HEX_LOWER[byte >> 4] | (HEX_LOWER[byte & 15] << 8)

function hexByte(byte: number, at: number): void {
  outputView.setInt16(at, HEX_PAIRS[byte], true)
}

/** `"{d1d1d1d1-d2d2-d3d3-d4d4-d4d4d4d4d4d4}"` */
function guid(p: number, at: number): number {
  output[at] = QUOTE
  output[at + 1] = OPEN
  hexByte(bytes[p + 3], at + 2)
  hexByte(bytes[p + 2], at + 4)
  hexByte(bytes[p + 1], at + 6)
  hexByte(bytes[p], at + 8)
  output[at + 10] = 0x2d
  hexByte(bytes[p + 5], at + 11)
  hexByte(bytes[p + 4], at + 13)
  output[at + 15] = 0x2d
  hexByte(bytes[p + 7], at + 16)
  hexByte(bytes[p + 6], at + 18)
  output[at + 20] = 0x2d
  hexByte(bytes[p + 8], at + 21)
  hexByte(bytes[p + 9], at + 23)
  output[at + 25] = 0x2d
  for (let i = 0; i < 6; i++) hexByte(bytes[p + 10 + i], at + 26 + i * 2)
  output[at + 38] = CLOSE
  output[at + 39] = QUOTE
  return at + 40
}

function sid(start: number, end: number, from: number): number {
  let at = from
  output[at] = QUOTE
  output[at + 1] = 0x53
  output[at + 2] = 0x2d
  at = unsigned(bytes[start], at + 3)
  output[at++] = 0x2d
  if ((bytes[start + 2] | bytes[start + 3]) !== 0) {
    const text = valueText(bytes, ValueType.Sid, start, start + 8).split('-')[2]
    at += encoder.encodeInto(text, output.subarray(at)).written
  } else {
    at = unsigned(view.getUint32(start + 4, false), at)
  }
  const count = bytes[start + 1]
  for (let i = 0, p = start + 8; i < count && p + 4 <= end; i++, p += 4) {
    output[at] = 0x2d
    at = unsigned(view.getUint32(p, true), at + 1)
  }
  output[at] = QUOTE
  return at + 1
}

/** the day of the last FILETIME, counted from 1601, and its text with a quote before and a T behind: `"2019-05-14T` */
let lastDay = -1
const lastDayText = new Uint8Array(16)
const lastDayWords = new Float64Array(lastDayText.buffer)

/** `"2019-05-14T01:29:04.3067170Z"` */
function fileTime(start: number, at: number): number {
  const low = view.getUint32(start, true)
  const high = view.getUint32(start + 4, true)
  // From here on the sum below would not be exact (the year 25,000).
  if (high > 0x68000000) return quoted(valueText(bytes, ValueType.FileTime, start, start + 8), at)
  // 2^32 ticks are 429 seconds and 4,967,296 ticks.
  const rest = high * 4967296 + low
  const more = Math.floor(rest / 10000000)
  const ticks = (rest - more * 10000000) | 0
  const second = high * 429 + more
  const day = Math.floor(second / 86400)
  const ofDay = (second - day * 86400) | 0
  if (day !== lastDay) {
    encoder.encodeInto(`"${dateText(day)}T`, lastDayText)
    lastDay = day
  }
  outputView.setFloat64(at, lastDayWords[0], true)
  outputView.setFloat64(at + 8, lastDayWords[1], true)
  const minutes = (ofDay / 60) | 0
  const hours = (ofDay / 3600) | 0
  outputView.setInt16(at + 12, PAIRS[hours], true)
  output[at + 14] = 0x3a
  outputView.setInt16(at + 15, PAIRS[minutes - hours * 60], true)
  output[at + 17] = 0x3a
  outputView.setInt16(at + 18, PAIRS[ofDay - minutes * 60], true)
  output[at + 20] = 0x2e
  const tenth = (ticks / 10) | 0
  const high4 = (tenth / 10000) | 0
  const middle = tenth - high4 * 10000
  const hundreds = (middle / 100) | 0
  outputView.setInt16(at + 21, PAIRS[high4], true)
  outputView.setInt16(at + 23, PAIRS[hundreds], true)
  outputView.setInt16(at + 25, PAIRS[middle - hundreds * 100], true)
  output[at + 27] = 0x30 + (ticks - tenth * 10)
  output[at + 28] = 0x5a
  output[at + 29] = QUOTE
  return at + 30
}
