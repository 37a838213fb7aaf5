// What authors get wrong most often, one mistake a rule: each is reported once, where it stands.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkRules } from './check.ts'
import { applyFixes } from './diagnostic.ts'

/** A rule of which only the detection matters; it begins in line 16. */
const rule = (detection: string, logSource = 'product: windows\n    category: process_creation') => `title: t
id: 11111111-1111-4111-8111-111111111111
status: test
description: d
references:
    - https://example.com/
author: a
date: 2024-01-31
level: low
falsepositives:
    - Administrators
logsource:
    ${logSource}
detection:
${detection.replace(/^/gm, '    ')}
`
const check = (text: string) => checkRules([{ file: 'r.yml', text }]).diagnostics
const found = (text: string) => check(text).map(({ line, column, code }) => `${line}:${column} ${code}`)
const messages = (text: string) => check(text).map(({ message }) => message)
const fixed = (text: string) => applyFixes(text, check(text)).text

/** A selection of one entry, which stands in line 17. */
const entry = (text: string) => `s:\n    ${text}\ncondition: s`

describe('one mistake, one finding', () => {
  const cases: [string, string][] = [
    [entry(`CommandLine|Contains: abc`), '17:9 modifier-case'],
    [entry(`CommandLine|contains|ALL: [abc, def]`), '17:9 modifier-case'],
    [entry(`CommandLine|contains|endswith: abc`), '17:9 modifier-combination'],
    [entry(`CommandLine|contains|contains: abc`), '17:9 modifier-combination'],
    [entry(`CommandLine|base64offset: abcdef`), '17:9 modifier-combination'],
    [entry(`CommandLine|contains|expand: abc`), '17:9 modifier-idle'],
    [entry(`CommandLine|contains|windash: 'start/b'`), '17:9 modifier-idle'],
    [entry(`CommandLine|re|contains: 'a.c'`), '17:9 modifier-idle'],
    [entry(`CommandLine|cidr: 10.0.0.5/8`), '17:9 cidr-host'],
    [entry(`CommandLine|all: [abc, def]`), '17:9 contradiction'],
    [entry(`CommandLine: '*'`), '17:9 value-broad'],
    [entry(`CommandLine|re: '.*'`), '17:9 value-broad'],
    [entry(`CommandLine|re: '(?:abc)?'`), '17:9 value-broad'],
    [entry(`CommandLine|contains: "C:\\new"`), '17:9 value-character'],
    [entry(`CommandLine|contains: a\u200bbc`), '17:9 value-character'],
    [entry(`CommandLine|contains: ‘abc’`), '17:9 value-character'],
    [entry(`CommandLine|contains:\n        -'abc'\n        -'def'`), '17:9 list-hyphen'],
    [entry(`CommandLine|contains:'abc'`), '16:5 keyword-field'],
    [entry(`CommandLine|contains: '*abc*'`), '17:9 wildcard-redundant'],
    [entry(`CommandLine|contains: 'ab**cd'`), '17:9 wildcard-double'],
    [entry(`CommandLine|contains: '\\Temp\\*.exe'`), '17:9 wildcard-escaped'],
    [entry(`Image: cmd.exe`), '17:9 path-name'],
    [entry(`Image|endswith: cmd.exe`), '17:9 path-start'],
    [entry(`OriginalFileName: '\\cmd.exe'`), '17:9 path-name'],
    [entry(`Hashes|contains: MD5=${'a'.repeat(31)}`), '17:9 hash-form'],
    [entry(`Hashes|contains: SHA256=${'g'.repeat(64)}`), '17:9 hash-form'],
    [entry(`CommandLine|re: 'C:\\Windows\\\\x'`), '17:9 regex-backslash'],
    [entry(`CommandLine|re: '.*\\System32\\\\x'`), '17:9 regex-backslash'],
    [entry(`ProcessId: '4'`), '17:9 number-text'],
    [entry(`EventID: 1`), '17:9 event-id-idle'],
    [`s: {Image: a}\nfilter: {User: b}\ncondition: s AND NOT filter`, '18:5 condition-case'],
    [`s: {Image: a}\nfilter: {User: b}\ncondition: s and filter`, '18:5 filter-asked'],
    [`s: {Image: a, User: b}\nfilter: {User: [b, c]}\ncondition: s and not filter`, '17:5 filter-covers'],
    [`s: {Image|endswith: a}\nt: {Image|endswith: b}\ncondition: s and t`, '18:5 contradiction'],
    [`s: {Image|startswith: a}\nt: {Image: b}\ncondition: all of them`, '18:5 contradiction'],
  ]
  for (const [detection, expected] of cases)
    test(`${expected}: ${JSON.stringify(detection)}`, () => assert.deepEqual(found(rule(detection)), [expected]))
})

describe('nothing is said of', () => {
  const cases = [
    entry(`CommandLine|contains: '\\*.lnk'`),
    entry(`CommandLine|contains: '/index.php\\?h='`),
    entry(`CommandLine|contains: ' -Filter \\*'`),
    entry(`CommandLine|re: '^$'`),
    entry(`CommandLine|contains|windash: ' -enc'`),
    entry(`CommandLine|cidr: 10.0.0.0/8`),
    entry(`CommandLine|contains: |\n        one\n        two`),
    entry(`Image: System`),
    entry(`Hashes|contains: [MD5=${'a'.repeat(32)}, 'IMPHASH=abc']`),
    entry(`CommandLine|re: 'C:\\\\Windows\\\\System32\\\\x'`),
    entry(`CommandLine|re: '\\w:\\S+?:'`),
    entry(`CommandLine|re: '\\bpowershell\\b\\s+\\d'`),
    `s: {Image|endswith: '\\ab.exe'}\nt: {Image|endswith: '.exe'}\ncondition: s and t`,
    `s: {Image|startswith: a}\nt: {Image|endswith: b}\ncondition: s and t`,
    `s: {Image: a}\nfilter: {User: b}\ncondition: s and not filter`,
    `s: {Image: a, User: b}\nfilter: {User: b, ProcessId: 4}\ncondition: s and not filter`,
  ]
  for (const detection of cases) test(JSON.stringify(detection), () => assert.deepEqual(found(rule(detection)), []))

  test('an event id that chooses among the events of a category', () => {
    const pipes = (ids: string) => rule(entry(`EventID: ${ids}`), 'product: windows\n    category: pipe_created')
    assert.deepEqual(found(pipes('18')), [])
    assert.deepEqual(found(pipes('[17, 18]')), ['17:9 event-id-idle'])
    const sysmon = rule(entry('EventID: 1'), 'product: windows\n    service: sysmon')
    assert.deepEqual(found(sysmon), ['17:9 log-source-generic'])
  })
})

test('all that can’t run in a rule is told at once', () => {
  const detection = `s:\n    Image|contain: abc\n    CommandLine|re: '(a'\n    User|cidr: [x, y]\ncondition: t`
  assert.deepEqual(found(rule(detection)), ['16:5 identifier-unused', '17:9 modifier', '18:9 regex', '19:9 value'])
  const fixed = detection
    .replace('contain:', 'contains:')
    .replace('(a', 'a.')
    .replace('cidr: [x, y]', 'cidr: 10.0.0.0/8')
  assert.deepEqual(found(rule(fixed)), ['16:5 identifier-unused', '20:5 identifier'])
})

test('"all" in any letters links values', () => {
  const [one] = check(rule(entry('CommandLine|contains|All: abc')))
  assert.equal(one.code, 'all-single')
})

describe('correlations and filters', () => {
  const base = rule(entry("Image|endswith: '\\x.exe'"))
  const head = base
    .slice(0, base.indexOf('logsource'))
    .replaceAll('11111111-', '21111111-')
    .replace('title: t', 'title: u')
  const said = (body: string) =>
    checkRules([
      { file: 'base.yml', text: base },
      { file: 'r.yml', text: `${head}${body}` },
    ]).diagnostics.map(({ line, column, code, message }) => `${line}:${column} ${code}: ${message}`)
  const correlation = (body: string) =>
    said(
      `correlation:\n    type: event_count\n    rules: [11111111-1111-4111-8111-111111111111]\n    timespan: 5m\n${body}`,
    )

  test('a rule is found by its name', () => {
    const named = base.replace('status: test', 'name: base\nstatus: test')
    const text = `${head}correlation:\n    type: event_count\n    rules: [base]\n    timespan: 5m\n    condition: {gte: 10}\n`
    const { diagnostics } = checkRules([
      { file: 'base.yml', text: named },
      { file: 'r.yml', text },
    ])
    assert.deepEqual(diagnostics, [])
  })
  test('a key that is almost one would be passed over', () => {
    assert.deepEqual(correlation('    condition: {gte: 10}\n    group_by: [User]\n'), [
      '17:5 key-typo: "group_by" is no part of a correlation: "group-by" was meant?',
    ])
  })
  test('a field to group by that the rules’ events do not have', () => {
    assert.deepEqual(correlation('    condition: {gte: 10}\n    group-by: [Usre]\n'), [
      '17:16 field-unknown: events of the rule "11111111-1111-4111-8111-111111111111" have no field "Usre": "User" was meant?',
    ])
  })
  test('bounds that nothing lies within', () => {
    for (const bounds of ['gte: 10, lt: 5', 'lt: 1', 'gt: 4, lt: 5', 'eq: 0'])
      assert.deepEqual(correlation(`    condition: {${bounds}}\n`), [
        '16:5 always-false: no count is within these bounds',
      ])
    assert.deepEqual(correlation('    condition: {gt: 4, lte: 5}\n'), [])
  })
  test('two kinds in one document', () => {
    const [first] = correlation('    condition: {gte: 10}\nfilter: {rules: any, s: {User: a}, condition: not s}\n')
    assert.equal(first, '17:1 kind-mixed: this is read as a correlation: write the filter as a rule of its own')
  })
  test('a filter that names what is not there', () => {
    const filter = 'logsource: {product: windows}\nfilter:\n    rules: any\n    s: {User: a}\n    condition: not t\n'
    assert.ok(said(filter).some((one) => one.startsWith('16:5 identifier: the condition names "t"')))
  })
})

describe('what was meant is named', () => {
  const cases: [string, RegExp][] = [
    [rule(entry('ComandLine: abc')), /no field "ComandLine": "CommandLine" was meant\?/],
    [rule(entry('CommandLine|contain: abc')), /no modifier "contain": "contains" was meant\?/],
    [rule(`selection: {Image: a}\ncondition: selektion`), /"selection" was meant\?/],
    [rule(`s: {Image: a}\ncondition: 1 of t*`), /no search identifier fits "t\*": there are s/],
    [
      rule(entry('Image: a')).replace('detection:', 'detections:'),
      /"detections" is no key of Sigma: "detection" was meant\?/,
    ],
    [rule(entry('Image: a')).replace('logsource:', 'log_source:'), /"log_source" was meant/],
    [rule(entry('Image: a')).replace('title:', 'Title:'), /"Title" was meant to be "title"/],
    [rule('s: {Image: a}').concat('condition: s\n'), /the condition stands outside of detection: indent it/],
    [rule(entry('Image|re: "a(?=b)"')), /have no look-ahead/],
    [rule(entry('Image|contains:')), /contains is asked of a value, and there is none/],
  ]
  for (const [text, expected] of cases)
    test(String(expected), () =>
      assert.ok(
        messages(text).some((message) => expected.test(message)),
        messages(text).join(),
      ),
    )
})

describe('YAML that can’t be read says what to do', () => {
  const cases: [string, string, RegExp][] = [
    ['Image: *cmd', '17:17', /begins with \* stands in quotes/],
    ['Image: %TEMP%', '17:16', /begins with % stands in quotes/],
    ['Image: @SSL', '17:16', /begins with @ stands in quotes/],
    ['Image: a: b', '17:17', /a text with ": " in it stands in quotes/],
    [`Image: 'it's'`, '17:20', /within single quotes a ' is written ''/],
    ['Image: "C:\\Windows"', '17:20', /put the text in single quotes/],
    [`User: b\n    Image:'a'`, '18:18', /behind a colon stands a space/],
    ['\tImage: a', '17:15', /a tab stands in the indentation/],
    ['Image|contains: a\n    Image|contains: b', '18:9', /"Image\|contains" stands there already; values of one field/],
  ]
  for (const [text, place, expected] of cases)
    test(JSON.stringify(text), () => {
      const [one] = check(rule(entry(text)))
      assert.equal(`${one.code} ${one.line}:${one.column}`, `yaml ${place}`)
      assert.match(one.message, expected)
    })
})

test('a no-break space in the indentation', () => {
  const text = rule(entry("User: 'b'\n    Image: 'a'")).replace('        Image', '\u00a0       Image')
  const [{ code, line, message }] = check(text)
  assert.deepEqual([code, line], ['yaml', 19])
  assert.match(message, /a space that is none/)
})

describe('fixes', () => {
  const cases: [string, string][] = [
    [
      `CommandLine|Contains|All:\n        - abc # why\n        - def`,
      `CommandLine|contains|all:\n        - abc # why\n        - def`,
    ],
    [`CommandLine|cidr: 10.1.2.3/16`, `CommandLine|cidr: 10.1.0.0/16`],
    [`CommandLine|contains: '*abc*' # why`, `CommandLine|contains: 'abc' # why`],
    [`CommandLine|endswith: '*a*b'`, `CommandLine|endswith: 'a*b'`],
    [`CommandLine|contains: 'ab***cd'`, `CommandLine|contains: 'ab*cd'`],
    [
      `CommandLine|contains:\n        - abc\n        - 'ABC'\n        - def`,
      `CommandLine|contains:\n        - abc\n        - def`,
    ],
  ]
  for (const [before, after] of cases)
    test(JSON.stringify(before), () => {
      assert.equal(fixed(rule(entry(before))), rule(entry(after)))
      assert.equal(fixed(rule(entry(after))), rule(entry(after)))
    })

  test('of lists, texts that stand for one, and words of the condition', () => {
    const good = rule(`s: {Image: a}\nfilter: {User: b}\ncondition: s and not 1 of filter*`)
    assert.equal(fixed(good.replace('s and not 1 of filter*', 's AND NOT 1 OF filter*')), good)
    assert.equal(fixed(good.replace('references:\n    - ', 'references: ')), good)
    const twice = good.replace(
      '    - https://example.com/\n',
      '    - https://example.com/\n    - https://example.com/\n',
    )
    assert.equal(fixed(twice), good)
    assert.equal(fixed(good.replace('product: windows', 'product: Windows')), good)
  })

  test('an entry with a comment stays: the comment would go with it', () => {
    const text = rule(entry(`CommandLine|contains:\n        - abc\n        - abc # why`))
    assert.equal(fixed(text), text)
  })
})

test('what the author says to ignore is not reported, there and nowhere else', () => {
  const broad = entry('CommandLine|contains: a')
  const where = (text: string) => checkRules([{ file: 'r.yml', text: rule(text) }])
  assert.deepEqual(found(rule(broad)), ['17:9 value-broad'])
  const behind = where(`${broad.replace(': a', ': a # crosstalk-ignore: value-broad, path-name')}`)
  assert.deepEqual([behind.diagnostics.length, behind.ignored], [0, 1])
  const above = where(broad.replace('    Comm', '    # crosstalk-ignore: value-broad\n    Comm'))
  assert.deepEqual([above.diagnostics.length, above.ignored], [0, 1])
  const elsewhere = where(broad.replace('s:', 's: # crosstalk-ignore: value-broad'))
  assert.deepEqual([elsewhere.diagnostics.length, elsewhere.ignored], [1, 0])
  const broken = where(broad.replace('contains: a', 'contain: a # crosstalk-ignore: modifier'))
  assert.deepEqual([broken.diagnostics.length, broken.ignored], [1, 0])
})

test('of a thousand alike in one rule a hundred are reported', () => {
  const values = Array.from({ length: 1000 }, () => '\n        - same').join('')
  const said = messages(rule(entry(`CommandLine|contains:${values}`)))
  assert.equal(said.length, 100)
  assert.match(said[99], /more of these/)
})

test('titles of two rules are alike', () => {
  const one = rule(entry('Image: a'))
  const two = rule(entry('Image: b')).replaceAll('11111111', '21111111').replace('title: t', 'title: T')
  const said = checkRules([
    { file: '1.yml', text: one },
    { file: '2.yml', text: two },
  ]).diagnostics
  assert.deepEqual(
    said.map(({ file, line, code }) => `${file}:${line} ${code}`),
    ['2.yml:1 title-duplicate'],
  )
})
