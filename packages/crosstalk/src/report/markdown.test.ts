import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { exported, FULL, poisoned } from './export.conformance.ts'
import { markdown } from './markdown.ts'

/** What is neither escaped nor code (CommonMark, 2.4, 4.5, 6.1). */
function outsideCode(text: string): string {
  let prose = ''
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') {
      at++
      continue
    }
    const run = /^`+/.exec(text.slice(at))?.[0]
    if (!run) {
      prose += text[at]
      continue
    }
    const rest = text.slice(at + run.length)
    const end = [...rest.matchAll(/`+/g)].find((other) => other[0].length === run.length)
    assert.ok(end, 'code without an end')
    at += run.length + end.index + run.length - 1
  }
  return prose
}

describe('a case as Markdown', async () => {
  const text = [...(await exported(markdown, FULL)).values()][0]
  test('tells it in the order of a report', () => {
    assert.deepEqual([...text.matchAll(/^#+ (.*)$/gm)].map((match) => match[1]).slice(1), [
      'Why we think so',
      'What to do first',
      'What happened (UTC)',
      'Processes',
      'Who talked to whom',
      'Investigation',
      'What is not known',
      'Related techniques',
      'What would have stopped it',
      'Evidence',
    ])
  })
  test('reasons with points and evidence', () => {
    assert.ok(
      text.includes('| −8 | baseline | adm.reyes administers ASH-WS03 from ASH-WS02 on other days too | \\[E8\\] |\n'),
    )
  })
  test('hostile evidence stays text: no HTML, no link, no new row, no end of a code block', async () => {
    const evil = [...(await exported(markdown, poisoned(FULL))).values()][0]
    const prose = outsideCode(evil)
    assert.ok(!/<(?!br>)/.test(prose))
    assert.ok(!/\]\(|!\[|&[a-z#]/.test(prose))
    assert.doesNotMatch(evil, /[\x00-\x09\x0b-\x1f\u202e\u2028]/)
    for (const row of evil.split('\n').filter((line) => line.startsWith('| ') && line.includes('| −8')))
      assert.equal(row.match(/(?<!\\)\|/g)?.length, 5)
    assert.equal((evil.match(/^#/gm) ?? []).length, 11)
  })
})
