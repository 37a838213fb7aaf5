// A rule's tree for events of one shape: what the shape decides (fields that its events never have, constants) is decided and gone.
import type { RuleSet } from '../compile/rule-set.ts'
import { and, not, or, type Tree } from '../compile/tree.ts'
import type { EventShape } from '../event.ts'
import { fold } from '../modifiers/folding.ts'
import { NO_TEXT_COST } from './handles.ts'
import { type TextTest, textTest } from './test-value.ts'

/** What a shape says of a field. */
const ABSENT = 0
const PRESENT = 1
const CONSTANT = 2

/** A keyword is of no field. */
const NO_FIELD = -1

export class TreeReducer {
  readonly #set: RuleSet
  readonly #costOf: (atom: number) => number
  readonly #numbers = new Map<string, number>()
  /** by atom: the number of its field */
  readonly #fieldOf: Int32Array
  /** by field: what the shape at hand says of it */
  readonly #states: Uint8Array
  #constants: EventShape['constants'] = new Map()
  /** by rule: the fields that its tree asks for, made when they are needed */
  readonly #fieldsOf: (Int32Array | undefined)[]
  /** by atom, of fields that were constant */
  readonly #tests = new Map<number, TextTest | null>()

  constructor(set: RuleSet, costOf: (atom: number) => number) {
    this.#set = set
    this.#costOf = costOf
    const numbers = this.#numbers
    this.#fieldOf = Int32Array.from(set.atoms, ({ field }) => {
      if (field === undefined) return NO_FIELD
      let number = numbers.get(field)
      if (number === undefined) numbers.set(field, (number = numbers.size))
      return number
    })
    this.#states = new Uint8Array(numbers.size)
    this.#fieldsOf = new Array(set.rules.length)
  }

  /** Trees are reduced for this shape from now on. `fields`: the names of its slots. */
  begin({ constants }: EventShape, fields: Iterable<string>): void {
    this.#constants = constants
    this.#states.fill(ABSENT)
    for (const name of fields) this.#note(name, PRESENT)
    for (const name of constants.keys()) this.#note(name, CONSTANT)
  }

  #note(field: string, state: number): void {
    const number = this.#numbers.get(field)
    if (number !== undefined) this.#states[number] = state
  }

  /** What the shape leaves of a rule's tree. The tree itself where it decides nothing: plans share it. */
  reduce(rule: number): Tree {
    const { tree } = this.#set.rules[rule]
    const fields = (this.#fieldsOf[rule] ??= this.#collect(tree))
    for (let at = 0; at < fields.length; at++) if (this.#states[fields[at]] !== PRESENT) return this.#reduce(tree)
    return tree
  }

  #collect(tree: Tree): Int32Array {
    const found = new Set<number>()
    const visit = (part: Tree): void => {
      if (typeof part === 'number') found.add(this.#fieldOf[part])
      else if (typeof part === 'object') for (let at = 1; at < part.length; at++) visit(part[at] as Tree)
    }
    visit(tree)
    found.delete(NO_FIELD)
    return Int32Array.from(found)
  }

  #reduce(tree: Tree): Tree {
    if (typeof tree === 'boolean') return tree
    if (typeof tree === 'number') return this.#decide(tree)
    if (tree[0] === '!') {
      const part = this.#reduce(tree[1])
      return part === tree[1] ? tree : not(part)
    }
    const isAnd = tree[0] === '&'
    let changed = false
    const parts: Tree[] = []
    for (let at = 1; at < tree.length; at++) {
      const part = this.#reduce(tree[at] as Tree)
      if (part === !isAnd) return part
      changed ||= part !== tree[at]
      // What is decided otherwise makes no difference.
      if (part !== isAnd) parts.push(part)
    }
    return !changed ? tree : isAnd ? and(parts) : or(parts)
  }

  /** The atom itself where the shape does not decide it. */
  #decide(atom: number): Tree {
    const field = this.#fieldOf[atom]
    const state = field === NO_FIELD ? PRESENT : this.#states[field]
    if (state === PRESENT) return atom
    if (state === ABSENT && this.#costOf(atom) !== NO_TEXT_COST) return false
    const { test, field: name } = this.#set.atoms[atom]
    if (state === ABSENT) return test.kind === 'null' || (test.kind === 'exists' && !test.value)
    if (test.kind === 'null') return false
    if (test.kind === 'exists') return test.value
    let holds = this.#tests.get(atom)
    if (holds === undefined) this.#tests.set(atom, (holds = textTest(test) ?? null))
    const text = String(this.#constants.get(name!))
    return holds ? holds(text, fold(text)) : atom
  }
}
