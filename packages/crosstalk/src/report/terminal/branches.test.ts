import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drawBranches } from './branches.ts'

test('branches go on past a node that has a sibling to come, and end at the last', () => {
  const depths = [0, 1, 2, 2, 1, 2, 0, 1]
  assert.deepEqual(
    drawBranches(depths).map(({ name, below }) => [name, below]),
    [
      ['', ''],
      ['├─ ', '│  '],
      ['│  ├─ ', '│  │  '],
      ['│  └─ ', '│     '],
      ['└─ ', '   '],
      ['   └─ ', '      '],
      ['', ''],
      ['└─ ', '   '],
    ],
  )
})
test('a forest that begins below its root, and levels that are left out, are drawn all the same', () => {
  assert.deepEqual(
    drawBranches([3, 1, 3]).map(({ name }) => name),
    ['│     └─ ', '└─ ', '      └─ '],
  )
})
