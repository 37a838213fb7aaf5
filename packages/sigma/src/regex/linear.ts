// Regular expressions of untrusted rules. JavaScript's engine backtracks: a pattern like (a+)+$ takes forever on a value made for it. So a pattern runs there only
// when its shape shows that it can't, on values up to a bound; everything else runs in re2js, whose time is linear in the value. What neither can do is refused.
import { RE2JS } from 're2js'

/** Longer values always go to the linear engine: a pattern with two open repetitions is quadratic at worst, and that on this many characters is a moment. */
const BACKTRACK_LIMIT = 4096
const MAX_PATTERN = 8192

export class RegexError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'RegexError'
  }
}

export type RegexTest = (text: string) => boolean

/** Makes the test that a pattern is found somewhere in a text. `flags`: of i, m, s. Throws RegexError. */
export function compileRegex(source: string, flags: string): RegexTest {
  if (source.length > MAX_PATTERN)
    throw new RegexError(`the pattern has ${source.length} characters; at most ${MAX_PATTERN} are taken`)
  const { pattern: written, flags: inline } = inlineFlags(source)
  const pattern = withoutIdleEnds(written)
  const all = [...new Set(flags + inline)].sort().join('')
  let fast: RegExp | undefined
  let problem = ''
  try {
    fast = new RegExp(pattern, all)
  } catch (error) {
    problem = (error as Error).message
  }
  const isSafe = fast !== undefined && backtracksLittle(pattern)
  if (fast && isSafe && repeatsGuarded(pattern)) {
    const always = fast
    return (text) => always.test(text)
  }
  let linear: RE2JS | undefined
  try {
    linear = RE2JS.compile(pattern, re2Flags(all))
  } catch (error) {
    if (!fast) throw new RegexError(`the pattern can't be parsed: ${problem}`)
    if (!isSafe)
      throw new RegexError(
        `the pattern could take forever and is beyond the linear engine (${(error as Error).message})`,
      )
  }
  if (!fast || !isSafe) {
    const only = linear!
    return (text) => only.matcher(text).find()
  }
  const quick = fast
  if (!linear)
    return (text) => quick.test(text.length > BACKTRACK_LIMIT * 32 ? text.slice(0, BACKTRACK_LIMIT * 32) : text)
  const long = linear
  return (text) => (text.length <= BACKTRACK_LIMIT ? quick.test(text) : long.matcher(text).find())
}

function re2Flags(flags: string): number {
  return (
    (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) |
    (flags.includes('m') ? RE2JS.MULTILINE : 0) |
    (flags.includes('s') ? RE2JS.DOTALL : 0)
  )
}

/** `(?i)` at the start is a flag of the whole pattern; JavaScript has no other word for it. */
function inlineFlags(source: string): { pattern: string; flags: string } {
  const match = /^\(\?([ims]+)\)/.exec(source)
  return match ? { pattern: source.slice(match[0].length), flags: match[1] } : { pattern: source, flags: '' }
}

/** Whether something is found does not depend on how long an open repetition at either end runs: `\w+x` finds as `\wx` does, `x.*` as `x`. */
export function withoutIdleEnds(pattern: string): string {
  if (hasTopLevelAlternative(pattern) || /\\[1-9]|\\k</.test(pattern)) return pattern
  let shorter = pattern
  const atom = String.raw`(?:\\[wWdDsS]|\[(?:\\.|[^\]\\])+\]|\.)`
  const front = new RegExp(`^(${atom})([+*])(?![?+*{])(?=.)`)
  for (let match = front.exec(shorter); match; match = front.exec(shorter))
    shorter = (match[2] === '+' ? match[1] : '') + shorter.slice(match[0].length)
  const back = new RegExp(`^((?:.|\n)*[^\\\\])(${atom})([+*])\\??$`)
  const match = back.exec(shorter)
  if (match && !/[\\[]$/.test(match[1])) shorter = match[1] + (match[3] === '+' ? match[2] : '')
  return shorter
}

/** No repetition within a repeated group, no reference back, at most two open repetitions in all: quadratic at worst. */
function backtracksLittle(pattern: string): boolean {
  if (/\\[1-9]|\\k</.test(pattern)) return false
  let open = 0
  const groups: { repeats: boolean }[] = []
  for (let at = 0; at < pattern.length; at++) {
    const c = pattern[at]
    if (c === '\\') at++
    else if (c === '[') at = classEnd(pattern, at)
    else if (c === '(') groups.push({ repeats: false })
    else if (c === ')') {
      const group = groups.pop()
      const repeat = repetition(pattern, at + 1)
      if (group?.repeats) {
        if (repeat) return false
        if (groups.length) groups.at(-1)!.repeats = true
      }
    }
    const next = c === '(' ? undefined : repetition(pattern, at + 1)
    if (next === 'open') {
      if (++open > 2) return false
      for (const group of groups) group.repeats = true
    } else if (next === 'bounded' && c === ')') return false
  }
  return true
}

/**
 * Whether every open repetition stands behind a character that it does not take itself (`\`\w+`): what it runs over from one start no other start runs over again, so
 * the whole search is linear in the value, however long.
 */
function repeatsGuarded(pattern: string): boolean {
  let before = ''
  const outer: string[] = []
  for (let at = 0; at < pattern.length; at++) {
    const c = pattern[at]
    if (c === '(') {
      outer.push(before)
      if (pattern.startsWith('?:', at + 1)) at += 2
      else if (pattern[at + 1] === '?') return false
      continue
    }
    if (c === '|') {
      before = outer.at(-1) ?? ''
      continue
    }
    if (c === ')') {
      outer.pop()
      before = ''
      if (repetition(pattern, at + 1)) return false
      continue
    }
    const start = at
    if (c === '\\') at++
    else if (c === '[') at = classEnd(pattern, at)
    const atom = pattern.slice(start, at + 1)
    if (repetition(pattern, at + 1) === 'open') {
      if (before === '' || takes(atom, before)) return false
      before = ''
    } else before = literalOf(atom)
    if (repetition(pattern, at + 1) || pattern[at + 1] === '?') {
      before = ''
      at = pattern[at + 1] === '{' ? pattern.indexOf('}', at + 1) : at + 1
    }
  }
  return true
}

/** The character that an atom always is, '' when it may be several. */
const literalOf = (atom: string): string =>
  atom.length === 1 && !'.^$'.includes(atom)
    ? atom
    : atom.length === 2 && atom[0] === '\\' && !/[A-Za-z0-9]/.test(atom[1])
      ? atom[1]
      : ''

/** Whether one atom of a pattern takes a character, in either case. */
function takes(atom: string, character: string): boolean {
  try {
    return new RegExp(`^${atom}$`, 'is').test(character)
  } catch {
    return true
  }
}

function classEnd(pattern: string, at: number): number {
  for (let end = at + 2; end < pattern.length; end++) {
    if (pattern[end] === '\\') end++
    else if (pattern[end] === ']') return end
  }
  return pattern.length
}

/** What repeats the thing before `at`: an open repetition, one with a bound, or nothing that matters (`?`). */
function repetition(pattern: string, at: number): 'open' | 'bounded' | undefined {
  const c = pattern[at]
  if (c === '*' || c === '+') return 'open'
  const braces = c === '{' ? /^\{\d+(,(\d*))?\}/.exec(pattern.slice(at, at + 12)) : null
  if (!braces) return undefined
  return braces[1] === ',' ? 'open' : 'bounded'
}

/** The longest text that stands in whatever the pattern finds, folded; '' when there is none that is sure. ASCII only. */
export function requiredLiteral(source: string, foldText: (text: string) => string): string {
  return requiredLiterals(source, foldText).reduce((longest, one) => (one.length > longest.length ? one : longest), '')
}

/** The texts that stand, one behind the other, in whatever the pattern finds; folded, ASCII only. What alternatives and optional parts hold is not sure. */
export function requiredLiterals(source: string, foldText: (text: string) => string): string[] {
  const runs: string[] = []
  collectRuns(inlineFlags(source).pattern, runs)
  return runs.map(foldText)
}

const ESCAPED_TEXT = /[\\.*+?()[\]{}|^$/\-"' =,:;<>!@#%&_~`]/

function collectRuns(pattern: string, runs: string[]): void {
  if (hasTopLevelAlternative(pattern)) return
  let run = ''
  const end = () => {
    if (run) runs.push(run)
    run = ''
  }
  for (let at = 0; at < pattern.length; at++) {
    const c = pattern[at]
    let literal = ''
    let group: [number, number] | undefined
    if (c === '\\') {
      const next = pattern[++at] ?? ''
      if (ESCAPED_TEXT.test(next)) literal = next
    } else if (c === '[') at = classEnd(pattern, at)
    else if (c === '(') {
      group = [at, groupEnd(pattern, at)]
      at = group[1]
    } else if (!'.*+?^$)|{}'.includes(c)) literal = c
    const next = pattern[at + 1]
    const optional =
      next === '*' || next === '?' || (next === '{' && /^\{0?,|^\{0\}/.test(pattern.slice(at + 1, at + 5)))
    if (literal && !optional && literal.charCodeAt(0) < 128) run += literal
    else end()
    if (group && !optional) {
      const inside = pattern.slice(group[0] + 1, group[1])
      if (!inside.startsWith('?')) collectRuns(inside, runs)
      else if (inside.startsWith('?:')) collectRuns(inside.slice(2), runs)
    }
    if (next === '*' || next === '?' || next === '+' || next === '{') {
      end()
      at = next === '{' ? Math.max(at + 1, pattern.indexOf('}', at + 1)) : at + 1
    }
  }
  end()
}

/** Whether texts stand in a text one behind the other: cheap, and false for most values that a pattern is tried on. */
export function holdsInOrder(text: string, parts: readonly string[]): boolean {
  let from = 0
  for (const part of parts) {
    const found = text.indexOf(part, from)
    if (found < 0) return false
    from = found + part.length
  }
  return true
}

function groupEnd(pattern: string, at: number): number {
  let depth = 0
  for (let end = at; end < pattern.length; end++) {
    if (pattern[end] === '\\') end++
    else if (pattern[end] === '[') end = classEnd(pattern, end)
    else if (pattern[end] === '(') depth++
    else if (pattern[end] === ')' && --depth === 0) return end
  }
  return pattern.length
}

function hasTopLevelAlternative(pattern: string): boolean {
  for (let at = 0; at < pattern.length; at++) {
    const c = pattern[at]
    if (c === '\\') at++
    else if (c === '[') at = classEnd(pattern, at)
    else if (c === '(') at = groupEnd(pattern, at)
    else if (c === '|') return true
  }
  return false
}
