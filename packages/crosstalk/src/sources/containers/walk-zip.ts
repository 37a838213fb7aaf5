import { InputError } from '../input-error.ts'
import type { Input } from '../source.ts'
import { held } from './held-file.ts'
import { over } from './limits.ts'
import { entryNames, mayHold } from './names.ts'
import { type ContainedInput, metered, type Walk } from './walk.ts'
import { isPlausible, openZipEntry, readZipDirectory, readZipRecords, type ZipEntry, zipProblem } from './zip.ts'
import type { ZipPart } from './zip-parts.ts'

/** The inputs of a ZIP archive that can be read anywhere. */
export async function* walkZip(found: Input, depth: number, walk: Walk): AsyncGenerator<Input> {
  const { input: archive, close } = held(found)
  const part = depth === 0 ? walk.part : undefined
  const { limits } = walk.budget
  try {
    const entries = part
      ? await readZipRecords(archive, part, archive.size!)
      : await readZipDirectory(archive, archive.size!, limits.memory)
    const nameOf = part ? namesOfPart(part) : entryNames()
    for (const [at, entry] of entries.entries()) {
      const name = `${archive.name}!${nameOf(entry.name, at)}`
      walk.budget.enter(archive.name)
      if (!mayHold(name, walk.only)) continue
      const problem = zipProblem(entry)
      if (problem) walk.onProblem({ name, problem, bytes: entry.isOutside ? 0 : entry.packed })
      else yield* walk.inside(metered(zipInput(archive, entry, name), walk.budget), depth + 1)
    }
    if (part?.isCutOff) throw over(archive.name, 'entries', limits)
  } finally {
    close()
  }
}

function namesOfPart({ renamed }: ZipPart): (name: string, at: number) => string {
  const own = new Map(renamed)
  return (name, at) => own.get(at) ?? name
}

function zipInput(archive: Input, entry: ZipEntry, name: string): ContainedInput {
  return {
    name,
    size: isPlausible(entry) ? entry.size : undefined,
    seekable: entry.method === 0,
    async *open(start, end) {
      try {
        yield* openZipEntry(archive, entry, name, start, end)
      } catch (error) {
        if (error instanceof InputError) throw error
        throw new InputError(name, `damaged in its archive (${(error as Error).message})`, error)
      }
    },
  }
}
