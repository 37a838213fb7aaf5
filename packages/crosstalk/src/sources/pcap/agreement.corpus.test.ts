// The captures of the corpus: what we tell of them agrees with what tshark says when it is asked another way. Skips by name without tshark or corpus.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { after, describe, test } from 'node:test'
import { expand } from '../containers/expand.ts'
import { fromMemory, readBytes } from '../containers/read-bytes.ts'
import { type ReadEvent, readAll } from '../reading.ts'
import { pcap } from './pcap.ts'
import { findTshark } from './tshark.ts'

const corpus = process.env.CROSSTALK_CORPUS ?? resolve(import.meta.dirname, '../../../../../../shared/corpus')
const archives = globSync(join(corpus, 'windows-host/*/network/*.zip')).sort()
const program = findTshark()
const skip = !program ? 'tshark is not installed' : archives.length ? false : 'the corpus is not here (windows-host)'

const folder = mkdtempSync(join(tmpdir(), 'crosstalk-agreement-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const FIELDS = [
  'frame.number',
  'dcerpc.pkt_type',
  'dcerpc.cn_flags.first_frag',
  'dcerpc.opnum',
  'dcerpc.cn_bind_to_uuid',
  'smb2.cmd',
  'smb2.flags.response',
  'smb2.filename',
  'smb2.tree',
]

/** A packet's fields; what comes several times is a list. */
type Row = Map<string, string[]>

function dissection(path: string): Row[] {
  const fields = FIELDS.flatMap((field) => ['-e', field])
  return run(['-n', '-r', path, '-Y', 'dcerpc || smb2', '-T', 'fields', '-E', 'aggregator=|', ...fields])
    .split('\n')
    .filter(Boolean)
    .map((line) => new Map(line.split('\t').map((cell, i) => [FIELDS[i], cell === '' ? [] : cell.split('|')])))
}

const isSet = (flag: string | undefined) => /^(?:1|true)$/i.test(flag ?? '')

/** tshark ends with 2 where a capture is cut off: it told the rest. */
function run(args: string[]): string {
  try {
    return execFileSync(program!, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env.PATH, HOME: folder, WIRESHARK_CONFIG_DIR: folder },
      maxBuffer: 1 << 28,
    })
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}

const sorted = (values: Iterable<string>) => [...values].sort()
const told = (events: readonly ReadEvent[], service: string) => events.filter((one) => one.eventId === service)

/** `frame opnum` of the first part of each call. */
function requests(rows: readonly Row[]): string[] {
  const found: string[] = []
  for (const row of rows) {
    const opnums = row.get('dcerpc.opnum')!
    let next = 0
    row.get('dcerpc.pkt_type')!.forEach((type, i) => {
      if (type !== '0') return
      const opnum = opnums[next++]
      if (isSet(row.get('dcerpc.cn_flags.first_frag')![i])) found.push(`${row.get('frame.number')} ${opnum}`)
    })
  }
  return found
}

/** `frame value` of each request of SMB 2 with that command. */
const smbRequests = (rows: readonly Row[], command: string, field: string) =>
  rows
    .filter((row) => row.get('smb2.cmd')!.includes(command) && !isSet(row.get('smb2.flags.response')![0]))
    .map((row) => `${row.get('frame.number')} ${row.get(field)![0] ?? ''}`)

/** Packets of each pair of ends. */
function conversations(path: string): Map<string, number> {
  const found = new Map<string, number>()
  for (const line of run(['-n', '-r', path, '-q', '-z', 'conv,tcp', '-z', 'conv,udp']).split('\n')) {
    const ends = /^(\S+):(\d+)\s+<->\s+(\S+):(\d+)\s+(.*)$/.exec(line)
    if (!ends) continue
    const key = sorted([`${ends[1]} ${ends[2]}`, `${ends[3]} ${ends[4]}`]).join(' ')
    const packets = [...ends[5].matchAll(/(\d+) +[\d,.]+ *(?:bytes|kB|MB)/g)].map((one) => Number(one[1]))
    found.set(key, (found.get(key) ?? 0) + packets[2])
  }
  return found
}

describe('captures of the corpus', { skip }, () => {
  let calls = 0
  let opens = 0
  for (const archive of skip ? [] : archives) {
    test(basename(archive), async () => {
      const bytes = readFileSync(archive)
      const entries = expand(fromMemory(archive, bytes), { onProblem: ({ problem }) => assert.fail(problem) })
      for await (const entry of entries) {
        const capture = await readBytes(entry, 0, entry.size ?? Number.MAX_SAFE_INTEGER)
        const path = join(folder, basename(entry.name))
        writeFileSync(path, capture)
        const { events, skips } = await readAll(pcap, capture)
        for (const one of skips) assert.equal(one.reason, 'cut off in the middle of a packet')
        for (const one of events) assert.ok(one.offset + one.length <= capture.length)

        const rows = dissection(path)
        const rpc = told(events, 'dce_rpc')
        const asked = rpc.filter((one) => one.fields.packet_type === 'request')
        assert.deepEqual(sorted(asked.map((one) => `${one.recordId} ${one.fields.opnum}`)), sorted(requests(rows)))
        const bound = rpc.filter((one) => one.fields.packet_type === 'bind')
        const uuids = rows.flatMap((row) =>
          row.get('dcerpc.cn_bind_to_uuid')!.map((uuid) => `${row.get('frame.number')} ${uuid}`),
        )
        assert.deepEqual(
          sorted(bound.map((one) => `${one.recordId} ${one.fields.interface_uuid}`)),
          sorted(new Set(uuids)),
        )
        const unknown = asked.filter((one) => one.fields.endpoint === undefined)
        assert.deepEqual(unknown, [], 'every call has its interface')

        const commands = told(events, 'smb_cmd')
        const files = [...told(events, 'smb_files'), ...commands.filter((one) => one.fields.command === 'create')]
        const nameOf = ({ fields }: ReadEvent) => (fields.name ?? fields.argument ?? '').replace('<share_root>', '')
        assert.deepEqual(
          sorted(files.map((one) => `${one.recordId} ${nameOf(one)}`)),
          sorted(smbRequests(rows, '5', 'smb2.filename')),
        )
        const trees = [
          ...told(events, 'smb_mapping'),
          ...commands.filter((one) => one.fields.command === 'tree_connect'),
        ]
        assert.deepEqual(
          sorted(trees.map(({ recordId, fields }) => `${recordId} ${fields.path ?? fields.argument}`)),
          sorted(smbRequests(rows, '3', 'smb2.tree')),
        )

        const packets = new Map<string, number>()
        for (const { fields } of told(events, 'conn')) {
          const ends = [
            `${fields['id.orig_h']} ${fields['id.orig_p']}`,
            `${fields['id.resp_h']} ${fields['id.resp_p']}`,
          ]
          const key = sorted(ends).join(' ')
          packets.set(key, (packets.get(key) ?? 0) + Number(fields.orig_pkts) + Number(fields.resp_pkts))
        }
        assert.deepEqual(sorted([...packets].map(String)), sorted([...conversations(path)].map(String)))
        calls += asked.length
        opens += files.length
      }
    })
  }
  test('there was something to compare', () => assert.ok(calls > 1000 && opens > 20, `${calls} calls, ${opens} opens`))
})
