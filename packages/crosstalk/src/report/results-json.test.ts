import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { dcomCase, exampleFindings, exampleSummary } from './example-run.ts'
import { caseJson, findingsJsonl, summaryJson } from './results-json.ts'

/** The same value with the keys of every object turned round. */
function turned<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_, inner) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).reverse())
      : inner,
  )
}

describe('results as JSON', () => {
  test('hold everything', () => {
    assert.deepEqual(JSON.parse(caseJson(dcomCase)), JSON.parse(JSON.stringify(dcomCase)))
    assert.deepEqual(JSON.parse(summaryJson(exampleSummary)), exampleSummary)
    const lines = [...findingsJsonl(exampleFindings)]
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)),
      JSON.parse(JSON.stringify(exampleFindings)),
    )
  })
  test('are the same bytes in whatever order keys were set', () => {
    assert.equal(caseJson(turned(dcomCase)), caseJson(dcomCase))
    assert.equal(summaryJson(turned(exampleSummary)), summaryJson(exampleSummary))
    assert.equal([...findingsJsonl(turned(exampleFindings))].join(''), [...findingsJsonl(exampleFindings)].join(''))
  })
  test('keep the order of case.json in the design', () => {
    assert.deepEqual(Object.keys(JSON.parse(caseJson(dcomCase))), [
      'id',
      'title',
      'summary',
      'level',
      'confidence',
      'reasons',
      'techniques',
      'hosts',
      'accounts',
      'processes',
      'channels',
      'remotes',
      'timeline',
      'findings',
      'steps',
      'containment',
      'mitigations',
      'related',
      'gaps',
      'assumptions',
      'evidence',
    ])
  })
  test('a finding is one line, whatever it holds', () => {
    const [line] = findingsJsonl([{ ...exampleFindings[1], matched: { CommandLine: 'a\r\nb\u2028c' } }])
    assert.equal(line.split('\n').length, 2)
    assert.ok(line.endsWith('}\n'))
  })
})
