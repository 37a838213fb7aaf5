// The attacks of the corpus that are event logs, as facts: what a hunt over them has to work with.
import assert from 'node:assert/strict'
import { createReadStream, existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import type { SourceShape } from '../events/event.ts'
import type { ReadFacts } from '../facts/extractor.ts'
import type { Fact, Observation } from '../facts/fact.ts'
import { evtx } from '../sources/evtx/index.ts'
import { bindAll } from './index.ts'

const corpus = process.env.CROSSTALK_CORPUS ?? resolve(import.meta.dirname, '../../../../../shared/corpus')
const samples = join(corpus, 'evtx', 'EVTX-ATTACK-SAMPLES')
const skip = existsSync(samples) ? false : `no corpus at ${corpus}`

async function factsOf(log: string): Promise<Fact[]> {
  const path = join(samples, log)
  const facts: Fact[] = []
  const readers = new Map<SourceShape, ReadFacts | undefined>()
  await evtx.read(
    {
      name: log,
      path,
      size: statSync(path).size,
      open: (start = 0, end) => createReadStream(path, { start, ...(end && { end: end - 1 }) }),
    },
    undefined,
    {},
    (event) => {
      if (!readers.has(event.shape)) readers.set(event.shape, bindAll(event.shape))
      readers.get(event.shape)?.(event, (fact) => facts.push(fact))
    },
    (skipped) => assert.fail(skipped.reason),
  )
  return facts
}

const observations = (facts: readonly Fact[]): Observation[] => facts.filter((fact) => fact.kind === 'observation')
const acts = (facts: readonly Fact[]): string[] =>
  observations(facts).map(
    ({ channel, act, peer }) => `${channel.kind} ${channel.name} ${act}${peer?.address ? ` ${peer.address}` : ''}`,
  )

test('LethalHTA: mshta is started as COM server and takes a connection from 10.0.2.17', { skip }, async () => {
  const facts = await factsOf('Lateral Movement/LM_DCOM_MSHTA_LethalHTA_Sysmon_3_1.evtx')
  assert.deepEqual(acts(facts), ['com mshta.exe activate', 'dcom mshta.exe listen 10.0.2.17'])
  const [activated, served] = observations(facts)
  assert.equal(activated.actor?.guid, served.actor?.guid)
})

test('ShellWindows: explorer takes connections from 10.0.2.17 and nothing else is known', { skip }, async () => {
  const facts = await factsOf('Lateral Movement/LM_sysmon_3_DCOM_ShellBrowserWindow_ShellWindows.evtx')
  assert.deepEqual(acts(facts), Array(3).fill('dcom explorer.exe listen 10.0.2.17'))
  assert.deepEqual(
    facts.filter((fact) => fact.kind === 'connection').map((one) => [one.direction, one.localPort]),
    Array(3).fill(['inbound', 49158]),
  )
})

test('shell over a pipe: the SMB server opens it while 10.0.2.17 is connected to port 445', { skip }, async () => {
  const facts = await factsOf('Lateral Movement/lm_sysmon_18_remshell_over_namedpipe.evtx')
  assert.deepEqual(acts(facts), ['named-pipe 46a676ab7f179e511e30dd2dc41bd388 connect', 'com slui.exe activate'])
  assert.equal(observations(facts)[0].actor?.image, 'System')
  const [smb] = facts.filter((fact) => fact.kind === 'connection')
  assert.deepEqual([smb.direction, smb.localPort, smb.remoteAddress], ['inbound', 445, '10.0.2.17'])
})

test('getsystem: a service set up to write into a pipe of its own name, and taken away', { skip }, async () => {
  const facts = await factsOf('Privilege Escalation/sysmon_13_1_meterpreter_getsystem_NamedPipeImpersonation.evtx')
  assert.deepEqual(acts(facts), ['named-pipe msdhch refer', 'named-pipe msdhch refer'])
  const writes = facts
    .filter((fact) => fact.kind === 'effect')
    .map((one) => [one.name.split('\\').at(-1), one.detail.Details])
  assert.deepEqual(writes, [
    ['Start', 'DWORD (0x00000003)'],
    ['ImagePath', 'cmd.exe /c echo msdhch > \\\\.\\pipe\\msdhch'],
    ['Start', 'DWORD (0x00000004)'],
  ])
})

test('pipe sweep: eighteen opens by the SMB server, each an RPC service', { skip }, async () => {
  const facts = await factsOf('Discovery/Discovery_Remote_System_NamedPipes_Sysmon_18.evtx')
  const bySmb = observations(facts).filter((one) => one.actor?.image === 'System')
  const pipes = bySmb.filter((one) => one.channel.kind === 'named-pipe').map((one) => one.channel.name)
  assert.equal(pipes.length, 18)
  assert.equal(new Set(pipes).size, 14)
  assert.equal(bySmb.filter((one) => one.channel.kind === 'rpc').length, 18)
})
