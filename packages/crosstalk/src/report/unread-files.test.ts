import assert from 'node:assert/strict'
import { it } from 'node:test'
import { unreadFiles } from './unread-files.ts'

it('files that were not read are told by reason, the rarest first', () => {
  const problems = [
    { file: 'a.yml', problem: 'text' },
    { file: 'b.evtx', problem: 'permission denied' },
    { file: 'c.yml', problem: 'text' },
  ]
  assert.deepEqual(unreadFiles(problems), [
    { reason: 'permission denied', files: ['b.evtx'], count: 1 },
    { reason: 'text', files: ['a.yml', 'c.yml'], count: 2 },
  ])
})
