// Sigma modifiers 2.1.0, each by itself, with others, and where it can't be used.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { expect, refusal, ruleOf } from './specification.ts'

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
  item('a|neq', 'bob', ['eve', ''], ['bob', 'BOB'])
  item('a|neq', '[bob, eve]', ['ann'], ['bob', 'eve'])
  item('a|contains|neq', 'ob', ['eve'], ['bob'])
  test('exists looks at the field, not its value', () => {
    expect('detection: {s: {a|exists: true}, condition: s}', { yes: [{ a: '' }, { a: null }, { a: 0 }], no: [{}] })
    expect('detection: {s: {a|exists: false}, condition: s}', { yes: [{}], no: [{ a: '' }, { a: null }] })
  })
  refused('a|exists', 'maybe', /true or false/)
  refused('a|nosuch', 'x', /no modifier "nosuch"/)
})

describe('String Modifiers: windash', () => {
  item('a|windash', "'-c'", ['-c', '/c', '–c', '—c', '―c'], ['c', '+c'])
  item('a|windash|contains', "' -p -v'", ['x -p -v', 'x /p -v', 'x –p ―v', 'x -p /v'], ['x p v'])
  item('a|contains|windash', "' /i '", ['x -i y', 'x /i y', 'x —i y'], ['x i y'])
  item('a|windash', "'-param-name'", ['/param-name', '–param-name'], ['-param/name'])
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
  refused('a|base64', "'a*b'", /wildcards can't be encoded/)
})

describe('Numeric Modifiers', () => {
  item('a|lt', '15', [14, '14', -1, 14.9], [15, 16, 'x', ''])
  item('a|lte', '15', [15, '15.0'], [15.1])
  item('a|gt', '15', [16, '0x10'], [15, null])
  item('a|gte', '15', [15, 1e3], [14.999])
  item('a|gt', "'15'", [16], [15])
  item('a|neq', '15', [14, 16], [15, '15'])
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
  pair('a|cased|fieldref', [['x', 'x']], [['x', 'X']])
  test('a|fieldref|neq', () =>
    expect('detection: {s: {a|fieldref|neq: b}, condition: s}', {
      yes: [{ a: 'x', b: 'y' }],
      no: [{ a: 'x', b: 'X' }],
    }))
})
