// crosstalk rules …, as users run it.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { type EventInput, writeEvtx } from '@crosstalk/evtx'

const program = join(import.meta.dirname, '..', '..', 'bin', 'crosstalk.js')
const root = mkdtempSync(join(tmpdir(), 'crosstalk-rules-'))
after(() => rmSync(root, { recursive: true, force: true }))

function rules(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'rules', ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, CROSSTALK_CACHE: join(root, '.cache'), NO_COLOR: '1' },
  })
  return { status, stdout, stderr, lines: stdout.split('\n').filter(Boolean) }
}

const GOOD = `title: Whoami is run
id: 6f7b4f5c-3f0f-4f55-8f2c-0d6a4a1d9e01
status: test
description: Somebody asks who they are
author: me
references: [https://attack.mitre.org/techniques/T1033]
date: 2026-01-01
level: medium
tags: [attack.discovery, attack.t1033]
logsource: { product: windows, category: process_creation }
detection:
  selection:
    CommandLine|contains: whoami
  condition: selection
falsepositives: [Administrators]
`
const BAD = GOOD.replace('6f7b4f5c', '7f7b4f5c')
  .replace('2026-01-01', '2026/01/01')
  .replace('attack.t1033', 'attack.t9999')
  .replace('CommandLine|contains: whoami', 'ComandLine|contains: whoami')
  .replace('condition: selection', 'other: { User: a }\n  condition: selection')
const BROKEN = GOOD.replace('6f7b4f5c', '8f7b4f5c').replace('condition: selection', 'condition: selection and')

const attack = {
  type: 'bundle',
  objects: [
    { type: 'x-mitre-tactic', id: 'x-mitre-tactic--1', x_mitre_shortname: 'discovery' },
    {
      type: 'attack-pattern',
      id: 'attack-pattern--1',
      name: 'System Owner/User Discovery',
      external_references: [{ source_name: 'mitre-attack', external_id: 'T1033' }],
    },
  ],
}

const started = (minute: number, commandLine: string): EventInput => ({
  provider: 'Microsoft-Windows-Sysmon',
  channel: 'Microsoft-Windows-Sysmon/Operational',
  eventId: 1,
  computer: 'PC1',
  time: new Date(Date.UTC(2024, 4, 14 + Math.floor(minute / 1440), 9, minute % 1440)),
  eventData: { CommandLine: commandLine, Image: 'C:\\x.exe', ProcessId: 1000 + minute },
})

before(() => {
  const put = (path: string, content: string | Uint8Array) => writeFileSync(join(root, path), content)
  for (const folder of [
    'good',
    'bad',
    'broken',
    'fix',
    'attacks',
    'attacks/T1033',
    'attacks/T1059',
    'benign',
    'mixed',
    'placeholder',
  ])
    mkdirSync(join(root, folder))
  put('good/whoami.yml', GOOD)
  put('bad/whoami.yml', BAD)
  put('broken/whoami.yml', BROKEN)
  put('fix/whoami.yml', BAD)
  put('mixed/good.yml', GOOD)
  put('placeholder/admin.yml', GOOD.replace(/CommandLine\|contains: .*/, "User|expand: '%admins%'"))
  put(
    'values.yml',
    'name: v\npriority: 1\nvars: {admins: [bob]}\ntransformations:\n  - {id: v, type: value_placeholders}\n',
  )
  put('mixed/broken.yml', BROKEN.replace('11111111', '21111111'))
  put('attack.json.gz', gzipSync(JSON.stringify(attack)))
  const logsource = { product: 'windows', category: 'process_creation' }
  put(
    'good/whoami.events.json',
    JSON.stringify({
      match: [{ logsource, event: { CommandLine: 'WHOAMI /all' } }],
      ignore: [{ why: 'another program', logsource, event: { CommandLine: 'dir' } }],
    }),
  )
  put(
    'bad/whoami.events.json',
    JSON.stringify({ match: [{ note: 'the plain case', logsource, event: { CommandLine: 'whoami' } }] }),
  )
  put('event.json', JSON.stringify({ logsource, event: { CommandLine: 'dir' } }))
  put('attacks/T1033/a.evtx', writeEvtx([started(0, 'whoami'), started(1, 'whoami')]))
  put('attacks/T1059/b.evtx', writeEvtx([started(2, 'powershell')]))
  put('benign/c.evtx', writeEvtx([started(3, 'whoami'), started(1443, 'dir')]))
})

describe('rules check', () => {
  it('says nothing of a good rule', () => {
    const { status, stdout } = rules('check', 'good', '--attack', 'attack.json.gz')
    assert.equal(stdout, '1 rules in 1 files: 0 errors, 0 warnings, 0 notes\n')
    assert.equal(status, 0)
  })
  it('names file, line, column and code of what is wrong', () => {
    const { status, lines } = rules('check', 'bad', '--attack', 'attack.json.gz', '--severity', 'warning')
    const found = lines.slice(0, -1).map((line) => line.split(/\s{2,}/).slice(0, 3))
    assert.deepEqual(found, [
      ['bad/whoami.yml:7:1', 'warning', 'date-form'],
      ['bad/whoami.yml:9:26', 'warning', 'attack-unknown'],
      ['bad/whoami.yml:13:5', 'warning', 'field-unknown'],
      ['bad/whoami.yml:14:3', 'warning', 'identifier-unused'],
    ])
    assert.equal(status, 0)
    assert.equal(rules('check', 'bad', '--fail-on', 'warning').status, 1)
  })
  it('fails for a rule that can’t run', () => {
    const { status, stdout } = rules('check', 'broken')
    assert.match(stdout, /^broken\/whoami\.yml:14:3 {2}error {4}condition /)
    assert.equal(status, 1)
  })
  it('writes JSON and SARIF', () => {
    const { diagnostics } = JSON.parse(rules('check', 'bad', '--format', 'json').stdout)
    assert.equal(diagnostics[0].code, 'date-form')
    const { version, runs } = JSON.parse(rules('check', 'bad', '--format', 'sarif').stdout)
    assert.equal(version, '2.1.0')
    const [{ ruleId, ruleIndex, level, locations }] = runs[0].results
    assert.equal(ruleId, 'date-form')
    assert.equal(runs[0].tool.driver.rules[ruleIndex].id, 'date-form')
    assert.equal(level, 'warning')
    assert.deepEqual(locations[0].physicalLocation, {
      artifactLocation: { uri: 'bad/whoami.yml' },
      region: { startLine: 7, startColumn: 1 },
    })
  })
  it('takes the values of placeholders from a pipeline', () => {
    const { lines } = rules('check', 'placeholder', '--disable', 'falsepositives-missing')
    assert.match(lines[0], /error {4}unsupported .*%admins% has no values here: a processing pipeline gives them/)
    const { stdout, status } = rules('check', 'placeholder', '--pipeline', 'values.yml')
    assert.doesNotMatch(stdout, /unsupported/)
    assert.equal(status, 0)
    const explained = rules('explain', 'placeholder/admin.yml', 'event.json', '--pipeline', 'values.yml')
    assert.match(explained.stdout, /does not match/)
    assert.doesNotMatch(explained.stdout, /admins/)
  })
  it('leaves out what is disabled, and knows its codes', () => {
    const { lines } = rules('check', 'bad', '--disable', 'field-unknown,date-form', '--disable', 'attack-unknown')
    assert.deepEqual(
      lines.slice(0, -1).map((line) => line.split(/\s{2,}/)[2]),
      ['identifier-unused'],
    )
    const { status, stderr } = rules('check', 'bad', '--disable', 'nosuch')
    assert.equal(status, 2)
    assert.match(stderr, /^crosstalk rules check: --disable: there is no finding "nosuch"/)
  })
  it('makes the changes that are safe, and only those', () => {
    const { stdout } = rules('check', 'fix', '--fix')
    assert.match(stdout, /; 1 changed\n$/)
    assert.equal(readFileSync(join(root, 'fix/whoami.yml'), 'utf8'), BAD.replace('2026/01/01', '2026-01-01'))
  })
})

describe('rules test', () => {
  it('passes when the events say what they must', () => {
    const { status, stdout } = rules('test', 'good')
    assert.equal(stdout, '1 rules, 2 events: 0 not as they must be\n')
    assert.equal(status, 0)
  })
  it('names the event that is not as it must be', () => {
    const { status, lines } = rules('test', 'bad')
    assert.deepEqual(lines, [
      'failed   bad/whoami.events.json: event 1 must match and does not (the plain case): Whoami is run',
      'why: crosstalk rules explain bad/whoami.yml bad/whoami.events.json --record 1',
      '1 rules, 1 events: 1 not as they must be',
    ])
    assert.equal(status, 1)
  })
  it('fails for rules that do not load, and for rules without events when they are wanted', () => {
    assert.equal(rules('test', 'broken').status, 1)
    assert.equal(rules('test', 'fix').status, 0)
    assert.equal(rules('test', 'fix', '--need-events').status, 1)
  })
})

describe('rules explain', () => {
  it('explains an event of JSON', () => {
    const { status, lines } = rules('explain', 'good/whoami.yml', 'event.json')
    assert.deepEqual(lines, [
      '"Whoami is run" does not match event 1',
      '+ log source: product windows, category process_creation',
      '- selection',
      "  - CommandLine|contains (line 13): the event has 'dir'",
      "    - 'whoami'",
    ])
    assert.equal(status, 1)
  })
  it('says that a log has more records than the one that it explains', () => {
    const { lines } = rules('explain', 'good/whoami.yml', 'attacks/T1033/a.evtx')
    assert.match(lines[0], /^"Whoami is run" matches record 1 /)
    assert.equal(lines.at(-1), '(the first record; --record N explains another)')
    assert.doesNotMatch(rules('explain', 'good/whoami.yml', 'attacks/T1059/b.evtx').stdout, /--record/)
  })
  it('explains a record of a log', () => {
    const { status, lines } = rules('explain', 'good/whoami.yml', 'attacks/T1033/a.evtx', '--record', '2')
    assert.equal(lines[0], '"Whoami is run" matches record 2 (Microsoft-Windows-Sysmon/Operational 1)')
    assert.equal(status, 0)
  })
})

describe('rules validate', () => {
  const over = ['--rules', 'good', '--attack', 'attacks', '--benign', 'benign']
  it('measures hits, precision, recall and false positives per host-day', () => {
    const { rules: rows, hostDays, events } = JSON.parse(rules('validate', ...over, '--format', 'json').stdout)
    assert.equal(hostDays, 2)
    assert.deepEqual(events, { attack: 3, benign: 2 })
    const [{ attackHits, benignHits, precision, labelled, found, recall, falsePositivesPerHostDay, verdict }] = rows
    assert.deepEqual([attackHits, benignHits, labelled, found, recall], [2, 1, 1, 1, 1])
    assert.equal(precision.toFixed(3), '0.667')
    assert.equal(falsePositivesPerHostDay, 0.5)
    assert.equal(verdict, '-')
  })
  it('passes or fails by the gates', () => {
    const good = rules('validate', ...over, '--min-precision', '0.6', '--max-fp-per-host-day', '0.5')
    assert.equal(good.status, 0, good.stderr)
    assert.match(good.stdout, /deploy {4}Whoami is run/)
    const bad = rules('validate', ...over, '--max-fp-per-host-day', '0.4')
    assert.equal(bad.status, 1)
    const alone = rules('validate', '--rules', 'good', '--attack', 'attacks', '--min-precision', '0.6')
    assert.match(alone.stdout, /unproven: no benign telemetry {2}Whoami is run/)
    const broken = rules('validate', '--rules', 'mixed', ...over.slice(2), '--min-precision', '0.6')
    assert.equal(broken.status, 1)
    assert.match(broken.stdout, /no: refused {2}mixed\/broken\.yml:14:3: /)
    assert.match(bad.stdout, /no: more than 0\.4 false positives per host-day {2}Whoami is run/)
  })
})

it('a verb that is not there is a mistake of use', () => {
  assert.equal(rules('polish').status, 2)
  assert.equal(rules().status, 2)
  assert.equal(rules('check').status, 2)
  assert.equal(rules('convert').status, 2)
})

it('convert writes queries, with pipelines applied; what can’t be said is refused and the exit code says so', () => {
  const folder = join(root, 'convert')
  mkdirSync(folder)
  writeFileSync(join(folder, 'good.yml'), GOOD)
  writeFileSync(
    join(root, 'names.yml'),
    'transformations:\n- {type: field_name_mapping, mapping: {CommandLine: process.command_line}}\n',
  )
  assert.deepEqual(rules('convert', folder, '--to', 'sqlite', '--pipeline', join(root, 'names.yml')).lines, [
    '-- Whoami is run (6f7b4f5c-3f0f-4f55-8f2c-0d6a4a1d9e01)',
    `SELECT * FROM "logs" WHERE "process.command_line" LIKE '%whoami%'`,
  ])
  const kusto = rules('convert', folder, '--to', 'kusto', '--table', 'DeviceProcessEvents', '--format', 'jsonl')
  assert.equal(kusto.status, 0)
  assert.equal(JSON.parse(kusto.lines[0]).query, 'DeviceProcessEvents\n| where CommandLine contains @"whoami"')
  writeFileSync(join(folder, 'broken.yml'), BROKEN)
  const some = rules('convert', folder, '--to', 'kusto')
  assert.equal(some.status, 1)
  assert.match(some.stderr, /^refused {2}.*broken\.yml:14:3: /m)
  assert.equal(rules('convert', folder, '--to', 'nonsense').status, 2)
  assert.match(
    rules('convert', folder, '--to', 'kusto', '--pipeline', 'nowhere').stderr,
    /no such file or folder, nor a source of that name \(windows-security, ecs/,
  )
  writeFileSync(join(root, 'bad-pipeline.yml'), 'transformations:\n- {type: http_placeholders}\n')
  assert.match(
    rules('convert', folder, '--to', 'kusto', '--pipeline', join(root, 'bad-pipeline.yml')).stderr,
    /bad-pipeline\.yml:2:4: http_placeholders is not supported: pipelines use no network/,
  )
})
