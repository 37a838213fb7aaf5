// Binary XML tokens, walked once into a structure: a row of integers in which every name and literal is a number that means the same
// in every chunk, so that two structures are equal exactly when their integers are.
//
// A template definition is a structure with substitutions in it. A record that uses no template is walked the same way, and
// its texts become slots, so that many such records share one structure.
import { chunk, chunkView, slotEnds, slotStarts, slotTypes, u16, u32 } from './chunk.ts'
import { CHUNK_BYTES, fixedSize, Limit, ValueType } from './format.ts'
import { literalId, NAME_CHANNEL, NAME_COMPUTER, NAME_DATA, NAME_NAME, NAME_PROVIDER, NAME_XMLNS } from './literals.ts'
import { nameBytes, nameId } from './names.ts'

const bytes = chunk
const view = chunkView
const types = slotTypes
const starts = slotStarts
const ends = slotEnds

/** The words of a structure; the integers behind each. */
export const Op = {
  /** name, dependency slot or -1 */
  Open: 1,
  /** name */
  Attribute: 2,
  CloseStart: 3,
  CloseEmpty: 4,
  End: 5,
  /** literal */
  Literal: 6,
  /** slot, 1 when optional */
  Slot: 7,
  /** UTF-16 unit */
  CharRef: 8,
  /** name */
  EntityRef: 9,
  /** literal */
  CData: 10,
  /** name */
  PITarget: 11,
  /** literal */
  PIData: 12,
} as const

/** What a stream is: it decides about dependency identifiers, and what its texts become. */
export const Stream = {
  /** a template's definition: elements name the slot they depend on, texts are literals */
  Template: 0,
  /** binary XML as a value inside of a template: no dependencies, texts are literals */
  Embedded: 1,
  /** a record, or a fragment of one, without a template: no dependencies, texts are slots */
  Record: 2,
} as const

/** the structure under construction */
export const structure = new Int32Array(1 << 18)
const ops = structure
export let structureLength = 0
/** slots that the structure uses: the highest, + 1 */
export let structureSlots = 0
/** true when a literal of it is known in this chunk only */
export let structureIsLocal = false
/**
 * Where a template has the computer's name, the only text that is a value though it stands in the template: it is another for every
 * host whose events are in the log, and the structure should not be. Its slot comes after the others; -1 when there is none.
 */
export let structureTextSlot = -1
export let structureTextStart = 0
export let structureTextEnd = 0
/** where in the structure the slot's number goes */
let textSlotPlace = -1
/** why the last walk failed */
export let walkProblem = ''

let slotBase = 0
/** bytes of tokens that may still be walked for this chunk */
let bytesLeft = 0

export function resetTokenBudget(): void {
  bytesLeft = Limit.chunkTokenBytes
}

function fail(reason: string): -1 {
  walkProblem = reason
  return -1
}

/**
 * Walks the stream from `start` up to `end`; its structure is in `structure` afterwards, and a record's slots from `base` on in the
 * slot arrays. Gives the position behind what it read, -1 when the stream is not binary XML (`walkProblem` says why).
 */
export function walkStream(start: number, end: number, stream: number, base: number): number {
  structureLength = 0
  structureSlots = 0
  structureIsLocal = false
  slotBase = base
  bytesLeft -= end - start
  if (bytesLeft < 0) return fail('the templates of this chunk are larger than the chunk')
  structureTextSlot = -1
  textSlotPlace = -1
  const after = walk(start, end, stream, 0)
  if (after >= 0 && textSlotPlace >= 0) {
    structureTextSlot = structureSlots++
    ops[textSlotPlace] = structureTextSlot
  }
  return after
}

function emit(value: number): void {
  ops[structureLength++] = value
}

function emitLiteral(op: number, type: number, start: number, end: number): void {
  const id = literalId(type, start, end)
  if (id >= Limit.literals) structureIsLocal = true
  emit(op)
  emit(id)
}

function emitSlot(type: number, start: number, end: number): boolean {
  const slot = slotBase + structureSlots
  if (slot >= Limit.slots) return false
  types[slot] = type
  starts[slot] = start
  ends[slot] = end
  emit(Op.Slot)
  emit(structureSlots++)
  emit(0)
  return true
}

/** Reads the name reference at `at`; the name is `lastName`, the result the position behind, -1 when there is none. */
let lastName = -1
function walkName(at: number, end: number): number {
  if (at + 4 > end) return fail('the tokens end within a name')
  const offset = u32(at)
  lastName = nameId(offset)
  if (lastName < 0) return fail('a name lies outside of the chunk')
  if (lastName >= Limit.literals) structureIsLocal = true
  // A name stands in line only when its offset is where the reading is.
  return offset === at + 4 ? at + 4 + nameBytes(offset) : at + 4
}

const openNames = new Int32Array(Limit.elementDepth + 1)

/** Where the value token at `at` has its value, as the three variables below; -1 when it is none. */
let valueType = 0
let valueStart = 0
let valueEnd = 0
function readValueToken(at: number, end: number): number {
  if (at + 2 > end) return fail('the tokens end within a value')
  valueType = bytes[at + 1]
  valueStart = at + 2
  let size = fixedSize(valueType)
  if (size < 0) {
    size = u16(valueStart)
    if (valueType === ValueType.String) size *= 2
    valueStart += 2
  }
  valueEnd = valueStart + size
  if (valueEnd > end) return fail('a value is longer than what holds it')
  const next = valueEnd
  if (valueType === ValueType.String) valueEnd = trimmedEnd(valueStart, valueEnd)
  return next
}

/** The end of a string without the NULs that some writers leave behind it. */
function trimmedEnd(start: number, end: number): number {
  let stop = end - ((end - start) & 1)
  while (stop - 2 >= start && bytes[stop - 1] === 0 && bytes[stop - 2] === 0) stop -= 2
  return stop
}

/** The position behind the template instance whose token is at `at`; -1 when it does not end before `end`. */
export function instanceEnd(at: number, end: number): number {
  if (at + 14 > end) return -1
  let position = at + 10
  if (u32(at + 6) === position) position += 24 + u32(position + 20)
  if (position + 4 > end) return -1
  const count = u32(position)
  let value = position + 4 + count * 4
  if (value > end) return -1
  for (let i = 0, descriptor = position + 4; i < count; i++, descriptor += 4) value += u16(descriptor)
  return value <= end ? value : -1
}

/**
 * The walk itself. No structure is longer than two integers a byte (an element that opens and ends takes two bytes and leaves five
 * integers, everything else less), so `structure` has room for whatever a chunk can hold.
 */
function walk(start: number, end: number, stream: number, level: number): number {
  if (level > Limit.fragmentDepth) return fail('binary XML is nested too deeply')
  let at = start
  let depth = 0
  /** inside of a start tag, where texts belong to an attribute */
  let inTag = false
  let attribute = -1
  /** the last token was CloseStart: an element that ends now is empty */
  let justOpened = false
  /** `structureLength`, kept here between the calls that change it */
  let length = structureLength
  while (at < end) {
    const token = bytes[at]
    const opened = justOpened
    justOpened = false
    switch (token) {
      case 0x06:
      case 0x46: {
        if (!inTag) return fail('an attribute stands outside of a start tag')
        if (at + 5 > end) return fail('the tokens end within a name')
        const offset = view.getUint32(at + 1, true)
        attribute = nameId(offset)
        if (attribute < 0) return fail('a name lies outside of the chunk')
        if (attribute >= Limit.literals) structureIsLocal = true
        at += 5
        // A name stands in line only when its offset is where the reading is.
        if (offset === at) at += nameBytes(offset)
        ops[length] = Op.Attribute
        ops[length + 1] = attribute
        length += 2
        break
      }
      case 0x05:
      case 0x45:
        if (stream !== Stream.Record && bytes[at + 1] === ValueType.String) {
          if (depth === 0) return fail('a text stands outside of an element')
          const from = at + 4
          const size = (bytes[at + 2] | (bytes[at + 3] << 8)) * 2
          at = from + size
          if (at > end) return fail('a value is longer than what holds it')
          let to = at
          while (to > from && bytes[to - 1] === 0 && bytes[to - 2] === 0) to -= 2
          if (openNames[depth - 1] === NAME_COMPUTER && !inTag && textSlotPlace < 0 && stream === Stream.Template) {
            structureTextStart = from
            structureTextEnd = to
            textSlotPlace = length + 1
            ops[length] = Op.Slot
            ops[length + 2] = 0
            length += 3
            break
          }
          const id = literalId(ValueType.String, from, to)
          if (id >= Limit.literals) structureIsLocal = true
          ops[length] = Op.Literal
          ops[length + 1] = id
          length += 2
          break
        }
        structureLength = length
        at = walkText(at, end, stream, level, inTag, attribute, depth)
        if (at < 0) return -1
        length = structureLength
        break
      case 0x01:
      case 0x41: {
        if (inTag) return fail('an element stands within a start tag')
        if (depth >= Limit.elementDepth) return fail('elements are nested too deeply')
        let dependency = -1
        at += 1
        if (stream === Stream.Template) {
          dependency = bytes[at] | (bytes[at + 1] << 8)
          if (dependency === 0xffff) dependency = -1
          else if (dependency >= structureSlots) structureSlots = dependency + 1
          at += 2
        }
        if (at + 8 > end) return fail('the tokens end within a name')
        const offset = view.getUint32(at + 4, true)
        const name = nameId(offset)
        if (name < 0) return fail('a name lies outside of the chunk')
        if (name >= Limit.literals) structureIsLocal = true
        at += 8
        if (offset === at) at += nameBytes(offset)
        if (token === 0x41) at += 4
        ops[length] = Op.Open
        ops[length + 1] = name
        ops[length + 2] = dependency
        length += 3
        openNames[depth++] = name
        inTag = true
        attribute = -1
        break
      }
      case 0x02:
        if (!inTag) return fail('a start tag ends that was not open')
        inTag = false
        justOpened = true
        ops[length++] = Op.CloseStart
        at += 1
        break
      case 0x0d:
      case 0x0e: {
        if (stream !== Stream.Template) return fail('a substitution stands outside of a template')
        if (depth === 0) return fail('a text stands outside of an element')
        const slot = bytes[at + 1] | (bytes[at + 2] << 8)
        if (slot >= structureSlots) structureSlots = slot + 1
        ops[length] = Op.Slot
        ops[length + 1] = slot
        ops[length + 2] = token === 0x0e ? 1 : 0
        length += 3
        at += 4
        break
      }
      case 0x04:
        if (inTag || depth === 0) return fail('an element ends that was not open')
        if (opened && stream === Stream.Record) {
          // A field that is empty in this record has its slot all the same: the structure stays that of its neighbours.
          structureLength = length
          if (!emitSlot(ValueType.String, at, at)) return fail('too many values')
          length = structureLength
        }
        depth--
        ops[length++] = Op.End
        at += 1
        break
      case 0x03:
        if (!inTag) return fail('a start tag ends that was not open')
        inTag = false
        depth--
        ops[length++] = Op.CloseEmpty
        at += 1
        break
      case 0x00:
        if (depth !== 0 || inTag) return fail('the tokens end within an element')
        structureLength = length
        return at + 1
      case 0x0f:
        at += 4
        break
      default:
        structureLength = length
        at = walkRare(at, end, stream, level, inTag, attribute, depth)
        if (at < 0) return -1
        length = structureLength
    }
    if (at > end) return fail('the tokens end within a token')
  }
  structureLength = length
  return depth === 0 && !inTag ? at : fail('the tokens end within an element')
}

/** Value, CDATA, character and entity references. */
function walkText(
  at: number,
  end: number,
  stream: number,
  level: number,
  inTag: boolean,
  attribute: number,
  depth: number,
): number {
  if (depth === 0) return fail('a text stands outside of an element')
  if ((bytes[at] & 0x3f) === 0x05 && bytes[at + 1] === ValueType.BinXml) {
    if (inTag) return fail('binary XML stands within an attribute')
    const next = readValueToken(at, end)
    if (next < 0) return -1
    const inner = stream === Stream.Template ? Stream.Embedded : stream
    return walk(valueStart, valueEnd, inner, level + 1) < 0 ? -1 : next
  }
  return stream === Stream.Record ? walkRun(at, end, inTag, attribute, openNames[depth - 1]) : walkLiteral(at, end)
}

/** What is seldom: references, CDATA, processing instructions, and template instances among the tokens of a record. */
function walkRare(
  at: number,
  end: number,
  stream: number,
  level: number,
  inTag: boolean,
  attribute: number,
  depth: number,
): number {
  const token = bytes[at]
  switch (token) {
    case 0x07:
    case 0x47:
    case 0x08:
    case 0x48:
    case 0x09:
    case 0x49:
      return walkText(at, end, stream, level, inTag, attribute, depth)
    case 0x0a: {
      const next = walkName(at + 1, end)
      if (next < 0) return -1
      emit(Op.PITarget)
      emit(lastName)
      return next
    }
    case 0x0b: {
      const stop = at + 3 + u16(at + 1) * 2
      if (stop > end) return fail('a processing instruction is longer than what holds it')
      emitLiteral(Op.PIData, ValueType.String, at + 3, trimmedEnd(at + 3, stop))
      return stop
    }
    case 0x0c: {
      if (stream !== Stream.Record || inTag) return fail('a template instance stands where none may be')
      const next = instanceEnd(at, end)
      if (next < 0) return fail("a template instance's values are longer than what holds them")
      return emitSlot(ValueType.BinXml, at, next) ? next : fail('too many values')
    }
    default:
      return fail(`0x${token.toString(16)} is no binary XML token`)
  }
}

/** A text token of a template: kept as it is. */
function walkLiteral(at: number, end: number): number {
  switch (bytes[at] & 0x3f) {
    case 0x05: {
      const next = readValueToken(at, end)
      if (next >= 0) emitLiteral(Op.Literal, valueType, valueStart, valueEnd)
      return next
    }
    case 0x07: {
      const stop = at + 3 + u16(at + 1) * 2
      if (stop > end) return fail('a CDATA section is longer than what holds it')
      emitLiteral(Op.CData, ValueType.String, at + 3, trimmedEnd(at + 3, stop))
      return stop
    }
    case 0x08:
      emit(Op.CharRef)
      emit(u16(at + 1))
      return at + 3
    default: {
      const next = walkName(at + 1, end)
      if (next < 0) return -1
      emit(Op.EntityRef)
      emit(lastName)
      return next
    }
  }
}

/** The position behind the text token at `at`; -1 when there is none. */
export function textTokenEnd(at: number, end: number): number {
  switch (bytes[at] & 0x3f) {
    case 0x05:
      return bytes[at + 1] === ValueType.BinXml ? -1 : readValueToken(at, end)
    case 0x07: {
      const stop = at + 3 + u16(at + 1) * 2
      return stop <= end ? stop : fail('a CDATA section is longer than what holds it')
    }
    case 0x08:
      return at + 3 <= end ? at + 3 : fail('the tokens end within a token')
    case 0x09:
      return walkName(at + 1, end)
    default:
      return -1
  }
}

function isTextToken(token: number): boolean {
  const plain = token & 0xbf
  return plain === 0x05 || plain === 0x07 || plain === 0x08 || plain === 0x09
}

/**
 * The texts of a record without a template that follow each other: one slot. What names things rather than being a value
 * (Data's Name, the provider, the channel, namespaces) is literal, so that it is part of the structure.
 */
function walkRun(start: number, end: number, inTag: boolean, attribute: number, element: number): number {
  let at = textTokenEnd(start, end)
  if (at < 0) return -1
  const single = (bytes[start] & 0x3f) === 0x05
  const type = valueType
  const from = valueStart
  const to = valueEnd
  let tokens = 1
  while (at < end && isTextToken(bytes[at]) && !((bytes[at] & 0x3f) === 0x05 && bytes[at + 1] === ValueType.BinXml)) {
    at = textTokenEnd(at, end)
    if (at < 0) return -1
    tokens++
  }
  if (!single || tokens > 1) return emitSlot(ValueType.TextRun, start, at) ? at : fail('too many values')
  const names = inTag
    ? attribute === NAME_XMLNS || element === NAME_PROVIDER || (element === NAME_DATA && attribute === NAME_NAME)
    : element === NAME_CHANNEL
  if (names && type === ValueType.String && to - from <= 512) {
    emitLiteral(Op.Literal, type, from, to)
    return at
  }
  return emitSlot(type, from, to) ? at : fail('too many values')
}

/** True when the chunk has room for the fixed part of a template definition at this offset. */
export function isTemplateOffset(offset: number): boolean {
  return offset > 0 && offset + 24 <= CHUNK_BYTES
}
