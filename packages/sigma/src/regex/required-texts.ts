// Texts that stand in whatever a regular expression finds: they can be looked for in raw bytes, and the expression is run only where they are.
import { fold } from '../modifiers/folding.ts'
import type { CharacterSet } from './character-set.ts'
import type { RegexNode } from './parse-regex.ts'

/** Texts are folded and of ASCII; what holds them is folded before they are looked for. */
export interface RequiredTexts {
  /** all of them stand, one behind the other */
  readonly inOrder: readonly string[]
  /** of each list, one stands */
  readonly anyOf: readonly (readonly string[])[]
}

/** More alternatives than this are not worth looking for. */
const MAX_ALTERNATIVES = 12
const MAX_TEXT = 256

export function requiredTexts(node: RegexNode): RequiredTexts {
  const found: { inOrder: string[]; anyOf: string[][] } = { inOrder: [], anyOf: [] }
  let run = ''
  const end = () => {
    if (run) found.inOrder.push(run)
    run = ''
  }
  const collect = (part: RegexNode): void => {
    const text = textOf(part)
    if (text !== undefined) {
      run += text
      if (run.length > MAX_TEXT) end()
      return
    }
    if (part.kind === 'sequence') {
      for (const inner of part.parts) collect(inner)
      return
    }
    end()
    if (part.kind === 'repeat' && part.min > 0) collect(part.part)
    else if (part.kind === 'choice') {
      const texts = alternatives(part.parts)
      if (texts) found.anyOf.push(texts)
    }
    end()
  }
  collect(node)
  end()
  return found
}

/** The text that a part of a pattern always is; undefined when it may be several. */
function textOf(node: RegexNode): string | undefined {
  switch (node.kind) {
    case 'set':
      return letterOf(node.set)
    case 'assertion':
      return ''
    case 'sequence': {
      const texts = node.parts.map(textOf)
      return texts.every((text) => text !== undefined) ? texts.join('') : undefined
    }
    case 'choice': {
      const texts = new Set(node.parts.map(textOf))
      return texts.size === 1 ? [...texts][0] : undefined
    }
    case 'repeat': {
      const text = node.min === node.max && node.max <= MAX_TEXT ? textOf(node.part) : undefined
      return text === undefined || text.length * node.min > MAX_TEXT ? undefined : text.repeat(node.min)
    }
  }
}

/** The one letter of ASCII that all characters of a set fold to. */
function letterOf(set: CharacterSet): string | undefined {
  if (set.length === 0 || set.length > 4 || set[set.length - 1] > 127) return undefined
  let letter: string | undefined
  for (let at = 0; at < set.length; at += 2) {
    if (set[at] !== set[at + 1]) return undefined
    const folded = fold(String.fromCharCode(set[at]))
    if (letter !== undefined && letter !== folded) return undefined
    letter = folded
  }
  return letter
}

/** One text for each alternative: the longest that it needs. */
function alternatives(parts: readonly RegexNode[]): string[] | undefined {
  if (parts.length > MAX_ALTERNATIVES) return undefined
  const texts: string[] = []
  for (const part of parts) {
    const { inOrder, anyOf } = requiredTexts(part)
    const longest = inOrder.reduce((best, one) => (one.length > best.length ? one : best), '')
    const list = longest ? [longest] : anyOf[0]
    if (!list) return undefined
    texts.push(...list)
  }
  return texts.length <= MAX_ALTERNATIVES ? [...new Set(texts)] : undefined
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
