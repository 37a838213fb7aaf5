import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Graph } from '../../graph/graph.ts'
import { graphOf, tell } from '../../graph/testing.ts'
import type { Detection } from '../analytic.ts'
import { an1357 } from './index.ts'

const SYSTEM32 = 'C:\\Windows\\System32\\'
const system = { pid: 4, image: 'System' }
const services = { guid: '{S}', pid: 500, image: `${SYSTEM32}services.exe`, commandLine: 'services.exe' }
const IMAGE_PATH = 'HKLM\\System\\CurrentControlSet\\services\\hello\\ImagePath'
const find = (graph: Graph) => an1357.find({ graph, rules: new Map() })
const names = (graph: Graph) => find(graph).map((one) => one.by)
const supports = (one: Detection) => [...new Set(one.reasons.map((reason) => reason.support))].sort()
const anna = { name: 'anna', domain: 'CORP', logonId: '0x9' }
const winreg = {
  channel: { kind: 'named-pipe', host: 'SRV', name: 'winreg' },
  act: 'connect',
  account: anna,
  peer: { address: '10.0.0.5', port: 5000 },
} as const

describe('a service made to run over a pipe that only the SMB server was seen to open', () => {
  const story = () =>
    tell('SRV')
      .pipe(10, 'connect', 'ntsvcs', system)
      .effect(10.2, 'registry-set', IMAGE_PATH, {
        actor: services,
        detail: { Details: '%COMSPEC% /b /c start powershell.exe -w hidden', EventType: 'SetValue' },
      })
      .inbound(11, system, '10.0.0.5:33801', '10.0.0.9:445')

  test('is found by the new program path, and the one SMB client is the caller', () => {
    const [found] = find(graphOf(story()))
    assert.equal(found.by, 'AN1357/rpc-service')
    assert.equal(found.title, '10.0.0.5 made services run on this host through svcctl: hello')
    assert.deepEqual(supports(found), ['after', 'content', 'indicator', 'remote'])
    assert.equal(found.remotes[0].address, '10.0.0.5')
  })
  test('with two SMB clients nobody is named, and the gap says so', () => {
    const [found] = find(graphOf(story().inbound(11.5, system, '10.0.0.6:40000', '10.0.0.9:445')))
    assert.deepEqual(found.remotes, [])
    assert.match(found.gaps.map((one) => one.text).join(' '), /From which address the pipe was opened/)
  })
  test('services that merely start and stop are no finding', () => {
    const day = tell('SRV')
      .pipe(10, 'connect', 'svcctl', system)
      .effect(11, 'service-state', 'Windows Update', { detail: { param2: 'running' } })
      .started(
        12,
        { guid: '{U}', pid: 7, image: `${SYSTEM32}svchost.exe`, commandLine: 'svchost.exe -s wuauserv' },
        services,
      )
    assert.deepEqual(names(graphOf(day)), [])
  })
  test('what Security 5145 tells with the caller is not told twice', () => {
    const both = story().observed(10, {
      channel: { kind: 'named-pipe', host: 'SRV', name: 'svcctl' },
      act: 'connect',
      account: anna,
      peer: { address: '10.0.0.5', port: 33_801 },
    })
    assert.deepEqual(names(graphOf(both)), ['AN1357/rpc-service'])
  })
})

describe('a task or service set up in a network logon session', () => {
  const story = (address: string) =>
    tell('SRV')
      .logon(5, anna, address)
      .effect(6, 'task-registered', '\\Updater', {
        account: anna,
        detail: { event: 'created', Command: 'cmd.exe /c whoami' },
      })

  test('was a call from the machine that the session came from', () => {
    const [found] = find(graphOf(story('10.0.0.5')))
    assert.equal(found.by, 'AN1357/rpc-task')
    assert.equal(found.title, 'CORP\\anna set up a task from 10.0.0.5: \\Updater')
    assert.deepEqual(supports(found), ['after', 'before', 'content', 'lineage', 'remote'])
  })
  test('of the machine itself is no finding', () => assert.deepEqual(names(graphOf(story('127.0.0.1'))), []))
  test('without a session is no finding', () => {
    assert.deepEqual(names(graphOf(tell('SRV').effect(6, 'task-registered', '\\Updater', { account: anna }))), [])
  })
})

describe('the remote registry', () => {
  test('hives saved and fetched through an administrative share', () => {
    const story = tell('SRV')
      .logon(5, anna, '10.0.0.5')
      .observed(6, winreg)
      .effect(7, 'share-file', 'ADMIN$\\SYSTEM32\\BTeHLZkJ.tmp', { account: anna, detail: { IpAddress: '10.0.0.5' } })
    const [found] = find(graphOf(story))
    assert.equal(found.by, 'AN1357/registry-hives')
    assert.ok(found.techniques.some((one) => one.id === 'T1003.002'))
  })
  test('another caller’s files, and ordinary files, do not count', () => {
    const other = tell('SRV')
      .observed(6, winreg)
      .effect(7, 'share-file', 'ADMIN$\\SYSTEM32\\BTeHLZkJ.tmp', {
        account: { name: 'ben' },
        detail: { IpAddress: '10.0.0.7' },
      })
      .effect(8, 'share-file', 'C$\\Users\\anna\\notes.txt', { account: anna, detail: { IpAddress: '10.0.0.5' } })
    assert.deepEqual(names(graphOf(other)), [])
  })
  test('a value that its service wrote', () => {
    const service = {
      guid: '{R}',
      pid: 80,
      image: `${SYSTEM32}svchost.exe`,
      commandLine: 'svchost.exe -k localService -p -s RemoteRegistry',
    }
    const story = tell('SRV')
      .started(1, service, services)
      .effect(2, 'registry-set', 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\Updater', {
        actor: service,
        detail: { Details: 'rundll32.exe a.dll,Start', EventType: 'SetValue' },
      })
      .inbound(2.5, system, '10.0.0.5:33801', '10.0.0.9:445')
    const [found] = find(graphOf(story))
    assert.equal(found.by, 'AN1357/rpc-registry')
    assert.equal(found.remotes[0].address, '10.0.0.5')
    assert.ok(found.techniques.some((one) => one.id === 'T1547.001'))
  })
})

describe('a service that crashes', () => {
  const host = { guid: '{H}', pid: 5424, image: `${SYSTEM32}svchost.exe`, commandLine: 'svchost.exe -k LocalService' }
  const report = (pid: number) => ({
    guid: '{W}',
    pid: 6868,
    image: `${SYSTEM32}WerFault.exe`,
    commandLine: `WerFault.exe -u -p ${pid} -s 4616`,
  })
  test('right after a remote client opened a pipe', () => {
    const [found] = find(
      graphOf(
        tell('DC')
          .started(0, host, services)
          .pipe(10, 'connect', 'eventlog', system)
          .started(10.2, report(5424), host)
          .inbound(12, system, '10.0.0.5:50106', '10.0.0.9:445'),
      ),
    )
    assert.equal(found.by, 'AN1357/service-crash')
    assert.deepEqual(supports(found), ['after', 'indicator', 'remote'])
  })
  test('without one, or another process’s report, is no finding', () => {
    assert.deepEqual(names(graphOf(tell('DC').started(0, host, services).started(10.2, report(5424), host))), [])
    assert.deepEqual(
      names(
        graphOf(
          tell('DC').started(0, host, services).pipe(10, 'connect', 'eventlog', system).started(10.2, report(1), host),
        ),
      ),
      [],
    )
  })
})

describe('forced authentication', () => {
  const call = (name: string) =>
    tell('DC').observed(10, {
      channel: { kind: 'named-pipe', host: 'DC', name },
      act: 'connect',
      account: anna,
      peer: { address: '10.0.0.5', port: 51_009 },
    })
  test('the machine connects back after the call', () => {
    const [found] = find(graphOf(call('spoolss').outbound(10.8, system, '10.0.0.9:62733', '10.0.0.5:445')))
    assert.equal(found.by, 'AN1357/coerced-authentication')
    assert.ok(found.techniques.some((one) => one.id === 'T1187'))
    assert.equal(found.assumptions.length, 1)
  })
  test('the pipe alone, or another program’s connection, is no finding', () => {
    assert.deepEqual(names(graphOf(call('spoolss'))), [])
    assert.deepEqual(
      names(
        graphOf(
          call('spoolss').outbound(10.8, { pid: 9, image: `${SYSTEM32}svchost.exe` }, '10.0.0.9:62733', '10.0.0.5:445'),
        ),
      ),
      [],
    )
  })
})

describe('a command that echoes a name into the pipe of that name', () => {
  const echo = (text: string, user: object) =>
    tell('WS').started(
      1,
      {
        guid: '{C}',
        pid: 77,
        image: `${SYSTEM32}cmd.exe`,
        commandLine: `cmd.exe /c echo ${text} > \\\\.\\pipe\\hgabms`,
      },
      {},
      { user },
    )
  test('by the machine’s own account is found though its parent was not recorded', () => {
    assert.deepEqual(names(graphOf(echo('hgabms', { name: 'WS$', sid: 'S-1-5-18' }))), ['AN1357/pipe-impersonation'])
  })
  test('by a person, or of another text, is none', () => {
    assert.deepEqual(names(graphOf(echo('hgabms', { name: 'anna', sid: 'S-1-5-21-1-2-3-1001' }))), [])
    assert.deepEqual(names(graphOf(echo('start', { name: 'WS$', sid: 'S-1-5-18' }))), [])
  })
})

describe('calls seen on the wire', () => {
  const call = (name: string, operation: string) =>
    ({
      channel: { kind: 'rpc', host: '10.0.0.9', name },
      act: 'connect',
      peer: { address: '10.0.0.5', port: 5000 },
      detail: { operation },
    }) as const
  test('a service created, started and deleted', () => {
    const [found] = find(
      graphOf(
        tell('10.0.0.9')
          .observed(9, call('srvsvc', 'NetrShareEnum'))
          .observed(10, call('svcctl', 'OpenSCManagerW'))
          .observed(11, call('svcctl', 'CreateServiceW'))
          .observed(12, call('svcctl', 'StartServiceW'))
          .observed(13, call('svcctl', 'DeleteService')),
      ),
    )
    assert.equal(found.by, 'AN1357/rpc-calls')
    assert.equal(found.title, '10.0.0.5 had a service created on 10.0.0.9 over RPC')
    assert.deepEqual(supports(found), ['after', 'before', 'indicator', 'remote'])
    assert.deepEqual(
      found.techniques.map((one) => one.id),
      ['T1559', 'T1543.003', 'T1569.002'],
    )
  })
  test('what the service was to run is told where a capture shows it, and what else cannot be said', () => {
    const created = call('svcctl', 'CreateServiceW')
    const command = 'cmd.exe /c powershell -nop -w hidden -c "IEX (New-Object Net.WebClient).DownloadString(1)"'
    const detail = { ...created.detail, service_name: 'updater', binary_path: command }
    const [found] = find(graphOf(tell('10.0.0.9').observed(10, { ...created, detail })))
    const told = found.reasons.find((one) => one.support === 'content')
    assert.match(told?.text ?? '', /^The service updater was to run cmd\.exe \/c powershell/)
    assert.equal(told?.facts.length, 1)
    assert.ok(found.gaps.some(({ text }) => /^The arguments of the other calls/.test(text)))
  })
  test('asking alone is no finding, nor is replication between domain controllers', () => {
    assert.deepEqual(names(graphOf(tell('10.0.0.9').observed(10, call('samr', 'SamrEnumerateUsersInDomain')))), [])
    const replicated = tell('10.0.0.9').observed(10, call('drsuapi', 'DRSGetNCChanges'))
    assert.deepEqual(names(graphOf(replicated)), ['AN1357/rpc-calls'])
    const partner = tell('10.0.0.5').observed(1, {
      channel: { kind: 'rpc', host: '10.0.0.5', name: 'drsuapi' },
      act: 'connect',
      peer: { address: '10.0.0.9' },
      detail: { operation: 'DRSBind' },
    })
    assert.deepEqual(names(graphOf(replicated, partner)), [])
  })
  test('the class that was activated is told, and that a replica was asked for by no domain controller', () => {
    const activation = {
      channel: { kind: 'dcom', host: '10.0.0.9', name: '{9BA05972-F6A8-11CF-A442-00A0C90A8F39}' },
      act: 'activate',
      peer: { address: '10.0.0.5' },
      detail: { class: 'ShellWindows' },
    } as const
    const [found] = find(
      graphOf(
        tell('10.0.0.9')
          .observed(9, call('IRemoteSCMActivator', 'RemoteCreateInstance'))
          .observed(9, activation)
          .observed(10, call('IDispatch', 'Invoke')),
      ),
    )
    assert.ok(found.reasons.some((one) => one.support === 'content' && /ShellWindows/.test(one.text)))
    assert.ok(found.techniques.some((one) => one.id === 'T1559.001'))
    const [replica] = find(graphOf(tell('10.0.0.9').observed(10, call('drsuapi', 'DRSGetNCChanges'))))
    assert.equal(replica.assumptions.length, 1)
  })
  test('many attempts on the secure channel', () => {
    const story = tell('10.0.0.9')
    for (let at = 0; at < 25; at++) story.observed(10 + at / 10, call('netlogon', 'NetrServerAuthenticate3'))
    const [found] = find(graphOf(story))
    assert.equal(found.title, '10.0.0.5 tried the secure channel of 10.0.0.9 25 times')
    assert.ok(found.techniques.some((one) => one.id === 'T1210'))
  })
})

describe('a tool that names another machine', () => {
  const sc = { guid: '{T}', pid: 70, image: `${SYSTEM32}sc.exe`, commandLine: 'sc.exe \\\\SRV start IKEEXT' }
  const shell = (commandLine: string) => ({
    guid: '{P}',
    pid: 60,
    image: `${SYSTEM32}WindowsPowerShell\\v1.0\\powershell.exe`,
    commandLine,
  })
  const ikeext = {
    guid: '{K}',
    pid: 90,
    image: `${SYSTEM32}svchost.exe`,
    commandLine: 'svchost.exe -k netsvcs -p -s IKEEXT',
  }
  const source = (parent: string) =>
    tell('WS')
      .outbound(1, shell(parent), '10.0.0.5:50000', '203.0.113.9:443')
      .started(2, shell(parent), {})
      .started(10, sc, shell(parent))
      .observed(10, { channel: { kind: 'rpc', host: 'SRV', name: 'svcctl' }, act: 'refer', actor: sc })
  const target = () => tell('SRV').started(10.1, ikeext, services)
  const library = 'C:\\Windows\\System32\\wlbsctrl.dll'

  test('and the service that starts there at that moment', () => {
    const [found] = find(
      graphOf(source('powershell.exe -w hidden -c "IEX $x; [Convert]::FromBase64String($y)"'), target()),
    )
    assert.equal(found.by, 'AN1357/rpc-service')
    assert.equal(found.title, 'WS drove the service control manager (svcctl) with sc.exe: IKEEXT')
    assert.equal(found.host.name, 'SRV')
    assert.ok(found.reasons.some((one) => one.support === 'before' && /descends from powershell/.test(one.text)))
  })
  test('with the library that was brought over SMB and loaded', () => {
    const [found] = find(
      graphOf(
        source('powershell.exe'),
        tell('SRV')
          .effect(1, 'file-created', library, { actor: system })
          .started(10.1, ikeext, services)
          .effect(10.3, 'image-loaded', library, { actor: ikeext }),
      ),
    )
    assert.deepEqual(
      found.reasons.filter((one) => /brought over SMB|then loaded it/.test(one.text)).map((one) => one.support),
      ['before', 'adjacency'],
    )
    assert.ok(found.techniques.some((one) => one.id === 'T1574'))
  })
  test('another service, or a tool that names its own machine, is no finding', () => {
    const other = tell('SRV').started(10.1, { ...ikeext, commandLine: 'svchost.exe -k netsvcs -s wuauserv' }, services)
    assert.deepEqual(names(graphOf(source('powershell.exe'), other)), [])
    const own = tell('SRV')
      .started(10, sc, {})
      .observed(10, { channel: { kind: 'rpc', host: 'SRV', name: 'svcctl' }, act: 'refer', actor: sc })
      .started(10.1, ikeext, services)
    assert.deepEqual(names(graphOf(own)), [])
  })
})
