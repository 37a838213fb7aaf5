import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findAll } from '../analytics/index.ts'
import type { ClockSkew, Graph } from '../graph/graph.ts'
import { graphOf, tell } from '../graph/testing.ts'
import { buildCase } from './build.ts'
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

describe('a case of two hosts whose clocks are apart', () => {
  const explorer = { guid: '{E}', pid: 800, image: 'C:\\Windows\\explorer.exe' }
  const shell = { guid: '{C}', pid: 900, image: 'C:\\Windows\\System32\\cmd.exe', commandLine: 'cmd /c whoami' }

  /** WS5 calls the shell's COM object on WS6, which starts a shell; both saw six more connections. */
  function caseWith(ahead: number) {
    const target = tell('WS6')
      .inbound(10, { pid: 900, image: 'C:\\Windows\\System32\\svchost.exe' }, '10.0.0.5:50001', '10.0.0.6:135')
      .inbound(11, explorer, '10.0.0.5:50002', '10.0.0.6:49700')
      .started(12, shell, explorer)
    const source = tell('WS5').outbound(
      11 + ahead,
      { guid: '{X}', pid: 321, image: 'C:\\Users\\a\\tool.exe' },
      '10.0.0.5:50002',
      '10.0.0.6:49700',
    )
    for (let at = 0; at < 6; at++) {
      target.inbound(600 + at * 60, { pid: 4 }, `10.0.0.5:${51_000 + at}`, '10.0.0.6:445')
      source.outbound(600 + at * 60 + ahead, { pid: 4 }, `10.0.0.5:${51_000 + at}`, '10.0.0.6:445')
    }
    const graph = graphOf(target, source)
    return buildCase(findAll({ graph, rules: new Map() }), { graph, rules: new Map() }).case
  }

  it('says that their order is assumed, and leaves the times as they were written', () => {
    const told = caseWith(8)
    assert.equal(told.assumptions.length, 1)
    assert.match(
      told.assumptions[0],
      /^WS5’s clock is 8\.00 s ahead of WS6’s \(median of 7 connections that both saw; half within 0\.00 s of it\)\. Times are as they were written, and not corrected: one event of WS6 that stands here before one of WS5 may have come after it, for example "explorer\.exe /,
    )
    assert.ok(told.timeline.some((one) => one.host === 'WS5' && one.time === '2026-01-05T09:00:19.000Z'))
  })
  it('says nothing of clocks that agree', () => {
    assert.deepEqual(caseWith(0).assumptions, [])
  })
})
