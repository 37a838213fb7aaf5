// The record under the cursor. Reading one finds its template, lays out where each value lies, and decodes nothing.
import { chunk, chunkView, slotEnds, slotFragments, slotStarts, slotTypes, u16, u32 } from './chunk.ts'
import { Limit, RECORD_HEADER_BYTES, ValueType } from './format.ts'
import { type JsonOutput, recordJson, writeRecordJson } from './json.ts'
import { type Layout, type LayoutNode, nextNode, rootNode } from './layout.ts'
import {
  type Program,
  structureProgram,
  templateProblem,
  templateProgram,
  templateTextEnd,
  templateTextStart,
} from './program.ts'
import { runText } from './text-run.ts'
import { fileTimeToMicroseconds } from './time.ts'
import { isTemplateOffset, Stream, walkProblem, walkStream } from './tokens.ts'
import { decodeValue, type EvtxValue, isEmptyValue, valueText } from './values.ts'
import { recordXml } from './xml.ts'

const bytes = chunk
const types = slotTypes
const starts = slotStarts
const ends = slotEnds
const fragments = slotFragments

/** One record. There is one object for all records: what it says is true until the reader moves on. */
export interface EvtxRecord {
  /** the record header's identifier; mostly the same as EventRecordID */
  readonly recordId: number
  /** when it was written: the record header's time, in microseconds since 1970-01-01 UTC */
  readonly written: number
  /** where it lies: bytes from the start of the file, and how many */
  readonly offset: number
  readonly length: number
  /** true for a record that was found in slack space */
  readonly carved: boolean
  /** its fields, and in which slot each lies */
  readonly layout: Layout
  /** by slot: the value's type (`ValueType`); 0, with an empty range, for what is null */
  readonly types: Uint8Array
  /** by slot: the value's range in `bytes`. Of strings (type 1): UTF-16LE without the NULs behind it. */
  readonly starts: Int32Array
  readonly ends: Int32Array
  /** the chunk; the record itself lies in it from `start` up to `start + length` */
  readonly bytes: Uint8Array
  readonly start: number
  /** A slot's value, decoded; see `decodeValue`. Slot -1, and slots that the record does not have, are null. */
  value(slot: number): EvtxValue
  /** A slot's value as evtx_dump prints it; '' for null and for empty values. */
  text(slot: number): string
  /** True when the slot is null or empty. */
  isEmpty(slot: number): boolean
  /** Appends the record as JSON, one line without its end, in the form of `evtx_dump -o jsonl`: {"Event":{…}}. */
  writeJson(out: JsonOutput): void
  /** The same as a string. */
  toJson(): string
  /** The same as an object; whole numbers that a number can't hold are bigint. */
  toObject(): Record<string, unknown>
  /** The record as XML, in one line, as Windows writes it. */
  toXml(): string
}

class Cursor implements EvtxRecord {
  recordId = 0
  offset = 0
  length = 0
  start = 0
  carved = false
  layout: Layout = undefined as unknown as Layout
  readonly types = slotTypes
  readonly starts = slotStarts
  readonly ends = slotEnds
  readonly bytes = chunk

  get written(): number {
    return fileTimeToMicroseconds(u32(this.start + 16), u32(this.start + 20))
  }

  value(slot: number): EvtxValue {
    if (slot < 0 || slot >= this.layout.slots) return null
    const type = types[slot]
    if (type === ValueType.TextRun) return runText(starts[slot], ends[slot])
    if (type === ValueType.BinXml) return null
    return decodeValue(bytes, type, starts[slot], ends[slot])
  }

  text(slot: number): string {
    if (slot < 0 || slot >= this.layout.slots) return ''
    const type = types[slot]
    if (type === ValueType.TextRun) return runText(starts[slot], ends[slot])
    return valueText(bytes, type, starts[slot], ends[slot])
  }

  isEmpty(slot: number): boolean {
    return slot < 0 || slot >= this.layout.slots || isEmptyValue(bytes, types[slot], starts[slot], ends[slot])
  }

  writeJson(out: JsonOutput): void {
    writeRecordJson(this.layout, out)
  }

  toJson(): string {
    return recordJson(this.layout)
  }

  toObject(): Record<string, unknown> {
    return JSON.parse(recordJson(this.layout), exactInteger) as Record<string, unknown>
  }

  toXml(): string {
    return recordXml(this.layout)
  }
}

/** JSON.parse's reviver: a whole number that a number can't hold becomes a bigint. */
function exactInteger(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source
  return source !== undefined && /^-?\d+$/.test(source) ? BigInt(source) : value
}

const cursor = new Cursor()
export const record: EvtxRecord = cursor

/** why the last record, or fragment of it, could not be read */
export let recordProblem = ''
/** a fragment of the last record that could not be read and stays as binary: its range in the chunk; none when equal */
export let lostStart = 0
export let lostEnd = 0

/** the layout of the record under way, and how many fragments it has */
let node: LayoutNode
let fragmentCount = 0

/**
 * Puts the cursor on the record at `start` of the chunk, whose bytes from `start` up to `end` are sure to lie in it and whose file
 * offset is `offset`. False when its content can't be read (`recordProblem` says why).
 */
export function readRecord(start: number, end: number, offset: number, carved: boolean): boolean {
  fragmentCount = 0
  lostStart = 0
  lostEnd = 0
  if (scanFragment(start + RECORD_HEADER_BYTES, end - 4, 0, -1, 0) < 0) return false
  cursor.layout = node.layout
  cursor.start = start
  cursor.offset = offset
  cursor.length = end - start
  cursor.carved = carved
  cursor.recordId = u32(start + 8) + u32(start + 12) * 0x100000000
  return true
}

/**
 * Finds the values of a fragment, bytes `start` to `end`, and of those within it. Its slots begin at `base`; it is the value in `slot`
 * (-1: the record itself). Gives the first slot behind its own and its fragments'; -1 when it can't be read.
 */
function scanFragment(start: number, end: number, base: number, slot: number, depth: number): number {
  let at = start
  if (bytes[at] === 0x0f) at += 4
  let program: Program | undefined
  let next = -1
  let hasNested = false
  if (bytes[at] === 0x0c) {
    let position = at + 10
    const definition = u32(at + 6)
    if (definition === position && isTemplateOffset(definition)) position += 24 + u32(position + 20)
    if (position + 4 > end) return fail('a template instance ends before its values')
    const count = u32(position)
    const descriptors = position + 4
    let value = descriptors + count * 4
    if (value > end) return fail("a template instance's values are longer than what holds them")
    program = templateProgram(definition)
    if (!program) return fail(templateProblem)
    const { slots } = program
    next = base + slots
    if (next > Limit.slots) return fail('too many values')
    const { textSlot } = program
    const known = Math.min(count, textSlot < 0 ? slots : textSlot)
    let descriptor = descriptors
    for (let i = base; i < base + known; i++, descriptor += 4) {
      const size = bytes[descriptor] | (bytes[descriptor + 1] << 8)
      const type = bytes[descriptor + 2]
      types[i] = type
      starts[i] = value
      value += size
      ends[i] = value
      if (type === 1) {
        // Whole units only.
        ends[i] -= size & 1
        // Strings may carry the NUL that ends them.
        const last = ends[i] - 1
        if (size >= 2 && value <= end && bytes[last] === 0 && bytes[last - 1] === 0)
          ends[i] = withoutNuls(starts[i], ends[i])
      } else if (type === 0x21) hasNested = true
    }
    if (textSlot >= 0) {
      types[base + textSlot] = 1
      starts[base + textSlot] = templateTextStart
      ends[base + textSlot] = templateTextEnd
      if (known < textSlot) clearSlots(base + known, base + textSlot)
    } else if (known < slots) clearSlots(base + known, next)
    for (let i = known; i < count; i++, descriptor += 4) value += u16(descriptor)
    if (value > end) return fail("a template instance's values are longer than what holds them")
    // Something behind the instance: a stream of several roots.
    if (value < end && bytes[value] !== 0) program = undefined
  }
  if (!program) {
    if (walkStream(start, end, Stream.Record, base) < 0) return fail(walkProblem)
    program = structureProgram()
    next = base + program.slots
    hasNested = true
  }
  const fragment = fragmentCount++
  node = slot < 0 ? rootNode(program) : nextNode(node, slot, program, base)
  if (slot >= 0) fragments[slot] = fragment
  if (!hasNested) return next
  return scanNested(base, base + program.slots, next, depth)
}

/** The fragments in the slots from `from` up to `to`; their own slots begin at `free`. */
function scanNested(from: number, to: number, free: number, depth: number): number {
  let next = free
  for (let slot = from; slot < to; slot++) {
    if (types[slot] !== 0x21) continue
    const start = starts[slot]
    const end = ends[slot]
    if (start >= end) {
      types[slot] = 0
      continue
    }
    const before = node
    const after =
      depth >= Limit.fragmentDepth
        ? fail('binary XML is nested too deeply')
        : scanFragment(start, end, next, slot, depth + 1)
    if (after >= 0) {
      next = after
      continue
    }
    // The rest of the record is good: the fragment stays as the bytes that it is.
    node = before
    types[slot] = ValueType.Binary
    lostStart = start
    lostEnd = end
  }
  return next
}

function withoutNuls(start: number, end: number): number {
  let stop = end
  while (stop - 2 >= start && bytes[stop - 1] === 0 && bytes[stop - 2] === 0) stop -= 2
  return stop
}

function clearSlots(from: number, to: number): void {
  types.fill(0, from, to)
  starts.fill(0, from, to)
  ends.fill(0, from, to)
}

function fail(reason: string): -1 {
  recordProblem = reason
  return -1
}

void chunkView
