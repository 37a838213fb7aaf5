import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { laurel } from '../laurel/laurel.ts'
import { LAUREL } from '../laurel/sample-input.ts'
import { readAll } from '../reading.ts'
import type { Source } from '../source.ts'
import { splunkJson } from '../splunk/splunk.ts'
import { syslog } from '../syslog/syslog.ts'
import { wazuh } from '../wazuh/wazuh.ts'

describe('JSON in what a collector kept', () => {
  const { NODE: _, ...started } = LAUREL[0] as { NODE?: string }
  const laurelLine = JSON.stringify(started)
  const osqueryLine = JSON.stringify({
    name: 'pack_x',
    hostIdentifier: 'WS1',
    unixTime: 1700000000,
    action: 'snapshot',
    snapshot: [
      { pid: '1', name: '\\\\.\\pipe\\a' },
      { pid: '2', name: 'b' },
    ],
  })
  it('Laurel’s events are assembled, on the host that the collector names', async () => {
    const carriers: [Source, string][] = [
      [splunkJson, JSON.stringify({ result: { _raw: laurelLine, _time: '2023-11-14T22:13:20Z', host: 'web1' } })],
      [
        wazuh,
        JSON.stringify({
          timestamp: '2023-11-14T22:13:20.000+0000',
          agent: { id: '1', name: 'web1' },
          manager: { name: 'w' },
          full_log: laurelLine,
        }),
      ],
      [syslog, `<13>1 2023-11-14T22:13:20Z web1 laurel - - - ${laurelLine}`],
    ]
    const alone = (await readAll(laurel, laurelLine)).events
    for (const [source, text] of carriers) {
      const { events, skips } = await readAll(source, text)
      assert.deepEqual(skips, [])
      assert.deepEqual(
        events.map((one) => [one.eventId, one.host, one.logSources, one.field('CommandLine')]),
        alone.map((one) => [one.eventId, 'web1', one.logSources, one.field('CommandLine')]),
      )
    }
  })
  it('each row of osquery’s is an event', async () => {
    const text = JSON.stringify({ result: { _raw: osqueryLine, _time: '2023-11-14T22:13:20Z', host: 'relay' } })
    const { events } = await readAll(splunkJson, text)
    assert.deepEqual(
      events.map((one) => [one.host, one.field('pid')]),
      [
        ['WS1', '1'],
        ['WS1', '2'],
      ],
    )
  })
})
