import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KindCount } from './stage.ts'
import { createValidation, labelsInPath } from './validate-rules.ts'

const DAY = 86_400_000_000
const kind = (host: string, days: readonly number[]): KindCount => ({
  host,
  channel: 'Security',
  eventId: 4688,
  format: 'evtx',
  logSources: [],
  fields: [],
  count: 1,
  first: days[0] * DAY,
  last: days.at(-1)! * DAY,
  days,
})

test('a host-day is a day on which the host has events, not one between two that have', () => {
  const validation = createValidation([], labelsInPath)
  validation.addBenignKind(kind('PC1', [100, 130]))
  validation.addBenignKind(kind('pc1', [130]))
  validation.addBenignKind(kind('PC2', [130]))
  assert.equal(validation.hostDays, 3)
})

test('benign events are counted of the rule’s own log source', () => {
  const windows = { product: 'windows', category: 'process_creation' }
  const head = (id: string, logSource: object) => ({ id, title: id, level: 'low' as const, tags: [], logSource })
  const rules = [head('own', windows), head('wider', { product: 'windows' }), head('other', { product: 'linux' })]
  const validation = createValidation(rules, labelsInPath)
  validation.addBenignKind({ ...kind('PC1', [100]), logSources: [{ service: 'sysmon' }, windows], count: 5 })
  validation.addBenignKind({
    ...kind('PC1', [101]),
    logSources: [{ product: 'windows', service: 'security' }],
    count: 2,
  })
  assert.deepEqual(
    validation.measures().map(({ benignEvents }) => benignEvents),
    [5, 7, 0],
  )
})

test('a path is labelled with the techniques that it names, and a sub-technique with its technique too', () => {
  assert.deepEqual([...labelsInPath('a/T1053.005/x_t1569.evtx')], ['t1053.005', 't1053', 't1569'])
  assert.deepEqual([...labelsInPath('a/at1053x/t10531.evtx')], [])
})
