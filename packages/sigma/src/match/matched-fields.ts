// Which fields made a rule match.
import type { Atom } from '../compile/rule-set.ts'
import type { Tree } from '../compile/tree.ts'
import type { AskedAtoms } from './asked-atoms.ts'

/** The fields, and what they hold, of the atoms that are true in the parts of a tree that are, in the tree's order. What a rule says must not be has no value to tell. */
export function matchedFields(tree: Tree, atoms: readonly Atom[], asked: AskedAtoms): Record<string, string> {
  const found: Record<string, string> = {}
  const tell = (field: string | undefined): void => {
    const value = field === undefined ? undefined : asked.value(field)
    if (value !== undefined && value !== null)
      found[field!] = typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
  const visit = (part: Tree): void => {
    if (typeof part === 'boolean') return
    if (typeof part === 'number') {
      if (asked.holds(part)) tell(atoms[part].field)
    } else if (part[0] !== '!')
      for (let at = 1; at < part.length; at++)
        if (part[0] === '&' || treeHolds(part[at] as Tree, asked)) visit(part[at] as Tree)
  }
  visit(tree)
  return found
}

function treeHolds(tree: Tree, asked: AskedAtoms): boolean {
  if (typeof tree === 'number') return asked.holds(tree)
  if (typeof tree === 'boolean') return tree
  if (tree[0] === '!') return !treeHolds(tree[1], asked)
  const isAnd = tree[0] === '&'
  for (let at = 1; at < tree.length; at++) if (treeHolds(tree[at] as Tree, asked) !== isAnd) return !isAnd
  return isAnd
}
