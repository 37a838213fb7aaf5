// The recorded sample, read by this reader and by ausearch: as it was recorded (enriched, with the host's name), and as auditd writes it in RAW format.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { ausearchVersion } from './ausearch.ts'
import { compareWithAusearch } from './compare.ts'
import { compareWithCsv } from './compare-csv.ts'

const SAMPLE = join(import.meta.dirname, '../../../../samples/linux/logs/ASH-LNX01/audit.log.gz')
const skip = ausearchVersion() === undefined ? 'ausearch (Debian package auditd) is not installed' : false
const folder = mkdtempSync(join(tmpdir(), 'crosstalk-auditd-'))
after(() => rmSync(folder, { recursive: true, force: true }))

async function compared(text: string, allowed: readonly string[] = []) {
  const log = join(folder, 'audit.log')
  writeFileSync(log, text, 'latin1')
  const { differences, ...counts } = await compareWithAusearch(log)
  assert.deepEqual(
    [...differences].filter(([what]) => !allowed.includes(what)),
    [],
  )
  assert.ok(counts.events > 2_000 && counts.calls > 300, JSON.stringify(counts))
}

test('the recorded sample is what ausearch makes of it, record by record and value by value', { skip }, () =>
  compared(gunzipSync(readFileSync(SAMPLE)).toString('latin1')),
)
test('who did what with what is what ausearch’s normalised rows say', { skip }, async () => {
  const log = join(folder, 'normalised.log')
  writeFileSync(log, gunzipSync(readFileSync(SAMPLE)))
  const { events, equal, differences } = await compareWithCsv(log)
  assert.deepEqual([...differences], [])
  assert.ok(events > 2_000 && equal.get('SESSION') === events && equal.get('HOW')! > 2_000, JSON.stringify([...equal]))
})
test('so it is without what auditd adds to the records', { skip }, () =>
  compared(
    gunzipSync(readFileSync(SAMPLE))
      .toString('latin1')
      .replace(/^node=\S+ /gm, '')
      .replace(/ ?\u001d.*$/gm, ''),
  ),
)
test('records of two events that lie between each other are told apart as ausearch tells them', { skip }, () => {
  const lines = gunzipSync(readFileSync(SAMPLE)).toString('latin1').trim().split('\n')
  const eventOf = (line: string) => /\(([^)]*)\)/.exec(line)?.[1]
  // The last record of every other event waits until the next one has begun.
  for (let at = 1; at + 2 < lines.length; at += 2)
    if (eventOf(lines[at]) === eventOf(lines[at - 1]) && eventOf(lines[at]) !== eventOf(lines[at + 1]))
      [lines[at], lines[at + 1]] = [lines[at + 1], lines[at]]
  // It closes some of them at once, and prints what comes later as one more event of the same serial.
  return compared(`${lines.join('\n')}\n`, ['ausearch prints an event in two'])
})
