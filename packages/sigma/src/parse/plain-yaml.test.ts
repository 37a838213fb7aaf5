import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compare, fuzzYaml, ruleTexts } from '../../test/fuzz.ts'
import { SigmaError } from '../errors.ts'
import { readPlainYaml } from './plain-yaml.ts'
import { loadYaml, numberOrText, yamlDocuments } from './yaml.ts'

const read = (text: string) => readPlainYaml(text, numberOrText)

test('a rule as rules are written', () => {
  const text = `# a comment
title: It's a "title" # and a comment
id: 11111111-1111-4111-8111-111111111111
description: |
  First line
    indented

  last
date: 2024-01-31
tags:
- attack.t1559.001
- 'cve.2024-1 # no comment'   # a comment

logsource:
    product: windows
detection:
    selection:
        - Image|endswith: '\\cmd.exe'
          CommandLine|contains|all:
              - 'it''s'
              - "a \\"b\\" \\\\ \\t"
              - -enc
              - "\\u0410 😀"
        -   EventID: 4624
            Empty:
    keywords:
        '|all':
            - ': x'
    filter:
        EventID:
            - 0x1F
            - 007
            - 1e3
            - 12345678901234567890
            - null
            - True
            - yes
    condition: >-
        selection
        and not filter
level: high
`
  const expected = {
    title: 'It\'s a "title"',
    id: '11111111-1111-4111-8111-111111111111',
    description: 'First line\n  indented\n\nlast\n',
    date: '2024-01-31',
    tags: ['attack.t1559.001', 'cve.2024-1 # no comment'],
    logsource: { product: 'windows' },
    detection: {
      selection: [
        { 'Image|endswith': '\\cmd.exe', 'CommandLine|contains|all': ["it's", 'a "b" \\ \t', '-enc', 'А 😀'] },
        { EventID: 4624, Empty: null },
      ],
      keywords: { '|all': [': x'] },
      filter: { EventID: [31, 7, 1000, '12345678901234567890', null, true, 'yes'] },
      condition: 'selection and not filter',
    },
    level: 'high',
  }
  assert.deepEqual(read(text), expected)
  assert.deepEqual(loadYaml(text), expected)
  assert.deepEqual(read(text.replaceAll('\n', '\r\n')), expected)
})

for (const [what, text] of Object.entries({
  'a flow collection': 'a: {b: 1}',
  'an anchor': 'a: &x b',
  'an alias': 'a: *x',
  'a tag': 'a: !!str 1',
  'a merge key': '<<: a',
  'a text over two lines': 'a: b\n  c',
  'a quoted text over two lines': "a: 'b\n  c'",
  'a key in double quotes': '"a": b',
  'a key that is a number': '1: b',
  'a key that is no text': 'true: b',
  'a key that stands there twice': 'a: b\na: c',
  'a key of every object': '__proto__: b',
  'an explicit key': '? a\n: b',
  'a list in a list': 'a:\n  - - b',
  'a tab': 'a:\tb',
  'half a character': 'a: \ud83d',
  'a NUL': 'a: \0',
  'a document mark': '---\na: b',
  'the end of a document': 'a: b\n...\n',
  'a directive': '%YAML 1.2\n---\na: b',
  'an indentation that fits nothing': 'a:\n    b: c\n  d: e',
  'a key without a value behind it': 'a: b: c',
  'a text that never ends': "a: 'b",
  'an escape that JSON has not': 'a: "\\x41"',
  'a block scalar with its indentation': 'a: |2\n    b',
  'a block scalar that keeps empty lines': 'a: |+\n  b\n\n',
  'no mapping': '- a',
  nothing: '# a comment',
}))
  test(`${what} is left to js-yaml`, () => assert.equal(read(text), undefined))

test('of real rules it reads nearly all, and each as js-yaml does', () => {
  const texts = ruleTexts()
  const results = texts.map(compare)
  assert.deepEqual(
    results.flatMap(({ wrong }) => wrong ?? []),
    [],
  )
  assert.ok(results.filter(({ left }) => left).length < texts.length / 50)
})

test('of 40,000 damaged rules it reads none otherwise than js-yaml does', () => {
  const { texts, left, wrong } = fuzzYaml(ruleTexts(), 40_000, 7)
  assert.deepEqual(wrong, [])
  assert.ok(texts - left > 10_000)
})

/** Every path of a value, and one that leads nowhere from each. */
function* pathsOf(value: unknown, path: readonly (string | number)[] = []): Generator<readonly (string | number)[]> {
  yield path
  yield [...path, 'nowhere']
  if (typeof value !== 'object' || value === null) return
  for (const [name, inner] of Object.entries(value))
    yield* pathsOf(inner, [...path, Array.isArray(value) ? Number(name) : name])
}

test('the places in a plain document are those that the package yaml gives', () => {
  const texts = [
    '# c\na:\n  - b\n  -   c: 1 # d\n      e: |\n        x\n  -\n    f: g\n  - # h\n    i:\n    - 1\n  - # j\n  - >-\n    k\nl: \'m\'\n\nn:\no: "p"\n',
    ...ruleTexts().filter((_, at) => at % 40 === 0),
  ]
  for (const text of texts) {
    const [document] = [...yamlDocuments(text, 'f')]
    // With another end of line the package is asked.
    const [other] = [...yamlDocuments(text.replaceAll('\n', '\r\n'), 'f')]
    assert.ok(!(document instanceof SigmaError) && !(other instanceof SigmaError))
    for (const path of pathsOf(document.value))
      assert.deepEqual(document.locate(path), other.locate(path), `${path.join(' / ')} of\n${text}`)
  }
})
