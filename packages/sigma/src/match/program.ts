// A rule's tree as a chain of questions: which atom is asked, and where to go on when it is true and when it is not. What a tree means is walked without recursion.
import type { Tree } from '../compile/tree.ts'

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
