import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { InputError } from '../input-error.ts'
import type { Input } from '../source.ts'
import { expand, openEntry } from './expand.ts'
import type { ContainerLimits } from './limits.ts'
import { fromMemory, readBytes } from './read-bytes.ts'
import type { ContainerProblem } from './walk.ts'
import { makeTar, makeZip } from './zip-maker.ts'

const text = (value: string): Buffer => Buffer.from(value)

/** What comes out: name → content or the error; and the problems. */
async function opened(
  name: string,
  bytes: Buffer,
  limits: Partial<ContainerLimits> = {},
): Promise<{ inputs: [string, string][]; problems: ContainerProblem[] }> {
  const inputs: [string, string][] = []
  const problems: ContainerProblem[] = []
  for await (const input of expand(fromMemory(name, bytes), { limits, onProblem: (problem) => problems.push(problem) }))
    inputs.push([input.name, await contentOf(input)])
  return { inputs, problems }
}

function unexpected(problem: ContainerProblem): void {
  assert.fail(`${problem.name}: ${problem.problem}`)
}

async function contentOf(input: Input): Promise<string> {
  try {
    return (await readBytes(input, 0, Number.POSITIVE_INFINITY)).toString()
  } catch (error) {
    assert.ok(error instanceof InputError, String(error))
    return `! ${error.message}`
  }
}

describe('what holds other inputs', () => {
  test('a plain file is handed back itself', async () => {
    assert.deepEqual(await opened('a.json', text('{}')), { inputs: [['a.json', '{}']], problems: [] })
  })
  test('gzip and zstd hold one', async () => {
    assert.deepEqual((await opened('a.json.gz', gzipSync('{}'))).inputs, [['a.json.gz!a.json', '{}']])
    assert.deepEqual((await opened('x.zst', zstdCompressSync(text('{}')))).inputs, [['x.zst!x', '{}']])
    assert.deepEqual((await opened('log', gzipSync('{}'))).inputs, [['log!log (unpacked)', '{}']])
  })
  test('several gzip members are one stream', async () => {
    assert.deepEqual((await opened('a.gz', Buffer.concat([gzipSync('a'), gzipSync('b')]))).inputs, [['a.gz!a', 'ab']])
  })
  test('a ZIP holds many, stored or packed, in its order, folders left out', async () => {
    const zip = makeZip([
      { name: 'in/', data: Buffer.alloc(0), stored: true },
      { name: 'in/b.txt', data: text('b'.repeat(1000)) },
      { name: 'a.txt', data: text('a'), stored: true },
      { name: 'win\\c.txt', data: text('c') },
    ])
    assert.deepEqual((await opened('x.zip', zip)).inputs, [
      ['x.zip!in/b.txt', 'b'.repeat(1000)],
      ['x.zip!a.txt', 'a'],
      ['x.zip!win/c.txt', 'c'],
    ])
  })
  test('a ZIP behind other bytes, or with a comment, is read all the same', async () => {
    const zip = makeZip([{ name: 'a', data: text('a') }])
    const commented = Buffer.concat([zip, text('comment')])
    commented.writeUInt16LE(7, zip.length - 2)
    assert.deepEqual((await opened('x.zip', commented)).inputs, [['x.zip!a', 'a']])
  })
  test('a tar holds files; long names, links and folders are told apart', async () => {
    const long = `${'d/'.repeat(80)}long.txt`
    const tar = makeTar([
      { name: 'a.txt', data: text('a'.repeat(600)) },
      { name: 'link', data: Buffer.alloc(0), type: '2' },
      { name: long, data: text('long') },
    ])
    const inputs = [
      ['a.txt', 'a'.repeat(600)],
      [long, 'long'],
    ]
    assert.deepEqual(
      (await opened('t.tar', tar)).inputs,
      inputs.map(([name, data]) => [`t.tar!${name}`, data]),
    )
    assert.deepEqual(
      (await opened('t.tgz', gzipSync(tar))).inputs,
      inputs.map(([name, data]) => [`t.tgz!${name}`, data]),
    )
    assert.deepEqual(
      (await opened('t.tar.gz', gzipSync(tar))).inputs,
      inputs.map(([name, data]) => [`t.tar.gz!${name}`, data]),
    )
  })
  test('archives inside archives are opened', async () => {
    const inner = makeZip([{ name: 'x.json', data: text('{}') }])
    const zip = makeZip([
      { name: 'inner.zip', data: inner },
      { name: 'stored.zip', data: inner, stored: true },
      { name: 't.tar', data: makeTar([{ name: 'y.gz', data: gzipSync('y') }]) },
    ])
    assert.deepEqual((await opened('outer.zip', zip)).inputs, [
      ['outer.zip!inner.zip!x.json', '{}'],
      ['outer.zip!stored.zip!x.json', '{}'],
      ['outer.zip!t.tar!y.gz!y', 'y'],
    ])
  })
  test('an office document is one file, not an archive', async () => {
    const document = makeZip([{ name: '[Content_Types].xml', data: text('<Types/>') }])
    assert.deepEqual(
      (await opened('a.docx', document)).inputs.map(([name]) => name),
      ['a.docx'],
    )
  })
  test('two entries of one name are two inputs', async () => {
    const zip = makeZip([
      { name: 'a', data: text('1') },
      { name: 'a', data: text('2') },
    ])
    assert.deepEqual((await opened('x.zip', zip)).inputs, [
      ['x.zip!a', '1'],
      ['x.zip!a#2', '2'],
    ])
  })
  test('names that climb out are only names', async () => {
    const zip = makeZip([
      { name: '../../etc/passwd', data: text('x') },
      { name: '/abs', data: text('y') },
      { name: 'C:\\windows\\x', data: text('z') },
    ])
    assert.deepEqual((await opened('x.zip', zip)).inputs, [
      ['x.zip!../../etc/passwd', 'x'],
      ['x.zip!/abs', 'y'],
      ['x.zip!C:/windows/x', 'z'],
    ])
  })
  test('names of any bytes and any length are only names, and a link of a ZIP is the text that it holds', async () => {
    const names = ['/dev/zero', 'C:\\x', 'CON', 'a\0b', '\u001b[31m', '\n', ' ', '.', 'n'.repeat(65_535)]
    const zip = makeZip([...names, 'link'].map((name) => ({ name, data: text('/etc/passwd') })))
    assert.deepEqual((await opened('z', zip)).inputs, [
      ...names.map((name) => [`z!${name.replaceAll('\\', '/')}`, '/etc/passwd']),
      ['z!link', '/etc/passwd'],
    ])
  })
  test('an archive that goes on in itself ends at the depth that is opened', async () => {
    let zip = text('the end')
    for (let depth = 0; depth < 40; depth++) zip = makeZip([{ name: 'r.zip', data: zip }])
    const { inputs, problems } = await opened('r.zip', zip)
    assert.deepEqual(inputs, [])
    assert.match(problems[0].problem, /^more than 5 archives within archives/)
  })
  test('one entry is found by its name, alone', async () => {
    const tar = gzipSync(
      makeTar([
        { name: 'a', data: text('1') },
        { name: 'b', data: text('2'.repeat(200_000)) },
      ]),
    )
    const zip = makeZip([
      { name: 'in.tgz', data: tar },
      { name: 'c', data: text('3') },
    ])
    const input = await openEntry(fromMemory('x.zip', zip), 'x.zip!in.tgz!b', { onProblem: unexpected })
    assert.equal(input?.name, 'x.zip!in.tgz!b')
    assert.equal(await contentOf(input), '2'.repeat(200_000))
    assert.equal(await openEntry(fromMemory('x.zip', zip), 'x.zip!nothing', { onProblem: unexpected }), undefined)
  })
  test('an input can be opened again and in part, also after the walk has gone on', async () => {
    const big = text('0123456789'.repeat(20_000))
    const tar = gzipSync(
      makeTar([
        { name: 'a', data: big },
        { name: 'b', data: text('b') },
      ]),
    )
    const inputs: Input[] = []
    for await (const input of expand(fromMemory('t.tgz', tar), { onProblem: unexpected })) {
      inputs.push(input)
      assert.equal((await readBytes(input, 0, 5)).toString(), input.name.endsWith('a') ? '01234' : 'b')
    }
    assert.equal((await readBytes(inputs[0], 100_003, 100_009)).toString(), '345678')
    assert.equal(await contentOf(inputs[0]), big.toString())
    assert.equal(await contentOf(inputs[1]), 'b')
  })
})

describe('what is damaged or hostile is named', () => {
  test('a cut gzip gives what it has, then an error that names it', async () => {
    const packed = gzipSync(Buffer.from(Array.from({ length: 30_000 }, (_, i) => (i % 251) ^ (i >> 3))))
    let got = 0
    await assert.rejects(async () => {
      for await (const input of expand(fromMemory('a.gz', packed.subarray(0, 2000)), { onProblem: unexpected }))
        for await (const piece of input.open()) got += piece.length
    }, /^InputError: a\.gz!a: the gzip stream is damaged or cut off \(unexpected end of file\)$/)
    assert.ok(got > 0)
  })
  test('an encrypted entry is a problem, the others are read', async () => {
    const zip = makeZip([
      { name: 'secret', data: text('s'), flags: 1 },
      { name: 'a', data: text('a') },
    ])
    assert.deepEqual(await opened('x.zip', zip), {
      inputs: [['x.zip!a', 'a']],
      problems: [
        { name: 'x.zip!secret', problem: 'encrypted; unpack it with its password and give the folder', bytes: 3 },
      ],
    })
  })
  test('a method that is not read is named', async () => {
    const { problems } = await opened('x.zip', makeZip([{ name: 'a', data: text('a'), method: 9 }]))
    assert.deepEqual(
      problems.map(({ problem }) => problem),
      ['packed with Deflate64, which is not read; unpack it and give the folder'],
    )
  })
  test('an entry that unpacks to more than its archive says is stopped there', async () => {
    const zip = makeZip([{ name: 'a', data: Buffer.alloc(1_000_000), size: 1000 }])
    assert.deepEqual((await opened('x.zip', zip)).inputs, [
      ['x.zip!a', '! x.zip!a: unpacks to more than the 1000 bytes that its archive says'],
    ])
  })
  test('a wrong checksum is noticed', async () => {
    const zip = makeZip([{ name: 'a', data: text('abc'), crc: 1 }])
    assert.deepEqual((await opened('x.zip', zip)).inputs, [
      ['x.zip!a', '! x.zip!a: its checksum differs: the archive is damaged'],
    ])
  })
  test('entries that lie over one another are refused', async () => {
    const data = Buffer.alloc(1000)
    const zip = makeZip([
      { name: 'a', data },
      { name: 'b', data, offset: 0 },
    ])
    assert.deepEqual(await opened('x.zip', zip), {
      inputs: [],
      problems: [
        {
          name: 'x.zip',
          problem: 'a ZIP archive whose entries lie over one another: a bomb, or damaged',
          bytes: zip.length,
        },
      ],
    })
  })
  test('each limit says which option raises it', async () => {
    const inner = makeZip([{ name: 'x', data: Buffer.alloc(100_000) }])
    const zip = makeZip([
      { name: 'inner.zip', data: inner },
      { name: 'y', data: text('y') },
    ])
    const problem = async (limits: Partial<ContainerLimits>): Promise<string[]> => {
      const { inputs, problems } = await opened('x.zip', zip, limits)
      return [
        ...problems.map((one) => one.problem),
        ...inputs.map(([, content]) => content).filter((one) => one[0] === '!'),
      ]
    }
    assert.deepEqual(await problem({ depth: 1 }), [
      'more than 1 archives within archives that are opened (raise it with --archive-depth)',
    ])
    assert.deepEqual(await problem({ entries: 2 }), [
      'more than 2 entries of one archive that are read (raise it with --archive-entries)',
    ])
    assert.deepEqual(await problem({ memory: 100 }), [
      'more than 100 bytes of an archive inside an archive that are held in memory (raise it with --archive-memory)',
    ])
    assert.deepEqual(await problem({ bytes: 50_000 }), [
      '! x.zip!inner.zip!x: more than 50,000 unpacked bytes of one archive (raise it with --archive-bytes)',
      '! x.zip!y: more than 50,000 unpacked bytes of one archive (raise it with --archive-bytes)',
    ])
  })
  test('a bomb is stopped by its ratio', async () => {
    // 300 MB of zeros in 300 kB in 3 kB or so.
    const bomb = gzipSync(gzipSync(Buffer.alloc(300_000_000), { level: 9 }), { level: 9 })
    const { inputs, problems } = await opened('bomb.gz', bomb, { ratio: 10_000 })
    assert.deepEqual(problems, [])
    assert.match(
      inputs[0][1],
      /^! bomb\.gz.*: more than 10,000 unpacked bytes for each packed byte of an archive \(raise it with --archive-ratio\)$/,
    )
  })
  test('truncation at every byte never throws, and gives no wrong content', async () => {
    const zip = makeZip([
      { name: 'a', data: text('aaaaaaaaaa') },
      { name: 'b.gz', data: gzipSync('b') },
    ])
    const tar = makeTar([{ name: 'a', data: text('aaaaaaaaaa') }])
    for (const bytes of [zip, gzipSync(tar), tar, gzipSync('aaaaaaaaaa')])
      for (let length = 0; length < bytes.length; length++) {
        const { inputs } = await opened('x', bytes.subarray(0, length))
        for (const [name, content] of inputs) if (name.endsWith('!a')) assert.match(content, /^(aaaaaaaaaa|! .*|a*)$/)
      }
  })
  test('entries of one name are two inputs, in every kind of archive', async () => {
    const twice = ['a', 'b'].map((data) => ({ name: 'x', data: text(data) }))
    const names = [
      ['t.tar!x', 'a'],
      ['t.tar!x#2', 'b'],
    ]
    assert.deepEqual((await opened('t.tar', makeTar(twice))).inputs, names)
    assert.deepEqual(
      (await opened('t.zip', makeZip(twice))).inputs,
      names.map(([name, data]) => [name.replace('tar', 'zip'), data]),
    )
  })
  test('a sparse file of a tar is named; links and pipes hold nothing', async () => {
    const sparse = Buffer.from('22 GNU.sparse.major=1\n')
    const tar = makeTar([
      { name: 'old', data: text('holes'), type: 'S' },
      { name: 'pax', data: sparse, type: 'x' },
      { name: 'new', data: text('holes') },
      { name: 'link', data: Buffer.alloc(0), type: '2' },
      { name: 'long link', data: text('target\0'), type: 'K' },
      { name: 'file', data: text('whole') },
    ])
    const { inputs, problems } = await opened('t.tar', tar)
    assert.deepEqual(inputs, [['t.tar!file', 'whole']])
    assert.deepEqual(
      problems.map(({ name, problem }) => [name, problem.split(';')[0]]),
      ['old', 'new'].map((name) => [`t.tar!${name}`, 'packed as a sparse file, which is not read']),
    )
  })
})
