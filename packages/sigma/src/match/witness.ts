// What must be true before a rule is worth a look: the cheapest atoms of which one is true whenever its tree is.
import type { RuleSet } from '../compile/rule-set.ts'
import type { Tree } from '../compile/tree.ts'
import { costOf } from './handles.ts'

/** Rules that a witness costs more than this are looked at for every event: that is cheaper. */
export const MAX_WITNESS_COST = 4000

export interface Witness {
  readonly atoms: readonly number[]
  readonly cost: number
}

const NO_WITNESS: Witness = { atoms: [], cost: Number.POSITIVE_INFINITY }

/** What each atom costs; worked out when it is asked for. */
export function atomCosts({ atoms, costs }: RuleSet): (atom: number) => number {
  if (costs) return (atom) => costs[atom]
  const known = new Float64Array(atoms.length).fill(-1)
  return (atom) => {
    if (known[atom] < 0) known[atom] = costOf(atoms[atom])
    return known[atom]
  }
}

export function witnessOf(tree: Tree, cost: (atom: number) => number): Witness {
  if (typeof tree === 'number') return { atoms: [tree], cost: cost(tree) }
  if (typeof tree === 'boolean' || tree[0] === '!') return NO_WITNESS
  if (tree[0] === '&') {
    let best = NO_WITNESS
    for (let at = 1; at < tree.length; at++) {
      const one = witnessOf(tree[at] as Tree, cost)
      if (one.cost < best.cost) best = one
    }
    return best
  }
  const atoms: number[] = []
  let sum = 0
  for (let at = 1; at < tree.length; at++) {
    const one = witnessOf(tree[at] as Tree, cost)
    sum += one.cost
    if (sum > MAX_WITNESS_COST) return NO_WITNESS
    atoms.push(...one.atoms)
  }
  return { atoms, cost: sum }
}
