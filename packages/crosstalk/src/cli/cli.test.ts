import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { type EventInput, writeEvtx } from '@crosstalk/evtx'

const program = join(import.meta.dirname, '..', '..', 'bin', 'crosstalk.js')
const root = mkdtempSync(join(tmpdir(), 'crosstalk-cli-'))
after(() => rmSync(root, { recursive: true, force: true }))

/** The program as its own process, as users run it. */
function crosstalk(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, CROSSTALK_CACHE: join(root, '.cache'), NO_COLOR: '1' },
    maxBuffer: 1 << 28,
  })
  return { status, stdout, stderr }
}

function started(minute: number, commandLine: string, image = 'C:\\Windows\\System32\\cmd.exe'): EventInput {
  return {
    provider: 'Microsoft-Windows-Sysmon',
    channel: 'Microsoft-Windows-Sysmon/Operational',
    eventId: 1,
    computer: 'PC1',
    time: new Date(Date.UTC(2024, 4, 14, 9, minute)),
    eventData: {
      UtcTime: `2024-05-14 09:${String(minute).padStart(2, '0')}:00.000`,
      ProcessGuid: `{11111111-0000-0000-0000-0000000000${String(minute).padStart(2, '0')}}`,
      ProcessId: 1000 + minute,
      Image: image,
      CommandLine: commandLine,
      ParentImage: 'C:\\Windows\\explorer.exe',
      User: 'PC1\\alice',
    },
  }
}

const log = writeEvtx([started(0, 'cmd /c whoami'), started(1, 'cmd /c dir'), started(2, 'cmd /c whoami /all')])

const RULE = `title: Whoami is run
id: 6f7b4f5c-3f0f-4f55-8f2c-0d6a4a1d9e01
level: medium
tags: [attack.discovery, attack.t1033]
logsource: { product: windows, category: process_creation }
detection:
  selection:
    CommandLine|contains: whoami
  condition: selection
`
const BROKEN_RULE = `title: Broken
logsource:
  product: windows
detection:
  selection: [
`

before(() => {
  const put = (path: string, content: string | Uint8Array) => writeFileSync(join(root, path), content)
  for (const folder of ['logs', 'rules', 'nothing', 'mixed-rules', 'mine']) mkdirSync(join(root, folder))
  put('logs/a.evtx', log)
  put('rules/whoami.yml', RULE)
  put('mixed-rules/whoami.yml', RULE)
  put('mixed-rules/broken.yml', BROKEN_RULE)
  put('broken.yml', BROKEN_RULE)
  put('empty.evtx', '')
  put('text.evtx', 'this is no event log\n')
  put('mine/notes.txt', 'keep me')
})

const lines = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

describe('crosstalk', () => {
  it('tells its commands, and exits 2 when none is asked for', () => {
    assert.equal(crosstalk('--help').status, 0)
    const { status, stdout } = crosstalk()
    assert.equal(status, 2)
    assert.match(stdout, /hunt .*cases/)
  })
  it('says that there is no such command', () => {
    const { status, stderr } = crosstalk('hnut')
    assert.equal(status, 2)
    assert.match(stderr, /there is no command "hnut"/)
  })
  it('names every option with an example in the help of each command', () => {
    for (const command of ['hunt', 'scan', 'dump', 'baseline']) {
      const { status, stdout } = crosstalk(command, '--help')
      assert.equal(status, 0)
      assert.match(stdout, new RegExp(`For example: crosstalk ${command} `))
    }
  })
  it('refuses options that it does not know, and values that no option takes', () => {
    for (const [args, message] of [
      [['hunt', 'logs', '--bogus'], /Unknown option '--bogus'/],
      [['hunt', 'logs', '--format', 'xml'], /--format is table, json, jsonl, not "xml"/],
      [['hunt', 'logs', '--jobs', '0'], /--jobs is a number of threads/],
      [['hunt', 'logs', '--min-level', 'severe'], /--min-level is informational, low/],
      [['hunt', 'logs', '--tz', 'Mars'], /--tz is a zone such as/],
      [['dump', 'logs', '--since', 'yesterday'], /--since is a time such as/],
      [['scan', 'logs'], /which rules\?/],
      [['dump'], /which files or folders\?/],
      [['baseline', 'forget'], /There is no "forget"/],
    ] as const) {
      const { status, stderr } = crosstalk(...args)
      assert.equal(status, 2, args.join(' '))
      assert.match(stderr, message)
    }
  })
  it('ends quietly when nobody reads the output any more', () => {
    const command = `"$1" "$2" dump logs --quiet | true; echo "\${PIPESTATUS[0]}"`
    const { stdout, stderr } = spawnSync('bash', ['-c', command, 'bash', process.execPath, program], {
      cwd: root,
      encoding: 'utf8',
    })
    assert.equal(stderr, '')
    assert.equal(stdout, '0\n')
  })
})

describe('crosstalk dump', () => {
  it('writes a line an event, with the way back to its bytes', () => {
    const { status, stdout, stderr } = crosstalk('dump', 'logs/a.evtx')
    assert.equal(status, 0)
    const [first, , third] = lines(stdout)
    assert.equal(lines(stdout).length, 3)
    assert.deepEqual(Object.keys(first), ['file', 'offset', 'length', 'recordId', 'time', 'event'])
    assert.equal(first.file, 'logs/a.evtx')
    assert.equal(first.recordId, 1)
    assert.equal(first.time, '2024-05-14T09:00:00.000Z')
    assert.equal(third.event.Event.EventData.CommandLine, 'cmd /c whoami /all')
    // A record begins with its magic and ends with its length.
    const record = log.subarray(third.offset, third.offset + third.length)
    assert.equal(Buffer.from(record.subarray(0, 4)).toString('latin1'), '**\0\0')
    assert.equal(Buffer.from(record).readUInt32LE(record.length - 4), third.length)
    assert.match(stderr, /Files +1 of 1 read/)
    assert.match(stderr, /Events +3 read \(evtx 3\)/)
  })
  it('keeps to the time that was asked for, and counts the rest', () => {
    const { stdout, stderr } = crosstalk(
      'dump',
      'logs',
      '--since',
      '2024-05-14T09:01',
      '--until',
      '2024-05-14T09:01:30Z',
    )
    assert.deepEqual(
      lines(stdout).map(({ recordId }) => recordId),
      [2],
    )
    assert.match(stderr, /3 read \(evtx 3\), 2 outside the time asked for/)
  })
  it('takes --since in the zone of --tz, and --until as the whole day', () => {
    const recordIds = (...args: string[]) => lines(crosstalk('dump', 'logs', ...args).stdout).map((one) => one.recordId)
    assert.deepEqual(recordIds('--since', '2024-05-14T11:02', '--tz', '+02:00'), [3])
    assert.deepEqual(recordIds('--until', '2024-05-14'), [1, 2, 3])
    assert.deepEqual(recordIds('--until', '2024-05-13'), [])
  })
  it('opens archives, and names what lies inside', () => {
    writeFileSync(join(root, 'packed.evtx.gz'), gzipSync(log))
    const { status, stdout } = crosstalk('dump', 'packed.evtx.gz')
    assert.equal(status, 0)
    assert.deepEqual(
      lines(stdout).map(({ file, recordId }) => [file, recordId]),
      [1, 2, 3].map((recordId) => ['packed.evtx.gz!packed.evtx', recordId]),
    )
  })
  it('writes the same in the same order whatever the number of threads', () => {
    const events = Array.from({ length: 60 }, (_, at) => started(at, `cmd /c echo ${'x'.repeat(20_000)}`))
    mkdirSync(join(root, 'large'))
    const large = writeEvtx(events)
    for (let copy = 0; copy < 5; copy++) writeFileSync(join(root, 'large', `${copy}.evtx`), large)
    const alone = crosstalk('dump', 'large', '--jobs', '1')
    const shared = crosstalk('dump', 'large', '--jobs', '3')
    assert.equal(lines(alone.stdout).length, 300)
    assert.ok(large.length * 5 > 8 << 20)
    assert.equal(shared.stdout, alone.stdout)
  })
})

describe('crosstalk scan', () => {
  it('prints a line a match in the form that the design states', () => {
    const { status, stdout } = crosstalk('scan', 'logs', '--rules', 'rules', '--format', 'jsonl')
    assert.equal(status, 0)
    assert.equal(
      stdout.split('\n')[0],
      '{"rule":{"id":"6f7b4f5c-3f0f-4f55-8f2c-0d6a4a1d9e01","title":"Whoami is run","level":"medium","tags":["attack.discovery","attack.t1033"]},"event":{"file":"logs/a.evtx","recordId":1,"time":"2024-05-14T09:00:00.000Z","channel":"Microsoft-Windows-Sysmon/Operational","eventId":1,"computer":"PC1"},"matched":{"CommandLine":"cmd /c whoami"}}',
    )
    assert.equal(lines(stdout).length, 2)
  })
  it('prints a table of rules, CSV, and OCSF', () => {
    const as = (format: string) => crosstalk('scan', 'logs', '--rules', 'rules', '--format', format).stdout
    assert.match(as('table'), /^medium +2 +1 +2024-05-14 09:00:00 +2024-05-14 09:02:00 +Whoami is run$/m)
    assert.equal(
      as('csv').split('\r\n')[1],
      '2024-05-14T09:00:00.000Z,medium,Whoami is run,6f7b4f5c-3f0f-4f55-8f2c-0d6a4a1d9e01,attack.discovery attack.t1033,PC1,Microsoft-Windows-Sysmon/Operational,1,1,logs/a.evtx,"{""CommandLine"":""cmd /c whoami""}"',
    )
    assert.equal(lines(as('ocsf'))[0].class_uid, 2004)
  })
  it('gives the same from the rule cache, and sees when a rule changes', () => {
    mkdirSync(join(root, 'own-rules'))
    const file = join(root, 'own-rules', 'rule.yml')
    const matches = () => lines(crosstalk('scan', 'logs', '--rules', 'own-rules', '--format', 'jsonl').stdout).length
    writeFileSync(file, RULE)
    assert.equal(matches(), 2)
    assert.equal(matches(), 2)
    writeFileSync(file, RULE.replace('contains: whoami', 'endswith: whoami'))
    assert.equal(matches(), 1)
  })
  it('exits 3 when --fail-on is met, 0 when it is not', () => {
    assert.equal(crosstalk('scan', 'logs', '--rules', 'rules', '--fail-on', 'medium').status, 3)
    assert.equal(crosstalk('scan', 'logs', '--rules', 'rules', '--fail-on', 'high').status, 0)
  })
  it('goes on without a rule that has a syntax error, and names file, line and reason', () => {
    const { status, stdout, stderr } = crosstalk('scan', 'logs', '--rules', 'mixed-rules', '--format', 'jsonl')
    assert.equal(status, 0)
    assert.equal(lines(stdout).length, 2)
    assert.match(stderr, /1 loaded, 1 refused/)
    assert.match(stderr, /mixed-rules\/broken\.yml:6:1: not YAML/)
  })
  it('fails when no rule at all can be run: silence would look like a clean bill', () => {
    const broken = crosstalk('scan', 'logs', '--rules', 'broken.yml')
    assert.equal(broken.status, 1)
    assert.match(broken.stderr, /no rule in broken\.yml can be run:\n {2}broken\.yml:6:1: not YAML/)
    const empty = crosstalk('scan', 'logs', '--rules', 'nothing')
    assert.equal(empty.status, 1)
    assert.match(empty.stderr, /there is no Sigma rule \(\.yml, \.yaml\) in nothing/)
  })
  it('fails when one of several rule paths holds none, also beside the own rules of hunt', () => {
    const mistyped = crosstalk('scan', 'logs', '--rules', 'rules', '--rules', 'ruels')
    assert.equal(mistyped.status, 1)
    assert.match(mistyped.stderr, /no rule in ruels can be run:\n.*no such file/)
    const beside = crosstalk('hunt', 'logs', '--rules', 'nothing')
    assert.equal(beside.status, 1)
    assert.match(beside.stderr, /there is no Sigma rule \(\.yml, \.yaml\) in nothing/)
  })
  it('writes the whole account as JSON, and it adds up', () => {
    crosstalk('scan', 'logs', 'text.evtx', 'empty.evtx', '--rules', 'mixed-rules', '--account', 'account.json')
    const account = JSON.parse(readFileSync(join(root, 'account.json'), 'utf8'))
    assert.deepEqual(account.files, { total: 3, read: 1, unrecognised: 1, unreadable: 0, empty: 1 })
    assert.deepEqual(account.bytes, { total: log.length + 21, read: log.length, skipped: 21 })
    assert.equal(account.events.read, 3)
    assert.equal(account.rules.refused[0].line, 6)
    assert.deepEqual(account.matches.byLevel, { informational: 0, low: 0, medium: 2, high: 0, critical: 0 })
  })
})

describe('crosstalk hunt', () => {
  it('writes the results of the design, and may write them again', () => {
    for (let time = 0; time < 2; time++) {
      const { status, stdout } = crosstalk('hunt', 'logs', '--out', 'results')
      assert.equal(status, 0)
      assert.match(stdout, /Report: results\/report\.html/)
    }
    const summary = JSON.parse(readFileSync(join(root, 'results', 'summary.json'), 'utf8'))
    assert.equal(summary.tool.name, 'crosstalk')
    assert.equal(summary.account.events.read, 3)
    assert.ok(existsSync(join(root, 'results', 'cases')))
    assert.ok(existsSync(join(root, 'results', 'findings.jsonl')))
    assert.match(readFileSync(join(root, 'results', 'report.html'), 'utf8'), /^<!doctype html>/)
  })
  it('makes findings of rule matches, with the record that they rest on', () => {
    const { stdout } = crosstalk('hunt', 'logs', '--rules', 'rules', '--format', 'jsonl')
    const own = lines(stdout).filter((finding) => finding.by === '6f7b4f5c-3f0f-4f55-8f2c-0d6a4a1d9e01')
    assert.equal(own.length, 2)
    const { file, offset, length, sha256 } = own[0].evidence[0]
    assert.equal(file, 'logs/a.evtx')
    assert.equal(
      createHash('sha256')
        .update(log.subarray(offset, offset + length))
        .digest('hex'),
      sha256,
    )
  })
  it('prints one JSON object, and the account beside it', () => {
    const { stdout, stderr } = crosstalk('hunt', 'logs', '--rules', 'rules', '--format', 'json')
    const { summary, cases, findings } = JSON.parse(stdout)
    assert.equal(summary.account.matches.total, 2)
    assert.equal(findings.length, summary.findings.total)
    assert.equal(cases.length, summary.cases.length)
    assert.match(stderr, /Account of the run/)
  })
  it('leaves out what is below --min-level', () => {
    const { stdout } = crosstalk('hunt', 'logs', '--rules', 'rules', '--min-level', 'high', '--format', 'jsonl')
    assert.equal(stdout, '')
  })
  it('never writes into a folder that holds something else', () => {
    const { status, stderr } = crosstalk('hunt', 'logs', '--out', 'mine')
    assert.equal(status, 1)
    assert.match(stderr, /--out mine is not empty and holds something other than the results of a hunt \(notes\.txt\)/)
    assert.equal(readFileSync(join(root, 'mine', 'notes.txt'), 'utf8'), 'keep me')
    assert.ok(!existsSync(join(root, 'mine', 'summary.json')))
    assert.match(crosstalk('hunt', 'logs', '--out', 'broken.yml').stderr, /there is a file of that name/)
  })
  it('never takes away what somebody keeps beside the cases of a former run', () => {
    crosstalk('hunt', 'logs', '--out', 'noted')
    mkdirSync(join(root, 'noted', 'cases', 'c-1'), { recursive: true })
    writeFileSync(join(root, 'noted', 'cases', 'c-1', 'notes.txt'), 'called the user at nine')
    const { status, stderr } = crosstalk('hunt', 'logs', '--out', 'noted')
    assert.equal(status, 1)
    assert.match(stderr, /cases[/\\]c-1[/\\]notes\.txt/)
    assert.equal(readFileSync(join(root, 'noted', 'cases', 'c-1', 'notes.txt'), 'utf8'), 'called the user at nine')
  })
  it('refuses a time range that nothing can be in', () => {
    const { status, stderr } = crosstalk('hunt', 'logs', '--since', '2024-02-01', '--until', '2024-01-01')
    assert.equal(status, 2)
    assert.match(stderr, /--since \(2024-02-01\) is after --until \(2024-01-01\)/)
  })
  it('says what is wrong with a baseline', () => {
    const { status, stderr } = crosstalk('hunt', 'logs', '--baseline', 'text.evtx')
    assert.equal(status, 1)
    assert.match(stderr, /text\.evtx is not JSON/)
  })
})

describe('crosstalk baseline', () => {
  it('learns, shows and compares, and does not overwrite unasked', () => {
    assert.equal(crosstalk('baseline', 'learn', 'logs', '--out', 'normal.json').status, 0)
    assert.match(crosstalk('baseline', 'show', 'normal.json').stdout, /lineage explorer\.exe > cmd\.exe/)
    assert.match(crosstalk('baseline', 'diff', 'normal.json', 'normal.json').stdout, /^0 new, 0 gone, 0 /)
    const again = crosstalk('baseline', 'learn', 'logs', '--out', 'normal.json')
    assert.equal(again.status, 1)
    assert.match(again.stderr, /normal\.json is there already/)
    assert.equal(crosstalk('hunt', 'logs', '--baseline', 'normal.json').status, 0)
  })
})

describe('hostile input', () => {
  it('is named and counted: an empty file, a text file called .evtx', () => {
    const empty = crosstalk('dump', 'empty.evtx')
    assert.equal(empty.status, 1)
    assert.match(empty.stderr, /empty\.evtx: the file is empty/)
    const text = crosstalk('hunt', 'text.evtx')
    assert.equal(text.status, 1)
    assert.match(text.stderr, /text\.evtx: no telemetry format that crosstalk knows/)
    const beside = crosstalk('dump', '.', '--quiet')
    assert.equal(beside.status, 0)
  })
  it('a truncated log gives what is left of it', () => {
    writeFileSync(join(root, 'cut.evtx'), log.subarray(0, 4096 + 512 + 900))
    const { status, stderr } = crosstalk('dump', 'cut.evtx')
    assert.equal(status, 0)
    assert.match(stderr, /Skipped +1 ×/)
  })
  it('a header that lies about the size is told, and all records are read', () => {
    const lying = Buffer.from(log)
    lying.writeUInt16LE(0xffff, 42)
    writeFileSync(join(root, 'lying.evtx'), lying)
    const { status, stdout, stderr } = crosstalk('dump', 'lying.evtx')
    assert.equal(status, 0)
    assert.equal(lines(stdout).length, 3)
    assert.match(stderr, /the file is shorter than its header says/)
  })
  it('a log without its header is still a log', () => {
    writeFileSync(join(root, 'headless.evtx'), Buffer.concat([Buffer.alloc(4096), log.subarray(4096)]))
    const { status, stdout } = crosstalk('dump', 'headless.evtx')
    assert.equal(status, 0)
    assert.equal(lines(stdout).length, 3)
  })
  it('a folder without logs, and a path that is not there, are errors', () => {
    const nothing = crosstalk('hunt', 'nothing')
    assert.equal(nothing.status, 1)
    assert.match(nothing.stderr, /there is no file in nothing/)
    const missing = crosstalk('hunt', 'nowhere')
    assert.equal(missing.status, 1)
    assert.match(missing.stderr, /nowhere: there is no such file or folder/)
  })
  it('a file that may not be read is named, the others are read', {
    skip: process.getuid?.() === 0 ? 'the superuser may read everything' : false,
  }, () => {
    mkdirSync(join(root, 'closed'))
    writeFileSync(join(root, 'closed', 'a.evtx'), log)
    writeFileSync(join(root, 'closed', 'b.evtx'), log)
    chmodSync(join(root, 'closed', 'b.evtx'), 0)
    const { status, stdout, stderr } = crosstalk('dump', 'closed')
    assert.equal(status, 0)
    assert.equal(lines(stdout).length, 3)
    assert.match(stderr, /closed\/b\.evtx: permission denied/)
  })
  it('links that lead in a circle end, and a file that two links name is read once', () => {
    mkdirSync(join(root, 'circle'))
    writeFileSync(join(root, 'circle', 'a.evtx'), log)
    symlinkSync('.', join(root, 'circle', 'again'))
    symlinkSync('a.evtx', join(root, 'circle', 'b.evtx'))
    symlinkSync('self', join(root, 'circle', 'self'))
    const { status, stdout, stderr } = crosstalk('dump', 'circle')
    assert.equal(status, 0)
    assert.equal(lines(stdout).length, 3)
    assert.match(stderr, /circle\/self: its links lead in a circle/)
  })
  it('a link out of the folder is named, not followed, unless its target is given too', () => {
    for (const name of ['collected', 'other']) mkdirSync(join(root, name))
    writeFileSync(join(root, 'other', 'c.evtx'), log)
    symlinkSync(join(root, 'other'), join(root, 'collected', 'out'))
    const { status, stderr } = crosstalk('dump', 'collected')
    assert.equal(status, 1)
    assert.match(stderr, /collected\/out: a link out of the folder, to .*other; give that path too/)
    assert.equal(lines(crosstalk('dump', 'collected', 'other').stdout).length, 3)
  })
  it('a name that is not UTF-8 is read, its bytes told', { skip: process.platform !== 'linux' }, () => {
    mkdirSync(join(root, 'names'))
    writeFileSync(Buffer.concat([Buffer.from(`${root}/names/`), Buffer.from([0xff, 0x61])]), log)
    const folder = Buffer.concat([Buffer.from(`${root}/names/`), Buffer.from('ä\xe9\n', 'latin1')])
    mkdirSync(folder)
    writeFileSync(Buffer.concat([folder, Buffer.from('/b.evtx')]), log)
    const { status, stdout, stderr } = crosstalk('dump', 'names')
    assert.equal(status, 0)
    assert.deepEqual([...new Set(lines(stdout).map(({ file }) => file))], ['names/\\xE4\\xE9\n/b.evtx', 'names/\\xFFa'])
    assert.equal(lines(stdout).length, 6)
    assert.equal(stderr.includes('\\xE9\n'), false)
    assert.equal(crosstalk('hunt', 'names', '--out', 'names-out').status, 0)
  })
  it('where results can not go, that is told and nothing hangs', { skip: process.platform !== 'linux' }, () => {
    const { status, stderr } = crosstalk('hunt', 'logs', '--out', '/proc/nowhere')
    assert.equal(status, 1)
    assert.match(stderr, /\/proc\/nowhere: /)
  })
  it('an empty path and standard input are not taken for files', () => {
    assert.match(crosstalk('dump', '').stderr, /a path is empty/)
    assert.match(crosstalk('dump', '-').stderr, /standard input is not read/)
    assert.equal(crosstalk('dump', '').status, 2)
  })
  it('names and texts of evidence can not steer the terminal', () => {
    const { stderr } = crosstalk('dump', '\u001b[31mred.evtx')
    assert.ok(!stderr.includes('\u001b'))
  })
})
