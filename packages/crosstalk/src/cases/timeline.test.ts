import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tell } from '../graph/testing.ts'
import { shortened } from './timeline.ts'

const startsOf = (count: number) => {
  const host = tell('WS1')
  for (let at = 0; at < count; at++)
    host.started(at, { pid: 100 + at, image: 'C:\\a.exe' }, { pid: 7, image: 'C:\\b.exe' })
  return host.facts
}

test('a timeline of more than 5,000 records is cut, and a gap says where and how many are left out', () => {
  const facts = startsOf(5003)
  const { told, gaps } = shortened(facts)
  assert.equal(told.length, 5000)
  assert.equal(gaps.length, 1)
  assert.match(gaps[0].text, /: 3 later records are left out/)
})

test('one of 5,000 is told whole', () => {
  const facts = startsOf(5000)
  assert.deepEqual(shortened(facts), { told: facts, gaps: [] })
})
