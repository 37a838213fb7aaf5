import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { describe, it } from 'node:test'
import { corpusSeeds, fuzz, writtenSeeds } from './fuzz.ts'

const corpus = process.env.CROSSTALK_CORPUS ?? resolve(import.meta.dirname, '..', '..', '..', '..', 'shared', 'corpus')

describe('damaged logs', () => {
  it('of the writer are read without a throw and within bounds: 20,000', () => {
    const result = fuzz(writtenSeeds(), 20_000, 20240102)
    assert.deepEqual(result.thrown, [])
    assert.deepEqual(result.unbounded, [])
    assert.equal(result.files, 20_000)
    assert.ok(result.records > 20_000)
    assert.ok(result.damages > 5_000)
  })

  const seeds = corpusSeeds(corpus, 40)
  it('of the corpus, too: 5,000', { skip: seeds.length ? false : `no logs in ${corpus}` }, () => {
    const result = fuzz(seeds, 5_000, 20240103)
    assert.deepEqual(result.thrown, [])
    assert.deepEqual(result.unbounded, [])
  })
})
