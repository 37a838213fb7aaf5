import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, test } from 'node:test'
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

test('a filter that can’t run is refused, and its rule runs without it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sigma-filter-'))
  try {
    writeFileSync(
      join(folder, 'x.yml'),
      'title: r\nlogsource: {product: windows}\ndetection: {s: {a: 1}, condition: s}\n---\ntitle: f\nlogsource: {product: windows}\nfilter: {rules: any, s: {b|nosuch: 1}, condition: not s}\n',
    )
    const { rules, filters, refused } = loadRules([folder])
    assert.deepEqual([rules.length, filters.length], [1, 0])
    assert.deepEqual(
      refused.map(({ code, location }) => `${code} ${location.line}:${location.column}`),
      ['modifier 7:26'],
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})

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

// Sigma specification 1.0, "Rule Collections".
describe('rule collections of Sigma 1', () => {
  const read = (...documents: string[]) => {
    const { rules, refused, reported } = parseRules(documents.join('\n---\n'), 'c.yml')
    assert.deepEqual(refused, [])
    return { rules: rules as DetectionRule[], reported }
  }
  const RULE =
    'title: one\nlogsource: {product: windows, service: security}\ndetection: {s: {EventID: 4688, a: 1}, condition: s}'
  const items = ({ detections }: DetectionRule) => {
    const detection = detections.get('s')!
    const parts = detection.kind === 'item' ? [detection] : detection.parts
    return parts.map((part) => part.kind === 'item' && [part.item.field, ...part.item.values])
  }

  test('several global documents are accumulated, until a reset', () => {
    const { rules } = read(
      'action: global\ntitle: shared\ndetection: {condition: s}',
      'action: global\nlogsource: {product: windows}\nlevel: high',
      'detection: {s: {a: 1}}',
      'action: reset',
      'title: alone\nlogsource: {product: linux}\ndetection: {s: {a: 2}, condition: s}',
    )
    assert.deepEqual(
      rules.map(({ title, level, logSource }) => [title, level, logSource.product]),
      [
        ['shared', 'high', 'windows'],
        ['alone', undefined, 'linux'],
      ],
    )
  })

  test('repeat is the rule before it with other parts: the specification’s alternative solution', () => {
    const { rules, reported } = read(
      'action: global\nlevel: low',
      RULE,
      'action: repeat\nlogsource: {service: sysmon}\ndetection: {s: {EventID: 1}}',
      'action: repeat\ntitle: third',
    )
    assert.deepEqual(
      rules.map((rule) => [rule.title, rule.level, rule.logSource.service, ...items(rule)]),
      [
        ['one', 'low', 'security', ['EventID', 4688], ['a', 1]],
        ['one', 'low', 'sysmon', ['EventID', 1], ['a', 1]],
        ['third', 'low', 'sysmon', ['EventID', 1], ['a', 1]],
      ],
    )
    assert.deepEqual(
      reported.map(({ code, location }) => `${code} ${location.line}`),
      ['deprecated 1', 'deprecated 8', 'deprecated 12'],
    )
  })

  test('rules that have their id from one document are told apart, and none is refused', () => {
    const ID = 'AAAAAAAA-0000-4000-8000-000000000001'
    const body = 'logsource: {product: windows}\ndetection: {s: {a: 1}, condition: s}'
    const ids = (...documents: string[]) => read(...documents).rules.map((one) => one.id)
    const id = ID.toLowerCase()
    assert.deepEqual(ids(`action: global\ntitle: t\nid: ${ID}`, body, body, `id: b\n${body}`), [id, `${id}#2`, 'b'])
    assert.deepEqual(ids(`id: ${ID}\n${RULE}`, 'action: repeat', 'action: repeat\nid: b', 'action: repeat'), [
      id,
      `${id}#2`,
      'b',
      'b#2',
    ])
  })

  test('correlations and filters, which Sigma 1 has not, take nothing of it', () => {
    const { rules } = read(
      `action: global\nlevel: high\nname: x`,
      RULE,
      'title: c\ncorrelation: {type: temporal, rules: [x], timespan: 1m}',
    )
    assert.deepEqual(
      rules.map(({ name, level }) => [name, level]),
      [
        ['x', 'high'],
        [undefined, undefined],
      ],
    )
  })
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
