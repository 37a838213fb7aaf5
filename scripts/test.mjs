// npm test: sets up, checks, runs every test. npm test -- <pattern…> runs the test files whose path contains one of the patterns.
import fs from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled, environment, node, root, run } from './setup.mjs'

ensureInstalled()
if (!fs.globSync) {
  // An older Node started us: go on with the project's own.
  process.exitCode = run(node, [import.meta.filename, ...process.argv.slice(2)])
} else {
  const patterns = process.argv.slice(2)
  const files = fs
    .globSync(
      [
        'packages/*/src/**/*.test.ts',
        'packages/*/test/**/*.test.ts',
        'content/**/*.test.ts',
        'samples/**/*.test.ts',
        'scripts/**/*.test.ts',
      ],
      { cwd: root },
    )
    .filter((file) => !patterns.length || patterns.some((pattern) => file.includes(pattern)))
    .sort()
  if (!files.length) {
    console.error(`no test file matches ${patterns.join(', ')}`)
    process.exitCode = 2
  } else {
    const checked = patterns.length ? 0 : run(node, [join(root, 'scripts', 'check.mjs')])
    // What is tested is what stands there, not what was made of it.
    const env = { ...environment, CROSSTALK_SOURCES: '1' }
    const tested = run(node, ['--test', '--test-reporter=spec', '--test-timeout=1200000', ...files], { env })
    process.exitCode = checked || tested
  }
}
