// Events against all rules. A rule is looked at only when one of the atoms that it cannot do without was found; then its tree is walked, and what was not looked out for
// is tested on demand (asked-atoms.ts). No allocation for an event that wakes no rule.
import type { CompiledRule, RuleSet } from '../compile/rule-set.ts'
import { type EventShape, type EventView, type FieldValue, ValueKind } from '../event.ts'
import { AskedAtoms } from './asked-atoms.ts'
import { MAX_KEPT_BYTES } from './byte-table.ts'
import { ByteValue } from './byte-value.ts'
import { matchedFields } from './matched-fields.ts'
import { Planner, slotsOfFields } from './plan.ts'
import type { Plan, PlanCore } from './plan-core.ts'
import type { PlannedField } from './planned-field.ts'
import { type Program, TRUE } from './program.ts'
import { ValueCache } from './value-cache.ts'

const FEW = 32
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
  readonly #asked: AskedAtoms
  /** by rule of a plan: the round of the event that woke it */
  readonly #woken: Int32Array
  #candidates: Int32Array
  /** place in the plan of the rule that was last found to match */
  #matched = 0
  #count = 0
  /** values as the event holds them, and those that are made bytes of */
  readonly #bytes = new ByteValue()
  readonly #scratch = new ByteValue()
  #event!: EventView
  /** of the event that was matched last */
  #core: PlanCore | undefined

  constructor(ruleSet: RuleSet, adaptAfter: number) {
    this.ruleSet = ruleSet
    this.#planner = new Planner(ruleSet, adaptAfter)
    this.#asked = new AskedAtoms(ruleSet)
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
      if (!this.#holds(core.programs.of(rule))) continue
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
    // Between two events a plan may be made otherwise.
    const last = this.#core
    if (last !== undefined && last.spent > last.mayBeSpent) this.#planner.adapt(last)
    this.#core = plan.core
    if (plan.fieldSlots.length < plan.core.fields.length) plan.fieldSlots = slotsOfFields(plan.core, plan.slots)
    this.#event = event
    this.#count = 0
    if (this.#asked.begin(event, plan)) this.#woken.fill(0)
  }

  #wake(rule: number): void {
    const { round } = this.#asked
    if (this.#woken[rule] === round) return
    this.#woken[rule] = round
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
      this.#asked.found(matcher.atoms[id])
      for (let each = wakeStarts[id]; each < wakeStarts[id + 1]; each++) this.#wake(wakes[each])
    }
  }

  #holds(program: Program): boolean {
    const asked = this.#asked
    let at = program[0]
    while (at >= 0) at = program[asked.holds(program[at]) ? at + 1 : at + 2]
    return at === TRUE
  }

  matchedFields(event: EventView, rule: number): Record<string, string> {
    const plan = this.#planOf(event.shape)
    if (plan === null) return {}
    this.#asked.moveTo(event, plan)
    const { rules, trees } = plan.core
    const at = rules[this.#matched] === rule ? this.#matched : rules.indexOf(rule)
    return at < 0 ? {} : matchedFields(trees[at], this.ruleSet.atoms, this.#asked)
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
