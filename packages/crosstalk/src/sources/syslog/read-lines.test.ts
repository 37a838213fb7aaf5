import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { fromMemory } from '../containers/read-bytes.ts'
import type { ByteRange } from '../source.ts'
import { readLinuxLines } from './read-lines.ts'

/** Smaller than the input, so that what lies before a range is not read whole. */
const LOOK_BACK = { maxSpread: 3_000, imageWindow: 6_000 }

/** Records of many events, mixed: processes that start others, sockets, events that are never complete, and lines of syslog. */
function mixedLog(seed: number): Buffer {
  let state = seed
  const chance = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff
    return (state >> 8) % below
  }
  const lines: string[] = []
  const waiting: string[][] = []
  for (let serial = 1; serial <= 150; serial++) {
    const at = `msg=audit(17000000${String(10 + Math.floor(serial / 4) + (chance(20) === 0 ? 3 : 0)).padStart(2, '0')}.${100 + chance(900)}:${serial}):`
    const pid = 100 + chance(12)
    const call = (number: number) =>
      `type=SYSCALL ${at} arch=c000003e syscall=${number} success=yes exit=0 a0=1 a1=2 a2=3 a3=0 ppid=${100 + chance(12)} pid=${pid} auid=1000 uid=0 tty=pts0 ses=3 exe="/bin/x${chance(5)}" key=(null)`
    const title = `type=PROCTITLE ${at} proctitle="p${serial}"`
    const event =
      chance(3) > 0
        ? [
            call(59),
            `type=EXECVE ${at} argc=2 a0="x" a1="${'ä'.repeat(chance(30))}"`,
            `type=CWD ${at} cwd="/tmp"`,
            title,
          ]
        : [call(42), `type=SOCKADDR ${at} saddr=02000016C0A801${chance(2) ? '05' : '06'}0000000000000000`, title]
    if (chance(9) === 0) event.pop()
    waiting.push(event)
    while (waiting.length > 3 || (serial === 150 && waiting.length > 0)) {
      const next = waiting[chance(waiting.length)]
      lines.push(next.shift()!)
      if (next.length === 0) waiting.splice(waiting.indexOf(next), 1)
      if (chance(25) === 0) lines.push(`2023-11-14T22:13:20+00:00 box cron[${serial}]: job`, '')
      if (chance(60) === 0) lines.push('neither one nor the other')
    }
  }
  return Buffer.from(lines.join('\n'))
}

async function readRanges(bytes: Buffer, ranges: readonly (ByteRange | undefined)[]): Promise<string[]> {
  const seen: string[] = []
  for (const range of ranges)
    await readLinuxLines(
      fromMemory('mixed', bytes),
      range,
      {},
      (event) => seen.push(`${event.offset} ${event.length} ${event.recordId} ${event.time} ${event.toJson()}`),
      ({ reason, offset }) => seen.push(`${reason} @ ${offset}`),
      LOOK_BACK,
    )
  return seen
}

describe('a file of audit records and other lines', () => {
  it('gives the same events in the same order, with the same parents, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000), fc.array(fc.nat(1_000_000), { maxLength: 5 }), async (seed, cuts) => {
        const bytes = mixedLog(seed)
        const edges = [0, ...new Set(cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b)), bytes.length]
        const ranges = edges.slice(1).map((end, at) => ({ start: edges[at], end }))
        const [cut, whole] = [await readRanges(bytes, ranges), await readRanges(bytes, [undefined])]
        const differs = whole.findIndex((line, at) => line !== cut[at])
        assert.equal(cut[differs], whole[differs])
        assert.equal(cut.length, whole.length)
      }),
      { numRuns: 60 },
    )
  })
  it('is long enough for that to be a test', async () => {
    const bytes = mixedLog(1)
    assert.ok(bytes.length > 3 * (LOOK_BACK.maxSpread + LOOK_BACK.imageWindow), String(bytes.length))
    const seen = await readRanges(bytes, [undefined])
    assert.ok(seen.filter((line) => line.includes('ParentImage')).length > 20)
  })
})
