// Data goes one way. A package may import only packages on its left, a room of packages/crosstalk only rooms on its left.
// Prints each import that goes the wrong way; exits 1 when there is one.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const PACKAGES = ['evtx', 'sigma', 'crosstalk']
/** left to right; a room may import itself and what stands before it */
const ROOMS = [
  'events',
  'sources',
  'facts',
  'channels',
  'graph',
  'baseline',
  'knowledge',
  'analytics',
  'response',
  'cases',
  'run',
  'coverage',
  'report',
  'store',
  'server',
  'cli',
]
/** the words that all rooms share: types only */
const SHARED = new Set(['cases/case.ts', 'run/account.ts'])
const mayImport = { evtx: [], sigma: [], crosstalk: ['evtx', 'sigma'] }

const wrong = []
for (const name of PACKAGES) {
  const source = join(root, 'packages', name, 'src')
  for (const entry of readdirSync(source, { recursive: true })) {
    if (!entry.endsWith('.ts')) continue
    const file = join(source, entry)
    const where = relative(root, file)
    for (const [statement, specifier] of readFileSync(file, 'utf8').matchAll(
      /^\s*(?:import|export)\b[^'"\n]*?(?:\{[^}]*\}[^'"]*)?['"]([^'"]+)['"]/gm,
    )) {
      const foreign = /^@crosstalk\/([^/]+)/.exec(specifier)?.[1]
      if (foreign && foreign !== name && !mayImport[name].includes(foreign))
        wrong.push(`${where}: package ${name} must not import @crosstalk/${foreign}`)
      if (!specifier.startsWith('.')) continue
      const target = resolve(dirname(file), specifier)
      // Tests may use what their package's tests share.
      if (entry.endsWith('.test.ts') && target.startsWith(join(root, 'packages', name, 'test') + sep)) continue
      if (!target.startsWith(source + sep)) {
        wrong.push(`${where}: ${specifier} leaves the package`)
        continue
      }
      if (name !== 'crosstalk') continue
      const from = entry.split(sep)[0]
      const path = relative(source, target).split(sep).join('/')
      const to = path.split('/')[0]
      if (SHARED.has(path) && /^\s*(import|export)\s+type\b/.test(statement)) continue
      for (const room of [from, to])
        if (!ROOMS.includes(room))
          wrong.push(`${where}: ${room} is no room of the house; name it in scripts/check-imports.mjs`)
      if (ROOMS.indexOf(to) > ROOMS.indexOf(from))
        wrong.push(`${where}: ${from} must not import ${to} (${path}): data goes ${ROOMS.join(' → ')}`)
    }
  }
}
for (const line of new Set(wrong)) console.log(line)
console.log(wrong.length ? `${wrong.length} imports go the wrong way` : 'imports: one way')
process.exitCode = wrong.length ? 1 : 0
