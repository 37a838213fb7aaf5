import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { attackFlow } from '../attack-flow.ts'
import { BARE, exported, FULL, poisoned } from '../export.conformance.ts'
import { stix } from './bundle.ts'
import { observableId, unnamedObservableId } from './stix-id.ts'

interface StixObject {
  type: string
  id: string
  [property: string]: unknown
}
const objects = async (form: typeof stix, source = FULL): Promise<StixObject[]> =>
  JSON.parse([...(await exported(form, source)).values()][0]).objects

/** All ids that an object refers to. */
function refs(object: StixObject): string[] {
  return Object.entries(object).flatMap(([name, value]) =>
    name.endsWith('_ref') ? [String(value)] : name.endsWith('_refs') ? (value as string[]) : [],
  )
}

describe('STIX ids', () => {
  test('of an observable are those of the specification', () => {
    // STIX 2.1, 2.9: UUIDv5 of {"value":"198.51.100.3"} in the namespace of observables, as other implementations give it.
    assert.equal(
      observableId('ipv4-addr', { value: '198.51.100.3' }),
      'ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4',
    )
  })
  test('of a process have the form of version 4, and come from content', () => {
    const id = unnamedObservableId('process', 'ASH-WS03', 'key')
    assert.match(id, /^process--[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    assert.equal(unnamedObservableId('process', 'ASH-WS03', 'key'), id)
    assert.notEqual(unnamedObservableId('process', 'ASH-WS03', 'other'), id)
  })
})

for (const [name, form] of Object.entries({ 'STIX bundle': stix, 'Attack Flow': attackFlow }))
  describe(`a case as ${name}`, () => {
    for (const [what, source] of Object.entries({ full: FULL, bare: BARE, hostile: poisoned(FULL) }))
      test(`of a ${what} case: ids are well-formed and unique, and every reference leads to an object of the bundle`, async () => {
        const all = await objects(form, source)
        const ids = new Set(all.map((object) => object.id))
        assert.equal(ids.size, all.length)
        for (const object of all) {
          assert.match(
            object.id,
            /^[a-z0-9-]+--[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
          )
          assert.ok(object.id.startsWith(`${object.type}--`))
          assert.equal(object.spec_version, '2.1')
          for (const ref of refs(object)) assert.ok(ids.has(ref), `${object.type} refers to ${ref}`)
          for (const list of Object.entries(object).filter(([name]) => name.endsWith('_refs')))
            assert.ok((list[1] as string[]).length, list[0])
        }
      })
  })

describe('the STIX bundle', () => {
  test('holds a report of the case, sightings of its techniques, and what was observed', async () => {
    const all = await objects(stix)
    const count = (type: string) => all.filter((object) => object.type === type).length
    assert.deepEqual(
      Object.fromEntries(
        [
          'report',
          'attack-pattern',
          'sighting',
          'observed-data',
          'process',
          'network-traffic',
          'ipv4-addr',
          'user-account',
          'course-of-action',
          'note',
        ].map((type) => [type, count(type)]),
      ),
      {
        report: 1,
        'attack-pattern': 3,
        sighting: 3,
        'observed-data': 1,
        process: 7,
        'network-traffic': 2,
        'ipv4-addr': 3,
        'user-account': 4,
        'course-of-action': 2,
        note: 5,
      },
    )
    const report = all.find((object) => object.type === 'report')!
    assert.equal(report.published, '2026-03-04T14:02:15.441Z')
    assert.equal(report.confidence, 88)
  })
})

describe('the Attack Flow', () => {
  test('is a chain of findings in the order of time', async () => {
    const all = await objects(attackFlow)
    const flow = all.find((object) => object.type === 'attack-flow')!
    const actions = all.filter((object) => object.type === 'attack-action')
    assert.deepEqual(
      actions.map((action) => [action.technique_id, action.execution_start]),
      [
        ['T1559.001', '2026-03-04T14:02:11.512Z'],
        ['T1059.001', '2026-03-04T14:02:11.640Z'],
      ],
    )
    assert.deepEqual(flow.start_refs, [actions[0].id])
    assert.deepEqual(actions[0].effect_refs, [actions[1].id])
    assert.equal(actions[1].effect_refs, undefined)
  })
  test('claims no order where no finding tells one', async () => {
    const all = await objects(attackFlow, { ...FULL, findings: [] })
    const flow = all.find((object) => object.type === 'attack-flow')!
    assert.equal((flow.start_refs as string[]).length, 3)
  })
})
