// What a plan is; see plan.ts.
import type { Tree } from '../compile/tree.ts'
import type { AtomSet } from './atom-set.ts'
import type { PlannedField } from './planned-field.ts'
import type { Programs } from './program.ts'

export interface Plan {
  core: PlanCore
  /** by index of the core's fields: the slot in which events of this shape have it; fewer when fields were added since */
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
  /** by index into `rules` */
  programs: Programs
  /** by index into `rules`: the tree, as the rule has it */
  trees: readonly Tree[]
  fields: PlannedField[]
  /** keyword atoms, looked for in every value; undefined when no rule has any */
  keywords: PlannedField | undefined
  /** indices into `rules` of those looked at for every event */
  always: Int32Array
  /** the atoms that are looked out for: not found means false */
  watched: AtomSet
  /** by atom: what was spent on testing it because it is not looked out for */
  tested: Map<number, number>
  /** all of it; and how much it may be before the plan is adapted */
  spent: number
  mayBeSpent: number
}
