// Files that were not read, told by reason: thousands of one kind are one line, and do not hide the one log that is damaged.
import type { RunAccount } from '../run/account.ts'

const EXAMPLES = 3

export interface UnreadFiles {
  reason: string
  /** the first few */
  files: string[]
  count: number
}

/** The rarest reason first. */
export function unreadFiles(problems: RunAccount['problems']): UnreadFiles[] {
  const byReason = new Map<string, UnreadFiles>()
  for (const { file, problem } of problems) {
    const known = byReason.get(problem)
    if (!known) byReason.set(problem, { reason: problem, files: [file], count: 1 })
    else if (++known.count <= EXAMPLES) known.files.push(file)
  }
  return [...byReason.values()].sort((a, b) => a.count - b.count)
}
