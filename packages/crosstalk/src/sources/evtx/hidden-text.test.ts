import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writeEvtx } from '@crosstalk/evtx'
import { ValueKind } from '@crosstalk/sigma'
import { fromMemory } from '../containers/read-bytes.ts'
import { evtx } from './index.ts'

/** No log of the writer's has a NUL in a text: this stands for it, and its bytes are replaced. */
const MARK = '\uf8f3'

/** Fields of the only event of a log, by name: their value, and the text of the bytes that rules are looked for in. */
async function fieldsOf(eventData: Record<string, string>): Promise<Map<string, [unknown, string]>> {
  const log = Buffer.from(
    writeEvtx([{ provider: 'x', channel: 'x', computer: 'h', time: '2026-01-01', eventId: 1, eventData }]),
  )
  for (let at = log.indexOf(MARK, 0, 'utf16le'); at >= 0; at = log.indexOf(MARK, at, 'utf16le')) log.fill(0, at, at + 2)
  const fields = new Map<string, [unknown, string]>()
  await evtx.read(
    fromMemory('x', log),
    undefined,
    {},
    (event) => {
      for (const name of Object.keys(eventData)) {
        const slot = event.shape.slot(name)
        assert.equal(event.kinds[slot], ValueKind.Utf16)
        assert.equal(event.text(slot), event.value(slot))
        const bytes = Buffer.from(event.bytes.subarray(event.starts[slot], event.ends[slot]))
        fields.set(name, [event.value(slot), bytes.toString('utf16le')])
      }
    },
    // The checksum is another then.
    ({ reason }) => assert.match(reason, /checksum/),
  )
  return fields
}

test('what stands behind a NUL in a text is told with the rest, as rules see it; NULs at the end are not', async () => {
  const fields = await fieldsOf({
    A: `cmd.exe${MARK} /c whoami`,
    B: `cmd.exe${MARK}${MARK}`,
    C: `a${MARK}b`,
    D: `${'long '.repeat(20)}${MARK}hidden`,
  })
  for (const [name, expected] of [
    ['A', 'cmd.exe\0 /c whoami'],
    ['B', 'cmd.exe'],
    ['C', 'a\0b'],
    ['D', `${'long '.repeat(20)}\0hidden`],
  ])
    assert.deepEqual(fields.get(name), [expected, expected], name)
})
