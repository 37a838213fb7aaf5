import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Tree } from '../compile/tree.ts'
import { FALSE, programOf, TRUE } from './program.ts'

/** What a program says when these atoms are true, and which it asked. */
function run(tree: Tree, ...holding: number[]): { holds: boolean; asked: number[] } {
  const program = programOf(tree)
  const asked: number[] = []
  let at = program[0]
  while (at >= 0) {
    asked.push(program[at])
    at = program[holding.includes(program[at]) ? at + 1 : at + 2]
  }
  assert.ok(at === TRUE || at === FALSE)
  return { holds: at === TRUE, asked }
}

test('a program asks in the order of its tree, and no more than it must', () => {
  const tree: Tree = ['&', 1, ['|', 2, 3], ['!', 4]]
  assert.deepEqual(run(tree, 1, 3), { holds: true, asked: [1, 2, 3, 4] })
  assert.deepEqual(run(tree, 1, 2, 4), { holds: false, asked: [1, 2, 4] })
  assert.deepEqual(run(tree, 1), { holds: false, asked: [1, 2, 3] })
  assert.deepEqual(run(tree, 2), { holds: false, asked: [1] })
})

test('NOT of what is joined', () => {
  assert.deepEqual(run(['!', ['|', 1, ['&', 2, 3]]], 2), { holds: true, asked: [1, 2, 3] })
  assert.deepEqual(run(['!', ['|', 1, ['&', 2, 3]]], 2, 3), { holds: false, asked: [1, 2, 3] })
})

test('what is decided asks nothing', () => {
  assert.deepEqual(run(true), { holds: true, asked: [] })
  assert.deepEqual(run(['!', true]), { holds: false, asked: [] })
})
