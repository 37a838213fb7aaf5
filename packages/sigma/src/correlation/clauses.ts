// The boolean form of temporal correlations, as alternatives of which one must hold: rules that must have matched, and rules that must not.
import type { Condition } from '../rule.ts'

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

/** When each rule of a group matched last, and for ordered clauses when the latest run in order began. */
export class ClauseState {
  readonly #clauses: readonly Clause[]
  readonly #last: Float64Array
  /** by clause: the latest start of a run through its first rules */
  readonly #starts: readonly Float64Array[] | undefined
  /** of events that are not alone: what they reach counts when their time is over */
  #later: { starts: Float64Array; step: number; start: number }[] = []

  constructor(clauses: readonly Clause[], slots: number, isOrdered: boolean) {
    this.#clauses = clauses
    this.#last = new Float64Array(slots).fill(Number.NEGATIVE_INFINITY)
    if (isOrdered)
      this.#starts = clauses.map(({ present }) => new Float64Array(present.length).fill(Number.NEGATIVE_INFINITY))
  }

  /** `isAlone`: the event matches no other of the rules. Within one time, events that are not alone come first. */
  add(slot: number, time: number, isAlone: boolean): void {
    this.#last[slot] = time
    this.#starts?.forEach((starts, clause) => {
      const step = this.#clauses[clause].present.indexOf(slot)
      if (step < 0) return
      const start = step === 0 ? time : Math.max(starts[step], starts[step - 1])
      if (isAlone) starts[step] = start
      else this.#later.push({ starts, step, start })
    })
  }

  /** The clauses whose rules have all matched (in order) since `start`. */
  met(start: number): readonly number[] {
    for (const one of this.#later) one.starts[one.step] = Math.max(one.starts[one.step], one.start)
    if (this.#later.length) this.#later = []
    return this.#clauses.flatMap(({ present }, clause) => {
      const isMet = this.#starts
        ? this.#starts[clause].at(-1)! >= start
        : present.every((slot) => this.#last[slot] >= start)
      return isMet ? [clause] : []
    })
  }

  /** Whether none of a clause's unwanted rules has matched since `start`. */
  isUndisturbed(clause: number, start: number): boolean {
    return this.#clauses[clause].absent.every((slot) => this.#last[slot] < start)
  }
}
