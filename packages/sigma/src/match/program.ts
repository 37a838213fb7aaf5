// A rule's tree as a chain of questions: which atom is asked, and where to go on when it is true and when it is not. What a tree means is walked without recursion.
import type { Tree } from '../compile/tree.ts'
import type { AtomSet } from './atom-set.ts'
import { ordered } from './tree-order.ts'

/** Where a chain ends. */
export const TRUE = -1
export const FALSE = -2

/** [where it begins, then for each question: atom, next when true, next when false] */
export type Program = Int32Array

export function programOf(tree: Tree): Program {
  const code: number[] = [0]
  // Backwards, so that it is known where to go on.
  const add = (part: Tree, whenTrue: number, whenFalse: number): number => {
    if (typeof part === 'boolean') return part ? whenTrue : whenFalse
    if (typeof part === 'number') return code.push(part, whenTrue, whenFalse) - 3
    if (part[0] === '!') return add(part[1], whenFalse, whenTrue)
    let next = part[0] === '&' ? whenTrue : whenFalse
    for (let at = part.length - 1; at > 0; at--)
      next = part[0] === '&' ? add(part[at] as Tree, next, whenFalse) : add(part[at] as Tree, whenTrue, next)
    return next
  }
  code[0] = add(tree, TRUE, FALSE)
  return Int32Array.from(code)
}

/** The programs of a plan's trees: questions in the order in which asking costs least. Each is made when it is asked for, for most rules of a plan are never looked at. */
export class Programs {
  readonly #trees: readonly Tree[]
  readonly #watched: AtomSet
  readonly #costOf: (atom: number) => number
  readonly #made: (Program | undefined)[]

  /** `watched`: the atoms that are looked out for. */
  constructor(trees: readonly Tree[], watched: AtomSet, costOf: (atom: number) => number) {
    this.#trees = trees
    this.#watched = watched
    this.#costOf = costOf
    this.#made = new Array(trees.length)
  }

  /** `rule`: its place in the plan */
  of(rule: number): Program {
    return (this.#made[rule] ??= programOf(ordered(this.#trees[rule], this.#watched, this.#costOf)))
  }

  /** To be called when other atoms are looked out for. */
  forget(): void {
    this.#made.fill(undefined)
  }
}
