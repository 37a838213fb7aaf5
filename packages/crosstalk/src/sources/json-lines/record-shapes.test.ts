import assert from 'node:assert/strict'
import { it } from 'node:test'
import { readAll } from '../reading.ts'
import { windowsJson } from '../windows-json/windows-json.ts'

it('records with a new key each, without end, cost what each of them costs', async () => {
  const record = { EventTime: '2024-05-14 09:00:00', EventID: 17, Channel: 'Security', SourceName: 'x', Hostname: 'h' }
  const lines = Array.from({ length: 2_500 }, (_, i) => JSON.stringify({ ...record, [`key${i}`]: i }))
  let widest = 0
  let last = 0
  await windowsJson.read(
    {
      name: 'x',
      open: async function* () {
        yield Buffer.from(lines.join('\n'))
      },
    },
    undefined,
    {},
    ({ shape }) => {
      widest = Math.max(widest, shape.fields.length)
      last = shape.fields.length
    },
    ({ reason }) => assert.fail(reason),
  )
  assert.ok(widest > 300 && last < 30, `${widest}, ${last}`)
  const { events } = await readAll(windowsJson, lines.slice(-2).join('\n'))
  assert.deepEqual(
    events.map(({ fields }) => [fields.key2498, fields.key2499]),
    [
      ['2498', undefined],
      [undefined, '2499'],
    ],
  )
})

it('a field is the same, nested or with dots in its name, whatever other records of its kind have', async () => {
  const record = { EventTime: '2024-05-14 09:00:00', EventID: 17, Channel: 'Security', SourceName: 'x', Hostname: 'h' }
  const of = (...own: object[]) => own.map((one) => JSON.stringify({ ...record, ...one })).join('\n')
  const named = async (text: string) =>
    (await readAll(windowsJson, text)).events.map(({ fields }) =>
      Object.fromEntries(Object.entries(fields).filter(([name, value]) => /^c\b/.test(name) && value !== undefined)),
    )
  const dotted = { 'c.d': 'dotted' }
  const nested = { c: { d: 'nested' } }
  assert.deepEqual(await named(of(dotted, nested, dotted)), [
    { 'c.d': 'dotted' },
    { 'c.d': 'nested' },
    { 'c.d': 'dotted' },
  ])
  assert.deepEqual(await named(of(nested, dotted, { c: { d: 'other' } })), [
    { 'c.d': 'nested' },
    { 'c.d': 'dotted' },
    { 'c.d': 'other' },
  ])
  // Both in one record: the less nested has the name, in others of them, too.
  const both = { ...nested, ...dotted }
  const two = { 'c.d': 'dotted', 'c.d#2': 'nested' }
  assert.deepEqual(await named(of(both, nested, both)), [two, { 'c.d': 'nested' }, two])
  assert.deepEqual(await named(of(nested, both)), [{ 'c.d': 'nested' }, two])
})

it('fields of objects that stand in lists have the values of all of them, and are there in such records only', async () => {
  const record = { EventTime: '2024-05-14 09:00:00', EventID: 17, Channel: 'Security', SourceName: 'x', Hostname: 'h' }
  const listed = { l: [{ x: 'a' }, 'alone', { x: 'b', y: { z: 1 }, m: [{ n: 'in' }, { n: 'deep' }] }] }
  const records = [{ x: 'c' }, listed, { x: 'd' }, { l: ['no', 'objects'] }, { l: [{ q: null }] }, listed]
  const { events } = await readAll(windowsJson, records.map((own) => JSON.stringify({ ...record, ...own })).join('\n'))
  const named = events.map(({ fields }) =>
    Object.fromEntries(Object.entries(fields).filter(([name, value]) => /^l\./.test(name) && value !== undefined)),
  )
  const found = {
    'l.x': '["a","b"]',
    'l.y.z': '[1]',
    'l.m': '[{"n":"in"},{"n":"deep"}]',
    'l.m.n': '["in","deep"]',
  }
  assert.deepEqual(named, [{}, found, {}, {}, { 'l.q': '[null]' }, found])
  assert.equal(events[1].fields.l, JSON.stringify(listed.l))

  // Where others of the kind have the field in an object, it is the same field, whichever came first.
  for (const own of [
    [{ l: { x: 'c' } }, listed],
    [listed, { l: { x: 'c' } }],
  ]) {
    const mixed = await readAll(
      windowsJson,
      [...own, ...own].map((one) => JSON.stringify({ ...record, ...one })).join('\n'),
    )
    const found = mixed.events.map(({ fields }) => fields['l.x'])
    const expected = own.map((one) => (one === listed ? '["a","b"]' : 'c'))
    assert.deepEqual(found, [...expected, ...expected])
  }
})
