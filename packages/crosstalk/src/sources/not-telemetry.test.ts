import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { recognise } from './index.ts'
import { detectionsOf } from './not-telemetry.ts'

const HAYABUSA = {
  Timestamp: '2019-08-30 14:54:08.257 +02:00',
  RuleTitle: 'DLL Loaded',
  Level: 'low',
  Computer: 'PC',
  Channel: 'Sysmon',
  EventID: 7,
  RecordID: 1,
  Details: { Image: 'C:\\a.exe' },
}
const CHAINSAW = {
  group: 'Sigma',
  kind: 'individual',
  document: { kind: 'evtx', path: '/a.evtx', data: { Event: { System: { EventID: 4698, Channel: 'Security' } } } },
  name: 'x',
  timestamp: '2019-03-19T00:02:04.319945+00:00',
}

describe('detections of other tools', () => {
  const samples: [tool: string, text: string][] = [
    [
      'Hayabusa',
      '"Timestamp","RuleTitle","Level","Computer","Channel","EventID","RecordID","Details"\n"2022","x","low"\n',
    ],
    ['Hayabusa', JSON.stringify(HAYABUSA)],
    ['Hayabusa', JSON.stringify([HAYABUSA], null, 4)],
    ['Chainsaw', JSON.stringify(CHAINSAW)],
    ['Chainsaw', JSON.stringify([CHAINSAW])],
    ['Chainsaw', 'timestamp,detections,path,Event ID\n2019,x,y,1\n'],
  ]
  it('are named, and no source takes them for its own', () => {
    for (const [tool, text] of samples) {
      assert.equal(detectionsOf(Buffer.from(text)), tool, text)
      assert.equal(recognise(Buffer.from(text), 'x.json'), undefined, text)
    }
  })
  it('are not what else has such words', () => {
    for (const text of ['', '{}', 'RuleTitle Timestamp Level', '{"kind":"individual"}'])
      assert.equal(detectionsOf(Buffer.from(text)), undefined, text)
  })
})
