import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceOfFormat, sources } from '../src/sources/index.ts'
import { pcap } from '../src/sources/pcap/pcap.ts'
import { readAll } from '../src/sources/reading.ts'
import { fuzz } from './fuzz.ts'
import { SOURCE_SAMPLES } from './source-samples.ts'

for (const { format } of sources.filter(({ missing }) => !missing))
  test(`${format}: damage in 500 ways is survived, named and counted`, async () => {
    const { wrong, events, skips } = await fuzz(format, 500, 7)
    assert.deepEqual(wrong, [])
    assert.ok(events > 100 && skips > 0)
  })

for (const [format, samples] of Object.entries(SOURCE_SAMPLES))
  test(`${format}: truncation at every byte loses no whole event before it`, async () => {
    const source = sourceOfFormat(format)!
    for (const sample of samples) {
      const { events } = await readAll(source, sample)
      for (let length = 0; length < sample.length; length++) {
        const cut = await readAll(source, sample.subarray(0, length))
        const whole = events.filter((event) => event.offset + event.length <= length)
        assert.ok(cut.events.length >= (sample[0] === 0xff ? 0 : whole.length), `${format} cut at ${length}`)
      }
    }
  })

test('captures: damage to what frames their packets is survived, named and counted', async () => {
  const { wrong, events, skips } = await fuzz('captures', 2000, 7)
  assert.deepEqual(wrong, [])
  assert.ok(events > 1000 && skips > 500)
})

test('pcap: 3,000 damaged packets of two files are survived', { skip: pcap.missing?.() }, async () => {
  const { wrong, events } = await fuzz('pcap', 3000, 7)
  assert.deepEqual(wrong, [])
  assert.ok(events > 100)
})

test('archives: damage in 1,500 ways is survived, named and counted', async () => {
  const { wrong } = await fuzz('containers', 1500, 7)
  assert.deepEqual(wrong, [])
})
