import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { CaseProcess } from '../cases/case.ts'
import { dcomCase } from './example-run.ts'
import { channelRoles, inOrder, processForest } from './process-forest.ts'

const process = (key: string, parentKey?: string, host = 'H'): CaseProcess => ({
  key,
  parentKey,
  host,
  image: key,
  evidence: [],
})
const shape = (processes: CaseProcess[]) =>
  [...processForest({ ...dcomCase, hosts: [], processes })].map(
    ([host, trees]) =>
      `${host}: ${[...inOrder(trees)].map((node) => '>'.repeat(node.depth) + node.process.key).join(' ')}`,
  )

describe('the process forest', () => {
  test('parents stand above children', () => {
    assert.deepEqual(shape([process('c', 'b'), process('b', 'a'), process('a'), process('d', 'a')]), ['H: a >b >>c >d'])
  })
  test('a process whose parent is not in the case is a root, and says so', () => {
    const [tree] = processForest({ ...dcomCase, hosts: [], processes: [process('b', 'gone')] }).get('H')!
    assert.equal(tree.orphan, true)
  })
  test('a parent on another host is no parent', () => {
    assert.deepEqual(shape([process('a', undefined, 'H1'), process('b', 'a', 'H2')]), ['H1: a', 'H2: b'])
  })
  test('a cycle is cut, and nothing is lost', () => {
    assert.deepEqual(shape([process('a', 'b'), process('b', 'a'), process('c', 'c')]), ['H: c a >b'])
  })
  test('a line of ten thousand parents neither overflows nor loses one', () => {
    const line = Array.from({ length: 10_000 }, (_, at) => process(`p${at}`, at ? `p${at - 1}` : undefined))
    const trees = processForest({ ...dcomCase, hosts: [], processes: line }).get('H')!
    assert.equal([...inOrder(trees)].length, 10_000)
  })
  test('says what each process is to the channels', () => {
    assert.deepEqual(channelRoles(dcomCase).get('ASH-WS02|{A2}'), ['client of dcom', 'client of rpc'])
    assert.deepEqual(channelRoles(dcomCase).get('ASH-WS03|{B1}'), ['serves dcom'])
  })
})
