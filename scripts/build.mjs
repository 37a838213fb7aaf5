// npm run build: the packages as they are published, in dist/<package>: JavaScript and declarations made by tsc, the manifest with its exports, what is read at run time.
import fs from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled, node, root, run } from './setup.mjs'

ensureInstalled()
const out = join(root, 'dist')
fs.rmSync(out, { recursive: true, force: true })

/** Where a package's exports lie once they are built. */
function publishedPaths(name) {
  const { exports } = JSON.parse(fs.readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'))
  return Object.entries(exports).map(([path, file]) => [
    join('@crosstalk', name, path),
    [join(out, name, built(file).types)],
  ])
}

/** tsc's settings for one package: its sources without tests, into dist/<package>/dist. */
function settings(name) {
  const file = join(out, `tsconfig.${name}.json`)
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      outDir: join(out, name, 'dist'),
      rootDir: join(root, 'packages', name, 'src'),
      types: ['node'],
      typeRoots: [join(root, 'node_modules', '@types')],
      paths: Object.fromEntries(['evtx', 'sigma'].flatMap(publishedPaths)),
    },
    include: [join(root, 'packages', name, 'src', '**', '*.ts')],
    exclude: [
      join(root, 'packages', name, 'src', '**', '*.test.ts'),
      join(root, 'packages', name, 'src', '**', '*.conformance.ts'),
    ],
  }
  fs.writeFileSync(file, JSON.stringify(config))
  return file
}

/** `./src/match/index.ts` as it is published. */
function built(file) {
  const path = file.replace('./src/', './dist/').replace(/\.ts$/, '')
  return { types: `${path}.d.ts`, default: `${path}.js` }
}

function manifest(name) {
  const folder = join(root, 'packages', name)
  const { exports, files, ...rest } = JSON.parse(fs.readFileSync(join(folder, 'package.json'), 'utf8'))
  const published = {
    ...rest,
    engines: { node: '>=22.18' },
    ...(exports && { exports: Object.fromEntries(Object.entries(exports).map(([path, file]) => [path, built(file)])) }),
    files: [...new Set([...files, ...(name === 'crosstalk' ? ['content'] : [])])],
  }
  fs.writeFileSync(join(out, name, 'package.json'), `${JSON.stringify(published, null, 2)}\n`)
  for (const part of ['README.md', 'bin']) {
    if (fs.existsSync(join(folder, part))) fs.cpSync(join(folder, part), join(out, name, part), { recursive: true })
  }
  fs.copyFileSync(join(root, 'LICENSE'), join(out, name, 'LICENSE'))
}

/** Files beside the sources that are read at run time. */
function assets(name) {
  const source = join(root, 'packages', name, 'src')
  for (const entry of fs.readdirSync(source, { recursive: true })) {
    if (/\.(css|js|json|html)$/.test(entry)) fs.cpSync(join(source, entry), join(out, name, 'dist', entry))
  }
  if (name === 'crosstalk')
    fs.cpSync(join(root, 'content', 't1559'), join(out, name, 'content', 't1559'), {
      recursive: true,
      filter: (path) => !path.endsWith('.test.ts'),
    })
}

let failed = 0
for (const name of ['evtx', 'sigma', 'crosstalk']) {
  fs.mkdirSync(join(out, name), { recursive: true })
  const file = settings(name)
  if (run(node, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', file]) !== 0) failed++
  fs.rmSync(file)
  manifest(name)
  assets(name)
  console.log(`dist/${name}`)
}
process.exitCode = failed ? 1 : 0
