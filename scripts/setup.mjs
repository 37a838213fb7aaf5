// Everything a fresh checkout needs, on any Node from 20.19 on: installs the dependencies (a current Node among them) when
// they are missing or older than the lock file, and runs this project's own scripts with that Node.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const modules = join(root, 'node_modules')
const stamp = join(modules, '.crosstalk-installed')
const windows = process.platform === 'win32'

/** The Node.js that the project brings with it. */
export const node = join(modules, 'node', 'bin', windows ? 'node.exe' : 'node')
export const environment = { ...process.env, PATH: `${join(modules, '.bin')}${delimiter}${process.env.PATH}` }

export function ensureInstalled() {
  const wanted = readFileSync(join(root, 'package-lock.json'), 'utf8')
  if (existsSync(stamp) && existsSync(node) && readFileSync(stamp, 'utf8') === wanted) return
  console.error('Installing dependencies (once) …')
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: windows,
  })
  if (status !== 0) {
    console.error('npm ci failed; its message stands above. The npm registry must be reachable the first time.')
    process.exit(1)
  }
  if (!existsSync(node)) {
    console.error(
      'The Node.js that the project brings was not installed: npm did not run the install script of the package "node".\n' +
        'Allow it (npm install-scripts approve node), or run this with Node.js 24 or later.',
    )
    process.exit(1)
  }
  writeFileSync(stamp, wanted)
}

/** Runs a program with the project's Node first on the PATH; gives its exit code. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: environment, ...options })
  if (error) throw error
  return status ?? 1
}
