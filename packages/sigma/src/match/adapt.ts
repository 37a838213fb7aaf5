// Plans learn from the telemetry that they meet. An atom that no rule waits for is tested on the decoded value when a rule was woken that has it. Where that is much work, again and again,
// the atom is looked out for with the others of its field instead: what the search has not found needs no test. What matches never depends on it.
import type { Atom } from '../compile/rule-set.ts'
import type { PlanCore } from './plan-core.ts'
import type { PlannedField, PlannedFields } from './planned-field.ts'

/** Making the search of more atoms anew takes too long at once. */
const MAX_ATOMS = 20_000

/** Adapts the fields of a plan on whose atoms more was spent than making their search anew costs: `price` for each atom. To be called between two events. */
export function adapt(core: PlanCore, atoms: readonly Atom[], makers: PlannedFields, price: number): void {
  let isChanged = false
  for (const [name, { tested, spent }] of testedByField(core, atoms, makers)) {
    const at = core.fields.findIndex((field) => field.name === name)
    const known = at < 0 ? makers.make(name, [], new Map()) : core.fields[at]
    const count = known.matcher.atoms.length + tested.length
    if (count > MAX_ATOMS || spent < count * price) continue
    for (const atom of tested) {
      core.watched.add(atom)
      core.tested.delete(atom)
    }
    core.fields[at < 0 ? core.fields.length : at] = withAtoms(known, tested, makers)
    isChanged = true
  }
  if (isChanged) core.programs.forget()
}

/** The atoms that could be looked out for instead. */
function testedByField({ tested }: PlanCore, atoms: readonly Atom[], makers: PlannedFields) {
  const found = new Map<string, { tested: number[]; spent: number }>()
  for (const [atom, spent] of tested) {
    const { field } = atoms[atom]
    if (field === undefined || !makers.takes(atom)) continue
    let one = found.get(field)
    if (!one) found.set(field, (one = { tested: [], spent: 0 }))
    one.tested.push(atom)
    one.spent += spent
  }
  return found
}

/** The field with atoms that wake no rule. */
function withAtoms(field: PlannedField, more: readonly number[], makers: PlannedFields): PlannedField {
  const wakes = new Map<number, readonly number[]>(more.map((atom) => [atom, []]))
  for (const [id, atom] of field.matcher.atoms.entries())
    wakes.set(atom, [...field.wakes.subarray(field.wakeStarts[id], field.wakeStarts[id + 1])])
  return makers.make(field.name, [...wakes.keys()], wakes)
}
