import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { threadsFor } from './threads.ts'

const MB = 1 << 20

describe('threads of a run', () => {
  it('are one a core, and one where there is little to read', () => {
    assert.equal(threadsFor('scan', 400 * MB, undefined, 8), 8)
    assert.equal(threadsFor('scan', 7 * MB, undefined, 8), 1)
  })
  it('are one on two cores until there is much to read', () => {
    assert.equal(threadsFor('scan', 80 * MB, undefined, 2), 1)
    assert.equal(threadsFor('scan', 300 * MB, undefined, 2), 1)
    assert.equal(threadsFor('dump', 300 * MB, undefined, 2), 2)
    assert.equal(threadsFor('scan', 2000 * MB, undefined, 2), 2)
  })
  it('are as many as were asked for', () => {
    assert.equal(threadsFor('scan', 80 * MB, 3, 2), 3)
    assert.equal(threadsFor('scan', 7 * MB, 3, 8), 1)
  })
  it('are all where it is not known how much there is', () => {
    assert.equal(threadsFor('scan', Number.POSITIVE_INFINITY, undefined, 2), 2)
  })
})
