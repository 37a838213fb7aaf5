import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Detection, detection } from '../analytics/analytic.ts'
import { graphOf, tell } from '../graph/testing.ts'
import { joinDetections } from './join.ts'
import { hostsOf } from './participants.ts'

const program = { guid: '{P}', pid: 9, image: 'C:\\Users\\anna\\tool.exe' }
const stories = ['WS1', 'WS2', 'SRV'].map((name) => tell(name).started(1, program).hit(1, 'some-rule', program))
const graph = graphOf(...stories)
const [ws1, ws2, srv] = ['WS1', 'WS2', 'SRV'].map((name) => graph.hostNamed(name)!)
const implantOn = (host: typeof ws1) => detection('AN1357/implant-pipes', 'an implant', host, 1)
const attack = (from: typeof ws1, to: typeof ws1): Detection => ({
  ...detection('AN1357/rpc-service', 'a service', to, 2),
  others: [{ host: from, role: 'source' }],
})
const roles = (detections: Detection[]) =>
  Object.fromEntries(hostsOf(detections, graph).map(({ name, role }) => [name, role]))

test('the machine with the implant from which another is attacked is the source', () => {
  assert.deepEqual(roles([implantOn(ws1), attack(ws1, srv)]), { WS1: 'source', SRV: 'target' })
})
test('a machine in the middle is a target', () => {
  assert.deepEqual(roles([attack(ws1, ws2), implantOn(ws2), attack(ws2, srv)]), {
    WS1: 'source',
    WS2: 'target',
    SRV: 'target',
  })
})
test('alone it is the target', () => assert.deepEqual(roles([implantOn(ws1)]), { WS1: 'target' }))

test('an address that was first called back and then found calling in is the source', () => {
  const facts = graph.hits.slice(0, 1)
  const one = detection('AN1357/rpc-service', 'a service', srv, 2)
  const remote = { address: '10.0.0.5', protocol: 'tcp', facts }
  one.remotes.push({ ...remote, direction: 'outbound' }, { ...remote, direction: 'inbound' })
  assert.equal(roles([one])['10.0.0.5'], 'source')
})

test('programs that one account has WMI start, a session each, are one story', () => {
  const wmi = tell('WS4')
  const children = ['0x11', '0x12'].map((logonId, at) => {
    const child = { guid: `{C${at}}`, pid: 20 + at, image: 'C:\\Windows\\System32\\cmd.exe', commandLine: 'cmd /c ver' }
    wmi.started(at * 60, child, {}, { user: { name: 'anna', domain: 'CORP', logonId } })
    return child.guid
  })
  const there = graphOf(wmi)
  const [one, two] = children.map((guid) => there.processes.get(`WS4/${guid}`)!)
  const of = (process: typeof one, account = 'anna'): Detection => ({
    ...detection('AN0628/wmi-execution', 'wmi', process.host, process.start),
    processes: [{ ...process, user: { ...process.user, name: account } }],
  })
  assert.equal(joinDetections([of(one), of(two)]).length, 1)
  assert.equal(joinDetections([of(one), of(two, 'ben')]).length, 2)
})

test('detections that rest on one record are one story, others of that host are not', () => {
  const [first, second] = graph.hits
  const of = (by: string, facts: typeof graph.hits): Detection => ({
    ...detection(by, by, ws1, 1),
    reasons: [{ text: by, support: 'indicator', weight: 20, facts }],
  })
  const joined = joinDetections([of('rule', [first]), of('AN1357/command-service', [first]), of('other', [second])])
  assert.deepEqual(
    joined.map((group) => group.map(({ by }) => by)),
    [['rule', 'AN1357/command-service'], ['other']],
  )
})
