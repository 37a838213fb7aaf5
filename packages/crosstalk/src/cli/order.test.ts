// A hunt finds the same whatever order files are given in and however many threads read them.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'

const program = resolve(import.meta.dirname, '../../bin/crosstalk.js')
const logs = resolve(import.meta.dirname, '../../../../samples/logs')
const files = readdirSync(logs, { recursive: true, withFileTypes: true })
  .filter((one) => one.isFile())
  .map((one) => join(one.parentPath, one.name))
  .sort()

/** Cases and findings of a hunt over these files, as JSON. */
function hunt(paths: readonly string[], jobs: number): string {
  const args = [program, 'hunt', ...paths, '--jobs', String(jobs), '--format', 'json']
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 28 })
  assert.equal(status, 0, stderr)
  const { cases, findings } = JSON.parse(stdout) as { cases: unknown[]; findings: { id: string }[] }
  assert.ok(cases.length > 0)
  return JSON.stringify({ cases, findings: findings.sort((a, b) => (a.id < b.id ? -1 : 1)) }, null, 1)
}

test('a hunt over the samples says the same in any order of files, on any number of threads', () => {
  const expected = hunt(files, 1)
  assert.equal(hunt([...files].reverse(), 1), expected)
  assert.equal(hunt([...files.slice(3), ...files.slice(0, 3)], 3), expected)
})
