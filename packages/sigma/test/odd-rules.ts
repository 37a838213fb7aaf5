// Legal rules that nobody writes, and values for them to meet: every modifier with the others, awkward values and types, keywords with modifiers, patterns of conditions.

/** Detection sections in YAML. */
export function oddDetections(): string[] {
  return [...items(), ...keywords(), ...structures(), ...conditions()]
}

const TEXTS = ['"foo"', '"Foo"', '["foo", "bar"]', '""', '"f?o"', '"f*r"', '"\\\\*"', '1', 'true', '"*"']
const VALUES = [
  ...['1', '"1"', '1.0', '1.5', '-1', '0', '-0', '1e3', '0x10', '"0x10"', '12345678901234567890', '2024-01-01'],
  ...['true', '"true"', 'false', 'yes', 'no', 'null', '~', '"null"', '""', '[1, x]', '[null, x]', '["", null]'],
  ...[
    '"*"',
    '"?"',
    '"?*"',
    '"**"',
    '"a*"',
    '"*a"',
    '"a\\\\*"',
    '"a\\\\\\\\*"',
    '"a\\\\?"',
    '"\\\\\\\\"',
    '"Ä"',
    '"ß"',
    '"İ"',
  ],
]
const REGEXES = [
  ...['"foo"', '"^foo$"', '"fo+|ba."', '["foo", "bar"]', '""', '"f.o$"', '"^b.r"'],
  ...['"\\\\d{1,3}"', '"[^a]oo"', '"(?i)FOO"', '"\\\\bfoo\\\\b"', '"a{2,}"'],
]
const DASHES = [
  '"-c"',
  '"/c"',
  '"–c"',
  '" -a -b"',
  '"x-y"',
  '"--opt"',
  '"-a/b"',
  '["-a", "-b"]',
  '"-1"',
  '"- c"',
  '"-"',
  '"a -"',
]
const NETWORKS = [
  ...['"10.0.0.0/8"', '"192.168.1.0/24"', '"fe80::/10"', '"::ffff:10.0.0.0/104"', '"2001:db8::/32"', '"10.1.2.3"'],
  ...['"0.0.0.0/0"', '["10.0.0.0/8", "fc00::/7"]', '"10.1.2.3/8"', '"::1"', '"::1/128"'],
]

/** Modifiers of field `a`, and the values that each of them is tried with. */
const MODIFIERS: readonly (readonly [modifiers: string, values: readonly string[]])[] = [
  ['', VALUES],
  [
    'contains startswith endswith contains|cased cased|contains startswith|cased cased|endswith contains|all all|contains',
    TEXTS,
  ],
  ['neq contains|neq neq|contains cased neq|cased cased|neq', TEXTS],
  [
    're re|i re|m re|s re|i|m re|m|i cased|re cased|re|i re|neq neq|re re|all re|contains re|startswith re|endswith',
    REGEXES,
  ],
  ['lt lte gt gte neq lt|neq gte|neq gt|all', ['10', '10.5', '-1', '0', '"10"', '[5, 20]', '0x10']],
  [
    'windash windash|contains contains|windash windash|startswith contains|all|windash windash|cased windash|neq',
    DASHES,
  ],
  [
    'base64 base64|contains base64offset base64offset|contains wide|base64 wide|base64offset|contains utf16|base64 utf16be|base64|contains wide wide|contains',
    ['"foo"', '"foobar"', '["foo", "bar"]', '"ab"', '"é"'],
  ],
  ['cidr cidr|neq neq|cidr cidr|all', NETWORKS],
  ['exists', ['true', 'false']],
  [
    'fieldref fieldref|startswith fieldref|endswith fieldref|contains fieldref|neq neq|fieldref fieldref|all',
    ['b', 'a', 'zzz', '[b, zzz]'],
  ],
  ['minute hour day week month year hour|gte hour|lt month|lte year|gt', ['1', '5', '23', '2024', '[1, 2]', '53']],
]

function items(): string[] {
  return MODIFIERS.flatMap(([chains, values]) =>
    chains.split(' ').flatMap((chain) => {
      const field = /^(minute|hour|day|week|month|year)/.test(chain) ? 't' : 'a'
      return values.map((value) => `{s: {"${field}${chain && '|'}${chain}": ${value}}, condition: s}`)
    }),
  )
}

function keywords(): string[] {
  return [
    ...['["foo"]', '["foo", "bar"]', '"foo"', '["f*o"]', '["?oo"]', '[1]', '[true]', '["a b"]', '["foo\\\\*"]'],
    ...['{"|all": ["foo", "bar"]}', '{"|contains": "foo"}', '{"|startswith": "foo"}', '{"|endswith": "foo"}'],
    ...['{"|re": "^foo$"}', '{"|re|i": "FOO"}', '{"|cased": "Foo"}', '{"|contains|all": ["foo", "bar"]}'],
    ...['{"|cidr": "10.0.0.0/8"}', '{"|windash": " -c"}', '{"|base64offset|contains": "foobar"}', '{"|neq": "foo"}'],
    ...['[{"|all": ["foo", "bar"]}, "zzz"]'],
  ].flatMap((list) => [`{s: ${list}, condition: s}`, `{s: ${list}, condition: not s}`])
}

function structures(): string[] {
  return [
    ...['[{a: foo}, {b: bar}]', '[{a: foo, b: bar}, {a: bar}]', '[foo, {b: bar}]', '{a: foo, b: bar}'],
    ...['[[foo, bar], {a: baz}]', '{c.d: foo}', '{"c.d|exists": true}', '{l: foo}', '{l.x: foo}', '{"l|neq": foo}'],
    ...['{"l|contains|all": [fo, ba]}', '{l: null}', '{"sp ace": foo}', '{A: foo}', '{c: foo}', '{m.n.o: foo}'],
  ].map((detection) => `{s: ${detection}, condition: s}`)
}

function conditions(): string[] {
  return [
    ...['1 of sel*', 'all of sel*', '1 of them', 'all of them', 'not 1 of sel*', 'not all of sel*', 'any of sel*'],
    ...['1 of *', 'all of *', '1 of _*', '1 of sel_a', 'all of *_a', '1 of s*l*', '1 of sel* or 1 of flt*'],
    ...['sel_a or sel_b and flt_x', 'not sel_a or sel_b', 'not (sel_a or sel_b)', 'not not sel_a', '(sel_a)'],
    ...['not sel_a and not sel_b', '((sel_a or sel_b)) and not flt_x', '1 of sel* and not 1 of flt*'],
    ...['[sel_a, sel_b]', '["sel_a and sel_b", "not sel_a"]'],
  ].map(
    (one) =>
      `{sel_a: {a: foo}, sel_b: {b: bar}, flt_x: {a: bar}, _h: {b: foo}, condition: ${one.startsWith('[') ? one : JSON.stringify(one)}}`,
  )
}

export type OddEvent = Readonly<Record<string, unknown>>

export function oddEvents(): OddEvent[] {
  const base64 = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(text, encoding).toString('base64')
  const values: unknown[] = [
    ...[
      'foo',
      'FOO',
      'Foo',
      'bar',
      'foobar',
      'xfoox',
      'foo bar',
      'bar foo',
      '',
      '*',
      '?',
      'a*',
      'a\\',
      'a\\b',
      'a\\*',
      'ab',
      '\\',
      '\\\\',
      'a b',
    ],
    ...[
      'Ä',
      'ä',
      'ß',
      'ẞ',
      'İ',
      'i',
      'K',
      'k',
      'null',
      'yes',
      'no',
      'true',
      'True',
      true,
      false,
      null,
      'foo\nbar',
      'foo\n',
      'f\no',
      'aa',
      'aaa',
    ],
    ...[
      1,
      '1',
      1.5,
      '1.0',
      0,
      '-0',
      -1,
      '-1',
      '1e3',
      1000,
      16,
      '16',
      '0x10',
      '5',
      10,
      '10',
      10.5,
      '10.50',
      ' 10 ',
      'abc',
      20,
      '12345678901234567890',
    ],
    ...[
      '-c',
      '/c',
      '–c',
      '—c',
      'x -a /b',
      ' -a -b',
      'x-y',
      'x/y',
      '--opt',
      '//opt',
      '-/opt',
      '-a/b',
      '-a-b',
      '/1',
      '- c',
      '/ c',
      '-',
      '/',
      'a -',
      'a /',
    ],
    ...['foo', 'xfoo', 'xxfoo', 'foobar', 'xfoobarx', 'xxfoobarxx', 'ab', 'xaby', 'é'].map((text) => base64(text)),
    ...[base64('foo', 'utf16le'), base64('xfoobarx', 'utf16le'), 'f\u0000o\u0000o\u0000'],
    ...[
      '10.1.2.3',
      '192.168.1.77',
      '11.0.0.1',
      'fe80::1',
      'FE80::abcd',
      '::ffff:10.1.1.1',
      '2001:db8:0:0::5',
      '::1',
      '0:0:0:0:0:0:0:1',
      'fd00::1',
      '10.1.2',
      'fe80::1%eth0',
    ],
  ]
  const times = [
    '2024-01-01T01:05:00Z',
    '2024-12-31T23:59:59Z',
    '2020-12-31T23:01:00Z',
    '2021-01-04T05:00:00Z',
    '2023-02-02 02:02:02',
    '2024-01-01T01:05:00.123456+02:00',
    1704071100,
    'never',
  ]
  return [
    ...values.map((a) => ({ a })),
    ...['foo', 'bar', 'xbarx', null, '', 1].flatMap((a) => ['foo', 'bar', 'FOO', null, '', '1'].map((b) => ({ a, b }))),
    ...times.map((t) => ({ t })),
    ...[{ b: 'foo' }, { b: 'bar' }, {}, { c: { d: 'foo' } }, { 'c.d': 'foo' }, { c: 'foo' }, { c: { d: null } }],
    ...[
      { l: ['foo', 'bar'] },
      { l: ['bar'] },
      { l: [] },
      { l: [null] },
      { l: [{ x: 'foo' }, { x: 'bar' }] },
      { l: null },
    ],
    ...[{ 'sp ace': 'foo' }, { A: 'foo' }, { m: { n: { o: 'foo' } } }, { m: [{ n: [{ o: 'foo' }] }] }],
    ...[{ x: 'foo and bar' }, { x: 'foo', y: 'bar' }, { x: '10.2.3.4' }, { x: 'run -c' }, { x: 'foo*' }],
  ]
}
