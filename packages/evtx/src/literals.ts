// Names and literal texts, interned: the same bytes are the same number, whatever chunk they stand in, so that two templates
// can be compared as integers. Compared exactly, never by hash alone.
import { chunk, chunkView } from './chunk.ts'
import { Limit } from './format.ts'
import { valueText } from './values.ts'

const bytes = chunk
const view = chunkView
const pool = new Uint8Array(Limit.literalBytes)
const poolView = new DataView(pool.buffer)
let poolLength = 0
const starts = new Int32Array(Limit.literals + 1)
const tags = new Uint8Array(Limit.literals)
const texts: (string | undefined)[] = []
let count = 0

/** open hashing: id + 1 by hash */
const TABLE = Limit.literals * 4
const table = new Int32Array(TABLE)
/** Odd and unknown to whoever wrote the log, so that nobody can prepare names that collide. */
const MULTIPLIER = (Math.floor(Math.random() * 0x7fffffff) & ~7) | 5

/** A name has no value type. */
export const NAME = 0xff

/** literals beyond the bounds: valid in this chunk only */
const localStarts: number[] = []
const localEnds: number[] = []
const localTags: number[] = []

/** True for the number of a literal that is not kept across chunks. */
export function isLocal(id: number): boolean {
  return id >= Limit.literals
}

export function forgetLocalLiterals(): void {
  if (!localStarts.length) return
  localStarts.length = 0
  localEnds.length = 0
  localTags.length = 0
}

/** The number of the literal with this tag (a value type, or NAME) and the chunk's bytes from `start` up to `end`. */
export function literalId(tag: number, start: number, end: number): number {
  const length = end - start
  let hash = tag + length
  let at = start
  for (const stop = end - 3; at < stop; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), MULTIPLIER)
    hash ^= hash >>> 15
  }
  for (; at < end; at++) hash = Math.imul(hash ^ bytes[at], MULTIPLIER)
  hash ^= hash >>> 13
  let place = hash & (TABLE - 1)
  for (let entry = table[place]; entry !== 0; entry = table[place]) {
    const id = entry - 1
    const from = starts[id]
    if (tags[id] === tag && starts[id + 1] - from === length && isPooled(from, start, length)) return id
    place = (place + 1) & (TABLE - 1)
  }
  return addLiteral(tag, start, end, place)
}

/** True when the pool has at `from` the bytes that the chunk has at `start`. */
function isPooled(from: number, start: number, length: number): boolean {
  let at = 0
  for (const stop = length - 3; at < stop; at += 4)
    if (poolView.getInt32(from + at, true) !== view.getInt32(start + at, true)) return false
  for (; at < length; at++) if (pool[from + at] !== bytes[start + at]) return false
  return true
}

function addLiteral(tag: number, start: number, end: number, place: number): number {
  if (count >= Limit.literals || poolLength + end - start > Limit.literalBytes) {
    localStarts.push(start)
    localEnds.push(end)
    localTags.push(tag)
    return Limit.literals + localStarts.length - 1
  }
  pool.set(bytes.subarray(start, end), poolLength)
  starts[count] = poolLength
  poolLength += end - start
  starts[count + 1] = poolLength
  tags[count] = tag
  table[place] = count + 1
  return count++
}

/** The literal as text: a name, or a value as `valueText` has it. */
export function literalText(id: number): string {
  if (isLocal(id)) {
    const at = id - Limit.literals
    return valueText(bytes, textType(localTags[at]), localStarts[at], localEnds[at])
  }
  let text = texts[id]
  if (text === undefined) {
    text = valueText(pool, textType(tags[id]), starts[id], starts[id + 1])
    texts[id] = text
  }
  return text
}

/** The value type of a literal; a name is a string. */
export function literalType(id: number): number {
  return textType(isLocal(id) ? localTags[id - Limit.literals] : tags[id])
}

function textType(tag: number): number {
  return tag === NAME ? 1 : tag
}

/** A name that the reader itself knows, interned ahead of any chunk. */
function known(name: string): number {
  for (let at = 0; at < name.length; at++) {
    bytes[at * 2] = name.charCodeAt(at)
    bytes[at * 2 + 1] = 0
  }
  const id = literalId(NAME, 0, name.length * 2)
  bytes.fill(0, 0, name.length * 2)
  return id
}

export const NAME_DATA = known('Data')
export const NAME_NAME = known('Name')
export const NAME_XMLNS = known('xmlns')
export const NAME_PROVIDER = known('Provider')
export const NAME_CHANNEL = known('Channel')
export const NAME_COMPUTER = known('Computer')
