import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { makeTar, makeZip } from '../sources/containers/zip-maker.ts'
import { SAMPLE_INPUTS } from '../sources/sample-inputs.ts'
import { createExtractor } from './extract.ts'
import { findInputs } from './inputs.ts'
import { planTasks } from './plan.ts'
import { createTally } from './tally.ts'

const root = mkdtempSync(join(tmpdir(), 'crosstalk-extract-'))
after(() => rmSync(root, { recursive: true, force: true }))

const sample = SAMPLE_INPUTS.get('windows-json')!()
const lines = Buffer.concat([sample.bytes, Buffer.from('\n')])
const rules = { loaded: 0, refused: [], other: {} }
const time = { rules: 0, read: 0, judge: 0, total: 0 }

/** The account of reading one file; `meanwhile`: what happens between finding it and reading it. */
async function accountOf(name: string, bytes: Buffer, meanwhile = (_: string) => {}) {
  const path = join(root, name)
  writeFileSync(path, bytes)
  const found = await findInputs([path])
  const tally = createTally(found)
  meanwhile(path)
  const extractor = await createExtractor({ kind: 'dump', zone: 0, carve: false })
  for (const task of await planTasks(found.files)) tally.add(await extractor.run(task, () => {}))
  const account = tally.account(rules, time)
  assert.equal(account.bytes.read + account.bytes.skipped, account.bytes.total)
  return { ...account, problem: account.problems[0]?.problem.replace(root, '') }
}

describe('a file that changes while it is read', () => {
  it('by growing: what was there is read', async () => {
    const { events, bytes, problem } = await accountOf('grows.json', sample.bytes, (path) =>
      appendFileSync(path, `\n${sample.bytes}`),
    )
    assert.equal(events.read, sample.events)
    assert.equal(bytes.read, sample.bytes.length)
    assert.equal(problem, undefined)
  })
  it('by getting shorter: that is told, and what is missing is counted', async () => {
    const { events, bytes, problem, skipped } = await accountOf('shrinks.json', sample.bytes, (path) =>
      truncateSync(path, 3000),
    )
    assert.ok(events.read > 0)
    assert.equal(problem, `it became shorter while it was read: 3000 of ${sample.bytes.length} bytes are left`)
    assert.equal(bytes.total, sample.bytes.length)
    assert.ok(skipped.some((one) => one.reason === 'not read: the input ended before'))
  })
  it('by going away: that is told, and its bytes are counted', async () => {
    const { problem, bytes } = await accountOf('gone.json', sample.bytes, (path) => rmSync(path))
    assert.equal(problem, 'there is no such file or folder')
    assert.deepEqual(bytes, { total: sample.bytes.length, read: 0, skipped: sample.bytes.length })
  })
})

describe('an archive that lies', () => {
  it('about a checksum: its events are read, the damage is told', async () => {
    const { events, problem } = await accountOf('crc.zip', makeZip([{ name: 'a.json', data: lines, crc: 1 }]))
    assert.equal(events.read, sample.events)
    assert.match(problem ?? '', /its checksum differs/)
  })
  it('about everything: what a gzip with a wrong last byte holds is read, its last line too', async () => {
    const gzip = gzipSync(lines.subarray(0, -1))
    gzip[gzip.length - 6] ^= 1
    const { events, problem, bytes } = await accountOf('crc.gz', gzip)
    assert.equal(events.read, sample.events)
    assert.match(problem ?? '', /the gzip stream is damaged or cut off/)
    assert.equal(bytes.read, lines.length - 1)
  })
  it('about a size: only bytes that came are counted', async () => {
    const zip = makeZip([{ name: 'a.json', data: sample.bytes, size: 0xfffffff0 }])
    const { bytes, problem } = await accountOf('size.zip', zip)
    assert.equal(bytes.total, sample.bytes.length)
    assert.match(problem ?? '', /its archive says 4294967280/)
  })
  it('about where an entry lies: it is named', async () => {
    const { problem, files } = await accountOf(
      'where.zip',
      makeZip([{ name: 'a', data: sample.bytes, offset: 1 << 30 }]),
    )
    assert.match(problem ?? '', /lies behind the end/)
    assert.equal(files.unreadable, 1)
  })
  it('and a tar that is cut off in an entry is told so', async () => {
    const tar = makeTar([{ name: 'a.json', data: sample.bytes }]).subarray(0, 512 + 3000)
    const { problem, events, bytes } = await accountOf('cut.tar', tar)
    assert.equal(problem, 'the tar archive is cut off')
    assert.ok(events.read > 0)
    assert.equal(bytes.total, 3000 + statSync(join(root, 'cut.tar')).size)
  })
})
