// Packet captures through the command line. Skips by name where tshark or the corpus is not here.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, describe, test } from 'node:test'
import { pcap } from '../sources/pcap/pcap.ts'
import { PCAP_EVENTS, pcapSample } from '../sources/pcap/sample-input.ts'

const corpus = process.env.CROSSTALK_CORPUS ?? resolve(import.meta.dirname, '../../../../../shared/corpus')
const movement = join(corpus, 'windows-host', 'lateral_movement')
const program = resolve(import.meta.dirname, '../../bin/crosstalk.js')
const folder = mkdtempSync(join(tmpdir(), 'crosstalk-captures-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const missing = pcap.missing?.()
const absent = missing ?? (existsSync(movement) ? false : 'the corpus is not here (windows-host)')

const run = (...args: string[]) =>
  spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 })
function crosstalk(...args: string[]): string {
  const { stdout, stderr, status } = run(...args)
  assert.equal(status, 0, stderr)
  return stdout
}

interface Found {
  title: string
  level: string
  confidence: number
  reasons: { text: string }[]
  gaps: { text: string }[]
  hosts: { name: string }[]
  evidence: { file: string; format: string; recordId: number; sha256?: string }[]
}

function hunt(name: string, ...files: string[]): Found[] {
  const out = join(folder, name)
  crosstalk('hunt', ...files.map((file) => join(movement, file)), '--out', out)
  const cases = join(out, 'cases')
  return readdirSync(cases).map((id) => JSON.parse(readFileSync(join(cases, id, 'case.json'), 'utf8')) as Found)
}

describe('a capture of our own', { skip: missing }, () => {
  const path = join(folder, 'trace.pcap')
  writeFileSync(path, pcapSample())
  test('dump tells every event with the way back to its packet', () => {
    const lines = crosstalk('dump', path, '--quiet').trim().split('\n')
    assert.equal(lines.length, PCAP_EVENTS)
    const call = lines.map((line) => JSON.parse(line)).find(({ event }) => event.operation === 'CreateServiceW')
    assert.equal(call.recordId, 6)
    assert.equal(pcapSample().subarray(call.offset).readUInt32LE(8), call.length - 16)
  })
  test('scan matches rules for Zeek', () => {
    const rule = join(folder, 'rule.yml')
    writeFileSync(
      rule,
      `title: Service Created over RPC
id: 5f0a4e0e-0000-4000-8000-000000000001
logsource:
  product: zeek
  service: dce_rpc
detection:
  selection:
    endpoint: svcctl
    operation: CreateServiceW
  condition: selection
level: high
`,
    )
    const found = crosstalk('scan', path, '--rules', rule, '--format', 'jsonl', '--quiet').trim().split('\n')
    assert.equal(found.length, 1)
    assert.equal(JSON.parse(found[0]).event.channel, 'pcap dce_rpc')
  })
  test('coverage knows what it feeds', () => {
    const told = crosstalk('coverage', path, '--quiet')
    assert.match(told, /pcap dce_rpc/)
  })
})

describe('captures beside the logs of the machines', { skip: absent }, () => {
  test('what is on the wire and what is on the machines is one case', () => {
    const host = 'host/empire_dcom_shellwindows_stager.zip'
    const [before] = hunt('without', host)
    const cases = hunt('with', host, 'network/empire_dcom_shellwindows.zip')
    assert.equal(cases.length, 1)
    const [found] = cases
    assert.match(found.title, /explorer\.exe driven over DCOM from 172\.18\.39\.5 on WORKSTATION6/)
    assert.ok(found.reasons.some(({ text }) => /ShellWindows \{9BA05972-F6A8-11CF-A442-00A0C90A8F39\}/.test(text)))
    const isAsked = ({ text }: { text: string }) => /^Which class and method/.test(text)
    assert.ok(before.gaps.some(isAsked))
    assert.ok(!found.gaps.some(isAsked))
    assert.ok(found.evidence.some((one) => one.format === 'pcap' && one.sha256))
    assert.deepEqual(
      found.hosts.filter(({ name }) => name.startsWith('172.')),
      [],
    )
  })
  test('SigmaHQ’s rules for Zeek match on captures', {
    skip: existsSync(join(corpus, 'sigma')) ? false : 'no rules',
  }, () => {
    const files = ['empire_smbexec_dcerpc_smb_svcctl', 'purplesharp_ad_playbook_I']
    const paths = files.map((name) => join(movement, 'network', `${name}.zip`))
    const rules = join(corpus, 'sigma', 'rules', 'network', 'zeek')
    const found = crosstalk('scan', ...paths, '--rules', rules, '--format', 'jsonl', '--quiet')
      .trim()
      .split('\n')
    const counts: Record<string, number> = {}
    for (const line of found) {
      const { title } = (JSON.parse(line) as { rule: { title: string } }).rule
      counts[title] = (counts[title] ?? 0) + 1
    }
    // Two captures of one run: a service created and started each; five accounts asked for with RC4.
    assert.deepEqual(counts, {
      'MITRE BZAR Indicators for Execution': 4,
      'Kerberos Network Traffic RC4 Ticket Encryption': 5,
    })
  })
  test('captures alone make a case of what they show', () => {
    const cases = hunt('alone', 'network/empire_smbexec_dcerpc_smb_svcctl.zip')
    assert.ok(cases.length > 0)
    const told = cases.flatMap((one) => one.reasons.map(({ text }) => text))
    assert.ok(told.some((text) => /CreateServiceW/.test(text)))
    assert.ok(told.some((text) => /^The service PGUJLOAKFQFVOMHGFQPX was to run %COMSPEC% .C .*powershell/.test(text)))
  })
})

test('without tshark a capture is named as unread, with what to install', () => {
  const path = join(folder, 'unread.pcap')
  writeFileSync(path, pcapSample())
  const env = { ...process.env, CROSSTALK_TSHARK: '/nowhere/tshark' }
  const { stdout, stderr } = spawnSync(process.execPath, [program, 'dump', path], { encoding: 'utf8', env })
  assert.equal(stdout, '')
  assert.match(stderr.replaceAll(/\s+/g, ' '), /Files 0 of 1 read.*unread\.pcap.*not installed.*apt install tshark/)
})
