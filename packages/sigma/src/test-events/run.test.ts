import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { formatError } from '../errors.ts'
import { testPaths } from './run.ts'

const RULE =
  'title: shell\nid: 11111111-1111-4111-8111-111111111111\nname: shell\nlogsource: {product: windows, category: process_creation}\ndetection: {s: {Image|endswith: cmd.exe}, condition: s}\n'
const CORRELATION =
  '---\ntitle: many shells\nname: many\ncorrelation: {type: event_count, rules: [shell], group-by: [User], timespan: 1m, condition: {gte: 2}}\n'
const SOURCE = { product: 'windows', category: 'process_creation' }
const shell = (User?: string) => ({ Image: 'C:\\cmd.exe', ...(User && { User }) })

function run(files: Record<string, string | object>) {
  const folder = mkdtempSync(join(tmpdir(), 'sigma-test-'))
  try {
    for (const [name, content] of Object.entries(files))
      writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
    const { rules, refused, cases, failed } = testPaths([folder])
    return {
      rules: rules.map(
        ({ rule, status, results }) =>
          `${rule.title}: ${status}${results.map(({ matched, passed }) => ` ${matched ? 'match' : 'none'}${passed ? '' : '!'}`).join(',')}`,
      ),
      refused: refused.map((error) => formatError(error).replace(`${folder}/`, '')),
      cases,
      failed,
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('what must match matches, what must not does not, and a case that fails is named', () => {
  const events = {
    match: [
      { logsource: SOURCE, event: shell() },
      { note: 'wrong category', logsource: { product: 'windows', category: 'image_load' }, event: shell() },
    ],
    ignore: [{ why: 'another program', logsource: SOURCE, event: { Image: 'C:\\x.exe' } }],
  }
  assert.deepEqual(run({ 'a.yml': RULE, 'a.events.json': events }), {
    rules: ['shell: failed match, none!, none'],
    refused: [],
    cases: 3,
    failed: 1,
  })
})

test('a rule without events says so', () => {
  assert.deepEqual(run({ 'a.yml': RULE }).rules, ['shell: no-events'])
})

test('a correlation’s case is a series of events; a case may name the rule that it is for', () => {
  const at = (second: number, User: string) => ({
    time: `2024-01-31T09:00:${String(second).padStart(2, '0')}Z`,
    event: shell(User),
  })
  const events = {
    match: [
      { logsource: SOURCE, events: [at(5, 'bob'), at(1, 'bob')] },
      { rule: 'shell', logsource: SOURCE, event: shell('bob') },
    ],
    ignore: [{ logsource: SOURCE, events: [at(1, 'bob'), at(2, 'eve')] }],
  }
  assert.deepEqual(run({ 'a.yml': RULE + CORRELATION, 'a.events.json': events }), {
    rules: ['shell: passed match', 'many shells: passed match, none'],
    refused: [],
    cases: 3,
    failed: 0,
  })
})

test('events that no rule is there for are told of', () => {
  const events = { match: [{ rule: 'shel', logsource: SOURCE, event: shell() }] }
  assert.deepEqual(run({ 'a.yml': RULE, 'a.events.json': events }).refused, [
    'a.events.json:1:1: event 1 is for the rule "shel", which the rule file does not have',
  ])
  assert.deepEqual(run({ 'a.yml': RULE, 'b.events.json': { match: [] } }).refused, [
    'b.events.json:1:1: there is no rule b.yml beside it',
  ])
})

test('events that can’t be read are refused by name and place', () => {
  const said = (content: string | object) => run({ 'a.yml': RULE, 'a.events.json': content }).refused
  assert.match(said('{"match": [\n  {},\n  what]}')[0], /^a\.events\.json:3:3: not JSON/)
  assert.deepEqual(said([]), ['a.events.json:1:1: {"match": […], "ignore": […]} was expected'])
  assert.deepEqual(said({ match: [{ event: {} }] }), [
    'a.events.json:1:1: match[0]: "logsource" is missing (product, category, service)',
  ])
  assert.deepEqual(said({ match: [], other: [] }), [
    'a.events.json:1:1: "other": only "match" and "ignore" were expected',
  ])
})
