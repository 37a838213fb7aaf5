// Which formats `--tz` reaches: those whose times stand on a wall clock that nothing in the record names. docs/run.md ("Clocks") lists them.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sources } from './index.ts'
import type { Zone } from './local-zone.ts'
import { readAll } from './reading.ts'
import { SAMPLE_INPUTS } from './sample-inputs.ts'

/** formats whose sample has such times: NXLog's records without a collector's UTC beside them, and Splunk's text; RFC 3164 is in syslog.test.ts */
const ON_A_WALL_CLOCK = ['windows-json', 'windows-event-text']
const HALF_PAST_FIVE = 330 * 60_000

for (const source of sources) {
  describe(`the clock of ${source.format}`, () => {
    const sample = SAMPLE_INPUTS.get(source.format)!()
    const timesIn = async (zone: Zone): Promise<number[]> => {
      const { events } = await readAll(source, sample.bytes, { zone })
      return events.map((event) => Date.parse(event.time))
    }
    const skip = source.missing?.()
    const isLocal = ON_A_WALL_CLOCK.includes(source.format)
    it('names a time for every event', { skip }, async () => {
      const times = await timesIn(0)
      assert.ok(times.length > 0 && times.every((time) => Math.abs(time - Date.UTC(2024, 4, 14, 9)) < 3 * 3_600_000))
    })
    it(isLocal ? 'is that of --tz' : 'is its own, whatever --tz says', {
      skip,
    }, async () => {
      const times = await timesIn(0)
      for (const zone of [330, 'Asia/Kolkata']) {
        const moved = (await timesIn(zone)).map((time, at) => times[at] - time)
        assert.deepEqual([...new Set(moved)], [isLocal ? HALF_PAST_FIVE : 0])
      }
    })
  })
}
