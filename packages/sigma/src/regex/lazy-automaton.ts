// Whether a regular expression is found in a text, in time that grows with the text and no faster, whatever the pattern: the places at which its program may be are a state, and
// what a character makes of a state is worked out once and kept. States are made when a text leads to them; when there are too many, all are forgotten and made anew.
import { type CharacterSet, holds, rangesOf, WORD } from './character-set.ts'
import type { Assertion } from './parse-regex.ts'
import { Operation, type Program } from './program.ts'

const UNKNOWN = -1
const FOUND = 0
/** nothing can be found any more */
const LOST = 1
const START = 2
/** entries of the table of transitions at most, 4 bytes each */
const MAX_ENTRIES = 1 << 15
const MIN_STATES = 16
/** places in all states kept at most: states of patterns with many repetitions are large */
const MAX_PLACES = 1 << 17
/** What may be spent, in places, on states that a text leads to for the first time before it is asked whether keeping them is worth it. */
const MAX_SPENT = 1 << 14

/** What stood before the place that the text was read to; assertions look at it. */
const Before = { Start: 0, LineFeed: 1, Word: 2, Other: 3 } as const

/** Which characters no set of the program tells apart; and two signs that are no characters. */
class Alphabet {
  readonly size: number
  /** a line feed with nothing behind it: `$` stands before it too */
  readonly finalLineFeed: number
  readonly end: number
  /** one character of each class */
  readonly examples: number[] = []
  readonly ascii = new Uint16Array(128)
  readonly #bounds: number[]

  constructor(sets: readonly CharacterSet[]) {
    const bounds = new Set([0])
    for (const set of [...sets, [10, 10], WORD]) for (const [low, high] of rangesOf(set)) bounds.add(low).add(high + 1)
    // A class per range between bounds: a few more than needed, none too few.
    this.#bounds = [...bounds].sort((a, b) => a - b)
    this.examples = [...this.#bounds, 10]
    this.finalLineFeed = this.#bounds.length
    this.end = this.finalLineFeed + 1
    this.size = this.end + 1
    for (let character = 0; character < 128; character++) this.ascii[character] = this.#find(character)
  }

  classOf(character: number): number {
    return character < 128 ? this.ascii[character] : this.#find(character)
  }

  #find(character: number): number {
    let low = 0
    let high = this.#bounds.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (this.#bounds[middle] <= character) low = middle
      else high = middle
    }
    return low
  }
}

interface State {
  /** places of the program, before what needs no character was done */
  readonly places: readonly number[]
  readonly before: number
}

export class LazyAutomaton {
  readonly #program: Program
  readonly #alphabet: Alphabet
  readonly #maxStates: number
  readonly #asserts: boolean
  readonly #anchored: boolean
  #states: State[] = []
  /** places in all of them */
  #places = 0
  #byKey = new Map<string, number>()
  #table: Int32Array
  /** by place: the round in which it was reached */
  readonly #reached: Int32Array
  #round = 0
  /** places to be looked at: those of a state, the start, and two for each that splits */
  readonly #open: Int32Array

  constructor(program: Program) {
    this.#program = program
    this.#alphabet = new Alphabet(program.sets)
    this.#maxStates = Math.max(MIN_STATES, Math.floor(MAX_ENTRIES / this.#alphabet.size))
    this.#asserts = program.assertions.length > 0
    this.#reached = new Int32Array(program.operations.length)
    this.#open = new Int32Array(program.operations.length * 3 + 1)
    this.#table = new Int32Array(0)
    this.#forget()
    this.#anchored = this.#isAnchored()
  }

  /** Whether the pattern is found anywhere in the text. */
  find(text: string): boolean {
    const { ascii, end, finalLineFeed, size } = this.#alphabet
    const last = text.length - 1
    let state = START
    let unknown = 0
    let spent = 0
    for (let at = 0; at <= last; at++) {
      const begin = at
      const unit = text.charCodeAt(at)
      let kind: number
      if (unit < 128) kind = unit === 10 && at === last ? finalLineFeed : ascii[unit]
      else {
        const character = text.codePointAt(at)!
        if (character > 0xffff) at++
        kind = this.#alphabet.classOf(character)
      }
      let next = this.#table[state * size + kind]
      if (next === UNKNOWN) {
        unknown++
        spent += this.#states[state].places.length
        if (spent > MAX_SPENT && unknown * 2 > begin) return this.#findOn(text, begin, this.#states[state])
        next = this.#step(state, kind)
      }
      if (next <= LOST) return next === FOUND
      state = next
    }
    const next = this.#table[state * size + end]
    return (next === UNKNOWN ? this.#step(state, end) : next) === FOUND
  }

  /** Goes on at `from` without keeping states: for texts of which most characters lead to a new one. */
  #findOn(text: string, from: number, state: State): boolean {
    const { end, finalLineFeed } = this.#alphabet
    const last = text.length - 1
    let { places, before } = state
    for (let at = from; at <= last; at++) {
      const character = text.codePointAt(at)!
      if (character > 0xffff) at++
      const kind = character === 10 && at === last ? finalLineFeed : this.#alphabet.classOf(character)
      const reads = this.#reach(places, before, kind)
      if (!reads) return true
      places = this.#ahead(reads, kind)
      if (places.length === 0 && this.#anchored) return false
      before = this.#behind(kind)
    }
    return this.#reach(places, before, end) === undefined
  }

  /** Works out and keeps where a class of characters leads from a state. */
  #step(state: number, kind: number): number {
    const { places, before } = this.#states[state]
    const reads = this.#reach(places, before, kind)
    let next: number = FOUND
    if (reads) {
      const ahead = this.#ahead(reads, kind)
      const isLost = kind === this.#alphabet.end || (ahead.length === 0 && this.#anchored)
      next = isLost
        ? LOST
        : this.#stateOf(
            [...new Set(ahead)].sort((a, b) => a - b),
            this.#behind(kind),
          )
    }
    // A table that was forgotten meanwhile does not know the state any more.
    if (this.#states[state]?.places === places) this.#table[state * this.#alphabet.size + kind] = next
    return next
  }

  /** The places that a class of characters leads to. */
  #ahead(reads: readonly number[], kind: number): number[] {
    const { operands, nexts, sets } = this.#program
    const { end, examples } = this.#alphabet
    const ahead: number[] = []
    if (kind !== end)
      for (const place of reads) if (holds(sets[operands[place]], examples[kind])) ahead.push(nexts[place])
    return ahead
  }

  /** The places that read a character, of all that are reached from these and from the start without one; undefined when what is looked for is found there. */
  #reach(from: readonly number[], before: number, kind: number): number[] | undefined {
    const { operations, operands, nexts, assertions, start } = this.#program
    const round = (this.#round = (this.#round + 1) | 0)
    const reached = this.#reached
    const open = this.#open
    let count = 0
    for (const place of from) open[count++] = place
    open[count++] = start
    const reads: number[] = []
    while (count > 0) {
      const place = open[--count]
      if (reached[place] === round) continue
      reached[place] = round
      const operation = operations[place]
      if (operation === Operation.Found) return undefined
      if (operation === Operation.Read) reads.push(place)
      else if (operation === Operation.Split) {
        open[count++] = operands[place]
        open[count++] = nexts[place]
      } else if (this.#stands(assertions[operands[place]], before, kind)) open[count++] = nexts[place]
    }
    return reads
  }

  #stands(what: Assertion, before: number, kind: number): boolean {
    const { end, finalLineFeed, examples } = this.#alphabet
    const isEnd = kind === end
    switch (what) {
      case 'start':
        return before === Before.Start
      case 'line-start':
        // PCRE: not behind a line feed that is the last character.
        return before === Before.Start || (before === Before.LineFeed && !isEnd)
      case 'end':
        return isEnd
      case 'final-end':
        return isEnd || kind === finalLineFeed
      case 'line-end':
        return isEnd || examples[kind] === 10
      case 'no-line-feed-ahead':
        return isEnd || examples[kind] !== 10
      default: {
        const isWord = !isEnd && holds(WORD, examples[kind])
        return (isWord !== (before === Before.Word)) === (what === 'boundary')
      }
    }
  }

  #behind(kind: number): number {
    if (!this.#asserts) return Before.Start
    const example = this.#alphabet.examples[kind]
    return example === 10 ? Before.LineFeed : holds(WORD, example) ? Before.Word : Before.Other
  }

  #stateOf(places: readonly number[], before: number): number {
    const key = `${before}:${places.join()}`
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    if (this.#states.length >= this.#maxStates || this.#places + places.length > MAX_PLACES) this.#forget()
    return this.#add({ places, before }, key)
  }

  #add(state: State, key: string): number {
    const { size } = this.#alphabet
    const index = this.#states.push(state) - 1
    if (this.#table.length < (index + 1) * size) {
      const larger = new Int32Array(Math.min(this.#maxStates, (index + 1) * 2) * size).fill(UNKNOWN)
      larger.set(this.#table)
      this.#table = larger
    }
    this.#byKey.set(key, index)
    this.#places += state.places.length
    return index
  }

  #forget(): void {
    this.#table.fill(UNKNOWN)
    this.#byKey = new Map()
    this.#places = 0
    // FOUND and LOST are states of which nothing is asked.
    this.#states = [NONE, NONE]
    this.#add({ places: [], before: Before.Start }, `${Before.Start}:`)
  }

  /** Whether it can begin at the start of the text only. */
  #isAnchored(): boolean {
    if (!this.#asserts) return false
    const { size } = this.#alphabet
    for (const before of [Before.LineFeed, Before.Word, Before.Other])
      for (let kind = 0; kind < size; kind++) {
        const reads = this.#reach([], before, kind)
        if (reads === undefined || reads.length) return false
      }
    return true
  }
}

const NONE: State = { places: [], before: -1 }
