// What is to be done with events of one shape, decided once: which rules can match at all, what is already known (constants, fields that are not there), and for each
// rule the atoms one of which must be true before the rule is worth a look.
import type { Atom, RuleSet } from '../compile/rule-set.ts'
import { and, not, or, type Tree } from '../compile/tree.ts'
import type { EventShape } from '../event.ts'
import type { LogSource } from '../log-source.ts'
import { fold } from '../modifiers/folding.ts'
import { FieldMatcher } from './field-matcher.ts'
import { costOf } from './handles.ts'
import { textTest } from './test-value.ts'

/** Rules that a witness costs more than this wake for every event: looking at them at once is cheaper. */
const MAX_WITNESS_COST = 4000

export interface PlannedField {
  /** '' for keywords: every value of the event */
  name: string
  matcher: FieldMatcher
  /** tells this matcher's entries in the value cache from others' */
  owner: number
  /** by local id of the matcher: rules (indices into `rules`) that wake */
  wakes: Int32Array
  /** where the rules of each local id begin in `wakes`; one more at the end */
  wakeStarts: Int32Array
}

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
  readonly #costs: Float64Array
  /** names that some rule asks for: others make no difference to a plan */
  readonly #used: ReadonlySet<string>
  readonly #cores = new Map<string, PlanCore | null>()
  readonly #matchers = new Map<string, { matcher: FieldMatcher; atoms: readonly number[]; owner: number }[]>()
  #owners = 0

  constructor(set: RuleSet) {
    this.#set = set
    this.#costs = set.costs ?? new Float64Array(set.atoms.length).fill(-1)
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

  #wire(rules: readonly number[], trees: Tree[]): PlanCore {
    const always: number[] = []
    const wakes = new Map<number, number[]>()
    trees.forEach((tree, index) => {
      const { atoms, cost } = this.#witness(tree)
      if (cost > MAX_WITNESS_COST) always.push(index)
      else {
        for (const atom of atoms) {
          const list = wakes.get(atom)
          if (list) list.push(index)
          else wakes.set(atom, [index])
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
    const woken = watched.slice()
    const fields: PlannedField[] = []
    let keywords: PlannedField | undefined
    for (const [name, atoms] of byField) {
      const planned = this.#field(name, atoms, wakes)
      if (name === undefined) keywords = planned
      else fields.push(planned)
    }
    return {
      rules: Int32Array.from(rules),
      trees: trees.map((tree) => ordered(tree, watched, this.#costOf)),
      told: (rule) => ordered(trees[rule], woken, alike),
      fields,
      keywords,
      always: Int32Array.from(always),
      watched,
      tested: new Map(),
    }
  }

  #field(name: string | undefined, atoms: number[], wakes: ReadonlyMap<number, number[]>): PlannedField {
    atoms.sort((a, b) => a - b)
    const { matcher, owner } = this.#matcherOf(name ?? '', atoms)
    const lists = atoms.map((atom) => wakes.get(atom)!)
    const wakeStarts = new Int32Array(atoms.length + 1)
    lists.forEach((list, id) => {
      wakeStarts[id + 1] = wakeStarts[id] + list.length
    })
    return { name: name ?? '', matcher, owner, wakes: Int32Array.from(lists.flat()), wakeStarts }
  }

  /**
   * Looks out for more atoms than those that wake rules: those that were tested on at least
   * so many characters, where their field is searched anyway and they make that no
   * slower. What the search has not found needs no test.
   */
  watchTested(core: PlanCore, least: number): void {
    for (const [at, { name, matcher }] of core.fields.entries()) {
      const more = [...core.tested]
        .filter(([atom, characters]) => characters >= least && this.#set.atoms[atom].field === name)
        .map(([atom]) => atom)
        .filter((atom) => matcher.takes(this.#set.atoms[atom]))
      if (more.length) this.#watch(core, at, more)
    }
    core.tested.clear()
  }

  #watch(core: PlanCore, at: number, more: readonly number[]): void {
    const { name, matcher, wakes, wakeStarts } = core.fields[at]
    const woken = new Map<number, number[]>()
    for (const [id, atom] of matcher.atoms.entries())
      woken.set(atom, [...wakes.subarray(wakeStarts[id], wakeStarts[id + 1])])
    for (const atom of more) {
      woken.set(atom, [])
      core.watched[atom] = 1
    }
    core.fields[at] = this.#field(name, [...woken.keys()], woken)
    core.trees = core.trees.map((tree) => ordered(tree, core.watched, this.#costOf))
  }

  /** Shapes that look out for the same atoms share the matcher and its share of the cache. */
  #matcherOf(name: string, atoms: readonly number[]): { matcher: FieldMatcher; owner: number } {
    let hash = atoms.length
    for (const atom of atoms) hash = (Math.imul(hash, 31) + atom) | 0
    const key = `${name}|${hash}`
    const known = this.#matchers.get(key) ?? []
    const same = known.find(
      (one) => one.atoms.length === atoms.length && one.atoms.every((atom, at) => atom === atoms[at]),
    )
    if (same) return same
    const made = { matcher: new FieldMatcher(atoms, this.#set.atoms), atoms, owner: this.#owners++ * 8 }
    known.push(made)
    this.#matchers.set(key, known)
    return made
  }

  readonly #costOf = (atom: number): number => {
    let cost = this.#costs[atom]
    if (cost < 0) cost = this.#costs[atom] = costOf(this.#set.atoms[atom])
    return cost
  }

  /** The cheapest atoms of which one is true whenever the tree is. */
  #witness(tree: Tree): { atoms: readonly number[]; cost: number } {
    if (typeof tree === 'number') return { atoms: [tree], cost: this.#costOf(tree) }
    if (typeof tree === 'boolean' || tree[0] === '!') return NO_WITNESS
    if (tree[0] === '&') {
      let best: { atoms: readonly number[]; cost: number } = NO_WITNESS
      for (let at = 1; at < tree.length; at++) {
        const one = this.#witness(tree[at] as Tree)
        if (one.cost < best.cost) best = one
      }
      return best
    }
    const atoms: number[] = []
    let cost = 0
    for (let at = 1; at < tree.length; at++) {
      const one = this.#witness(tree[at] as Tree)
      cost += one.cost
      if (cost > MAX_WITNESS_COST) return NO_WITNESS
      atoms.push(...one.atoms)
    }
    return { atoms, cost }
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

const NO_WITNESS = { atoms: [], cost: Number.POSITIVE_INFINITY } as const

/** What is known without looking (atoms that are looked out for) is asked first; of what has to be tested, what is seldom true. */
function ordered(tree: Tree, watched: Uint8Array, cost: (atom: number) => number): Tree {
  if (typeof tree !== 'object') return tree
  if (tree[0] === '!') {
    const part = ordered(tree[1] as Tree, watched, cost)
    return part === tree[1] ? tree : ['!', part]
  }
  let changed = false
  let last = 0
  const ranked: { part: Tree; rank: number }[] = []
  for (let at = 1; at < tree.length; at++) {
    const part = ordered(tree[at] as Tree, watched, cost)
    const rank = rankOf(part, watched, cost)
    changed ||= part !== tree[at] || rank < last
    last = rank
    ranked.push({ part, rank })
  }
  if (!changed) return tree
  return [tree[0], ...ranked.sort((a, b) => a.rank - b.rank).map(({ part }) => part)] as Tree
}

const alike = () => 0

/** 0: known at once; 1: a tree of such; more: has to be tested. */
function rankOf(part: Tree, watched: Uint8Array, cost: (atom: number) => number): number {
  if (typeof part === 'boolean') return 0
  if (typeof part === 'number') return watched[part] === 1 ? 0 : 2 + cost(part)
  let rank = 1
  for (let at = 1; at < part.length; at++) rank = Math.max(rank, rankOf(part[at] as Tree, watched, cost))
  return rank
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
