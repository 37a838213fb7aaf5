import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { compileRules, formatError, loadRules, parseRules } from '../index.ts'
import type { DetectionRule } from '../rule.ts'

const GOOD =
  'title: good\nid: 11111111-1111-4111-8111-111111111111\nlogsource: {product: windows}\ndetection: {s: {a: 1}, condition: s}\n'
const problems = (text: string) => {
  const { rules, refused } = parseRules(text, 'r.yml')
  return [...refused, ...compileRules(rules.filter((one): one is DetectionRule => one.kind === 'rule')).refused].map(
    formatError,
  )
}

test('what is wrong is said with file, line and column', () => {
  assert.deepEqual(problems('title: t\nlogsource:\n\tproduct: windows\ndetection: {s: {a: 1}, condition: s}'), [
    'r.yml:3:1: not YAML: tab characters must not be used in indentation (a tab stands in the indentation: YAML takes spaces only)',
  ])
  assert.deepEqual(
    problems('title: t\nlogsource: {product: windows}\nlevel: huge\ndetection: {s: {a: 1}, condition: s}'),
    ['r.yml:3:1: level "huge": one of informational, low, medium, high, critical was expected'],
  )
  assert.deepEqual(
    problems('title: t\nlogsource: {product: windows}\ndetection:\n  s:\n    a: 1\n  condition: s and'),
    ['r.yml:6:3: the condition ends after "and" (character 3 of the condition)'],
  )
  assert.match(
    problems('title: t\nlogsource: {product: windows}\ndetection: {s: {a|nosuch: 1}, condition: s}')[0],
    /there is no modifier "nosuch"/,
  )
  assert.match(
    problems('title: t\nlogsource: {product: windows}\ndetection: {s: {a: 1}, condition: other}')[0],
    /names "other"/,
  )
})

test('hostile files are refused at once, and the others load', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sigma-load-'))
  try {
    const bomb = Array.from(
      { length: 12 },
      (_, at) => `a${at}: &a${at} [${Array.from({ length: 12 }, () => (at ? `*a${at - 1}` : 'x')).join(', ')}]`,
    ).join('\n')
    writeFileSync(join(folder, 'bomb.yml'), bomb)
    writeFileSync(
      join(folder, 'deep.yml'),
      `title: t\nlogsource: {product: windows}\ndetection: {s: {a: 1}, condition: '${'('.repeat(10_000)}s${')'.repeat(10_000)}'}`,
    )
    writeFileSync(join(folder, 'good.yml'), GOOD)
    writeFileSync(join(folder, 'huge.yml'), `title: ${'x'.repeat(10 << 20)}\n`)
    writeFileSync(join(folder, 'twice.yml'), GOOD)
    writeFileSync(join(folder, 'nest.yml'), '['.repeat(20_000))
    symlinkSync(folder, join(folder, 'loop'))
    const { rules, refused } = loadRules([folder])
    assert.deepEqual(
      rules.map((one) => one.title),
      ['good'],
    )
    assert.deepEqual(
      refused.map((one) => `${one.location.file.split('/').at(-1)} ${one.code}`),
      ['bomb.yml limit', 'deep.yml condition', 'huge.yml limit', 'nest.yml limit', 'twice.yml duplicate'],
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('several documents in a file, and global parts of Sigma 1', () => {
  const { rules } = parseRules(
    'action: global\ntitle: shared\nlogsource: {product: windows}\n---\ndetection: {s: {a: 1}, condition: s}\n---\ntitle: own\ndetection: {s: {a: 2}, condition: s}',
    'm.yml',
  )
  assert.deepEqual(
    rules.map((one) => one.title),
    ['shared', 'own'],
  )
})

const corpus = resolve(
  process.env.CROSSTALK_CORPUS ?? join(import.meta.dirname, '../../../../../shared/corpus'),
  'sigma',
)
test('every rule of SigmaHQ loads or is refused by name', {
  skip: existsSync(corpus) ? false : 'the corpus is not here',
}, () => {
  const { rules, correlations, filters, refused, files } = loadRules([corpus])
  assert.equal(rules.length + correlations.length + filters.length + refused.length, 3780)
  assert.equal(files, 3780)
  const compiled = compileRules(rules)
  assert.equal(compiled.ruleSet.rules.length + compiled.refused.length, rules.length)
  // What is refused needs lists of the user's own (placeholders).
  assert.deepEqual([...new Set(compiled.refused.map((one) => one.code))], ['unsupported'])
})
