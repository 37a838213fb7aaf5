// The boolean form of temporal correlations, as alternatives of which one must hold: rules that must have matched, and rules that must not.
import type { Condition } from '../rule.ts'
import { BYTES_OF_AN_EVENT } from './group-keys.ts'
import { GroupRows } from './groups.ts'

export interface Clause {
  /** places in `rules`, ascending */
  readonly present: readonly number[]
  readonly absent: readonly number[]
}

export const MAX_CLAUSES = 256

/** Why an expression can't be run. */
export class ClauseError extends Error {
  readonly code: 'limit' | 'unsupported' | 'identifier'
  constructor(code: ClauseError['code'], message: string) {
    super(message)
    this.name = 'ClauseError'
    this.code = code
  }
}

/** The alternatives of an expression over rule names. Throws ClauseError. */
export function clausesOf(expression: Condition, slotOf: (name: string) => number | undefined): readonly Clause[] {
  const clauses = alternatives(expression, false, slotOf)
  if (!clauses.length) throw new ClauseError('unsupported', 'the condition can never hold')
  if (clauses.some(({ present }) => !present.length))
    throw new ClauseError(
      'unsupported',
      'the condition can hold without any event: at least one rule that is not negated is needed in each alternative',
    )
  return clauses
}

function alternatives(node: Condition, negated: boolean, slotOf: (name: string) => number | undefined): Clause[] {
  switch (node.kind) {
    case 'identifier': {
      const slot = slotOf(node.name)
      if (slot === undefined)
        throw new ClauseError('identifier', `the condition names "${node.name}", which is not among the rules`)
      return [negated ? { present: [], absent: [slot] } : { present: [slot], absent: [] }]
    }
    case 'of':
      throw new ClauseError('unsupported', `"${node.quantifier} of" is not for correlations: name the rules`)
    case 'not':
      return alternatives(node.part, !negated, slotOf)
    default: {
      const parts = node.parts.map((part) => alternatives(part, negated, slotOf))
      return (node.kind === 'and') === negated ? parts.flat() : parts.reduce(both)
    }
  }
}

/** Every pair of alternatives that do not contradict each other. */
function both(left: readonly Clause[], right: readonly Clause[]): Clause[] {
  if (left.length * right.length > MAX_CLAUSES * 16)
    throw new ClauseError('limit', `the condition has more than ${MAX_CLAUSES} alternatives`)
  const pairs = left.flatMap((a) =>
    right.map((b): Clause => ({ present: union(a.present, b.present), absent: union(a.absent, b.absent) })),
  )
  const possible = pairs.filter(({ present, absent }) => !present.some((slot) => absent.includes(slot)))
  if (possible.length > MAX_CLAUSES)
    throw new ClauseError('limit', `the condition has more than ${MAX_CLAUSES} alternatives`)
  return possible
}

const union = (a: readonly number[], b: readonly number[]) =>
  [...new Set([...a, ...b])].sort((one, other) => one - other)

/** When each rule matched last in each group, and for ordered clauses when the latest run in order began: one row of numbers a group. */
export class ClauseStates {
  /** what a group costs beside its events, in events' worth of memory */
  readonly weight: number
  readonly #clauses: readonly Clause[]
  readonly #slots: number
  /** by clause: where in a row the latest starts of runs through its first rules stand; undefined when order does not matter */
  readonly #runs: readonly number[] | undefined
  /** the last times by slot, and the runs behind them */
  readonly #rows: GroupRows
  /** of events that are not alone: what they reach counts when their time is over */
  #later: { group: number; at: number; start: number }[] = []

  constructor(clauses: readonly Clause[], slots: number, isOrdered: boolean) {
    this.#clauses = clauses
    this.#slots = slots
    let width = slots
    if (isOrdered)
      this.#runs = clauses.map(({ present }) => {
        width += present.length
        return width - present.length
      })
    this.#rows = new GroupRows(width, Number.NEGATIVE_INFINITY)
    this.weight = Math.floor((width * Float64Array.BYTES_PER_ELEMENT) / BYTES_OF_AN_EVENT)
  }

  /** A group begins. */
  open(group: number): void {
    this.#rows.reset(group)
    if (this.#later.length) this.#later = this.#later.filter((one) => one.group !== group)
  }

  /** `isAlone`: the event matches no other of the rules. Within one time, events that are not alone come first. */
  add(group: number, slot: number, time: number, isAlone: boolean): void {
    const { values, width } = this.#rows
    const row = group * width
    values[row + slot] = time
    this.#runs?.forEach((run, clause) => {
      const step = this.#clauses[clause].present.indexOf(slot)
      if (step < 0) return
      const at = row + run + step
      const start = step === 0 ? time : Math.max(values[at], values[at - 1])
      if (isAlone) values[at] = start
      else this.#later.push({ group, at, start })
    })
  }

  /** The clauses whose rules have all matched (in order) since `start`. */
  met(group: number, start: number): readonly number[] {
    const { values, width } = this.#rows
    const row = group * width
    for (const one of this.#later) values[one.at] = Math.max(values[one.at], one.start)
    if (this.#later.length) this.#later = []
    return this.#clauses.flatMap(({ present }, clause) => {
      const isMet = this.#runs
        ? values[row + this.#runs[clause] + present.length - 1] >= start
        : present.every((slot) => values[row + slot] >= start)
      return isMet ? [clause] : []
    })
  }

  /** How many of the rules have matched since `start`. */
  rulesSince(group: number, start: number): number {
    const row = group * this.#rows.width
    let count = 0
    for (let slot = 0; slot < this.#slots; slot++) if (this.#rows.values[row + slot] >= start) count++
    return count
  }

  /** Whether none of a clause's unwanted rules has matched since `start`. */
  isUndisturbed(group: number, clause: number, start: number): boolean {
    const row = group * this.#rows.width
    return this.#clauses[clause].absent.every((slot) => this.#rows.values[row + slot] < start)
  }
}
