// npm start: hunts over samples/ and says where the report lies. npm start -- <path…> does it for your own files.
import { join } from 'node:path'
import { ensureBundle } from './bundle.mjs'
import { ensureInstalled, node, root, run } from './setup.mjs'

ensureInstalled()
await ensureBundle()
const given = process.argv.slice(2)
const args = given.length ? given : [join(root, 'samples', 'logs'), join(root, 'samples', 'linux', 'logs')]
const out = args.includes('--out') ? [] : ['--out', 'crosstalk-out']
const cwd = process.env.INIT_CWD ?? process.cwd()
process.exitCode = run(node, [join(root, 'packages', 'crosstalk', 'bin', 'crosstalk.js'), 'hunt', ...args, ...out], {
  cwd,
})
