// Tests as texts. A pattern, which almost all are, is its own text, wildcards as the control characters that their numbers are; everything else is JSON.
import type { PatternPart } from '../modifiers/sigma-string.ts'
import type { Test } from '../modifiers/values.ts'

const PATTERN = 'p'
const CASED_PATTERN = 'c'
/** lower than this a character is a wildcard: ANY, ONE, DASH */
const TEXT_FROM = 3

export function writeTest(test: Test): string {
  if (test.kind !== 'pattern') return JSON.stringify(test)
  let text: string = test.cased ? CASED_PATTERN : PATTERN
  for (const part of test.pattern) {
    if (typeof part === 'string' && /[\u0000-\u0002]/.test(part)) return JSON.stringify(test)
    text += typeof part === 'string' ? part : String.fromCharCode(part)
  }
  return text
}

export function readTest(text: string): Test {
  const kind = text[0]
  if (kind !== PATTERN && kind !== CASED_PATTERN) return JSON.parse(text) as Test
  const pattern: PatternPart[] = []
  let from = 1
  for (let at = 1; at < text.length; at++) {
    const part = text.charCodeAt(at)
    if (part >= TEXT_FROM) continue
    if (at > from) pattern.push(text.slice(from, at))
    pattern.push(part as Exclude<PatternPart, string>)
    from = at + 1
  }
  if (text.length > from) pattern.push(text.slice(from))
  // A copy takes what it needs: a list that has grown has room for sixteen parts more.
  const parts = pattern.slice()
  return kind === PATTERN ? { kind: 'pattern', pattern: parts } : { kind: 'pattern', pattern: parts, cased: true }
}
