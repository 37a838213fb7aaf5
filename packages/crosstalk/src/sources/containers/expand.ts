// Opens what holds other inputs: archives and compressed streams, and their nestings. Names inside are only names: nothing is written
// to disk. Told by content; a name never decides.
import { InputError } from '../input-error.ts'
import type { Input } from '../source.ts'
import { streamFormat, unwrappedName } from './codecs.ts'
import { containerFormat } from './container-format.ts'
import { Budget, type ContainerLimits, DEFAULT_LIMITS, over } from './limits.ts'
import { mayHold } from './names.ts'
import { fromMemory, part, readHead } from './read-bytes.ts'
import { TAR_BLOCK } from './tar.ts'
import { type ContainedInput, type ContainerProblem, metered, problemOf, type Walk } from './walk.ts'
import { walk7z } from './walk-7z.ts'
import { walkTar } from './walk-tar.ts'
import { walkZip } from './walk-zip.ts'
import type { ZipPart } from './zip-parts.ts'

export interface ExpandOptions {
  readonly limits?: Partial<ContainerLimits>
  readonly onProblem: (problem: ContainerProblem) => void
  /** only the entry of this name; archives that can't hold it are not opened */
  readonly only?: string
  /** only this part of the ZIP archive (zip-parts.ts) */
  readonly part?: ZipPart
}

/**
 * The inputs inside an input, in the archive's order, nested ones opened; an input that is no archive is handed back itself. Names read
 * `outer.zip!inner.tar!file`. Each input may be opened any number of times, also later; of a compressed tar or a 7z it is cheapest
 * while it is the current one. Never throws for bad content: `onProblem` is told, and the walk goes on behind it.
 */
export async function* expand(input: Input, options: ExpandOptions): AsyncGenerator<Input> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const { onProblem, only, part } = options
  const budget = new Budget(limits, part?.packed ?? input.size ?? Number.NaN)
  const walk: Walk = {
    inside: (found, depth) => expandInside(found, depth, walk),
    budget,
    onProblem,
    only,
    part,
  }
  yield* walk.inside(input, 0)
}

/** The entry of that name inside an input; undefined when there is none (any more). */
export async function openEntry(input: Input, name: string, options: ExpandOptions): Promise<Input | undefined> {
  for await (const entry of expand(input, { ...options, only: name })) if (entry.name === name) return entry
  return undefined
}

/** expand for an input at some depth. */
async function* expandInside(found: Input, depth: number, walk: Walk): AsyncGenerator<Input> {
  if (!mayHold(found.name, walk.only)) return
  if (walk.only === found.name) {
    yield found
    return
  }
  try {
    const input = await withHead(found)
    const { head } = await readHead(input, TAR_BLOCK)
    const format = containerFormat(head)
    if (format === undefined) {
      yield input
      return
    }
    if (depth >= walk.budget.limits.depth) throw over(input.name, 'depth', walk.budget.limits)
    if (format === 'zip') yield* walkZip(await seekable(input, walk.budget), depth, walk)
    else if (format === '7z') yield* walk7z(await seekable(input, walk.budget), depth, walk)
    else if (format === 'tar') yield* walkTar(input, depth, walk)
    else yield* expandInside(unwrapped(input, head, walk), depth + 1, walk)
  } catch (error) {
    walk.onProblem({ name: found.name, problem: problemOf(error, found.name), bytes: found.size })
  }
}

/** as much of an entry's start is kept: whoever looks at it, and there are several, does not have it unpacked anew */
const HEAD = 64 * 1024

/** The same input with its start at hand, all of it where that is short. What lies on disk has that already. */
async function withHead(input: Input): Promise<Input> {
  if (input.path !== undefined || (input as ContainedInput).seekable) return input
  const { head, error } = await readHead(input, HEAD)
  const isWhole = head.length < HEAD
  return {
    ...input,
    async *open(start = 0, end = Number.POSITIVE_INFINITY) {
      if (!isWhole && end > head.length) {
        yield* input.open(start, end)
        return
      }
      if (start < Math.min(end, head.length)) yield head.subarray(start, end)
      if (error && end > head.length) throw error
    },
  }
}

/** The stream inside a gzip, zstd … file. */
function unwrapped(input: Input, head: Uint8Array, walk: Walk): ContainedInput {
  const format = streamFormat(head)!
  const name = `${input.name}!${unwrappedName(input.name, format)}`
  return metered(
    {
      name,
      seekable: false,
      open: (start, end) =>
        part(
          named(
            format.codec(() => input.open()),
            name,
            format.name,
          ),
          start,
          end,
        ),
    },
    walk.budget,
  )
}

/** Turns errors of a decompressor into InputErrors that name the input. */
async function* named(stream: AsyncIterable<Uint8Array>, name: string, format: string): AsyncIterable<Uint8Array> {
  try {
    yield* stream
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError(name, `the ${format} stream is damaged or cut off (${(error as Error).message})`, error)
  }
}

/** The same bytes, in memory when they can't be read anywhere at once. Throws InputError when they are too many. */
async function seekable(input: Input, budget: Budget): Promise<Input> {
  if (input.size !== undefined && (input.path !== undefined || (input as ContainedInput).seekable)) return input
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of input.open()) {
    size += piece.length
    if (size > budget.limits.memory) throw over(input.name, 'memory', budget.limits)
    pieces.push(Buffer.from(piece))
  }
  return fromMemory(input.name, Buffer.concat(pieces))
}
