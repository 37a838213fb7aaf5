// What an end at any moment leaves: no results that look whole, nothing in the folder for temporary files, and a word to the person.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { pcapSample } from '../sources/pcap/sample-input.ts'
import { findTshark } from '../sources/pcap/tshark.ts'
import { SAMPLE_INPUTS } from '../sources/sample-inputs.ts'
import { checkResultsFolder, writeResults } from './results-folder.ts'

const program = join(import.meta.dirname, '..', '..', 'bin', 'crosstalk.js')
const root = mkdtempSync(join(tmpdir(), 'crosstalk-interrupted-'))
after(() => rmSync(root, { recursive: true, force: true }))

const temporary = join(root, 'tmp')
mkdirSync(temporary)
mkdirSync(join(root, 'logs'))
const lines = Buffer.concat(
  Array.from({ length: 400 }, () => Buffer.concat([SAMPLE_INPUTS.get('windows-json')!().bytes, Buffer.from('\n')])),
)
for (let at = 0; at < 40; at++) writeFileSync(join(root, 'logs', `${at}.json`), lines)

const env = { ...process.env, CROSSTALK_CACHE: join(root, '.cache'), NO_COLOR: '1', TMPDIR: temporary }

const unpacked = () => readdirSync(temporary).filter((name) => name.startsWith('crosstalk-'))

/** Starts the program, and ends it by the signal when `when` has come. */
async function interrupted(signal: NodeJS.Signals, args: readonly string[], when: () => boolean) {
  const child = spawn(process.execPath, [program, ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let stderr = ''
  let bytes = 0
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  child.stdout.on('data', (piece: Buffer) => {
    bytes += piece.length
  })
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', resolve)
  })
  while (child.exitCode === null && !when() && !bytes) await setTimeout(5)
  child.kill(signal)
  return { code: await ended, stderr }
}

describe('a run that is interrupted', { skip: process.platform === 'win32' }, () => {
  it('while it reads ends with the signal’s code and says so', async () => {
    for (const [signal, expected] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const { code, stderr } = await interrupted(signal, ['dump', 'logs'], () => false)
      assert.equal(code, expected)
      assert.match(stderr, new RegExp(`crosstalk dump: stopped by ${signal} before it was done`))
    }
  })
  it('leaves no results behind that look whole', async () => {
    const { code } = await interrupted('SIGINT', ['hunt', 'logs', '--out', 'results'], () =>
      existsSync(join(root, '.cache')),
    )
    assert.equal(code, 130)
    assert.equal(existsSync(join(root, 'results', 'summary.json')), false)
  })
  it('removes what it unpacked for another program', { skip: findTshark() ? false : 'no tshark' }, async () => {
    mkdirSync(join(root, 'captures'))
    for (let at = 0; at < 30; at++) writeFileSync(join(root, 'captures', `${at}.pcap.gz`), gzipSync(pcapSample()))
    const { code } = await interrupted('SIGTERM', ['dump', 'captures'], () => unpacked().length > 0)
    assert.equal(code, 143)
    assert.deepEqual(unpacked(), [])
  })
  it('by a reader of its output that goes away is no failure', () => {
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', `"${process.execPath}" "${program}" dump logs | head -n 1 | wc -l`],
      {
        cwd: root,
        env,
        encoding: 'utf8',
      },
    )
    assert.equal(status, 0)
    assert.doesNotMatch(stderr, /EPIPE|should not have happened/)
  })
})

describe('results that were not written to the end', () => {
  const results = { cases: [], summary: {} as never }
  it('are without a summary, also where a former run had left one, and may be written over', async () => {
    const folder = join(root, 'half')
    mkdirSync(folder)
    writeFileSync(join(folder, 'summary.json'), '{"tool":{"name":"crosstalk"}}')
    const findings = {
      // biome-ignore lint/correctness/useYield: it goes wrong before
      *[Symbol.iterator]() {
        throw new Error('whatever goes wrong on the way')
      },
    }
    await assert.rejects(writeResults(folder, { ...results, findings: findings as never }))
    assert.equal(existsSync(join(folder, 'summary.json')), false)
    checkResultsFolder(folder)
  })
  it('are told apart from a folder that is somebody else’s', () => {
    const folder = join(root, 'theirs')
    mkdirSync(folder)
    writeFileSync(join(folder, 'report.html'), 'mine')
    assert.throws(() => checkResultsFolder(folder), /holds something other than the results of a hunt/)
  })
})
