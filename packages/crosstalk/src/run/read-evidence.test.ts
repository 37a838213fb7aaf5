import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { makeZip } from '../sources/containers/zip-maker.ts'
import { evidenceReader, type InputPlace } from './read-evidence.ts'

const root = mkdtempSync(join(tmpdir(), 'crosstalk-evidence-'))
after(() => rmSync(root, { recursive: true, force: true }))

const text = Buffer.from(Array.from({ length: 200_000 }, (_, at) => `line ${at}\n`).join(''))

function place(file: string, content: Uint8Array, entry?: string): InputPlace {
  const path = join(root, file)
  writeFileSync(path, content)
  return { name: entry === undefined ? file : `${file}!${entry}`, file, path, size: statSync(path).size }
}

async function read(inputs: readonly InputPlace[], wanted: readonly [file: number, offset: number, length: number][]) {
  const got = new Map<string, string>()
  const requests = wanted.map(([file, offset, length]) => ({ file, offset, length, recordId: 0 }))
  await evidenceReader(inputs)(requests, (request, bytes, sha256) => {
    assert.equal(sha256, createHash('sha256').update(bytes).digest('hex'))
    got.set(`${request.file}@${request.offset}`, Buffer.from(bytes).toString('latin1'))
  })
  return got
}

const slice = (offset: number, length: number) => text.subarray(offset, offset + length).toString('latin1')

describe('evidence read again', () => {
  it('from files, whatever the order and overlap of requests', async () => {
    const got = await read(
      [place('a.log', text)],
      [
        [0, 1000, 50],
        [0, 0, 7],
        [0, 1010, 500_000],
      ],
    )
    assert.equal(got.get('0@0'), 'line 0\n')
    assert.equal(got.get('0@1000'), slice(1000, 50))
    assert.equal(got.get('0@1010'), slice(1010, 500_000))
  })
  it('from entries of archives and from compressed streams', async () => {
    const zip = makeZip([
      { name: 'x.log', data: text },
      { name: 'y.log', data: Buffer.from('other') },
    ])
    const inputs = [
      place('b.zip', zip, 'y.log'),
      place('b.zip', zip, 'x.log'),
      place('c.log.gz', gzipSync(text), 'c.log'),
    ]
    const got = await read(inputs, [
      [0, 1, 3],
      [1, 1_000_000, 20],
      [1, 1_000_010, 40],
      [2, 900_000, 400_000],
    ])
    assert.equal(got.get('0@1'), 'the')
    assert.equal(got.get('1@1000000'), slice(1_000_000, 20))
    assert.equal(got.get('1@1000010'), slice(1_000_010, 40))
    assert.equal(got.get('2@900000'), slice(900_000, 400_000))
  })
  it('leaves out what is no longer there, and goes on', async () => {
    const gone: InputPlace = { name: 'gone.log', file: 'gone.log', path: join(root, 'gone.log'), size: 9 }
    const got = await read(
      [gone, place('d.log', text)],
      [
        [0, 0, 5],
        [1, text.length - 3, 10],
        [1, 0, 4],
        [7, 0, 4],
      ],
    )
    assert.deepEqual([...got], [['1@0', 'line']])
  })
})
