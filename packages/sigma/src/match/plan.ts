// What is to be done with events of one shape, decided once: which rules can match at all, what is already known (constants, fields that are not there), and for each
// rule the atoms one of which must be true before the rule is worth a look.
import type { Atom, RuleSet } from '../compile/rule-set.ts'
import { and, not, or, type Tree } from '../compile/tree.ts'
import type { EventShape } from '../event.ts'
import type { LogSource } from '../log-source.ts'
import { fold } from '../modifiers/folding.ts'
import { adapt } from './adapt.ts'
import { type PlannedField, PlannedFields } from './planned-field.ts'
import { textTest } from './test-value.ts'
import { alike, ordered } from './tree-order.ts'
import { atomCosts, MAX_WITNESS_COST, witnessOf } from './witness.ts'

export interface Plan {
  core: PlanCore
  /** by index of `fields`: the slot in which events of this shape have it */
  fieldSlots: Int32Array
  /** slot by field name, for what is tested on demand */
  slots: ReadonlyMap<string, number>
  /** slots whose values keywords look at */
  allSlots: Int32Array
}

/** What shapes with the same fields and constants share, wherever the fields lie. */
export interface PlanCore {
  /** indices into the set's rules */
  rules: Int32Array
  /** by index into `rules`: in the order in which asking costs least */
  trees: Tree[]
  /** the same in an order that does not change, made when it is asked for */
  told(rule: number): Tree
  fields: PlannedField[]
  /** keyword atoms, looked for in every value; undefined when no rule has any */
  keywords: PlannedField | undefined
  /** indices into `rules` of those looked at for every event */
  always: Int32Array
  /** the atoms that are looked out for: not found means false */
  watched: Uint8Array
  /** characters of values that atoms were tested on although they are not looked out for, by atom */
  tested: Map<number, number>
}

/** Makes plans, and keeps what shapes share. */
export class Planner {
  readonly #set: RuleSet
  readonly #bySource = new Map<string, { source: LogSource; rules: number[] }>()
  readonly #candidates = new Map<string, number[]>()
  readonly #costOf: (atom: number) => number
  readonly #fields: PlannedFields
  /** names that some rule asks for: others make no difference to a plan */
  readonly #used: ReadonlySet<string>
  readonly #cores = new Map<string, PlanCore | null>()

  constructor(set: RuleSet) {
    this.#set = set
    this.#costOf = atomCosts(set)
    this.#fields = new PlannedFields(set.atoms)
    this.#used = new Set(set.names ?? namesOf(set))
    set.rules.forEach((rule, index) => {
      const { product = '', category = '', service = '' } = rule.logSource
      const key = `${product}|${category}|${service}`
      const known = this.#bySource.get(key)
      if (known) known.rules.push(index)
      else this.#bySource.set(key, { source: rule.logSource, rules: [index] })
    })
  }

  /** The plan of a shape; undefined when no rule can match such events. */
  plan(shape: EventShape): Plan | undefined {
    const slots = slotsOf(shape)
    const key = this.#keyOf(shape, slots)
    let core = this.#cores.get(key)
    if (core === undefined) {
      if (this.#cores.size >= MAX_CORES) this.#cores.clear()
      core = this.#makeCore(shape, slots)
      this.#cores.set(key, core)
    }
    if (core === null) return undefined
    return {
      core,
      slots,
      fieldSlots: Int32Array.from(core.fields, ({ name }) => slots.get(name)!),
      allSlots: Int32Array.from(shape.fields.keys()),
    }
  }

  /** Shapes that rules cannot tell apart have the same key. */
  #keyOf(shape: EventShape, slots: ReadonlyMap<string, number>): string {
    const fields = [...slots.keys()].filter((name) => this.#used.has(name)).sort()
    const constants = [...shape.constants]
      .filter(([name]) => this.#used.has(name))
      .map(([name, value]) => `${name}=${value}`)
      .sort()
    return `${sourceKey(shape)}\n${fields.join('|')}\n${constants.join('|')}`
  }

  #makeCore(shape: EventShape, slots: ReadonlyMap<string, number>): PlanCore | null {
    const rules: number[] = []
    const trees: Tree[] = []
    for (const index of this.#candidatesOf(shape)) {
      const tree = this.#reduce(this.#set.rules[index].tree, shape, slots)
      if (tree === false) continue
      rules.push(index)
      trees.push(tree)
    }
    return rules.length ? this.#wire(rules, trees) : null
  }

  #candidatesOf(shape: EventShape): readonly number[] {
    const key = sourceKey(shape)
    let found = this.#candidates.get(key)
    if (!found) {
      found = [...this.#bySource.values()]
        .filter(({ source }) => shape.logSources.some((one) => satisfies(one, source)))
        .flatMap(({ rules }) => rules)
      found.sort((a, b) => a - b)
      this.#candidates.set(key, found)
    }
    return found
  }

  /** The tree with everything decided that the shape decides. */
  #reduce(tree: Tree, shape: EventShape, slots: ReadonlyMap<string, number>): Tree {
    if (typeof tree === 'boolean') return tree
    if (typeof tree === 'number') return this.#decide(this.#set.atoms[tree], shape, slots) ?? tree
    // What the shape does not change is the set's own tree: plans share it.
    if (tree[0] === '!') {
      const part = this.#reduce(tree[1], shape, slots)
      return part === tree[1] ? tree : not(part)
    }
    const isAnd = tree[0] === '&'
    let changed = false
    const parts: Tree[] = []
    for (let at = 1; at < tree.length; at++) {
      const part = this.#reduce(tree[at] as Tree, shape, slots)
      if (part === !isAnd) return part
      changed ||= part !== tree[at]
      parts.push(part)
    }
    return !changed ? tree : isAnd ? and(parts) : or(parts)
  }

  #decide({ field, test }: Atom, shape: EventShape, slots: ReadonlyMap<string, number>): boolean | undefined {
    if (field === undefined) return undefined
    const constant = shape.constants.get(field)
    if (constant !== undefined) {
      if (test.kind === 'null') return false
      if (test.kind === 'exists') return test.value
      const holds = textTest(test)
      const text = String(constant)
      return holds ? holds(text, fold(text)) : undefined
    }
    if (slots.has(field)) return undefined
    return test.kind === 'null' || (test.kind === 'exists' && !test.value)
  }

  #wire(rules: readonly number[], trees: readonly Tree[]): PlanCore {
    const always: number[] = []
    const wakes = new Map<number, number[]>()
    trees.forEach((tree, rule) => {
      const { atoms, cost } = witnessOf(tree, this.#costOf)
      if (cost > MAX_WITNESS_COST) always.push(rule)
      else {
        for (const atom of atoms) {
          const list = wakes.get(atom)
          if (list) list.push(rule)
          else wakes.set(atom, [rule])
        }
      }
    })
    const watched = new Uint8Array(this.#set.atoms.length)
    const byField = new Map<string | undefined, number[]>()
    for (const atom of wakes.keys()) {
      watched[atom] = 1
      const { field } = this.#set.atoms[atom]
      const list = byField.get(field)
      if (list) list.push(atom)
      else byField.set(field, [atom])
    }
    // Others are watched later on.
    const first = watched.slice()
    const keywords = byField.get(undefined)
    byField.delete(undefined)
    return {
      rules: Int32Array.from(rules),
      trees: trees.map((tree) => ordered(tree, watched, this.#costOf)),
      told: (rule) => ordered(trees[rule], first, alike),
      fields: [...byField].map(([name, atoms]) => this.#fields.make(name!, atoms, wakes)),
      keywords: keywords && this.#fields.make('', keywords, wakes),
      always: Int32Array.from(always),
      watched,
      tested: new Map(),
    }
  }

  /** See adapt.ts. */
  adapt(core: PlanCore, characters: number): void {
    adapt(core, this.#set.atoms, this.#fields, this.#costOf, characters)
  }
}

/** Plans that shapes share; hostile input must not fill memory with them. */
const MAX_CORES = 1024

const sourceKey = ({ logSources }: EventShape) =>
  logSources.map(({ product = '', category = '', service = '' }) => `${product}|${category}|${service}`).join(';')

/** The fields that some atom reads. */
function* namesOf({ atoms }: RuleSet): Generator<string> {
  for (const { field, test } of atoms) {
    if (field !== undefined) yield field
    if (test.kind === 'fieldref') yield test.field
  }
}

/** A rule's log source is satisfied when each part that it names is the same. */
export const satisfies = (event: LogSource, wanted: LogSource): boolean =>
  (wanted.product === undefined || wanted.product === event.product) &&
  (wanted.category === undefined || wanted.category === event.category) &&
  (wanted.service === undefined || wanted.service === event.service)

function slotsOf(shape: EventShape): Map<string, number> {
  const slots = new Map<string, number>(shape.aliases)
  for (let slot = shape.fields.length - 1; slot >= 0; slot--)
    if (shape.fields[slot] !== '') slots.set(shape.fields[slot], slot)
  return slots
}
