// The files of a run → tasks: large files are cut so that every thread has work, what waits for its turn stays small, and progress is seen.
import { type ContainerLimits, DEFAULT_LIMITS } from '../sources/containers/limits.ts'
import type { ZipPart } from '../sources/containers/zip-parts.ts'
import type { ByteRange } from '../sources/source.ts'
import { fileInput } from './file-input.ts'
import type { FoundFile } from './inputs.ts'
import type { Task } from './stage.ts'

/** Small enough that a task's results may wait in memory, large enough that handing it over costs nothing beside reading it. */
export const TASK_BYTES = 8 << 20

export async function planTasks(files: readonly FoundFile[], limits: Partial<ContainerLimits> = {}): Promise<Task[]> {
  const tasks: Task[] = []
  for (const file of files) {
    const { name, path, size, source } = file
    const add = (bytes: number, range?: ByteRange, part?: ZipPart) =>
      tasks.push({ number: tasks.length, name, path, size, format: source?.format, bytes, range, part })
    if (source) for (const range of rangesOf(file)) add(range ? range.end - range.start : size, range)
    else
      for (const part of await partsOf(file, limits)) add(part?.unpacked ?? Number.POSITIVE_INFINITY, undefined, part)
  }
  return tasks
}

function rangesOf({ size, source }: FoundFile): (ByteRange | undefined)[] {
  const wanted = Math.ceil(size / TASK_BYTES)
  return (wanted > 1 ? source?.ranges?.(size, wanted) : undefined) ?? [undefined]
}

async function partsOf({ name, path, size, container }: FoundFile, limits: Partial<ContainerLimits>) {
  if (container !== 'zip') return [undefined]
  const { zipParts } = await import('../sources/containers/zip-parts.ts')
  try {
    const parts = await zipParts(fileInput(name, path, size), { ...DEFAULT_LIMITS, ...limits }, TASK_BYTES)
    return parts.length ? parts : [undefined]
  } catch {
    // A damaged archive is told of by who opens it.
    return [undefined]
  }
}
