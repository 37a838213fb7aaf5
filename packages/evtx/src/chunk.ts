// The chunk under the cursor. There is one buffer for every chunk that is ever read, and one set of arrays that say where the values
// of the record under the cursor lie in it: what is hot stays where the optimising compiler has it as a constant.
//
// Modules on the hot path bind these objects to constants of their own (`const bytes = chunk`): a binding that is
// imported is looked up each time, which costs a third of the speed (bench/evtx.ts).
import { CHUNK_BYTES, Limit } from './format.ts'

const memory = new ArrayBuffer(CHUNK_BYTES + 64)

/** The chunk, and 64 bytes of zeroes behind it, so that a token's fixed fields can be read before its bounds are checked. */
export const chunk = new Uint8Array(memory)
export const chunkView = new DataView(memory)

/** By slot: the value's type, and its range in `chunk`. */
export const slotTypes = new Uint8Array(Limit.slots)
export const slotStarts = new Int32Array(Limit.slots)
export const slotEnds = new Int32Array(Limit.slots)
/** By slot: for a value that is binary XML, which of the record's fragments it is. */
export const slotFragments = new Int32Array(Limit.slots)

export function u16(at: number): number {
  return chunk[at] | (chunk[at + 1] << 8)
}

export function u32(at: number): number {
  return (chunk[at] | (chunk[at + 1] << 8) | (chunk[at + 2] << 16) | (chunk[at + 3] << 24)) >>> 0
}

/** bytes of the chunk that were read so far; what stands behind them is zero */
let present: number = CHUNK_BYTES
let readRest: (() => void) | undefined

/** Says that only the first `bytes` of the chunk were read, and how the rest can be. */
export function chunkIsPartial(bytes: number, rest: (() => void) | undefined): void {
  present = bytes
  readRest = rest
}

/** To be called before anything behind the space in use is looked at: reads the rest of the chunk, if that was not done. */
export function requireBytes(end: number): void {
  if (end <= present) return
  present = CHUNK_BYTES
  readRest?.()
}
