// Where the strings of JSON text begin and end, found sixteen bytes at a time: half of a record is the inside of strings, which nobody looks at. In WebAssembly, whose vector
// instructions JavaScript lacks: a line of Windows events is scanned two and a half times as fast. Where there is no WebAssembly the scanner goes byte by byte, and nothing else changes.
import {
  add,
  and,
  assemble,
  atLeast,
  bitsOf,
  block,
  bytesOf,
  type Code,
  constant,
  equal,
  equalBytes,
  get,
  I32,
  isZero,
  jump,
  jumpIf,
  leave,
  less,
  loadByte,
  loadVector,
  loop,
  or,
  orVectors,
  set,
  shiftLeft,
  store,
  subtract,
  trailingZeros,
  V128,
  when,
} from './assemble.ts'

/** A mark of a closing quote: its place, and what is known of the string. Negative: the string has to be looked at byte by byte. */
export const PLACE = 0x0fff_ffff
export const HAS_ESCAPES = 0x2000_0000
export const HAS_UNICODE_ESCAPES = 0x1000_0000
const BROKEN = -0x8000_0000

const QUOTE = 0x22
const BACKSLASH = 0x5c
const LETTER_U = 0x75

/** Memory: what may follow a backslash, the hexadecimal digits, the marks, the text. */
const ESCAPES_AT = 0
const HEX_AT = 256
const MARKS_AT = 512
const MAX_MARKS = 1 << 17
const TEXT_AT = MARKS_AT + MAX_MARKS * 4
/** Longer lines are scanned byte by byte. */
const TEXT_BYTES = (1 << 19) - 1024
const PAGE = 1 << 16
const PAGES = Math.ceil((TEXT_AT + TEXT_BYTES + 64) / PAGE)

function tables(): Uint8Array {
  const bytes = new Uint8Array(512)
  for (const letter of '"\\/bfnrtu') bytes[ESCAPES_AT + letter.charCodeAt(0)] = 1
  for (const digit of '0123456789abcdefABCDEF') bytes[HEX_AT + digit.charCodeAt(0)] = 1
  return bytes
}

// Locals of the function: its parameters first.
const AT = 0
const TO = 1
const OUT = 2
const LAST = 3
const BITS = 4
const PLACE_OF_BIT = 5
const PASSED = 6
const FLAGS = 7
const IN_STRING = 8
const BYTES = 9

const flag = (bit: number): Code => set(FLAGS, or(get(FLAGS), constant(bit)))
const isHex = (offset: number): Code => loadByte(loadByte(get(PLACE_OF_BIT), offset), HEX_AT)

/** Which of sixteen bytes from AT on are quotes or backslashes; none from TO on. */
const FIND: Code = [
  set(BYTES, loadVector(get(AT))),
  set(BITS, bitsOf(orVectors(equalBytes(get(BYTES), bytesOf(QUOTE)), equalBytes(get(BYTES), bytesOf(BACKSLASH))))),
  when(
    less(subtract(get(TO), get(AT)), constant(16)),
    set(BITS, and(get(BITS), subtract(shiftLeft(constant(1), subtract(get(TO), get(AT))), constant(1)))),
  ),
]

const MARK: Code = [
  store(get(OUT), or(subtract(get(PLACE_OF_BIT), constant(TEXT_AT)), get(FLAGS))),
  set(OUT, add(get(OUT), constant(4))),
  set(FLAGS, constant(0)),
  set(IN_STRING, isZero(get(IN_STRING))),
  when(atLeast(get(OUT), get(LAST)), leave(get(OUT))),
]

/** Passes what a backslash escapes, checked as the scanner does it. */
const PASS_ESCAPE: Code = [
  set(PASSED, add(get(PLACE_OF_BIT), constant(2))),
  flag(HAS_ESCAPES),
  when(isZero(loadByte(loadByte(get(PLACE_OF_BIT), 1), ESCAPES_AT)), flag(BROKEN)),
  when(
    equal(loadByte(get(PLACE_OF_BIT), 1), constant(LETTER_U)),
    when(
      and(and(isHex(2), isHex(3)), and(isHex(4), isHex(5))),
      [flag(HAS_UNICODE_ESCAPES), set(PASSED, add(get(PLACE_OF_BIT), constant(6)))],
      flag(BROKEN),
    ),
  ),
]

/** find(at, to, out, last): marks the quotes of [at, to), which begins outside of a string, from `out` on. Gives the end of the marks; stops at `last`. */
const BODY: Code = [
  block(
    loop(
      jumpIf(1, atLeast(get(AT), get(TO))),
      FIND,
      block(
        loop(
          jumpIf(1, isZero(get(BITS))),
          set(PLACE_OF_BIT, add(get(AT), trailingZeros(get(BITS)))),
          set(BITS, and(get(BITS), subtract(get(BITS), constant(1)))),
          jumpIf(0, less(get(PLACE_OF_BIT), get(PASSED))),
          when(equal(loadByte(get(PLACE_OF_BIT)), constant(QUOTE)), MARK, when(get(IN_STRING), PASS_ESCAPE)),
          jump(0),
        ),
      ),
      set(AT, add(get(AT), constant(16))),
      jump(0),
    ),
  ),
  get(OUT),
]

interface Instance {
  readonly exports: {
    readonly memory: { readonly buffer: ArrayBuffer }
    find(at: number, to: number, out: number, last: number): number
  }
}

/** What is used of WebAssembly's JavaScript interface, which is no part of the language. */
interface WebAssemblyInterface {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => Instance
}

const { WebAssembly } = globalThis as { readonly WebAssembly?: WebAssemblyInterface }

let compiled: object | undefined | null

function compile(): object | null {
  try {
    const locals = [I32, I32, I32, I32, I32, V128]
    const bytes = assemble({ name: 'find', parameters: 4, locals, body: BODY, pages: PAGES, data: tables() })
    return WebAssembly ? new WebAssembly.Module(bytes) : null
  } catch {
    // One without vectors.
    return null
  }
}

/** One at a time uses it: `take` the text's memory, and give it back. */
export class StringIndex {
  /** where the text has to lie */
  readonly text: Buffer
  /** places in `text`: opening and closing quotes in turn; behind the last there are two that are none */
  readonly marks: Int32Array
  readonly #find: Instance['exports']['find']
  #isTaken = false

  private constructor({ memory, find }: Instance['exports']) {
    const { buffer } = memory
    this.text = Buffer.from(buffer, TEXT_AT, TEXT_BYTES)
    this.marks = new Int32Array(buffer, MARKS_AT, MAX_MARKS)
    this.#find = find
  }

  /** Undefined where there is no WebAssembly. */
  static create(): StringIndex | undefined {
    if (compiled === undefined) compiled = compile()
    return compiled && WebAssembly ? new StringIndex(new WebAssembly.Instance(compiled).exports) : undefined
  }

  take(): Buffer | undefined {
    if (this.#isTaken) return undefined
    this.#isTaken = true
    return this.text
  }

  giveBack(): void {
    this.#isTaken = false
  }

  /** Marks the strings of text[start, end), which begins outside of one. */
  mark(start: number, end: number): void {
    const last = MARKS_AT + (MAX_MARKS - 2) * 4
    const marked = (this.#find(TEXT_AT + start, TEXT_AT + end, MARKS_AT, last) - MARKS_AT) >> 2
    this.marks[marked] = -1
    this.marks[marked + 1] = -1
  }
}
