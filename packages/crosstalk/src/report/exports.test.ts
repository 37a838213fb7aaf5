import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conform } from './export.conformance.ts'
import { EXPORTS } from './exports.ts'

test('the exports that the command line names', () => {
  assert.deepEqual(EXPORTS.map((form) => form.format).sort(), [
    'attack-flow',
    'bag',
    'html',
    'md',
    'navigator',
    'ocsf',
    'stix',
    'timesketch',
  ])
})
for (const form of EXPORTS) conform(form)
