// The files of a run → tasks: large files are cut so that every thread has work, what waits for its turn stays small, and progress is seen.
import type { FoundFile } from './inputs.ts'
import type { Task } from './stage.ts'

/** Small enough that a task's results may wait in memory, large enough that handing it over costs nothing beside reading it. */
export const TASK_BYTES = 8 << 20

export function planTasks(files: readonly FoundFile[]): Task[] {
  const tasks: Task[] = []
  for (const { name, path, size, source } of files) {
    const wanted = Math.ceil(size / TASK_BYTES)
    const ranges = wanted > 1 ? source?.ranges?.(size, wanted) : undefined
    for (const range of ranges ?? [undefined])
      tasks.push({ number: tasks.length, name, path, size, format: source?.format, range })
  }
  return tasks
}
