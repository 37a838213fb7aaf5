import assert from 'node:assert/strict'
import { it } from 'node:test'
import { parseEpochSeconds } from './epoch-seconds.ts'

const read = (text: string) => parseEpochSeconds(Buffer.from(text), 0, text.length)

it('reads seconds with any fraction to the microsecond, without rounding', () => {
  assert.equal(read('1588205199.82437'), 1_588_205_199_824_370)
  assert.equal(read('1588205199.824371'), 1_588_205_199_824_371)
  assert.equal(read('1588205199.8243719'), 1_588_205_199_824_371)
  assert.equal(read('1604996384.965'), 1_604_996_384_965_000)
  assert.equal(read('1604996384'), 1_604_996_384_000_000)
})
it('is NaN for what is no such time', () => {
  for (const text of ['', '-', '.5', '1e9', '1604996384.9x', '123456789012', ' 1'])
    assert.ok(Number.isNaN(read(text)), text)
})
