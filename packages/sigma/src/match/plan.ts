// What is to be done with events of one shape, decided once: which rules can match at all, what is already known (constants, fields that are not there), and for each
// rule the atoms one of which must be true before the rule is worth a look.
import type { RuleSet } from '../compile/rule-set.ts'
import type { Tree } from '../compile/tree.ts'
import type { EventShape } from '../event.ts'
import type { LogSource } from '../log-source.ts'
import { adapt } from './adapt.ts'
import { AtomSet } from './atom-set.ts'
import type { Plan, PlanCore } from './plan-core.ts'
import { PlannedFields } from './planned-field.ts'
import { Programs } from './program.ts'
import { TreeReducer } from './reduce.ts'
import { atomCosts, MAX_WITNESS_COST, type Witness, witnessOf } from './witness.ts'

/** Makes plans, and keeps what shapes share. */
export class Planner {
  readonly #set: RuleSet
  readonly #bySource = new Map<string, { source: LogSource; rules: number[] }>()
  readonly #candidates = new Map<string, number[]>()
  readonly #adaptAfter: number
  readonly #costOf: (atom: number) => number
  readonly #reducer: TreeReducer
  /** by rule, of the whole tree */
  readonly #witnesses: (Witness | undefined)[]
  readonly #fields: PlannedFields
  /** names that some rule asks for: others make no difference to a plan */
  readonly #used: ReadonlySet<string>
  readonly #cores = new Map<string, PlanCore | null>()

  /** `adaptAfter`: see MatcherOptions. */
  constructor(set: RuleSet, adaptAfter: number) {
    this.#set = set
    this.#adaptAfter = adaptAfter
    this.#costOf = atomCosts(set)
    this.#reducer = new TreeReducer(set, this.#costOf)
    this.#witnesses = new Array(set.rules.length)
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
      fieldSlots: slotsOfFields(core, slots),
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
    this.#reducer.begin(shape, slots.keys())
    for (const index of this.#candidatesOf(shape)) {
      const tree = this.#reducer.reduce(index)
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

  #wire(rules: readonly number[], trees: readonly Tree[]): PlanCore {
    const always: number[] = []
    const wakes = new Map<number, number[]>()
    trees.forEach((tree, rule) => {
      const { atoms, cost } = this.#witnessOf(rules[rule], tree)
      if (cost > MAX_WITNESS_COST) always.push(rule)
      else {
        for (const atom of atoms) {
          const list = wakes.get(atom)
          if (list) list.push(rule)
          else wakes.set(atom, [rule])
        }
      }
    })
    const watched = new AtomSet(this.#set.atoms.length)
    const byField = new Map<string | undefined, number[]>()
    for (const atom of wakes.keys()) {
      watched.add(atom)
      const { field } = this.#set.atoms[atom]
      const list = byField.get(field)
      if (list) list.push(atom)
      else byField.set(field, [atom])
    }
    const keywords = byField.get(undefined)
    byField.delete(undefined)
    return {
      rules: Int32Array.from(rules),
      programs: new Programs(trees, watched, this.#costOf),
      trees,
      fields: [...byField].map(([name, atoms]) => this.#fields.make(name!, atoms, wakes)),
      keywords: keywords && this.#fields.make('', keywords, wakes),
      always: Int32Array.from(always),
      watched,
      tested: new Map(),
      spent: 0,
      mayBeSpent: this.#adaptAfter,
    }
  }

  #witnessOf(rule: number, tree: Tree): Witness {
    if (tree !== this.#set.rules[rule].tree) return witnessOf(tree, this.#costOf)
    return (this.#witnesses[rule] ??= witnessOf(tree, this.#costOf))
  }

  /** See adapt.ts. */
  adapt(core: PlanCore): void {
    adapt(core, this.#set.atoms, this.#fields, this.#adaptAfter / PRICES)
    core.mayBeSpent = core.spent * 1.5
  }
}

/** So often the price of looking out for one atom more is spent before a plan is adapted for the first time. */
const PRICES = 200

export const slotsOfFields = ({ fields }: PlanCore, slots: ReadonlyMap<string, number>): Int32Array =>
  Int32Array.from(fields, ({ name }) => slots.get(name)!)

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
