// Files and folders → the files to read: folders followed down, links that lead in a circle survived, each file once, sorted by path, so that
// two runs over the same folder say the same. A collection of another machine's files holds that machine's links: followed out of the folder they would
// bring files of this one into the evidence.
import { closeSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { containerFormat } from '../sources/containers/container-format.ts'
import { HEAD_BYTES, recognise } from '../sources/index.ts'
import type { Source } from '../sources/source.ts'
import type { FileAccount } from './account.ts'
import { EMPTY_FILE, unknownProblem } from './open-task.ts'
import { readProblem } from './system-problem.ts'

export interface FoundFile {
  /** as evidence names it: the path as it was given, and what is below it */
  name: string
  path: string
  size: number
  /** undefined: an archive, and of which format */
  source?: Source
  container?: string
}

export interface FoundInputs {
  files: FoundFile[]
  /** what will not be read, and why; their `bytes` count as skipped */
  problems: FileAccount[]
  /** regular files that were seen */
  total: number
}

/** Finds everything below the paths. Never throws: what can't be looked at is a problem. */
export function findInputs(paths: readonly string[]): FoundInputs {
  const found: FoundInputs = { files: [], problems: [], total: 0 }
  const walk: Walk = { found, seen: new Set(), given: paths.flatMap(realPath) }
  for (const path of paths) visit(path, path, undefined, walk)
  return found
}

interface Walk {
  readonly found: FoundInputs
  readonly seen: Set<string>
  /** the paths that were given, without links */
  readonly given: readonly string[]
}

function realPath(path: string): string[] {
  try {
    return [realpathSync(path)]
  } catch {
    return []
  }
}

const isWithin = (path: string, given: readonly string[]) =>
  given.some((folder) => path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep))

const unread = (file: string, problem: string, bytes = 0): FileAccount => ({
  file,
  bytes,
  events: 0,
  skipped: [],
  problem,
})

/** `real`: the path without links, where it is known. */
function visit(name: string, path: string, real: string | undefined, walk: Walk): void {
  const { found, seen } = walk
  try {
    const target = real ?? realpathSync(path)
    const stat = statSync(target)
    if (!isWithin(target, walk.given)) {
      found.total++
      const problem = `a link out of the folder, to ${target}; give that path too to have it read`
      found.problems.push(unread(name, problem))
      return
    }
    if (seen.has(target)) {
      // A folder that was already gone through, or a file that was already taken, is the same telemetry.
      return
    }
    seen.add(target)
    if (stat.isDirectory()) {
      const entries = readdirSync(target, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
      for (const entry of entries) {
        const below = join(name, entry.name)
        visit(below, join(path, entry.name), entry.isSymbolicLink() ? undefined : join(target, entry.name), walk)
      }
      return
    }
    found.total++
    if (!stat.isFile()) found.problems.push(unread(name, 'it is neither a file nor a folder'))
    else if (stat.size === 0) found.problems.push(unread(name, EMPTY_FILE))
    else {
      try {
        look(name, target, stat.size, found)
      } catch (error) {
        found.problems.push(unread(name, readProblem(error), stat.size))
      }
    }
  } catch (error) {
    found.total++
    // Names are read as UTF-8; what isn't, can't be named back to the system.
    const isMisread = name.includes('\ufffd') && (error as NodeJS.ErrnoException).code === 'ENOENT'
    found.problems.push(unread(name, isMisread ? 'its name is not valid UTF-8; rename it' : readProblem(error)))
  }
}

const head = Buffer.allocUnsafe(HEAD_BYTES)

/** Reads a file's beginning and decides what reads it. */
function look(name: string, path: string, size: number, found: FoundInputs): void {
  const descriptor = openSync(path, 'r')
  let begins: Uint8Array
  try {
    begins = head.subarray(0, readSync(descriptor, head, 0, HEAD_BYTES, 0))
  } finally {
    closeSync(descriptor)
  }
  const container = containerFormat(begins)
  if (container !== undefined) {
    found.files.push({ name, path, size, container })
    return
  }
  const source = recognise(begins, name)
  if (source) found.files.push({ name, path, size, source })
  else found.problems.push(unread(name, unknownProblem(begins), size))
}
