// Programs: structures that are kept. A template comes back in chunk after chunk with other offsets in it; as a structure it
// is the same integers, and so the same program, with everything that was ever worked out from it.
import { chunk, requireBytes, u32 } from './chunk.ts'
import { CHUNK_BYTES, Limit } from './format.ts'
import type { JsonProgram } from './json-ops.ts'
import type { LayoutNode } from './layout.ts'
import {
  Stream,
  structure,
  structureIsLocal,
  structureLength,
  structureSlots,
  structureTextEnd,
  structureTextSlot,
  structureTextStart,
  walkProblem,
  walkStream,
} from './tokens.ts'
import type { TreeNode } from './tree-nodes.ts'

const bytes = chunk
const ops = structure

/** A structure that was seen, and what was made of it. */
export interface Program {
  readonly id: number
  /** see tokens.ts, `Op` */
  readonly code: Int32Array
  /** value slots that one instance fills */
  readonly slots: number
  /** the last of them, when it is a text that stands in the template; else -1 (see tokens.ts) */
  readonly textSlot: number
  /** false for a program that is forgotten with its chunk */
  readonly kept: boolean
  /** made when first asked for, by tree.ts, json-program.ts and layout.ts */
  tree: TreeNode[] | undefined
  json: JsonProgram | undefined
  layout: LayoutNode | undefined
}

const byHash = new Map<number, Program[]>()
let kept = 0
let keptInts = 0
let nextId = 1

/** The program of the structure that was walked last. */
export function structureProgram(): Program {
  const length = structureLength
  let hash = structureSlots
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ ops[i], 0x01000193) ^ (hash >>> 13)
  if (!structureIsLocal) {
    const same = byHash.get(hash)
    if (same) {
      for (let k = 0; k < same.length; k++) {
        const program = same[k]
        if (program.slots === structureSlots && program.textSlot === structureTextSlot && isCode(program.code, length))
          return program
      }
    }
  }
  return addProgram(hash, length)
}

function isCode(code: Int32Array, length: number): boolean {
  if (code.length !== length) return false
  for (let i = 0; i < length; i++) if (code[i] !== ops[i]) return false
  return true
}

function addProgram(hash: number, length: number): Program {
  const keep = !structureIsLocal && kept < Limit.programs && keptInts + length <= Limit.programInts
  const program: Program = {
    id: nextId++,
    code: ops.slice(0, length),
    slots: structureSlots,
    textSlot: structureTextSlot,
    kept: keep,
    tree: undefined,
    json: undefined,
    layout: undefined,
  }
  if (keep) {
    const same = byHash.get(hash)
    if (same && same.length >= 32) return { ...program, kept: false }
    if (same) same.push(program)
    else byHash.set(hash, [program])
    kept++
    keptInts += length
  }
  return program
}

/** by offset of a template's definition in the chunk: its place in `chunkPrograms`, + 1 */
const programAt = new Int32Array(CHUNK_BYTES)
const chunkPrograms: Program[] = []
/** where the text of the template that was asked for last stands */
export let templateTextStart = 0
export let templateTextEnd = 0
const chunkTexts: number[] = []
const chunkProgramOffsets: number[] = []

export function forgetChunkPrograms(): void {
  for (let i = 0; i < chunkProgramOffsets.length; i++) programAt[chunkProgramOffsets[i]] = 0
  chunkPrograms.length = 0
  chunkTexts.length = 0
  chunkProgramOffsets.length = 0
}

/** why the last template could not be read */
export let templateProblem = ''

/** What stands for a template that can't be read: known, so that it is not walked again for each of its records. */
const unreadable: Program = {
  id: 0,
  code: new Int32Array(0),
  slots: 0,
  textSlot: -1,
  kept: true,
  tree: undefined,
  json: undefined,
  layout: undefined,
}

/** The program of the template defined at this offset of the chunk; undefined when it can't be read (`templateProblem` says why). */
export function templateProgram(offset: number): Program | undefined {
  if (offset >= CHUNK_BYTES) {
    templateProblem = 'a template lies outside of the chunk'
    return undefined
  }
  const place = programAt[offset]
  if (place !== 0) {
    const program = chunkPrograms[place - 1]
    templateTextStart = chunkTexts[place * 2 - 2]
    templateTextEnd = chunkTexts[place * 2 - 1]
    return program === unreadable ? undefined : program
  }
  const program = readTemplate(offset)
  chunkPrograms.push(program)
  templateTextStart = structureTextStart
  templateTextEnd = structureTextEnd
  chunkTexts.push(structureTextStart, structureTextEnd)
  chunkProgramOffsets.push(offset)
  programAt[offset] = chunkPrograms.length
  return program === unreadable ? undefined : program
}

/** A definition: next (u32), GUID, bytes (u32), then a fragment header, one element and an end of stream. */
function readTemplate(offset: number): Program {
  const start = offset + 24
  requireBytes(start)
  const end = start + (start <= CHUNK_BYTES ? u32(offset + 20) : 0)
  if (offset === 0 || end > CHUNK_BYTES || end <= start) {
    templateProblem = 'a template lies outside of the chunk'
    return unreadable
  }
  requireBytes(end)
  if (bytes[start] !== 0x0f) {
    templateProblem = 'no template where a record refers to one'
    return unreadable
  }
  if (walkStream(start, end, Stream.Template, 0) < 0) {
    templateProblem = walkProblem
    return unreadable
  }
  return structureProgram()
}
