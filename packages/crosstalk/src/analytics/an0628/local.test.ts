import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Graph, imageName } from '../../graph/graph.ts'
import { graphOf, tell } from '../../graph/testing.ts'
import { an0628 } from './index.ts'

const SYSTEM32 = 'C:\\Windows\\System32\\'
const find = (graph: Graph) => an0628.find({ graph, rules: new Map() })
const names = (graph: Graph) => find(graph).map((one) => one.by)
const worker = { guid: '{P}', pid: 3388, image: 'C:\\inetpub\\tool.exe', commandLine: 'tool.exe' }
const child = { guid: '{C}', pid: 1240, image: `${SYSTEM32}notepad.exe`, commandLine: 'notepad.exe' }
const pool = { name: 'DefaultAppPool', domain: 'IIS APPPOOL' }
const asSystem = { name: 'SYSTEM', domain: 'NT AUTHORITY', sid: 'S-1-5-18' }

describe('activation on one’s own machine, relayed', () => {
  const loopback = () =>
    tell('WEB')
      .started(1, worker, {}, { user: pool })
      .outbound(10, worker, '127.0.0.1:49166', '127.0.0.1:135')
      .inbound(10, worker, '127.0.0.1:49167', '127.0.0.1:7777')

  test('a SYSTEM child after loopback calls both ways', () => {
    const [found] = find(graphOf(loopback().started(12, child, worker, { user: asSystem })))
    assert.equal(found.by, 'AN0628/local-relay')
    assert.deepEqual(
      found.techniques.map((one) => one.id),
      ['T1559.001', 'T1134.001'],
    )
  })
  test('a child under the same account, calls one way, or a parent that is SYSTEM itself: no finding', () => {
    assert.deepEqual(names(graphOf(loopback().started(12, child, worker, { user: pool }))), [])
    const oneWay = tell('WEB')
      .started(1, worker, {}, { user: pool })
      .outbound(10, worker, '127.0.0.1:49166', '127.0.0.1:135')
    assert.deepEqual(names(graphOf(oneWay.started(12, child, worker, { user: asSystem }))), [])
    const service = tell('WEB')
      .started(1, worker, {}, { user: asSystem })
      .outbound(10, worker, '127.0.0.1:49166', '127.0.0.1:135')
      .inbound(10, worker, '127.0.0.1:49167', '127.0.0.1:7777')
    assert.deepEqual(names(graphOf(service.started(12, child, worker, { user: asSystem }))), [])
  })
})

describe('explorer driven by a document', () => {
  const word = {
    guid: '{W}',
    pid: 3424,
    image: 'C:\\Program Files\\Microsoft Office\\WINWORD.EXE',
    commandLine: 'WINWORD.EXE /n a.doc',
  }
  const explorer = { guid: '{E}', pid: 600, image: 'C:\\Windows\\explorer.exe', commandLine: 'explorer.exe' }
  const mshta = {
    guid: '{M}',
    pid: 9932,
    image: `${SYSTEM32}mshta.exe`,
    commandLine: 'mshta.exe C:\\Users\\Public\\a.hta',
  }
  const reads = (actor: object) => ({
    channel: { kind: 'com' as const, host: 'WS', name: '{C08AFD90-F2A1-11D1-8455-00A0C91F3880}' },
    act: 'refer' as const,
    actor,
    detail: { class: 'ShellBrowserWindow' },
  })
  test('the class is read, then explorer starts an interpreter', () => {
    const [found] = find(
      graphOf(tell('WS').started(1, word, explorer).observed(5, reads(word)).started(5.5, mshta, explorer)),
    )
    assert.equal(found.by, 'AN0628/shell-driven')
    assert.equal(found.title, 'WINWORD.EXE had explorer.exe start mshta.exe through ShellBrowserWindow')
    assert.ok(found.techniques.some((one) => one.id === 'T1204.002'))
  })
  test('explorer reading its own class, or a start much later, is no finding', () => {
    assert.deepEqual(
      names(graphOf(tell('WS').started(1, word, explorer).observed(5, reads(explorer)).started(5.5, mshta, explorer))),
      [],
    )
    assert.deepEqual(
      names(graphOf(tell('WS').started(1, word, explorer).observed(5, reads(word)).started(60, mshta, explorer))),
      [],
    )
  })
})

test('WMI starts a plain program for a network session of that second', () => {
  const provider = { guid: '{V}', pid: 2792, image: `${SYSTEM32}wbem\\WmiPrvSE.exe` }
  const calc = { guid: '{X}', pid: 1060, image: `${SYSTEM32}calc.exe` }
  const story = tell('SRV')
    .logon(9, { name: 'admin', domain: 'CORP', logonId: '0x9' }, '10.0.0.5')
    .started(9.5, provider, {})
    .started(10, calc, provider)
  const [found] = find(graphOf(story))
  assert.equal(found.by, 'AN0628/wmi-execution')
  assert.ok(found.reasons.some((one) => one.support === 'remote'))
  assert.deepEqual(
    found.remotes.map(({ address, direction }) => [address, direction]),
    [['10.0.0.5', 'inbound']],
  )
  assert.deepEqual(names(graphOf(tell('SRV').started(9.5, provider, {}).started(10, calc, provider))), [])
})

test('a shell of the network service whose children have a network logon’s token, where 4688 names no parent', () => {
  const unnamed = { pid: 1508 }
  const shell = { pid: 264, image: `${SYSTEM32}cmd.exe`, commandLine: 'cmd.exe /Q /c dir' }
  const below = { pid: 4060, image: `${SYSTEM32}conhost.exe`, commandLine: 'conhost.exe' }
  const networkService = { name: 'SRV$', domain: 'CORP', logonId: '0x3e4' }
  const story = (creator: object, logonId: string) =>
    graphOf(
      tell('SRV')
        .logon(9, { name: 'admin', domain: 'CORP', logonId: '0x9' }, '10.0.0.5')
        .started(10, shell, unnamed, { user: creator })
        .started(10.1, below, { pid: 264 }, { user: { name: 'admin', domain: 'CORP', logonId } }),
    )
  const [found] = find(story(networkService, '0x9'))
  assert.equal(found.title, 'cmd.exe started through WMI')
  assert.match(found.assumptions[0], /is WmiPrvSE\.exe is inferred/)
  assert.deepEqual(names(story(networkService, '0x77')), [])
  assert.deepEqual(names(story({ name: 'SRV$', domain: 'CORP', logonId: '0x3e7' }, '0x9')), [])
})

test('a command of the same machine that asked WMI for the program is its client', () => {
  const provider = { guid: '{V}', pid: 2792, image: `${SYSTEM32}wbem\\WmiPrvSE.exe` }
  const shell = { guid: '{X}', pid: 1060, image: `${SYSTEM32}cmd.exe`, commandLine: 'cmd.exe /c dir' }
  const wmic = (commandLine: string) => ({ guid: '{W}', pid: 90, image: `${SYSTEM32}wbem\\WMIC.exe`, commandLine })
  const story = (commandLine: string) =>
    find(graphOf(tell('WS').started(8, wmic(commandLine)).started(9, provider, {}).started(10, shell, provider)))[0]
  const found = story('wmic process call create "cmd.exe /c dir"')
  assert.deepEqual(
    found.channels[0].clients.map((one) => 'process' in one && imageName(one.process.image)),
    ['wmic.exe'],
  )
  assert.deepEqual(found.gaps, [])
  assert.deepEqual(story('wmic os get caption').channels[0].clients, [])
})
