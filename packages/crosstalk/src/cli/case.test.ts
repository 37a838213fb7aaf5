import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { dcomCase, exampleFindings, exampleSummary } from '../report/example-run.ts'
import { caseJson, findingsJsonl, summaryJson } from '../report/results-json.ts'

let root: string
/** as hunt --out writes it */
let folder: string
const log = Buffer.concat(dcomCase.evidence.map((_, at) => Buffer.from(`record ${String(at).padStart(2, '0')}`)))
const evidence = dcomCase.evidence.map((piece, at) => ({
  ...piece,
  file: 'logs/some.evtx',
  offset: at * 9,
  length: 9,
  sha256: createHash('sha256')
    .update(log.subarray(at * 9, at * 9 + 9))
    .digest('hex'),
}))

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'crosstalk-case-'))
  folder = join(root, 'out', 'cases', dcomCase.id)
  await mkdir(folder, { recursive: true })
  await mkdir(join(root, 'logs'))
  await writeFile(join(root, 'logs', 'some.evtx'), log)
  await writeFile(join(folder, 'case.json'), caseJson({ ...dcomCase, evidence }))
  await writeFile(join(root, 'out', 'findings.jsonl'), [...findingsJsonl(exampleFindings)].join(''))
  await writeFile(join(root, 'out', 'summary.json'), summaryJson(exampleSummary))
})
after(() => rm(root, { recursive: true }))

/** The command as its own process, as users run it. */
function crosstalk(command: 'case' | 'evidence', ...args: string[]) {
  const program = join(import.meta.dirname, '..', '..', 'bin', 'crosstalk.js')
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, command, ...args], {
    cwd: root,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

describe('crosstalk case show', () => {
  test('tells the case', () => {
    const { status, stdout } = crosstalk('case', 'show', folder)
    assert.equal(status, 0)
    assert.match(stdout, /^── Case 1 of 1 /)
    assert.ok(!stdout.includes('\x1b'))
  })
  test('says what is wrong with what is no case', async () => {
    assert.match(
      crosstalk('case', 'show', join(root, 'nowhere')).stderr,
      /case\.json does not exist; give the folder of a case/,
    )
    const broken = join(root, 'broken')
    await mkdir(broken)
    await writeFile(
      join(broken, 'case.json'),
      JSON.stringify({ ...dcomCase, reasons: [{ ...dcomCase.reasons[0], weight: 'much' }] }),
    )
    const { status, stderr } = crosstalk('case', 'show', broken)
    assert.equal(status, 1)
    assert.match(stderr, /case\.json is no case: reasons\[0\]\.weight: not a number\n$/)
    await writeFile(join(broken, 'case.json'), '{')
    assert.match(crosstalk('case', 'show', broken).stderr, /case\.json is no case: not JSON\n$/)
  })
})

describe('crosstalk case export', () => {
  test('writes to standard output, or to a new file', async () => {
    const { status, stdout } = crosstalk('case', 'export', folder, '--format', 'navigator')
    assert.equal(status, 0)
    assert.equal(JSON.parse(stdout).domain, 'enterprise-attack')
    const out = join(root, 'layer.json')
    assert.equal(crosstalk('case', 'export', folder, '--format', 'navigator', '--out', out).status, 0)
    assert.equal(await readFile(out, 'utf8'), stdout)
  })
  test('takes the findings from beside the case', () => {
    const lines = crosstalk('case', 'export', folder, '--format', 'ocsf').stdout.trim().split('\n')
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).finding_info.uid),
      [dcomCase.id, 'f-19c0', 'f-7be2'],
    )
  })
  test('never writes over a file', async () => {
    const out = join(root, 'mine.md')
    await writeFile(out, 'mine')
    const { status, stderr } = crosstalk('case', 'export', folder, '--format', 'md', '--out', out)
    assert.equal(status, 1)
    assert.match(stderr, /mine\.md is there already; nothing was overwritten/)
    assert.equal(await readFile(out, 'utf8'), 'mine')
  })
  test('a bag holds the original bytes, and evidence verify proves it', async () => {
    const out = join(root, 'bag')
    const made = crosstalk('case', 'export', folder, '--format', 'bag', '--out', out)
    assert.deepEqual({ status: made.status, stdout: made.stdout }, { status: 0, stdout: '' })
    const records = (await readdir(join(out, 'data', 'evidence'))).sort()
    assert.equal(records.length, dcomCase.evidence.length)
    assert.equal(await readFile(join(out, 'data', 'evidence', records[3]), 'utf8'), 'record 03')
    assert.match(crosstalk('evidence', 'verify', out).stdout, /is whole: 19 files, \d+ bytes\n$/)
    await writeFile(join(out, 'data', 'evidence', records[3]), 'record XX')
    const verdict = crosstalk('evidence', 'verify', out)
    assert.equal(verdict.status, 1)
    assert.match(verdict.stdout, /^data\/evidence\/00004-\w+\.bin: altered/)
  })
  test('says which evidence a bag lacks, and fails', () => {
    const { status, stderr } = crosstalk(
      'case',
      'export',
      folder,
      '--format',
      'bag',
      '--out',
      join(root, 'poor'),
      '--root',
      join(root, 'out'),
    )
    assert.equal(status, 1)
    assert.match(
      stderr,
      /not in the bag: logs\/some\.evtx record 4711: logs\/some\.evtx is not there; say with --root where the logs lie now/,
    )
    assert.match(stderr, /and 2 more records/)
  })
})

describe('wrong use ends with 2 and says where help is', () => {
  for (const [command, args, says] of [
    ['case', [], /show or export\?/],
    ['case', ['show'], /which case\?/],
    ['case', ['export', 'x'], /which --format\?/],
    ['case', ['export', 'x', '--format', 'pdf'], /there is no format "pdf"/],
    ['case', ['export', 'x', '--format', 'bag'], /bag needs --out/],
    ['case', ['show', 'x', '--colour'], /--colour/],
    ['evidence', ['verify'], /which bag\?/],
    ['evidence', ['prove', 'x'], /there is no "prove"/],
  ] as const)
    test(`${command} ${args.join(' ')}`, () => {
      const { status, stderr } = crosstalk(command, ...args)
      assert.equal(status, 2)
      assert.match(stderr, says)
      assert.match(stderr, /--help tells the options\)\n$/)
    })
})
