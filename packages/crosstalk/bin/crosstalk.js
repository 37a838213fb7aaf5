#!/usr/bin/env node
// Starts the command line; says so plainly where this Node cannot run it.
import { existsSync } from 'node:fs'
import module from 'node:module'
import { freshBundle, runBundled } from './bundle.js'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `crosstalk needs Node.js 22.18 or later (24 LTS recommended); this is ${process.versions.node}.\n` +
      'In a checkout, `npx crosstalk` and `npm start` use the newer one that `npm install` brings.',
  )
  process.exit(1)
}
module.enableCompileCache?.()
const { main } = await program()
process.exitCode = await main(process.argv.slice(2))

/** As it was built for a package; else a bundle of the sources, where it is fresh and CROSSTALK_SOURCES=1 does not ask for the sources themselves; else those. */
async function program() {
  const built = new URL('../dist/cli/main.js', import.meta.url)
  if (existsSync(built)) return import(built.href)
  // Without a command, as for --help, a few sources do.
  const hasCommand = /^[^-]/.test(process.argv[2] ?? '')
  const bundle = process.env.CROSSTALK_SOURCES || !hasCommand ? undefined : freshBundle()
  return bundle ? runBundled(bundle) : import(new URL('../src/cli/main.ts', import.meta.url).href)
}
