import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import type { Case, Finding } from '../../cases/case.ts'
import { dcomCase, exampleFindings, exampleSummary } from '../example-run.ts'
import { renderHtml } from './page.ts'

const render = (cases: readonly Case[], findings: readonly Finding[] = exampleFindings) =>
  [...renderHtml(cases, findings, exampleSummary)].join('')
const page = render([dcomCase])
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1])
/** the page without what is not markup of the report: style, script, data */
const body = (text: string) => text.replaceAll(/<(style|script)[\s\S]*?<\/\1>/g, '')

describe('the HTML report', () => {
  test('is one file that asks the network for nothing', () => {
    assert.ok(page.startsWith('<!doctype html>\n<html lang="en">'))
    assert.doesNotMatch(body(page), /\s(src|srcset|action|background|formaction)=/)
    assert.doesNotMatch(page, /@import|url\((?!#)/)
    for (const href of all(body(page), /href="([^"]*)"/g)) assert.match(href, /^#/)
  })
  test('runs and styles with nothing but what its policy names by hash', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1].replaceAll('&#39;', "'")
    const hash = (name: string) => {
      const content = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(page)![1]
      return createHash('sha256').update(content).digest('base64')
    }
    assert.equal(
      policy,
      `default-src 'none'; style-src 'sha256-${hash('style')}'; script-src 'sha256-${hash('script')}'; base-uri 'none'; form-action 'none'`,
    )
    assert.doesNotMatch(body(page), /\s(style|on[a-z]+)=/)
  })
  test('has its dark colours where they were chosen, and where dark is preferred and light was not chosen', () => {
    const dark = /\n:root\[data-theme="dark"\] (\{[^}]*--paper: #15171b;[^}]*\})\n/.exec(page)?.[1]
    assert.ok(page.includes(`@media (prefers-color-scheme: dark) {\n:root:not([data-theme="light"]) ${dark}\n}`))
  })
  test('every link leads somewhere, and no place has two names', () => {
    const ids = all(body(page), /\sid="([^"]*)"/g)
    assert.equal(new Set(ids).size, ids.length)
    for (const href of all(body(page), /href="#([^"]*)"/g)) assert.ok(ids.includes(href), `#${href} leads nowhere`)
  })
  test('every reason leads to its evidence', () => {
    const row = /<tr id="c1-r1">[\s\S]*?<\/tr>/.exec(page)![0]
    assert.deepEqual(all(row, /href="(#c1-e\d+)"/g), ['#c1-e1', '#c1-e2', '#c1-e3'])
    assert.ok(page.includes('logs/ASH-WS03/Security.evtx'))
    assert.ok(page.includes(`sha256 ${'11'.repeat(32)}`))
  })
  test('evidence leads back to what rests on it', () => {
    const row = /<tr id="c1-e10">[\s\S]*?<\/tr>\n/.exec(page)![0]
    assert.deepEqual(all(row, /href="(#[^"]*)"/g), ['#c1-r3', '#c1-steps', '#c1-t1'])
  })
  test('tells the whole case: each kind of statement of the contract', () => {
    for (const text of [
      'SHA256=4D89FC34',
      'S-1-5-21-1004336348',
      'Lateral movement',
      'Protected View',
      'T1134',
      'Script block logging'.toLowerCase().slice(0, 12),
      'differ by less than 50 ms',
      'procdump64.exe',
      'a careful intruder may notice',
      'Sysmon 8 and 10',
      'Memory of powershell.exe (6704)',
      'permission denied',
    ])
      assert.ok(page.includes(text), text)
  })
  test('holds the case as data that is the case', () => {
    const data = /<script type="application\/json" id="c1-data">([\s\S]*?)<\/script>/.exec(page)![1]
    assert.deepEqual(JSON.parse(data), JSON.parse(JSON.stringify(dcomCase)))
  })
  test('is the same whenever it is made', () => assert.equal(render([dcomCase]), page))
  test('tells every comparison of clocks', () => {
    assert.match(page, /<h3>Clocks compared <small>1 line<\/small><\/h3>/)
    assert.match(page, /<td>ASH-WS03<\/td><td>ASH-WS02<\/td><td>12 ms<\/td><td>4 ms<\/td><td>9<\/td><td>0<\/td>/)
  })
  test('worst case first', () => {
    const two = render([{ ...dcomCase, id: 'low', level: 'low', title: 'The small one' }, dcomCase])
    assert.match(/<article class="case level-high" id="c1"[\s\S]*?<article/.exec(two)![0], /DCOM lateral movement/)
  })
  test('without a case says what was looked at, what was found and what was not seen', () => {
    const text = render([])
    assert.match(text, /<h1>No case<\/h1>/)
    assert.match(text, /Looked at 184,202 events in 7 files and found 3 findings/)
    assert.match(text, /Administrative share opened from another host/)
    assert.match(text, /ASH-WS01 gave no process creations/)
  })
})

describe('hostile evidence in the HTML report', () => {
  const evil = `"><img src=x onerror=alert(1)><script>alert(2)</script></script><!--'\u202e\x1b[2J\`]]>`
  const poison = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value), (key, inner) =>
      typeof inner === 'string' && !['level', 'kind', 'status', 'role', 'direction'].includes(key) ? evil : inner,
    )
  const poisoned: Case = {
    ...poison(dcomCase),
    timeline: [{ ...poison(dcomCase.timeline[0]), time: '2026-03-04T14:02:10.870Z' }],
  }
  const text = [
    ...renderHtml([poisoned, { ...poisoned, id: evil }], exampleFindings.map(poison), poison(exampleSummary)),
  ].join('')

  test('becomes text everywhere', () => {
    assert.doesNotMatch(body(text), /<img|<script|onerror=alert\(1\)>|<!--/)
    const tags = new Set(all(body(text), /<([a-zA-Z][^\s/>]*)/g))
    for (const tag of ['img', 'script', 'iframe', 'object', 'embed']) assert.ok(!tags.has(tag))
  })
  test('is seen: no control, no reordering of what one reads', () => {
    assert.ok(!/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/.test(body(text)))
  })
  test('cannot end the data that the page carries', () => {
    const scripts = all(text, /<script( type="application\/json" id="[^"]*")?>/g)
    assert.equal(scripts.length, text.match(/<\/script>/g)?.length)
    assert.equal(scripts.length, 4)
  })
  test('adds no attribute', () => {
    // What is escaped holds no `>` and no quote, so a tag ends at the first one and a value at the next quote.
    const attributes = all(body(text), /<\w+((?:\s[^>]*)?)>/g).flatMap((tag) =>
      all(tag.replaceAll(/"[^"]*"/g, '""'), /\s([^\s=]+)/g),
    )
    for (const name of new Set(attributes)) assert.ok(!/^(src|srcdoc|style|on.*|action|xlink:href)$/i.test(name), name)
  })
})

describe('a large run', () => {
  const cases: Case[] = Array.from({ length: 400 }, (_, at) => ({
    ...dcomCase,
    id: `c-${at}`,
    title: `Story ${String(at).padStart(3, '0')}`,
    timeline: Array.from({ length: 5000 }, (_, entry) => ({
      time: new Date(Date.UTC(2026, 2, 1, 8, 0, entry)).toISOString(),
      host: 'ASH-WS03',
      text: `act ${entry}`,
      evidence: ['E1'],
    })),
  }))
  test('stays a page that a browser opens, and says what it left out', () => {
    let length = 0
    let told = 0
    let left = 0
    for (const piece of renderHtml(cases, [], exampleSummary)) {
      length += piece.length
      told += piece.match(/<article /g)?.length ?? 0
      left += piece.match(/4900 more entries in case\.json/g)?.length ?? 0
    }
    assert.equal(told, 300)
    assert.equal(left, 300)
    assert.ok(length < 40_000_000, `${length} characters`)
    assert.ok([...renderHtml(cases.slice(0, 301), [], exampleSummary)].join('').includes('Story 300'))
  })
  test('one case of 5,000 entries shows its first 500', () => {
    const text = render(cases.slice(0, 1))
    assert.equal(text.match(/<tr id="c1-t\d+">/g)?.length, 500)
    assert.ok(text.includes('4500 more entries in case.json'))
  })
})
