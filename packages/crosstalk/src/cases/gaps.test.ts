import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Detection, detection } from '../analytics/analytic.ts'
import { graphOf, tell } from '../graph/testing.ts'
import { gapsOf } from './gaps.ts'

const graph = graphOf(
  tell('WS').started(1, { pid: 5, image: 'C:\\a.exe' }),
  tell('SRV').started(1, { pid: 6, image: 'C:\\b.exe' }),
)
const [ws, srv] = ['WS', 'SRV'].map((name) => graph.hostNamed(name)!)
const asked: Detection = {
  ...detection('AN0628/dcom-client', 'asks', ws, 1),
  gaps: [{ text: 'what SRV did', wouldShow: 'events of SRV', answeredOn: srv }],
}
const texts = (...detections: Detection[]) => gapsOf(detections, [], [], graph).map(({ text }) => text)

describe('a gap that what happened on another machine would fill', () => {
  it('is one while nothing is told of that machine', () => {
    assert.deepEqual(texts(asked), ['what SRV did'])
    assert.deepEqual(texts(asked, detection('AN1357/implant-pipes', 'elsewhere', ws, 1)), ['what SRV did'])
  })
  it('is one where only a rule matched there', () => {
    assert.deepEqual(texts(asked, detection('rule', 'a rule', srv, 1)), ['what SRV did'])
  })
  it('is none when the case tells what happened there', () => {
    assert.deepEqual(texts(asked, detection('AN0628/dcom-execution', 'there', srv, 1)), [])
  })
})
