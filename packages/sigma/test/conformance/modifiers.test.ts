// Sigma modifiers 2.1.0, each by itself, with others, and where it can't be used.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { expect, outcomes, refusal, ruleOf } from './specification.ts'

/** Values of field `a` that the item matches, and those that it does not. */
const item = (key: string, value: string, yes: readonly unknown[], no: readonly unknown[]) =>
  test(`${key}: ${value}`, () =>
    expect(`detection:\n  s:\n    ${key}: ${value}\n  condition: s`, {
      yes: yes.map((a) => ({ a })),
      no: no.map((a) => ({ a })),
    }))
const refused = (key: string, value: string, why: RegExp) =>
  test(`${key}: ${value} is refused`, () =>
    assert.match(refusal(ruleOf(`detection: {s: {${key}: ${value}}, condition: s}`)) ?? '', why))

describe('Generic Modifiers', () => {
  item('a|contains|all', '[foo, bar]', ['xbarfoox'], ['foo', 'bar'])
  item('a|startswith', 'adm', ['Administrator', 'adm'], ['xadm', 'ad'])
  item('a|endswith', "'\\cmd.exe'", ['C:\\CMD.EXE', '\\cmd.exe'], ['cmd.exe', '\\cmd.exe2'])
  item('a|contains', "'mid'", ['mid', 'amidst', 'AMID'], ['md'])
  item('a|contains', "'a*b?c'", ['xaxxbxcx', 'abxc'], ['abc'])
  item('a|startswith', "'*x'", ['x', 'yxz'], ['y'])
  item('a|contains', '12', [12, '512x'], [1])
  item('a|cased', 'Cmd', ['Cmd'], ['cmd', 'CMD'])
  item('a|contains|cased', 'Cmd', ['xCmdx'], ['xcmdx'])
  item('a|cased|endswith', 'Cmd', ['xCmd'], ['xcmd', 'Cmdx'])
  // "This modifier changes this to AND": whatever stands before it, and in whatever letters it is written.
  item('a|all|contains', '[foo, bar]', ['xbarfoox'], ['foo', 'bar'])
  item('a|contains|ALL', '[foo, bar]', ['xbarfoox'], ['foo', 'bar'])
  item('a|Contains', 'foo', ['xfoox'], ['fo'])
  item('a|all', '[foo, FOO]', ['Foo'], ['foobar'])
  item('a|re|all', "['^f', 'o$']", ['foo'], ['fob', 'boo'])
  item('a|all|startswith', '[f, fo]', ['foo'], ['f'])
  // Wildcards at an end and the modifier that puts them there are one.
  item('a|contains', "'*foo*'", ['xfoox', 'foo'], ['fo'])
  item('a|startswith|endswith', 'foo', ['xfoox'], ['fo'])
  item('a|contains|startswith', 'foo', ['xfoox'], ['fo'])
  item('a|contains', "''", ['', 'x', 0], [null])
  item('a|startswith', "''", ['', 'x'], [null])
  item('a|contains', 'true', [true, 'untrue', 'TRUE'], [false, 1])
  item('a|endswith', '5', [15, '1.5'], [51])
  item('a|neq', 'bob', ['eve', ''], ['bob', 'BOB'])
  item('a|neq|contains', 'ob', ['eve'], ['bob'])
  item('a|neq|cased', 'Bob', ['bob'], ['Bob'])
  item('a|re|neq', "'^b'", ['eve'], ['bob'])
  item('a|neq|all|contains', '[b, o]', ['at', 'eve'], ['bob'])
  item('a|neq', 'true', ['false', 1], [true, 'TRUE'])
  test('neq: a field that is not there is different, too, as in pySigma, where it is a NOT', () =>
    expect('detection: {s: {a|neq: x}, condition: s}', { yes: [{}, { a: null }, { b: 'x' }], no: [{ a: 'x' }] }))
  test('neq: of several values none may be equal', () =>
    expect('detection: {s: {a|neq: x}, condition: s}', { yes: [{ a: ['y', 'z'] }], no: [{ a: ['y', 'x'] }] }))
  item('a|neq', '[bob, eve]', ['ann'], ['bob', 'eve'])
  item('a|contains|neq', 'ob', ['eve'], ['bob'])
  test('exists looks at the field, not its value', () => {
    expect('detection: {s: {a|exists: true}, condition: s}', { yes: [{ a: '' }, { a: null }, { a: 0 }], no: [{}] })
    expect('detection: {s: {a|exists: false}, condition: s}', { yes: [{}], no: [{ a: '' }, { a: null }] })
  })
  for (const [word, yes] of [
    ['yes', true],
    ['no', false],
    ['On', true],
    ['off', false],
    ["'true'", true],
    ['FALSE', false],
  ] as const)
    test(`exists: ${word}, as YAML 1.1 has it`, () =>
      expect(`detection: {s: {a|exists: ${word}}, condition: s}`, {
        [yes ? 'yes' : 'no']: [{ a: 1 }],
        [yes ? 'no' : 'yes']: [{}],
      }))
  refused('a|exists', 'maybe', /true or false/)
  refused('a|exists', '1', /exists takes true or false/)
  refused('a|exists', 'null', /asked of a value, and there is none/)
  refused('a|contains', 'null', /asked of a value, and there is none/)
  refused('a|contains', '[x, null]', /asked of a value, and there is none/)
  refused('a|nosuch', 'x', /no modifier "nosuch"/)
})

describe('String Modifiers: windash', () => {
  item('a|windash', "'-c'", ['-c', '/c', '–c', '—c', '―c'], ['c', '+c'])
  item('a|windash|contains', "' -p -v'", ['x -p -v', 'x /p -v', 'x –p ―v', 'x -p /v'], ['x p v'])
  item('a|contains|windash', "' /i '", ['x -i y', 'x /i y', 'x —i y'], ['x i y'])
  item('a|windash', "'-param-name'", ['/param-name', '–param-name'], ['-param/name'])
  // The dashes of the value itself, whichever it is, are taken for one another (pySigma replaces - and / alone).
  for (const dash of ['-', '/', '–', '—', '―'])
    item('a|windash', `'${dash}c'`, ['-c', '/c', '–c', '—c', '―c'], ['c', '~c'])
  // "All possible permutations", of dashes that begin a parameter: elsewhere they stay, as in pySigma.
  item('a|windash', "'-a /b –c'", ['/a -b —c', '-a /b –c', '—a –b /c'], ['-a /b c', '-a-/b –c'])
  item('a|windash', "'x-y'", ['x-y'], ['x/y'])
  item('a|windash', "'- c'", ['- c'], ['/ c'])
  item('a|windash', "'--opt'", ['--opt', '-/opt'], ['//opt'])
  item('a|contains|all|windash', "[' -a', ' -b']", ['x /b –a'], ['x /b a'])
  item('a|windash|cased', "'-C'", ['/C'], ['/c'])
  item('a|windash|startswith', "'-c'", ['/cx'], ['x/c'])
  item('a|windash|neq', "'-c'", ['c'], ['/c', '—c'])
  item('a|windash|base64', "'-c'", ['LWM=', 'L2M='], ['-c'])
})

describe('Regular Expression', () => {
  item('a|re', "'f.o'", ['foo', 'xfaox'], ['fo', 'FOO'])
  item('a|re', "'^f+o*a?$'", ['ffa', 'fo'], ['xfoa', 'fab'])
  item('a|re', "'^[a-c][^a-c]{2,3}$'", ['axy', 'bxyz'], ['dxy', 'axyzz', 'aabc'])
  item('a|re', "'^(foo|bar)$'", ['foo', 'bar'], ['foobar'])
  item('a|re', "'\\\\cmd\\.exe$'", ['C:\\cmd.exe'], ['cmdxexe'])
  item('a|re', "['^a$', '^b$']", ['a', 'b'], ['c'])
  item('a|re|i', "'foo'", ['FOO'], ['bar'])
  item('a|re|m', "'^b$'", ['a\nb\nc'], ['abc'])
  item('a|re', "'^b$'", ['b'], ['a\nb\nc'])
  item('a|re|s', "'a.c'", ['a\nc'], [])
  item('a|re', "'a.c'", [], ['a\nc'])
  item('a|re|i|m|s', "'^B.C'", ['a\nb\nc'], ['abc'])
  item('a|re', '4', [4, 14], [5])
  item('a|re|contains', "'b+'", ['abbc'], ['ac'])
  item('a|re|startswith', "'b|c'", ['bx', 'cx'], ['xb'])
  item('a|re|endswith|i', "'b|c'", ['xB'], ['bx'])
  item('a|cased|re', "'foo'", ['foo'], ['FOO'])
  item('a|cased|re|i', "'foo'", ['FOO'], ['bar'])
  item('a|re|m|s|i', "'^B.C'", ['a\nb\nc'], ['abc'])
  item('a|re', "''", ['', 'x'], [null])
  item('a|re', "'^foo$'", ['foo', 'foo\n'], ['xfoo', 'foox'])
  item('a|re|contains', "'^foo$'", ['foo'], ['xfoo'])
  item('a|re', "'\\*\\?'", ['*?'], ['**'])
  item('a|re|startswith|endswith', "'f|b'", ['f', 'b'], ['fb'])
  refused('a|re|cased', "'foo'", /cased takes .* not a regular expression/)
  refused('a|i', "'foo'", /i takes a regular expression, not text/)
  refused('a|i|re', "'foo'", /i takes a regular expression/)
  refused('a|contains|re', "'foo'", /re takes a value that no other modifier changed/)
  refused('a|re', 'null', /asked of a value, and there is none/)
  refused('a|re', "'(a'", /re/)
  refused('a|contains|re|i|nosuch', "'a'", /nosuch/)
})

describe('Encoding', () => {
  item('a|base64', "'http://'", ['aHR0cDovLw=='], ['x aHR0cDovLw==', 'http://'])
  item('a|base64|contains', "'IEX'", ['x SUVY y'], ['IEX'])
  // "foo" behind none, one, and two bytes: Zm9v, xmb28=, xxZvbw== without what the neighbours decide.
  item(
    'a|base64offset|contains',
    'foobar',
    ['eGZvb2Jhcg== Zm9vYmFy', Buffer.from('xfoobar').toString('base64'), Buffer.from('xyfoobarz').toString('base64')],
    ['foobar', Buffer.from('fooba').toString('base64')],
  )
  item(
    'a|utf16le|base64offset|contains',
    'Invoke',
    [Buffer.from('x Invoke-', 'utf16le').toString('base64')],
    [Buffer.from('Invoke').toString('base64')],
  )
  item('a|wide|base64offset|contains', 'Invoke', [Buffer.from('Invoke', 'utf16le').toString('base64')], ['Invoke'])
  item('a|utf16be|base64', 'cmd', ['AGMAbQBk'], ['YwBtAGQA'])
  item('a|utf16|base64', 'cmd', ['//5jAG0AZAA='], ['YwBtAGQA'])
  item('a|utf16le', 'cmd', ['c\u0000m\u0000d\u0000'], ['cmd'])
  item('a|wide', 'cmd', ['c\u0000m\u0000d\u0000'], ['cmd'])
  item('a|utf16be', 'cmd', ['\u0000c\u0000m\u0000d'], ['cmd'])
  item(
    'a|base64offset|contains|all',
    '[foobar, bazqux]',
    [Buffer.from('xfoobar bazqux').toString('base64')],
    [Buffer.from('xfoobar').toString('base64')],
  )
  // Encoded in UTF-16LE and put into Base64 behind none, one and two bytes.
  item(
    'a|wide|base64offset|contains',
    'foo',
    ['', 'x', 'xy'].map((before) =>
      Buffer.concat([Buffer.from(before), Buffer.from('foo', 'utf16le'), Buffer.from('z')]).toString('base64'),
    ),
    [Buffer.from('foo').toString('base64')],
  )
  item(
    'a|utf16|base64offset|contains',
    'foo',
    ['', 'x', 'xy'].map((before) =>
      Buffer.concat([Buffer.from(before), Buffer.from('\ufefffoo', 'utf16le'), Buffer.from('z')]).toString('base64'),
    ),
    [Buffer.from('foo', 'utf16le').toString('base64')],
  )
  item('a|utf16be|base64offset|contains', 'cmd', ['xAGMAbQBk', 'AGMAbQBk'], ['YwBtAGQA'])
  item('a|base64|base64', 'foo', ['Wm05dg=='], ['Zm9v'])
  item('a|base64', "'é'", ['w6k='], ['é'])
  item('a|wide|base64', "'é'", ['6QA='], ['w6k='])
  item('a|base64|startswith', 'foo', ['Zm9vIGJhcg=='], ['xZm9v'])
  item('a|base64offset', 'foo', ['Zm9v', 'Zvb', 'mb2'], ['xZm9v'])
  item('a|base64', "'a\\*b'", ['YSpi'], ['YVwqYg=='])
  refused('a|base64offset', 'f', /two bytes at least/)
  refused('a|base64|wide|re', 'f', /re takes a value that no other modifier changed/)
  refused('a|base64', "'a*b'", /wildcards can't be encoded/)
})

describe('Numeric Modifiers', () => {
  item('a|lt', '15', [14, '14', -1, 14.9], [15, 16, 'x', ''])
  item('a|lte', '15', [15, '15.0'], [15.1])
  item('a|gt', '15', [16, '0x10'], [15, null])
  item('a|gte', '15', [15, 1e3], [14.999])
  item('a|gt', "'15'", [16], [15])
  item('a|neq', '15', [14, 16], [15, '15'])
  item('a|neq', '[15, 16]', [14], [15, '16'])
  item('a|lt|neq', '15', [15, 'x'], [14])
  item('a|neq|gte', '15', [14, 'x'], [15])
  item('a|gt', '[15, 10]', [11], [10])
  item('a|gt|all', '[15, 10]', [16], [11])
  item('a|gt', '-1.5', [-1, 0], [-2])
  item('a|lte', '0x10', [16, '16'], [17])
  refused('a|contains|lt', '5', /lt takes a value that no other modifier changed/)
  refused('a|gt|lt', '5', /lt takes .* not a comparison of numbers/)
  refused('a|gt', 'true', /gt takes .* not true or false/)
  refused('a|lt', 'many', /no number/)
  refused('a|lt|contains', '5', /contains takes .* not a comparison of numbers/)
})

describe('Time Modifiers', () => {
  const TIME = '2025-03-09T22:07:05Z'
  item('a|minute', '7', [TIME], ['2025-03-09T22:08:05Z', 'never'])
  item('a|hour', '22', [TIME], ['2025-03-09T21:07:05Z'])
  item('a|day', '9', [TIME], ['2025-03-10T22:07:05Z'])
  item('a|week', '10', [TIME], ['2025-03-10T22:07:05Z'])
  item('a|month', '3', [TIME], ['2025-04-09T22:07:05Z'])
  item('a|year', '2025', [TIME], ['2024-03-09T22:07:05Z'])
  // Between 1 and 52 as the specification has it; the days at the ends of a year are of the week of ISO 8601 in which they lie.
  item('a|week', '53', ['2020-12-31T12:00:00Z', '2021-01-03'], ['2021-01-04'])
  item('a|week', '1', ['2024-12-30', '2025-01-01'], ['2024-12-29'])
  item('a|minute', '[0, 59]', ['2025-03-09T22:00:00Z', '2025-03-09T22:59:59Z'], [TIME])
  item('a|gte|hour', '22', [TIME], ['2025-03-09T21:59:59Z'])
  item('a|month|lt', '4', [TIME], ['2025-04-01T00:00:00Z'])
  item('a|year|neq', '2024', [TIME], ['2024-03-09T22:07:05Z'])
  item('a|year|gt', '2024', [TIME], ['2024-12-31'])
  item('a|day', '9', ['2025-03-09', '2025-03-09 22:07', 1741558025], ['09.03.2025', '', 9])
  item('a|hour', '20', ['2025-03-09T22:07:05+02:00'], [TIME])
  refused('a|hour', 'noon', /no number/)
  refused('a|hour|day', '5', /day takes .* not a part of a time/)
  item('a|hour|gte', '22', [TIME, '2025-03-09T23:00:00Z'], ['2025-03-09T21:59:59Z'])
  item('a|hour', '[22, 23]', [TIME, '2025-03-09T23:00:00Z'], ['2025-03-09T21:59:59Z'])
})

describe('IP Modifiers', () => {
  item('a|cidr', '10.0.0.0/8', ['10.1.2.3', '::ffff:10.0.0.1'], ['11.0.0.1', '10.0.0', '', 'x'])
  item('a|cidr', '192.168.1.7', ['192.168.1.7'], ['192.168.1.8'])
  item('a|cidr', '10.128.0.0/9', ['10.200.0.1'], ['10.1.0.1'])
  item('a|cidr', "'fe80::/10'", ['fe80::1', 'FEBF::1'], ['fec0::1', '10.0.0.1'])
  item('a|cidr', "['10.0.0.0/8', 'fc00::/7']", ['10.0.0.1', 'fd00::1'], ['8.8.8.8'])
  item('a|cidr', "'::/0'", ['::1'], ['1.2.3.4'])
  item('a|cidr|neq', '10.0.0.0/8', ['8.8.8.8'], ['10.0.0.1'])
  item('a|neq|cidr', "['10.0.0.0/8', '::1']", ['8.8.8.8', 'x'], ['10.0.0.1', '0:0:0:0:0:0:0:1'])
  item('a|cidr|all', "['10.0.0.0/8', '10.1.0.0/16']", ['10.1.0.1'], ['10.2.0.1'])
  item('a|cidr', "'2001:db8::/32'", ['2001:DB8:0:0::5', '2001:0db8:ffff::'], ['2001:db9::'])
  item('a|cidr', "'::1/128'", ['::1', '0:0:0:0:0:0:0:1'], ['::2'])
  item('a|cidr', "'::ffff:10.0.0.0/104'", ['10.1.2.3', '::ffff:10.1.2.3'], ['11.0.0.1', '::1'])
  item('a|cidr', "'10.1.2.3/8'", ['10.9.9.9'], ['11.1.2.3'])
  item('a|cidr', "'0.0.0.0/0'", ['1.2.3.4'], ['::1', ''])
  item('a|cidr', "'fe80::/10'", ['fe80::1%eth0'], ['fe80::1/64'])
  refused('a|cidr', "'fe80::/129'", /no network/)
  refused('a|cidr', "'10.0.0.*'", /no network/)
  refused('a|cidr', '10', /cidr takes text, not a number/)
  refused('a|cidr|contains', "'10.0.0.0/8'", /contains takes .* not a network/)
  refused('a|cidr', "'10.0.0.0/33'", /no network/)
  refused('a|cidr', 'home', /no network/)
})

describe('Specific Modifiers: fieldref', () => {
  const pair = (key: string, yes: [unknown, unknown][], no: [unknown, unknown][]) =>
    test(key, () =>
      expect(`detection: {s: {${key}: b}, condition: s}`, {
        yes: yes.map(([a, b]) => ({ a, b })),
        no: [...no.map(([a, b]) => ({ a, b })), { a: 'x' }],
      }),
    )
  pair(
    'a|fieldref',
    [
      ['x', 'X'],
      [1, '1'],
    ],
    [['x', 'y']],
  )
  pair('a|fieldref|startswith', [['xyz', 'xy']], [['xyz', 'yz']])
  pair('a|fieldref|endswith', [['xyz', 'YZ']], [['xyz', 'xy']])
  pair('a|fieldref|contains', [['xyz', 'y']], [['xyz', 'q']])
  pair('a|contains|fieldref', [['xyz', 'y']], [['xyz', 'q']])
  pair('a|startswith|fieldref', [['xyz', 'xy']], [['xyz', 'yz']])
  pair('a|endswith|fieldref', [['xyz', 'YZ']], [['xyz', 'xy']])
  pair('a|cased|fieldref', [['x', 'x']], [['x', 'X']])
  pair('a|fieldref|cased|endswith', [['xyz', 'yz']], [['xyz', 'YZ']])
  pair(
    'a|fieldref',
    [
      [['p', 'q'], 'Q'],
      ['q', ['p', 'q']],
    ],
    [
      [null, null],
      ['', null],
      [['p'], ['q']],
    ],
  )
  test('a|fieldref|all: every one of the fields', () =>
    expect('detection: {s: {a|fieldref|all: [b, c.d]}, condition: s}', {
      yes: [{ a: 'x', b: 'x', c: { d: 'X' } }],
      no: [{ a: 'x', b: 'x' }],
    }))
  refused('a|fieldref', "'b*'", /without wildcards/)
  refused('a|fieldref', "''", /takes the name of a field/)
  refused('a|fieldref', '1', /fieldref takes text, not a number/)
  test('a|fieldref|neq', () =>
    expect('detection: {s: {a|fieldref|neq: b}, condition: s}', {
      yes: [{ a: 'x', b: 'y' }],
      no: [{ a: 'x', b: 'X' }],
    }))
})

describe('Specific Modifiers: expand', () => {
  const placeholders = new Map([
    ['a', ['x*', 'y']],
    ['b', ['1', '2']],
    ['user list', ['bob']],
  ])
  const expands = (key: string, value: string, yes: readonly string[], no: readonly string[]) =>
    test(`${key}: ${value}`, () => {
      const events = [...yes, ...no].map((a) => ({ a }))
      const got = outcomes(ruleOf(`detection: {s: {${key}: ${value}}, condition: s}`), events, { placeholders })
      assert.deepEqual(
        got,
        events.map((_, at) => at < yes.length),
      )
    })
  expands('a|expand', "'%a%-%b%'", ['xx-1', 'x-2', 'Y-1'], ['y-3', 'z-1'])
  expands('a|expand', "'%a%%b%'", ['x?1', 'y2'], ['y', '%a%1'])
  expands('a|expand', "'%user list%'", ['BOB'], ['user list'])
  expands('a|expand', "['%b%', plain]", ['1', '2', 'plain'], ['%b%'])
  expands('a|expand|contains', "'%b%'", ['x1x'], ['x3x'])
  expands('a|contains|expand', "'%b%'", ['x1x'], ['x3x'])
  expands('a|expand|cased', "'%a%'", ['x'], ['X', 'Y'])
  expands('a|expand|all|contains', "['%a%', '%b%']", ['x1'], ['x', '1'])
  expands('a|expand|neq', "'%b%'", ['3'], ['1', '2'])
  expands('a|expand|base64', "'%b%'", ['MQ==', 'Mg=='], ['1'])
  expands('a|re|expand', "'^%b%+$'", ['11', '2'], ['12', '%b%'])
  expands('a|expand|windash', "'-%b%'", ['-1'], ['x1'])
  expands('a|expand', '5', ['5'], ['%5%'])
  expands('a|expand', "'100%'", ['100%'], ['100'])
})

describe('Keywords with modifiers: they are asked of every value', () => {
  const keywords = (list: string, yes: readonly unknown[], no: readonly unknown[]) =>
    test(list, () => {
      const events = { yes: yes.map((x) => ({ n: 'none', x })), no: no.map((x) => ({ n: 'none', x })) }
      expect(`detection: {s: ${list}, condition: s}`, events)
    })
  keywords("{'|contains': foo}", ['xFOOx', 'foo'], ['fo'])
  keywords("{'|all': [foo]}", ['xfoox'], ['fo'])
  keywords("{'|contains|all': [foo, bar]}", ['barfoo', ['foo', 'bar'], { y: 'foo', z: 'bar' }], ['foo'])
  keywords("{'|startswith': foo}", ['FOObar', 'foo', ['x', 'foo']], ['xfoo'])
  keywords("{'|endswith': foo}", ['barFoo', 'foo'], ['foox'])
  keywords("{'|endswith|cased': foo}", ['barfoo'], ['barFoo'])
  keywords("{'|cased': Foo}", ['xFoox'], ['xfoox'])
  keywords("{'|re': '^f.o$'}", ['foo'], ['xfoo', 'FOO'])
  keywords("{'|re|i': '^f.o$'}", ['FOO'], ['xfoo'])
  keywords("{'|cidr': 10.0.0.0/8}", ['10.1.2.3'], ['11.1.2.3', 'at 10.1.2.3'])
  keywords("{'|windash': ' -c'}", ['run /c', 'run —c'], ['run c'])
  keywords("{'|base64offset|contains': foobar}", [Buffer.from('xfoobarx').toString('base64')], ['foobar'])
  keywords("{'|neq': foo}", ['bar'], ['xfoox'])
  keywords("[{'|all': [foo, bar]}, {x|startswith: z}, baz]", ['bar foo', 'zoo', 'abaz'], ['foo'])
  keywords('[1, true]', [1, '010', true, 'untrue'], [2, false])
  keywords("['f?o*r', '\\*']", ['xfoo\nbarx', 'a*'], ['foo', 'a'])
  for (const [list, why] of [
    ["{'|exists': true}", /asked of a field/],
    ["{'|fieldref': b}", /asked of a field/],
    ['[null]', /asked of a field/],
    ["{'|gt': many}", /no number/],
  ] as const)
    test(`${list} is refused`, () => assert.match(refusal(ruleOf(`detection: {s: ${list}, condition: s}`)) ?? '', why))
})
