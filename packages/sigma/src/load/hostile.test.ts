// Rule files made to stop, stall or mislead whoever reads them. Each is refused at a place, at once, and the rule beside it runs.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { compileRules } from '../compile/rule-set.ts'
import { createCorrelator } from '../correlation/correlator.ts'
import { ruleIndex } from '../correlation/resolve.ts'
import { createMatcher } from '../match/matcher.ts'
import { objectEvent } from '../match/object-event.ts'
import { loadRules } from './load.ts'

/** Minutes where seconds are expected: a machine may be slow, but nothing hangs. */
const HANG = 120_000

const GOOD_ID = '11111111-1111-4111-8111-111111111111'
const GOOD = `title: good\nid: ${GOOD_ID}\nlogsource: {product: windows}\ndetection: {s: {a: 1}, condition: s}\n`
const HEAD = 'title: t\nlogsource: {product: windows}\n'

const lines = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at)).join('\n')
const rule = (detection: string, condition = 's') =>
  `${HEAD}detection:\n  s:\n${detection}\n  condition: ${condition}\n`
const values = (field: string, count: number, value: (at: number) => string) =>
  rule(`    ${field}:\n${lines(count, (at) => `      - '${value(at)}'`)}`)
const conditionOf = (condition: string) => `${HEAD}detection: {s: {a: 1}, u: {b: 1}, condition: '${condition}'}\n`
const correlation = (name: string, of: string) =>
  `title: ${name}\nname: ${name}\ncorrelation: {type: event_count, rules: [${of}], timespan: 1m, condition: {gte: 1}}\n`
const bomb = (levels: number, width: number) =>
  lines(
    levels,
    (at) => `a${at}: &a${at} [${Array.from({ length: width }, () => (at ? `*a${at - 1}` : 'x')).join(', ')}]`,
  )

/** What is in the file, and what is said of it: `line:column code`, the first of them. */
const CASES: readonly (readonly [string, string | Buffer, string])[] = [
  ['a tab in the indentation', 'title: t\nlogsource:\n\tproduct: windows\n', '3:1 yaml'],
  ['anchors that multiply, more than 100 aliases', bomb(12, 12), '10:31 limit'],
  ['anchors that multiply, fewer aliases', bomb(11, 9), '1:1 limit'],
  ['one wide anchor, repeated', `x: &x [${'y, '.repeat(2500)}y]\nz: [${'*x, '.repeat(98)}*x]\n`, '1:1 limit'],
  [
    'merge keys that multiply',
    `b: &b {${lines(20_000, (at) => `k${at}: 1, `).replaceAll('\n', '')}z: 1}\n${lines(99, (at) => `m${at}: {<<: *b}`)}\n`,
    '2:6 limit',
  ],
  ['an anchor within itself', 'title: &a [*a]\n', '1:1 limit'],
  ['an alias of an alias', 'a: &a x\nb: &b *a\n', '2:7 yaml'],
  ['an alias of nothing', 'a: *nosuch\n', '1:5 yaml'],
  ['a text of 10 MB', `title: ${'x'.repeat(10 << 20)}\n`, '1:1 limit'],
  ['lists nested 20,000 deep', '['.repeat(20_000), '1:64 limit'],
  ['keys nested 300,000 deep', 'a: '.repeat(300_000), '1:5 yaml'],
  ['the same key twice', 'title: t\ntitle: u\n', '2:1 yaml'],
  ['a NUL', 'title: t\0x\n', '1:9 yaml'],
  [
    'invalid UTF-8',
    Buffer.concat([Buffer.from('title: t\nlevel: "'), Buffer.from([0xc3, 0x28]), Buffer.from('"\n')]),
    '2:9 yaml',
  ],
  ['UTF-16', Buffer.from(`\ufeff${GOOD}`, 'utf16le'), '1:1 unreadable'],
  ['100 MB', Buffer.alloc(100 << 20, 'a: b\n'), '1:1 unreadable'],
  ['large documents that are no rules', `---\na: [${'x, '.repeat(240_000)}y]\n`.repeat(10), '2:1 structure'],
  ['a million documents that are no rules', '---\na: b\n'.repeat(1_000_000), '2:1 structure'],
  ['100,000 documents that are no YAML', '---\n\ta: b\n'.repeat(100_000), '2:3 yaml'],
  ['a million empty documents', '---\n'.repeat(1_000_000), '1:1 structure'],
  ['a condition nested 10,000 deep', conditionOf(`${'('.repeat(10_000)}s${')'.repeat(10_000)}`), '3:35 condition'],
  ['"not" 4,000 times', conditionOf(`${'not '.repeat(4000)}s`), '3:35 condition'],
  ['a condition of 100,000 words', conditionOf(`${'s and '.repeat(50_000)}s`), '3:35 condition'],
  [
    'a choice of half of 10,000',
    `${HEAD}detection:\n${lines(10_000, (at) => `  s${at}: {a: ${at}}`)}\n  condition: 5000 of s*\n`,
    '10004:3 limit',
  ],
  ['a reference back in a pattern', rule(String.raw`    a|re: '(a+)\1'`), '5:5 regex'],
  ['repetitions of repetitions', rule("    a|re: '((a{1,900}){1,900}){1,900}'"), '5:5 regex'],
  ['a pattern of 5,000 groups', rule(`    a|re: '${'(a|'.repeat(5000)}b${')'.repeat(5000)}'`), '5:5 regex'],
  ['30,000 patterns with repetitions', values('a|re', 30_000, (at) => `(a|b)*a(a|b){900}${at}`), '5:5 limit'],
  [
    '50,000 values with windash and base64offset',
    values('a|windash|base64offset|contains', 50_000, (at) => `v-${at}`),
    '5:5 limit',
  ],
  [
    '20,000 values of five dashes',
    values('a|windash|wide|base64offset', 20_000, (at) => ` -a -b -c -d -e${at}`),
    '5:5 limit',
  ],
  [
    'the same value of five dashes in 12,000 maps',
    `${HEAD}detection:\n  s:\n${lines(12_000, () => "    - {a|windash|wide|base64offset: ' -a -b -c -d -e'}")}\n  condition: s\n`,
    '12:8 limit',
  ],
  ['a modifier that doubles, 40 times', rule(`    a|${'wide|'.repeat(40)}contains: abcdefgh`), '5:5 limit'],
  ['a modifier that triples, 30 times', rule(`    a|${'base64offset|'.repeat(30)}contains: abcdefgh`), '5:5 limit'],
  ['25,000 fields', rule(lines(25_000, (at) => `    a${at}: 1`)), '20005:5 limit'],
  ['an id that is there already', GOOD, '1:1 duplicate'],
  ['a correlation of a rule that is not there', correlation('c', 'nosuch'), '3:42 reference'],
  ['a correlation of itself', correlation('c', 'c'), '3:42 reference'],
  ['correlations in a circle', `${correlation('c', 'd')}---\n${correlation('d', 'c')}`, '7:42 reference'],
  ['a condition of a name that every object has', conditionOf('constructor'), '3:35 identifier'],
  ['a modifier of a name that every object has', rule('    a|constructor: 1'), '5:5 modifier'],
  ['a modifier __proto__', rule('    a|__proto__: 1'), '5:5 modifier'],
]

function inFolder<T>(text: string | Buffer, run: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'sigma-hostile-'))
  try {
    writeFileSync(join(folder, 'good.yml'), GOOD)
    writeFileSync(join(folder, 'hostile.yml'), text)
    return run(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Everything that a run does with rules: load, compile, match, correlate. */
function run(folder: string) {
  const loaded = loadRules([folder])
  const { ruleSet, refused } = compileRules(loaded.rules)
  const matched: string[] = []
  const event = objectEvent({ a: 1, ['__proto__']: 1, constructor: 2 }, [{ product: 'windows' }])
  createMatcher(ruleSet).match(event, ({ title }) => matched.push(title))
  const correlated: string[] = []
  const correlator = createCorrelator(loaded.correlations, ruleIndex([...loaded.rules, ...loaded.correlations]), {
    onMatch: ({ rule: { title }, group }) => correlated.push(`${title} ${JSON.stringify(group)}`),
  })
  correlator.push({ rule: GOOD_ID, time: 1, field: (name) => `value of ${name}` })
  correlator.finish()
  return { loaded, ruleSet, refused: [...loaded.refused, ...refused], matched, correlated }
}

for (const [name, text, expected] of CASES)
  test(`${name}: refused, and the other rule runs`, { timeout: HANG }, () => {
    const { refused, matched } = inFolder(text, run)
    const [first] = refused
    assert.equal(first && `${first.location.line}:${first.location.column} ${first.code}`, expected)
    assert.ok(refused.length <= 1001)
    assert.deepEqual(matched, ['good'])
  })

test('nothing of a refused rule stays in the compiled set', () => {
  const { ruleSet } = inFolder(rule(`${lines(25_000, (at) => `    a${at}: 1`)}`), run)
  assert.deepEqual(
    ruleSet.atoms.map(({ field }) => field),
    ['a'],
  )
})

test('a file of more rules than are read says where reading ended', () => {
  const one = `---\n${HEAD}detection: {s: {a: 1}, condition: s}\n`
  const { loaded } = inFolder(one.repeat(20_010), run)
  assert.equal(loaded.rules.length, 20_001)
  assert.match(loaded.refused[0].message, /20000 documents: what is behind this one is not read/)
  assert.equal(loaded.refused[0].location.line, 19_999 * 4 + 2)
})

test('a pattern made to backtrack costs what its value is long', { timeout: HANG }, () => {
  const { loaded } = inFolder(rule("    a|re: '^(([a-z])+.)+[A-Z]([a-z])+$'"), run)
  const found: string[] = []
  const matcher = createMatcher(compileRules(loaded.rules).ruleSet)
  const match = (a: string) =>
    matcher.match(objectEvent({ a }, [{ product: 'windows' }]), ({ title }) => found.push(title))
  match(`${'a'.repeat(200_000)}!`)
  assert.deepEqual(found, [])
  match(`${'a'.repeat(200_000)}Zb`)
  assert.deepEqual(found, ['t'])
})

test('names that every object has are names like others: of keys, search identifiers, fields, groups, aliases', () => {
  const names = `title: odd
logsource: {product: windows}
detection: {__proto__: {__proto__: 1, constructor: 2}, toString: {hasOwnProperty: 1}, condition: __proto__ and not toString}
---
title: c
correlation: {type: event_count, rules: [${GOOD_ID}], group-by: [__proto__, constructor], aliases: {__proto__: {${GOOD_ID}: valueOf}}, timespan: 1m, condition: {gte: 1}}
`
  const { refused, matched, correlated } = inFolder(names, run)
  assert.deepEqual(refused, [])
  assert.deepEqual(matched, ['good', 'odd'])
  assert.deepEqual(correlated, ['c {"__proto__":"value of valueOf","constructor":"value of constructor"}'])
})

test('global parts named __proto__ make nothing that is not written', () => {
  const text = `action: global\n__proto__: {detection: {s: {a: 1}, condition: s}, title: x}\n---\nlogsource: {product: windows}\n__proto__: {level: high}\n`
  const { refused, matched } = inFolder(text, run)
  assert.deepEqual(
    refused.map(({ code }) => code),
    ['structure'],
  )
  assert.deepEqual(matched, ['good'])
  assert.equal(({} as Record<string, unknown>).level, undefined)
})
