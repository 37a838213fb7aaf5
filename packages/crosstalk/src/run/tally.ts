// Adds up the account of a run. bytes = read + skipped, files = read + not recognised + unreadable + empty: it adds up whatever came.
import type { Level } from '../cases/case.ts'
import type { FileAccount, RunAccount, SkipCount } from './account.ts'
import type { FoundInputs } from './inputs.ts'
import { EMPTY_FILE, NO_TELEMETRY } from './open-task.ts'
import { addSkip } from './skips.ts'
import type { TaskResult } from './stage.ts'

export interface Tally {
  add(result: TaskResult): void
  countMatch(level: Level, times?: number): void
  /** Fills in what `rules` and `time` are not concerned with. */
  account(rules: RunAccount['rules'], time: RunAccount['time']): RunAccount
  readonly bytesDone: number
  readonly events: number
}

/** What is known of a file whose parts come one by one. */
interface FileSum {
  bytes: number
  format?: string
  problem?: string
}

export function createTally(found: FoundInputs): Tally {
  const files = new Map<string, FileSum>()
  const skips = new Map<string, SkipCount>()
  const byFormat: Record<string, number> = {}
  const byLevel: Record<Level, number> = { informational: 0, low: 0, medium: 0, high: 0, critical: 0 }
  let events = 0
  let outsideTime = 0
  let matches = 0
  let bytesDone = 0
  const addFile = (one: FileAccount) => {
    let sum = files.get(one.file)
    if (!sum) files.set(one.file, (sum = { bytes: 0 }))
    sum.bytes += one.bytes
    sum.format ??= one.format
    sum.problem ??= one.problem
    events += one.events
    if (one.format) byFormat[one.format] = (byFormat[one.format] ?? 0) + one.events
    for (const skip of one.skipped) addSkip(skips, skip)
  }
  for (const problem of found.problems) addFile(problem)
  return {
    get bytesDone() {
      return bytesDone
    },
    get events() {
      return events
    },
    add(result) {
      outsideTime += result.outsideTime
      for (const one of result.files) {
        addFile(one)
        bytesDone += one.bytes
      }
    },
    countMatch(level, times = 1) {
      matches += times
      byLevel[level] += times
    },
    account(rules, time) {
      const skipped = [...skips.values()].sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))
      const counts = countFiles(files)
      const total = [...files.values()].reduce((sum, file) => sum + file.bytes, 0)
      const lost = counts.unreadBytes + skipped.reduce((sum, skip) => sum + skip.bytes, 0)
      return {
        files: counts.files,
        bytes: { total, read: Math.max(0, total - lost), skipped: Math.min(total, lost) },
        events: {
          read: events,
          outsideTime,
          skipped: skipped.reduce((sum, skip) => sum + (skip.bytes > 0 ? skip.count : 0), 0),
          byFormat,
        },
        skipped,
        problems: counts.problems,
        rules,
        matches: { total: matches, byLevel },
        time,
      }
    },
  }
}

function countFiles(files: ReadonlyMap<string, FileSum>) {
  const counts = { total: files.size, read: 0, unrecognised: 0, unreadable: 0, empty: 0 }
  const problems: { file: string; problem: string }[] = []
  let unreadBytes = 0
  for (const [file, { format, problem, bytes }] of files) {
    if (problem !== undefined) problems.push({ file, problem })
    if (format !== undefined) counts.read++
    else {
      unreadBytes += bytes
      if (problem?.startsWith(NO_TELEMETRY)) counts.unrecognised++
      else if (problem === EMPTY_FILE) counts.empty++
      else counts.unreadable++
    }
  }
  problems.sort((a, b) => (a.file < b.file ? -1 : 1))
  return { files: counts, problems, unreadBytes }
}
