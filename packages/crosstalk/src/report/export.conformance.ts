// What every export must hold to, whatever its form. Called once for each by exports.test.ts.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Case } from '../cases/case.ts'
import { dcomCase, exampleFindings, exampleSummary } from './example-run.ts'
import type { Export, ExportSource } from './report.ts'

/** All files of an export, by path. */
export async function exported(form: Export, source: ExportSource): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for await (const { path, content } of form.files(source)) {
    const pieces: Buffer[] = []
    for await (const piece of content) pieces.push(Buffer.from(piece))
    assert.ok(!files.has(path), `${path} twice`)
    files.set(path, Buffer.concat(pieces).toString('utf8'))
  }
  return files
}

export const FULL: ExportSource = { case: dcomCase, findings: exampleFindings.slice(0, 2), summary: exampleSummary }

const step = { status: 'blocked' as const, text: '', facts: [], evidence: [] }
/** As little as a case can say. */
export const BARE: ExportSource = {
  findings: [],
  case: {
    ...{
      id: 'c',
      title: '',
      summary: '',
      level: 'low',
      confidence: 0,
      reasons: [],
      techniques: [],
      hosts: [],
      accounts: [],
    },
    ...{
      processes: [],
      channels: [],
      remotes: [],
      timeline: [],
      findings: [],
      containment: [],
      mitigations: [],
      related: [],
    },
    ...{ gaps: [], assumptions: [], evidence: [] },
    steps: { confirm: step, establish: step, collect: step, correlate: step, scope: step, preserve: step },
  } satisfies Case,
}

const EVIL = `"]}\n| \`\`\` <img src=x onerror=alert(1)> </script>[x](javascript:1) \u202e\x1b[2J\u2028 ../../etc`
const KEPT = new Set(['level', 'kind', 'status', 'role', 'direction', 'support'])
/** Every text of the case is hostile; times, numbers and the contract's own words stay. */
export function poisoned<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (key, inner) =>
    typeof inner === 'string' && !KEPT.has(key) && !/^\d{4}-\d\d-\d\dT/.test(inner) ? `${EVIL}${inner}` : inner,
  )
}

export function conform(form: Export): void {
  describe(`the export ${form.format}`, () => {
    test('says what it is', () => {
      assert.match(form.format, /^[a-z][a-z-]*$/)
      assert.ok(form.title)
      if (form.shape === 'file') assert.match(form.extension, /^\.[a-z]+$/)
      else assert.equal(form.extension, '')
    })
    for (const [name, source] of Object.entries({
      'a full case': FULL,
      'a bare case': BARE,
      'a hostile case': poisoned(FULL),
    })) {
      test(`makes files of ${name}`, async () => {
        const files = await exported(form, source)
        assert.ok(files.size)
        if (form.shape === 'file') assert.equal(files.size, 1)
        for (const [path, text] of files) {
          assert.match(path, /^[a-zA-Z0-9][\w.-]*(\/[a-zA-Z0-9][\w.-]*)*$/)
          if (form.shape === 'file') assert.ok(path.endsWith(form.extension))
          parses(path, text)
        }
      })
      test(`makes the same bytes of ${name} again`, async () => {
        assert.deepEqual(await exported(form, structuredClone(source)), await exported(form, source))
      })
    }
    test('carries the case: its id, its hosts and its techniques', async () => {
      const text = [...(await exported(form, FULL)).values()].join('\n').replaceAll('\\-', '-').replaceAll('\\_', '_')
      for (const word of [dcomCase.id, 'T1559.001']) assert.ok(text.includes(word), word)
      if (form.format !== 'navigator') for (const host of dcomCase.hosts) assert.ok(text.includes(host.name), host.name)
    })
  })
}

function parses(path: string, text: string): void {
  if (path.endsWith('.json')) JSON.parse(text)
  if (path.endsWith('.jsonl')) for (const line of text.split('\n').slice(0, -1)) JSON.parse(line)
  if (path.endsWith('.jsonl') && text) assert.ok(text.endsWith('\n'))
}
