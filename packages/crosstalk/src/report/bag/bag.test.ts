import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { readEvtxSync, writeEvtx } from '@crosstalk/evtx'
import { dcomCase, exampleFindings } from '../example-run.ts'
import { type ExportSource, ReportError } from '../report.ts'
import { writeExport } from '../write-export.ts'
import { bag } from './bag.ts'
import { verifyBag } from './verify.ts'

const record = (at: number) => Buffer.from(`record ${at}`)
const evidence = dcomCase.evidence.map((piece, at) => ({
  ...piece,
  sha256: createHash('sha256').update(record(at)).digest('hex'),
}))
const source: ExportSource = {
  case: { ...dcomCase, evidence },
  findings: exampleFindings,
  evidenceBytes: async ({ id }) => record(evidence.findIndex((piece) => piece.id === id)),
}

let folder: string
let out: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crosstalk-bag-'))
  out = join(folder, 'bag')
})
afterEach(() => rm(folder, { recursive: true }))

const made = (given = source) => writeExport(bag, given, out)
const firstRecord = () => join(out, 'data', 'evidence', `00001-${evidence[0].sha256.slice(0, 16)}.bin`)

describe('an evidence bag', () => {
  test('holds the case and the original bytes of every record, and is whole', async () => {
    await made()
    assert.equal(await readFile(firstRecord(), 'utf8'), 'record 0')
    assert.deepEqual(JSON.parse(await readFile(join(out, 'data', 'case.json'), 'utf8')).id, dcomCase.id)
    const verdict = await verifyBag(out)
    assert.deepEqual(
      { whole: verdict.whole, problems: verdict.problems, absent: verdict.absent, files: verdict.files },
      { whole: true, problems: [], absent: [], files: 19 },
    )
  })
  test('is a BagIt 1.0 bag', async () => {
    await made()
    assert.equal(
      await readFile(join(out, 'bagit.txt'), 'utf8'),
      'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n',
    )
    assert.match(await readFile(join(out, 'bag-info.txt'), 'utf8'), /^Payload-Oxum: \d+\.16$/m)
    const manifest = await readFile(join(out, 'manifest-sha256.txt'), 'utf8')
    assert.match(manifest, /^[0-9a-f]{64} {2}data\/case\.json$/m)
    assert.match(await readFile(join(out, 'tagmanifest-sha256.txt'), 'utf8'), /^[0-9a-f]{64} {2}manifest-sha256\.txt$/m)
  })
  test('does not take bytes that are no longer those of the case, and says so', async () => {
    await made({
      ...source,
      evidenceBytes: async ({ id }) =>
        id === 'E1' ? Buffer.from('other') : record(evidence.findIndex((piece) => piece.id === id)),
    })
    const verdict = await verifyBag(out)
    assert.equal(verdict.whole, true)
    assert.equal(verdict.absent.length, 1)
    assert.match(verdict.absent[0], /^E1: the bytes there now have sha256 /)
  })
  test('says which records could not be read', async () => {
    await made({
      ...source,
      evidenceBytes: async () => {
        throw new ReportError('logs/x.evtx is not there')
      },
    })
    assert.equal((await verifyBag(out)).absent[0], 'E1: logs/x.evtx is not there')
  })
  test('is not written over anything', async () => {
    await mkdir(out)
    await writeFile(join(out, 'mine.txt'), 'mine')
    await assert.rejects(made(), /is not empty/)
    assert.equal(await readFile(join(out, 'mine.txt'), 'utf8'), 'mine')
  })
})

describe('event log records in a bag', () => {
  test('come with the chunks that they lie in, as logs that can be read', async () => {
    const log = writeEvtx([
      { provider: 'P', eventId: 1, channel: 'C', computer: 'H', time: 0, eventData: { Image: 'cmd.exe' } },
      { provider: 'P', eventId: 1, channel: 'C', computer: 'H', time: 0, eventData: { Image: 'whoami.exe' } },
    ])
    const { length } = [...readEvtxRecords(log)][0]
    const piece = {
      ...evidence[0],
      offset: 4096 + 512,
      length,
      sha256: createHash('sha256')
        .update(log.subarray(4608, 4608 + length))
        .digest('hex'),
    }
    await made({
      case: { ...dcomCase, evidence: [piece] },
      findings: [],
      evidenceBytes: async ({ offset, length }) => log.subarray(offset, offset + length),
    })
    const [name] = await readdir(join(out, 'data', 'logs'))
    const images = [...readEvtxRecords(await readFile(join(out, 'data', 'logs', name)))].map(({ image }) => image)
    assert.deepEqual(images, ['cmd.exe', 'whoami.exe'])
    assert.equal((await verifyBag(out)).whole, true)
  })
})

/** Length and Image of each record of a log. */
function readEvtxRecords(log: Uint8Array): { length: number; image: string }[] {
  const records: { length: number; image: string }[] = []
  readEvtxSync(
    log,
    {},
    (record) => records.push({ length: record.length, image: String(/"Image":"([^"]*)"/.exec(record.toJson())?.[1]) }),
    (damage) => assert.fail(damage.reason),
  )
  return records
}

describe('verifying a bag finds', () => {
  const problem = async (pattern: RegExp) => {
    const verdict = await verifyBag(out)
    assert.equal(verdict.whole, false)
    assert.ok(
      verdict.problems.some((text) => pattern.test(text)),
      verdict.problems.join('\n'),
    )
  }
  beforeEach(() => made())
  test('an altered record', async () => {
    await writeFile(firstRecord(), 'record X')
    await problem(/^data\/evidence\/00001-\w+\.bin: altered/)
  })
  test('a lost record', async () => {
    await unlink(firstRecord())
    await problem(/^data\/evidence\/00001-\w+\.bin: missing/)
  })
  test('a record put in', async () => {
    await writeFile(join(out, 'data', 'evidence', 'more.bin'), '')
    await problem(/^data\/evidence\/more\.bin: in no manifest/)
  })
  test('a manifest rewritten to fit an altered record', async () => {
    const manifest = join(out, 'manifest-sha256.txt')
    await writeFile(firstRecord(), 'record X')
    const text = (await readFile(manifest, 'utf8')).replace(
      evidence[0].sha256,
      createHash('sha256').update('record X').digest('hex'),
    )
    await writeFile(manifest, text)
    await problem(/^manifest-sha256\.txt: altered/)
    await problem(/not the bytes of E1 that the case recorded/)
  })
  test('a manifest that leads outside', async () => {
    await appendFile(join(out, 'manifest-sha256.txt'), `${'0'.repeat(64)}  ../../secret\n`)
    await problem(/names a path outside the bag/)
  })
  test('a link in the place of a record', async () => {
    await unlink(firstRecord())
    await writeFile(join(folder, 'elsewhere'), 'record 0')
    await symlink(join(folder, 'elsewhere'), firstRecord())
    await problem(/not a regular file/)
  })
  test('a missing manifest', async () => {
    await unlink(join(out, 'manifest-sha256.txt'))
    await problem(/^manifest-sha256\.txt: missing/)
  })
  test('that a folder is no bag', async () => {
    await assert.rejects(verifyBag(folder), /is no bag: it has no bagit\.txt/)
    await assert.rejects(verifyBag(join(folder, 'nowhere')), ReportError)
  })
})
