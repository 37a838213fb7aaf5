// Sigma correlation rules specification 2.1.0: its examples over streams of events.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseRules } from '../../src/load/load.ts'
import type { CorrelationRule } from '../../src/rule.ts'
import { alerts, type StreamEvent } from './specification.ts'

/** A detection rule that finds events whose `is` is its name. */
const detection = (name: string, extra = '') =>
  `title: ${name}\nname: ${name}\n${extra}logsource: {product: windows}\ndetection: {s: {is: ${name}}, condition: s}\n---\n`
const ID = 'id: 5638f7c0-ac70-491d-8465-2a65075e0d86\n'
const at = (second: number, is: string, fields: object = {}): StreamEvent => ({ at: second, event: { is, ...fields } })
const repeated = (count: number, make: (number: number) => StreamEvent) =>
  Array.from({ length: count }, (_, n) => make(n))

describe('Correlation Types', () => {
  const MANY = `${detection('failed_logon', ID)}title: Many failed logins
id: 0e95725d-7320-415d-80f7-004da920fc11
correlation:
    type: event_count
    rules:
        - 5638f7c0-ac70-491d-8465-2a65075e0d86
    group-by:
        - ComputerName
    timespan: 1h
    condition:
        gte: 100
`
  test('Event Count: a hundred in an hour on one computer', () => {
    const logon = (ComputerName: string, every: number) => (n: number) =>
      at(n * every, 'failed_logon', { ComputerName })
    assert.deepEqual(alerts(MANY, repeated(100, logon('srv', 30))), ['Many failed logins 2970'])
    assert.deepEqual(alerts(MANY, repeated(99, logon('srv', 30))), [])
    assert.deepEqual(alerts(MANY, repeated(200, logon('srv', 60))), [])
    assert.deepEqual(
      alerts(
        MANY,
        repeated(150, (n) => logon(`srv${n % 2}`, 10)(n)),
      ),
      [],
    )
  })

  test('Value Count: different users for a source and a destination', () => {
    const text = `${detection('failed_logon', ID)}title: Failed login
id: 0e95725d-7320-415d-80f7-004da920fc12
correlation:
    type: value_count
    rules:
        - 5638f7c0-ac70-491d-8465-2a65075e0d86
    group-by:
        - ComputerName
        - WorkstationName
    timespan: 1d
    condition:
        field: User
        gte: 100
`
    const logon = (users: number) => (n: number) =>
      at(n, 'failed_logon', { ComputerName: 'srv', WorkstationName: 'ws', User: `u${n % users}` })
    assert.deepEqual(alerts(text, repeated(500, logon(100))), ['Failed login 99'])
    assert.deepEqual(alerts(text, repeated(500, logon(99))), [])
  })

  const RECON = (
    type: string,
  ) => `${['a', 'b', 'c'].map((one) => detection(`recon_cmd_${one}`)).join('')}title: Reconnaissance
correlation:
    type: ${type}
    rules:
        - recon_cmd_a
        - recon_cmd_b
        - recon_cmd_c
    group-by:
        - ComputerName
        - User
    timespan: 5m
`
  const run = (second: number, command: string, User = 'bob') =>
    at(second, `recon_cmd_${command}`, { ComputerName: 'srv', User })
  test('Temporal Proximity: in arbitrary order, by one user, within five minutes', () => {
    assert.deepEqual(alerts(RECON('temporal'), [run(0, 'c'), run(10, 'a'), run(20, 'b')]), ['Reconnaissance 20'])
    assert.deepEqual(alerts(RECON('temporal'), [run(0, 'c'), run(10, 'a'), run(301, 'b')]), [])
    assert.deepEqual(alerts(RECON('temporal'), [run(0, 'c'), run(10, 'a'), run(20, 'b', 'eve')]), [])
  })
  test('Temporal Proximity: no boundaries that are always at the same times', () => {
    assert.deepEqual(alerts(RECON('temporal'), [run(298, 'a'), run(299, 'b'), run(301, 'c')]), ['Reconnaissance 301'])
  })
  test('Ordered Temporal Proximity', () => {
    assert.deepEqual(alerts(RECON('temporal_ordered'), [run(0, 'a'), run(10, 'b'), run(20, 'c')]), [
      'Reconnaissance 20',
    ])
    assert.deepEqual(alerts(RECON('temporal_ordered'), [run(0, 'c'), run(10, 'a'), run(20, 'b')]), [])
  })

  test('Ordered Temporal Proximity over a correlation that groups by another field: only its own group-by counts', () => {
    const text = `${detection('failed_logon', ID)}${detection('successful_login')}title: Many failed logins
name: many_failed_logins
correlation:
    type: event_count
    rules:
        - 5638f7c0-ac70-491d-8465-2a65075e0d86
    group-by:
        - ComputerName
    timespan: 1h
    condition:
        gte: 100
---
title: then a success
correlation:
    type: temporal_ordered
    rules:
        - many_failed_logins
        - successful_login
    group-by:
        - User
    timespan: 1h
`
    const failed = repeated(100, (n) => at(n, 'failed_logon', { ComputerName: 'dc', User: 'bob' }))
    const success = (User: string) => at(200, 'successful_login', { ComputerName: 'other', User })
    assert.deepEqual(alerts(text, [...failed, success('bob')]), ['then a success 200'])
    assert.deepEqual(alerts(text, [...failed, success('eve')]), [])
    assert.deepEqual(alerts(text, [...failed.slice(1), success('bob')]), [])
  })

  test('Value Sum', () => {
    const text = `${detection('website_access')}title: Possible Exfiltration to Website
correlation:
    type: value_sum
    rules:
        - website_access
    group-by:
        - SourceIP
        - User
    timespan: 1h
    condition:
        field: bytes_sent
        gt: 1000000
`
    const sent = (second: number, bytes: unknown) =>
      at(second, 'website_access', { SourceIP: '10.0.0.1', User: 'bob', bytes_sent: bytes })
    assert.deepEqual(alerts(text, [sent(0, 999_999), sent(1, '1'), sent(2, 1)]), ['Possible Exfiltration to Website 2'])
    assert.deepEqual(alerts(text, [sent(0, 999_999), sent(3601, 999_999)]), [])
  })

  test('Value Average', () => {
    const text = `${detection('rule_a_id')}title: Suspicious average network traffic
correlation:
    type: value_avg
    rules:
        - rule_a_id
    group-by:
        - SourceIP
        - User
    timespan: 24h
    condition:
        field: BytesOut
        gt: 500
`
    const out = (second: number, BytesOut: number) =>
      at(second, 'rule_a_id', { SourceIP: '10.0.0.1', User: 'bob', BytesOut })
    assert.deepEqual(alerts(text, [out(0, 100), out(1, 900), out(2, 501)]), ['Suspicious average network traffic 2'])
    assert.deepEqual(alerts(text, [out(0, 100), out(1, 900)]), [])
  })

  test('Value Percentile: a value that makes up no more than one percent', () => {
    const text = `${detection('process_creation')}title: rare process
correlation:
    type: value_percentile
    rules:
        - process_creation
    group-by:
        - ComputerName
    timespan: 24h
    condition:
        field: image
        lte: 1
`
    const start = (second: number, image: string) => at(second, 'process_creation', { ComputerName: 'srv', image })
    assert.deepEqual(alerts(text, [...repeated(99, (n) => start(n, 'svchost.exe')), start(100, 'odd.exe')]), [
      'rare process 100',
    ])
    assert.deepEqual(alerts(text, [...repeated(98, (n) => start(n, 'svchost.exe')), start(100, 'odd.exe')]), [])
  })

  test('Value Percentile: the median is percentile 50', () => {
    const text = (type: string, more: string) =>
      `${detection('x')}title: t\ncorrelation: {type: ${type}, rules: [x], timespan: 1h, condition: {field: v${more}, gte: 10}}\n`
    const values = [1, 30, 2, 20, 15].map((v, n) => at(n, 'x', { v }))
    assert.deepEqual(
      alerts(text('value_percentile', ', percentile: 50'), values),
      alerts(text('value_median', ''), values),
    )
    assert.deepEqual(alerts(text('value_median', ''), values), ['t 1', 't 3'])
  })
})

describe('Components', () => {
  const read = (section: string) => parseRules(`title: t\ncorrelation: ${section}`, 'c.yml')
  const parsed = (section: string) => read(section).rules[0] as CorrelationRule
  const refusal = (section: string) => read(section).refused[0]?.message ?? 'it is not refused'
  test('Related rules: by id or name, one or several', () => {
    const { rules } = parsed(
      '{type: temporal, rules: [5638F7C0-ac70-491d-8465-2a65075e0d86, firewall_block], timespan: 1m}',
    )
    assert.deepEqual(rules, ['5638f7c0-ac70-491d-8465-2a65075e0d86', 'firewall_block'])
  })
  for (const [timespan, milliseconds] of [
    ['30s', 30_000],
    ['90m', 5_400_000],
    ['1h', 3_600_000],
    ['2d', 172_800_000],
  ] as const)
    test(`Time Selection ${timespan}`, () =>
      assert.equal(parsed(`{type: temporal, rules: [a], timespan: ${timespan}}`).timespan, milliseconds))
  test('Time Selection: nothing else', () => {
    for (const timespan of ['5', 'm', '0s', '-1h', '1.5h', '5x', '1H', '1 h', '90'])
      assert.match(refusal(`{type: temporal, rules: [a], timespan: ${timespan}}`), /^timespan/)
    assert.match(refusal('{type: temporal, rules: [a]}'), /^timespan/)
  })
  test('Condition: gt, gte, lt, lte, eq, neq, and two of them as a range', () => {
    const { condition } = parsed('{type: event_count, rules: [a], timespan: 1m, condition: {gt: 100, lte: 200}}')
    assert.deepEqual(condition.bounds, [
      { operator: 'lte', value: 200 },
      { operator: 'gt', value: 100 },
    ])
    assert.match(refusal('{type: event_count, rules: [a], timespan: 1m, condition: {atleast: 1}}'), /^atleast/)
    assert.match(
      refusal('{type: event_count, rules: [a], timespan: 1m, condition: {gte: many}}'),
      /a number was expected/,
    )
  })
  test('Condition: the example "101 to 200", and each operator, over a stream', () => {
    const run = (condition: string, count: number) =>
      alerts(
        `${detection('a')}title: t\ncorrelation: {type: event_count, rules: [a], group-by: [c], timespan: 1h, condition: {${condition}}}\n`,
        repeated(count, (n) => at(n, 'a', { c: 'srv' })),
      )
    assert.deepEqual(run('gt: 100, lte: 200', 100), [])
    assert.deepEqual(run('gt: 100, lte: 200', 300), ['t 100'])
    assert.deepEqual(run('gte: 3', 5), ['t 2'])
    assert.deepEqual(run('gt: 3', 5), ['t 3'])
    assert.deepEqual(run('lt: 3', 5), ['t 0'])
    assert.deepEqual(run('lte: 3', 5), ['t 0'])
    assert.deepEqual(run('eq: 3', 5), ['t 2'])
    assert.deepEqual(run('neq: 1', 5), ['t 1'])
  })
  test('Grouping by the example’s two fields', () => {
    const text = `${detection('a')}title: t
correlation:
    type: event_count
    rules: [a]
    group-by:
        - TargetUserName
        - TargetDomainName
    timespan: 1m
    condition: {gte: 2}
`
    const logon = (second: number, TargetUserName: string, TargetDomainName: string) =>
      at(second, 'a', { TargetUserName, TargetDomainName })
    assert.deepEqual(alerts(text, [logon(0, 'bob', 'a'), logon(1, 'bob', 'b'), logon(2, 'Bob', 'A')]), ['t 2'])
  })
  test('a correlation of another taxonomy groups by that one’s names', () => {
    const text = `${detection('a', ID)}title: Many failed logins
id: 0e95725d-7320-415d-80f7-004da920fc11
taxonomy: ecs
correlation:
    type: event_count
    rules:
        - 5638f7c0-ac70-491d-8465-2a65075e0d86
    group-by:
        - dns.question.name
    timespan: 1h
    condition:
        gte: 100
`
    const asked = (count: number) => repeated(count, (n) => at(n, 'a', { dns: { question: { name: 'example.org' } } }))
    assert.deepEqual(alerts(text, asked(100)), ['Many failed logins 99'])
    assert.deepEqual(alerts(text, asked(99)), [])
  })
  test('what each type requires', () => {
    assert.match(refusal('{type: event_count, rules: [a], timespan: 1m}'), /condition is missing/)
    assert.match(refusal('{type: value_count, rules: [a], timespan: 1m, condition: {gte: 1}}'), /needs the field/)
    assert.match(
      refusal('{type: value_count, rules: [a], timespan: 1m, condition: {field: [], gte: 1}}'),
      /needs the field/,
    )
    assert.match(
      refusal('{type: value_sum, rules: [a], timespan: 1m, condition: {field: [in, out], gte: 1}}'),
      /value_sum measures one field/,
    )
    assert.match(refusal('{type: temporal, timespan: 1m}'), /rules is missing/)
    assert.match(refusal('{type: sometimes, rules: [a], timespan: 1m}'), /^type "sometimes"/)
  })
  test('Condition of a temporal correlation: how many of the rules', () => {
    const text = `${detection('a')}${detection('b')}${detection('c')}title: t\ncorrelation: {type: temporal, rules: [a, b, c], timespan: 1m, condition: {gte: 2}}\n`
    assert.deepEqual(alerts(text, [at(0, 'a'), at(1, 'a'), at(2, 'c')]), ['t 2'])
  })
  test('Generate: the rules give no matches of their own unless it is true', () => {
    const text = (generate: string) =>
      `${detection('a')}title: t\ncorrelation: {type: event_count, rules: [a], timespan: 1m, condition: {gte: 2}${generate}}\n`
    const stream = [at(0, 'a'), at(1, 'a')]
    assert.deepEqual(alerts(text(''), stream), ['t 1'])
    assert.deepEqual(alerts(text(', generate: true'), stream), ['a 0', 'a 1', 't 1'])
    assert.deepEqual(alerts(text(', generate: false'), stream), ['t 1'])
    // The JSON schema has it beside the correlation, pySigma within.
    assert.deepEqual(alerts(`${text('')}generate: true\n`, stream), ['a 0', 'a 1', 't 1'])
    assert.match(refusal('{type: temporal, rules: [a], timespan: 1m, generate: maybe}'), /^generate/)
  })
  test('Generate: in a chain only the outermost correlation speaks, unless one within generates', () => {
    const chain = (inner: string) =>
      `${detection('a')}title: inner\nname: inner\ncorrelation: {type: event_count, rules: [a], timespan: 1m, condition: {gte: 2}}\n---\ntitle: outer\ncorrelation: {type: event_count, rules: [inner], timespan: 1m, condition: {gte: 1}${inner}}\n`
    const stream = [at(0, 'a'), at(1, 'a')]
    assert.deepEqual(alerts(chain(''), stream), ['outer 1'])
    assert.deepEqual(alerts(chain(', generate: true'), stream), ['inner 1', 'outer 1'])
  })
  test('Grouping: without it all events are one group', () => {
    const text = `${detection('a')}title: t\ncorrelation: {type: event_count, rules: [a], timespan: 1m, condition: {gte: 2}}\n`
    assert.deepEqual(alerts(text, [at(0, 'a', { u: 'x' }), at(1, 'a')]), ['t 1'])
  })
  test('Aliases: a field of one rule alone, others by their own name', () => {
    const text = `${detection('a')}${detection('b')}title: t
correlation:
    type: temporal
    rules: [a, b]
    group-by: [address, user]
    timespan: 1m
    aliases: {address: {a: src.ip, b: dst}}
`
    const pair = (dst: string, user: string) => [
      at(0, 'a', { src: { ip: '10.0.0.1' }, user: 'bob' }),
      at(1, 'b', { dst, user, src: { ip: '10.0.0.9' } }),
    ]
    assert.deepEqual(alerts(text, pair('10.0.0.1', 'BOB')), ['t 1'])
    assert.deepEqual(alerts(text, pair('10.0.0.9', 'bob')), [])
    assert.deepEqual(alerts(text, pair('10.0.0.1', 'eve')), [])
  })
  test('Condition: fractions, numbers as text, and a value_count over a list of fields', () => {
    const sums = (bound: string) =>
      `${detection('a')}title: t\ncorrelation: {type: value_sum, rules: [a], timespan: 1m, condition: {field: v, ${bound}}}\n`
    assert.deepEqual(alerts(sums('gte: 1.5'), [at(0, 'a', { v: 1 }), at(1, 'a', { v: '0.5' })]), ['t 1'])
    assert.deepEqual(alerts(sums("gt: '1'"), [at(0, 'a', { v: 1 }), at(1, 'a', { v: 1 })]), ['t 1'])
    const pairs = `${detection('a')}title: t\ncorrelation: {type: value_count, rules: [a], timespan: 1m, condition: {field: [u, h], gte: 2}}\n`
    const seen = (u: string, h: string, second: number) => at(second, 'a', { u, h })
    assert.deepEqual(alerts(pairs, [seen('x', 'y', 0), seen('X', 'Y', 1), seen('x', 'z', 2)]), ['t 2'])
  })
})

test('Field Name Aliases Example', () => {
  const text = `title: a
name: internal_error
logsource: {product: windows}
detection:
    selection:
        http.response.status_code: 500
    condition: selection
---
title: b
name: new_network_connection
logsource: {product: windows}
detection:
    selection:
        event.category: network
        event.type: connection
        event.outcome: success
    condition: selection
---
title: error, then a connection back
correlation:
    type: temporal
    rules:
        - internal_error
        - new_network_connection
    group-by:
        - internal_ip
        - remote_ip
    timespan: 10s
    aliases:
        internal_ip:
            internal_error: destination.ip
            new_network_connection: source.ip
        remote_ip:
            internal_error: source.ip
            new_network_connection: destination.ip
`
  const error = (source: string, destination: string) => ({
    at: 0,
    event: { http: { response: { status_code: 500 } }, source: { ip: source }, destination: { ip: destination } },
  })
  const connection = (source: string, destination: string) => ({
    at: 5,
    event: {
      event: { category: 'network', type: 'connection', outcome: 'success' },
      source: { ip: source },
      destination: { ip: destination },
    },
  })
  assert.deepEqual(alerts(text, [error('203.0.113.9', '10.0.0.5'), connection('10.0.0.5', '203.0.113.9')]), [
    'error, then a connection back 5',
  ])
  assert.deepEqual(alerts(text, [error('203.0.113.9', '10.0.0.5'), connection('203.0.113.9', '10.0.0.5')]), [])
})

test('Example: failed logins followed by a successful login', () => {
  const text = `title: Correlation - Multiple Failed Logins Followed by Successful Login
id: b180ead8-d58f-40b2-ae54-c8940995b9b6
status: experimental
description: Detects multiple failed logins by a single user followed by a successful login of that user
references:
    - https://reference.com
author: Florian Roth (Nextron Systems)
date: 2023-06-16
correlation:
    type: temporal_ordered
    rules:
        - multiple_failed_login
        - successful_login
    group-by:
        - User
    timespan: 10m
falsepositives:
    - Unlikely
level: high
---
title: Multiple failed logons
id: a8418a5a-5fc4-46b5-b23b-6c73beb19d41
description: Detects multiple failed logins within a certain amount of time
name: multiple_failed_login
correlation:
    type: event_count
    rules:
        - failed_login
    group-by:
        - User
    timespan: 10m
    condition:
        gte: 10
---
title: Single failed login
id: 53ba33fd-3a50-4468-a5ef-c583635cfa92
name: failed_login
logsource:
    product: windows
    service: security
detection:
    selection:
        EventID:
            - 529
            - 4625
    condition: selection
---
title: Successful login
id: 4d0a2c83-c62c-4ed4-b475-c7e23a9269b8
description: Detects a successful login
name: successful_login
logsource:
    product: windows
    service: security
detection:
    selection:
        EventID:
            - 528
            - 4624
    condition: selection
`
  const logSource = { product: 'windows', service: 'security' }
  const logon = (second: number, EventID: number, User = 'bob') => ({ at: second, logSource, event: { EventID, User } })
  const failures = (count: number, User?: string) => repeated(count, (n) => logon(n * 10, n % 2 ? 529 : 4625, User))
  const TITLE = 'Correlation - Multiple Failed Logins Followed by Successful Login'
  assert.deepEqual(alerts(text, [...failures(10), logon(200, 4624)]), [`${TITLE} 200`])
  assert.deepEqual(alerts(text, [...failures(9), logon(200, 4624)]), [])
  assert.deepEqual(alerts(text, [...failures(10), logon(200, 4624, 'eve')]), [])
  assert.deepEqual(alerts(text, [logon(0, 4624), ...failures(10)]), [])
  assert.deepEqual(alerts(text, [...failures(10), logon(800, 4624)]), [])
})
