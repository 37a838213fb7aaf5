// One system call, seen by auditd, Laurel and Auditbeat: the same observations.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { SourceEvent } from '../events/event.ts'
import type { Fact } from '../facts/fact.ts'
import { auditd } from '../sources/auditd/auditd.ts'
import { fromMemory } from '../sources/containers/read-bytes.ts'
import { elastic } from '../sources/elastic/elastic.ts'
import { AUDITBEAT } from '../sources/elastic/sample-input.ts'
import { laurel } from '../sources/laurel/laurel.ts'
import { LAUREL, RAW } from '../sources/laurel/sample-input.ts'
import type { Source } from '../sources/source.ts'
import { ptrace } from './ptrace.ts'
import { unixSocket } from './unix-socket.ts'

async function observed(source: Source, text: string): Promise<object[]> {
  const facts: Fact[] = []
  const take = (event: SourceEvent): void => {
    for (const extractor of [unixSocket, ptrace]) extractor.bind(event.shape)?.(event, (fact) => facts.push(fact))
  }
  await source.read(fromMemory('x', Buffer.from(text)), undefined, {}, take, (skip) => assert.fail(skip.reason))
  return facts.map(({ evidence: _, ...fact }) => JSON.parse(JSON.stringify(fact)) as object)
}

it('auditd, Laurel and Auditbeat tell the same of one call', async () => {
  const lines = (records: readonly object[]) => records.map((one) => JSON.stringify(one)).join('\n')
  const raw = await observed(auditd, RAW.join('\n'))
  assert.deepEqual(
    raw.map((fact) => ('channel' in fact ? fact.channel : undefined)),
    [
      { kind: 'unix-socket', host: '', name: '/tmp/a' },
      { kind: 'unix-socket', host: 'box', name: '/run/a.sock' },
      { kind: 'ptrace', host: 'box', name: '2732155' },
    ],
  )
  assert.deepEqual(await observed(laurel, lines(LAUREL)), raw)
  assert.deepEqual(await observed(elastic, lines(AUDITBEAT)), raw)
})
