import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { type AttackVocabulary, attackVocabulary } from './attack-tags.ts'
import { type CheckOptions, checkRules } from './check.ts'
import { CHECKS, type CheckCode } from './codes.ts'
import { applyFixes } from './diagnostic.ts'

/** A rule that nothing is wrong with; parts of it are replaced. */
const GOOD = `title: good
id: 11111111-1111-4111-8111-111111111111
status: test
description: what it finds
references:
    - https://example.com/
author: somebody
date: 2024-01-31
tags:
    - attack.execution
    - attack.t1059
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\\cmd.exe'
    condition: selection
falsepositives:
    - Administrators
level: low
`
const HEAD = GOOD.slice(0, GOOD.indexOf('detection:'))
const TAIL = GOOD.slice(GOOD.indexOf('falsepositives:'))
const detection = (body: string) => `${HEAD}detection:\n${body.replace(/^/gm, '    ')}\n${TAIL}`

const ATTACK: AttackVocabulary = attackVocabulary({
  type: 'bundle',
  objects: [
    { type: 'x-mitre-tactic', x_mitre_shortname: 'execution' },
    { type: 'x-mitre-tactic', x_mitre_shortname: 'defense-evasion' },
    { type: 'x-mitre-tactic', x_mitre_shortname: 'initial-access' },
    {
      type: 'attack-pattern',
      id: 'a',
      name: 'Interpreter',
      external_references: [{ source_name: 'mitre-attack', external_id: 'T1059' }],
    },
    {
      type: 'attack-pattern',
      id: 'b',
      name: 'Old',
      revoked: true,
      external_references: [{ source_name: 'mitre-attack', external_id: 'T1086' }],
    },
    {
      type: 'attack-pattern',
      id: 'c',
      name: 'Past',
      x_mitre_deprecated: true,
      external_references: [{ source_name: 'mitre-attack', external_id: 'T1153' }],
    },
    {
      type: 'attack-pattern',
      id: 'd',
      name: 'Last',
      external_references: [{ source_name: 'mitre-attack', external_id: 'T1681' }],
    },
    { type: 'relationship', relationship_type: 'revoked-by', source_ref: 'b', target_ref: 'a' },
  ],
}) // prettier-ignore

const check = (texts: string | string[], options: CheckOptions = { attack: ATTACK }) =>
  checkRules(
    (Array.isArray(texts) ? texts : [texts]).map((text, at) => ({ file: `r${at}.yml`, text })),
    options,
  ).diagnostics

/** `line:column code` of each. */
const found = (texts: string | string[], options?: CheckOptions) =>
  check(texts, options).map(({ line, column, code }) => `${line}:${column} ${code}`)

/** The text with all fixes made. */
const fixed = (text: string) => applyFixes(text, check(text)).text

test('nothing is said of a rule that nothing is wrong with', () => {
  assert.deepEqual(found(GOOD), [])
})

describe('metadata', () => {
  const cases: [CheckCode, string, string, string?][] = [
    ['id-missing', 'id: 11111111-1111-4111-8111-111111111111\n', ''],
    ['id-form', '11111111-1111-4111-8111-111111111111', 'rule-1', '2:1'],
    ['status-missing', 'status: test\n', ''],
    ['level-missing', 'level: low\n', ''],
    ['description-missing', 'description: what it finds\n', ''],
    ['author-missing', 'author: somebody\n', ''],
    ['references-missing', 'references:\n    - https://example.com/\n', ''],
    ['falsepositives-missing', 'falsepositives:\n    - Administrators\n', ''],
    ['title-length', 'title: good', `title: ${'x'.repeat(257)}`, '1:1'],
    ['date-form', '2024-01-31', '2024-02-31', '8:1'],
    ['date-order', 'date: 2024-01-31', 'date: 2024-01-31\nmodified: 2023-01-01', '9:1'],
    ['related-form', 'status: test', 'related:\n    - id: other\n      type: similar', '4:7'],
    [
      'related-form',
      'status: test',
      'status: test\nrelated:\n    - id: 21111111-1111-4111-8111-111111111111\n      type: friend',
      '6:7',
    ],
    [
      'related-self',
      'status: test',
      'status: test\nrelated:\n    - id: 11111111-1111-4111-8111-111111111111\n      type: similar',
      '5:7',
    ],
    ['log-source-unknown', 'category: process_creation', 'category: beacons', '12:1'],
    ['log-source-unknown', 'windows\n    category: process_creation', 'linux\n    category: pipe_created', '12:1'],
    ['log-source-typo', 'category: process_creation', 'category: process_creations', '14:5'],
    ['log-source-typo', 'product: windows', 'product: window', '13:5'],
    ['log-source-typo', 'category: process_creation', 'service: securty', '14:5'],
    ['log-source-case', 'product: windows', 'product: Windows', '13:5'],
    ['key-typo', 'category: process_creation', 'catagory: process_creation', '14:5'],
    ['date-missing', 'date: 2024-01-31\n', ''],
    ['deprecated-related', 'status: test', 'status: deprecated', '3:1'],
    ['list-form', 'falsepositives:\n    - Administrators', 'falsepositives: Administrators', '19:1'],
    [
      'reference-duplicate',
      '    - https://example.com/\n',
      '    - https://example.com/\n    - https://example.com/\n',
      '7:7',
    ],
  ]
  for (const [code, from, to, place = '1:1'] of cases)
    test(`${code}: ${JSON.stringify(to).slice(0, 60)}`, () => {
      const said = found(GOOD.replace(from, () => to))
      assert.ok(said.includes(`${place} ${code}`), said.join())
    })

  test('dates of Sigma 1 and keys that are almost right can be changed', () => {
    assert.equal(fixed(GOOD.replace('2024-01-31', '2024/1/31')), GOOD)
    assert.deepEqual(found(GOOD.replace('falsepositives', 'false_positives')), [
      '1:1 falsepositives-missing',
      '19:1 key-typo',
    ])
    assert.equal(fixed(GOOD.replace('falsepositives', 'false_positives')), GOOD)
    assert.deepEqual(found(GOOD.replace('author', 'x_owner')), ['1:1 author-missing'])
  })
})

describe('tags', () => {
  const tag = (name: string) => GOOD.replace('attack.t1059', name)
  const cases: [string, string?][] = [
    ['attack.t1059'],
    ['attack.t1086', 'attack-revoked'],
    ['attack.t1153', 'attack-deprecated'],
    ['attack.t1685', 'attack-newer'],
    ['attack.t1685.001', 'attack-newer'],
    ['attack.t9999', 'attack-unknown'],
    ['attack.t10599', 'tag-form'],
    ['attack.t1059.999', 'attack-unknown'],
    ['attack.stealth', 'attack-newer'],
    ['attack.nonsense', 'attack-unknown'],
    ['attack.execution', 'tag-duplicate'],
    ['attack.T1059', 'tag-form'],
    ['attack', 'tag-form'],
    ['cve.2021-44228'],
    ['cve.2021.44228', 'tag-form'],
    ['detection.hunting', 'tag-form'],
    ['tlp.amber'],
    ['company.rule', 'tag-namespace'],
  ]
  for (const [name, code] of cases)
    test(`${name}: ${code ?? 'good'}`, () =>
      assert.deepEqual(found(tag(name)), code === undefined ? [] : [`11:7 ${code}`]))

  test('what took the place of a revoked technique, and tactics with underscores, can be changed', () => {
    assert.equal(fixed(tag('attack.t1086')), GOOD)
    assert.equal(fixed(tag('attack.initial_access')), tag('attack.initial-access'))
    assert.equal(fixed(tag('attack.T1059')), GOOD)
  })

  test('without ATT&CK only the form is checked', () => {
    assert.deepEqual(found(tag('attack.t9999'), {}), [])
    assert.deepEqual(found(tag('attack.stealth'), {}), [])
    assert.deepEqual(found(tag('attack.nonsense'), {}), ['11:7 attack-unknown'])
  })

  test('a bundle of ATT&CK 19 says that defense-evasion was split', () => {
    const nineteen = { ...ATTACK, tactics: new Set(['execution', 'stealth', 'defense-impairment']) }
    assert.deepEqual(found(tag('attack.stealth'), { attack: nineteen }), [])
    assert.deepEqual(found(tag('attack.defense-evasion'), { attack: nineteen }), ['11:7 attack-revoked'])
  })
})

describe('detection', () => {
  const cases: [string, string[]][] = [
    [`s: {Image: a}\nunused: {Image: b}\ncondition: s`, ['17:5 identifier-unused']],
    [`s: {Image: a}\nt: {Image: b}\ncondition: s or (s and t)`, ['17:5 identifier-idle']],
    [`s: {Image: a}\ncondition: s or not s`, ['17:5 always-true']],
    [`s: {Image: a}\ncondition: s and not s`, ['17:5 always-false']],
    [`s: {Image: a}\nt: {Image: b}\ncondition: 3 of them`, ['18:5 always-false']],
    [`s: {ProcessId: 1}\nt: {ProcessId: [2, 3], Image: x}\ncondition: all of them`, ['18:5 contradiction']],
    [`s: {ProcessId: [1, 2]}\nt: {ProcessId: [2, 3]}\ncondition: all of them`, []],
    [`s: {Image: a}\ncondition: 1 of them`, ['17:5 one-of-one']],
    [`s: {Image: a}\nfilter_main_x: {Image: b}\ncondition: s and not 1 of filter_main_*`, []],
    [`s: {Image|contains|all: abc}\ncondition: s`, ['16:9 all-single']],
    [`s: {Image: [abc, null]}\ncondition: s`, ['16:22 null-in-list']],
    [`s: {Image: [abc, ABC]}\ncondition: s`, ['16:22 value-duplicate']],
    [`s: {Image|cased: [abc, ABC]}\ncondition: s`, []],
    [`s: {CommandLine|contains: [abc, abcd]}\ncondition: s`, ['16:37 value-covered']],
    [`s: {CommandLine|contains|all: [abc, abcd]}\ncondition: s`, []],
    [`s: {CommandLine|contains: e}\ncondition: s`, ['16:9 value-broad']],
    [`s: {CommandLine|contains: '*'}\ncondition: s`, ['16:9 value-broad']],
    [`s: {CommandLine|contains: ''}\ncondition: s`, ['16:9 value-empty']],
    [`s: {CommandLine: '*a*'}\ncondition: s`, ['16:9 wildcard-modifier']],
    [`s: {CommandLine: ['*a*', 'b']}\ncondition: s`, []],
    [`s: {Image: 'C:\\x\\*'}\ncondition: s`, ['16:9 wildcard-escaped']],
    [`s: {Image: 'C:\\x\\\\*a'}\ncondition: s`, []],
    [`s: {Image|startswith: '\\\\server\\share'}\ncondition: s`, ['16:9 backslash-unc']],
    [`s: {Image|startswith: '\\\\\\\\server\\share'}\ncondition: s`, []],
    [`s: {LogonId: 0x3e7}\ncondition: s`, ['16:9 number-form']],
    [`s: {LogonId: '0x3e7', ProcessId: 4}\ncondition: s`, []],
    [`s: {CommandLine|re: abc}\ncondition: s`, ['16:9 regex-plain']],
    [`s: {commandline|contains: abc}\ncondition: s`, ['16:9 field-case']],
    [`s: {PipeName|contains: abc}\ncondition: s`, ['16:9 field-unknown']],
    [`s: {Image|nosuch: abc}\ncondition: s`, ['16:9 modifier']],
    [`s: {Image|re: '(a'}\ncondition: s`, ['16:9 regex']],
    [`s: {Image: a}\ncondition: t`, ['16:5 identifier-unused', '17:5 identifier']],
    [`s: {Image: a}\ncondition: s and`, ['17:5 condition']],
    [`s: {Image: a}\ntimeframe: 5m\ncondition: s`, ['17:5 deprecated']],
    [`s: {Image: a}\ntimeframe: 5m\ncondition: s | count() by User > 5`, ['18:5 deprecated']],
  ]
  for (const [body, expected] of cases)
    test(body.replaceAll('\n', '; '), () => assert.deepEqual(found(detection(body)), expected))

  test('fixes: all with one value, the field’s case, wildcards at the ends', () => {
    assert.equal(
      fixed(detection("s:\n    Image|contains|all: 'abc'\ncondition: s")),
      detection("s:\n    Image|contains: 'abc'\ncondition: s"),
    )
    assert.equal(
      fixed(detection("s:\n    commandline|contains: 'abc'\ncondition: s")),
      detection("s:\n    CommandLine|contains: 'abc'\ncondition: s"),
    )
    assert.equal(
      fixed(detection("s:\n    Image: '*abc'\ncondition: s")),
      detection("s:\n    Image|endswith: 'abc'\ncondition: s"),
    )
    // A backslash there would have to be read anew: said, not changed.
    assert.deepEqual(check(detection("s:\n    Image: '*\\abc'\ncondition: s"))[0].fix, undefined)
  })
})

describe('several rules', () => {
  const other = (text: string) =>
    text.replaceAll('11111111-', '21111111-').replace('title: good', `title: other ${text.length}`)
  test('ids, names and detections that are there twice', () => {
    assert.deepEqual(found([GOOD, GOOD.replace('selection:', 's:').replace('n: selection', 'n: s')]), ['1:1 duplicate'])
    assert.deepEqual(found([GOOD, other(GOOD)]), ['15:1 detection-duplicate'])
    const named = (text: string) => text.replace('status', 'name: same\nstatus')
    assert.deepEqual(found([named(GOOD), other(named(GOOD)).replace('cmd', 'sh')]), ['3:1 name-duplicate'])
  })

  test('correlations and filters', () => {
    const correlation = (body: string) =>
      `${HEAD.slice(0, HEAD.indexOf('logsource')).replaceAll('11111111-', '31111111-')}correlation:\n${body.replace(/^/gm, '    ')}\n${TAIL}`
    const rules = 'type: temporal\nrules: [11111111-1111-4111-8111-111111111111, nosuch]\ntimespan: 1m'
    assert.deepEqual(found([GOOD, correlation(`${rules}\ngroup-by: [User]`)]), ['14:51 reference'])
    const alias =
      'type: temporal\nrules: [11111111-1111-4111-8111-111111111111]\ngroup-by: [u]\ntimespan: 1m\naliases: {u: {other: x}, v: {}}'
    assert.deepEqual(found([GOOD, correlation(alias)]), [
      '14:5 temporal-single',
      '17:15 alias-partial',
      '17:19 alias-rule',
      '17:30 alias-unused',
    ])
    const filter = (body: string) =>
      `${HEAD.replaceAll('11111111-', '41111111-').replace('status: test\n', '')}filter:\n${body.replace(/^/gm, '    ')}\n`
    assert.deepEqual(found([GOOD, filter('rules: any\ns: {User: bob}\ncondition: not s')]), [])
    assert.deepEqual(found([GOOD, filter('rules: any\ns: {User: bob}\ncondition: s')]), ['17:5 filter-keeps'])
    const withLevel = `${filter('rules: any\ns: {User: bob}\ncondition: not s')}level: low\n`
    assert.deepEqual(found([GOOD, withLevel]), ['18:1 filter-metadata'])
    assert.deepEqual(found([GOOD, filter('rules: [nosuch]\ns: {User: bob}\ncondition: not s')]), ['15:13 reference'])
    const linux = filter('rules: any\ns: {User: bob}\ncondition: not s').replace('product: windows', 'product: linux')
    assert.deepEqual(found([GOOD, linux]), ['14:1 filter-idle'])
  })
})

test('JSON schemas are given at run time', () => {
  const rule = {
    $schema: 'https://json-schema.org/draft/2020-12/schema#',
    type: 'object',
    required: ['title', 'license'],
    properties: { level: { enum: ['high'] }, id: { format: 'uuid' } },
  }
  assert.deepEqual(
    check(GOOD, { schemas: { rule } }).map(({ line, code, message }) => `${line} ${code} ${message}`),
    [
      "1 schema must have required property 'license'",
      '21 schema level must be equal to one of the allowed values (high)',
    ],
  )
  assert.throws(() => check(GOOD, { schemas: { rule: { type: 'nonsense' } } }), TypeError)
})

test('what a check says in words the schema does not say again', () => {
  const rule = { type: 'object', properties: { date: { type: 'string', format: 'date' }, level: { enum: ['high'] } } }
  assert.deepEqual(found(GOOD.replace('2024-01-31', '2024/01/31'), { schemas: { rule } }), [
    '8:1 date-form',
    '21:1 schema',
  ])
})

test('of a schema’s condition, what fails in it is told', () => {
  const rule = JSON.parse('{"type": "object", "if": {"required": ["tags"]}, "then": {"required": ["license"]}}')
  assert.deepEqual(
    check(GOOD, { schemas: { rule } }).map(({ message }) => message),
    ["must have required property 'license'"],
  )
})

test('a file that is no rule gets the loader’s error', () => {
  assert.deepEqual(
    check('title: [').map(({ code, severity }) => `${severity} ${code}`),
    ['error yaml'],
  )
})

test('fixes that overlap are not both made', () => {
  const at = { code: 'yaml', severity: 'error', message: '', file: '', line: 1, column: 1 } as const
  const fix = (start: number, end: number, text: string) => ({ ...at, fix: { title: '', start, end, text } })
  assert.deepEqual(applyFixes('abcdef', [fix(3, 5, 'Y'), fix(0, 4, 'X'), fix(5, 6, 'Z'), at]), {
    text: 'XeZ',
    applied: 2,
  })
})

test('every code says what it means, here and in the documentation', () => {
  const documented = readFileSync(join(import.meta.dirname, '../../../../docs/sigma-checks.md'), 'utf8')
  for (const [code, { severity, summary }] of Object.entries(CHECKS))
    assert.ok(documented.includes(`| \`${code}\` | ${severity} | ${summary} |`), code)
  for (const { severity, summary } of Object.values(CHECKS)) {
    assert.ok(['error', 'warning', 'info'].includes(severity))
    assert.ok(summary.length > 10)
  }
})
