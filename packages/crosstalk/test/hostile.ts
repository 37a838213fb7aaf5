// Inputs too large for the tests: one line of a gigabyte, plain and in every compression, and archives of a million entries. Each is made, dumped by a process of its own,
// and removed; what is printed is how much memory and CPU that took, what was read and what was named.
//   npm run hostile -- [lines] [entries] [--only WORD] [--bytes N] [--count N]
import { fork, spawnSync } from 'node:child_process'
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { crc32, createDeflateRaw, createGzip, createZstdCompress } from 'node:zlib'
import { main as crosstalk } from '../src/cli/main.ts'
import type { RunAccount } from '../src/run/account.ts'
import { makeTarEntry } from '../src/sources/containers/zip-maker.ts'
import { SAMPLE_INPUTS } from '../src/sources/sample-inputs.ts'
import { randomNumbers } from './damaged-input.ts'

const PIECE = 1 << 20

/** A few records, a record whose value is as long as was asked for, the same records again. `long` begins and ends the value's record. */
const LINES: Readonly<Record<string, readonly [begins: string, ends: string]>> = {
  'windows-json': ['{"EventID":17,"Channel":"x","PipeName":"', '"}\n'],
  'windows-xml': [
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><EventData><Data Name='a'>",
    '</Data></EventData></Event>\n',
  ],
  'windows-csv': ['"1","1","2024-05-14 09:00:00","17","Info","x","x","PC1","', '"\n'],
  auditd: ['type=USER_CMD msg=audit(1715677200.000:1): cmd="', '"\n'],
  syslog: ['May 14 09:00:00 host sshd[1]: ', '\n'],
  'zeek-tsv': ['1715677200.000000\t', '\n'],
  'journal-export': ['__REALTIME_TIMESTAMP=1\nMESSAGE=', '\n\n'],
}

/** `fill` gives what the long value is made of, piece by piece. */
async function* longLine(format: string, bytes: number, fill: () => Buffer): AsyncGenerator<Buffer> {
  const records = Buffer.concat([SAMPLE_INPUTS.get(format)!().bytes, Buffer.from('\n')])
  const [begins, ends] = LINES[format]
  yield records
  yield Buffer.from(begins)
  for (let left = bytes; left > 0; left -= PIECE) yield fill()
  yield Buffer.from(ends)
  yield records
}

/** Packs to about a hundredth: what packs to less than a thousandth is a bomb, and stopped as one. */
function text(): () => Buffer {
  const random = randomNumbers(1)
  const same = Buffer.from(Array.from({ length: PIECE / 16 }, (_, i) => `${i % 997}`.padEnd(16, 'x')).join(''))
  return () => {
    const piece = Buffer.from(same)
    for (let i = 0; i < PIECE / 256; i++) piece[Math.floor(random() * PIECE)] = 0x61 + Math.floor(random() * 26)
    return piece
  }
}
const spaces = () => () => Buffer.alloc(PIECE, ' ')
const FILLS: Readonly<Record<string, () => () => Buffer>> = { spaces, text }

type Pack = (content: AsyncIterable<Buffer>, path: string) => Promise<unknown>
const PACKS: Readonly<Record<string, Pack>> = {
  plain: (content, path) => pipeline(Readable.from(content), createWriteStream(path)),
  gz: (content, path) => pipeline(Readable.from(content), createGzip(), createWriteStream(path)),
  zst: (content, path) => pipeline(Readable.from(content), createZstdCompress(), createWriteStream(path)),
  zip: packZip,
  xz: packBy('xz'),
  bz2: packBy('bzip2'),
}

/** By a program of that name, where there is one. */
function packBy(program: string): Pack {
  return async (content, path) => {
    await PACKS.plain(content, `${path}.plain`)
    const { error } = spawnSync('sh', ['-c', `${program} -1 -c < "$0.plain" > "$0"`, path])
    rmSync(`${path}.plain`)
    if (error) throw error
  }
}

async function packZip(content: AsyncIterable<Buffer>, path: string): Promise<void> {
  const file = await open(path, 'w')
  let size = 0
  let crc = 0
  let packed = 0
  async function* counted() {
    for await (const piece of content) {
      size += piece.length
      crc = crc32(piece, crc)
      yield piece
    }
  }
  await file.write(Buffer.alloc(31))
  for await (const piece of Readable.from(counted()).pipe(createDeflateRaw())) {
    await file.write(piece)
    packed += piece.length
  }
  const entry = zipEntry('a', crc, packed, size, 0)
  await file.write(Buffer.concat([entry.central, zipEnd(1, entry.central.length, 31 + packed)]))
  await file.write(entry.local, 0, 31, 0)
  await file.close()
}

function zipEntry(name: string, crc: number, packed: number, size: number, offset: number) {
  const raw = Buffer.from(name)
  const local = Buffer.alloc(30)
  const method = packed === size ? 0 : 8
  for (const [at, value] of [
    [0, 0x04034b50],
    [14, crc],
    [18, packed],
    [22, size],
  ])
    local.writeUInt32LE(value, at)
  local.writeUInt16LE(method, 8)
  local.writeUInt16LE(raw.length, 26)
  const central = Buffer.alloc(46)
  for (const [at, value] of [
    [0, 0x02014b50],
    [16, crc],
    [20, packed],
    [24, size],
    [42, offset],
  ])
    central.writeUInt32LE(value, at)
  central.writeUInt16LE(method, 10)
  central.writeUInt16LE(raw.length, 28)
  return { local: Buffer.concat([local, raw]), central: Buffer.concat([central, raw]) }
}

/** With its ZIP64 form, which a million entries need. */
function zipEnd(count: number, length: number, offset: number): Buffer {
  const end64 = Buffer.alloc(56)
  end64.writeUInt32LE(0x06064b50)
  for (const [at, value] of [
    [4, 44],
    [24, count],
    [32, count],
    [40, length],
    [48, offset],
  ])
    end64.writeBigUInt64LE(BigInt(value), at)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50)
  locator.writeBigUInt64LE(BigInt(offset + length), 8)
  locator.writeUInt32LE(1, 16)
  const end = Buffer.alloc(22, 0xff)
  end.writeUInt32LE(0x06054b50)
  end.fill(0, 4, 8)
  end.fill(0, 20, 22)
  return Buffer.concat([end64, locator, end])
}

const sample = SAMPLE_INPUTS.get('windows-json')!().bytes
const RECORD = sample.subarray(0, sample.indexOf('\n') + 1)

async function* zipOf(count: number): AsyncGenerator<Buffer> {
  const central: Buffer[] = []
  let at = 0
  for (let i = 0; i < count; i++) {
    const entry = zipEntry(`logs/${i}.json`, crc32(RECORD), RECORD.length, RECORD.length, at)
    central.push(entry.central)
    at += entry.local.length + RECORD.length
    yield Buffer.concat([entry.local, RECORD])
  }
  const directory = Buffer.concat(central)
  yield directory
  yield zipEnd(count, directory.length, at)
}

async function* tarOf(count: number): AsyncGenerator<Buffer> {
  for (let i = 0; i < count; i++) yield Buffer.concat(makeTarEntry(`logs/${i}.json`, RECORD))
  yield Buffer.alloc(1024)
}

interface Outcome {
  code: number
  cpu: number
  memory: number
}

/** Dumps a file in a process of its own. */
async function dumped(path: string, account: string): Promise<Outcome> {
  const child = fork(import.meta.filename, [path, account], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { ...process.env, HOSTILE_CHILD: '1' },
  })
  return new Promise((resolve, reject) => {
    child.once('message', (outcome) => resolve(outcome as Outcome))
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)))
  })
}

async function tryOne(name: string, make: (path: string) => Promise<unknown>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'crosstalk-hostile-'))
  try {
    const path = join(folder, 'input')
    await make(path)
    const { code, cpu, memory } = await dumped(path, join(folder, 'account.json'))
    const { events, skipped, problems } = JSON.parse(readFileSync(join(folder, 'account.json'), 'utf8')) as RunAccount
    const named = [
      ...skipped.map((one) => `${one.count} × ${one.reason} (${one.bytes} bytes)`),
      ...problems.map((one) => one.problem),
    ]
    console.log(
      `${name}: exit ${code}, ${cpu.toFixed(1)} s CPU, ${memory} MiB, ${events.read} events; ${named.slice(0, 4).join('; ') || 'nothing named'}`,
    )
  } catch (error) {
    console.log(`${name}: ${(error as Error).message}`)
    process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      bytes: { type: 'string', default: String(2 ** 30) },
      count: { type: 'string', default: '1000000' },
    },
    allowPositionals: true,
  })
  const wanted = (kind: string, name: string) =>
    (!positionals.length || positionals.includes(kind)) && name.includes(values.only)
  const bytes = Number(values.bytes)
  const count = Number(values.count)
  for (const format of Object.keys(LINES))
    for (const fill of Object.keys(FILLS))
      for (const [packing, pack] of Object.entries(PACKS)) {
        const name = `a line of ${bytes} bytes, ${format}, ${fill}, ${packing}`
        if (wanted('lines', name)) await tryOne(name, (path) => pack(longLine(format, bytes, FILLS[fill]()), path))
      }
  const entries = { zip: PACKS.plain, tar: PACKS.plain, 'tar.gz': PACKS.gz, 'tar.zst': PACKS.zst }
  for (const [kind, pack] of Object.entries(entries))
    if (wanted('entries', kind))
      await tryOne(`${count} entries, ${kind}`, (path) => pack(kind === 'zip' ? zipOf(count) : tarOf(count), path))
}

async function child(path: string, account: string): Promise<void> {
  const code = await crosstalk(['dump', path, '--quiet', '--account', account])
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  process.send?.({ code, cpu: (userCPUTime + systemCPUTime) / 1e6, memory: Math.round(maxRSS / 1024) })
}

if (process.env.HOSTILE_CHILD) await child(process.argv[2], process.argv[3])
else await main()
