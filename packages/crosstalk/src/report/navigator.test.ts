import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { exported, FULL } from './export.conformance.ts'
import { navigator } from './navigator.ts'

describe('a case as a Navigator layer', async () => {
  const layer = JSON.parse((await exported(navigator, FULL)).get('layer.json')!)
  test('is of format 4.5 in the enterprise domain', () => {
    assert.deepEqual(layer.versions, { attack: '18', navigator: '5.1.0', layer: '4.5' })
    assert.equal(layer.domain, 'enterprise-attack')
  })
  test('marks what was seen, what was looked for, and what could not be seen', () => {
    assert.deepEqual(
      layer.techniques.map((one: { techniqueID: string; score?: number; metadata: { value: string }[] }) => [
        one.techniqueID,
        one.metadata[0].value,
        one.score,
      ]),
      [
        ['T1021.003', 'seen', 88],
        ['T1055', 'blind', undefined],
        ['T1059.001', 'seen', 88],
        ['T1134', 'not-seen', undefined],
        ['T1559.001', 'seen', 88],
      ],
    )
  })
})
