// Strings with wildcards (Sigma rules specification, "Escaping"): `*` any characters, `?` any one; a backslash before `*`, `?` or a backslash takes their meaning
// away; any other backslash is itself.

/** A wildcard in a pattern. */
export const ANY = 0
export const ONE = 1
/** One of the dashes that Windows programs take for one another; only windash makes it. */
export const DASH = 2
export type PatternPart = string | typeof ANY | typeof ONE | typeof DASH
/** Text and wildcards in turn; no two texts follow each other, and no two ANY. */
export type Pattern = readonly PatternPart[]

/** Hyphen, slash, en dash, em dash, horizontal bar (specification, "windash"). */
export const DASHES = ['-', '/', '–', '—', '―'] as const

/** What is no plain text: a wildcard, or a backslash that stands before a backslash. */
const SPECIAL = /[*?]|\\\\/

export function parsePattern(text: string): PatternPart[] {
  if (!SPECIAL.test(text)) return text ? [text] : []
  const parts: PatternPart[] = []
  let plain = ''
  const flush = () => {
    if (plain) parts.push(plain)
    plain = ''
  }
  for (let at = 0; at < text.length; at++) {
    const c = text[at]
    if (c === '\\' && (text[at + 1] === '*' || text[at + 1] === '?' || text[at + 1] === '\\')) plain += text[++at]
    else if (c === '*' || c === '?') {
      flush()
      if (c === '?' || parts.at(-1) !== ANY) parts.push(c === '*' ? ANY : ONE)
    } else plain += c
  }
  flush()
  return parts
}

/** Replaces the texts of a pattern; wildcards stay. */
export const mapTexts = (pattern: Pattern, change: (text: string) => string): PatternPart[] =>
  pattern.map((part) => (typeof part === 'string' ? change(part) : part))

/** The pattern with ANY at its start and end as asked; ANY that is there already is not doubled. */
export function widen<T>(pattern: readonly (T | PatternPart)[], before: boolean, behind: boolean): (T | PatternPart)[] {
  const wide: (T | PatternPart)[] = [...pattern]
  if (before && wide[0] !== ANY) wide.unshift(ANY)
  if (behind && wide.at(-1) !== ANY) wide.push(ANY)
  return wide
}

/** The text of a pattern without wildcards; undefined when it has any. */
export const plainText = (pattern: Pattern): string | undefined =>
  pattern.length === 0 ? '' : pattern.length === 1 && typeof pattern[0] === 'string' ? pattern[0] : undefined
