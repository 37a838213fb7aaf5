import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { ATTACKS, type RecordedAttack } from './attacks.ts'

const here = import.meta.dirname
const program = join(here, '..', '..', 'packages', 'crosstalk', 'bin', 'crosstalk.js')
const MEDIUM = ['medium', 'high', 'critical']

interface Labels {
  host: string
  attacks: (RecordedAttack & { from: string; to: string })[]
}

interface FoundCase {
  title: string
  level: string
  techniques: { id: string }[]
  hosts: { name: string; role: string }[]
  channels: { kind: string }[]
  evidence: unknown[]
}

const labels = JSON.parse(readFileSync(join(here, 'labels.json'), 'utf8')) as Labels
const log = gunzipSync(readFileSync(join(here, 'logs', labels.host, 'audit.log.gz'))).toString('latin1')
const folder = mkdtempSync(join(tmpdir(), 'crosstalk-linux-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function casesOf(name: string, records: string): FoundCase[] {
  const out = join(folder, name)
  mkdirSync(out)
  writeFileSync(join(out, 'audit.log'), records, 'latin1')
  const args = [program, 'hunt', join(out, 'audit.log'), '--out', join(out, 'hunt')]
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  const cases = join(out, 'hunt', 'cases')
  return readdirSync(cases).map((id) => JSON.parse(readFileSync(join(cases, id, 'case.json'), 'utf8')) as FoundCase)
}

const fits = (one: FoundCase, { account, techniques, channelKinds, mentions }: RecordedAttack): boolean => {
  const text = JSON.stringify(one)
  return (
    MEDIUM.includes(one.level) &&
    techniques.every((id) => one.techniques.some((technique) => technique.id === id)) &&
    one.hosts.some((host) => host.name === labels.host && host.role === 'target') &&
    one.channels.some((channel) => channelKinds.includes(channel.kind)) &&
    mentions.every((pattern) => new RegExp(pattern).test(text)) &&
    text.includes(account)
  )
}

const worth = (cases: readonly FoundCase[]) =>
  cases.filter((one) => MEDIUM.includes(one.level)).map((one) => `${one.level} ${one.title}`)

describe('the recording of a Linux host', () => {
  test('tells of invented accounts, hosts and addresses alone', () => {
    const accounts = new Set([...log.matchAll(/ AUID="([^"]*)"/g)].map(([, name]) => name))
    assert.deepEqual([...accounts].sort(), ['deploy', 'maria'])
    assert.deepEqual(new Set(log.match(/^node=\S+/gm)), new Set([`node=${labels.host}`]))
    for (const [, address] of log.matchAll(/ laddr=(\S+)/g)) assert.match(address, /^(?:127\.|203\.0\.113\.|::1$)/)
    for (const [, folder] of log.matchAll(/ cwd="(\/[^/"]*)/g))
      assert.match(folder, /^\/(?:srv|home|root|opt|tmp|var|usr|etc|)$/)
  })
  test('was made with the rules that coverage writes', () => {
    const keys = new Set([...log.matchAll(/ key="([^"]*)"/g)].map(([, key]) => key))
    const expected = ['exec', 'unix', 'network', 'fifo', 'ipc', 'ptrace', 'memory'].map((key) => `crosstalk_${key}`)
    assert.deepEqual([...keys].sort(), expected.sort())
  })
  test('is labelled with the attacks that are played', () => {
    assert.deepEqual(
      labels.attacks.map(({ from: _from, to: _to, ...attack }) => attack),
      ATTACKS,
    )
  })
})

describe('a hunt over it', () => {
  const cases = casesOf('all', log)
  for (const attack of labels.attacks)
    test(`finds ${attack.id}`, () => {
      const fitting = cases.filter((one) => fits(one, attack))
      assert.equal(fitting.length, 1, worth(cases).join('; '))
      assert.ok(fitting[0].evidence.length)
    })
  test('finds nothing else at level medium or higher', () => {
    assert.deepEqual(worth(cases.filter((one) => !labels.attacks.some((attack) => fits(one, attack)))), [])
  })
  test('is quiet on the day without the attacks', () => {
    const spans = labels.attacks.map(({ from, to }) => [Date.parse(from) / 1000, Date.parse(to) / 1000])
    const ordinary = log.split('\n').filter((line) => {
      const time = Number(/msg=audit\((\d+\.\d+):/.exec(line)?.[1])
      return !spans.some(([from, to]) => time >= from && time <= to)
    })
    assert.ok(ordinary.length > 4_000)
    assert.deepEqual(worth(casesOf('ordinary', ordinary.join('\n'))), [])
  })
})
