// Sigma rules specification 2.1.0, section by section: its examples, and what its sentences say.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkRules } from '../../src/check/check.ts'
import { applyPipelines, parsePipeline } from '../../src/pipeline/index.ts'
import type { DetectionRule } from '../../src/rule.ts'
import { expect, outcomes, read, refusal, ruleOf } from './specification.ts'

const only = (text: string) => read(text)[0] as DetectionRule

describe('File Structure', () => {
  const WHOAMI = `title: Whoami Execution
description: Detects a whoami.exe execution
references:
      - https://speakerdeck.com/heirhabarov/hunting-for-privilege-escalation-in-windows-environment
author: Florian Roth
date: 2019-10-23
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image: 'C:\\Windows\\System32\\whoami.exe'
    condition: selection
level: high
`
  test('the simple example', () => {
    const logSource = { product: 'windows', category: 'process_creation' }
    assert.deepEqual(
      outcomes(WHOAMI, [{ Image: 'c:\\windows\\system32\\WHOAMI.exe' }, { Image: 'C:\\whoami.exe' }, {}], {
        logSource,
      }),
      [true, false, false],
    )
    const { title, date, level, author } = only(WHOAMI)
    assert.deepEqual(
      { title, date, level, author },
      { title: 'Whoami Execution', date: '2019-10-23', level: 'high', author: 'Florian Roth' },
    )
  })

  test('CR-LF line ends and a byte order mark mean nothing', () => {
    assert.deepEqual(only(`\ufeff${WHOAMI.replaceAll('\n', '\r\n')}`).detections, only(WHOAMI).detections)
  })

  test('arbitrary custom fields are kept', () => {
    assert.deepEqual(only(`${WHOAMI}x-ours: {a: [1]}\n`).custom, { 'x-ours': { a: [1] } })
  })
})

describe('Components: metadata', () => {
  const rule = (lines: string) => `${lines}\nlogsource: {product: windows}\ndetection: {s: {a: 1}, condition: s}\n`
  test('Title is mandatory', () => assert.equal(refusal(rule('id: x')), 'the rule has no title'))
  test('Identification, related, name', () => {
    const { id, name, related } = only(
      rule(
        'title: Test rule\nid: 929A690E-bef0-4204-a928-ef5e620d6fcc\nname: test_rule\nrelated:\n  - id: 08fbc97d-0a2f-491c-ae21-8ffcfd3174e9\n    type: derived\n  - id: 929a690e-bef0-4204-a928-ef5e620d6fcc\n    type: obsolete',
      ),
    )
    assert.equal(id, '929a690e-bef0-4204-a928-ef5e620d6fcc')
    assert.equal(name, 'test_rule')
    assert.deepEqual(related, [
      { id: '08fbc97d-0a2f-491c-ae21-8ffcfd3174e9', type: 'derived' },
      { id: '929a690e-bef0-4204-a928-ef5e620d6fcc', type: 'obsolete' },
    ])
  })
  for (const type of ['derived', 'obsolete', 'merged', 'renamed', 'similar'])
    test(`related: ${type}`, () =>
      assert.equal(
        only(rule(`title: t\nrelated:\n  - id: 08fbc97d-0a2f-491c-ae21-8ffcfd3174e9\n    type: ${type}`)).related[0]
          .type,
        type,
      ))
  test('Taxonomy: a rule of another one keeps its names, which are the event’s', () => {
    const text =
      "title: A Title\ntaxonomy: ecs\nlogsource:\n    category: network\n    service: dns\ndetection:\n    selection:\n        dns.question.name: 'sigmahq'\n    condition: selection"
    const logSource = { category: 'network', service: 'dns' }
    assert.deepEqual(
      outcomes(text, [{ dns: { question: { name: 'SigmaHQ' } } }, { 'dns.question.name': 'x' }], { logSource }),
      [true, false],
    )
  })
  for (const status of ['stable', 'test', 'experimental', 'deprecated', 'unsupported'])
    test(`Status ${status}`, () => assert.equal(only(rule(`title: t\nstatus: ${status}`)).status, status))
  test('Status: nothing else', () => assert.match(refusal(rule('title: t\nstatus: new'))!, /^status "new"/))
  for (const level of ['informational', 'low', 'medium', 'high', 'critical'])
    test(`Level ${level}`, () => assert.equal(only(rule(`title: t\nlevel: ${level}`)).level, level))
  test('Level: nothing else', () => assert.match(refusal(rule('title: t\nlevel: urgent'))!, /^level "urgent"/))
  test('Fields, FalsePositives, Tags, Scope, License, Description, References', () => {
    const { fields, falsepositives, tags, scope, license, description, references } = only(
      rule(
        'title: t\nfields: [User]\nfalsepositives: [Admins]\ntags: [attack.t1234]\nscope: [server]\nlicense: MIT\ndescription: d\nreferences: [r]',
      ),
    )
    assert.deepEqual(
      { fields, falsepositives, tags, scope, license, description, references },
      {
        fields: ['User'],
        falsepositives: ['Admins'],
        tags: ['attack.t1234'],
        scope: ['server'],
        license: 'MIT',
        description: 'd',
        references: ['r'],
      },
    )
  })
})

describe('LogSource', () => {
  const rule = (logsource: string) => `title: t\nlogsource: ${logsource}\ndetection: {s: {a: 1}, condition: s}`
  const matches = (wanted: string, logSource: object) => outcomes(rule(wanted), [{ a: 1 }], { logSource })[0]
  test('category, product, service, alone or in any combination; each that is named must be the event’s', () => {
    const event = { product: 'windows', category: 'process_creation', service: 'sysmon' }
    for (const wanted of [
      '{product: windows}',
      '{category: process_creation}',
      '{service: sysmon}',
      '{product: windows, service: sysmon}',
      '{product: windows, category: process_creation, service: sysmon}',
    ])
      assert.equal(matches(wanted, event), true, wanted)
    for (const wanted of [
      '{product: linux}',
      '{product: windows, category: image_load}',
      '{category: process_creation, service: security}',
    ])
      assert.equal(matches(wanted, event), false, wanted)
    assert.equal(matches('{product: windows, service: system}', { product: 'windows' }), false)
  })
  test('values are in lower case, with . and - allowed', () => {
    assert.equal(matches('{service: onelogin.events}', { service: 'onelogin.events' }), true)
    assert.equal(
      matches('{product: Windows, service: firewall-as}', { product: 'windows', service: 'firewall-as' }),
      true,
    )
  })
  test('the definition is not evaluated', () => {
    assert.equal(matches('{product: windows, definition: turn it on}', { product: 'windows' }), true)
  })
  test('it is mandatory', () => {
    assert.match(refusal('title: t\ndetection: {s: {a: 1}, condition: s}')!, /^logsource is missing/)
    assert.match(refusal(rule('{definition: x}'))!, /neither product, category nor service/)
  })
})

describe('Detection: General', () => {
  test('all values are case-insensitive strings', () =>
    expect('detection: {s: {a: CMD}, condition: s}', { yes: [{ a: 'cmd' }, { a: 'CMD' }], no: [{ a: 'cmdx' }] }))
  test('numbers and strings are the same text', () =>
    expect('detection: {s: {a: 4625}, condition: s}', {
      yes: [{ a: 4625 }, { a: '4625' }],
      no: [{ a: '04625' }, { a: 46250 }],
    }))
  test('so are truth values; words that are some in YAML 1.1 alone are text', () => {
    expect('detection: {s: {a: true}, condition: s}', {
      yes: [{ a: true }, { a: 'TRUE' }],
      no: [{ a: 1 }, { a: 'yes' }],
    })
    expect('detection: {s: {a: no}, condition: s}', { yes: [{ a: 'NO' }], no: [{ a: false }] })
  })
  test('a number is the text of its value: YAML’s 0x10 is 16, 1.0 is 1; what is too large to be exact stays as it is written', () => {
    for (const [written, text] of [
      ['0x10', '16'],
      ['1.0', '1'],
      ['1.50', '1.5'],
      ['1e3', '1000'],
      ['007', '7'],
      ['-5', '-5'],
      ['12345678901234567890', '12345678901234567890'],
      ['2024-01-01', '2024-01-01'],
    ])
      expect(`detection: {s: {a: ${written}}, condition: s}`, { yes: [{ a: text }], no: [{ a: `${text}0` }] })
  })
  test('regular expressions are case-sensitive by default', () =>
    expect("detection: {s: {a|re: 'Cmd'}, condition: s}", { yes: [{ a: 'xCmdx' }], no: [{ a: 'cmd' }] }))
})

describe('Detection: String Wildcard', () => {
  test('? is one mandatory character', () =>
    expect("detection: {s: {a: 'prog?.exe'}, condition: s}", {
      yes: [{ a: 'progA.exe' }, { a: 'PROGb.EXE' }],
      no: [{ a: 'prog.exe' }, { a: 'progAB.exe' }],
    }))
  test('* is any length', () =>
    expect("detection: {s: {a: 'antivirus_V*.exe'}, condition: s}", {
      yes: [{ a: 'antivirus_V1.exe' }, { a: 'antivirus_V21.2.1.exe' }, { a: 'antivirus_V.exe' }],
      no: [{ a: 'antivirus_V1.exe.bak' }],
    }))
  test('wildcards go across lines', () =>
    expect("detection: {s: {a: 'a*b?c'}, condition: s}", { yes: [{ a: 'a\n\nb\nc' }] }))
  for (const [wildcards, modifier] of [
    ["'*something'", 'endswith'],
    ["'something*'", 'startswith'],
    ["'*something*'", 'contains'],
  ])
    test(`${wildcards} is ${modifier}`, () => {
      const events = ['something', 'xsomething', 'somethingx', 'xsomethingx', 'some thing'].map((a) => ({ a }))
      assert.deepEqual(
        outcomes(ruleOf(`detection: {s: {a: ${wildcards}}, condition: s}`), events),
        outcomes(ruleOf(`detection: {s: {a|${modifier}: something}, condition: s}`), events),
      )
    })
})

describe('Detection: Escape Character', () => {
  const cases: [string, string[], string[]][] = [
    ['C:\\x', ['C:\\x'], ['C:x']],
    ['C:\\\\x', ['C:\\x'], ['C:\\\\x']],
    ['\\*', ['*'], ['\\x', 'x', '\\*']],
    ['\\?', ['?'], ['x', '\\?']],
    ['\\\\*', ['\\', '\\x'], ['*', 'x']],
    ['\\\\?', ['\\x'], ['\\', '?']],
    ['\\\\\\*', ['\\*'], ['\\x', '\\\\x']],
    ['\\\\\\x', ['\\\\x'], ['\\x']],
    ['\\\\\\\\x', ['\\\\x'], ['\\x']],
    ['\\\\\\\\', ['\\\\'], ['\\']],
  ]
  for (const [value, yes, no] of cases)
    test(value, () =>
      expect(`detection: {s: {a: '${value}'}, condition: s}`, {
        yes: yes.map((a) => ({ a })),
        no: no.map((a) => ({ a })),
      }),
    )
})

describe('Detection: Lists', () => {
  test('strings are looked for in the full message, any of them', () =>
    expect(
      "detection:\n    keywords:\n        - 'EVILSERVICE'\n        - 'svchost.exe -n evil'\n    condition: keywords",
      {
        yes: [
          { m: 'the EvilService came' },
          { x: 1, y: 'run svchost.exe -n evil now' },
          { deep: { er: ['evilservice'] } },
        ],
        no: [{ m: 'svchost.exe' }, {}],
      },
    ))
  test('maps are linked by OR', () =>
    expect(
      "detection:\n    selection:\n        - Image|endswith: '\\\\example.exe'\n        - Description|contains: 'Test executable'\n    condition: selection",
      {
        yes: [{ Image: 'C:\\example.exe' }, { Image: 'x', Description: 'a test EXECUTABLE!' }],
        no: [{ Image: 'example.exe' }, { Description: 'Test' }],
      },
    ))
  test('keywords and maps in one list', () =>
    expect('detection: {s: [alpha, {b: beta}], condition: s}', {
      yes: [{ x: 'alphabet' }, { b: 'beta' }],
      no: [{ c: 'beta' }],
    }))
})

describe('Detection: what is no list and no map', () => {
  for (const [detection, why] of [
    ['{s: [], condition: s}', 's is an empty list'],
    ['{s: {}, condition: s}', 's is empty'],
    ['{s: {a: []}, condition: s}', 'a: the list of values is empty'],
    ['{s: {a: [[x]]}, condition: s}', 'a: text, a number, true, false or null was expected'],
    ['{s: {a|contains: {b: x}}, condition: s}', 'a|contains: a mapping where values were expected'],
    ['{s: , condition: s}', 'keywords: null is asked of a field, and keywords have none'],
    ['{condition: s}', 'detection has no search identifier'],
    ['{s: {a: x}, condition: []}', 'the list of conditions is empty'],
    ['{s: {a: x}, condition: [s, 1]}', 'the condition is not text'],
  ])
    test(detection, () => assert.equal(refusal(ruleOf(`detection: ${detection}`)), why))
  test('one value, list or none: a keyword alone, a field without a value, which is null', () => {
    expect('detection: {s: word, condition: s}', { yes: [{ x: 'a word' }], no: [{ x: 'none' }] })
    expect('detection: {s: {a: }, condition: s}', { yes: [{}, { a: null }], no: [{ a: '' }] })
  })
})

describe('Detection: Maps', () => {
  test('elements are joined with AND, lists of values with OR', () =>
    expect(
      'detection:\n    selection:\n        EventLog: Security\n        EventID:\n            - 517\n            - 1102\n    condition: selection',
      {
        yes: [
          { EventLog: 'Security', EventID: 517 },
          { EventLog: 'security', EventID: '1102' },
        ],
        no: [{ EventLog: 'Security', EventID: 4624 }, { EventID: 517 }, { EventLog: 'Security' }],
      },
    ))
  test('hexadecimal values as strings', () =>
    expect(
      "detection:\n    selection:\n          EventLog: Security\n          EventID: 4769\n          TicketOptions: '0x40810000'\n          TicketEncryption: '0x17'\n    condition: selection",
      {
        yes: [{ EventLog: 'Security', EventID: 4769, TicketOptions: '0x40810000', TicketEncryption: '0x17' }],
        no: [{ EventLog: 'Security', EventID: 4769, TicketOptions: '0x40810000', TicketEncryption: '23' }],
      },
    ))
  test('several values of one field in an event: any of them is enough', () =>
    expect('detection: {s: {a: x}, condition: s}', { yes: [{ a: ['y', 'x'] }], no: [{ a: ['y', 'z'] }, { a: [] }] }))
  test('lists within lists are further OR, maps within them AND', () =>
    expect('detection: {s: [[{a: 1, b: 1}, {c: 1}], {d: [1, 2], e: 1}], condition: s}', {
      yes: [{ a: 1, b: 1 }, { c: 1 }, { d: 2, e: 1 }],
      no: [{ a: 1 }, { b: 1 }, { d: 2 }, { e: 1 }],
    }))
  test('names with blanks, dots, slashes and stars stand for themselves', () =>
    expect('detection: {s: {"a b": 1, c.d/e: 1, "f*": 1}, condition: s}', {
      yes: [{ 'a b': 1, 'c.d/e': 1, 'f*': 1 }],
      no: [{ 'a b': 1, 'c.d/e': 1, fx: 1 }],
    }))
  test('a list of objects has the values of each under the names within; its places have no names', () => {
    const events = [{ l: [{ x: 1 }, { x: 2, y: 3 }] }, { l: { x: 2 } }]
    assert.deepEqual(outcomes(ruleOf('detection: {s: {l.x: 2}, condition: s}'), events), [true, true])
    assert.deepEqual(outcomes(ruleOf('detection: {s: {l.1.x: 2}, condition: s}'), events), [false, false])
    assert.deepEqual(outcomes(ruleOf('detection: {s: {l: 2}, condition: s}'), events), [true, false])
    // What is asked of all may come from several of them.
    assert.deepEqual(outcomes(ruleOf('detection: {s: {l.x|contains|all: [1, 2]}, condition: s}'), events), [
      true,
      false,
    ])
  })
  test('nested fields have dotted names, or are nested in the rule', () => {
    const events = { yes: [{ winlog: { id: 1 } }, { 'winlog.id': 1 }], no: [{ id: 1 }] }
    expect('detection: {s: {winlog.id: 1}, condition: s}', events)
    expect('detection: {s: {winlog: {id: 1}}, condition: s}', events)
  })
})

describe('Detection: Special Field Values', () => {
  test("'' is an empty value", () =>
    expect("detection: {s: {a: ''}, condition: s}", { yes: [{ a: '' }], no: [{ a: ' ' }, { a: null }, {}] }))
  test('null is no value', () =>
    expect('detection: {s: {a: null}, condition: s}', { yes: [{ a: null }, {}], no: [{ a: '' }, { a: 'null' }] }))
  test('not null is a selection that is negated', () =>
    expect(
      'detection:\n    selection:\n        EventID: 4738\n    filter:\n        PasswordLastSet: null\n    condition: selection and not filter',
      {
        yes: [{ EventID: 4738, PasswordLastSet: 'today' }],
        no: [{ EventID: 4738 }, { EventID: 4738, PasswordLastSet: null }, { PasswordLastSet: 'today' }],
      },
    ))
  test('empty or null, each with a selection of its own', () =>
    expect(
      "detection:\n    selection_main:\n        FieldA: 'something'\n    selection_empty1:\n        FieldB: ''\n    selection_empty2:\n        FieldB: null\n    condition: selection_main and 1 of selection_empty*",
      {
        yes: [{ FieldA: 'something' }, { FieldA: 'something', FieldB: '' }],
        no: [{ FieldA: 'something', FieldB: 'x' }, { FieldB: '' }],
      },
    ))
  test('the invalid example, null in a list, is told of, and runs as what it was to mean', () => {
    const detection =
      "detection:\n    selection_main:\n        FieldA: 'something'\n        FieldB:\n            - ''\n            - null\n    condition: selection_main"
    const { diagnostics } = checkRules([{ file: 'example.yml', text: ruleOf(detection) }])
    assert.deepEqual(
      diagnostics.filter(({ code }) => code === 'null-in-list').map(({ severity, line }) => `${severity} ${line}`),
      ['warning 8'],
    )
    expect(detection, {
      yes: [{ FieldA: 'something' }, { FieldA: 'something', FieldB: '' }],
      no: [{ FieldA: 'something', FieldB: 'x' }],
    })
  })
})

test('Detection: Field Existence', () =>
  expect(
    'detection:\n    selection:\n        EventID: 4738\n        PasswordLastSet|exists: true\n    condition: selection',
    {
      yes: [
        { EventID: 4738, PasswordLastSet: '' },
        { EventID: 4738, PasswordLastSet: null },
      ],
      no: [{ EventID: 4738 }],
    },
  ))

test('Detection: Field Usage: names are compared with case, and attributes of the header are joined with _', () => {
  expect('detection: {s: {Provider_Name: Service Control Manager}, condition: s}', {
    yes: [{ Provider_Name: 'Service Control Manager' }],
    no: [{ provider_name: 'Service Control Manager' }],
  })
})

test('Detection: Field Usage: a mapping of the taxonomy’s names to those of built-in Windows events', () => {
  const pipeline = parsePipeline(
    `name: built-in
transformations:
  - type: field_name_mapping
    mapping: {Image: NewProcessName, ParentImage: ParentProcessName, Details: NewValue, ParentCommandLine: ProcessCommandLine, LogonId: SubjectLogonId}
`,
    'pipeline.yml',
  )
  const rules = read(
    ruleOf('detection: {s: {Image: a, ParentImage: b, Details: c, ParentCommandLine: d, LogonId: e}, condition: s}'),
  )
  const { rules: mapped } = applyPipelines(rules as DetectionRule[], [], [pipeline])
  const fields = [...mapped[0].detections.values()].flatMap((one) =>
    one.kind === 'item' ? [] : one.parts.map((part) => (part.kind === 'item' ? part.item.field : undefined)),
  )
  assert.deepEqual(fields, ['NewProcessName', 'ParentProcessName', 'NewValue', 'ProcessCommandLine', 'SubjectLogonId'])
})

describe('Detection: Placeholders', () => {
  const placeholders = new Map([
    ['Servers', ['srv*', 'dc1']],
    ['name', ['x']],
  ])
  const run = (value: string, modifiers: string, events: string[]) =>
    outcomes(
      ruleOf(`detection: {s: {a${modifiers}: '${value}'}, condition: s}`),
      events.map((a) => ({ a })),
      { placeholders },
    )
  test('without expand % is plain', () => assert.deepEqual(run('%name%', '', ['%name%', 'x']), [true, false]))
  test('expand puts in any of the values, wildcards and all', () =>
    assert.deepEqual(run('%Servers%', '|expand', ['srv01', 'DC1', '%Servers%', 'dc']), [true, true, false, false]))
  test('within text, and several', () =>
    assert.deepEqual(run('a-%name%-%Servers%', '|expand', ['a-x-srv9', 'a-x-dc1', 'a-x']), [true, true, false]))
  test('\\% is a plain percent', () =>
    assert.deepEqual(run('\\%plain%name%', '|expand', ['%plainx', '\\%plainx', 'plainx']), [true, false, false]))
  test('a placeholder that has no values rejects the rule', () =>
    assert.match(
      refusal(ruleOf("detection: {s: {a|expand: '%other%'}, condition: s}"), placeholders)!,
      /%other% has no values/,
    ))
})

describe('Detection: Keywords search', () => {
  test('any', () =>
    expect(
      "detection:\n    mimikatz_keywords:\n        - 'event::clear'\n        - 'event::drop'\n    condition: mimikatz_keywords",
      {
        yes: [{ m: 'run event::CLEAR now' }, { n: 'event::drop' }],
        no: [{ m: 'event' }],
      },
    ))
  test("'|all'", () =>
    expect(
      "detection:\n    keywords_cmdlet:\n        '|all':\n            - 'OabVirtualDirectory'\n            - ' -ExternalUrl '\n    condition: keywords_cmdlet",
      {
        yes: [{ m: 'Set-OabVirtualDirectory -ExternalUrl x' }, { m: 'OabVirtualDirectory', n: 'x -ExternalUrl y' }],
        no: [{ m: 'OabVirtualDirectory' }],
      },
    ))
})

describe('Condition', () => {
  const S = 'keywords1: {a: 1}, keywords2: {b: 1}, filters: {c: 1}'
  const [A, B, C, AB, AC, NONE] = [{ a: 1 }, { b: 1 }, { c: 1 }, { a: 1, b: 1 }, { a: 1, c: 1 }, { x: 1 }]
  const of = (condition: string, yes: object[], no: object[]) =>
    test(condition, () =>
      expect(`detection: {${S}, condition: '${condition}'}`, { yes: yes as never, no: no as never }),
    )
  of('keywords1 or keywords2', [A, B, AB], [C, NONE])
  of('keywords1 and keywords2', [AB], [A, B])
  of('1 of them', [A, B, C], [NONE])
  of('any of them', [A, B, C], [NONE])
  of('all of them', [{ a: 1, b: 1, c: 1 }], [AB, NONE])
  of('all of keywords*', [AB], [A, B])
  of('1 of keywords*', [A, B], [C])
  of('1 of key*1', [A], [B])
  of('2 of them', [AB, AC], [A, B])
  of('1 of keywords* and not 1 of filter*', [A, AB], [AC, C])
  test('the examples: all of selection*; 1 of selection* and keywords; 1 of selection* and not 1 of filter*', () => {
    const run = (condition: string) =>
      outcomes(
        ruleOf(
          `detection: {selection1: {a: 1}, selection2: {b: 1}, keywords: [word], filter1: {c: 1}, filter2: {d: 1}, condition: '${condition}'}`,
        ),
        [{ a: 1 }, { a: 1, b: 1 }, { a: 1, x: 'a word' }, { x: 'a word' }, { b: 1, d: 1 }],
      )
    assert.deepEqual(run('all of selection*'), [false, true, false, false, false])
    assert.deepEqual(run('1 of selection* and keywords'), [false, false, true, false, false])
    assert.deepEqual(run('1 of selection* and not 1 of filter*'), [true, true, true, false, false])
    assert.deepEqual(run('keywords and not filter1'), [false, false, true, true, false])
    assert.deepEqual(run('selection1 and (keywords or selection2)'), [false, true, true, false, false])
  })
  of('keywords1 and not filters', [A], [AC, C])
  of('keywords1 and (keywords2 or filters)', [AB, AC], [A, B])
  of('keywords1 or keywords2 and filters', [A], [B, C])
  of('not keywords1 and keywords2', [B], [AB, NONE])
  of('not (keywords1 and keywords2)', [A, B, NONE], [AB])
  of('keywords1 AND NOT filters', [A], [AC])
  test('identifiers that begin with _ are not among them', () =>
    expect('detection: {s: {a: 1}, _example: {b: 1}, condition: 1 of them}', { yes: [A], no: [B] }))
  test('nor of those that a pattern means, unless it begins with one itself', () => {
    const run = (condition: string) =>
      outcomes(ruleOf(`detection: {s: {a: 1}, _example: {b: 1}, condition: '${condition}'}`), [A, B, AB])
    assert.deepEqual(run('1 of *'), [true, false, true])
    assert.deepEqual(run('all of *'), [true, false, true])
    assert.deepEqual(run('not 1 of *'), [false, true, false])
    assert.deepEqual(run('1 of _*'), [false, true, true])
    assert.match(refusal(ruleOf('detection: {_s: {a: 1}, condition: 1 of them}'))!, /no search identifier fits "them"/)
  })
  of('not 1 of keywords*', [C, NONE], [A, B, AB])
  of('not all of keywords*', [A, B, NONE], [AB])
  of('not not keywords1', [A], [B, NONE])
  of('not keywords1 or keywords2', [B, AB, NONE], [A])
  of('keywords1 or not keywords2 and not filters', [A, AB, AC, NONE], [B, C])
  of('1 of keywords* or filters and not keywords1', [A, B, C, AC], [NONE])
  of('not 1 of keywords* and filters', [C], [AC, NONE])
  of('(((keywords1)))', [A], [B])
  of('1 of *words1', [A], [B])
  of('1 of k*w*s2', [B], [A])
  of('1 of keywords1', [A], [B])
  test('"of" over lists and maps: each identifier by its own default', () =>
    expect('detection: {s1: [{a: 1}, {b: 1}], s2: {c: 1, d: 1}, condition: all of s*}', {
      yes: [
        { a: 1, c: 1, d: 1 },
        { b: 1, c: 1, d: 1 },
      ],
      no: [
        { a: 1, c: 1 },
        { c: 1, d: 1 },
      ],
    }))
  test('names of identifiers are compared with case, and ? is no wildcard there', () => {
    assert.match(refusal(ruleOf('detection: {s: {a: 1}, condition: S}'))!, /names "S"/)
    assert.match(refusal(ruleOf('detection: {sel: {a: 1}, condition: 1 of s?l*}'))!, /no search identifier fits/)
  })
  test('several conditions, each with its own negation and patterns', () =>
    expect('detection: {s1: {a: 1}, s2: {b: 1}, f: {c: 1}, condition: [all of s*, s1 and not f]}', {
      yes: [AB, A, { a: 1, b: 1, c: 1 }],
      no: [AC, B],
    }))
  test('but they have a name', () =>
    expect('detection: {s: {a: 1}, _example: {b: 1}, condition: s and _example}', { yes: [AB], no: [A] }))
  test('names with hyphens, digits and dots', () =>
    expect('detection: {s-1.x: {a: 1}, condition: s-1.x}', { yes: [A], no: [B] }))
  test('several conditions are linked with OR', () =>
    expect('detection: {s: {a: 1}, t: {b: 1}, condition: [s, t]}', { yes: [A, B], no: [C] }))
  test('it is mandatory', () => assert.equal(refusal(ruleOf('detection: {s: {a: 1}}')), 'the condition is missing'))
  test('what it names must be there', () => {
    assert.match(refusal(ruleOf('detection: {s: {a: 1}, condition: other}'))!, /names "other"/)
    assert.match(
      refusal(ruleOf('detection: {s: {a: 1}, condition: 1 of other*}'))!,
      /no search identifier fits "other\*"/,
    )
  })
})
