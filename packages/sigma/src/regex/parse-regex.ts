// Regular expressions as Sigma has them (specification 2.1, appendix modifiers, "Regular Expression": PCRE's syntax without what goes beyond regular languages) → a tree. Read
// as PCRE reads it without its Unicode option: \d \w \s \b are of ASCII, "." is all but a line feed, "$" stands before a final line feed too. Look-around, references back
// and possessive repetitions are refused by name: no engine runs them in linear time.
import {
  type CharacterSet,
  complement,
  DIGITS,
  EVERYTHING,
  HORIZONTAL_SPACES,
  NEWLINE,
  POSIX_CLASSES,
  SPACES,
  union,
  VERTICAL_SPACES,
  WORD,
  withoutCase,
} from './character-set.ts'
import { RegexError } from './regex-error.ts'

export type Assertion =
  | 'start'
  | 'line-start'
  | 'end'
  | 'final-end'
  | 'line-end'
  | 'boundary'
  | 'no-boundary'
  | 'no-line-feed-ahead'

export type RegexNode =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'assertion'; readonly what: Assertion }
  | { readonly kind: 'sequence'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'repeat'; readonly part: RegexNode; readonly min: number; readonly max: number }

export const MAX_PATTERN = 8192
const MAX_DEPTH = 100
/** `a{1,1000}` is written out that often (RE2 has the same bound). */
const MAX_REPEAT = 1000

interface Flags {
  readonly ignoreCase: boolean
  readonly multiLine: boolean
  readonly dotAll: boolean
}

/** Parses a pattern; `flags`: of i, m, s. Throws RegexError. */
export function parseRegex(source: string, flags: string): RegexNode {
  if (source.length > MAX_PATTERN)
    throw new RegexError(`the pattern has ${source.length} characters; at most ${MAX_PATTERN} are taken`)
  const parser = new RegexParser(source)
  return parser.parse({
    ignoreCase: flags.includes('i'),
    multiLine: flags.includes('m'),
    dotAll: flags.includes('s'),
  })
}

const CONTROLS: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 }
const CLASSES: Readonly<Record<string, CharacterSet>> = {
  d: DIGITS,
  D: complement(DIGITS),
  w: WORD,
  W: complement(WORD),
  s: SPACES,
  S: complement(SPACES),
  h: HORIZONTAL_SPACES,
  H: complement(HORIZONTAL_SPACES),
  v: VERTICAL_SPACES,
  V: complement(VERTICAL_SPACES),
  N: complement(NEWLINE),
}
const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  b: 'boundary',
  B: 'no-boundary',
  A: 'start',
  z: 'end',
  Z: 'final-end',
}
const CARRIAGE_RETURN: RegexNode = { kind: 'set', set: [13, 13] }
/** `\R`: both characters of CR LF or neither (pcre2pattern, "Newline sequences"). */
const LINE_BREAK: RegexNode = {
  kind: 'choice',
  parts: [
    { kind: 'sequence', parts: [CARRIAGE_RETURN, { kind: 'set', set: NEWLINE }] },
    { kind: 'sequence', parts: [CARRIAGE_RETURN, { kind: 'assertion', what: 'no-line-feed-ahead' }] },
    { kind: 'set', set: [10, 12, 0x85, 0x85, 0x2028, 0x2029] },
  ],
}
/** What `(?` and `\` may begin that is not regular. */
const GROUPS_REFUSED: readonly (readonly [string, string])[] = [
  ['?=', 'look-ahead'],
  ['?!', 'look-ahead'],
  ['?<=', 'look-behind'],
  ['?<!', 'look-behind'],
  ['?>', 'atomic groups'],
  ['?|', 'branch resets'],
  ['?(', 'conditions'],
  ['?R', 'recursion'],
  ['?&', 'recursion'],
  ['?P>', 'recursion'],
  ['?P=', 'references back'],
  ['*', 'verbs'],
]
const ESCAPES_REFUSED: Readonly<Record<string, string>> = {
  k: 'references back',
  g: 'references back',
  G: 'anchors at the last match',
  K: 'a start of match set anew',
  X: 'grapheme clusters',
  C: 'single bytes',
}

class RegexParser {
  readonly #characters: readonly string[]
  #at = 0
  #depth = 0

  constructor(source: string) {
    this.#characters = [...source]
  }

  parse(flags: Flags): RegexNode {
    const node = this.#choice(flags)
    if (this.#at < this.#characters.length) this.#fail('a bracket closes that was never opened')
    return node
  }

  #fail(message: string, at = this.#at): never {
    throw new RegexError(`${message} (character ${at + 1} of the pattern)`)
  }

  #refuse(what: string, at: number): never {
    const hint = what.startsWith('look-') ? ': give it a search identifier of its own, and the condition an "and"' : ''
    return this.#fail(`Sigma's regular expressions have no ${what}, which can't be matched in linear time${hint}`, at)
  }

  #looksAt(text: string): boolean {
    for (let i = 0; i < text.length; i++) if (this.#characters[this.#at + i] !== text[i]) return false
    return true
  }

  /** Alternatives up to a closing bracket or the end. `(?i)` holds from where it stands to the end of its group, alternatives included. */
  #choice(outer: Flags): RegexNode {
    if (++this.#depth > MAX_DEPTH) this.#fail(`groups are nested deeper than ${MAX_DEPTH}`)
    let flags = outer
    const choices: RegexNode[] = []
    let parts: RegexNode[] = []
    for (;;) {
      const c = this.#characters[this.#at]
      if (c === undefined || c === ')') break
      if (c === '|') {
        this.#at++
        choices.push(sequence(parts))
        parts = []
        continue
      }
      if (this.#looksAt('\\Q')) {
        parts.push(...this.#quoted(flags))
        continue
      }
      if (c === '(') {
        const opened = this.#group(flags)
        if ('flags' in opened) flags = opened.flags
        else parts.push(this.#repeated(opened.node))
        continue
      }
      if (this.#looksAt('\\E')) {
        this.#at += 2
        continue
      }
      parts.push(this.#repeated(this.#single(c, flags)))
    }
    this.#depth--
    choices.push(sequence(parts))
    return choices.length === 1 ? choices[0] : { kind: 'choice', parts: choices }
  }

  #quoted(flags: Flags): RegexNode[] {
    this.#at += 2
    const parts: RegexNode[] = []
    while (this.#at < this.#characters.length && !this.#looksAt('\\E'))
      parts.push(this.#literal(this.#characters[this.#at++], flags))
    this.#at += 2
    const last = parts.pop()
    return last ? [...parts, this.#repeated(last)] : parts
  }

  #group(flags: Flags): { node: RegexNode } | { flags: Flags } {
    const start = this.#at++
    for (const [begin, what] of GROUPS_REFUSED) if (this.#looksAt(begin)) this.#refuse(what, start)
    if (this.#looksAt('?#')) {
      while (this.#characters[this.#at] !== ')' && this.#at < this.#characters.length) this.#at++
      this.#close(start)
      return { flags }
    }
    let inner = flags
    if (this.#looksAt('?P<') || this.#looksAt('?<') || this.#looksAt("?'")) this.#name()
    else if (this.#characters[this.#at] === '?') {
      this.#at++
      inner = this.#flags(flags)
      if (this.#characters[this.#at] === ')') {
        this.#at++
        return { flags: inner }
      }
      this.#at++
    }
    const node = this.#choice(inner)
    this.#close(start)
    return { node }
  }

  #close(start: number): void {
    if (this.#characters[this.#at] !== ')') this.#fail('a bracket is never closed', start)
    this.#at++
  }

  /** `(?<name>`, `(?P<name>`, `(?'name'`: names mean nothing here. */
  #name(): void {
    const start = this.#at
    const rest = this.#characters.slice(this.#at, this.#at + 80).join('')
    const match = /^\?(?:P?<[A-Za-z_]\w*>|'[A-Za-z_]\w*')/.exec(rest)
    if (!match) this.#fail('a group has no good name', start)
    this.#at += match[0].length
  }

  /** `i-ms` up to ":" or ")". */
  #flags(flags: Flags): Flags {
    let on = true
    const made = { ...flags }
    for (; ; this.#at++) {
      const c = this.#characters[this.#at]
      if (c === ':' || c === ')') return made
      if (c === '-') on = false
      else if (c === 'i') made.ignoreCase = on
      else if (c === 'm') made.multiLine = on
      else if (c === 's') made.dotAll = on
      // Which of several matches is found makes no difference to whether there is one.
      else if (c !== 'U' && c !== 'J') this.#fail(`"(?${c ?? ''}" is not known here`)
    }
  }

  #single(c: string, flags: Flags): RegexNode {
    const start = this.#at++
    switch (c) {
      case '.':
        return { kind: 'set', set: flags.dotAll ? EVERYTHING : complement(NEWLINE) }
      case '^':
        return { kind: 'assertion', what: flags.multiLine ? 'line-start' : 'start' }
      case '$':
        return { kind: 'assertion', what: flags.multiLine ? 'line-end' : 'final-end' }
      case '[':
        return this.#class(start, flags)
      case '\\':
        return this.#escape(start, flags)
      case '*':
      case '+':
      case '?':
        return this.#fail(`"${c}" has nothing to repeat`, start)
      case '{':
        if (this.#braces(start)) this.#fail('"{" has nothing to repeat', start)
        return this.#literal(c, flags)
      default:
        return this.#literal(c, flags)
    }
  }

  #literal(character: string, flags: Flags): RegexNode {
    const code = character.codePointAt(0)!
    return this.#set([code, code], flags)
  }

  #set(set: CharacterSet, { ignoreCase }: Flags): RegexNode {
    return { kind: 'set', set: ignoreCase ? withoutCase(set) : set }
  }

  #escape(start: number, flags: Flags): RegexNode {
    const c = this.#characters[this.#at]
    if (c === undefined) return this.#fail('a backslash at the end', start)
    if (ASSERTIONS[c]) {
      this.#at++
      return { kind: 'assertion', what: ASSERTIONS[c] }
    }
    if (c === 'R') {
      this.#at++
      return LINE_BREAK
    }
    if (/[1-9]/.test(c)) return this.#refuse('references back', start)
    if (ESCAPES_REFUSED[c]) return this.#refuse(ESCAPES_REFUSED[c], start)
    const found = this.#escaped(start, flags)
    return typeof found === 'number' ? this.#set([found, found], flags) : this.#set(found, flags)
  }

  /** The character or the class that a backslash and what is behind it mean; `#at` is behind the backslash. */
  #escaped(start: number, flags: Flags): number | CharacterSet {
    const c = this.#characters[this.#at++]
    if (c === 'N' && this.#looksAt('{') && !/[\d,]/.test(this.#characters[this.#at + 1] ?? ''))
      return this.#fail('characters have no names here', start)
    if (CLASSES[c]) return CLASSES[c]
    if (CONTROLS[c] !== undefined) return CONTROLS[c]
    if (c === 'p' || c === 'P') return this.#property(c === 'P', start, flags)
    if (c === 'x') return this.#hex(/^(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{1,2}))/, start)
    if (c === 'u') return this.#pair(this.#hex(/^(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{4}))/, start))
    if (c === 'o') return this.#number(/^\{([0-7]{1,7})\}/, 8, start)
    if (c === '0') {
      this.#at--
      return this.#number(/^([0-7]{1,3})/, 8, start)
    }
    if (c === 'c') return this.#control(start)
    if (/^[A-Za-z0-9]$/.test(c)) return this.#fail(`"\\${c}" is not known here`, start)
    return c.codePointAt(0)!
  }

  /** `\cA`: a character of ASCII that is printed. */
  #control(start: number): number {
    const c = this.#characters[this.#at++] ?? ''
    if (!/^[ -~]$/.test(c)) this.#fail('a control character was expected behind the backslash', start)
    return c.toUpperCase().charCodeAt(0) ^ 64
  }

  #hex(form: RegExp, start: number): number {
    return this.#number(form, 16, start)
  }

  #number(form: RegExp, base: number, start: number): number {
    const match = form.exec(this.#characters.slice(this.#at, this.#at + 12).join(''))
    if (!match) return this.#fail('a number was expected behind the backslash', start)
    this.#at += match[0].length
    const code = Number.parseInt(match[1] ?? match[2] ?? '', base) || 0
    return code <= 0x10ffff ? code : this.#fail('there is no such character', start)
  }

  /** `\ud83d\ude00` is one character. */
  #pair(high: number): number {
    if (high < 0xd800 || high > 0xdbff || !this.#looksAt('\\u')) return high
    const match = /^\\u([Dd][C-Fc-f][0-9A-Fa-f]{2})/.exec(this.#characters.slice(this.#at, this.#at + 6).join(''))
    if (!match) return high
    this.#at += 6
    return 0x10000 + ((high - 0xd800) << 10) + (Number.parseInt(match[1], 16) - 0xdc00)
  }

  #property(negated: boolean, start: number, { ignoreCase }: Flags): CharacterSet {
    const match = /^(?:\{(\^?)([A-Za-z_]{1,40})\}|([A-Z]))/.exec(
      this.#characters.slice(this.#at, this.#at + 44).join(''),
    )
    const sets = match && propertySets(match[2] ?? match[3])
    if (!match || !sets) return this.#fail('there is no such property of characters', start)
    this.#at += match[0].length
    if (negated === (match[1] === '^')) return sets.within
    // Without case, what is no capital letter is no letter either.
    return ignoreCase ? complement(withoutCase(sets.within)) : sets.without
  }

  #class(start: number, flags: Flags): RegexNode {
    const negated = this.#characters[this.#at] === '^'
    if (negated) this.#at++
    const sets: CharacterSet[] = []
    for (let isFirst = true; ; isFirst = false) {
      const c = this.#characters[this.#at]
      if (c === undefined) this.#fail('a class is never closed', start)
      if (c === ']' && !isFirst) break
      sets.push(this.#classPart(flags))
    }
    this.#at++
    const set = flags.ignoreCase ? withoutCase(union(...sets)) : union(...sets)
    return { kind: 'set', set: negated ? complement(set) : set }
  }

  #classPart(flags: Flags): CharacterSet {
    const posix = /^\[:(\^?)([a-z]+):\]/.exec(this.#characters.slice(this.#at, this.#at + 12).join(''))
    if (posix) {
      const set = POSIX_CLASSES.get(posix[2])
      if (!set) this.#fail(`there is no class [:${posix[2]}:]`)
      this.#at += posix[0].length
      return posix[1] ? complement(flags.ignoreCase ? withoutCase(set) : set) : set
    }
    const low = this.#classCharacter(flags)
    if (typeof low !== 'number') return low
    const next = this.#characters[this.#at + 1]
    if (this.#characters[this.#at] !== '-' || next === ']' || next === undefined) return [low, low]
    const start = this.#at++
    const high = this.#classCharacter(flags)
    // `[\w-.]`, `[+--\d]`: a class has no end; the dash is itself.
    if (typeof high !== 'number') return union([low, low], [45, 45], high)
    return low <= high ? [low, high] : this.#fail('a range runs backwards', start)
  }

  #classCharacter(flags: Flags): number | CharacterSet {
    const start = this.#at
    const c = this.#characters[this.#at++]
    if (c !== '\\') return c.codePointAt(0)!
    const next = this.#characters[this.#at]
    if (next === undefined) return this.#fail('a class is never closed', start)
    if (next === 'b') {
      this.#at++
      return 8
    }
    if (/[1-9]/.test(next)) return this.#number(/^([0-7]{1,3})/, 8, start)
    return this.#escaped(start, flags)
  }

  /** The quantifier at `at`, `#at` behind it; undefined, `#at` where it was, when there is none: `{` may be just that. */
  #braces(at: number): { min: number; max: number } | undefined {
    const match = /^\{(\d{1,6})?(?:(,)(\d{1,6})?)?\}/.exec(this.#characters.slice(at, at + 16).join(''))
    if (!match || (match[1] === undefined && match[3] === undefined)) return undefined
    const min = Number(match[1] ?? 0)
    const max = match[2] === undefined ? min : match[3] === undefined ? Number.POSITIVE_INFINITY : Number(match[3])
    if (min > max) this.#fail('a repetition whose least is more than its most', at)
    if (min > MAX_REPEAT || (max > MAX_REPEAT && max !== Number.POSITIVE_INFINITY))
      this.#fail(`more than ${MAX_REPEAT} repetitions`, at)
    this.#at = at + match[0].length
    return { min, max }
  }

  #repeated(part: RegexNode): RegexNode {
    // An end of what is quoted, where nothing is, is nothing: the quantifier behind it is of what stands before it.
    while (this.#looksAt('\\E')) this.#at += 2
    const start = this.#at
    const c = this.#characters[start]
    let bounds: { min: number; max: number } | undefined
    if (c === '*' || c === '+' || c === '?') {
      this.#at++
      bounds = { min: c === '+' ? 1 : 0, max: c === '?' ? 1 : Number.POSITIVE_INFINITY }
    } else if (c === '{') bounds = this.#braces(start)
    if (!bounds) return part
    const behind = this.#characters[this.#at]
    if (behind === '+') this.#refuse('possessive repetitions', start)
    // Lazy or greedy: whether something is found is the same.
    if (behind === '?') this.#at++
    const again = this.#characters[this.#at]
    if (again === '*' || again === '+' || again === '?') this.#fail(`"${again}" has nothing to repeat`)
    return { kind: 'repeat', part, ...bounds }
  }
}

const sequence = (parts: readonly RegexNode[]): RegexNode =>
  parts.length === 1 ? parts[0] : { kind: 'sequence', parts }

interface PropertySets {
  readonly within: CharacterSet
  readonly without: CharacterSet
}

const properties = new Map<string, PropertySets>()

/** The characters of a Unicode property or general category, and all others, as JavaScript's own engine knows them. */
function propertySets(name: string): PropertySets | undefined {
  const known = properties.get(name)
  if (known) return known
  const within = scanProperty(name)
  if (!within) return undefined
  const sets = { within, without: complement(within) }
  properties.set(name, sets)
  return sets
}

function scanProperty(name: string): CharacterSet | undefined {
  let test: RegExp | undefined
  for (const word of [name, `Script=${name}`]) {
    try {
      test ??= new RegExp(`^\\p{${word}}$`, 'u')
    } catch {
      // not that kind of name
    }
  }
  if (!test) return undefined
  const set: number[] = []
  for (let code = 0; code <= 0x10ffff; code++) {
    if (!test.test(String.fromCodePoint(code))) continue
    if (set.at(-1) === code - 1) set[set.length - 1] = code
    else set.push(code, code)
  }
  return set
}
