// Conditions: `selection and not (1 of filter_* or keywords)`. Precedence as the specification has it: not, and, or. Written without recursion on depth:
// operators and operands go on stacks, so that ten thousand brackets cost memory, not the call stack, and are refused at the bound.
import type { Condition } from '../rule.ts'

/** Brackets and `not`s open at once, and words in all. */
export const MAX_CONDITION_DEPTH = 64
export const MAX_CONDITION_TOKENS = 4096

/** Thrown with the character at which it went wrong; the caller knows the file. */
export class ConditionError extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.name = 'ConditionError'
    this.at = at
  }
}

interface Token {
  text: string
  at: number
}

const TOKEN = /\s*(\(|\)|\||[^\s()|]+)/y

function tokens(text: string): Token[] {
  const found: Token[] = []
  TOKEN.lastIndex = 0
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    found.push({ text: match[1], at: TOKEN.lastIndex - match[1].length })
    if (found.length > MAX_CONDITION_TOKENS)
      throw new ConditionError(`the condition has more than ${MAX_CONDITION_TOKENS} words`, found.at(-1)!.at)
  }
  return found
}

type Operator = 'or' | 'and' | 'not' | '('
const PRECEDENCE: Readonly<Record<Operator, number>> = { '(': 0, or: 1, and: 2, not: 3 }

/** Parses a condition; throws ConditionError. */
export function parseCondition(text: string): Condition {
  const list = tokens(text)
  const operands: Condition[] = []
  const operators: { operator: Operator; at: number }[] = []
  let wantsOperand = true
  const reduce = () => {
    const { operator, at } = operators.pop()!
    if (operator === 'not') {
      const part = operands.pop()
      if (!part) throw new ConditionError('"not" has nothing behind it', at)
      operands.push({ kind: 'not', part })
      return
    }
    const right = operands.pop()
    const left = operands.pop()
    if (!left || !right) throw new ConditionError(`"${operator}" needs something on both sides`, at)
    operands.push(join(operator as 'and' | 'or', left, right))
  }
  for (let index = 0; index < list.length; index++) {
    const token = list[index]
    const word = token.text.toLowerCase()
    if (word === '|')
      throw new ConditionError('aggregations behind "|" are Sigma 1: write a correlation rule instead', token.at)
    if (word === '(' || word === 'not') {
      if (!wantsOperand) throw new ConditionError(`"${token.text}" where "and" or "or" was expected`, token.at)
      operators.push({ operator: word, at: token.at })
      if (operators.length > MAX_CONDITION_DEPTH)
        throw new ConditionError(`brackets and "not" nested deeper than ${MAX_CONDITION_DEPTH}`, token.at)
    } else if (word === ')') {
      if (wantsOperand) throw new ConditionError('a bracket closes where something was expected', token.at)
      while (operators.length && operators.at(-1)!.operator !== '(') reduce()
      if (!operators.length) throw new ConditionError('a bracket closes that was never opened', token.at)
      operators.pop()
    } else if (word === 'and' || word === 'or') {
      if (wantsOperand) throw new ConditionError(`"${token.text}" where a search identifier was expected`, token.at)
      while (operators.length && PRECEDENCE[operators.at(-1)!.operator] >= PRECEDENCE[word]) reduce()
      operators.push({ operator: word, at: token.at })
      wantsOperand = true
    } else {
      if (!wantsOperand) throw new ConditionError(`"${token.text}" where "and" or "or" was expected`, token.at)
      const of = quantified(list, index)
      if (of) index += 2
      operands.push(of ?? { kind: 'identifier', name: token.text })
      wantsOperand = false
    }
  }
  const last = list.at(-1)
  if (!last) throw new ConditionError('the condition is empty', 0)
  if (wantsOperand) throw new ConditionError(`the condition ends after "${last.text}"`, last.at)
  while (operators.length) {
    if (operators.at(-1)!.operator === '(') throw new ConditionError('a bracket is never closed', operators.at(-1)!.at)
    reduce()
  }
  return operands[0]
}

/** `1 of selection*`, `all of them`, `any of them`. */
function quantified(list: readonly Token[], index: number): Condition | undefined {
  const [first, of, pattern] = list.slice(index, index + 3)
  if (of?.text.toLowerCase() !== 'of' || !pattern || /^[()|]$/.test(pattern.text)) return undefined
  const word = first.text.toLowerCase()
  if (word === 'all' || word === 'any') return { kind: 'of', quantifier: word, pattern: pattern.text }
  if (!/^\d+$/.test(word))
    throw new ConditionError(`"${first.text} of": a number, "all" or "any" was expected`, first.at)
  const count = Number(word)
  if (count === 0) throw new ConditionError('"0 of" is always true', first.at)
  return { kind: 'of', quantifier: count, pattern: pattern.text }
}

/** Neighbours under one operator become one list. */
function join(kind: 'and' | 'or', left: Condition, right: Condition): Condition {
  const parts = left.kind === kind ? [...left.parts] : [left]
  if (right.kind === kind) parts.push(...right.parts)
  else parts.push(right)
  return { kind, parts }
}

/**
 * Whether a search identifier is meant by the pattern of `of`. A pattern is "the same as `of them`, but restricted" (Sigma rules specification, "Condition"), so names that begin
 * with `_` are not meant by it; unless it begins with `_` itself, as in pySigma.
 */
export function matchesPattern(name: string, pattern: string): boolean {
  if (name.startsWith('_') && !pattern.startsWith('_')) return false
  if (pattern.toLowerCase() === 'them') return true
  const parts = pattern.split('*')
  if (parts.length === 1) return name === pattern
  if (!name.startsWith(parts[0]) || name.length < pattern.length - parts.length + 1) return false
  let at = parts[0].length
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  const last = parts.at(-1)!
  return name.length - last.length >= at && name.endsWith(last)
}
