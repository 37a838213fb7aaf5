import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { exported, FULL } from './export.conformance.ts'
import { ocsf } from './ocsf.ts'

describe('a case as OCSF', async () => {
  const events = [...(await exported(ocsf, FULL)).values()][0]
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
  test('is a Detection Finding for the case and one for each of its findings', () => {
    assert.deepEqual(
      events.map((event) => [event.class_uid, event.type_uid, event.severity_id, event.finding_info.uid]),
      [
        [2004, 200401, 4, 'c-4f1d9a0c27'],
        [2004, 200401, 4, 'f-19c0'],
        [2004, 200401, 3, 'f-7be2'],
      ],
    )
  })
  test('has what the class requires', () => {
    for (const event of events) {
      assert.equal(event.category_uid, 2)
      assert.equal(event.activity_id, 1)
      assert.equal(event.metadata.version, '1.3.0')
      assert.equal(event.metadata.product.name, 'Crosstalk')
      assert.ok(Number.isInteger(event.time))
      for (const piece of event.evidences) assert.ok(Object.keys(piece).length)
    }
  })
  test('names techniques with their parents', () => {
    assert.deepEqual(events[0].finding_info.attacks[0], {
      version: '18.1',
      technique: { uid: 'T1559' },
      sub_technique: { uid: 'T1559.001', name: 'Component Object Model' },
      tactic: { name: 'execution' },
    })
  })
  test('carries the hashes of the records', () => {
    assert.equal(events[0].evidences.at(-1).data.sha256, '15'.repeat(32))
  })
})
