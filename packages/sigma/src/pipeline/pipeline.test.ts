import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compileRules } from '../compile/rule-set.ts'
import { parseRules } from '../load/load.ts'
import { createMatcher } from '../match/matcher.ts'
import { objectEvent } from '../match/object-event.ts'
import type { CorrelationRule, Detection, DetectionRule } from '../rule.ts'
import { applyPipelines } from './apply.ts'
import { BUILT_IN_PIPELINES, builtInPipeline } from './built-in.ts'
import { FIELD_MAPPINGS } from './field-mappings.ts'
import { PipelineError } from './pipeline.ts'
import { parsePipeline } from './read.ts'

const RULE = (detection: string, more = '') =>
  `title: rule\nid: 11111111-1111-4111-8111-111111111111\nname: rule\n${more}logsource: {product: windows, category: process_creation}\ndetection: ${detection}\n`

function applied(rules: string, ...pipelines: string[]) {
  const parsed = parseRules(rules, 'r.yml')
  assert.deepEqual(parsed.refused, [])
  return applyPipelines(
    parsed.rules.filter((rule): rule is DetectionRule => rule.kind === 'rule'),
    parsed.rules.filter((rule): rule is CorrelationRule => rule.kind === 'correlation'),
    pipelines.map((text, at) => parsePipeline(text, `p${at}.yml`)),
  )
}

/** An item as the rule would write it. */
const shown = (detection: Detection): string =>
  detection.kind === 'item'
    ? `${[detection.item.field ?? '', ...detection.item.modifiers].join('|')}${detection.item.all ? '|all' : ''}: ${JSON.stringify(detection.item.values)}`
    : `(${detection.parts.map(shown).join(` ${detection.kind} `)})`

/** Search identifiers of the only rule after the transformations, which are given as YAML. */
function after(detection: string, transformations: string, more = ''): string[] {
  const { rules, refused } = applied(RULE(detection, more), `transformations:\n${transformations}`)
  assert.deepEqual(
    refused.map((one) => one.message),
    [],
  )
  return [...rules[0].detections].map(([name, one]) => `${name} ${shown(one)}`)
}
const S = (item: string) => `{s: {${item}}, condition: s}`

describe('fields', () => {
  test('field_name_mapping: one name, several, and those of fieldref', () => {
    const mapping = '- {type: field_name_mapping, mapping: {Image: process.executable, User: [user.name, user.id]}}'
    assert.deepEqual(after(S('Image|endswith: x, User: bob, Other: 1'), mapping), [
      's (process.executable|endswith: ["x"] and (user.name: ["bob"] or user.id: ["bob"]) and Other: [1])',
    ])
    assert.deepEqual(after(S('a|fieldref: Image'), mapping), ['s a|fieldref: ["process.executable"]'])
  })
  test('field_name_prefix_mapping, field_name_prefix, field_name_suffix', () => {
    assert.deepEqual(after(S('win.a: 1, b: 2'), '- {type: field_name_prefix_mapping, mapping: {win.: [x., y.]}}'), [
      's ((x.a: [1] or y.a: [1]) and b: [2])',
    ])
    assert.deepEqual(
      after(S('a: 1'), '- {type: field_name_prefix, prefix: event.}\n- {type: field_name_suffix, suffix: .keyword}'),
      ['s event.a.keyword: [1]'],
    )
  })
  test('the rule’s list of fields is renamed and changed too', () => {
    const { rules } = applied(
      RULE(S('a: 1'), 'fields: [Image, gone]\n'),
      'transformations:\n- {type: field_name_mapping, mapping: {Image: exe}}\n- {type: add_field, field: more}\n- {type: remove_field, field: gone}',
    )
    assert.deepEqual(rules[0].fields, ['exe', 'more'])
  })
  test('a correlation’s group-by, aliases and field', () => {
    const { correlations } = applied(
      `${RULE(S('a: 1'))}---\ntitle: c\ncorrelation: {type: value_count, rules: [rule], group-by: [Image, ip], timespan: 1m, aliases: {ip: {rule: SourceIp}}, condition: {field: User, gte: 2}}`,
      'transformations:\n- {type: field_name_mapping, mapping: {Image: exe, SourceIp: src, User: who, ip: wrong}}',
    )
    const [{ groupBy, aliases, condition }] = correlations
    assert.deepEqual(groupBy, ['exe', 'ip'])
    assert.deepEqual([...aliases.get('ip')!], [['rule', 'src']])
    assert.deepEqual(condition.field, ['who'])
    const several = applied(
      `${RULE(S('a: 1'))}---\ntitle: c\ncorrelation: {type: event_count, rules: [rule], group-by: [Image], timespan: 1m, condition: {gte: 2}}`,
      'transformations:\n- {type: field_name_mapping, mapping: {Image: [exe, path]}}',
    )
    assert.deepEqual(several.correlations[0].groupBy, ['exe', 'path'])
  })
})

describe('values', () => {
  test('replace_string sees what the modifiers make, and backslashes as they are', () => {
    const end = String.raw`- {type: replace_string, regex: '^\*\\([^\\]+)$', replacement: '\1'}`
    assert.deepEqual(after(S(String.raw`Image|endswith: '\cmd.exe'`), end), ['s Image: ["cmd.exe"]'])
    assert.deepEqual(after(S(String.raw`Image|endswith: '\a\cmd.exe'`), end), [
      String.raw`s Image|endswith: ["\\a\\cmd.exe"]`,
    ])
    assert.deepEqual(
      after(
        S('a: hkey_local_machine\\x'),
        `- {type: replace_string, regex: '(?i)^HKEY_LOCAL_MACHINE', replacement: HKLM}`,
      ),
      [String.raw`s a: ["HKLM\\\\x"]`],
    )
    assert.deepEqual(after(S('a: 12'), "- {type: replace_string, regex: '1', replacement: 'x$'}"), ['s a: ["x$2"]'])
    assert.deepEqual(
      after(S("a: 'x*y'"), "- {type: replace_string, regex: '[xy*]', replacement: '*', skip_special: true}"),
      [String.raw`s a: ["\\**\\*"]`],
    )
  })
  test('regular expressions, numbers to compare and the like are left alone', () => {
    assert.deepEqual(after(S("a|re: 'x'"), '- {type: replace_string, regex: x, replacement: y}'), ['s a|re: ["x"]'])
  })
  test('map_string, set_value, convert_type, case', () => {
    assert.deepEqual(after(S('a: [x, y]'), '- {type: map_string, mapping: {x: [p, q]}}'), ['s a: ["p","q","y"]'])
    assert.deepEqual(after(S('a: x'), '- {type: set_value, value: 5}'), ['s a: [5]'])
    assert.deepEqual(after(S("a: ['5', 6]"), '- {type: convert_type, target_type: num}'), ['s a: [5,6]'])
    assert.deepEqual(after(S('a: 5'), '- {type: convert_type, target_type: str}'), ['s a: ["5"]'])
    assert.deepEqual(after(S('a: AbC'), '- {type: case, method: snake_case}'), ['s a: ["ab_c"]'])
  })
  test('regex makes a regular expression of text with wildcards', () => {
    assert.deepEqual(after(S("a|contains: 'x.y?'"), '- {type: regex, method: ignore_case_flag}'), [
      String.raw`s a|re|i|s: ["^.*x\\.y..*$"]`,
    ])
  })
  test('value_placeholders and wildcard_placeholders', () => {
    const pipeline =
      'vars: {Servers: [srv1, srv2]}\ntransformations:\n- {type: value_placeholders, include: [Servers]}\n- {type: wildcard_placeholders}'
    const { rules } = applied(RULE(S("a|expand: ['%Servers%', '%Other%x']")), pipeline)
    assert.equal(shown(rules[0].detections.get('s')!), 'a: ["srv1","srv2","*x"]')
    assert.match(
      applied(RULE(S("a|expand: '%Other%'")), 'transformations:\n- {type: value_placeholders}').refused[0].message,
      /^pipeline p0\.yml:2: the placeholder %Other% has no values in vars/,
    )
  })
  test('hashes_fields', () => {
    assert.deepEqual(
      after(
        S('Hashes|contains: [SHA1=AA, MD5=BB, SHA1=CC]'),
        '- {type: hashes_fields, valid_hash_algos: [MD5, SHA1], field_prefix: File}',
      ),
      ['s (FileSHA1: ["AA","CC"] or FileMD5: ["BB"])'],
    )
  })
  test('drop_detection_item', () => {
    assert.deepEqual(
      after(S('a: 1, b: null'), '- {type: drop_detection_item, detection_item_conditions: [{type: is_null}]}'),
      ['s (a: [1])'],
    )
  })
})

describe('values, as pySigma sees them', () => {
  test('conditions see them when the modifiers are done', () => {
    const renamed = (item: string, conditions: string) =>
      after(S(item), `- {type: field_name_mapping, mapping: {a: b}, ${conditions}}`)[0].startsWith('s b')
    const match = (pattern: string) => `detection_item_conditions: [{type: match_string, pattern: '${pattern}'}]`
    assert.ok(renamed('a|contains: x', match(String.raw`^\*x\*$`)))
    assert.ok(!renamed('a|contains: x', match('^x')))
    assert.ok(renamed("a|base64: 'x'", match('^eA==$')))
    assert.ok(!renamed('a|re: x', match('x')))
    assert.ok(renamed('a|contains: x', 'detection_item_conditions: [{type: contains_wildcard}]'))
    assert.ok(renamed('a|endswith: x', "rule_conditions: [{type: contains_detection_item, field: a, value: '*x'}]"))
    assert.ok(!renamed('a|endswith: x', 'rule_conditions: [{type: contains_detection_item, field: a, value: x}]'))
  })
  test('a backslash before a wildcard stays one, whatever is replaced elsewhere', () => {
    assert.deepEqual(
      after(S(String.raw`a|contains: '\Temp\'`), "- {type: replace_string, regex: 'T', replacement: 't'}"),
      [String.raw`s a: ["*\\\\temp\\\\*"]`],
    )
    assert.deepEqual(after(S(String.raw`a: 'C:\*\x'`), "- {type: replace_string, regex: '^C:', replacement: ''}"), [
      String.raw`s a: ["\\*\\\\x"]`,
    ])
  })
  test('set_value is for any value, map_string for what the modifiers make, hashes_fields for text', () => {
    assert.deepEqual(after(S('a|re: x'), '- {type: set_value, value: 5}'), ['s a: [5]'])
    assert.deepEqual(after(S("a|base64: 'x'"), '- {type: set_value, value: y}'), ['s a: ["y"]'])
    assert.deepEqual(after(S("a|contains: 'x'"), "- {type: map_string, mapping: {'*x*': y}}"), ['s a: ["y"]'])
    const hashes = '- {type: hashes_fields, valid_hash_algos: [MD5]}'
    assert.deepEqual(after(S("Hashes|re: 'MD5=a+'"), hashes), ['s Hashes|re: ["MD5=a+"]'])
  })
  test('regex takes numbers along, and leaves null', () => {
    assert.deepEqual(after(S('a: [x, 5, null]'), '- {type: regex, method: plain}'), [
      's (a|re|s: ["^x$","^5$"] or a: [null])',
    ])
  })
  test('extract_fields', () => {
    const extract = (more: string) =>
      after(
        S("Details: ['DWORD (0x01)', other]"),
        `- {type: extract_fields, regex: '(?P<type>\\w+) \\((?P<value>\\w+)\\)'${more}}`,
      )
    assert.deepEqual(extract(', field_prefix: reg'), ['s (reg.type: ["DWORD"] and reg.value: ["0x01"])'])
    assert.deepEqual(extract(', preserve_unmatched: true'), [
      's ((type: ["DWORD"] and value: ["0x01"]) or Details: ["other"])',
    ])
  })
  test('placeholders: names stay as they are, values keep their backslashes, in regular expressions they are text', () => {
    assert.deepEqual(after(S("a|expand: 'x%Admins%'"), '- {type: case, method: upper}'), ['s a|expand: ["X%Admins%"]'])
    const pipeline = 'vars: {Folder: C:\\a.b\\}\ntransformations:\n- {type: value_placeholders}'
    const one = (item: string) => shown(applied(RULE(S(item)), pipeline).rules[0].detections.get('s')!)
    assert.equal(one("a|expand: '%Folder%*'"), String.raw`a: ["C:\\\\a.b\\\\*"]`)
    assert.equal(one("a|re|expand: '^%Folder%$'"), String.raw`a|re: ["^C:\\\\a\\.b\\\\$"]`)
  })
  test('keywords become values of a field, anywhere in it', () => {
    assert.deepEqual(after('{s: [foo, b*r], condition: s}', '- {type: field_name_mapping, mapping: {null: message}}'), [
      's message: ["*foo*","*b*r*"]',
    ])
  })
  test('conditions on field names see the fields that values refer to', () => {
    const drop = '- {type: drop_detection_item, field_name_conditions: [{type: include_fields, fields: [Image]}]}'
    assert.deepEqual(after(S('a|fieldref: Image, b: 1'), drop), ['s (b: [1])'])
  })
})

describe('rules', () => {
  test('add_condition is joined to every condition, and can be negated', () => {
    const { rules } = applied(
      RULE('{s: {a: 1}, t: {b: 1}, condition: [1 of them, t]}'),
      'transformations:\n- {type: add_condition, conditions: {index: win-$category, kind: [x, y]}, template: true}\n- {type: add_condition, name: not_ours, conditions: {c: 1}, negated: true}',
    )
    const { ruleSet } = compileRules(rules)
    const matcher = createMatcher(ruleSet)
    const matches = (event: Record<string, unknown>) => {
      let found = false
      matcher.match(objectEvent(event, [{ product: 'windows', category: 'process_creation' }]), () => {
        found = true
      })
      return found
    }
    const base = { index: 'win-process_creation', kind: 'y' }
    assert.deepEqual(
      [{ ...base, a: 1 }, { ...base, b: 1 }, { ...base, a: 1, c: 1 }, { a: 1, kind: 'y' }, { ...base }].map(matches),
      [true, true, false, false, false],
    )
  })
  test('what is dropped is as if it had never been there; a rule of which nothing is left is refused', () => {
    const drop =
      'transformations:\n- {type: drop_detection_item, field_name_conditions: [{type: include_fields, fields: [d]}]}'
    const condition = (text: string) => {
      const { rules, refused } = applied(RULE(`{s: {d: 1}, t: {a: 1}, u: {b: 2}, condition: ${text}}`), drop)
      return rules.length ? JSON.stringify(rules[0].conditions) : refused[0].message
    }
    const t = '[{"kind":"identifier","name":"t"}]'
    for (const text of ['s and t', 's or t', 't and not s', 'not s or t', 't and not 1 of s*'])
      assert.equal(condition(text), t)
    assert.equal(condition('not s'), 'pipeline p0.yml:2: nothing of the rule’s condition is left')
  })
  test('add_condition: templates are those of Python', () => {
    assert.deepEqual(
      after(
        S('x: 1'),
        `- {type: add_condition, template: true, conditions: {a: '$product-\${service}-$$x-$categories'}}`,
      ),
      ['s x: [1]', '_condition a: ["windows-None-$x-$categories"]'],
    )
  })
  test('change_logsource, set_custom_attribute', () => {
    const { rules } = applied(
      RULE(S('a: 1')),
      'transformations:\n- {type: change_logsource, product: windows, service: sysmon}\n- {type: set_custom_attribute, attribute: x, value: 1}',
    )
    assert.deepEqual(rules[0].logSource, { product: 'windows', service: 'sysmon' })
    assert.deepEqual(rules[0].custom, { x: 1 })
  })
  test('failures refuse the rule, with the pipeline’s message', () => {
    const fail = (item: string) =>
      applied(RULE(S('Image: 1')), `transformations:\n- ${item}`).refused.map((one) => one.message)
    assert.deepEqual(fail('{type: rule_failure, message: not here}'), ['pipeline p0.yml:2: not here'])
    assert.deepEqual(
      fail(
        '{type: detection_item_failure, message: no, field_name_conditions: [{type: include_fields, fields: [Image]}]}',
      ),
      ['pipeline p0.yml:2: no'],
    )
    assert.deepEqual(fail('{type: strict_field_mapping_failure}'), [
      'pipeline p0.yml:2: these fields are not mapped: Image',
    ])
  })
})

describe('conditions', () => {
  const renames = (
    conditions: string,
    rule = RULE(S('a: abc'), 'level: high\ntags: [attack.t1059]\nstatus: test\n'),
  ) => {
    const { rules } = applied(
      rule,
      `transformations:\n- {type: field_name_mapping, mapping: {a: renamed}, ${conditions}}`,
    )
    return shown(rules[0].detections.get('s')!).startsWith('renamed')
  }
  const cases: [string, boolean][] = [
    ['rule_conditions: [{type: logsource, product: windows}]', true],
    ['rule_conditions: [{type: logsource, product: linux}]', false],
    ['rule_conditions: [{type: logsource, product: linux}], rule_cond_not: true', true],
    [
      'rule_conditions: [{type: logsource, product: linux}, {type: logsource, category: process_creation}], rule_cond_op: or',
      true,
    ],
    ['rule_conditions: [{type: logsource, product: linux}, {type: logsource, category: process_creation}]', false],
    ['rule_conditions: [{type: contains_field, field: a}]', true],
    ['rule_conditions: [{type: contains_detection_item, field: a, value: abc}]', true],
    ['rule_conditions: [{type: contains_detection_item, field: a, value: x}]', false],
    ['rule_conditions: [{type: is_sigma_rule}]', true],
    ['rule_conditions: [{type: is_sigma_correlation_rule}]', false],
    ['rule_conditions: [{type: tag, tag: attack.t1059}]', true],
    ['rule_conditions: [{type: rule_attribute, attribute: level, value: medium, op: gte}]', true],
    ['rule_conditions: [{type: rule_attribute, attribute: level, value: critical, op: gte}]', false],
    ['rule_conditions: [{type: rule_attribute, attribute: title, value: rule}]', true],
    ['rule_conditions: [{type: rule_attribute, attribute: tags, value: attack.t1059, op: in}]', true],
    ["detection_item_conditions: [{type: match_string, pattern: '^ab'}]", true],
    ["detection_item_conditions: [{type: match_string, pattern: '^ab', negate: true}]", false],
    ['detection_item_conditions: [{type: contains_wildcard}]', false],
    ['field_name_conditions: [{type: include_fields, fields: [b]}]', false],
    ['field_name_conditions: [{type: include_fields, fields: a}]', true],
    ["field_name_conditions: [{type: include_fields, fields: ['a|x'], mode: re}]", true],
    ['field_name_conditions: [{type: exclude_fields, fields: [b]}]', true],
    ['rule_conditions: [{type: processing_item_applied, processing_item_id: other}]', false],
  ]
  for (const [conditions, expected] of cases)
    test(`${conditions}: ${expected}`, () => assert.equal(renames(conditions), expected))

  test('expressions over named conditions', () => {
    const two = 'rule_conditions: {win: {type: logsource, product: windows}, mac: {type: logsource, product: macos}}'
    assert.equal(renames(`${two}, rule_cond_expr: win and not mac`), true)
    assert.equal(renames(`${two}, rule_cond_expr: not (win or mac)`), false)
    assert.equal(renames(two), false)
    assert.equal(renames(`${two}, rule_cond_op: any`), true)
    assert.equal(
      renames('field_name_conditions: {x: {type: include_fields, fields: [a]}}, field_name_cond_expr: not x'),
      false,
    )
  })
  test('state, items that were applied, and nested items', () => {
    assert.deepEqual(
      after(
        S('a: 1'),
        `- {type: set_state, key: k, val: v, id: first}
- type: nest
  rule_conditions: [{type: processing_state, key: k, val: v}]
  items:
    - {type: field_name_mapping, mapping: {a: b}, id: second}
- {type: field_name_suffix, suffix: .x, rule_conditions: [{type: processing_item_applied, processing_item_id: first}]}
- {type: field_name_prefix, prefix: y., detection_item_conditions: [{type: processing_item_applied, processing_item_id: second}]}`,
      ),
      ['s y.b.x: [1]'],
    )
  })
})

test('pipelines of lower priority come first', () => {
  const { rules } = applied(
    RULE(S('a: 1')),
    'priority: 20\ntransformations:\n- {type: field_name_suffix, suffix: .late}',
    'priority: 10\ntransformations:\n- {type: field_name_suffix, suffix: .early}',
  )
  assert.equal(shown(rules[0].detections.get('s')!), 'a.early.late: [1]')
})

test('what can’t be read or is not supported is refused by name and place', () => {
  const refusal = (text: string) => {
    try {
      parsePipeline(text, 'p.yml')
    } catch (error) {
      assert.ok(error instanceof PipelineError)
      const { line, column } = error.location
      return `${line}:${column} ${error.code} ${error.message}`
    }
    return undefined
  }
  assert.equal(refusal('a: ['), '1:5 structure not YAML: unexpected end of the stream within a flow collection')
  assert.equal(
    refusal('transformations:\n- {type: file_placeholders}'),
    '2:4 unsupported file_placeholders is not supported: pipelines read no files',
  )
  assert.equal(refusal('transformations:\n- {type: nonsense}'), '2:4 structure there is no transformation "nonsense"')
  assert.equal(
    refusal('transformations:\n- {type: case, rule_conditions: [{type: moon}]}'),
    '2:34 structure there is no condition "moon" among rule_conditions',
  )
  assert.equal(
    refusal('finalizers:\n- {type: concat}'),
    '1:1 unsupported finalizers changes queries, and there are none here',
  )
  assert.equal(
    refusal('stuff: 1'),
    '1:1 structure "stuff" is none of name, priority, allowed_backends, vars, transformations, postprocessing, finalizers',
  )
})

test('nothing of a pipeline is ignored: what it can’t mean is refused when it is read', () => {
  const refusal = (item: string, more = '') => {
    try {
      parsePipeline(`transformations:\n- ${item}\n${more}`, 'p.yml')
    } catch (error) {
      return (error as PipelineError).message
    }
    return undefined
  }
  assert.equal(refusal('{type: case, how: upper}'), 'case has no parameter "how": it has method')
  assert.equal(refusal('{type: case, method: title}'), 'case: method: one of lower, upper, snake_case was expected')
  assert.equal(refusal('{type: field_name_mapping}'), 'field_name_mapping needs mapping')
  assert.equal(
    refusal('{type: field_name_mapping, mapping: {a: []}}'),
    'field_name_mapping: mapping: a mapping of names to names or lists of names was expected',
  )
  assert.equal(refusal('{type: change_logsource}'), 'change_logsource needs category, product or service')
  assert.equal(
    refusal('{type: wildcard_placeholders, include: [a], exclude: [b]}'),
    'wildcard_placeholders: include or exclude, not both',
  )
  assert.equal(
    refusal('{type: case, detection_item_conditions: [{type: match_string, cond: some, pattern: x}]}'),
    'match_string: cond: one of any, all was expected',
  )
  assert.match(
    refusal("{type: replace_string, regex: '[[:alpha:]]', replacement: x}")!,
    /\[:alpha:] means something else/,
  )
  assert.match(refusal("{type: replace_string, regex: 'x', replacement: '\\2'}")!, /there is no group 2$/)
  assert.equal(
    refusal('{type: case, rule_conditions: {a: {type: is_sigma_rule}, b: {type: is_sigma_rule}}, rule_cond_expr: a}'),
    'the condition "b" is not in the expression',
  )
  assert.equal(
    refusal('{type: case}', 'postprocessing: {type: embed}'),
    'postprocessing changes queries, and there are none here',
  )
  assert.equal(refusal('{type: case}', '---\ntransformations: []'), 'a pipeline is one document')
})

test('no mapping names the same source field for two of Sigma’s in one log source', () => {
  for (const [source, mappings] of Object.entries(FIELD_MAPPINGS))
    for (const { logSource, fields } of mappings) {
      const firsts = Object.values(fields).map((names) => [names].flat()[0])
      assert.equal(new Set(firsts).size, firsts.length, `${source} ${JSON.stringify(logSource)}`)
    }
})

test('mappings are pipelines by the name of their source', () => {
  const fieldsAfter = (source: string, logSource: string, items: string) => {
    const { rules, refused } = parseRules(
      `title: t\nlogsource: {${logSource}}\ndetection: {s: {${items}}, condition: s}`,
      'r.yml',
    )
    assert.deepEqual(refused, [])
    const piped = applyPipelines(rules as DetectionRule[], [], [builtInPipeline(source)!])
    assert.deepEqual(piped.refused, [])
    const fields = (one: Detection): (string | undefined)[] =>
      one.kind === 'item' ? [one.item.field] : one.parts.flatMap(fields)
    return fields(piped.rules[0].detections.get('s')!)
  }
  for (const source of BUILT_IN_PIPELINES) assert.equal(builtInPipeline(source)?.name, source)
  assert.equal(builtInPipeline('toString'), undefined)
  assert.deepEqual(
    fieldsAfter('ecs', 'product: windows, category: process_creation', 'Image: a, EventID: 1, IntegrityLevel: High'),
    ['process.executable', 'event.code', 'winlog.event_data.IntegrityLevel'],
  )
  assert.deepEqual(fieldsAfter('ecs', 'product: windows, category: registry_set', 'TargetObject: a'), ['registry.path'])
  assert.deepEqual(fieldsAfter('ecs', 'product: linux, category: process_creation', 'Image: a, x: 1'), [
    'process.executable',
    'x',
  ])
  assert.deepEqual(fieldsAfter('zeek', 'category: proxy', 'c-uri: a'), ['uri'])
  assert.deepEqual(fieldsAfter('zeek', 'category: process_creation', 'Image: a'), ['Image'])
})
