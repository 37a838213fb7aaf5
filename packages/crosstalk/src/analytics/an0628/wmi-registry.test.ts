import assert from 'node:assert/strict'
import { test } from 'node:test'
import { graphOf, tell } from '../../graph/testing.ts'
import { an0628 } from './index.ts'

const provider = { guid: '{V}', pid: 5580, image: 'C:\\Windows\\System32\\wbem\\WmiPrvSE.exe' }
const rpcss = { guid: '{R}', pid: 896, image: 'C:\\Windows\\System32\\svchost.exe' }
const RUN = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\updater'
const wrote = (name: string, actor = provider) =>
  tell('SRV')
    .started(1, provider)
    .effect(10, 'registry-set', name, { actor, detail: { EventType: 'SetValue', Details: 'rundll32.exe x.dll,Start' } })
const find = (host: ReturnType<typeof wrote>) => an0628.find({ graph: graphOf(host), rules: new Map() })

test('a value that starts a program, written by WMI for a caller on another machine', () => {
  const [found] = find(
    wrote(RUN)
      .inbound(8, rpcss, '10.0.0.5:50001', '10.0.0.9:135')
      .inbound(8.2, rpcss, '10.0.0.5:50002', '10.0.0.9:49666'),
  )
  assert.equal(found.by, 'AN0628/wmi-registry')
  assert.deepEqual(
    found.reasons.map((one) => one.support),
    ['lineage', 'after', 'remote'],
  )
  assert.ok(found.techniques.some(({ id }) => id === 'T1547.001'))
  assert.deepEqual(found.channels[0].clients, [{ address: '10.0.0.5' }])
})

test('where no caller was recorded, the gap says so', () => {
  assert.match(find(wrote(RUN))[0].gaps[0].text, /^Whether the WMI call came from/)
})

test('another value, or another writer, is no finding', () => {
  assert.deepEqual(find(wrote('HKLM\\System\\CurrentControlSet\\Services\\vendor\\Start')), [])
  assert.deepEqual(find(wrote(RUN, { guid: '{E}', pid: 7, image: 'C:\\Windows\\regedit.exe' })), [])
})
