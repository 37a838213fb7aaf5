// Files and folders → the files to read: folders followed down, links that lead in a circle survived, each file once, sorted by path, so that
// two runs over the same folder say the same. A collection of another machine's files holds that machine's links: followed out of the folder they would
// bring files of this one into the evidence.
import { isUtf8 } from 'node:buffer'
import { closeSync, type Dirent, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { containerFormat } from '../sources/containers/container-format.ts'
import { HEAD_BYTES, recognise } from '../sources/index.ts'
import type { Source } from '../sources/source.ts'
import type { FileAccount } from './account.ts'
import { breathe } from './breathe.ts'
import { type FilePath, pathBelow, pathKey, shownName, systemPath } from './file-path.ts'
import { EMPTY_FILE, unknownProblem } from './open-task.ts'
import { readProblem } from './system-problem.ts'

export interface FoundFile {
  /** as evidence names it: the path as it was given, and what is below it */
  name: string
  path: FilePath
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

/** Finds everything below the paths. Never rejects: what can't be looked at is a problem. */
export async function findInputs(paths: readonly string[]): Promise<FoundInputs> {
  const found: FoundInputs = { files: [], problems: [], total: 0 }
  const walk: Walk = { found, seen: new Set(), given: paths.flatMap(realPath) }
  for (const path of paths) await visit(path, path, undefined, walk)
  return found
}

interface Walk {
  readonly found: FoundInputs
  readonly seen: Set<string>
  /** keys of the paths that were given, without links */
  readonly given: readonly string[]
}

function realPath(path: string): string[] {
  try {
    return [pathKey(realpathSync(path))]
  } catch {
    return []
  }
}

const isWithin = (path: string, given: readonly string[]) =>
  given.some((folder) => path === folder || path.startsWith(pathKey(join(folder, '/'))))

const withoutLinks = (path: FilePath): FilePath =>
  typeof path === 'string' ? realpathSync(path) : realpathSync(systemPath(path), { encoding: 'buffer' })

const unread = (file: string, problem: string, bytes = 0): FileAccount => ({
  file,
  bytes,
  events: 0,
  skipped: [],
  problem,
})

/** `real`: the path without links, where it is known. */
async function visit(name: string, path: FilePath, real: FilePath | undefined, walk: Walk): Promise<void> {
  const { found, seen } = walk
  await breathe()
  try {
    const target = real ?? withoutLinks(path)
    const key = pathKey(target)
    const stat = statSync(systemPath(target))
    if (!isWithin(key, walk.given)) {
      found.total++
      const problem = `a link out of the folder, to ${shownName(target)}; give that path too to have it read`
      found.problems.push(unread(name, problem))
      return
    }
    // A folder that was already gone through, or a file that was already taken, is the same telemetry.
    if (seen.has(key)) return
    seen.add(key)
    if (stat.isDirectory()) {
      for (const entry of entriesOf(target)) {
        const below = join(name, shownName(entry.name))
        const isLink = entry.isSymbolicLink()
        await visit(below, pathBelow(path, entry.name), isLink ? undefined : pathBelow(target, entry.name), walk)
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
    // Of a name that was given and is no UTF-8 nothing is left that could be given to the system.
    const isMisread = typeof path === 'string' && path.includes('\ufffd')
    found.problems.push(
      unread(name, isMisread ? 'its name is not valid UTF-8; give the folder that it is in' : readProblem(error)),
    )
  }
}

interface FolderEntry {
  readonly name: FilePath
  isSymbolicLink(): boolean
}

/** In the order of their names; names that are no UTF-8 as bytes. */
function entriesOf(folder: FilePath): FolderEntry[] {
  const byName = (a: string, b: string) => (a < b ? -1 : 1)
  const entries = readdirSync(systemPath(folder), { withFileTypes: true }).sort((a, b) => byName(a.name, b.name))
  if (!entries.some(({ name }) => name.includes('\ufffd'))) return entries
  const raw = readdirSync(systemPath(folder), { withFileTypes: true, encoding: 'buffer' }) as Dirent<Buffer>[]
  return raw
    .map((entry) => ({
      name: isUtf8(entry.name) ? entry.name.toString() : entry.name,
      isSymbolicLink: () => entry.isSymbolicLink(),
    }))
    .sort((a, b) => byName(shownName(a.name), shownName(b.name)))
}

const head = Buffer.allocUnsafe(HEAD_BYTES)

/** Reads a file's beginning and decides what reads it. */
function look(name: string, path: FilePath, size: number, found: FoundInputs): void {
  const descriptor = openSync(systemPath(path), 'r')
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
