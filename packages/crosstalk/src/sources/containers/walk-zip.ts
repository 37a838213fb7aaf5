import { InputError } from '../input-error.ts'
import type { Input } from '../source.ts'
import { type ContainedInput, expandInside, metered, type Walk } from './expand.ts'
import { entryNames, mayHold } from './names.ts'
import { isPlausible, openZipEntry, readZipDirectory, type ZipEntry, zipProblem } from './zip.ts'

/** The inputs of a ZIP archive that can be read anywhere. */
export async function* walkZip(archive: Input, depth: number, walk: Walk): AsyncGenerator<Input> {
  const entries = await readZipDirectory(archive, archive.size!, walk.budget.limits.memory)
  const nameOf = entryNames()
  const { from, to } = (depth === 0 ? walk.part : undefined) ?? { from: 0, to: entries.length }
  for (const [at, entry] of entries.entries()) {
    const name = nameOf(`${archive.name}!${entry.name}`)
    if (at < from || at >= to) continue
    walk.budget.enter(archive.name)
    if (!mayHold(name, walk.only)) continue
    const problem = zipProblem(entry)
    if (problem) walk.onProblem({ name, problem, bytes: entry.isOutside ? 0 : entry.packed })
    else yield* expandInside(metered(zipInput(archive, entry, name), walk.budget), depth + 1, walk)
  }
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
