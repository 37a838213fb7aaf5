// npm run bench [-- NAME…]: makes the inputs that are missing, then every benchmark (or those named), each with the peers that are on the PATH.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { join } from 'node:path'
import { ensureBundle } from './bundle.mjs'
import { ensureInstalled, node, root, run } from './setup.mjs'

ensureInstalled()
const problem = await ensureBundle()
if (problem) console.log(`crosstalk runs from its sources: ${problem}`)
const inputs = join(root, 'bench', 'inputs')
const maker = join(root, '..', 'shared', 'tools', 'bench-input.mjs')
const corpus = process.env.CROSSTALK_CORPUS ?? join(root, '..', 'shared', 'corpus')

/** A large input, made once; undefined, with a word, where its maker is not here. */
function input(kind, name, amount) {
  const file = join(inputs, name)
  if (fs.existsSync(file)) return file
  if (!fs.existsSync(maker)) {
    console.log(`no ${name}: ${maker} is not here`)
    return undefined
  }
  fs.mkdirSync(inputs, { recursive: true })
  spawnSync(node, [maker, kind, file, ...(amount ? [amount] : [])], { stdio: 'inherit' })
  return fs.existsSync(file) ? file : undefined
}

const BENCHMARKS = {
  evtx: () => [input('evtx', '400.evtx')],
  scan: () => [input('evtx', '400.evtx')],
  'scan-corpus': () => [fs.existsSync(join(corpus, 'evtx')) ? join(corpus, 'evtx') : undefined],
  sigma: () => [input('ndjson', 'windows.ndjson')],
  'sigma-correlation': () => [],
  sources: () => [],
  'source-peers': () => [],
  collectors: () => {
    const logs = join(corpus, 'evtx', 'EVTX-ATTACK-SAMPLES')
    return [fs.existsSync(logs) ? logs : undefined]
  },
}
const wanted = process.argv.slice(2)
let failed = 0
for (const [name, args] of Object.entries(BENCHMARKS)) {
  const file = join(root, 'bench', `${name.replace('-corpus', '')}.ts`)
  if ((wanted.length && !wanted.includes(name)) || !fs.existsSync(file)) continue
  const given = args()
  if (given.some((one) => one === undefined)) continue
  console.log(`\n— ${name}`)
  if (run(node, [file, ...given]) !== 0) failed++
}
process.exitCode = failed ? 1 : 0
