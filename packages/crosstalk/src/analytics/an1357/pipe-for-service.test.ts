import assert from 'node:assert/strict'
import { test } from 'node:test'
import { graphOf, tell } from '../../graph/testing.ts'
import { an1357 } from './index.ts'

const SYSTEM32 = 'C:\\Windows\\System32\\'
const tool = { guid: '{T}', pid: 77, image: 'C:\\Users\\anna\\Downloads\\tool.exe', commandLine: 'tool.exe' }
const services = { guid: '{S}', pid: 500, image: `${SYSTEM32}services.exe`, commandLine: 'services.exe' }
const COMMAND = 'rundll32.exe C:\\Users\\anna\\qzxkvb.dll,a /p:qzxkvb'
const client = { guid: '{R}', pid: 78, image: `${SYSTEM32}rundll32.exe`, commandLine: COMMAND }
const asSystem = { name: 'SYSTEM', domain: 'NT AUTHORITY', sid: 'S-1-5-18' }

const story = (pipe: string, server: object, madeAt = 9.9) =>
  tell('WS')
    .started(1, tool)
    .pipe(madeAt, 'create', pipe, server)
    .effect(10, 'service-installed', 'qzxkvb', { detail: { ServiceFileName: COMMAND } })
const find = (host: ReturnType<typeof story>) =>
  an1357.find({ graph: graphOf(host), rules: new Map() }).filter((one) => one.by === 'AN1357/pipe-impersonation')

test('a pipe is made, a service that names it installed, and its process connects', () => {
  const [found] = find(
    story('qzxkvb', tool).started(10.1, client, services, { user: asSystem }).pipe(10.2, 'connect', 'qzxkvb', client),
  )
  assert.equal(found.title, 'A service was set up to connect to tool.exe’s pipe \\qzxkvb')
  assert.ok(
    found.reasons.some(
      ({ text }) => text === 'rundll32.exe, the service’s process, connected to it as NT AUTHORITY\\SYSTEM.',
    ),
  )
  assert.ok(found.techniques.some(({ id }) => id === 'T1134.001'))
  assert.deepEqual(found.gaps, [])
})

test('where nobody was seen to connect, the gap says so', () => {
  const [found] = find(story('qzxkvb', tool))
  assert.match(found.gaps[0].text, /^Whether the service connected/)
})

test('another pipe, one made long before, or one of the service manager itself is no finding', () => {
  assert.deepEqual(find(story('other', tool)), [])
  assert.deepEqual(find(story('qzxkvb', tool, -300)), [])
  assert.deepEqual(find(story('qzxkvb', services)), [])
})
