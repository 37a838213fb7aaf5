// The atoms of one field that a plan looks out for, and the rules that they wake.
import type { Atom } from '../compile/rule-set.ts'
import { FieldMatcher } from './field-matcher.ts'

export interface PlannedField {
  /** '' for keywords: every value of the event */
  readonly name: string
  readonly matcher: FieldMatcher
  /** tells this matcher's entries in the value cache from others' */
  readonly owner: number
  /** by local id of the matcher: rules (indices into the plan's) that wake */
  readonly wakes: Int32Array
  /** where the rules of each local id begin in `wakes`; one more at the end */
  readonly wakeStarts: Int32Array
}

interface Shared {
  readonly matcher: FieldMatcher
  readonly atoms: readonly number[]
  readonly owner: number
}

/** Makes planned fields. Those that look out for the same atoms share the matcher and its share of the value cache. */
export class PlannedFields {
  readonly #table: readonly Atom[]
  readonly #matchers = new Map<string, Shared[]>()
  #owners = 0

  constructor(table: readonly Atom[]) {
    this.#table = table
  }

  /** `atoms`: all of the field; `wakes` may have more. */
  make(name: string, atoms: number[], wakes: ReadonlyMap<number, readonly number[]>): PlannedField {
    atoms.sort((a, b) => a - b)
    const { matcher, owner } = this.#matcherOf(name, atoms)
    const wakeStarts = new Int32Array(atoms.length + 1)
    const lists = atoms.map((atom) => wakes.get(atom)!)
    lists.forEach((list, id) => {
      wakeStarts[id + 1] = wakeStarts[id] + list.length
    })
    return { name, matcher, owner, wakes: Int32Array.from(lists.flat()), wakeStarts }
  }

  #matcherOf(name: string, atoms: readonly number[]): Shared {
    let hash = atoms.length
    for (const atom of atoms) hash = (Math.imul(hash, 31) + atom) | 0
    const key = `${name}|${hash}`
    const known = this.#matchers.get(key) ?? []
    const same = known.find(
      (one) => one.atoms.length === atoms.length && one.atoms.every((atom, at) => atom === atoms[at]),
    )
    if (same) return same
    const made = { matcher: new FieldMatcher(atoms, this.#table), atoms, owner: this.#owners++ * 8 }
    this.#matchers.set(key, [...known, made])
    return made
  }
}
