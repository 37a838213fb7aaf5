// Damages logs in many ways and reads them whole. What must hold for any bytes: nothing is thrown, reading ends within bounds that do not
// depend on luck, memory stays where it was.
//   npm run fuzz -- evtx --count 1000000 [--seed N]
// Seeds are logs of the writer and, where ../shared/corpus is, the smallest logs of it, read in place.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type EvtxRecord, JsonOutput, readEvtxSync, writeEvtx } from '../src/index.ts'
import { BARE, CLEARED, EVERY_TYPE, SERVICE, SYSMON, sampleLog } from './samples.ts'

export interface FuzzResult {
  files: number
  records: number
  damages: number
  /** what was thrown, with the number of the file that did it */
  thrown: string[]
  /** files that gave more records, damages or output than their size allows */
  unbounded: string[]
  slowestMilliseconds: number
  slowestFile: number
  maxMemory: number
  layouts: number
}

/** mulberry32: the same numbers for the same seed */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296
  }
}

const INTERESTING = [
  0, 1, 2, 3, 4, 7, 8, 0x0c, 0x0f, 0x21, 0x41, 0x7f, 0x80, 0x81, 0xff, 0x100, 0x200, 0x7fff, 0x8000, 0xfff8, 0xffff,
]

/** Changes some bytes of `log` below `used`; gives how to undo it. */
function mutate(log: Uint8Array, used: number, random: () => number): () => void {
  const undo: [number, number][] = []
  const set = (at: number, value: number) => {
    if (at >= log.length) return
    undo.push([at, log[at]])
    log[at] = value
  }
  const position = () => (random() < 0.1 ? Math.floor(random() * used) : 4096 + Math.floor(random() * (used - 4096)))
  const changes = 1 + Math.floor(random() * random() * 12)
  for (let i = 0; i < changes; i++) {
    const at = position()
    const kind = random()
    if (kind < 0.35) set(at, Math.floor(random() * 256))
    else if (kind < 0.5) set(at, log[at] ^ (1 << Math.floor(random() * 8)))
    else if (kind < 0.75) {
      const value = INTERESTING[Math.floor(random() * INTERESTING.length)]
      set(at, value & 0xff)
      set(at + 1, value >> 8)
      if (random() < 0.5) {
        set(at + 2, random() < 0.2 ? 0xff : 0)
        set(at + 3, random() < 0.2 ? 0xff : 0)
      }
    } else if (kind < 0.9) {
      // one piece over another: tokens in new places
      const from = position()
      const length = 1 + Math.floor(random() * 64)
      const piece = log.slice(from, from + length)
      for (let k = 0; k < piece.length; k++) set(at + k, piece[k])
    } else {
      const length = 1 + Math.floor(random() * 200)
      const value = random() < 0.5 ? 0 : 0xff
      for (let k = 0; k < length && at + k < used; k++) set(at + k, value)
    }
  }
  return () => {
    for (let i = undo.length - 1; i >= 0; i--) log[undo[i][0]] = undo[i][1]
  }
}

/** Everything that can be asked of a record. */
function ask(record: EvtxRecord, thoroughly: boolean, out: JsonOutput): void {
  record.writeJson(out)
  for (const field of record.layout.fields) if (field.slot >= 0) record.text(field.slot)
  if (!thoroughly) return
  for (let slot = -1; slot <= record.layout.slots; slot++) record.value(slot)
  JSON.parse(record.toJson())
  record.toObject()
  record.toXml()
}

/** Bytes of a log that are in use: its tail of zeroes is not worth damaging. */
function usedBytes(log: Uint8Array): number {
  let used = log.length
  while (used > 4608 && log[used - 1] === 0) used--
  return used
}

/** Reads `count` damaged logs made from the seeds. */
export function fuzz(
  seeds: readonly Uint8Array[],
  count: number,
  seed: number,
  onProgress?: (done: number) => void,
): FuzzResult {
  const random = randomNumbers(seed)
  const logs = seeds.map((log) => ({ log: log.slice(), used: usedBytes(log) }))
  const result: FuzzResult = {
    files: 0,
    records: 0,
    damages: 0,
    thrown: [],
    unbounded: [],
    slowestMilliseconds: 0,
    slowestFile: -1,
    maxMemory: 0,
    layouts: 0,
  }
  let written = 0
  const out = new JsonOutput((bytes) => {
    written += bytes.length
  })
  for (let file = 0; file < count; file++) {
    const { log, used } = logs[Math.floor(random() * logs.length)]
    const undo = mutate(log, used, random)
    const bytes = random() < 0.1 ? log.subarray(0, Math.floor(random() * log.length)) : log
    const options = { carve: random() < 0.3, checksums: random() < 0.1 }
    const thoroughly = random() < 0.1
    const before = { records: result.records, damages: result.damages, written }
    const started = performance.now()
    try {
      readEvtxSync(
        bytes,
        options,
        (record) => {
          result.records++
          result.layouts = Math.max(result.layouts, record.layout.id)
          ask(record, thoroughly, out)
        },
        () => {
          result.damages++
        },
      )
      out.flush()
    } catch (error) {
      result.thrown.push(`file ${file}: ${error instanceof Error ? error.stack : String(error)}`)
    }
    const took = performance.now() - started
    if (took > result.slowestMilliseconds) {
      result.slowestMilliseconds = took
      result.slowestFile = file
    }
    // A record takes 28 bytes; damages are one a record and a few a chunk; a chunk's JSON is bounded to 64 MiB and one record.
    const chunks = Math.ceil(bytes.length / 65536)
    const records = result.records - before.records
    const damages = result.damages - before.damages
    if (
      records > bytes.length / 28 ||
      damages > (bytes.length / 28) * 2 + 8 * chunks + 8 ||
      written - before.written > chunks * (80 << 20)
    )
      result.unbounded.push(
        `file ${file}: ${records} records, ${damages} damages, ${written - before.written} bytes of JSON`,
      )
    undo()
    result.files++
    if (file % 1000 === 0) result.maxMemory = Math.max(result.maxMemory, process.memoryUsage.rss())
    if (file % 50_000 === 0) onProgress?.(file)
  }
  return result
}

/** Logs of the writer, from one record to many. */
export function writtenSeeds(): Uint8Array[] {
  return [
    sampleLog(),
    writeEvtx([SYSMON]),
    writeEvtx([EVERY_TYPE]),
    writeEvtx([CLEARED, SERVICE, BARE]),
    writeEvtx(Array.from({ length: 20 }, (_, i) => ({ ...SYSMON, recordId: i + 1 }))),
  ]
}

/** The smallest logs of the corpus, none when it is absent. */
export function corpusSeeds(corpus: string, most: number): Uint8Array[] {
  const logs: { path: string; used: number; bytes: Uint8Array }[] = []
  for (const folder of ['evtx', 'evtx-format']) {
    const root = join(corpus, folder)
    if (!existsSync(root)) continue
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      if (!entry.isFile() || !entry.name.endsWith('.evtx') || statSync(path).size > 69632) continue
      const bytes = readFileSync(path)
      logs.push({ path, used: usedBytes(bytes), bytes })
    }
  }
  return logs
    .sort((a, b) => a.used - b.used || (a.path < b.path ? -1 : 1))
    .slice(0, most)
    .map(({ bytes }) => bytes)
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { count: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
  })
  const corpus =
    process.env.CROSSTALK_CORPUS ?? resolve(import.meta.dirname, '..', '..', '..', '..', 'shared', 'corpus')
  const seeds = [...writtenSeeds(), ...corpusSeeds(corpus, 60)]
  const started = performance.now()
  const result = fuzz(seeds, Number(values.count), Number(values.seed), (done) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} files`)
  })
  console.log(
    `${result.files} damaged logs from ${seeds.length} seeds (seed ${values.seed}) in ${Math.round((performance.now() - started) / 1000)} s: ` +
      `${result.records} records, ${result.damages} damages named, ${result.layouts} layouts seen`,
  )
  console.log(
    `thrown: ${result.thrown.length}; out of bounds: ${result.unbounded.length}; slowest log ${result.slowestMilliseconds.toFixed(1)} ms ` +
      `(file ${result.slowestFile}); largest memory ${Math.round(result.maxMemory / (1 << 20))} MiB`,
  )
  for (const line of [...result.thrown, ...result.unbounded].slice(0, 20)) console.log(line)
  process.exitCode = result.thrown.length || result.unbounded.length ? 1 : 0
}
