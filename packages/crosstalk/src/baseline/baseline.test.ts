import assert from 'node:assert/strict'
import { test } from 'node:test'
import { graphOf, tell } from '../graph/testing.ts'
import { BaselineError, compareBaselines, generalName, isNormal, learnBaseline, parseBaseline } from './baseline.ts'

const cmd = { pid: 5, image: 'C:\\Windows\\System32\\cmd.exe' }
const explorer = { pid: 4, image: 'C:\\Windows\\explorer.exe' }

test('what varies from run to run is not part of a habit', () => {
  assert.equal(generalName('\\mojo.4242.1234.9876543210'), '\\mojo.#.#.#')
  assert.equal(generalName('{9BA05972-F6A8-11CF-A442-00A0C90A8F39}'), '{guid}')
  assert.equal(generalName('\\46a676ab7f179e511e30dd2dc41bd388'), '\\#')
})

test('a habit knows how often, on how many hosts and on how many days', () => {
  const one = tell('WS1')
    .started(0, cmd, explorer)
    .started(86_400, { ...cmd, pid: 6 }, explorer)
  const two = tell('WS2').started(10, cmd, explorer)
  const graph = graphOf(one, two)
  const baseline = learnBaseline(graph, [...one.facts, ...two.facts])
  assert.deepEqual(baseline.habits['lineage explorer.exe > cmd.exe'], { count: 3, hosts: 2, days: 2 })
  assert.deepEqual(baseline.hosts, ['WS1', 'WS2'])
  assert.equal(baseline.from, '2026-01-05T09:00:00.000Z')
})

test('seen once is not normal', () => {
  assert.deepEqual(
    [undefined, { count: 1, hosts: 1, days: 1 }, { count: 3, hosts: 3, days: 1 }, { count: 20, hosts: 1, days: 1 }].map(
      isNormal,
    ),
    [false, false, true, true],
  )
})

test('a file that is no baseline is refused with what to do', () => {
  assert.throws(() => parseBaseline('{', 'b.json'), {
    name: 'BaselineError',
    message: /b\.json is not JSON .*baseline learn/,
  })
  assert.throws(() => parseBaseline('{"version":1}', 'b.json'), BaselineError)
  assert.throws(() => parseBaseline('{"version":1,"habits":{"x":{}}}', 'b.json'), /lacks count/)
})

test('two baselines differ by habits that came, went, or changed tenfold', () => {
  const base = (habits: Record<string, number>) =>
    parseBaseline(
      JSON.stringify({
        version: 1,
        habits: Object.fromEntries(Object.entries(habits).map(([k, count]) => [k, { count, hosts: 1, days: 1 }])),
      }),
      'b',
    )
  assert.deepEqual(compareBaselines(base({ a: 1, b: 5, c: 2 }), base({ b: 50, c: 3, d: 1 })), {
    added: ['d'],
    gone: ['a'],
    changed: [{ habit: 'b', before: 5, after: 50 }],
  })
})
