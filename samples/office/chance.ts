// Numbers that look like chance and are the same every time: process ids, ports, pauses.

export interface Chance {
  /** 0 up to, not including, `end` */
  below(end: number): number
  between(from: number, to: number): number
  hex(digits: number): string
}

/** A sequence of its own for each name. Mulberry32 over an FNV-1a hash of the name. */
export function chance(name: string): Chance {
  let state = 0x811c9dc5
  for (const character of name) state = Math.imul(state ^ character.charCodeAt(0), 0x01000193)
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number) => Math.floor(next() * end)
  return {
    below,
    between: (from, to) => from + below(to - from + 1),
    hex: (digits) => Array.from({ length: digits }, () => below(16).toString(16)).join(''),
  }
}
