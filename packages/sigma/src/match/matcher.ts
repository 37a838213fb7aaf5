// Events against all rules. A rule is looked at only when one of the atoms that it cannot do without was found; then its tree is walked, and what was not looked out for
// is tested on demand and remembered for the event. No allocation for an event that wakes no rule.
import type { Atom, CompiledRule, RuleSet, Tree } from '../compile/rule-set.ts'
import { type EventShape, type EventView, type FieldValue, ValueKind } from '../event.ts'
import { fold } from '../modifiers/folding.ts'
import { MAX_KEPT_BYTES } from './byte-table.ts'
import { ByteValue } from './byte-value.ts'
import { KnownTests } from './known-tests.ts'
import { type Plan, type PlanCore, Planner, slotsOfFields } from './plan.ts'
import type { PlannedField } from './planned-field.ts'
import { type Program, TRUE } from './program.ts'
import { anyText, comparesTo, type TextTest, textTest } from './test-value.ts'
import { ValueCache } from './value-cache.ts'

const FEW = 32
/** What a test costs whatever the value, and what a known answer does, in characters of long values. */
const TEST = 64
const ANSWER = 16
/** In place of the number of a value: no answers are kept (KnownTests). */
const NOT_KEPT = 0
/** It is no text but a list, an object, or nothing. */
const NO_TEXT = -1

/** Shapes that plans are kept for; a source that makes more gets them anew. */
const MAX_PLANS = 4096

export interface Matcher {
  readonly ruleSet: RuleSet
  /** Calls back for each rule that the event matches, in the order of the set. */
  match(event: EventView, onMatch: (rule: CompiledRule, index: number) => void): void
  /** The fields whose values made a rule match, of the event that was matched last, in the rule's order. */
  matchedFields(event: EventView, rule: number): Record<string, string>
  /** trees walked so far: what the witnesses let through */
  readonly evaluations: number
}

export interface MatcherOptions {
  /** What is spent on testing atoms one by one (characters of values, and some for each test) before a plan is adapted. Only speed depends on it; tests make it small. */
  adaptAfter?: number
}

export const createMatcher = (ruleSet: RuleSet, { adaptAfter = 200_000 }: MatcherOptions = {}): Matcher =>
  new SetMatcher(ruleSet, adaptAfter)

class SetMatcher implements Matcher {
  readonly ruleSet: RuleSet
  evaluations = 0
  readonly #planner: Planner
  #plans = new Map<EventShape, Plan | null>()
  readonly #cache = new ValueCache()
  readonly #tests: (TextTest | null | undefined)[]
  /** by atom: twice the round in which it was decided, plus the answer */
  readonly #known: Int32Array
  readonly #woken: Int32Array
  readonly #knownTests = new KnownTests()
  /** by slot: the round in which its value was looked at; its number among those kept, NOT_KEPT, or NO_TEXT */
  #seenIn = new Int32Array(256)
  #numbers = new Int32Array(256)
  /** by slot: the round in which it was decoded, and its text */
  #decodedIn = new Int32Array(256)
  readonly #texts: string[] = []
  readonly #folded: (string | undefined)[] = []
  #candidates: Int32Array
  /** place in the plan of the rule that was last found to match */
  #matched = 0
  #count = 0
  #round = 0
  /** values as the event holds them, and those that are made bytes of */
  readonly #bytes = new ByteValue()
  readonly #scratch = new ByteValue()
  #event!: EventView
  #plan!: Plan
  /** a plan to be adapted before the next event */
  #adapting: PlanCore | undefined

  constructor(ruleSet: RuleSet, adaptAfter: number) {
    this.ruleSet = ruleSet
    this.#planner = new Planner(ruleSet, adaptAfter)
    this.#tests = new Array(ruleSet.atoms.length)
    this.#known = new Int32Array(ruleSet.atoms.length)
    this.#woken = new Int32Array(ruleSet.rules.length)
    this.#candidates = new Int32Array(ruleSet.rules.length)
  }

  match(event: EventView, onMatch: (rule: CompiledRule, index: number) => void): void {
    const plan = this.#planOf(event.shape)
    if (plan === null) return
    this.#begin(event, plan)
    const { fieldSlots, allSlots, core } = plan
    const { fields, keywords, always, rules } = core
    const { kinds } = event
    for (let at = 0; at < fields.length; at++) {
      const slot = fieldSlots[at]
      if (kinds[slot] > ValueKind.Null) this.#look(fields[at], slot)
    }
    if (keywords) this.#lookEverywhere(keywords, allSlots)
    for (let at = 0; at < always.length; at++) this.#wake(always[at])
    if (this.#count === 0) return
    sortFirst(this.#candidates, this.#count)
    for (let at = 0; at < this.#count; at++) {
      const rule = this.#candidates[at]
      this.evaluations++
      if (!this.#holds(core.program(rule))) continue
      this.#matched = rule
      onMatch(this.ruleSet.rules[rules[rule]], rules[rule])
    }
  }

  #lookEverywhere(keywords: PlannedField, slots: Int32Array): void {
    const { kinds, bytes, recordStart, recordEnd, hasUnicodeEscapes } = this.#event
    if (
      recordStart !== undefined &&
      recordEnd !== undefined &&
      !keywords.matcher.isAnnounced(this.#bytes.set(ValueKind.Utf8, bytes, recordStart, recordEnd), hasUnicodeEscapes)
    )
      return
    const passesPlain = keywords.matcher.needsWords
    for (let at = 0; at < slots.length; at++) {
      const kind = kinds[slots[at]]
      if (kind > ValueKind.Null && !(passesPlain && kind === ValueKind.Plain)) this.#look(keywords, slots[at])
    }
  }

  #planOf(shape: EventShape): Plan | null {
    let plan = this.#plans.get(shape)
    if (plan === undefined) {
      if (this.#plans.size >= MAX_PLANS) this.#plans = new Map()
      plan = this.#planner.plan(shape) ?? null
      this.#plans.set(shape, plan)
    }
    return plan
  }

  #begin(event: EventView, plan: Plan): void {
    if (this.#adapting !== undefined) {
      this.#planner.adapt(this.#adapting)
      this.#adapting = undefined
    }
    if (plan.fieldSlots.length < plan.core.fields.length) plan.fieldSlots = slotsOfFields(plan.core, plan.slots)
    this.#knownTests.begin()
    this.#event = event
    this.#plan = plan
    this.#count = 0
    if (event.shape.fields.length > this.#seenIn.length) {
      this.#seenIn = new Int32Array(event.shape.fields.length * 2)
      this.#numbers = new Int32Array(event.shape.fields.length * 2)
      this.#decodedIn = new Int32Array(event.shape.fields.length * 2)
    }
    if (++this.#round > 0x3fff_ffff) {
      this.#round = 1
      this.#known.fill(0)
      this.#woken.fill(0)
      this.#seenIn.fill(0)
      this.#decodedIn.fill(0)
    }
  }

  #wake(rule: number): void {
    if (this.#woken[rule] === this.#round) return
    this.#woken[rule] = this.#round
    this.#candidates[this.#count++] = rule
  }

  /** Looks for a field's atoms in the value in a slot. */
  #look(field: PlannedField, slot: number): void {
    const { kinds, bytes, starts, ends } = this.#event
    const kind = kinds[slot]
    if (kind === ValueKind.Utf8 || kind === ValueKind.Utf16 || kind === ValueKind.JsonEscaped)
      this.#find(field, this.#bytes.set(kind, bytes, starts[slot], ends[slot]))
    else this.#value(field, this.#event.value(slot))
  }

  #value(field: PlannedField, value: FieldValue | undefined): void {
    if (value === undefined || value === null) return
    if (typeof value !== 'object') this.#find(field, this.#scratch.setText(String(value)))
    else for (const one of Array.isArray(value) ? value : Object.values(value)) this.#value(field, one)
  }

  #find(field: PlannedField, value: ByteValue): void {
    const { matcher } = field
    if (value.end - value.start > MAX_KEPT_BYTES) {
      const found = matcher.find(value)
      this.#note(field, found, 0, matcher.found)
      return
    }
    const owner = field.owner + value.kind
    const cache = this.#cache
    const known = cache.get(owner, value)
    if (known !== 0) {
      this.#note(field, cache.found, cache.starts[known], cache.starts[known + 1])
      return
    }
    const found = matcher.find(value)
    cache.set(owner, value, found, matcher.found)
    this.#note(field, found, 0, matcher.found)
  }

  /** Remembers which atoms are true, and wakes their rules. */
  #note({ matcher, wakes, wakeStarts }: PlannedField, found: Int32Array, from: number, to: number): void {
    for (let at = from; at < to; at++) {
      const id = found[at]
      this.#known[matcher.atoms[id]] = this.#round * 2 + 1
      for (let each = wakeStarts[id]; each < wakeStarts[id + 1]; each++) this.#wake(wakes[each])
    }
  }

  #holds(program: Program): boolean {
    let at = program[0]
    while (at >= 0) at = program[this.#atomHolds(program[at]) ? at + 1 : at + 2]
    return at === TRUE
  }

  #atomHolds(atom: number): boolean {
    const known = this.#known[atom]
    if (known >> 1 === this.#round) return (known & 1) === 1
    if (this.#plan.core.watched[atom] === 1) return false
    const holds = this.#test(atom)
    this.#known[atom] = this.#round * 2 + Number(holds)
    return holds
  }

  #test(index: number): boolean {
    const atom = this.ruleSet.atoms[index]
    if (atom.field === undefined) return this.#testAnywhere(index)
    const slot = this.#plan.slots.get(atom.field)
    if (slot === undefined) return this.#testValue(atom, index, this.#event.shape.constants.get(atom.field))
    const number = this.#event.kinds[slot] > ValueKind.Null ? this.#numberOf(slot) : NO_TEXT
    if (number === NO_TEXT) return this.#testValue(atom, index, this.#event.value(slot))
    const known = this.#knownTests
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
    if (this.#decodedIn[slot] !== this.#round) this.#keepText(slot, String(this.#event.value(slot)))
    const text = this.#texts[slot]
    this.#noteTest(index, TEST + text.length)
    const holds = test(text, (this.#folded[slot] ??= fold(text)))
    if (number !== NOT_KEPT) known.keep(index, number, holds)
    return holds
  }

  #keepText(slot: number, text: string): void {
    this.#decodedIn[slot] = this.#round
    this.#texts[slot] = text
    this.#folded[slot] = undefined
  }

  /** What several atoms ask for is looked at once an event. The slot has a value. */
  #numberOf(slot: number): number {
    if (this.#seenIn[slot] === this.#round) return this.#numbers[slot]
    this.#seenIn[slot] = this.#round
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
        : this.#knownTests.numberOf(kind, this.#bytes.set(kind, bytes, starts[slot], ends[slot]))
    const value = this.#event.value(slot)
    if (value === undefined || value === null || typeof value === 'object') return NO_TEXT
    this.#keepText(slot, String(value))
    return NOT_KEPT
  }

  #noteTest(atom: number, cost: number): void {
    const { core } = this.#plan
    core.tested.set(atom, (core.tested.get(atom) ?? 0) + cost)
    core.spent += cost
    if (core.spent > core.mayBeSpent) this.#adapting = core
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
      const other = this.#otherValue(test.field)
      return someText(value, (text) => someText(other, (right) => comparesTo(text, right, test)))
    }
    const holds = this.#testOf(index)
    return holds !== null && someText(value, holds)
  }

  #otherValue(field: string): FieldValue | undefined {
    const slot = this.#plan.slots.get(field)
    return slot === undefined ? this.#event.shape.constants.get(field) : this.#event.value(slot)
  }

  #testOf(index: number): TextTest | null {
    let test = this.#tests[index]
    if (test === undefined) test = this.#tests[index] = textTest(this.ruleSet.atoms[index].test) ?? null
    return test
  }

  matchedFields(event: EventView, rule: number): Record<string, string> {
    const plan = this.#planOf(event.shape)
    const found: Record<string, string> = {}
    if (plan === null) return found
    this.#event = event
    this.#plan = plan
    const visit = (tree: Tree): void => {
      if (typeof tree === 'boolean') return
      if (typeof tree === 'number') {
        const { field } = this.ruleSet.atoms[tree]
        if (this.#atomHolds(tree)) this.#tell(found, field)
      } else if (tree[0] !== '!')
        for (let at = 1; at < tree.length; at++)
          if (tree[0] === '&' || this.#treeHolds(tree[at] as Tree)) visit(tree[at] as Tree)
    }
    const { core } = plan
    const at = core.rules[this.#matched] === rule ? this.#matched : core.rules.indexOf(rule)
    if (at >= 0) visit(core.trees[at])
    return found
  }

  #treeHolds(tree: Tree): boolean {
    if (typeof tree === 'number') return this.#atomHolds(tree)
    if (typeof tree === 'boolean') return tree
    if (tree[0] === '!') return !this.#treeHolds(tree[1])
    const isAnd = tree[0] === '&'
    for (let at = 1; at < tree.length; at++) if (this.#treeHolds(tree[at] as Tree) !== isAnd) return !isAnd
    return isAnd
  }

  #tell(found: Record<string, string>, field: string | undefined): void {
    if (field === undefined) return
    const value = this.#otherValue(field)
    if (value !== undefined && value !== null)
      found[field] = typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
}

/** Sorts the first numbers of a list: mostly there is one. */
function sortFirst(list: Int32Array, count: number): void {
  if (count > FEW) {
    list.subarray(0, count).sort()
    return
  }
  for (let at = 1; at < count; at++) {
    const one = list[at]
    let to = at
    for (; to > 0 && list[to - 1] > one; to--) list[to] = list[to - 1]
    list[to] = one
  }
}

/** Whether a test holds of a value or of anything in it. */
function someText(value: FieldValue | undefined, test: TextTest): boolean {
  if (value === undefined || value === null) return false
  if (typeof value === 'object')
    return (Array.isArray(value) ? value : Object.values(value)).some((one) => someText(one, test))
  const text = String(value)
  return test(text, fold(text))
}
