import assert from 'node:assert/strict'
import { test } from 'node:test'
import { event, random, rule } from '../../test/random-rules.ts'
import { compileRules } from '../compile/rule-set.ts'
import { parseRules } from '../load/load.ts'
import { createMatcher } from '../match/matcher.ts'
import { objectEvent } from '../match/object-event.ts'
import type { DetectionRule } from '../rule.ts'
import { explainRule } from './explain.ts'
import { renderExplanation } from './render.ts'

const RULE = `title: Whoami by a shell
logsource: { product: windows, category: process_creation }
detection:
  selection:
    Image|endswith: ['\\whoami.exe', '\\id.exe']
    ParentImage|contains|all: ['cmd', 'System32']
  filter:
    User: null
  condition: selection and not filter
`
const windows = { product: 'windows', category: 'process_creation' }

function explain(fields: Record<string, unknown>, logSource: object = windows): string[] {
  const [one] = parseRules(RULE, 'x.yml').rules as DetectionRule[]
  return renderExplanation(explainRule(one, objectEvent(fields, [logSource])))
}

test('a match is explained by what holds', () => {
  const fields = { Image: 'C:\\x\\WHOAMI.exe', ParentImage: 'C:\\Windows\\System32\\cmd.exe', User: 'a' }
  assert.deepEqual(explain(fields), [
    'matches',
    '+ log source: product windows, category process_creation',
    '+ all of these',
    '  + selection',
    '    + all of these',
    "      + Image|endswith (line 5): the event has 'C:\\x\\WHOAMI.exe'",
    "        + '\\whoami.exe'",
    "        - '\\id.exe'",
    '      + ParentImage|contains|all (line 6): the event has',
    "            'C:\\Windows\\System32\\cmd.exe'",
    "        + 'cmd'",
    "        + 'System32'",
    '  + not',
    '    - filter',
    "      - User (line 8): the event has 'a'",
    '        - null',
  ])
})

test('where it fails, only what fails is told', () => {
  assert.deepEqual(explain({ Image: '\\whoami.exe', ParentImage: 'cmd', User: 'a' }), [
    'does not match',
    '+ log source: product windows, category process_creation',
    '- all of these',
    '  - selection',
    '    - all of these',
    "      - ParentImage|contains|all (line 6): the event has 'cmd'",
    "        + 'cmd'",
    "        - 'System32'",
  ])
})

test('a field in other letters is another field, and is pointed at', () => {
  const lines = explain({ image: '\\whoami.exe', ParentImage: 'System32\\cmd', User: 'a' })
  assert.ok(
    lines.includes('      - Image|endswith (line 5): the event has no such field, but "image"'),
    lines.join('\n'),
  )
})

test('a log source that is not the rule’s is the reason, whatever else holds', () => {
  const fields = { Image: '\\whoami.exe', ParentImage: 'System32\\cmd', User: 'a' }
  const lines = explain(fields, { product: 'linux', category: 'process_creation' })
  assert.deepEqual(lines, [
    'does not match',
    '- log source: product windows, category process_creation is wanted;',
    '  the event is of product linux, category process_creation',
  ])
})

test('of "all of" that fails, what fails is told', () => {
  const text = RULE.replace('filter:', 'selection_user:')
    .replace('null', 'b')
    .replace('selection and not filter', 'all of selection*')
  const [one] = parseRules(text, 'x.yml').rules as DetectionRule[]
  const fields = { Image: '\\id.exe', ParentImage: 'System32\\cmd', User: 'a' }
  assert.deepEqual(renderExplanation(explainRule(one, objectEvent(fields, [windows]))).slice(2), [
    '- all of selection*',
    '  - selection_user',
    "    - User (line 8): the event has 'a'",
    "      - 'b'",
  ])
})

test('of a long value, the part around what was found is shown, in lines that fit', () => {
  const [one] = parseRules(RULE.replace('selection and not filter', 'selection'), 'x.yml').rules as DetectionRule[]
  const fields = { Image: `${'x'.repeat(5000)}\\whoami.exe`, ParentImage: 'System32\\cmd' }
  const lines = renderExplanation(explainRule(one, objectEvent(fields, [windows])), { width: 60 })
  assert.match(lines.map((line) => line.trim()).join(''), /…'x+\\whoami\.exe' \(5011 characters\)/)
  assert.ok(lines.slice(2).every((line) => line.length <= 60))
})

test('it says of random rules and events what the matcher says', () => {
  const sources = [{ product: 'test' }]
  let matches = 0
  for (let seed = 1; seed <= 300; seed++) {
    const r = random(seed)
    const made = rule(r, 'rule')
    const { ruleSet } = compileRules([made])
    if (!ruleSet.rules.length) continue
    const matcher = createMatcher(ruleSet)
    for (let at = 0; at < 10; at++) {
      const fields = event(r)
      let matched = false
      matcher.match(objectEvent(fields, sources), () => {
        matched = true
      })
      assert.equal(explainRule(made, objectEvent(fields, sources)).matches, matched, `seed ${seed}, event ${at}`)
      if (matched) matches++
    }
  }
  assert.ok(matches > 300)
})
