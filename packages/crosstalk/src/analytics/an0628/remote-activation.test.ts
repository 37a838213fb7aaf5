import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Graph, imageName } from '../../graph/graph.ts'
import { graphOf, tell } from '../../graph/testing.ts'
import { an0628 } from './index.ts'

const find = (graph: Graph) => an0628.find({ graph, rules: new Map() })
const dcomLaunch = { pid: 600, image: 'C:\\Windows\\System32\\svchost.exe' }
const anna = { name: 'anna', domain: 'CORP', logonId: '0x51ab' }
const server = (image: string) => ({ guid: '{M}', pid: 3492, image, commandLine: `${image} -Embedding` })
const mmc = server('C:\\Windows\\System32\\mmc.exe')

describe('a COM server in a logon session', () => {
  const startedIn = (address: string, process = mmc, logonId = anna.logonId) =>
    graphOf(
      tell('SRV')
        .logon(5, anna, address)
        .started(6, process, dcomLaunch, { user: { ...anna, logonId } }),
    )

  test('that came over the network was started for the caller there', () => {
    const [found] = find(startedIn('10.0.0.5'))
    assert.equal(found.title, 'mmc.exe started as a COM server for 10.0.0.5')
    assert.deepEqual(
      found.techniques.map(({ id }) => id),
      ['T1559.001', 'T1021.003'],
    )
    assert.deepEqual(found.channels[0].clients, [{ address: '10.0.0.5' }])
  })
  test('of the machine itself, another session, or a surrogate of a hundred classes is no finding', () => {
    assert.deepEqual(find(startedIn('127.0.0.1')), [])
    assert.deepEqual(find(startedIn('10.0.0.5', mmc, '0x7777')), [])
    assert.deepEqual(find(startedIn('10.0.0.5', server('C:\\Windows\\System32\\dllhost.exe'))), [])
    assert.deepEqual(find(startedIn('10.0.0.5', server('C:\\Windows\\System32\\RuntimeBroker.exe'))), [])
  })
  test('explorer, which desktops start all day, only in such a session', () => {
    const explorer = server('C:\\Windows\\explorer.exe')
    assert.equal(find(startedIn('10.0.0.5', explorer)).length, 1)
    assert.deepEqual(find(startedIn('127.0.0.1', explorer)), [])
  })
})

describe('launches that DCOM refused', () => {
  const MMC20 = '{49B2791A-B1AE-4C90-9B8E-E860BA07F889}'
  const SHELL = '{C08AFD90-F2A1-11D1-8455-00A0C91F3880}'
  const refused = (at: number, name: string, address: string | undefined) =>
    tell('SRV').observed(at, {
      channel: { kind: 'dcom', host: 'SRV', name },
      act: 'activate',
      account: anna,
      peer: { address },
      detail: { eventId: '10016' },
    })

  test('of classes that run commands are told with their caller', () => {
    const [found] = find(graphOf(refused(1, SHELL, '10.0.0.5'), refused(14, MMC20, '10.0.0.5')))
    assert.equal(found.title, '10.0.0.5 was refused ShellBrowserWindow and MMC20.Application over DCOM')
    assert.ok(
      found.reasons.some(({ text }) => text === 'It asked for 2 such classes within 13 s, one after the other.'),
    )
  })
  test('two callers are two stories, another class is none', () => {
    assert.equal(find(graphOf(refused(1, SHELL, '10.0.0.5'), refused(2, MMC20, '10.0.0.6'))).length, 2)
    assert.deepEqual(find(graphOf(refused(1, '{8BC3F05E-D86B-11D0-A075-00C04FB68820}', '10.0.0.5'))), [])
    assert.deepEqual(find(graphOf(refused(1, '{12345678-0000-0000-0000-000000000000}', '10.0.0.5'))), [])
  })
})

describe('a script that names a class on another machine', () => {
  const shell = { pid: 7588, image: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe' }
  const named = (name: string, host: string, text: string) =>
    graphOf(
      tell('WS')
        .started(1, shell)
        .observed(5, {
          channel: { kind: 'dcom', host, name },
          act: 'refer',
          actor: shell,
          account: anna,
          peer: { host },
          detail: { ScriptBlockText: text },
        }),
    )

  test('through which commands are run is told, and the method with it', () => {
    const text = '[activator]::CreateInstance(…).Document.ActiveView.ExecuteShellCommand("cmd.exe")'
    const [found] = find(named('MMC20.Application.1', 'SRV', text))
    assert.equal(found.title, `${imageName(shell.image)} on WS asks for MMC20.Application.1 on SRV`)
    assert.ok(found.reasons.some(({ text }) => /calls ExecuteShellCommand/.test(text)))
    assert.equal(found.remotes[0].address, 'SRV')
  })
  test('another class, or its own machine, is no finding', () => {
    assert.deepEqual(find(named('Microsoft.Update.Session', 'SRV', '')), [])
    assert.deepEqual(find(named('MMC20.Application', 'WS', '')), [])
  })
})
