// Plans learn from the telemetry that they meet. An atom that no rule waits for is tested on the decoded value when a rule was woken that has it. Where that is much text, again and again,
// the atom is looked out for with the others of its field instead: what the search has not found needs no test. What matches never depends on it.
import type { Atom } from '../compile/rule-set.ts'
import type { PlanCore } from './plan.ts'
import type { PlannedField, PlannedFields } from './planned-field.ts'
import { ordered } from './tree-order.ts'

/** Making the search of more atoms anew costs more than it gives. */
const MAX_ATOMS = 1000

/** Looks out for the atoms that were tested on at least so many characters. To be called between two events. */
export function adapt(
  core: PlanCore,
  atoms: readonly Atom[],
  makers: PlannedFields,
  cost: (atom: number) => number,
  characters: number,
): void {
  const often = [...core.tested].filter(([, tested]) => tested >= characters).map(([atom]) => atom)
  let isChanged = false
  core.fields.forEach((field, at) => {
    const { name, matcher } = field
    if (matcher.atoms.length > MAX_ATOMS) return
    const more = often.filter((atom) => atoms[atom].field === name && matcher.takes(atoms[atom]))
    if (!more.length) return
    for (const atom of more) core.watched[atom] = 1
    core.fields[at] = withAtoms(field, more, makers)
    isChanged = true
  })
  if (isChanged) core.trees = core.trees.map((tree) => ordered(tree, core.watched, cost))
  core.tested.clear()
}

/** The field with atoms that wake no rule. */
function withAtoms(field: PlannedField, more: readonly number[], makers: PlannedFields): PlannedField {
  const wakes = new Map<number, readonly number[]>(more.map((atom) => [atom, []]))
  for (const [id, atom] of field.matcher.atoms.entries())
    wakes.set(atom, [...field.wakes.subarray(field.wakeStarts[id], field.wakeStarts[id + 1])])
  return makers.make(field.name, [...wakes.keys()], wakes)
}
