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

test('a document that is no YAML does not take the others of its file with it, and lines count from the top of the file', () => {
  const text = `# collection\n---\n${GOOD}---\ntitle: [\n---\ntitle: t\nlogsource: {product: windows}\nlevel: huge\ndetection: {s: {a: 1}, condition: s}\n...\n`
  const { rules, refused } = parseRules(text, 'm.yml')
  assert.deepEqual(
    rules.map((one) => one.source.line),
    [3],
  )
  assert.deepEqual(
    refused.map(({ location, code }) => `${location.line}:${location.column} ${code}`),
    ['9:1 yaml', '12:1 structure'],
  )
})

test('numbers are those of YAML’s core schema; dates, yes and no, and numbers too large to be exact are text', () => {
  const { rules } = parseRules(
    'title: t\ndate: 2024-01-31\nlogsource: {product: windows}\ndetection: {s: {a: [0x1F, 007, 1e3, 2024-01-31, yes, 12:30, 1_000, 12345678901234567890, null, true]}, condition: s}',
    'n.yml',
  )
  const [rule] = rules as DetectionRule[]
  assert.equal(rule.date, '2024-01-31')
  assert.deepEqual(rule.detections.get('s'), {
    kind: 'item',
    item: {
      field: 'a',
      modifiers: [],
      all: false,
      values: [31, 7, 1000, '2024-01-31', 'yes', '12:30', '1_000', '12345678901234567890', null, true],
    },
  })
})

test('an aggregation of Sigma 1 is read as a correlation, and reported', () => {
  const text = (condition: string, timeframe = 'timeframe: 5m') =>
    `title: t\nid: 11111111-1111-4111-8111-111111111111\nlogsource: {product: windows}\ndetection:\n  s: {a: 1}\n  ${timeframe}\n  condition: s ${condition}`
  const { rules, refused, reported } = parseRules(text('| count(User) by Host, Domain > 5'), 'v1.yml')
  assert.deepEqual(refused, [])
  assert.deepEqual(reported.map(formatError), [
    'v1.yml:7:3: aggregations behind "|" are Sigma 1: write a correlation rule instead',
  ])
  const [events, correlation] = rules
  assert.equal(events.id, '11111111-1111-4111-8111-111111111111#events')
  assert.ok(correlation.kind === 'correlation')
  const { id, type, rules: over, groupBy, timespan, condition } = correlation
  assert.deepEqual(
    { id, type, over, groupBy, timespan, condition },
    {
      id: '11111111-1111-4111-8111-111111111111',
      type: 'value_count',
      over: ['11111111-1111-4111-8111-111111111111#events'],
      groupBy: ['Host', 'Domain'],
      timespan: 300_000,
      condition: { field: ['User'], bounds: [{ operator: 'gt', value: 5 }] },
    },
  )
  assert.deepEqual(
    ['| near other', '| max(x) > 3', '| count( > 3'].map((one) => parseRules(text(one), 'v1.yml').refused[0]?.message),
    [
      '"near" of Sigma 1 is not supported: write a temporal correlation instead',
      '"max" of Sigma 1 has no counterpart in correlations',
      'the aggregation behind "|" can\'t be read: count(field) by group > 5 was expected',
    ],
  )
  assert.match(parseRules(text('| count() > 3', 'x: {b: 1}'), 'v1.yml').refused[0].message, /no timeframe/)
})

test('references between files: found by id or name, refused when they lead nowhere', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sigma-references-'))
  try {
    writeFileSync(join(folder, 'a.yml'), GOOD.replace('title: good', 'title: good\nname: good_rule'))
    const correlation = (rule: string) =>
      `title: c\nname: c_${rule}\ncorrelation:\n  type: event_count\n  rules: [${rule}]\n  timespan: 1m\n  condition: {gte: 2}\n`
    writeFileSync(join(folder, 'b.yml'), correlation('good_rule'))
    writeFileSync(join(folder, 'c.yml'), correlation('nosuch'))
    const filter = (rules: string) =>
      `title: f\nlogsource: {product: windows}\nfilter:\n  rules: ${rules}\n  s: {a: 2}\n  condition: not s\n`
    writeFileSync(join(folder, 'd.yml'), filter('[nosuch, 11111111-1111-4111-8111-111111111111]'))
    writeFileSync(join(folder, 'e.yml'), filter('[nosuch]'))
    const { rules, correlations, filters, refused, reported } = loadRules([folder])
    assert.deepEqual([rules.length, correlations.length, filters.length], [1, 1, 1])
    const said = (errors: typeof refused) =>
      errors.map(
        ({ location, code }) => `${location.file.split('/').at(-1)}:${location.line}:${location.column} ${code}`,
      )
    assert.deepEqual(said(refused), ['c.yml:5:11 reference', 'e.yml:4:11 reference'])
    assert.deepEqual(said(reported), ['d.yml:4:11 reference'])
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
