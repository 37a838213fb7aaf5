// Triage collections as Velociraptor, KAPE and UAC leave them: what is telemetry is read, wherever it lies, and its host is known.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, it } from 'node:test'
import { writeEvtx } from '@crosstalk/evtx'
import { hostOfName } from '../sources/collection-host.ts'
import { makeZip } from '../sources/containers/zip-maker.ts'
import { RAW } from '../sources/laurel/sample-input.ts'
import { findInputs } from './inputs.ts'
import { openTask } from './open-task.ts'
import type { Task } from './stage.ts'

const folder = mkdtempSync(join(tmpdir(), 'crosstalk-collections-'))
after(() => rmSync(folder, { recursive: true, force: true }))

interface Seen {
  /** by the input's name behind the archive's, or the collection's folder: format, and hosts of its events */
  read: Record<string, string>
  problems: string[]
}

async function readAllOf(path: string): Promise<Seen> {
  const found = await findInputs([path])
  const seen: Seen = {
    read: {},
    problems: found.problems.map((one) => `${one.file.slice(path.length + 1)}: ${one.problem}`),
  }
  for (const file of found.files) {
    const { name, path: at, size } = file
    const task: Task = { number: 0, name, path: at, size, bytes: size, format: file.source?.format }
    for await (const { input, source } of openTask(task, undefined, (one) =>
      seen.problems.push(`${one.file.slice(path.length + 1)}: ${one.problem}`),
    )) {
      const hosts = new Set<string>()
      await source.read(
        input,
        undefined,
        {},
        (event) => hosts.add(event.host),
        (skip) => assert.fail(skip.reason),
      )
      seen.read[input.name.slice(path.length + 1)] = `${source.format} ${[...hosts].join()}`
    }
  }
  return seen
}

const evtx = Buffer.from(
  writeEvtx([
    {
      provider: 'Microsoft-Windows-Sysmon',
      channel: 'Microsoft-Windows-Sysmon/Operational',
      eventId: 17,
      computer: 'PC1.corp.example',
      time: new Date(0),
      eventData: { PipeName: '\\x' },
    },
  ]),
)
const row = JSON.stringify({
  EventTime: '2024-05-14T09:00:00Z',
  Computer: 'PC1.corp.example',
  Channel: 'Security',
  Provider: 'Microsoft-Windows-Security-Auditing',
  EventID: 4624,
  EventRecordID: 1,
  EventData: { TargetUserName: 'bob' },
  Message: 'x',
})
const audit = Buffer.from(RAW.map((line) => line.replace('node=box ', '')).join('\n'))
const sealighter = JSON.stringify({
  header: { event_id: 6, provider_name: 'Microsoft-Windows-RPC', process_id: 4, timestamp: '2024-05-14 09:00:00Z' },
  properties: { ProcNum: 1 },
})

describe('a collection of Velociraptor', () => {
  const entries = {
    'uploads/auto/C%3A/Windows/System32/winevt/Logs/Microsoft-Windows-Sysmon%254Operational.evtx': evtx,
    'uploads/ntfs/%5C%5C.%5CC%3A/Windows/System32/winevt/Logs/Security.evtx': evtx,
    'results/Windows.EventLogs.EvtxHunter%2FResults.json': Buffer.from(`${row}\n${row}\n`),
    'results/Windows.KapeFiles.Targets%2FAll File Metadata.json': Buffer.from('{"SourceFile":"C:\\\\x","Size":1}\n'),
    'uploads.json': Buffer.from('{"Timestamp":"2024-05-14T09:00:00Z","vfs_path":"x","file_size":1}\n'),
    'upload.json': Buffer.from('{"Path":"x"}\n'),
    'traces/rpc.json': Buffer.from(`${sealighter}\n`),
  }
  const expected = {
    'uploads/auto/C%3A/Windows/System32/winevt/Logs/Microsoft-Windows-Sysmon%254Operational.evtx':
      'evtx PC1.corp.example',
    'uploads/ntfs/%5C%5C.%5CC%3A/Windows/System32/winevt/Logs/Security.evtx': 'evtx PC1.corp.example',
    'results/Windows.EventLogs.EvtxHunter%2FResults.json': 'windows-json PC1.corp.example',
  }
  it('as a ZIP, its host in its name', async () => {
    const path = join(folder, 'Collection-PC1.corp.example-2024-05-14T09_00_00Z.zip')
    writeFileSync(path, makeZip(Object.entries(entries).map(([name, data]) => ({ name, data }))))
    const { read, problems } = await readAllOf(path)
    assert.deepEqual(read, { ...expected, 'traces/rpc.json': 'windows-json PC1.corp.example' })
    assert.deepEqual(problems.length, 3)
  })
  it('unpacked, its host in client_info.json', async () => {
    const path = join(folder, 'case-7')
    const info = JSON.stringify({ client_id: 'C.1', os_info: { hostname: 'PC1', fqdn: 'PC1.corp.example' } }, null, 1)
    for (const [name, data] of Object.entries({ ...entries, 'client_info.json': info })) {
      mkdirSync(dirname(join(path, name)), { recursive: true })
      writeFileSync(join(path, name), data)
    }
    const { read } = await readAllOf(path)
    assert.deepEqual(read, { ...expected, 'traces/rpc.json': 'windows-json PC1.corp.example' })
  })
})

it('a collection of KAPE: logs where they lay, and what EvtxECmd made of them', async () => {
  const path = join(folder, 'kape')
  const csv = `RecordNumber,EventRecordId,TimeCreated,EventId,Level,Provider,Channel,Computer,Payload
1,1,2024-05-14 09:00:00.0000000,17,Info,Microsoft-Windows-Sysmon,Microsoft-Windows-Sysmon/Operational,PC1.corp.example,"{""EventData"":{""Data"":[{""@Name"":""PipeName"",""#text"":""\\\\x""}]}}"
`
  const files = {
    'Targets/C/Windows/System32/winevt/logs/Security.evtx': evtx,
    'Targets/2024-05-14T09_00_00_1234567_CopyLog.csv': Buffer.from(
      'CopiedTimestamp,SourceFile,DestinationFile,FileSize,SourceFileSha1\n2024,C:\\x,D:\\x,1,aa\n',
    ),
    'Targets/2024-05-14T09_00_00_1234567_ConsoleLog.txt': Buffer.from('KAPE version 1.3\n'),
    'Modules/EventLogs/20240514090000_EvtxECmd_Output.csv': Buffer.from(csv),
  }
  for (const [name, data] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), data)
  }
  const { read, problems } = await readAllOf(path)
  assert.deepEqual(read, {
    'Targets/C/Windows/System32/winevt/logs/Security.evtx': 'evtx PC1.corp.example',
    'Modules/EventLogs/20240514090000_EvtxECmd_Output.csv': 'windows-csv PC1.corp.example',
  })
  assert.equal(problems.length, 2)
})

it('a collection of UAC: audit logs name no host, its archive does', async () => {
  const path = join(folder, 'uac-lin1-linux-20240514090000')
  mkdirSync(join(path, '[root]/var/log/audit'), { recursive: true })
  writeFileSync(join(path, '[root]/var/log/audit/audit.log'), audit)
  assert.deepEqual((await readAllOf(path)).read, { '[root]/var/log/audit/audit.log': 'auditd lin1' })
})

it('names of collections, and names that are none', () => {
  assert.deepEqual(
    [
      'Collection-DESKTOP-1-2024-05-14T09_00_00Z.zip',
      '/x/PC1-C.0123456789abcdef-F.CABC123DEF.zip!uploads/a',
      'DFIR-ORC_WorkStation_PC1_Browsers.7z',
      '/cases/uac-web-01-linux-20240514090000.tar.gz!a',
      '/logs/Collection-of-logs/x',
      'uac-notes.txt',
    ].map(hostOfName),
    ['DESKTOP-1', 'PC1', 'PC1', 'web-01', '', ''],
  )
})
