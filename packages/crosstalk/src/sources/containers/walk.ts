// What those who walk through archives share: the inputs they find, what they report, the budget that they spend.
import { InputError } from '../input-error.ts'
import type { Input } from '../source.ts'
import type { Budget } from './limits.ts'
import type { ZipPart } from './zip-parts.ts'

/** What could not be opened: the name of the archive or entry, and why. */
export interface ContainerProblem {
  readonly name: string
  readonly problem: string
  /** packed bytes that were not read, where known */
  readonly bytes?: number
}

/** An input of an archive; `seekable`: it may be opened anywhere at no cost. */
export interface ContainedInput extends Input {
  readonly seekable: boolean
}

/** What the walkers share. */
export interface Walk {
  /** what is inside an input at some depth (expand.ts) */
  inside(found: Input, depth: number): AsyncGenerator<Input>
  readonly budget: Budget
  readonly onProblem: (problem: ContainerProblem) => void
  readonly only: string | undefined
  readonly part: ZipPart | undefined
}

/** Counts what comes out of an input on the budget; what is read again is counted once. */
export function metered(input: ContainedInput, budget: Budget): ContainedInput {
  let furthest = 0
  return {
    ...input,
    async *open(start = 0, end) {
      let at = start
      for await (const piece of input.open(start, end)) {
        at += piece.length
        if (at > furthest) {
          budget.spend(at - furthest, input.name)
          furthest = at
        }
        yield piece
      }
    },
  }
}

export function problemOf(error: unknown, name: string): string {
  if (!(error instanceof Error)) return String(error)
  const prefix = `${error instanceof InputError ? error.input : name}: `
  return error.message.startsWith(prefix) ? error.message.slice(prefix.length) : error.message
}
