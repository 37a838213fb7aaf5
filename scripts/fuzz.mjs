// npm run fuzz -- <package> [--count N] [--seed N]: damages what the package reads, in N ways, and prints what came of it. Each package that can
// be fuzzed has a test/fuzz.ts.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled, node, root, run } from './setup.mjs'

ensureInstalled()
const [name, ...rest] = process.argv.slice(2)
const script = join(root, 'packages', name ?? '', 'test', 'fuzz.ts')
if (!name || !existsSync(script)) {
  console.error('usage: npm run fuzz -- evtx [--count N] [--seed N]')
  process.exitCode = 2
} else process.exitCode = run(node, [script, ...rest])
