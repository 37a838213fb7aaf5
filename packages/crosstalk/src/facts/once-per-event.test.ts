import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ValueKind } from '@crosstalk/sigma'
import { endsWith } from './field.ts'
import { beginEvent, endEvent, oncePerEvent, oncePerShape } from './once-per-event.ts'
import { sampleEvent, sampleShape, sysmon } from './sample-event.ts'

const sample = sysmon(10, { TargetImage: 'C:\\Windows\\System32\\LSASS.exe' })

test('within an event a value is read once, in the next again, outside always', () => {
  let reads = 0
  const read = oncePerEvent(() => ++reads)
  const event = sampleEvent(sample)
  beginEvent()
  assert.deepEqual([read(event), read(event)], [1, 1])
  endEvent()
  beginEvent()
  assert.deepEqual([read(event), read(event)], [2, 2])
  endEvent()
  assert.deepEqual([read(event), read(event)], [3, 4])
})

test('all who ask for a shape get the same binding', () => {
  const bind = oncePerShape(() => ({}))
  const shape = sampleShape(sample)
  assert.equal(bind(shape), bind(shape))
  assert.notEqual(bind(shape), bind(sampleShape(sample)))
})

test('endings are compared in bytes of every kind, and in text where there are no bytes', () => {
  const event = sampleEvent(sample)
  assert.equal(endsWith(event, 0, ['lsass.exe']), true)
  assert.equal(endsWith(event, 0, ['services.exe', 'sass.exe']), true)
  assert.equal(endsWith(event, 0, ['svchost.exe']), false)
  assert.equal(endsWith(event, -1, ['lsass.exe']), false)
  for (const [kind, encoding] of [
    [ValueKind.Utf8, 'utf8'],
    [ValueKind.Utf16, 'utf16le'],
    [ValueKind.JsonEscaped, 'utf8'],
  ] as const) {
    event.bytes = Buffer.from(`xC:\\LSASS.ExE`, encoding)
    event.kinds[0] = kind
    event.starts[0] = 0
    event.ends[0] = event.bytes.length
    assert.equal(endsWith(event, 0, ['lsass.exe']), true)
    assert.equal(endsWith(event, 0, ['sass.dll']), false)
    event.starts[0] = event.bytes.length - 2
    assert.equal(endsWith(event, 0, ['lsass.exe']), false)
  }
})
