// A rule's condition over atoms, and the three ways of joining such trees; what is decided falls away.

/** AND, OR, NOT over atoms (by index); true and false as constants. */
export type Tree = number | boolean | readonly ['&' | '|', ...Tree[]] | readonly ['!', Tree]

export function and(parts: readonly Tree[]): Tree {
  const flat = parts.flatMap((part): readonly Tree[] =>
    Array.isArray(part) && part[0] === '&' ? (part.slice(1) as Tree[]) : [part],
  )
  if (flat.includes(false)) return false
  const rest = [...new Set(flat.filter((part) => part !== true))]
  return rest.length === 0 ? true : rest.length === 1 ? rest[0] : ['&', ...rest]
}

export function or(parts: readonly Tree[]): Tree {
  const flat = parts.flatMap((part): readonly Tree[] =>
    Array.isArray(part) && part[0] === '|' ? (part.slice(1) as Tree[]) : [part],
  )
  if (flat.includes(true)) return true
  const rest = [...new Set(flat.filter((part) => part !== false))]
  return rest.length === 0 ? false : rest.length === 1 ? rest[0] : ['|', ...rest]
}

export function not(part: Tree): Tree {
  if (typeof part === 'boolean') return !part
  return Array.isArray(part) && part[0] === '!' ? (part[1] as Tree) : ['!', part]
}
