// LZMA (I. Pavlov, "LZMA specification", 2015): the decoder that xz, 7z and ZIP share.

const TOP = 0x1000000
const INIT = 1024
const STATES = 12
const POSITION_STATES = 16
/** no symbol takes more bytes of input */
export const MAX_SYMBOL = 32

/** Lengths are coded by two choices and three trees. */
const LENGTH_CHOICE = 0
const LENGTH_CHOICE_2 = 1
const LENGTH_LOW = 2
const LENGTH_MID = LENGTH_LOW + POSITION_STATES * 8
const LENGTH_HIGH = LENGTH_MID + POSITION_STATES * 8
const LENGTH_SIZE = LENGTH_HIGH + 256

const IS_MATCH = 0
const IS_REP = IS_MATCH + STATES * POSITION_STATES
const IS_REP_0 = IS_REP + STATES
const IS_REP_1 = IS_REP_0 + STATES
const IS_REP_2 = IS_REP_1 + STATES
const IS_REP_0_LONG = IS_REP_2 + STATES
const POSITION_SLOT = IS_REP_0_LONG + STATES * POSITION_STATES
const SPECIAL_POSITION = POSITION_SLOT + 4 * 64
const ALIGN = SPECIAL_POSITION + 128
const MATCH_LENGTH = ALIGN + 16
const REP_LENGTH = MATCH_LENGTH + LENGTH_SIZE
const LITERAL = REP_LENGTH + LENGTH_SIZE

export class LzmaDecoder {
  /** input: bytes[at, end) */
  bytes: Uint8Array = new Uint8Array(0)
  at = 0
  end = 0
  /** an end marker was met */
  finished = false
  #window: Uint8Array
  readonly #windowSize: number
  /** next byte of the window to be written; bytes written in all */
  #position = 0
  #written = 0
  /** window bytes that were not handed out yet */
  #pending = 0
  #probabilities = new Uint16Array(0)
  #lc = 0
  #literalMask = 0
  #positionMask = 0
  #range = 0
  #code = 0
  #state = 0
  #rep0 = 0
  #rep1 = 0
  #rep2 = 0
  #rep3 = 0
  /** a match that the output's end interrupted */
  #left = 0

  /** `dictionarySize` bytes are remembered; memory grows to it only as output comes. */
  constructor(dictionarySize: number) {
    this.#windowSize = Math.max(4096, dictionarySize)
    this.#window = new Uint8Array(Math.min(this.#windowSize, 1 << 20))
  }

  /** The properties byte: lc + 9 · (lp + 5 · pb). Throws when it is none. */
  setProperties(byte: number): void {
    if (byte >= 9 * 5 * 5) throw new Error('damaged properties')
    const lp = Math.floor(byte / 9) % 5
    const pb = Math.floor(byte / 45)
    this.#lc = byte % 9
    this.#literalMask = (1 << lp) - 1
    this.#positionMask = (1 << pb) - 1
    this.#probabilities = new Uint16Array(LITERAL + (0x300 << (this.#lc + lp)))
    this.resetState()
  }

  resetState(): void {
    this.#probabilities.fill(INIT)
    this.#state = 0
    this.#rep0 = this.#rep1 = this.#rep2 = this.#rep3 = 0
    this.#left = 0
  }

  resetDictionary(): void {
    this.#position = 0
    this.#written = 0
    this.#pending = 0
  }

  /** Reads the five bytes that a range-coded stream starts with. */
  startRange(): void {
    if (this.end - this.at < 5 || this.bytes[this.at] !== 0) throw new Error('damaged stream')
    this.#range = 0xffffffff
    this.#code = 0
    this.at++
    for (let i = 0; i < 4; i++) this.#code = ((this.#code << 8) | this.bytes[this.at++]) >>> 0
  }

  /** Bytes that are stored as they are. */
  store(bytes: Uint8Array): void {
    for (const byte of bytes) this.#put(byte)
  }

  /** Takes the bytes that were decoded since the last time. */
  drain(): Uint8Array {
    const count = this.#pending
    this.#pending = 0
    const out = new Uint8Array(count)
    const size = this.#window.length
    const from = this.#position - count
    if (from >= 0) out.set(this.#window.subarray(from, this.#position))
    else {
      out.set(this.#window.subarray(size + from))
      out.set(this.#window.subarray(0, this.#position), -from)
    }
    return out
  }

  /** `decode`, with the bytes themselves, and what ended them where that was damage. */
  attempt(limit: number, last: boolean): { piece: Uint8Array; problem?: unknown } {
    try {
      this.decode(limit, last)
    } catch (problem) {
      return { piece: this.drain(), problem }
    }
    return { piece: this.drain() }
  }

  /**
   * Decodes up to `limit` more bytes, which must not be more than the window holds; stops early where less than MAX_SYMBOL bytes of input are at
   * hand unless `last`. Gives how many it decoded.
   */
  decode(limit: number, last: boolean): number {
    const start = this.#written
    const stop = start + limit
    const probabilities = this.#probabilities
    while (this.#written < stop && !this.finished) {
      if (this.#left > 0) {
        this.#copy(Math.min(this.#left, stop - this.#written))
        continue
      }
      if (!last && this.end - this.at < MAX_SYMBOL) break
      const positionState = this.#written & this.#positionMask
      const state = this.#state
      if (this.#bit(probabilities, IS_MATCH + state * POSITION_STATES + positionState) === 0) {
        this.#literal()
        continue
      }
      let length: number
      if (this.#bit(probabilities, IS_REP + state) === 0) {
        length = this.#match(positionState)
        if (this.finished) break
      } else length = this.#repeat(positionState)
      if (length === 0) continue
      if (this.#rep0 >= this.#written || this.#rep0 >= this.#windowSize) throw new Error('damaged stream')
      this.#left = length
    }
    return this.#written - start
  }

  #literal(): void {
    const probabilities = this.#probabilities
    const previous = this.#written > 0 ? this.#back(0) : 0
    const context = ((this.#written & this.#literalMask) << this.#lc) + (previous >> (8 - this.#lc))
    const base = LITERAL + 0x300 * context
    let symbol = 1
    if (this.#state >= 7) {
      let matched = this.#back(this.#rep0)
      do {
        const bit = (matched >> 7) & 1
        matched <<= 1
        const got = this.#bit(probabilities, base + ((1 + bit) << 8) + symbol)
        symbol = (symbol << 1) | got
        if (bit !== got) break
      } while (symbol < 0x100)
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.#bit(probabilities, base + symbol)
    this.#put(symbol & 0xff)
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6
  }

  #match(positionState: number): number {
    this.#rep3 = this.#rep2
    this.#rep2 = this.#rep1
    this.#rep1 = this.#rep0
    const length = this.#length(MATCH_LENGTH, positionState)
    this.#state = this.#state < 7 ? 7 : 10
    this.#rep0 = this.#distance(length)
    if (this.#rep0 === 0xffffffff) this.finished = true
    return length + 2
  }

  #repeat(positionState: number): number {
    const probabilities = this.#probabilities
    const state = this.#state
    if (this.#written === 0) throw new Error('damaged stream')
    if (this.#bit(probabilities, IS_REP_0 + state) === 0) {
      if (this.#bit(probabilities, IS_REP_0_LONG + state * POSITION_STATES + positionState) === 0) {
        this.#state = state < 7 ? 9 : 11
        if (this.#rep0 >= this.#written) throw new Error('damaged stream')
        this.#put(this.#back(this.#rep0))
        return 0
      }
    } else {
      let distance: number
      if (this.#bit(probabilities, IS_REP_1 + state) === 0) distance = this.#rep1
      else {
        if (this.#bit(probabilities, IS_REP_2 + state) === 0) distance = this.#rep2
        else {
          distance = this.#rep3
          this.#rep3 = this.#rep2
        }
        this.#rep2 = this.#rep1
      }
      this.#rep1 = this.#rep0
      this.#rep0 = distance
    }
    const length = this.#length(REP_LENGTH, positionState)
    this.#state = state < 7 ? 8 : 11
    return length + 2
  }

  #length(base: number, positionState: number): number {
    const probabilities = this.#probabilities
    if (this.#bit(probabilities, base + LENGTH_CHOICE) === 0)
      return this.#tree(base + LENGTH_LOW + positionState * 8, 3)
    if (this.#bit(probabilities, base + LENGTH_CHOICE_2) === 0)
      return 8 + this.#tree(base + LENGTH_MID + positionState * 8, 3)
    return 16 + this.#tree(base + LENGTH_HIGH, 8)
  }

  #distance(length: number): number {
    const slot = this.#tree(POSITION_SLOT + Math.min(length, 3) * 64, 6)
    if (slot < 4) return slot
    const bits = (slot >> 1) - 1
    const base = (2 | (slot & 1)) * 2 ** bits
    if (slot < 14) return base + this.#reverseTree(SPECIAL_POSITION + base - slot, bits)
    return base + this.#direct(bits - 4) * 16 + this.#reverseTree(ALIGN, 4)
  }

  #tree(base: number, bits: number): number {
    let symbol = 1
    for (let i = 0; i < bits; i++) symbol = (symbol << 1) | this.#bit(this.#probabilities, base + symbol)
    return symbol - (1 << bits)
  }

  #reverseTree(base: number, bits: number): number {
    let symbol = 1
    let value = 0
    for (let i = 0; i < bits; i++) {
      const bit = this.#bit(this.#probabilities, base + symbol)
      symbol = (symbol << 1) | bit
      value |= bit << i
    }
    return value
  }

  #direct(bits: number): number {
    let value = 0
    for (let i = 0; i < bits; i++) {
      this.#range >>>= 1
      const one = this.#code >= this.#range
      if (one) this.#code = (this.#code - this.#range) >>> 0
      value = value * 2 + (one ? 1 : 0)
      if (this.#range < TOP) this.#normalize()
    }
    return value
  }

  #bit(probabilities: Uint16Array, index: number): number {
    const probability = probabilities[index]
    const bound = (this.#range >>> 11) * probability
    let bit: number
    if (this.#code < bound) {
      this.#range = bound
      probabilities[index] = probability + ((2048 - probability) >> 5)
      bit = 0
    } else {
      this.#range = (this.#range - bound) >>> 0
      this.#code = (this.#code - bound) >>> 0
      probabilities[index] = probability - (probability >> 5)
      bit = 1
    }
    if (this.#range < TOP) this.#normalize()
    return bit
  }

  #normalize(): void {
    if (this.at >= this.end) throw new Error('unexpected end of file')
    this.#range = (this.#range << 8) >>> 0
    this.#code = ((this.#code << 8) | this.bytes[this.at++]) >>> 0
  }

  /** The byte written `distance + 1` bytes ago. */
  #back(distance: number): number {
    const at = this.#position - distance - 1
    return this.#window[at < 0 ? at + this.#window.length : at]
  }

  #copy(count: number): void {
    const distance = this.#rep0
    for (let i = 0; i < count; i++) this.#put(this.#back(distance))
    this.#left -= count
  }

  #put(byte: number): void {
    if (this.#position === this.#window.length) {
      if (this.#window.length < this.#windowSize && this.#written === this.#position) this.#grow()
      else this.#position = 0
    }
    this.#window[this.#position++] = byte
    this.#written++
    this.#pending++
  }

  #grow(): void {
    const larger = new Uint8Array(Math.min(this.#windowSize, this.#window.length * 4))
    larger.set(this.#window)
    this.#window = larger
  }
}
