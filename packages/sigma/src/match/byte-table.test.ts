import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ByteTable } from './byte-table.ts'
import { ByteValue } from './byte-value.ts'
import { ValueCache } from './value-cache.ts'

const value = (text: string) => new ByteValue().setText(text)

test('the same bytes of the same owner have the same number, and no others', () => {
  const table = new ByteTable(8, 100, 1000)
  assert.equal(table.find(0, value('C:\\a.exe')), 0)
  const number = table.add(0, value('C:\\a.exe'))
  assert.equal(table.find(0, value('C:\\a.exe')), number)
  for (const other of ['C:\\b.exe', 'C:\\a.exf', 'C:\\a.ex', 'C:\\a.exe ', ''])
    assert.equal(table.find(0, value(other)), 0)
  assert.equal(table.find(1, value('C:\\a.exe')), 0)
})

test('it says when it is full, and forgets everything at once', () => {
  const table = new ByteTable(8, 2, 10)
  table.find(0, value('one'))
  table.add(0, value('one'))
  assert.equal(table.hasRoom(7), true)
  assert.equal(table.hasRoom(8), false)
  table.find(0, value('two'))
  table.add(0, value('two'))
  assert.equal(table.hasRoom(0), false)
  table.clear()
  assert.equal(table.find(0, value('one')), 0)
  assert.equal(table.hasRoom(10), true)
})

test('a cache gives back what was found, also after it was full', () => {
  const cache = new ValueCache()
  for (let at = 0; at < 50_000; at++) {
    const one = value(`value ${at}`)
    assert.equal(cache.get(3, one), 0)
    cache.set(3, one, Int32Array.of(at, at + 1, 99), 2)
    const kept = cache.get(3, one)
    assert.deepEqual([...cache.found.subarray(cache.starts[kept], cache.starts[kept + 1])], [at, at + 1])
  }
})
