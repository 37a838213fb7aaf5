import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Graph } from '../../graph/graph.ts'
import { graphOf, tell } from '../../graph/testing.ts'
import { an1357 } from './index.ts'

const SYSTEM32 = 'C:\\Windows\\System32\\'
const services = { guid: '{S}', pid: 500, image: `${SYSTEM32}services.exe`, commandLine: 'services.exe' }
const svchost = {
  guid: '{U}',
  pid: 7,
  image: `${SYSTEM32}svchost.exe`,
  commandLine: 'svchost.exe -k netsvcs -s NetSetupSvc',
}
const anna = { name: 'anna', domain: 'CORP', logonId: '0x9' }
const find = (graph: Graph) => an1357.find({ graph, rules: new Map() })
const opened = () =>
  tell('SRV').observed(10, {
    channel: { kind: 'named-pipe', host: 'SRV', name: 'svcctl' },
    act: 'connect',
    account: anna,
    peer: { address: '10.0.0.5', port: 5000 },
  })
/** The calling machine, where `image` speaks to SRV at that time. */
const caller = (image: string, commandLine: string) => {
  const program = { guid: '{P}', pid: 900, image, commandLine }
  return tell('WS').started(1, program).outbound(10, program, '10.0.0.5:5001', '10.0.0.9:135')
}
const known = () => opened().inbound(10, { pid: 4, image: 'System' }, '10.0.0.5:5000', '10.0.0.9:445')

describe('services around the moment that svcctl was opened from another machine', () => {
  test('one that starts at once was started by the caller', () => {
    const [found] = find(graphOf(opened().started(11, svchost, services)))
    assert.equal(found.by, 'AN1357/rpc-service')
    assert.ok(found.reasons.some(({ text }) => /started the service NetSetupSvc 1 s later/.test(text)))
  })
  test('one that Windows starts most of a minute later was not', () => {
    const later = opened()
      .started(57, svchost, services)
      .effect(57, 'service-state', 'Network Setup Service', { detail: { param2: 'running' } })
    assert.deepEqual(find(graphOf(later)), [])
  })
  test('one that runs a shell is told a while later, too', () => {
    const shell = { guid: '{C}', pid: 8, image: `${SYSTEM32}cmd.exe`, commandLine: 'cmd.exe /c whoami' }
    assert.equal(find(graphOf(opened().started(40, shell, services))).length, 1)
  })
})

describe('svcctl opened and nothing that it changed', () => {
  test('by a program in a user’s folder is told, with the gap', () => {
    const [found] = find(graphOf(known(), caller('C:\\Users\\anna\\Desktop\\look.exe', 'look.exe')))
    assert.equal(found.title, '10.0.0.5 opened the service control manager (svcctl)')
    assert.ok(found.gaps.some(({ text }) => /^What 10\.0\.0\.5 asked the service control manager/.test(text)))
    assert.ok(!found.techniques.some(({ id }) => id === 'T1569.002'))
  })
  test('after a program was brought over an administrative share is told, with its name', () => {
    const brought = (name: string, mask: string, address = '10.0.0.5') =>
      graphOf(
        opened().effect(4, 'share-file', name, {
          account: anna,
          detail: { IpAddress: address, AccessMask: mask },
        }),
      )
    const [found] = find(brought('ADMIN$\\System32\\helper.exe', '0x120196'))
    assert.equal(found.title, '10.0.0.5 brought helper.exe and opened the service control manager (svcctl)')
    assert.ok(found.techniques.some(({ id }) => id === 'T1570'))
    assert.deepEqual(find(brought('ADMIN$\\System32\\helper.exe', '0x120089')), [], 'only read')
    assert.deepEqual(find(brought('C$\\share\\notes.xml', '0x120196')), [], 'no program')
    assert.deepEqual(find(brought('ADMIN$\\System32\\helper.exe', '0x120196', '10.0.0.7')), [], 'another caller')
  })
  test('again and again is told, with how often', () => {
    const times = (count: number) => {
      const story = tell('SRV')
      for (let at = 0; at < count; at++)
        story.observed(10 + at, {
          channel: { kind: 'named-pipe', host: 'SRV', name: 'svcctl' },
          act: 'connect',
          account: anna,
          peer: { address: '10.0.0.5', port: 5000 },
        })
      return graphOf(story)
    }
    assert.equal(find(times(60))[0].title, '10.0.0.5 opened the service control manager (svcctl) 60 times')
    assert.deepEqual(find(times(5)), [])
  })
  test('by an administrator’s console or by nobody known is no finding', () => {
    assert.deepEqual(find(graphOf(known(), caller(`${SYSTEM32}mmc.exe`, 'mmc.exe services.msc'))), [])
    assert.deepEqual(
      find(graphOf(known(), caller(`${SYSTEM32}WindowsPowerShell\\v1.0\\powershell.exe`, 'powershell.exe'))),
      [],
    )
    assert.deepEqual(find(graphOf(known())), [])
  })
})

describe('a pipe whose path passes for a machine’s name', () => {
  const tool = { guid: '{T}', pid: 77, image: 'C:\\temp\\tool.exe', commandLine: 'tool.exe whoami' }
  const system = { pid: 4, image: 'System' }
  const served = (pipe: string) =>
    tell('SRV').started(1, tool).pipe(2, 'create', pipe, tool).pipe(3, 'connect', pipe, system)

  test('was opened by a service that was led there', () => {
    const [found] = find(graphOf(served('a1b2\\pipe\\spoolss')))
    assert.equal(found.title, 'tool.exe had the machine connect to its pipe \\a1b2\\pipe\\spoolss')
    assert.deepEqual(
      found.techniques.map(({ id }) => id),
      ['T1559', 'T1134.001'],
    )
  })
  test('and its token was taken when a child runs as SYSTEM while the server does not', () => {
    const child = { guid: '{C}', pid: 78, image: `${SYSTEM32}cmd.exe`, commandLine: 'cmd.exe' }
    const run = (user: object) =>
      tell('SRV')
        .started(1, tool, {}, { user: { name: 'web', domain: 'SRV' } })
        .pipe(2, 'create', 'a1b2\\pipe\\spoolss', tool)
        .pipe(3, 'connect', 'a1b2\\pipe\\spoolss', system)
        .started(4, child, tool, { user })
    const says = (host: ReturnType<typeof run>) =>
      find(graphOf(host))[0].reasons.some(({ text }) => /runs as SYSTEM, and tool\.exe does not/.test(text))
    assert.ok(says(run({ name: 'SYSTEM', domain: 'NT AUTHORITY', sid: 'S-1-5-18' })))
    assert.ok(!says(run({ name: 'web', domain: 'SRV' })))
  })
  test('a server with a Windows program’s name outside of System32 is told as that', () => {
    const of = (image: string) => {
      const server = { guid: '{V}', pid: 80, image, commandLine: 'svchost.exe' }
      const graph = graphOf(
        tell('SRV').started(1, server).pipe(2, 'create', 'qwrt', server).pipe(3, 'connect', 'qwrt', system),
      )
      return find(graph)[0].techniques.some(({ id }) => id === 'T1036.005')
    }
    assert.ok(of('C:\\Windows\\svchost.exe'))
    assert.ok(!of(`${SYSTEM32}svchost.exe`))
  })
  test('a client from another machine is one on any pipe of that name', () => {
    const remote = served('a1b2\\pipe\\spoolss').inbound(3, system, '10.0.0.5:33801', '10.0.0.9:445')
    assert.match(find(graphOf(remote))[0].title, /^Remote client 10\.0\.0\.5 on pipe/)
  })
})

describe('a task that ran a command and was gone', () => {
  const task = (command: string, deletedAt?: number) => {
    const story = tell('SRV').effect(10, 'task-registered', '\\QzXkVbNm', {
      account: anna,
      detail: { event: 'created', Command: command },
    })
    return graphOf(deletedAt ? story.effect(deletedAt, 'task-deleted', '\\QzXkVbNm', { account: anna }) : story)
  }
  const asking = 'cmd.exe /C whoami > %windir%\\Temp\\QzXkVbNm.tmp 2>&1'

  test('with its output in a file', () => {
    const [found] = find(task(asking, 10.03))
    assert.equal(found.by, 'AN1357/command-task')
    assert.equal(found.title, 'The task \\QzXkVbNm ran a command and was deleted')
    assert.ok(found.reasons.some(({ text }) => text === 'The file with the output carries the task’s name, QzXkVbNm.'))
  })
  test('one that stays, is deleted on another day, or runs a program is no finding', () => {
    assert.deepEqual(find(task(asking)), [])
    assert.deepEqual(find(task(asking, 86_400)), [])
    assert.deepEqual(find(task('C:\\Program Files\\Vendor\\update.exe /once', 11)), [])
  })
})

test('of many services that run commands three are told one by one, the others counted', () => {
  const story = tell('SRV')
  for (let at = 0; at < 40; at++)
    story.effect(at, 'service-installed', `QzXkVbNm${at}Pq`, {
      detail: { ImagePath: `%COMSPEC% /c powershell.exe -c "part ${at}"` },
    })
  const found = find(graphOf(story))
  assert.equal(found.length, 3)
  assert.ok(found[2].reasons.some(({ text }) => /^37 more services were installed that way/.test(text)))
})
