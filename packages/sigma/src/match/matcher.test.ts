import assert from 'node:assert/strict'
import { test } from 'node:test'
import { awkwardMaker, checkPairs } from '../../test/property.ts'
import { ValueKind } from '../event.ts'
import { compileRules, createMatcher, objectEvent, parseRules } from '../index.ts'
import type { DetectionRule } from '../rule.ts'

const WINDOWS = [{ product: 'windows', category: 'process_creation' }]

function matched(detection: string, event: Record<string, unknown>): boolean {
  const { rules, refused } = parseRules(
    `title: t\nlogsource: {product: windows}\ndetection:\n${detection.replace(/^/gm, '  ')}`,
    't.yml',
  )
  assert.deepEqual(
    refused.map((one) => one.message),
    [],
  )
  const compiled = compileRules(rules as DetectionRule[])
  assert.deepEqual(
    compiled.refused.map((one) => one.message),
    [],
  )
  let found = false
  createMatcher(compiled.ruleSet).match(objectEvent(event, WINDOWS), () => {
    found = true
  })
  return found
}

test('engine and reference agree on random rules and events, as object, UTF-8, JSON text and UTF-16', () => {
  const { disagreements, matches } = checkPairs(20_000, 7)
  assert.deepEqual(disagreements, [])
  assert.ok(matches > 1000)
})

test('and on texts that are easily mistaken, in any spelling of JSON', () => {
  const { disagreements, matches } = checkPairs(20_000, 7, awkwardMaker)
  assert.deepEqual(disagreements, [])
  assert.ok(matches > 1000)
})

test('text is compared without case, but no letter outside ASCII is one inside', () => {
  assert.equal(matched("s: {Image: 'KELVIN'}\ncondition: s", { Image: 'kelvin' }), true)
  assert.equal(matched("s: {Image: 'kelvin'}\ncondition: s", { Image: '\u212aelvin' }), false)
  assert.equal(matched("s: {Image: 'É'}\ncondition: s", { Image: 'é' }), true)
  assert.equal(matched("s: {Image|cased: 'Cmd'}\ncondition: s", { Image: 'cmd' }), false)
})

test('wildcards and their escapes', () => {
  assert.equal(matched("s: {Image: '*\\\\cmd.exe'}\ncondition: s", { Image: 'C:\\cmd.exe' }), true)
  assert.equal(matched("s: {Image: 'a?c'}\ncondition: s", { Image: 'abc' }), true)
  assert.equal(matched("s: {Image: 'a\\?c'}\ncondition: s", { Image: 'abc' }), false)
  assert.equal(matched("s: {Image: 'a\\*c'}\ncondition: s", { Image: 'a*c' }), true)
})

test('numbers meet numbers written as text', () => {
  assert.equal(matched('s: {Port: 445}\ncondition: s', { Port: '445' }), true)
  assert.equal(matched('s: {Port|gte: 445}\ncondition: s', { Port: 500 }), true)
  assert.equal(matched('s: {Port|lt: 445}\ncondition: s', { Port: 'many' }), false)
})

test('null is absence or null; exists asks for the field itself', () => {
  assert.equal(matched('s: {User: null}\ncondition: s', {}), true)
  assert.equal(matched('s: {User: null}\ncondition: s', { User: '' }), false)
  assert.equal(matched('s: {User|exists: true}\ncondition: s', { User: null }), true)
  assert.equal(matched('s: {User|exists: false}\ncondition: s', { Other: 1 }), true)
})

test('cidr, for both kinds of addresses', () => {
  assert.equal(matched("s: {Ip|cidr: '10.0.0.0/8'}\ncondition: s", { Ip: '10.200.3.4' }), true)
  assert.equal(matched("s: {Ip|cidr: '10.0.0.0/8'}\ncondition: s", { Ip: '::ffff:10.1.1.1' }), true)
  assert.equal(matched("s: {Ip|cidr: 'fe80::/10'}\ncondition: s", { Ip: 'fe80::1' }), true)
  assert.equal(matched("s: {Ip|cidr: '10.0.0.0/8'}\ncondition: s", { Ip: '11.0.0.1' }), false)
})

test('windash takes each of the five dashes', () => {
  for (const dash of ['-', '/', '–', '—', '―'])
    assert.equal(
      matched("s: {CommandLine|windash|contains: ' -enc '}\ncondition: s", {
        CommandLine: `powershell ${dash}enc AAAA`,
      }),
      true,
    )
})

test('base64offset finds the text wherever it lies in the encoded one', () => {
  for (const before of ['', 'x', 'xy']) {
    const encoded = Buffer.from(`${before}http://example.test`).toString('base64')
    assert.equal(
      matched("s: {CommandLine|base64offset|contains: 'http://'}\ncondition: s", { CommandLine: encoded }),
      true,
    )
    const wide = Buffer.from(`${before}IEX (New-Object)`, 'utf16le').toString('base64')
    assert.equal(
      matched("s: {CommandLine|wide|base64offset|contains: 'New-Object'}\ncondition: s", { CommandLine: wide }),
      true,
    )
  }
})

test('fieldref compares with another field of the event', () => {
  assert.equal(matched('s: {A|fieldref: B}\ncondition: s', { A: 'x', B: 'X' }), true)
  assert.equal(matched('s: {A|fieldref|startswith: B}\ncondition: s', { A: 'xyz', B: 'xy' }), true)
  assert.equal(matched('s: {A|fieldref: B}\ncondition: s', { A: 'x' }), false)
})

test('nested fields, lists of values and lists of objects', () => {
  assert.equal(
    matched("s: {winlog.event_data.Image|endswith: '.exe'}\ncondition: s", {
      winlog: { event_data: { Image: 'a.exe' } },
    }),
    true,
  )
  assert.equal(matched("s: {tags: 'b'}\ncondition: s", { tags: ['a', 'b'] }), true)
  assert.equal(matched("s: {files.name: 'b'}\ncondition: s", { files: [{ name: 'a' }, { name: 'b' }] }), true)
})

test('keywords look at every text of the event', () => {
  assert.equal(
    matched("s: ['mimikatz', 'sekurlsa']\ncondition: s", { deep: { er: ['x SEKURLSA::logonpasswords'] } }),
    true,
  )
  assert.equal(matched("s: {'|all': ['one', 'two']}\ncondition: s", { a: 'one', b: 'two' }), true)
  assert.equal(matched("s: {'|all': ['one', 'two']}\ncondition: s", { a: 'one' }), false)
})

test('a rule is asked only for events of its log source', () => {
  const { rules } = parseRules('title: t\nlogsource: {product: linux}\ndetection: {s: {a: 1}, condition: s}', 't.yml')
  const matcher = createMatcher(compileRules(rules as DetectionRule[]).ruleSet)
  const found: string[] = []
  matcher.match(objectEvent({ a: 1 }, WINDOWS), (rule) => found.push(rule.title))
  matcher.match(objectEvent({ a: 1 }, [{ product: 'linux', service: 'auditd' }]), (rule) => found.push(rule.title))
  assert.deepEqual(found, ['t'])
})

test('the fields that made a rule match are told', () => {
  const { rules } = parseRules(
    "title: t\nid: i\nlogsource: {product: windows}\ndetection: {s: {Image|endswith: 'x.exe', User: a}, n: {Host: h}, condition: s and not n}",
    't.yml',
  )
  const matcher = createMatcher(compileRules(rules as DetectionRule[]).ruleSet)
  const event = objectEvent({ Image: 'C:\\x.exe', User: 'A', Other: 1 }, WINDOWS)
  const told: Record<string, string>[] = []
  matcher.match(event, (_, index) => told.push(matcher.matchedFields(event, index)))
  assert.deepEqual(told, [{ Image: 'C:\\x.exe', User: 'A' }])
})

test('they are told in the order of the rule, whatever else the shape has', () => {
  const { rules } = parseRules(
    'title: t\nid: i\nlogsource: {product: windows}\ndetection: {s: {B|contains: b, A: a}, o: {C|contains: long enough to wake}, condition: s or (o and s)}',
    't.yml',
  )
  const matcher = createMatcher(compileRules(rules as DetectionRule[]).ruleSet)
  for (const event of [
    { A: 'a', B: 'abc' },
    { C: 'x', B: 'abc', A: 'a' },
  ])
    matcher.match(objectEvent(event, WINDOWS), (_, index) =>
      assert.equal(JSON.stringify(matcher.matchedFields(objectEvent(event, WINDOWS), index)), '{"B":"abc","A":"a"}'),
    )
})

test('what was tested much is looked out for, and the same matches', () => {
  const texts = Array.from({ length: 30 }, (_, at) => `'\\\\program ${at}.exe'`).join(', ')
  const { rules } = parseRules(
    `title: t\nid: i\nlogsource: {product: windows}\ndetection: {s: {Action: start}, n: {Image|endswith: [${texts}]}, condition: s and not n}`,
    't.yml',
  )
  const { ruleSet } = compileRules(rules as DetectionRule[])
  const matcher = createMatcher(ruleSet, { adaptAfter: 100 })
  const found: string[] = []
  for (let round = 0; round < 50; round++)
    for (const Image of ['C:\\program 7.exe', 'C:\\program 70.exe', 'C:\\other.exe'])
      matcher.match(objectEvent({ Image, Action: 'start' }, WINDOWS), () => found.push(Image))
  assert.deepEqual(found.length, 100)
  assert.ok(!found.includes('C:\\program 7.exe'))
})

/** The ids of rules that an event matches whose field F lies as bytes. */
function matchedBytes(rules: string, kind: ValueKind, bytes: Buffer, value: string): string[] {
  const { ruleSet } = compileRules(parseRules(rules, 't.yml').rules as DetectionRule[])
  const matcher = createMatcher(ruleSet)
  const shape = { fields: ['F'], aliases: new Map(), logSources: WINDOWS, constants: new Map() }
  const event = {
    shape,
    bytes,
    kinds: Uint8Array.of(kind),
    starts: Int32Array.of(0),
    ends: Int32Array.of(bytes.length),
  }
  const found: string[] = []
  // The second time from what was kept.
  for (let round = 0; round < 2; round++) matcher.match({ ...event, value: () => value }, (rule) => found.push(rule.id))
  return found
}

const ruleOf = (id: string, item: string) =>
  `title: ${id}\nid: ${id}\nlogsource: {product: windows}\ndetection: {s: {${item}}, condition: s}\n`

test('texts that JSON writes in several ways: each atom is found once, and no other with it', () => {
  const rules = ['\\r', '\\x01', '\\x02'].map((other, at) => ruleOf(`any${at}`, `F|re: '(\\n|${other})'`))
  const all = [ruleOf('other', 'F|contains: zzzz'), ...rules].join('---\n')
  const found = matchedBytes(all, ValueKind.JsonEscaped, Buffer.from('x\\ny'), 'x\ny')
  assert.deepEqual(found, ['any0', 'any1', 'any2', 'any0', 'any1', 'any2'])
})

test('half a surrogate pair is U+FFFD in whatever form a value comes, and in rules', () => {
  // The second item is tested alone, when the first is found.
  const rules = [
    ruleOf('half', "F: ['a\\uD800b']").replaceAll("'", '"'),
    ruleOf('whole', 'F: ["a\\uFFFDb"]'),
    ruleOf('tested', 'F|startswith: "a", F|re: "^a\\\\x{fffd}b$"'),
  ].join('---\n')
  const half = 'a\ud800b'
  for (const [kind, bytes] of [
    [ValueKind.Utf16, Buffer.from(half, 'utf16le')],
    [ValueKind.Utf8, Buffer.from(half)],
    [ValueKind.JsonEscaped, Buffer.from('a\\ud800b')],
    [ValueKind.Other, Buffer.alloc(0)],
  ] as const)
    assert.deepEqual(
      matchedBytes(rules, kind, bytes, half),
      ['half', 'whole', 'tested', 'half', 'whole', 'tested'],
      String(kind),
    )
})

test('hundreds of texts of one letter in a value of that letter: the search is given up, and the same is found', () => {
  const rules = Array.from({ length: 400 }, (_, at) => ruleOf(`r${at}`, `F|contains: '${'a'.repeat(100 + at)}b'`))
  const all = [...rules, ruleOf('end', 'F|endswith: aaaab'), ruleOf('other', 'F|contains: aaaac')].join('---\n')
  const value = `${'A'.repeat(5_000)}x${'a'.repeat(300)}b`
  const expected = [...Array.from({ length: 201 }, (_, at) => `r${at}`), 'end']
  for (const [kind, bytes] of [
    [ValueKind.Utf16, Buffer.from(value, 'utf16le')],
    [ValueKind.Utf8, Buffer.from(value)],
    [ValueKind.JsonEscaped, Buffer.from(`${value}\\n`)],
  ] as const) {
    const found = matchedBytes(all, kind, bytes, kind === ValueKind.JsonEscaped ? `${value}\n` : value)
    const once = kind === ValueKind.JsonEscaped ? expected.slice(0, -1) : expected
    assert.deepEqual(found, [...once, ...once], String(kind))
  }
})

test('a regular expression built to backtrack ends at once', () => {
  assert.equal(matched("s: {CommandLine|re: '(a+)+$'}\ncondition: s", { CommandLine: `${'a'.repeat(50_000)}b` }), false)
  assert.equal(matched("s: {CommandLine|re: '(x+x+)+y'}\ncondition: s", { CommandLine: 'x'.repeat(50_000) }), false)
})
