import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { privilegedHelper } from './macos/privileged-helper.ts'
import { SCENARIOS } from './scenarios/index.ts'
import type { Scenario, Truth } from './scenarios/scenario.ts'
import { sampleFiles } from './telemetry.ts'

const here = import.meta.dirname
const PLAYED: readonly Pick<Scenario, 'id' | 'truth'>[] = [...SCENARIOS, privilegedHelper]
const MEDIUM = ['medium', 'high', 'critical']

describe('the samples', () => {
  const files = sampleFiles()
  test('are what the scenarios give, byte by byte', () => {
    const kept = readdirSync(join(here, 'logs'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(here.length + 1)
          .replaceAll('\\', '/'),
      )
    assert.deepEqual([...kept, 'labels.json'].sort(), [...files.keys()].sort())
    for (const [path, content] of files)
      assert.ok(Buffer.from(content).equals(readFileSync(join(here, path))), `${path}: run npm run samples`)
  })
  test('are small', () => {
    assert.ok([...files.values()].reduce((sum, content) => sum + content.length, 0) < 3 << 20)
  })
  test('say that they are invented: no address outside the ranges for documentation and private use', () => {
    const text = [...files.values()]
      .map((content) => Buffer.from(content).toString('utf16le') + Buffer.from(content.subarray(1)).toString('utf16le'))
      .join()
    for (const [address] of text.matchAll(/\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/g))
      assert.match(
        address,
        /^(10\.20\.0\.|127\.0\.0\.1$|198\.51\.100\.|203\.0\.113\.|0\.0\.0\.0$|\d+\.\d+\.\d{4,})|^(10\.0\.19041|16\.0\.17328|122\.0\.2365|7\.4\.1\.0|12\.2\.0\.0|9\.0\.3\.0)/,
      )
  })
})

interface FoundCase {
  id: string
  title: string
  level: string
  techniques: { id: string }[]
  hosts: { name: string; role: string }[]
  channels: { kind: string }[]
  evidence: unknown[]
}

describe('a hunt over the samples', () => {
  let out: string
  let cases: FoundCase[]
  before(() => {
    out = mkdtempSync(join(tmpdir(), 'crosstalk-samples-'))
    const program = join(here, '..', 'packages', 'crosstalk', 'bin', 'crosstalk.js')
    const { status, stderr } = spawnSync(
      process.execPath,
      [program, 'hunt', join(here, 'logs'), '--out', join(out, 'hunt')],
      { encoding: 'utf8' },
    )
    assert.equal(status, 0, stderr)
    const folder = join(out, 'hunt', 'cases')
    cases = readdirSync(folder).map((id) => JSON.parse(readFileSync(join(folder, id, 'case.json'), 'utf8')))
  })
  after(() => rmSync(out, { recursive: true, force: true }))

  for (const { id, truth } of PLAYED) {
    if (!truth) continue
    test(`finds ${id} as one case`, () => {
      const fitting = cases.filter((one) => fits(one, truth))
      assert.equal(fitting.length, 1, `cases: ${cases.map((one) => `${one.level} ${one.title}`).join('; ')}`)
      assert.ok(fitting[0].evidence.length)
    })
  }
  test('finds nothing else at level medium or higher', () => {
    const attacks = PLAYED.flatMap(({ truth }) => truth ?? [])
    const others = cases.filter((one) => MEDIUM.includes(one.level) && !attacks.some((truth) => fits(one, truth)))
    assert.deepEqual(
      others.map((one) => `${one.level} ${one.title}`),
      [],
    )
  })
})

function fits(one: FoundCase, truth: Truth): boolean {
  const text = JSON.stringify(one)
  const names = one.techniques.map((technique) => technique.id)
  return (
    MEDIUM.includes(one.level) &&
    [...truth.techniques, ...truth.also].every((id) => names.includes(id)) &&
    one.hosts.some((host) => host.name.startsWith(truth.host) && host.role === 'target') &&
    (truth.source === undefined || one.hosts.some((host) => host.name.startsWith(truth.source!))) &&
    one.channels.some((channel) => truth.channelKinds.includes(channel.kind)) &&
    truth.mentions.every((pattern) => new RegExp(pattern, 'i').test(text)) &&
    text.includes(truth.account)
  )
}
