// The rules of a run: read and compiled once, then taken from a cache on disk as long as no rule file changed.
import { createHash } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join, resolve, sep } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { LogSource, RuleSet } from '@crosstalk/sigma'
import type { Level } from '../cases/case.ts'
import type { RunAccount } from './account.ts'
import type { StoredCorrelation } from './compile-rules.ts'
import type { CompileStart } from './compile-work.ts'
import { THREAD_LIMITS } from './nursery.ts'
import { openRules } from './stored-rules.ts'
import { threadFile } from './thread-file.ts'

/** Raised when what is cached changes its meaning; what compiles it is watched by its files. */
const CACHE_VERSION = 3
/** Compiled sets that are kept; the oldest go first. */
const MAX_CACHED = 16

/** What reports say of a rule. */
export interface RuleHead {
  id: string
  title: string
  level: Level
  tags: readonly string[]
  description?: string
  logSource: LogSource
  /** it is only seen by correlations */
  silent?: true
}

export interface RunRules {
  /** by the index that matches carry */
  rules: readonly RuleHead[]
  /** the compiled set, as a stage takes it, and parsed; undefined when there is none */
  compiled?: Uint8Array
  set?: RuleSet
  correlations?: readonly StoredCorrelation[]
  account: RunAccount['rules']
}

export interface RuleOptions {
  /** rules below it are left out */
  minLevel?: Level
  /** files of processing pipelines, applied to all rules but those below `asWritten` */
  pipelines?: readonly string[]
  /** folders */
  asWritten?: readonly string[]
  /** false: read everything afresh and write no cache */
  cache?: boolean
}

export const NO_RULES: RunRules = { rules: [], account: { loaded: 0, refused: [], other: {} } }

/** Loads everything below the paths. Never throws for bad rules: they are in `account.refused`. */
export async function loadRunRules(paths: readonly string[], options: RuleOptions = {}): Promise<RunRules> {
  if (!paths.length) return NO_RULES
  const folder = options.cache === false ? undefined : cacheFolder()
  const file = folder && join(folder, `rules-${fingerprint(paths, options)}.bin`)
  const cached = file && readCached(file)
  if (cached) return cached
  const bytes = await compileInThread(paths, options)
  if (folder && file) writeCached(folder, file, bytes)
  return fromBytes(shared(bytes))
}

function fromBytes(bytes: Uint8Array): RunRules {
  const { account, set, correlations } = openRules(bytes)
  if (!set.rules.length) return { rules: [], account }
  const rules = [...set.rules, ...correlations.map(headOf)]
  return { rules, compiled: bytes, set, correlations, account }
}

const headOf = ({ rule, silent }: StoredCorrelation): RuleHead => ({
  id: rule.id ?? rule.title,
  title: rule.title,
  level: rule.level ?? 'informational',
  tags: rule.tags,
  ...(rule.description && { description: rule.description }),
  logSource: {},
  ...(silent && { silent: true as const }),
})

/** Memory that threads see without a copy. */
function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy
}

/** On a thread of its own. Rejects when that thread fails, which bad rules do not make it do. */
function compileInThread(
  paths: readonly string[],
  { minLevel, pipelines = [], asWritten = [] }: RuleOptions,
): Promise<Uint8Array> {
  const workerData: CompileStart = { paths, minLevel, pipelines, asWritten }
  const worker = new Worker(threadFile('compile-worker'), { workerData, resourceLimits: THREAD_LIMITS })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

/** Where compiled rules are kept: CROSSTALK_CACHE, else the user's cache folder. */
export function cacheFolder(): string {
  const { CROSSTALK_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  if (CROSSTALK_CACHE) return resolve(CROSSTALK_CACHE)
  if (process.platform === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'crosstalk', 'cache')
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'crosstalk')
}

/** Of the paths as given, of every file below them with its size and time, and of the code that compiles. */
function fingerprint(paths: readonly string[], { minLevel, pipelines = [], asWritten = [] }: RuleOptions): string {
  const stamps = [
    JSON.stringify([
      CACHE_VERSION,
      process.version,
      minLevel ?? '',
      paths.map((path) => [path, resolve(path)]),
      pipelines.map((path) => [path, resolve(path)]),
      asWritten.map((path) => resolve(path)),
    ]),
  ]
  // The compiler changes in a checkout while its version stays.
  const compiler = dirname(createRequire(import.meta.url).resolve('@crosstalk/sigma'))
  const seen = new Set<string>()
  for (const path of [compiler, ...paths, ...pipelines]) stampFiles(path, stamps, seen)
  return createHash('sha256').update(stamps.join('\n')).digest('hex').slice(0, 40)
}

/** `folder`: a folder's path without links, where it is known. Asking the system for those of hundreds of folders would cost more than all the rest. */
function stampFiles(path: string, stamps: string[], seen: Set<string>, folder?: string): void {
  try {
    const stat = folder === undefined ? statSync(path) : undefined
    if (stat && !stat.isDirectory()) {
      stamps.push(`${path}\0${stat.size}\0${stat.mtimeMs}`)
      return
    }
    const real = folder ?? realpathSync(path)
    if (seen.has(real)) return
    seen.add(real)
    const entries = readdirSync(path, { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1)))
      stampFiles(path + sep + entry.name, stamps, seen, entry.isDirectory() ? real + sep + entry.name : undefined)
  } catch (error) {
    stamps.push(`${path}\0${(error as NodeJS.ErrnoException).code}`)
  }
}

function readCached(file: string): RunRules | undefined {
  let descriptor: number | undefined
  try {
    descriptor = openSync(file, 'r')
    const bytes = new Uint8Array(new SharedArrayBuffer(fstatSync(descriptor).size))
    if (readSync(descriptor, bytes) === bytes.length) return fromBytes(bytes)
  } catch {
    // none yet, or a damaged one: it is made anew
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
  return undefined
}

/** A cache that can't be written is no reason to fail. */
function writeCached(folder: string, file: string, bytes: Uint8Array): void {
  try {
    mkdirSync(folder, { recursive: true })
    const temporary = `${file}.${process.pid}`
    writeFileSync(temporary, bytes)
    renameSync(temporary, file)
    const kept = readdirSync(folder)
      .filter((name) => /^rules-[0-9a-f]{40}\.(json|bin)$/.test(name))
      .map((name) => ({ path: join(folder, name), time: statSync(join(folder, name)).mtimeMs }))
      .sort((a, b) => b.time - a.time)
    for (const { path } of kept.slice(MAX_CACHED)) rmSync(path, { force: true })
  } catch {
    // read-only home, full disk: the next run compiles again
  }
}
