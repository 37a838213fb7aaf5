// The sources of a checkout joined into a few files (scripts/bundle.mjs), with V8's code cache: Node starts them several times faster than hundreds of modules. They are
// used only as long as every file that went into them is the one it was.
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Script } from 'node:vm'

export const root = fileURLToPath(new URL('../../../', import.meta.url))
export const bundles = join(root, 'node_modules', '.cache', 'crosstalk')
export const manifest = join(bundles, 'bundle.json')

/**
 * What changes whenever the file does. An editor may keep a file's size, `touch` and `tar` may set its time back, but not the time of the last change to its entry
 * (ctime).
 */
export function stampOf(file) {
  const { size, mtimeMs, ctimeMs, ino } = statSync(root + file)
  return [size, mtimeMs, ctimeMs, ino]
}

/** The program's file; undefined when there is no bundle, or one of other sources than those that are here. */
export function freshBundle() {
  try {
    const { folder, inputs } = JSON.parse(readFileSync(manifest, 'utf8'))
    const isFresh = inputs.every(([file, size, mtimeMs, ctimeMs, ino]) => {
      const now = statSync(root + file)
      return now.size === size && now.mtimeMs === mtimeMs && now.ctimeMs === ctimeMs && now.ino === ino
    })
    return isFresh ? join(bundles, folder, 'main.cjs') : undefined
  } catch {
    return undefined
  }
}

/**
 * Runs a file of the bundle; gives its exports. Its code cache holds what V8 compiled when the bundle was made and tried out; another Node rejects it and compiles by itself.
 * (Node's own compile cache holds modules as they are before they ran, without almost all of their functions.)
 */
export function runBundled(file) {
  const cache = `${file}.cache`
  // It is written in ASCII.
  const script = new Script(readFileSync(file, 'latin1'), { filename: file, cachedData: codeCache(cache) })
  const module = { exports: {} }
  script.runInThisContext()(module.exports, requireLate(createRequire(file)), module, pathToFileURL(file).href)
  if (process.env.CROSSTALK_WRITE_CODE_CACHE)
    process.once('exit', () => writeFileSync(cache, codeWithUsualFlags(script)))
  return module.exports
}

/** What V8 compiled of a script, for processes with the usual flags: it takes no other. scripts/bundle.mjs has it keep all functions until then; flags are those of all threads. */
function codeWithUsualFlags(script) {
  const v8 = createRequire(import.meta.url)('node:v8')
  v8.setFlagsFromString('--flush-bytecode')
  const data = script.createCachedData()
  v8.setFlagsFromString('--no-flush-bytecode')
  return data
}

/** Built-in modules that take some milliseconds to load and that many runs do not need. (Of them the sources import names only, no defaults: scripts/bundle.mjs sees to that.) */
export const LATE = ['node:child_process', 'node:crypto', 'node:worker_threads', 'node:zlib']

/** Loads those when something of them is used. */
const requireLate = (require) => (name) =>
  LATE.includes(name) ? new Proxy({}, { get: (_, key) => require(name)[key] }) : require(name)

function codeCache(file) {
  try {
    return process.env.CROSSTALK_WRITE_CODE_CACHE ? undefined : readFileSync(file)
  } catch {
    return undefined
  }
}
