// The atoms that rules ask for while their trees are walked. What was looked out for is known; the rest is tested on the value, once an event, and what is short is remembered beyond it.
import type { Atom, RuleSet } from '../compile/rule-set.ts'
import { type EventView, type FieldValue, ValueKind } from '../event.ts'
import { fold } from '../modifiers/folding.ts'
import { MAX_KEPT_BYTES } from './byte-table.ts'
import { ByteValue, textOf } from './byte-value.ts'
import { KnownTests } from './known-tests.ts'
import type { Plan } from './plan-core.ts'
import { anyText, comparesTo, type TextTest, textTest } from './test-value.ts'

/** What a test costs whatever the value, and what a known answer does, in characters of long values. */
const TEST = 64
const ANSWER = 16
/** In place of the number of a value: no answers are kept (KnownTests). */
const NOT_KEPT = 0
/** It is no text but a list, an object, or nothing. */
const NO_TEXT = -1

const MAX_ROUND = 0x3fff_ffff

export class AskedAtoms {
  /** counts events */
  round = 0
  readonly #atoms: RuleSet['atoms']
  readonly #tests: (TextTest | null | undefined)[]
  /** by atom: twice the round in which it was decided, plus the answer */
  readonly #decided: Int32Array
  readonly #known = new KnownTests()
  /** by slot: the round in which its value was looked at; its number among those kept, NOT_KEPT, or NO_TEXT */
  #seenIn = new Int32Array(256)
  #numbers = new Int32Array(256)
  /** by slot: the round in which it was decoded, and its text */
  #decodedIn = new Int32Array(256)
  readonly #texts: string[] = []
  readonly #folded: (string | undefined)[] = []
  readonly #bytes = new ByteValue()
  #event!: EventView
  #plan!: Plan

  constructor({ atoms }: RuleSet) {
    this.#atoms = atoms
    this.#tests = new Array(atoms.length)
    this.#decided = new Int32Array(atoms.length)
  }

  /** Goes on to an event. True when rounds are counted from the start again: what was marked with one is to be forgotten. */
  begin(event: EventView, plan: Plan): boolean {
    this.#known.begin()
    this.#event = event
    this.#plan = plan
    if (event.shape.fields.length > this.#seenIn.length) {
      this.#seenIn = new Int32Array(event.shape.fields.length * 2)
      this.#numbers = new Int32Array(event.shape.fields.length * 2)
      this.#decodedIn = new Int32Array(event.shape.fields.length * 2)
    }
    if (++this.round <= MAX_ROUND) return false
    this.round = 1
    this.#decided.fill(0)
    this.#seenIn.fill(0)
    this.#decodedIn.fill(0)
    return true
  }

  /** The event, in the place of another that was begun with, now lies here. */
  moveTo(event: EventView, plan: Plan): void {
    this.#event = event
    this.#plan = plan
  }

  /** An atom that was looked out for has been found. */
  found(atom: number): void {
    this.#decided[atom] = this.round * 2 + 1
  }

  holds(atom: number): boolean {
    const decided = this.#decided[atom]
    if (decided >> 1 === this.round) return (decided & 1) === 1
    if (this.#plan.core.watched.has(atom)) return false
    const holds = this.#test(atom)
    this.#decided[atom] = this.round * 2 + Number(holds)
    return holds
  }

  /** A field's value, be it the event's or its shape's. */
  value(field: string): FieldValue | undefined {
    const slot = this.#plan.slots.get(field)
    return slot === undefined ? this.#event.shape.constants.get(field) : this.#event.value(slot)
  }

  #test(index: number): boolean {
    const atom = this.#atoms[index]
    if (atom.field === undefined) return this.#testAnywhere(index)
    const slot = this.#plan.slots.get(atom.field)
    if (slot === undefined) return this.#testValue(atom, index, this.#event.shape.constants.get(atom.field))
    const number = this.#event.kinds[slot] > ValueKind.Null ? this.#numberOf(slot) : NO_TEXT
    if (number === NO_TEXT) return this.#testValue(atom, index, this.#event.value(slot))
    const known = this.#known
    if (number !== NOT_KEPT) {
      const answer = known.answer(index, number)
      if (answer >= 0) {
        this.#noteTest(index, ANSWER)
        return answer === 1
      }
    }
    const test = this.#testOf(index)
    if (test === null) return this.#testValue(atom, index, this.#event.value(slot))
    if (test === anyText) return true
    if (this.#decodedIn[slot] !== this.round) this.#keepText(slot, textOf(this.#event.value(slot)))
    const text = this.#texts[slot]
    this.#noteTest(index, TEST + text.length)
    const holds = test(text, (this.#folded[slot] ??= fold(text)))
    if (number !== NOT_KEPT) known.keep(index, number, holds)
    return holds
  }

  #keepText(slot: number, text: string): void {
    this.#decodedIn[slot] = this.round
    this.#texts[slot] = text
    this.#folded[slot] = undefined
  }

  /** What several atoms ask for is looked at once an event. The slot has a value. */
  #numberOf(slot: number): number {
    if (this.#seenIn[slot] === this.round) return this.#numbers[slot]
    this.#seenIn[slot] = this.round
    const number = this.#keptNumberOf(slot)
    this.#numbers[slot] = number
    return number
  }

  #keptNumberOf(slot: number): number {
    const { kinds, bytes, starts, ends } = this.#event
    const kind = kinds[slot]
    if (kind === ValueKind.Utf8 || kind === ValueKind.Utf16 || kind === ValueKind.JsonEscaped)
      return ends[slot] - starts[slot] > MAX_KEPT_BYTES
        ? NOT_KEPT
        : this.#known.numberOf(kind, this.#bytes.set(kind, bytes, starts[slot], ends[slot]))
    const value = this.#event.value(slot)
    if (value === undefined || value === null || typeof value === 'object') return NO_TEXT
    this.#keepText(slot, textOf(value))
    return NOT_KEPT
  }

  /** What is spent on atoms that are not looked out for (adapt.ts). */
  #noteTest(atom: number, cost: number): void {
    const { core } = this.#plan
    core.tested.set(atom, (core.tested.get(atom) ?? 0) + cost)
    core.spent += cost
  }

  #testAnywhere(index: number): boolean {
    const test = this.#testOf(index)
    if (!test) return false
    for (const slot of this.#plan.allSlots)
      if (this.#event.kinds[slot] > ValueKind.Null && someText(this.#event.value(slot), test)) return true
    return false
  }

  #testValue({ test }: Atom, index: number, value: FieldValue | undefined): boolean {
    if (test.kind === 'null') return value === undefined || value === null
    if (test.kind === 'exists') return (value !== undefined) === test.value
    if (value === undefined || value === null) return false
    if (test.kind === 'fieldref') {
      const other = this.value(test.field)
      return someText(value, (text) => someText(other, (right) => comparesTo(text, right, test)))
    }
    const holds = this.#testOf(index)
    return holds !== null && someText(value, holds)
  }

  #testOf(index: number): TextTest | null {
    let test = this.#tests[index]
    if (test === undefined) test = this.#tests[index] = textTest(this.#atoms[index].test) ?? null
    return test
  }
}

/** Whether a test holds of a value or of anything in it. */
function someText(value: FieldValue | undefined, test: TextTest): boolean {
  if (value === undefined || value === null) return false
  if (typeof value === 'object')
    return (Array.isArray(value) ? value : Object.values(value)).some((one) => someText(one, test))
  const text = textOf(value)
  return test(text, fold(text))
}
