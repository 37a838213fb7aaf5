import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Case } from '../../cases/case.ts'
import { dcomCase, exampleFindings, exampleSummary } from '../example-run.ts'
import { displayWidth } from './display-width.ts'
import { renderCase, renderTerminal } from './render.ts'
import { renderAccount } from './render-account.ts'
import { wantsColor } from './style.ts'

const render = (cases: Case[], options = {}) => renderTerminal(cases, exampleFindings, exampleSummary, options)

describe('a case on the terminal', () => {
  const text = renderCase(dcomCase, { columns: 100 })
  const line = (part: string) => text.split('\n').find((candidate) => candidate.includes(part))

  test('begins with the level, the title and the summary', () => {
    assert.match(text, /^── Case 1 of 1 ─+ c-4f1d9a0c27 ──\nHIGH {2}DCOM lateral movement from ASH-WS02/)
    assert.ok(text.includes('activated the ShellWindows object of'))
  })
  test('says when, where, who, from where and towards what', () => {
    assert.equal(line('When'), '  When       2026-03-04 14:02:10 – 14:02:15 UTC')
    assert.equal(line('Where'), '  Where      ASH-WS03 [10.20.0.23], target')
    assert.equal(line('Who'), '  Who        ASHDOWN\\adm.reyes on ASH-WS03, logon session 0x8f3a21')
    assert.equal(line('From'), '  From       ASH-WS02 [10.20.0.22], source')
    assert.equal(line('Towards'), '  Towards    203.0.113.45:443 tcp from powershell.exe (6704) on ASH-WS03')
  })
  test('gives its reasons for and against, their evidence, and what they come to', () => {
    assert.equal(line('whoami /all ran'), '   +12  after      whoami /all ran in the same lineage 1.5 s later [E6]')
    assert.equal(
      line('on other days'),
      '    −8  baseline   adm.reyes administers ASH-WS03 from ASH-WS02 on other days too [E8]',
    )
    assert.equal(line('88 of 100'), '   →  confidence 88 of 100, level high')
  })
  test('leads from a label to the record', () => {
    assert.ok(text.includes('  logs/ASH-WS03/Security.evtx\n    E8 #88102  E9 #88103\n'))
  })
  test('draws the processes as a tree and marks the ends of channels', () => {
    assert.ok(
      text.includes(
        '    explorer.exe (4188)  ASHDOWN\\adm.reyes  ← serves dcom\n    C:\\Windows\\Explorer.EXE\n    └─ cmd.exe (6620)',
      ),
    )
  })
  test('says what is not known and what would show it', () => {
    assert.ok(
      text.includes(
        '  ? What the encoded command did beyond what it started\n    would show it: PowerShell script block logging (4104)',
      ),
    )
  })
  test('says what to do first and what it costs', () => {
    assert.ok(text.includes('  1.  Take the memory of powershell.exe (6704) on ASH-WS03\n      costs: Needs an agent'))
  })
  test('names hosts, accounts and remotes only as the case does: an empty list gives no line', () => {
    const bare = renderCase({
      ...dcomCase,
      accounts: [],
      remotes: [],
      channels: [],
      gaps: [],
      assumptions: [],
      containment: [],
    })
    assert.doesNotMatch(bare, /^ {2}(Who|Towards|Over) /m)
    assert.doesNotMatch(bare, /What is not known|What to do first/)
  })
  for (const columns of [40, 80, 100, 120])
    test(`keeps within ${columns} columns`, () => {
      for (const each of render([dcomCase], { columns }).split('\n')) assert.ok(displayWidth(each) <= columns, each)
    })
  test('a long timeline keeps its beginning and its end and says how much is between', () => {
    const timeline = Array.from({ length: 500 }, (_, at) => ({
      time: new Date(Date.UTC(2026, 2, 4, 14, 0, at)).toISOString(),
      host: 'ASH-WS03',
      text: `act ${at}`,
      evidence: [],
    }))
    const story = renderCase({ ...dcomCase, timeline })
    assert.ok(
      story.includes('14:00:10.000  act 10\n                486 more entries over 8 min\n  14:08:17.000  act 497'),
    )
  })
})

describe('hostile evidence on the terminal', () => {
  const evil = '\x1b]0;owned\x07\x1b[2J\u202etxt.exe\r\nfake: all clear\x9b1A'
  const poisoned: Case = {
    ...dcomCase,
    title: evil,
    summary: evil,
    hosts: [{ ...dcomCase.hosts[0], name: evil, addresses: [evil] }],
    accounts: [{ name: evil, host: evil }],
    processes: [{ ...dcomCase.processes[0], image: evil, commandLine: evil, user: evil, host: evil }],
    timeline: [{ time: evil, host: evil, text: evil, evidence: [] }],
    gaps: [{ text: evil, wouldShow: evil }],
    containment: [{ ...dcomCase.containment[0], action: evil, commands: [evil], cost: evil }],
    evidence: [{ ...dcomCase.evidence[0], file: evil }],
    id: evil,
  }
  const summary = {
    ...exampleSummary,
    account: { ...exampleSummary.account, problems: [{ file: evil, problem: evil }] },
    gaps: [{ text: evil, wouldShow: evil }],
    clocks: [{ host: evil, other: evil, ahead: 60, spread: 0, connections: 9, logons: 0 }],
    bounds: [evil],
  }
  test('nothing of it reaches the terminal as a control', () => {
    for (const cases of [[poisoned], []]) {
      const text = renderTerminal(cases, [{ ...exampleFindings[2], title: evil, host: evil }], summary)
      assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/)
      assert.doesNotMatch(text, /^fake/m)
    }
  })
  test('a command line of a megabyte is shortened, and that is said', () => {
    const commandLine = `powershell -enc ${'A'.repeat(1_000_000)}`
    const text = renderCase({ ...dcomCase, processes: [{ ...dcomCase.processes[0], commandLine }] })
    assert.ok(text.length < 20_000)
    assert.match(text.replaceAll(/\n */g, ' '), /999646 more characters/)
  })
})

describe('the run on the terminal', () => {
  test('ends with the account: what was read, what was not and why', () => {
    const text = render([dcomCase])
    assert.ok(text.includes('  Files      7 of 9 read, 1 of no known format, 1 unreadable\n'))
    assert.ok(text.includes('  Events     184,202 read (evtx 184,202), 3 skipped\n'))
    assert.ok(text.includes('logs/ASH-WS01/Security.evtx: permission denied\n'))
    assert.ok(text.includes('3 × chunk checksum wrong and no record header found (64.0 KB), e.g.'))
    assert.ok(text.includes('my-rules/pipe.yml:12:7: unknown modifier "regexp"\n'))
  })
  test('has its account also where nothing was judged', () => {
    assert.match(renderAccount(exampleSummary), /^ {2}Account of the run\n {2}Files {6}7 of 9 read/)
  })
  test('tells clocks that are clearly apart, and that the others were compared', () => {
    assert.ok(
      renderAccount(exampleSummary).includes('  Clocks     1 pair compared by what both saw: none clearly apart\n'),
    )
    const apart = { ...exampleSummary.clocks[0], ahead: 75 }
    assert.match(
      renderAccount({ ...exampleSummary, clocks: [apart] }).replaceAll(/\s+/g, ' '),
      / Clocks ASH-WS03’s clock is 1 min 15 s ahead of ASH-WS02’s \(median of 9 connections that both saw; half within 0\.00 s of it\)\. /,
    )
    assert.doesNotMatch(renderAccount({ ...exampleSummary, clocks: [] }), /Clocks/)
  })
  test('without a case says what was looked at, what was found below the bar and what could not be seen', () => {
    const text = render([])
    assert.match(text, /^ {2}No case\.\n {2}Looked at 184,202 events in 7 files and found 3 findings/)
    assert.ok(text.includes('  low           Administrative share opened from another host on ASH-DC01\n'))
    assert.ok(text.includes('  ? ASH-WS01 gave no process creations\n'))
  })
  test('without an event says that this proves nothing', () => {
    const { account } = exampleSummary
    const summary = { ...exampleSummary, account: { ...account, events: { ...account.events, read: 0 } } }
    assert.ok(renderTerminal([], [], summary).includes('No event was read: this says nothing about the hosts.'))
  })
  test('tells the worst cases in full and names the others', () => {
    const cases = Array.from({ length: 30 }, (_, at) => ({
      ...dcomCase,
      id: `c-${at}`,
      confidence: at,
      title: `Story ${at}`,
    }))
    const text = render(cases)
    assert.ok(text.startsWith('30 cases on 2 hosts: 30 high\n'))
    assert.equal(text.match(/^── Case/gm)?.length, 10)
    assert.ok(text.includes('── Case 1 of 30 ') && text.includes('HIGH  Story 29\n'))
    assert.ok(text.includes('   11  high          Story 19 (19)\n'))
  })
})

describe('colour', () => {
  test('is only used where asked for, and changes no word', () => {
    const plain = render([dcomCase])
    const coloured = render([dcomCase], { color: true })
    assert.ok(!plain.includes('\x1b'))
    assert.notEqual(coloured, plain)
    assert.equal(coloured.replaceAll(/\x1b\[[\d;]*m/g, ''), plain)
  })
  test('is wanted on a terminal only, and not with NO_COLOR, --no-color or a dumb terminal', () => {
    assert.equal(wantsColor({ isTTY: true }, {}), true)
    assert.equal(wantsColor({}, {}), false)
    assert.equal(wantsColor({ isTTY: true }, { NO_COLOR: '1' }), false)
    assert.equal(wantsColor({ isTTY: true }, { TERM: 'dumb' }), false)
    assert.equal(wantsColor({ isTTY: true }, {}, true), false)
  })
})
