// Correlations and filters through the command line: over several files, in whatever order they come.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type EventInput, writeEvtx } from '@crosstalk/evtx'

const program = join(import.meta.dirname, '..', '..', 'bin', 'crosstalk.js')
const root = mkdtempSync(join(tmpdir(), 'crosstalk-correlations-'))
after(() => rmSync(root, { recursive: true, force: true }))

function crosstalk(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, CROSSTALK_CACHE: join(root, '.cache'), NO_COLOR: '1' },
  })
  return { status, stdout, stderr }
}

const failed = (minute: number, user: string, computer: string): EventInput => ({
  provider: 'Microsoft-Windows-Security-Auditing',
  channel: 'Security',
  eventId: 4625,
  computer,
  recordId: minute,
  time: new Date(Date.UTC(2024, 4, 14, 9, minute)),
  eventData: { TargetUserName: user, IpAddress: '192.0.2.7' },
})

const rules = (generate: boolean) => `title: A logon failed
name: failed_logon
level: low
logsource: { product: windows, service: security }
detection:
  selection: { EventID: 4625 }
  condition: selection
---
title: Many users from one address
id: 0e95725d-7320-415d-80f7-004da920fc27
level: high
correlation:
  type: value_count
  rules: failed_logon
  group-by: [IpAddress, Computer]
  timespan: 10m
  generate: ${generate}
  condition: { field: TargetUserName, gte: 3 }
`
const filter = `title: Not of the test account
logsource: { product: windows }
filter:
  rules: failed_logon
  selection: { TargetUserName: carol }
  condition: not selection
`

before(() => {
  for (const folder of ['logs', 'silent', 'loud', 'filtered', 'dangling']) mkdirSync(join(root, folder))
  // The later file has the earlier events; one record is in both.
  writeFileSync(
    join(root, 'logs/a.evtx'),
    writeEvtx([failed(4, 'bob', 'PC1'), failed(8, 'carol', 'PC1'), failed(30, 'dave', 'PC1')]),
  )
  writeFileSync(
    join(root, 'logs/b.evtx'),
    writeEvtx([failed(1, 'alice', 'PC1'), failed(2, 'alice', 'PC2'), failed(4, 'bob', 'PC1')]),
  )
  writeFileSync(join(root, 'silent/x.yml'), rules(false))
  writeFileSync(join(root, 'loud/x.yml'), rules(true))
  writeFileSync(join(root, 'filtered/x.yml'), rules(false))
  writeFileSync(join(root, 'filtered/y.yml'), filter)
  writeFileSync(
    join(root, 'dangling/x.yml'),
    `${rules(false)}---\n${rules(false).split('---\n')[1].replace('failed_logon', 'no_such_rule').replace('0e95725d', '1e95725d')}`,
  )
})

const scan = (folder: string, ...more: string[]) => {
  const { stdout, stderr, status } = crosstalk('scan', 'logs', '--rules', folder, '--format', 'jsonl', ...more)
  const lines = stdout.split('\n').filter(Boolean)
  return { matches: lines.map((line) => JSON.parse(line)), stderr, status }
}

test('events of two files make one match, in the order of time; the rule beneath gives none of its own', () => {
  const { matches } = scan('silent')
  assert.equal(matches.length, 1)
  const [{ rule, event, matched, events }] = matches
  assert.equal(rule.title, 'Many users from one address')
  assert.equal(event.time, '2024-05-14T09:08:00.000Z')
  assert.equal(event.recordId, 8)
  assert.equal(matched.IpAddress, '192.0.2.7')
  assert.equal(matched.Computer, 'PC1')
  assert.equal(matched.value_count, '3')
  assert.deepEqual(
    events.map((one: { file: string; recordId: number }) => [one.file.replace(/.*[\\/]/, ''), one.recordId]),
    [
      ['b.evtx', 1],
      ['a.evtx', 4],
      ['a.evtx', 8],
    ],
  )
})

test('with generate the rule beneath gives its matches too', () => {
  assert.equal(scan('loud').matches.filter(({ rule }) => rule.title === 'A logon failed').length, 6)
})

test('below the level asked for, a rule still feeds its correlation', () => {
  assert.deepEqual(
    scan('loud', '--min-level', 'high').matches.map(({ rule }) => rule.title),
    ['Many users from one address'],
  )
})

test('a filter leaves out what it names, before anything is counted', () => {
  assert.equal(scan('filtered').matches.length, 0)
})

test('a correlation over a rule that is not there is refused by file and line; the others run', () => {
  const account = join(root, 'account.json')
  const { matches } = scan('dangling', '--account', account)
  assert.equal(matches.length, 1)
  const { refused } = JSON.parse(readFileSync(account, 'utf8')).rules
  assert.equal(refused.length, 1)
  assert.match(refused[0].file, /x\.yml$/)
  assert.deepEqual([refused[0].line, refused[0].column], [25, 3])
  assert.match(refused[0].reason, /"no_such_rule"/)
})

test('a hunt has the correlation among its findings', () => {
  const { stdout, stderr } = crosstalk('hunt', 'logs', '--rules', 'silent', '--format', 'json')
  const { summary, findings } = JSON.parse(stdout)
  assert.equal(summary.account.matches.byLevel.high, 1, stderr)
  assert.equal(summary.account.matches.byLevel.low, 0)
  assert.deepEqual(
    findings.map(({ title }: { title: string }) => title),
    ['Many users from one address'],
  )
})

test('a pipeline fits rules to the telemetry, their correlations included', () => {
  const account = join(root, 'pipeline.json')
  writeFileSync(
    join(root, 'pipeline.yml'),
    `name: other names
priority: 10
transformations:
  - id: names
    type: field_name_mapping
    mapping: { Address: IpAddress, Account: TargetUserName }
`,
  )
  mkdirSync(join(root, 'elsewhere'))
  writeFileSync(
    join(root, 'elsewhere/x.yml'),
    rules(false)
      .replace('{ EventID: 4625 }', '{ EventID: 4625, Account|contains: a }')
      .replace('[IpAddress,', '[Address,')
      .replace('field: TargetUserName, gte: 3', 'field: Account, gte: 2'),
  )
  assert.equal(scan('elsewhere').matches.length, 0)
  const { matches } = scan('elsewhere', '--pipeline', 'pipeline.yml', '--account', account)
  assert.equal(matches.length, 1)
  assert.equal(matches[0].matched.IpAddress, '192.0.2.7')
})

test('a hunt fits the rules that it is given, too, and leaves its own as they are', () => {
  const hunt = (...args: string[]) => JSON.parse(crosstalk('hunt', 'logs', ...args, '--format', 'json').stdout)
  const given = ['--rules', 'elsewhere', '--pipeline', 'pipeline.yml']
  assert.deepEqual(
    hunt(...given).findings.map(({ title }: { title: string }) => title),
    ['Many users from one address'],
  )
  writeFileSync(
    join(root, 'none.yml'),
    'name: none\ntransformations:\n  - { type: rule_failure, message: does not fit }\n',
  )
  const unfit = crosstalk('hunt', 'logs', '--rules', 'elsewhere', '--pipeline', 'none.yml')
  assert.equal(unfit.status, 1)
  assert.deepEqual(
    [...unfit.stderr.matchAll(/([\w/.]+\.yml):1:1: pipeline none\.yml:3: does not fit/g)].map(([, file]) => file),
    ['elsewhere/x.yml'],
  )
})

test('a file that is no pipeline is an error with its place', () => {
  writeFileSync(join(root, 'bad-pipeline.yml'), 'name: bad\ntransformations:\n  - type: no_such_thing\n')
  const { status, stderr } = scan('silent', '--pipeline', 'bad-pipeline.yml')
  assert.equal(status, 1)
  assert.match(stderr, /bad-pipeline\.yml:3:\d+: .*no_such_thing/)
})
