import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type SampleEvent, sampleEvent, sampleShape, security } from '../facts/sample-event.ts'
import { countKinds } from './count-kinds.ts'
import type { KindCount } from './stage.ts'

/** The kinds of events of one shape. */
function counted(...samples: SampleEvent[]): KindCount[] {
  const kinds: KindCount[] = []
  const taker = countKinds({ name: 'x', format: 'evtx' }, (batch) => kinds.push(...(batch.kinds ?? [])))
  const shape = sampleShape(samples[0])
  for (const sample of samples) taker.take(sampleEvent(sample, shape))
  taker.flush()
  return kinds
}
const created = (CommandLine: string) => security(4688, { NewProcessName: 'C:\\a.exe', CommandLine })

test('a command line that is empty in all events of a kind is none: the policy that fills it is off', () => {
  const [off] = counted(created(''), created('-'))
  assert.deepEqual([off.count, off.fields], [2, ['NewProcessName']])
  const [on] = counted(created(''), created('a -x'))
  assert.deepEqual([on.count, on.fields], [2, ['NewProcessName', 'CommandLine']])
})
