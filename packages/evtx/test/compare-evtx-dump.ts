// Compares every record of the logs in the given folders with what evtx_dump prints, key by key, and lists every difference.
//   node packages/evtx/test/compare-evtx-dump.ts <folder or file…>
// Needs evtx_dump (the crate `evtx`, 0.15) on the PATH. docs/formats/evtx-differences.md explains what it lists.
import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type Damage, JsonOutput, readEvtxSync } from '../src/index.ts'

type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

interface Difference {
  count: number
  readonly files: Set<string>
  readonly example: string
}

const differences = new Map<string, Difference>()

function note(kind: string, file: string, example: string): void {
  const known = differences.get(kind)
  if (known) known.count++
  else differences.set(kind, { count: 1, files: new Set(), example: `${basename(file)}: ${example}` })
  differences.get(kind)?.files.add(file)
}

function logsIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.evtx'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

function theirLines(file: string): string[] {
  const { stdout, error } = spawnSync('evtx_dump', ['-t', '1', '-o', 'jsonl', file], { maxBuffer: 2 ** 31 - 1 })
  if (error) throw new Error(`evtx_dump can't be run: ${error.message}`)
  return stdout.toString('utf8').split('\n').slice(0, -1)
}

function ourLines(file: string): { lines: string[]; damages: Damage[] } {
  const damages: Damage[] = []
  const pieces: Buffer[] = []
  const out = new JsonOutput((bytes) => pieces.push(Buffer.from(bytes)))
  readEvtxSync(
    file,
    {},
    (record) => {
      record.writeJson(out)
      out.writeByte(10)
    },
    (damage) => damages.push(damage),
  )
  out.flush()
  return { lines: Buffer.concat(pieces).toString('utf8').split('\n').slice(0, -1), damages }
}

function differ(theirs: Json, ours: Json, path: string, file: string): void {
  if (isObject(theirs) && isObject(ours)) {
    for (const name of new Set([...Object.keys(theirs), ...Object.keys(ours)])) {
      const inner = `${path}.${name}`
      if (!(name in theirs)) note(`only ours has ${inner}`, file, JSON.stringify(ours[name]).slice(0, 200))
      else if (!(name in ours)) note(`only theirs has ${inner}`, file, JSON.stringify(theirs[name]).slice(0, 200))
      else differ(theirs[name], ours[name], inner, file)
    }
    return
  }
  const [their, our] = [JSON.stringify(theirs), JSON.stringify(ours)]
  if (their !== our) note(`value of ${path}`, file, `theirs ${their.slice(0, 200)} ours ${our.slice(0, 200)}`)
}

function isObject(value: Json): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** EventRecordID, by which records are paired that are not the same. */
function recordKey(line: string): string {
  return /"EventRecordID":"?(\d+)/.exec(line)?.[1] ?? ''
}

function compare(file: string): { records: number; same: number; damages: number } {
  const theirs = theirLines(file)
  const { lines, damages } = ourLines(file)
  const left = new Map<string, number>()
  for (const line of theirs) left.set(line, (left.get(line) ?? 0) + 1)
  let same = 0
  const ours: string[] = []
  for (const line of lines) {
    const count = left.get(line)
    if (count) {
      left.set(line, count - 1)
      same++
    } else ours.push(line)
  }
  const unmatched = new Map<string, string[]>()
  for (const [line, count] of left)
    for (let i = 0; i < count; i++) unmatched.set(recordKey(line), [...(unmatched.get(recordKey(line)) ?? []), line])
  for (const line of ours) {
    const their = unmatched.get(recordKey(line))?.shift()
    if (!their) note('record that only ours has', file, line.slice(0, 300))
    else {
      const [a, b] = [JSON.parse(their) as Json, JSON.parse(line) as Json]
      differ(a, b, '', file)
      if (JSON.stringify(a) === JSON.stringify(b))
        note('same values, other spelling', file, `${their}\n${line}`.slice(0, 2000))
    }
  }
  if (same === theirs.length && same === lines.length && theirs.some((line, i) => line !== lines[i]))
    note('the same records in another order', file, '')
  for (const lines of unmatched.values())
    for (const line of lines) note('record that only evtx_dump has', file, line.slice(0, 300))
  for (const damage of damages)
    note(`damage we name: ${damage.reason}`, file, `at ${damage.offset}, ${damage.bytes} bytes`)
  return { records: theirs.length, same, damages: damages.length }
}

const paths = process.argv.slice(2)
if (!paths.length) {
  console.error('usage: compare-evtx-dump.ts <folder or file…>')
  process.exit(2)
}
let records = 0
let same = 0
const logs = paths.flatMap(logsIn)
for (const file of logs) {
  const result = compare(file)
  records += result.records
  same += result.same
}
console.log(`${logs.length} logs: evtx_dump prints ${records} records, ${same} of them are the same lines here`)
for (const [kind, { count, files, example }] of [...differences].sort((a, b) => b[1].count - a[1].count))
  console.log(`${count} in ${files.size} logs: ${kind}\n    ${example}`)
