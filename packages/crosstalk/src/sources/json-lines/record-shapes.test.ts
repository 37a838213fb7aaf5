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
