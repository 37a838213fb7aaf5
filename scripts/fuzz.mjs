// npm run fuzz -- <package or source> [--count N] [--seed N]: damages what the package or source reads, in N ways, and prints what came of it. Each
// package that can be fuzzed has a test/fuzz.ts; that of crosstalk takes a source's format, or `containers`.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled, node, root, run } from './setup.mjs'

ensureInstalled()
const [name, ...rest] = process.argv.slice(2)
const scriptOf = (of) => join(root, 'packages', of, 'test', 'fuzz.ts')
if (!name) {
  console.error('usage: npm run fuzz -- evtx|sigma|crosstalk|<source>|containers [--count N] [--seed N]')
  process.exitCode = 2
} else if (existsSync(scriptOf(name))) process.exitCode = run(node, [scriptOf(name), ...rest])
else process.exitCode = run(node, [scriptOf('crosstalk'), name, ...rest])
