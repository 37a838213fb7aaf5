// The atoms of one field that a plan looks out for, and the rules that they wake.
import type { Atom } from '../compile/rule-set.ts'
import { FieldMatcher } from './field-matcher.ts'
import { type Handle, handleOf } from './handles.ts'

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

/** Literals as long as that leave the search its wide steps. */
const FREE_LENGTH = 8

/** Makes planned fields. Those that look out for the same atoms share the matcher and its share of the value cache. */
export class PlannedFields {
  readonly #table: readonly Atom[]
  readonly #matchers = new Map<string, Shared[]>()
  /** by atom, made when it is first asked: the fields of many plans ask for the same */
  readonly #handles: (Handle | null | undefined)[]
  #owners = 0

  constructor(table: readonly Atom[]) {
    this.#table = table
    this.#handles = new Array(table.length)
  }

  readonly #handleOf = (atom: number): Handle | undefined => {
    const known = this.#handles[atom]
    if (known !== undefined) return known ?? undefined
    const handle = handleOf(this.#table[atom])
    this.#handles[atom] = handle ?? null
    return handle
  }

  /** Whether an atom can be looked for besides others without making the search slower. */
  takes(atom: number): boolean {
    const handle = this.#handleOf(atom)
    return (
      handle !== undefined &&
      (handle.start || handle.end || handle.literals.every(({ length }) => length >= FREE_LENGTH))
    )
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
    const made = { matcher: new FieldMatcher(atoms, this.#table, this.#handleOf), atoms, owner: this.#owners++ * 8 }
    this.#matchers.set(key, [...known, made])
    return made
  }
}
