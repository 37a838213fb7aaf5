// In which order a tree's parts are asked.
import type { Tree } from '../compile/tree.ts'
import type { AtomSet } from './atom-set.ts'

/** What is known without looking (atoms that are looked out for) is asked first; of what has to be tested, what is seldom true. */
export function ordered(tree: Tree, watched: AtomSet, cost: (atom: number) => number): Tree {
  if (typeof tree !== 'object') return tree
  if (tree[0] === '!') {
    const part = ordered(tree[1] as Tree, watched, cost)
    return part === tree[1] ? tree : ['!', part]
  }
  let changed = false
  let last = 0
  const ranked: { part: Tree; rank: number }[] = []
  for (let at = 1; at < tree.length; at++) {
    const part = ordered(tree[at] as Tree, watched, cost)
    const rank = rankOf(part, watched, cost)
    changed ||= part !== tree[at] || rank < last
    last = rank
    ranked.push({ part, rank })
  }
  if (!changed) return tree
  return [tree[0], ...ranked.sort((a, b) => a.rank - b.rank).map(({ part }) => part)] as Tree
}

/** 0: known at once; 1: a tree of such; more: has to be tested. */
function rankOf(part: Tree, watched: AtomSet, cost: (atom: number) => number): number {
  if (typeof part === 'boolean') return 0
  if (typeof part === 'number') return watched.has(part) ? 0 : 2 + cost(part)
  let rank = 1
  for (let at = 1; at < part.length; at++) rank = Math.max(rank, rankOf(part[at] as Tree, watched, cost))
  return rank
}
