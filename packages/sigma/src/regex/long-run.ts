// A pattern that is one set repeated and nothing else (`.{1000,}`): as an automaton it would be in a thousand places at once; counting does it.
import { type CharacterSet, holds } from './character-set.ts'
import type { RegexNode } from './parse-regex.ts'

interface Run {
  readonly set: CharacterSet
  readonly length: number
}

/** What is found where so many characters of a set stand behind each other; undefined for other patterns. How many more may follow makes no difference. */
export function runOf(node: RegexNode): Run | undefined {
  if (node.kind === 'sequence' && node.parts.length === 1) return runOf(node.parts[0])
  if (node.kind !== 'repeat' || node.part.kind !== 'set' || node.max < node.min) return undefined
  return { set: node.part.set, length: node.min }
}

export function hasRun(text: string, { set, length }: Run): boolean {
  if (text.length < length) return false
  let count = 0
  for (let at = 0; at < text.length && count < length; at++) {
    const character = text.codePointAt(at)!
    if (character > 0xffff) at++
    count = holds(set, character) ? count + 1 : 0
  }
  return count >= length
}
