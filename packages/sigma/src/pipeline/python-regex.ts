// Regular expressions as Python and RE2 write them (pySigma takes RE2 where it is installed), as those of JavaScript.
import type { Location } from '../rule.ts'
import { PipelineError } from './pipeline.ts'

/** What Python writes in another way: named groups, the very start and end, "up to n". Escapes and classes are gone over, so that nothing in them is taken for it. */
const DIFFERENT =
  /\\[AZz]|\\[^AZz]|\[\^?\](?:\\.|[^\]\\])*\]|\[(?:\\.|[^\]\\])*\]|\(\?P<|\(\?P=(\w+)\)|\(\?#[^)]*\)|\{,(\d+)\}/gs

/** `anchor`: `re.match` begins at the start. Throws PipelineError. */
export function pythonRegex(source: string, location: Location, anchor: '' | '^' = '', flags = ''): RegExp {
  const fail = (why: string): never => {
    throw new PipelineError('structure', `"${source}" is no regular expression that can be used here: ${why}`, location)
  }
  const inline = /^\(\?([a-zA-Z]+)\)/.exec(source)
  const unknown = [...(inline?.[1] ?? '')].find((flag) => !'aimsu'.includes(flag))
  if (unknown !== undefined) return fail(`the flag ${unknown} is not supported`)
  const body = (inline ? source.slice(inline[0].length) : source).replace(DIFFERENT, (all, name, most) => {
    if (all === '\\A') return '(?<![\\s\\S])'
    if (all === '\\Z' || all === '\\z') return '(?![\\s\\S])'
    if (all === '(?P<') return '(?<'
    if (name !== undefined) return `\\k<${name}>`
    if (most !== undefined) return `{0,${most}}`
    if (all.startsWith('(?#')) return ''
    const odd = /\\[^\W\dbBdDfknrsStuvwWx_]|\[:\w+:\]/.exec(all)
    if (odd) return fail(`${odd[0]} means something else, or nothing, here`)
    // A bracket that closes at once is a character of the class.
    return all.replace(/^\[(\^?)\]/, '[$1\\]')
  })
  const all = new Set([...flags, ...[...(inline?.[1] ?? '')].filter((flag) => 'ims'.includes(flag))])
  try {
    return new RegExp(anchor ? `(?<![\\s\\S])(?:${body})` : body, [...all].join(''))
  } catch (error) {
    return fail((error as Error).message)
  }
}

/** What stands in the place of a match. */
export type Replacement = (match: RegExpExecArray) => string

/** A replacement as `re.sub` takes it: `\1`, `\g<1>`, `\g<name>`, `\\`, `\n` and its kin. Throws PipelineError. */
export function pythonReplacement(replacement: string, pattern: RegExp, location: Location): Replacement {
  const fail = (why: string) => {
    throw new PipelineError('structure', `replacement "${replacement}": ${why}`, location)
  }
  // An alternative of nothing always matches, with all groups.
  const empty = new RegExp(`${pattern.source}|`).exec('')!
  const parts: (string | { group: string })[] = []
  for (const [piece, name, number, letter] of replacement.matchAll(/\\g<(\w+)>|\\([1-9]\d?)|\\([\s\S])|[^\\]+|\\/g)) {
    const group = name ?? number
    if (group !== undefined) {
      if (!(/^\d+$/.test(group) ? Number(group) < empty.length : group in (empty.groups ?? {})))
        fail(`there is no group ${group}`)
      parts.push({ group })
    } else if (letter === undefined) parts.push(piece)
    else if (letter in ESCAPES) parts.push(ESCAPES[letter])
    else if (/[A-Za-z]/.test(letter)) fail(`\\${letter} means nothing`)
    else parts.push(piece)
  }
  return (match) => {
    const { groups } = match
    return parts
      .map((part) =>
        typeof part === 'string'
          ? part
          : ((/^\d+$/.test(part.group) ? match[Number(part.group)] : groups?.[part.group]) ?? ''),
      )
      .join('')
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  n: '\n',
  t: '\t',
  r: '\r',
  f: '\f',
  v: '\v',
  a: '\u0007',
  b: '\b',
  '0': '\0',
}

/** Text with every match replaced. `pattern` is global. */
export function substituted(text: string, pattern: RegExp, into: Replacement): string {
  let made = ''
  let from = 0
  for (const match of text.matchAll(pattern)) {
    made += text.slice(from, match.index) + into(match)
    from = match.index + match[0].length
  }
  return made + text.slice(from)
}
