import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Case } from '../../../cases/case.ts'
import { dcomCase } from '../../example-run.ts'
import type { Box } from './drawing.ts'
import { channelLayout } from './layout.ts'

const layout = channelLayout(dcomCase)
const host = (name: string) => layout.hosts.find((one) => one.name === name)!
const inside = (inner: Box, outer: Box) =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height
const apart = (a: Box, b: Box) =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y

describe('the channel graph', () => {
  test('the client’s host stands left of the host that serves it', () => {
    assert.ok(host('ASH-WS02').x + host('ASH-WS02').width < host('ASH-WS03').x)
  })
  test('processes and channels stand in their host', () => {
    for (const process of layout.processes) assert.ok(inside(process, host(process.key.split('|')[0])), process.label)
    for (const channel of layout.channels) assert.ok(inside(channel, host('ASH-WS03')), channel.name)
  })
  test('an address of a host of the case is that host; others stand outside', () => {
    assert.deepEqual(
      layout.addresses.map(({ address, side, note }) => ({ address, side, note })),
      [{ address: '203.0.113.45', side: 'out', note: 'tcp 443' }],
    )
  })
  test('who talks to whom, each pair once', () => {
    assert.deepEqual(
      layout.edges.filter((edge) => edge.kind !== 'lineage').map(({ kind, title }) => `${kind}: ${title}`),
      [
        'serves: serves dcom ShellWindows {9BA05972-F6A8-11CF-A442-00A0C90A8F39}',
        'uses: uses dcom ShellWindows {9BA05972-F6A8-11CF-A442-00A0C90A8F39}',
        'serves: serves rpc epmapper',
        'uses: uses rpc epmapper',
        'serves: serves named-pipe PSHost.133855633328842711.6704.DefaultAppDomain.powershell',
        'connects: tcp 203.0.113.45:443, outbound',
      ],
    )
  })
  test('processes at an end of a channel are marked', () => {
    assert.deepEqual(
      layout.processes.filter((process) => process.actor).map((process) => process.label),
      ['powershell.exe (5120)', 'svchost.exe (912)', 'explorer.exe (4188)', 'powershell.exe (6704)'],
    )
  })
  test('a caller of which only the address is known stands left, outside', () => {
    const story: Case = {
      ...dcomCase,
      hosts: [dcomCase.hosts[0], { ...dcomCase.hosts[1], name: '10.20.0.22' }],
      processes: dcomCase.processes.filter((process) => process.host === 'ASH-WS03'),
      channels: [{ ...dcomCase.channels[0], clients: [{ address: '10.20.0.22' }] }],
    }
    const picture = channelLayout(story)
    assert.deepEqual(
      picture.hosts.map((one) => one.name),
      ['ASH-WS03'],
    )
    assert.deepEqual(
      picture.addresses.map(({ address, side }) => `${side} ${address}`),
      ['in 10.20.0.22', 'out 203.0.113.45'],
    )
    assert.ok(picture.addresses[0].x + picture.addresses[0].width < picture.hosts[0].x)
  })
  test('says what it leaves out', () => {
    const processes = Array.from({ length: 40 }, (_, at) => ({ ...dcomCase.processes[0], key: `p${at}`, pid: at }))
    const channels = Array.from({ length: 30 }, (_, at) => ({
      ...dcomCase.channels[1],
      name: `pipe${at}`,
      clients: [],
    }))
    assert.deepEqual(channelLayout({ ...dcomCase, processes, channels }).notes, [
      '18 more channels on ASH-WS03',
      '26 more processes on ASH-WS02',
    ])
  })

  const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
  const name = fc.constantFrom('H1', 'H2', 'H3', '10.0.0.9')
  const anyCase = fc
    .record({
      processes: fc.array(
        fc.record({
          key,
          host: name,
          image: fc.string({ maxLength: 40 }),
          parentKey: fc.option(key, { nil: undefined }),
        }),
      ),
      channels: fc.array(
        fc.record({
          host: name,
          name: fc.string(),
          server: fc.option(key, { nil: undefined }),
          clients: fc.array(
            fc.oneof(fc.record({ process: key }), fc.record({ address: fc.constantFrom('10.0.0.1', '10.0.0.9') })),
          ),
        }),
      ),
      remotes: fc.array(
        fc.record({
          address: fc.constantFrom('10.0.0.1', '10.0.0.9', '203.0.113.9'),
          direction: fc.constantFrom('inbound', 'outbound'),
          process: fc.option(key, { nil: undefined }),
        }),
      ),
      hosts: fc.array(
        fc.record({
          name,
          role: fc.constantFrom('target', 'source', 'peer'),
          addresses: fc.array(fc.constantFrom('10.0.0.1', '10.0.0.9')),
        }),
      ),
    })
    .map(
      ({ processes, channels, remotes, hosts }): Case => ({
        ...dcomCase,
        processes: processes.map((one) => ({ ...one, evidence: [] })),
        channels: channels.map((one) => ({ ...one, kind: 'rpc', firstSeen: '', evidence: [] })),
        remotes: remotes.map((one) => ({
          ...one,
          direction: one.direction as 'inbound',
          protocol: 'tcp',
          evidence: [],
        })),
        hosts: hosts.map((one) => ({ ...one, role: one.role as 'peer', firstSeen: '', lastSeen: '' })),
      }),
    )
  test('no two hosts, no two channels and no two addresses overlap, and nothing leaves the picture, whatever the case', () => {
    fc.assert(
      fc.property(anyCase, (story) => {
        const picture = channelLayout(story)
        for (const boxes of [picture.hosts, picture.channels, picture.addresses, picture.processes])
          for (const [at, a] of boxes.entries())
            for (const b of boxes.slice(at + 1)) assert.ok(apart(a, b), JSON.stringify([a, b]))
        const all = { x: 0, y: 0, width: picture.width, height: picture.height }
        for (const box of [...picture.hosts, ...picture.channels, ...picture.addresses, ...picture.processes])
          assert.ok(inside(box, all), JSON.stringify(box))
        assert.doesNotMatch(picture.edges.map((edge) => edge.path).join(), /NaN|Infinity|undefined/)
      }),
    )
  })
})
