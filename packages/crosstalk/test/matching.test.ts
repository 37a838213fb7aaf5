import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkReaders } from './matching.ts'

test('rules match values in JSON of any spelling and in event logs as they match the same values of an object', async () => {
  const { disagreements, matches } = await checkReaders(20_000, 7)
  assert.deepEqual(disagreements, [])
  assert.ok(matches > 1000)
})
