import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Graph } from '../graph/graph.ts'
import type { ClockSkew } from '../graph/skew.ts'
import { tell } from '../graph/testing.ts'
import { clockOrderAssumptions } from './clock-order.ts'

const SKEW: ClockSkew = { host: 'SRV4', other: 'WS6', ahead: 12.5, spread: 0.1, connections: 14, logons: 0 }

/** What is said of an event of WS6 at `client` seconds and one of SRV4 at `server` seconds. */
function said(client: number, server: number, skews: readonly ClockSkew[] = [SKEW]): string[] {
  const facts = [
    ...tell('WS6').effect(client, 'file-created', 'a.exe').facts,
    ...tell('SRV4').effect(server, 'service-installed', 'svc').facts,
  ]
  const graph: Pick<Graph, 'skews' | 'hostNamed'> = { skews, hostNamed: () => undefined }
  return clockOrderAssumptions(facts, graph, (fact) => (fact.kind === 'effect' ? fact.name : fact.kind))
}

describe('the order of events on two hosts', () => {
  it('is an assumption where the clock ahead is that of the later event, and the distance less than the skew', () => {
    assert.deepEqual(said(0, 10), [
      'SRV4’s clock is 12.5 s ahead of WS6’s (median of 14 connections that both saw; half within 0.10 s of it). Times are as they were written, and not corrected: one event of WS6 that stands here before one of SRV4 may have come after it, for example "a.exe" before "svc".',
    ])
  })
  it('is none where the distance is larger', () => {
    assert.deepEqual(said(0, 13), [])
  })
  it('is none where the skew can only have brought them nearer', () => {
    assert.deepEqual(said(10, 0), [])
  })
  it('is none where no skew is known, or only one within what logging takes', () => {
    assert.deepEqual(said(0, 10, []), [])
    assert.deepEqual(said(0, 0.2, [{ ...SKEW, ahead: 0.5 }]), [])
    assert.deepEqual(said(0, 10, [{ ...SKEW, host: 'SRV5' }]), [])
  })
  it('hints at a wrong time zone where the skew is one', () => {
    const [text] = said(0, 10, [{ ...SKEW, ahead: 7199.6 }])
    assert.match(text, /^SRV4’s clock is 2 h 0 min ahead of WS6’s .*the time zone of one of them may be wrong \(--tz\)/)
  })
})
