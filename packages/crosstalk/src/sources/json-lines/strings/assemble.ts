// Just enough of an assembler to write one WebAssembly function as nested calls (WebAssembly Core Specification 2.0, chapter 5, "Binary Format"): nothing has to be installed or
// built for it, and what runs is what stands in the source.

/** Instructions in binary form; operands come before their operator. */
export type Code = readonly (number | Code)[]

/** Section 5.2.2: LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  return [...bytes, rest]
}

function signed(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest < -0x40 || rest > 0x3f; rest >>= 7) bytes.push((rest & 0x7f) | 0x80)
  return [...bytes, rest & 0x7f]
}

const EMPTY_BLOCK = 0x40
const END = 0x0b

/** Numeric types (5.3.1) and the vector type (5.3.2). */
export const I32 = 0x7f
export const V128 = 0x7b

// Control (5.4.1). A jump names how many blocks it leaves: 0 is the innermost; to jump to a loop is to go round.
export const block = (...body: Code): Code => [0x02, EMPTY_BLOCK, body, END]
export const loop = (...body: Code): Code => [0x03, EMPTY_BLOCK, body, END]
export const when = (condition: Code, then: Code, otherwise?: Code): Code => [
  condition,
  0x04,
  EMPTY_BLOCK,
  then,
  otherwise ? [0x05, otherwise] : [],
  END,
]
export const jump = (blocks: number): Code => [0x0c, ...unsigned(blocks)]
export const leave = (value: Code): Code => [value, 0x0f]
export const jumpIf = (blocks: number, condition: Code): Code => [condition, 0x0d, ...unsigned(blocks)]

// Variables (5.4.4), constants (5.4.7)
export const get = (local: number): Code => [0x20, ...unsigned(local)]
export const set = (local: number, value: Code): Code => [value, 0x21, ...unsigned(local)]
export const constant = (value: number): Code => [0x41, ...signed(value)]

// Memory (5.4.6); the alignment is a hint
export const loadByte = (address: Code, offset = 0): Code => [address, 0x2d, 0, ...unsigned(offset)]
export const store = (address: Code, value: Code): Code => [address, value, 0x36, 2, 0]

// Numbers (5.4.7)
const binary =
  (operator: number) =>
  (left: Code, right: Code): Code => [left, right, operator]
export const add: (left: Code, right: Code) => Code = binary(0x6a)
export const subtract: (left: Code, right: Code) => Code = binary(0x6b)
export const and: (left: Code, right: Code) => Code = binary(0x71)
export const or: (left: Code, right: Code) => Code = binary(0x72)
export const shiftLeft: (left: Code, right: Code) => Code = binary(0x74)
export const equal: (left: Code, right: Code) => Code = binary(0x46)
export const less: (left: Code, right: Code) => Code = binary(0x48)
export const atLeast: (left: Code, right: Code) => Code = binary(0x4e)
export const isZero = (value: Code): Code => [value, 0x45]
export const trailingZeros = (value: Code): Code => [value, 0x68]

// Vectors of sixteen bytes (5.4.8)
const vector = (operator: number): number[] => [0xfd, ...unsigned(operator)]
export const loadVector = (address: Code): Code => [address, ...vector(0x00), 0, 0]
/** Sixteen times the same byte. */
export const bytesOf = (value: number): Code => [...vector(0x0c), ...new Array<number>(16).fill(value)]
export const equalBytes = (left: Code, right: Code): Code => [left, right, ...vector(0x23)]
export const orVectors = (left: Code, right: Code): Code => [left, right, ...vector(0x50)]
/** A bit for each byte: its highest. */
export const bitsOf = (value: Code): Code => [value, ...vector(0x64)]

/** One function over a memory of its own. */
export interface FunctionModule {
  /** its exported name; it takes so many i32 and gives one */
  readonly name: string
  readonly parameters: number
  /** types of the locals behind the parameters */
  readonly locals: readonly number[]
  readonly body: Code
  /** pages of 64 KiB; exported as `memory` */
  readonly pages: number
  /** what stands at the beginning of the memory */
  readonly data: Uint8Array
}

const section = (id: number, content: Code): number[] => {
  const bytes = flat(content)
  return [id, ...unsigned(bytes.length), ...bytes]
}
const flat = (code: Code): number[] => code.flatMap((one) => (typeof one === 'number' ? [one] : flat(one)))
const name = (text: string): number[] => [text.length, ...Buffer.from(text, 'latin1')]

/** The module's bytes (5.5). */
export function assemble(module: FunctionModule): Uint8Array<ArrayBuffer> {
  const { locals, body, data } = module
  const code = flat([locals.length, locals.map((type) => [1, type]), body, END])
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, module.parameters, new Array<number>(module.parameters).fill(I32), 1, I32]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, ...unsigned(module.pages)]),
    ...section(7, [2, ...name(module.name), 0, 0, ...name('memory'), 2, 0]),
    ...section(10, [1, ...unsigned(code.length), code]),
    ...section(11, [1, 0, constant(0), END, ...unsigned(data.length), [...data]]),
  ])
}
