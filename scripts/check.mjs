// npm run check: format and lint, types, one-way imports. Everything that can be wrong without running it.
import { join } from 'node:path'
import { ensureInstalled, node, root, run } from './setup.mjs'

ensureInstalled()
const steps = {
  'format and lint': [join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome'), 'check', '.'],
  types: [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', '.'],
  imports: [join(root, 'scripts', 'check-imports.mjs')],
}
let failed = 0
for (const [name, args] of Object.entries(steps)) {
  console.log(`— ${name}`)
  if (run(node, args) !== 0) failed++
}
process.exitCode = failed ? 1 : 0
