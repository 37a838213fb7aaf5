// What an author most likely did when YAML can't be read: YAML's own reasons seldom say it.

/** A key, with a list's hyphen before it or not. */
const KEY = /^\s*(?:- +)?(['"]?)([^'":]+)\1\s*:/

/** What to do about an error at `column` (from 0) of a line, with the line before it; '' when nothing is known. */
export function yamlHint(reason: string, line: string, before: string, column: number): string {
  for (const hint of HINTS) {
    const text = hint(reason, line, before, column)
    if (text !== undefined) return text
  }
  return ''
}

type Hint = (reason: string, line: string, before: string, column: number) => string | undefined

const HINTS: readonly Hint[] = [
  (_, line) => (/^\s*\t/.test(line) ? ' (a tab stands in the indentation: YAML takes spaces only)' : undefined),
  (_, line, before) =>
    /^[ \t]*[\u00a0\u2000-\u200b\u3000]/m.test(`${before}\n${line}`)
      ? ' (a space that is none, like the no-break space of web pages, stands in the indentation)'
      : undefined,
  (reason, line) => {
    const key = reason === 'duplicated mapping key' ? KEY.exec(line)?.[2].trim() : undefined
    return key && `: "${key}" stands there already${key.includes('|') ? '; values of one field go into a list' : ''}`
  },
  (reason) =>
    reason === 'unknown escape sequence'
      ? ' (in double quotes a backslash begins an escape: put the text in single quotes)'
      : undefined,
  (_, line, __, column) => {
    const sign = /^[%@`*&!|>]/.exec(valueIn(line))?.[0]
    return sign && (column >= line.indexOf(sign) - 1 || column === 0)
      ? ` (a value that begins with ${sign} stands in quotes)`
      : undefined
  },
  (_, line) => {
    const value = valueIn(line)
    if (!/^['"]/.test(value)) return undefined
    return count(value, value[0]) % 2
      ? ` (a quote is opened here and not closed; within single quotes a ' is written '')`
      : undefined
  },
  (_, __, before) => {
    const value = valueIn(before)
    return /^['"]/.test(value) && count(value, value[0]) % 2
      ? ' (a quote is opened on the line before, and not closed there)'
      : undefined
  },
  (_, line) => (/^\s*(?:- +)?[\w|.-]+:['"\w]/.test(line) ? ' (behind a colon stands a space)' : undefined),
  (_, line) => (/^[^'"#]*: /.test(valueIn(line)) ? ' (a text with ": " in it stands in quotes)' : undefined),
]

/** What stands behind a key or a list's hyphen. */
const valueIn = (line: string): string => /^\s*(?:- +)?(?:[\w|.-]+: +)?(.*?)\s*$/.exec(line)?.[1] ?? ''
const count = (text: string, sign: string): number => text.split(sign).length - 1
