// The same work by what else would be used for it: a file of 30 MB to JSON lines (auditd: to raw records), whole processes in turn. Peers that are not on the PATH are named.
//   node bench/source-peers.ts [FORMAT…]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SAMPLE_INPUTS } from '../packages/crosstalk/src/sources/sample-inputs.ts'
import { type Contestant, compare, describeRun, findProgram, timesFaster } from './measure.ts'

const BYTES = 30e6
const ROUNDS = 3
const CROSSTALK = join(import.meta.dirname, '..', 'packages', 'crosstalk', 'bin', 'crosstalk.js')
const PYTHON = 'import json,sys\nfor line in open(sys.argv[1]): print(json.dumps(json.loads(line)))'

type Words = (file: string) => string[]

/** By format: the program and its words. */
const PEERS: Readonly<Record<string, readonly [program: string, words: Words][]>> = {
  'windows-json': [
    ['jq', (file) => ['-c', '.', file]],
    ['python3', (file) => ['-c', PYTHON, file]],
  ],
  'zeek-tsv': [['zeek-cut', (file) => ['-d', 'ts', 'uid', 'named_pipe', 'operation', file]]],
  auditd: [['ausearch', (file) => ['--format', 'raw', '-if', file]]],
}

const folder = mkdtempSync(join(tmpdir(), 'crosstalk-peers-'))
try {
  const wanted = process.argv.slice(2)
  for (const [format, peers] of Object.entries(PEERS)) {
    if (wanted.length && !wanted.includes(format)) continue
    const { bytes } = SAMPLE_INPUTS.get(format)!()
    const lines = bytes.at(-1) === 0x0a ? bytes : Buffer.concat([bytes, Buffer.from('\n')])
    const file = join(folder, format)
    writeFileSync(file, Buffer.concat(new Array<Buffer>(Math.ceil(BYTES / lines.length)).fill(lines)))
    const own: Contestant = {
      name: 'crosstalk dump',
      command: process.execPath,
      args: [CROSSTALK, 'dump', '--jobs', '1', '--quiet', file],
    }
    const there = peers.filter(([program]) => findProgram(program))
    for (const [program] of peers) if (!findProgram(program)) console.log(`${format}: ${program} is not here`)
    if (!there.length) continue
    const runs = compare([own, ...there.map(([name, words]) => ({ name, command: name, args: words(file) }))], ROUNDS)
    const base = runs.get(own.name)!
    for (const [name, run] of runs)
      console.log(
        `${format}: ${name.padEnd(16)} ${describeRun(run)}${name === own.name ? '' : `; crosstalk ${timesFaster(base, run)}`}`,
      )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
