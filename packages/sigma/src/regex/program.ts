// A regular expression's tree as a program for a machine that is in many places at once (Thompson's construction; see Russ Cox, "Regular Expression Matching Can Be Simple And
// Fast"): read a character of a set, go on in two places, hold an assertion, or be found.
import type { CharacterSet } from './character-set.ts'
import type { Assertion, RegexNode } from './parse-regex.ts'
import { RegexError } from './regex-error.ts'

export const Operation = { Read: 0, Split: 1, Assert: 2, Found: 3 } as const

export interface Program {
  /** by place: what is done there */
  readonly operations: number[]
  /** Read: index into `sets`. Split: the other place. Assert: index into `assertions`. */
  readonly operands: number[]
  /** where it goes on */
  readonly nexts: number[]
  readonly sets: CharacterSet[]
  readonly assertions: Assertion[]
  readonly start: number
}

/** Repetitions with bounds are written out; a program longer than this is refused, because each character costs up to its length. */
export const MAX_PROGRAM = 4000

/** Throws RegexError when the pattern is too large. */
export function programOf(node: RegexNode): Program {
  const builder = new ProgramBuilder()
  const found = builder.add(Operation.Found, 0, 0)
  return { ...builder, start: builder.before(node, found) }
}

class ProgramBuilder {
  readonly operations: number[] = []
  readonly operands: number[] = []
  readonly nexts: number[] = []
  readonly sets: CharacterSet[] = []
  readonly assertions: Assertion[] = []
  readonly #setIndices = new Map<CharacterSet, number>()

  add(operation: number, operand: number, next: number): number {
    if (this.operations.length >= MAX_PROGRAM)
      throw new RegexError('the pattern is too large: its repetitions with bounds, written out, have too many parts')
    this.operations.push(operation)
    this.operands.push(operand)
    this.nexts.push(next)
    return this.operations.length - 1
  }

  /** The place where a node begins that goes on at `next`. */
  before(node: RegexNode, next: number): number {
    switch (node.kind) {
      case 'set':
        return this.add(Operation.Read, this.#indexOf(node.set), next)
      case 'assertion':
        return this.add(Operation.Assert, this.assertions.push(node.what) - 1, next)
      case 'sequence':
        return node.parts.reduceRight((behind, part) => this.before(part, behind), next)
      case 'choice':
        return node.parts
          .map((part) => this.before(part, next))
          .reduceRight((other, first) => this.add(Operation.Split, other, first))
      case 'repeat':
        return this.#repeat(node, next)
    }
  }

  /** What is repeated has one set for all of its copies. */
  #indexOf(set: CharacterSet): number {
    let index = this.#setIndices.get(set)
    if (index === undefined) {
      index = this.sets.push(set) - 1
      this.#setIndices.set(set, index)
    }
    return index
  }

  #repeat({ part, min, max }: Extract<RegexNode, { kind: 'repeat' }>, next: number): number {
    let behind = next
    if (max === Number.POSITIVE_INFINITY) {
      const loop = this.add(Operation.Split, next, 0)
      this.nexts[loop] = this.before(part, loop)
      behind = loop
    } else for (let at = min; at < max; at++) behind = this.add(Operation.Split, next, this.before(part, behind))
    for (let at = 0; at < min; at++) {
      const begin = this.before(part, behind)
      // Nothing, repeated: `((){1000}){1000}` would be counted through.
      if (begin === behind) break
      behind = begin
    }
    return behind
  }
}
