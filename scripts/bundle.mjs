// npm run bundle: joins the sources into the few files with which packages/crosstalk/bin starts quickly (bin/bundle.js says when it does). npm install and npm start do it too.
// --if-possible: fails nothing; without a bundle the sources run as they are.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundles, freshBundle, LATE, manifest, root, stampOf } from '../packages/crosstalk/bin/bundle.js'
import { node } from './setup.mjs'

const SOURCE = join(root, 'packages', 'crosstalk', 'src')
const BIN = join(root, 'packages', 'crosstalk', 'bin', 'bundle.js')
const EVENT = {
  Channel: 'Microsoft-Windows-Sysmon/Operational',
  EventID: 1,
  EventRecordID: 1,
  UtcTime: '2026-03-04 10:42:31.000',
  Computer: 'ASH-WS01',
  Image: 'C:\\Windows\\System32\\cmd.exe',
  CommandLine: 'cmd.exe /c echo x > \\\\.\\pipe\\x',
  ParentImage: 'C:\\Windows\\System32\\services.exe',
}

/** The one source that asks for what lies beside it in the bundle. */
const STAYS_IN_BUNDLE = join(SOURCE, 'run', 'thread-file.ts')
/** What says how sources are read, without being read as one. */
const SETTINGS = [
  'package-lock.json',
  'scripts/bundle.mjs',
  'packages/crosstalk/package.json',
  'packages/evtx/package.json',
  'packages/sigma/package.json',
]
/** File systems keep times this exactly, or better: of a file that was changed just now, the next change may not show. */
const CLOCK_STEP_MS = 2000
/** A bundle that was replaced may be in use by a program that still runs. */
const KEPT_MS = 24 * 3600 * 1000

/** Writes the bundle to a folder; gives the files that it was made from, relative to the root. Rejects when a source can't be read. */
export async function writeBundle(folder) {
  const { build } = await import('esbuild')
  const settings = {
    absWorkingDir: root,
    outdir: folder,
    entryNames: '[name]',
    bundle: true,
    platform: 'node',
    target: 'node22.18',
    metafile: true,
    logLevel: 'error',
    // As Node reads TypeScript, whatever a tsconfig.json says.
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true, useDefineForClassFields: true } },
    plugins: [placesOf(folder)],
  }
  const sources = (...files) => files.map((file) => join(SOURCE, file))
  const results = await Promise.all([
    // What bin/bundle.js runs.
    build({
      ...settings,
      entryPoints: sources('cli/main.ts', 'run/compile-work.ts'),
      format: 'cjs',
      outExtension: { '.js': '.cjs' },
      banner: { js: '(function (exports, require, module, bundleUrl) {' },
      footer: { js: '})' },
    }),
    // A thread that reads starts as it does from the sources.
    build({ ...settings, entryPoints: sources('run/worker.ts'), format: 'esm', splitting: true }),
  ])
  const bin = relative(folder, BIN).split(sep).join('/')
  const start = `import { fileURLToPath } from 'node:url'
import { runBundled } from '${bin}'

runBundled(fileURLToPath(new URL('./compile-work.cjs', import.meta.url)))
`
  fs.writeFileSync(join(folder, 'compile-worker.js'), start)
  for (const name of fs.readdirSync(folder)) if (name.endsWith('.cjs')) writeAscii(join(folder, name))
  // Without it Node looks through each module for what it is.
  fs.writeFileSync(join(folder, 'package.json'), '{"type":"module"}\n')
  return [...new Set(results.flatMap(({ metafile }) => Object.keys(metafile.inputs)))]
}

/**
 * Other characters, which stand in patterns and templates, as escapes: V8 holds text in ASCII in half the memory, and reads it faster. It means the same but where a template's
 * raw text is asked for.
 */
function writeAscii(file) {
  const text = fs.readFileSync(file, 'utf8')
  if (/\.raw`[^`]*[^\0-\x7f]|\\[^\0-\x7f]/.test(text)) throw new Error(`${file}: what is not ASCII can't be escaped`)
  const whole = LATE.find((name) => text.includes(`__toESM(require("${name}")`))
  if (whole) throw new Error(`${file}: ${whole} is imported as a whole, which a bundle can't do late (bin/bundle.js)`)
  const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  fs.writeFileSync(file, text.replace(/[^\0-\x7f]/g, escaped), 'ascii')
}

/** A source that looks for a file beside it finds it where it lies among the sources. */
const placesOf = (folder) => ({
  name: 'places',
  setup({ initialOptions: { format }, onLoad }) {
    const own = format === 'cjs' ? 'bundleUrl' : 'import.meta.url'
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await fs.promises.readFile(path, 'utf8')
      if (/import\.meta\.(?!url)/.test(text))
        return { errors: [{ text: `${path}: of import.meta, a bundle has only the url` }] }
      const place = path === STAYS_IN_BUNDLE ? '' : relative(folder, path).split(sep).join('/')
      const contents = text.replaceAll('import.meta.url', `new URL(${JSON.stringify(place)}, ${own}).href`)
      return { contents, loader: 'ts' }
    })
  },
})

/** Runs what most runs do, so that the code cache has it: rules are compiled, then taken from the cache, over an event log and over lines of JSON. */
function tryOut(folder) {
  const temporary = fs.mkdtempSync(join(tmpdir(), 'crosstalk-bundle-'))
  try {
    const lines = join(temporary, 'events.jsonl')
    fs.writeFileSync(lines, `${JSON.stringify(EVENT)}\n`.repeat(2))
    const log = join('samples', 'logs', 'ASH-WS03', 'Microsoft-Windows-Sysmon%4Operational.evtx')
    const args = ['scan', log, lines, '--rules', join('content', 't1559', 'rules'), '--format', 'jsonl', '--quiet']
    const script = join(temporary, 'try.mjs')
    fs.writeFileSync(
      script,
      `import v8 from 'node:v8'
import { runBundled } from ${JSON.stringify(pathToFileURL(BIN).href)}

// V8 takes a code cache only where its flags are those with which it was made (bin/bundle.js); and what it throws away before the end is not in it.
const set = v8.setFlagsFromString
v8.setFlagsFromString = (flags) => flags.endsWith('flush-bytecode') && set(flags)
set('--no-flush-bytecode')
const { main } = runBundled(${JSON.stringify(join(folder, 'main.cjs'))})
const args = ${JSON.stringify(args)}
await main(args)
await main(args)
`,
    )
    const env = { ...process.env, CROSSTALK_WRITE_CODE_CACHE: '1', CROSSTALK_CACHE: temporary }
    spawnSync(node, [script], { cwd: root, env, stdio: 'ignore' })
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true })
  }
}

/** Makes the bundle where there is no fresh one. Gives why there is none afterwards, if so. */
export async function ensureBundle() {
  if (freshBundle()) return undefined
  const begun = Date.now()
  const temporary = join(bundles, `new-${process.pid}`)
  try {
    const inputs = withSettings(await writeBundle(temporary))
    const stamps = inputs.map((file) => [file, ...stampOf(file)])
    if (inputs.some((file) => lastChange(file) > begun - CLOCK_STEP_MS)) return 'a source changed at this moment'
    const folder = `bundle-${digestOf(temporary)}`
    if (fs.existsSync(join(bundles, folder))) fs.utimesSync(join(bundles, folder), new Date(), new Date())
    else {
      tryOut(temporary)
      fs.renameSync(temporary, join(bundles, folder))
    }
    const written = `${manifest}.${process.pid}`
    fs.writeFileSync(written, JSON.stringify({ folder, inputs: stamps }))
    fs.renameSync(written, manifest)
    removeOthers(folder)
    return undefined
  } catch (error) {
    return error.message
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true })
  }
}

function withSettings(inputs) {
  const manifests = inputs.flatMap((file) => /^node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(file) ?? [])
  return [...new Set([...inputs, ...SETTINGS, ...manifests.map((folder) => `${folder}package.json`)])]
}

function lastChange(file) {
  const { mtimeMs, ctimeMs } = fs.statSync(join(root, file))
  return Math.max(mtimeMs, ctimeMs)
}

/** Of the bundle's files, by name and content. */
function digestOf(folder) {
  const hash = createHash('sha256')
  for (const name of fs.readdirSync(folder).sort()) hash.update(name).update(fs.readFileSync(join(folder, name)))
  return hash.digest('hex').slice(0, 16)
}

function removeOthers(folder) {
  for (const name of fs.readdirSync(bundles)) {
    const path = join(bundles, name)
    if (!/^(?:bundle|new)-/.test(name) || name === folder || fs.statSync(path).mtimeMs > Date.now() - KEPT_MS) continue
    fs.rmSync(path, { recursive: true, force: true })
  }
}

if (process.argv[1] && fs.realpathSync(process.argv[1]) === import.meta.filename) {
  const problem = await ensureBundle()
  if (problem) console.error(`No bundle: ${problem}. crosstalk runs from its sources, and starts more slowly.`)
  if (problem && !process.argv.includes('--if-possible')) process.exitCode = 1
}
