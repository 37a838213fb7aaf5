// A rule's condition over atoms, and the three ways of joining such trees; what is decided falls away.

/** AND, OR, NOT over atoms (by index); true and false as constants. */
export type Tree = number | boolean | readonly ['&' | '|', ...Tree[]] | readonly ['!', Tree]

export const and = (parts: readonly Tree[]): Tree => joined('&', parts, false)

export const or = (parts: readonly Tree[]): Tree => joined('|', parts, true)

/** `decides`: the constant that decides the whole; the other one falls away. */
function joined(sign: '&' | '|', parts: readonly Tree[], decides: boolean): Tree {
  if (parts.length === 1) return parts[0]
  const all = new Set<Tree>()
  for (const part of parts) {
    if (part === decides) return decides
    if (Array.isArray(part) && part[0] === sign) for (let at = 1; at < part.length; at++) all.add(part[at] as Tree)
    else if (typeof part !== 'boolean') all.add(part)
  }
  const [first, second] = all
  return first === undefined ? !decides : second === undefined ? first : [sign, ...all]
}

export function not(part: Tree): Tree {
  if (typeof part === 'boolean') return !part
  return Array.isArray(part) && part[0] === '!' ? (part[1] as Tree) : ['!', part]
}
