import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

const root = join(import.meta.dirname, '..')
const temporary = mkdtempSync(join(tmpdir(), 'crosstalk-bundle-test-'))
after(() => rmSync(temporary, { recursive: true, force: true }))

function run(args: string[], env: NodeJS.ProcessEnv = {}, cwd = root) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', ...env },
    maxBuffer: 1 << 28,
  })
  return { status, stdout, stderr }
}

const withoutTime = (account: string) => account.replace(/^ +Time .*$/m, '')

describe('a bundle gives what the sources give', () => {
  const bundle = join(temporary, 'bundle')
  const start = join(temporary, 'start.mjs')
  const samples = join(root, 'samples', 'logs')
  const rules = join(root, 'content', 't1559', 'rules')
  const many = join(temporary, 'many.jsonl')
  const wrong = join(temporary, 'wrong.yml')

  before(() => {
    const { stderr } = run([
      '--input-type=module',
      '-e',
      `import { writeBundle } from './scripts/bundle.mjs'; await writeBundle('${bundle}')`,
    ])
    assert.equal(stderr, '')
    writeFileSync(
      start,
      `import { runBundled } from '${join(root, 'packages', 'crosstalk', 'bin', 'bundle.js')}'
const { main } = runBundled('${join(bundle, 'main.cjs')}')
process.exitCode = await main(process.argv.slice(2))`,
    )
    const event = {
      Channel: 'Security',
      EventID: 4624,
      Computer: 'PC1',
      EventRecordID: 1,
      TargetUserName: 'x'.repeat(4000),
    }
    writeFileSync(many, `${JSON.stringify(event)}\n`.repeat(2500))
    writeFileSync(wrong, 'title: t\nlogsource: {product: windows}\ndetection: {s: {a|nosuch: 1}, condition: s}\n')
  })

  const COMMANDS: Readonly<Record<string, readonly string[]>> = {
    'the help': ['--help'],
    'the version': ['--version'],
    'an error': ['scan', '--nosuch'],
    'matches of rules': ['scan', samples, '--rules', rules, '--format', 'jsonl', '--no-rule-cache', '--quiet'],
    'what is wrong with a rule': ['rules', 'check', wrong],
    'events, read by two threads': ['dump', many, '--jobs', '2', '--quiet'],
    coverage: ['coverage', samples, '--format', 'json'],
  }
  for (const [what, args] of Object.entries(COMMANDS))
    it(what, () => {
      const sources = run([join(root, 'packages', 'crosstalk', 'bin', 'crosstalk.js'), ...args], {
        CROSSTALK_SOURCES: '1',
      })
      assert.ok(sources.stdout + sources.stderr)
      const bundled = run([start, ...args])
      assert.deepEqual(
        { ...bundled, stderr: withoutTime(bundled.stderr) },
        { ...sources, stderr: withoutTime(sources.stderr) },
      )
    })

  it('a hunt, with its report', () => {
    const results = [[join(root, 'packages', 'crosstalk', 'bin', 'crosstalk.js')], [start]].map((program, at) => {
      const cwd = join(temporary, `hunt-${at}`)
      mkdirSync(cwd)
      const { status, stderr } = run([...program, 'hunt', samples, '--out', 'out'], { CROSSTALK_SOURCES: '1' }, cwd)
      assert.equal(status, 0, stderr)
      return filesOf(join(cwd, 'out'))
    })
    assert.ok(results[0].has('report.html') && results[0].has('findings.jsonl'))
    assert.deepEqual(results[1], results[0])
  })
})

/** Everything below a folder as text, without when the run was and how long it took. */
function filesOf(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name !== 'summary.json' && statSync(join(folder, name)).isFile(),
  )
  const ofTheRun = /Hunt of |class="cells"|id="summary-data"/
  const text = (name: string) =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .filter((line) => !ofTheRun.test(line))
      .join('\n')
  return new Map(names.sort().map((name) => [name, text(name)]))
}

describe('a bundle of other sources than those that are here is not used', () => {
  const checkout = join(temporary, 'checkout')
  const main = join(checkout, 'packages', 'crosstalk', 'src', 'cli', 'main.ts')
  const said = join(checkout, 'packages', 'crosstalk', 'src', 'cli', 'said.ts')
  const longAgo = new Date(Date.now() - 60_000)
  const program = (env: NodeJS.ProcessEnv = { CROSSTALK_SOURCES: '' }) =>
    run([join(checkout, 'packages', 'crosstalk', 'bin', 'crosstalk.js'), 'hunt'], env)
  /** Sources that say what they are, and whether it is a bundle that says it. */
  const write = (word: string) => {
    writeFileSync(said, `export const said: string = '${word}'\n`)
    utimesSync(said, longAgo, longAgo)
  }
  const bundle = () => {
    // Nothing is bundled that changed in the last two seconds.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2100)
    const { status, stderr } = run(['scripts/bundle.mjs'], {}, checkout)
    assert.equal(stderr, '')
    assert.equal(status, 0)
  }

  before(() => {
    for (const folder of ['src/cli', 'src/run', 'bin'])
      mkdirSync(join(checkout, 'packages', 'crosstalk', folder), { recursive: true })
    cpSync(join(root, 'packages', 'crosstalk', 'bin'), join(checkout, 'packages', 'crosstalk', 'bin'), {
      recursive: true,
    })
    for (const file of [
      'scripts/bundle.mjs',
      'scripts/setup.mjs',
      'package-lock.json',
      'packages/crosstalk/package.json',
    ]) {
      mkdirSync(join(checkout, file, '..'), { recursive: true })
      copyFileSync(join(root, file), join(checkout, file))
    }
    for (const name of ['evtx', 'sigma']) {
      mkdirSync(join(checkout, 'packages', name))
      writeFileSync(join(checkout, 'packages', name, 'package.json'), '{}')
    }
    mkdirSync(join(checkout, 'node_modules'))
    for (const name of ['esbuild', '@esbuild', 'node'])
      symlinkSync(join(root, 'node_modules', name), join(checkout, 'node_modules', name))
    for (const name of ['worker.ts', 'compile-work.ts'])
      writeFileSync(join(checkout, 'packages', 'crosstalk', 'src', 'run', name), '')
    writeFileSync(
      main,
      `import { said } from './said.ts'
export async function main(): Promise<number> {
  console.log(said, import.meta.url.endsWith('src/cli/main.ts'), new Error().stack?.includes('main.cjs') ? 'bundle' : 'sources')
  return 0
}
`,
    )
    write('one')
  })

  it('without one, the sources run', () =>
    assert.deepEqual(program(), { status: 0, stdout: 'one true sources\n', stderr: '' }))

  it('a source that changed this moment is not bundled', () => {
    const { status, stderr } = run(['scripts/bundle.mjs'], {}, checkout)
    assert.match(stderr, /a source changed at this moment/)
    assert.equal(status, 1)
    assert.equal(run(['scripts/bundle.mjs', '--if-possible'], {}, checkout).status, 0)
    assert.equal(program().stdout, 'one true sources\n')
  })

  it('a fresh one runs, unless CROSSTALK_SOURCES asks for the sources', () => {
    bundle()
    assert.equal(program().stdout, 'one true bundle\n')
    assert.equal(program({ CROSSTALK_SOURCES: '1' }).stdout, 'one true sources\n')
  })

  it('a source that changed runs itself, though its size and its time are the same', () => {
    write('two')
    assert.equal(program().stdout, 'two true sources\n')
    bundle()
    assert.equal(program().stdout, 'two true bundle\n')
  })

  it('so does one whose text is as it was, written again', () => {
    write('two')
    assert.equal(program().stdout, 'two true sources\n')
    bundle()
    assert.equal(program().stdout, 'two true bundle\n')
  })

  it('a source that is gone is missed', () => {
    rmSync(said)
    assert.match(program().stderr, /said\.ts/)
    write('two')
    bundle()
  })

  it('a code cache that is damaged or gone is done without', () => {
    const bundles = join(checkout, 'node_modules', '.cache', 'crosstalk')
    const { folder } = JSON.parse(readFileSync(join(bundles, 'bundle.json'), 'utf8')) as { folder: string }
    const cache = join(bundles, folder, 'main.cjs.cache')
    assert.ok(statSync(cache).size > 0)
    writeFileSync(cache, 'x')
    assert.equal(program().stdout, 'two true bundle\n')
    rmSync(cache)
    assert.equal(program().stdout, 'two true bundle\n')
    writeFileSync(join(bundles, 'bundle.json'), '{')
    assert.equal(program().stdout, 'two true sources\n')
  })
})
