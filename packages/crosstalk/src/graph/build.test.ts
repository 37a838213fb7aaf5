import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildGraph } from './build.ts'
import { createFactStore } from './fold.ts'
import { ancestors, descendants } from './graph.ts'
import { graphOf, tell } from './testing.ts'

const CMD = 'C:\\Windows\\System32\\cmd.exe'
const EXPLORER = 'C:\\Windows\\explorer.exe'

test('a start told by Sysmon and by the Security log is one process', () => {
  const host = tell('WS1')
    .started(
      10.2,
      { guid: '{A}', pid: 50, image: CMD, commandLine: 'cmd /c dir' },
      { guid: '{P}', pid: 7, image: EXPLORER },
    )
    .started(10, { pid: 50, image: CMD }, { pid: 7, image: EXPLORER }, { user: { name: 'ann', logonId: '0x99' } })
  const graph = graphOf(host)
  const cmds = [...graph.processes.values()].filter((one) => one.image === CMD)
  assert.equal(cmds.length, 1)
  assert.equal(cmds[0].commandLine, 'cmd /c dir')
  assert.equal(cmds[0].user.name, 'ann')
  assert.equal(cmds[0].facts.length, 2)
})

test('where the collector lost Sysmon’s pid, command line and time join the two reports, if they mean one start only', () => {
  const services = { pid: 7, image: 'C:\\Windows\\System32\\services.exe' }
  const bySecurity = (at: number, pid: number) =>
    [at, { pid, image: CMD, commandLine: 'cmd /c dir' }, services] as const
  const bySysmon = (at: number, guid: string) =>
    [at, { guid, image: CMD, commandLine: 'cmd /c dir' }, services] as const
  const cmds = (story: ReturnType<typeof tell>) =>
    [...graphOf(story).processes.values()].filter((one) => one.image === CMD)

  const [one, ...others] = cmds(
    tell('WS1')
      .started(...bySecurity(10, 50))
      .started(...bySysmon(10.5, '{A}')),
  )
  assert.deepEqual([one.guid, one.pid, others.length], ['{A}', 50, 0])
  assert.equal(
    cmds(
      tell('WS1')
        .started(...bySysmon(10, '{A}'))
        .started(...bySecurity(11, 50)),
    ).length,
    1,
  )
  const twice = tell('WS1')
    .started(...bySecurity(10, 50))
    .started(...bySecurity(10.2, 51))
    .started(...bySysmon(10.5, '{A}'))
  assert.equal(cmds(twice).length, 3)
  assert.equal(
    cmds(
      tell('WS1')
        .started(...bySecurity(10, 50))
        .started(...bySysmon(20, '{A}')),
    ).length,
    2,
  )
})

test('a pid that is used again is another process', () => {
  const graph = graphOf(
    tell('WS1')
      .started(0, { pid: 50, image: CMD, commandLine: 'first' }, { pid: 7, image: EXPLORER })
      .ended(20, { pid: 50, image: CMD })
      .started(60, { pid: 50, image: 'C:\\Windows\\notepad.exe', commandLine: 'second' }, { pid: 7, image: EXPLORER })
      .inbound(65, { pid: 50 }, '10.0.0.9:5000', '10.0.0.1:49700'),
  )
  const byLine = new Map([...graph.processes.values()].map((one) => [one.commandLine, one]))
  assert.equal(byLine.get('first')?.connections.length, 0)
  assert.equal(byLine.get('second')?.connections.length, 1)
})

test('a parent whose start was not recorded is still a node, and the same one for all its children', () => {
  const graph = graphOf(
    tell('WS1')
      .started(
        5,
        { guid: '{A}', pid: 50, image: CMD },
        { guid: '{P}', pid: 7, image: EXPLORER, commandLine: 'explorer' },
      )
      .started(6, { guid: '{B}', pid: 51, image: CMD }, { guid: '{P}', pid: 7, image: EXPLORER }),
  )
  const parent = graph.processes.get('WS1/{P}')
  assert.equal(parent?.commandLine, 'explorer')
  assert.deepEqual(
    parent?.children.map((child) => child.key),
    ['WS1/{A}', 'WS1/{B}'],
  )
  assert.equal(Number.isNaN(parent?.start), true)
})

test('short and full names are one host; the same first label in two domains is two hosts', () => {
  const one = graphOf(
    tell('WS1').started(0, { pid: 9, image: CMD }),
    tell('ws1.example.test').started(9, { pid: 10, image: CMD }),
  )
  assert.deepEqual([...one.hosts.keys()], ['WS1'])
  const two = graphOf(
    tell('ws1.a.test').started(0, { pid: 9, image: CMD }),
    tell('ws1.b.test').started(9, { pid: 10, image: CMD }),
  )
  assert.deepEqual([...two.hosts.keys()].sort(), ['WS1.A.TEST', 'WS1.B.TEST'])
})

test('an address belongs to the host whose telemetry shows it as local', () => {
  const graph = graphOf(
    tell('WS1').inbound(0, { pid: 4, image: 'System' }, '10.0.0.9:5000', '10.0.0.1:445'),
    tell('WS9').outbound(0, { pid: 77, image: CMD }, '10.0.0.9:5000', '10.0.0.1:445'),
  )
  assert.equal(graph.hostAt('10.0.0.9')?.name, 'WS9')
  assert.equal(graph.hostAt('::ffff:10.0.0.1')?.name, 'WS1')
  assert.equal(graph.hostAt('10.0.0.77'), undefined)
})

test('the graph does not depend on the order in which facts arrive', () => {
  const host = tell('WS1')
  for (let at = 0; at < 40; at++)
    host.started(
      at,
      { pid: 100 + (at % 7), image: CMD, commandLine: `cmd ${at}` },
      { pid: 100 + ((at + 3) % 7), image: CMD },
    )
  const shape = (facts: typeof host.facts) => {
    const store = createFactStore()
    store.add(facts)
    return [...buildGraph(store).processes.values()].map((one) => `${one.key} < ${one.parent?.key}`).sort()
  }
  assert.deepEqual(shape([...host.facts].reverse()), shape(host.facts))
})

test('lineage ends where it loops', () => {
  const graph = graphOf(
    tell('WS1')
      .started(0, { guid: '{A}', pid: 1, image: CMD }, { guid: '{B}', pid: 2, image: CMD })
      .started(1, { guid: '{B}', pid: 2, image: CMD }, { guid: '{A}', pid: 1, image: CMD }),
  )
  const a = graph.processes.get('WS1/{A}')!
  assert.equal(ancestors(a).length <= 1, true)
  assert.equal(descendants(a).length <= 1, true)
})

test('beyond the bound facts are counted, not kept, and the graph says so', () => {
  const store = createFactStore(10)
  const host = tell('WS1')
  for (let at = 0; at < 30; at++) host.started(at, { pid: at, image: CMD })
  store.add(host.facts)
  const graph = buildGraph(store)
  assert.equal(graph.processes.size, 10)
  assert.match(graph.bounds[0], /^20 facts of kind process-started were not kept/)
})

test('the same connection reported again within a minute is kept once and counted', () => {
  const host = tell('WS1')
  for (let at = 0; at < 5; at++) host.inbound(at, { pid: 4, image: 'System' }, '10.0.0.9:5000', '10.0.0.1:445')
  const graph = graphOf(host)
  assert.equal(graph.connections.length, 1)
  assert.equal(graph.counts.get('connection'), 5)
})

test('a connection that was read from the wrong end is turned round where the addresses’ owners are known', () => {
  const one = tell('WS1')
  for (let at = 0; at < 5; at++) one.outbound(at, { pid: 9, image: CMD }, `10.0.0.1:${50000 + at}`, '10.0.0.9:445')
  one.inbound(9, { pid: 700, image: EXPLORER }, '10.0.0.1:49700', '10.0.0.9:52000')
  const two = tell('WS9')
  for (let at = 0; at < 5; at++) two.outbound(at, { pid: 9, image: CMD }, `10.0.0.9:${51000 + at}`, '10.0.0.7:443')
  const graph = graphOf(one, two)
  const turned = graph.connections.find((fact) => fact.process.pid === 700)
  assert.deepEqual(
    [turned?.localAddress, turned?.localPort, turned?.remoteAddress, turned?.remotePort],
    ['10.0.0.1', 49700, '10.0.0.9', 52000],
  )
  assert.deepEqual([...graph.hosts.get('WS1')!.addresses.keys()], ['10.0.0.1'])
})

test('a process guid with another token is the same process when machine, second of the start and pid agree', () => {
  const of = (token: string, second = '60c4') => `{e2c04bb9-08db-${second}-${token}}`
  const image = 'C:\\TMP\\server.exe'
  const host = tell('WS1')
    .started(1, { guid: of('539f-400100000000'), pid: 51, image })
    .pipe(2, 'create', 'one', { guid: of('8c09-000000000300'), pid: 51, image })
    .pipe(3, 'create', 'two', { guid: of('8c09-000000000300', '60c5'), pid: 51, image })
  const graph = graphOf(host)
  const [one, two] = graph.observations.map((fact) => graph.processOf(fact))
  assert.equal(one?.start, graph.observations[0].time - 1e6)
  assert.notEqual(two, one)
})
