import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import { event, random, rule as randomRule } from '../../test/random-rules.ts'
import { compileRules } from '../compile/rule-set.ts'
import { parseRules } from '../load/load.ts'
import { createMatcher } from '../match/matcher.ts'
import { objectEvent } from '../match/object-event.ts'
import { fold } from '../modifiers/folding.ts'
import { compileRegex } from '../regex/linear.ts'
import type { CorrelationRule, DetectionRule } from '../rule.ts'
import { convertRules } from './backend.ts'
import { addressPatterns } from './cidr.ts'
import { kusto } from './kusto.ts'
import { sqlite } from './sqlite.ts'

const parsed = (detection: string) =>
  parseRules(`title: t\nlogsource: {product: windows}\ndetection: ${detection}`, 'c.yml').rules as DetectionRule[]
const item = (text: string) => `{s: {${text}}, condition: s}`

function converted(detection: string, backend = sqlite, options = {}): string {
  const {
    converted: [one],
    refused,
  } = convertRules(parsed(detection), [], backend, options) // prettier-ignore
  return one?.query.replace(/^SELECT \* FROM "logs" WHERE |^Events\n\| where /, '') ?? `refused: ${refused[0].message}`
}

describe('sqlite', () => {
  test('a list of thousands is no deeper than SQLite goes', () => {
    const values = Array.from({ length: 5000 }, (_, at) => `'v${at}'`).join(', ')
    const [{ query }] = convertRules(parsed(`{s: {a: [${values}]}, condition: s}`), [], sqlite).converted
    const database = new DatabaseSync(':memory:')
    database.exec("CREATE TABLE logs (a); INSERT INTO logs VALUES ('v4999'), ('v5000')")
    assert.deepEqual(
      database
        .prepare(query)
        .all()
        .map(({ a }) => a),
      ['v4999'],
    )
  })

  const cases: [string, string][] = [
    [item("Image|endswith: '\\cmd.exe'"), `"Image" LIKE '%\\\\cmd.exe' ESCAPE '\\'`],
    [item("a|contains: '50%_x'"), `"a" LIKE '%50\\%\\_x%' ESCAPE '\\'`],
    [item("a: [b, 'c?d*']"), `("a" LIKE 'b' OR "a" LIKE 'c_d%')`],
    [item('a|contains|all: [b, c]'), `("a" LIKE '%b%' AND "a" LIKE '%c%')`],
    [item("a|cased|startswith: 'B*[c'"), `"a" GLOB 'B*[[]c*'`],
    [item("a: it's"), `"a" LIKE 'it''s'`],
    [item('a: null, b: 4625'), `("a" IS NULL AND "b" LIKE '4625')`],
    [item("a|re|i: 'x.y'"), `"a" REGEXP '(?i)x.y'`],
    [item('a|cidr: 10.0.0.0/8'), `"a" LIKE '10.%'`],
    [item('a|cidr: 192.168.0.0/15'), `("a" LIKE '192.168.%' OR "a" LIKE '192.169.%')`],
    [
      item("a|cidr: ['fe80::/10', '::1/128']"),
      `(("a" LIKE 'fe8_:%' OR "a" LIKE 'fe9_:%' OR "a" LIKE 'fea_:%' OR "a" LIKE 'feb_:%') OR "a" LIKE '::1')`,
    ],
    [item("a|cidr: '64:ff9b::/96'"), 'refused: sqlite: cidr: the addresses of 64:ff9b::/96 have no common beginning'],
    ['{s: [word], condition: s}', 'refused: sqlite: keywords: name the column to look in'],
    ['{s: {a: 1}, f: {b: 2}, condition: s and not f}', `("a" LIKE '1' AND ("b" LIKE '2') IS NOT TRUE)`],
    [
      '{s1: {a: 1}, s2: {b: 1}, s3: {c: 1}, condition: 2 of s*}',
      `(("a" LIKE '1' AND "b" LIKE '1') OR ("a" LIKE '1' AND "c" LIKE '1') OR ("b" LIKE '1' AND "c" LIKE '1'))`,
    ],
  ]
  for (const [detection, query] of cases) test(detection, () => assert.equal(converted(detection), query))

  test('keywords are looked for in the column that is named, in the table that is named', () => {
    const {
      converted: [one],
    } = convertRules(parsed('{s: [word], condition: s}'), [], sqlite, { keywordField: 'raw', table: 'my logs' }) // prettier-ignore
    assert.equal(one.query, `SELECT * FROM "my logs" WHERE "raw" LIKE '%word%'`)
  })

  test('SQLite finds what the engine finds: random rules over random events', () => {
    const database = new DatabaseSync(':memory:')
    database.function('regexp', { deterministic: true }, (pattern, text) => {
      if (text === null) return null
      const [, flags = '', source = ''] = /^(?:\(\?([ims]+)\))?([\s\S]*)$/.exec(String(pattern))!
      return Number(compileRegex(source, flags)(String(text), fold(String(text))))
    })
    const fields = ['Image', 'CommandLine', 'User', 'Count', 'Data', 'a.b']
    database.exec(`CREATE TABLE logs (number, ${fields.map((field) => `"${field}"`).join(', ')})`)
    const r = random(11)
    const events = Array.from({ length: 150 }, () => event(r)).map((made) =>
      // A column holds one value; null and absence are one, and true is text there.
      Object.fromEntries(
        Object.entries(made)
          .filter(([, value]) => value !== null && typeof value !== 'object' && isComparable(String(value)))
          .map(([name, value]) => [name, typeof value === 'boolean' ? String(value) : value]),
      ),
    )
    const insert = database.prepare(`INSERT INTO logs VALUES (?, ${fields.map(() => '?').join(', ')})`)
    events.forEach((one, at) => {
      insert.run(at, ...fields.map((field) => bound(one[field])))
    })
    let compared = 0
    let found = 0
    for (let number = 0; number < 2200; number++) {
      const made = randomRule(r, `rule ${number}`)
      if (!isComparable(JSON.stringify([[...made.detections], made.conditions]))) continue
      const {
        converted: [one],
      } = convertRules([made], [], sqlite) // prettier-ignore
      const { ruleSet } = compileRules([made])
      if (!one || !ruleSet.rules.length) continue
      const matcher = createMatcher(ruleSet)
      const expected = events.flatMap((each, at) => {
        let matched = false
        matcher.match(objectEvent(flat(each), [{ product: 'test' }]), () => {
          matched = true
        })
        return matched ? [at] : []
      })
      assert.deepEqual(
        database
          .prepare(one.query)
          .all()
          .map((row) => Number(row.number)),
        expected,
        `${one.query}\n${JSON.stringify([...made.detections])}`,
      )
      compared++
      found += expected.length
    }
    assert.ok(compared > 150 && found > 5000, `${compared} rules, ${found} matches`)
  })
})

/** A number without a fraction is an integer there, and 42 not 42.0. */
const bound = (value: unknown) =>
  typeof value === 'number' && Number.isInteger(value)
    ? BigInt(value)
    : ((value as string | number | undefined) ?? null)

/** SQLite knows case in ASCII only, takes no NUL, and numbers are those of JSON: no 0x1f, no 042. A network is the beginning of a text there, address or not. */
const isComparable = (text: string) =>
  /^[\u0001-\u007f]*$/.test(text) && !/\\u|"cidr"/.test(text) && !/^\s*0[\dx]/.test(text)
const flat = (one: object) => one as Record<string, unknown>

describe('kusto', () => {
  const cases: [string, string][] = [
    [item("Image|endswith: '\\cmd.exe'"), '(Image endswith @"\\cmd.exe")'],
    [item('a: [b, c], d|contains: [x, y]'), 'a in~ (@"b", @"c") and (d contains @"x" or d contains @"y")'],
    [item("a: 'b?c*'"), 'a matches regex @"(?is)^b.c"'],
    [item("a|contains: 'b*c'"), 'a matches regex @"(?is)b.*c"'],
    [item('a|cased: B'), 'a == @"B"'],
    [item('a|startswith|cased: B'), 'a startswith_cs @"B"'],
    [item('EventID: [1, 2]'), 'tostring(EventID) in~ (@"1", @"2")'],
    [item('EventID|gte: 5'), 'todouble(EventID) >= 5'],
    [item("a|re|i: 'x\"y'"), 'a matches regex @"(?i)x""y"'],
    [item('a|cidr: 10.0.0.0/8'), 'ipv4_is_in_range(a, @"10.0.0.0/8")'],
    [item("a|cidr: 'fe80::/10'"), 'ipv6_is_in_range(a, @"fe80::/10")'],
    [item('a: null'), 'isempty(a)'],
    [item('a|exists: true'), 'isnotempty(a)'],
    [item('a|fieldref|endswith: b'), 'tostring(a) endswith tostring(b)'],
    [item('a|hour|gte: 22'), 'datetime_part("hour", todatetime(a)) >= 22'],
    ['{s: [word], condition: s}', '* contains @"word"'],
    ["{s: {'|startswith': word}, condition: s}", '* matches regex @"(?is)^word"'],
    ["{s: {'|endswith|cased': word}, condition: s}", '* matches regex @"(?s)word$"'],
    [item('winlog.event-data.x: y'), 'winlog["event-data"].x =~ @"y"'],
    ["{s: [word, 'w*d'], condition: s}", '* contains @"word" or * matches regex @"(?is)w.*d"'],
    ['{s: {a: b}, f: {c: d}, condition: s and not f}', 'a =~ @"b" and not(c =~ @"d")'],
  ]
  for (const [detection, query] of cases)
    test(detection, () =>
      assert.equal(
        converted(detection, kusto),
        query.replace(/^\((.*)\)$/, (whole, inner: string) => (inner.includes(' or ') ? whole : inner)),
      ),
    )
  test('a line end in a text', () => assert.equal(converted(item('a: "x\\ny"'), kusto), 'a =~ "x\\ny"'))
})

test('what can’t be said is refused by name, correlations too', () => {
  const { rules } = parseRules(
    'title: a\nname: a\nlogsource: {product: windows}\ndetection: {s: {x: 1}, condition: s}\n---\ntitle: c\ncorrelation: {type: event_count, rules: [a], timespan: 1m, condition: {gte: 2}}',
    'c.yml',
  )
  const { converted: done, refused } = convertRules(
    rules.filter((one): one is DetectionRule => one.kind === 'rule'),
    rules.filter((one): one is CorrelationRule => one.kind === 'correlation'),
    kusto,
  )
  assert.equal(done.length, 1)
  assert.deepEqual(
    refused.map((one) => `${one.location.line} ${one.message}`),
    ['6 kusto: correlations are not converted'],
  )
})

test('networks as beginnings of addresses', () => {
  const cases: [string, string[] | undefined][] = [
    ['10.0.0.0/8', ['10.%']],
    ['172.16.0.0/14', ['172.16.%', '172.17.%', '172.18.%', '172.19.%']],
    ['10.0.0.254/31', ['10.0.0.254', '10.0.0.255']],
    ['0.0.0.0/0', ['%.%.%.%']],
    ['fc00::/7', ['fc__:%', 'fd__:%']],
    ['2000::/3', ['2___:%', '3___:%']],
    ['2001:db8::/32', ['2001:db8:%']],
    ['::1', ['::1']],
    ['fe80::1:0:0:2', ['fe80::1:0:0:2']],
    ['::/0', ['%:%']],
    ['::/8', undefined],
    ['2001:db8::/48', undefined],
  ]
  for (const [network, patterns] of cases) assert.deepEqual(addressPatterns(network), patterns, network)
})
