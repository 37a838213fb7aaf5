import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readAll } from '../reading.ts'
import { zeekTsvSample } from './sample-input.ts'
import { unescapeZeek } from './tsv-event.ts'
import { findZeekForm, zeekJson } from './zeek-json.ts'
import { zeekTsv } from './zeek-tsv.ts'

const header = (path: string, fields: string, types: string) =>
  `#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\t${path}\n#fields\t${fields}\n#types\t${types}\n`
const row = (...values: string[]) => `${values.join('\t')}\n`

describe('Zeek logs as text', () => {
  it('reads values by the types of the header', async () => {
    const { events, skips } = await readAll(
      zeekTsv,
      header(
        'dns',
        'ts\tuid\tid.orig_h\tid.resp_p\tquery\trejected\tanswers\tTTLs',
        'time\tstring\taddr\tport\tstring\tbool\tvector[string]\tvector[interval]',
      ) +
        row('1700000000.000001', 'C1', '10.0.0.5', '53', 'a.example', 'F', '10.0.0.4,alias.example', '1.5,2') +
        row('1700000001.5', 'C2', '10.0.0.5', '53', '-', 'T', '(empty)', '-'),
    )
    assert.deepEqual(skips, [])
    assert.equal(events[0].time, '2023-11-14T22:13:20.000001Z')
    assert.equal(events[0].host, '10.0.0.5')
    assert.equal(events[0].logSources, 'dns/dns')
    assert.equal(
      events[0].json,
      '{"_path":"dns","ts":"1700000000.000001","uid":"C1","id.orig_h":"10.0.0.5","id.resp_p":53,"query":"a.example","rejected":false,"answers":["10.0.0.4","alias.example"],"TTLs":["1.5","2"]}',
    )
    assert.equal(
      events[1].json,
      '{"_path":"dns","ts":"1700000001.5","uid":"C2","id.orig_h":"10.0.0.5","id.resp_p":53,"rejected":true,"answers":[]}',
    )
    assert.equal(events[1].recordId, 9)
  })
  it('takes several logs one behind the other, and lines that fit no header for skipped', async () => {
    const { events, skips } = await readAll(
      zeekTsv,
      `stray\n${header('conn', 'ts\tuid', 'time\tstring')}${row('1700000000', 'C1')}${row('1700000000', 'C1', 'more')}${header('ssh', 'ts\tuid\tclient', 'time\tstring\tstring')}${row('1700000001', 'C2', 'OpenSSH')}`,
    )
    assert.deepEqual(
      events.map((one) => [one.channel, one.recordId]),
      [
        ['zeek conn', 9],
        ['zeek ssh', 18],
      ],
    )
    assert.deepEqual(
      skips.map((one) => one.reason),
      ['line without a header', 'line with other columns than its header'],
    )
  })
  it('knows the header that holds where a range starts', async () => {
    const text = `${header('conn', 'ts\tuid', 'time\tstring')}${row('1700000000', 'C1')}${header('ssh', 'ts\tclient', 'time\tstring')}${row('1700000001', 'OpenSSH')}${row('1700000002', 'dropbear')}`
    const { events } = await readAll(zeekTsv, text, {
      range: { start: text.indexOf('1700000002'), end: text.length },
    })
    assert.deepEqual(
      events.map((one) => [one.channel, one.fields.client]),
      [['zeek ssh', 'dropbear']],
    )
  })
  it('resolves escapes, and doubled backslashes where all are', () => {
    assert.equal(unescapeZeek('a\\x09b'), 'a\tb')
    assert.equal(unescapeZeek('\\xc3\\xa4'), 'ä')
    assert.equal(unescapeZeek('\\\\host\\IPC$'), '\\\\host\\IPC$')
    assert.equal(unescapeZeek('\\\\\\\\host\\\\IPC$'), '\\\\host\\IPC$')
    assert.equal(unescapeZeek('\\pipe\\lsass'), '\\pipe\\lsass')
    assert.equal(unescapeZeek('\\x5cpipe\\x5clsass'), '\\pipe\\lsass')
  })
  it('is cut off at every byte without an error', async () => {
    const text = Buffer.from(zeekTsvSample().slice(0, 900))
    for (let length = 0; length <= text.length; length++) {
      const { events } = await readAll(zeekTsv, text.subarray(0, length))
      for (const one of events) assert.ok(one.offset + one.length <= length)
    }
  })
})

describe('Zeek logs as JSON', () => {
  const conn = {
    ts: 1588205199.82437,
    uid: 'C1',
    'id.orig_h': '10.0.1.6',
    'id.orig_p': 54243,
    'id.resp_h': '10.0.0.4',
    'id.resp_p': 445,
    proto: 'tcp',
    conn_state: 'SF',
  }
  it('tells the log by its fields, by _path, by @stream', async () => {
    const flat = {
      '@stream': 'conn',
      '@proc': 'zeek',
      ts: conn.ts,
      uid: 'C1',
      id_orig_h: '10.0.1.6',
      id_resp_h: '10.0.0.4',
    }
    const { events, skips } = await readAll(
      zeekJson,
      [
        conn,
        { _path: 'my_script', _write_ts: '2020-04-30T00:06:39Z', ts: '2020-04-30T00:06:39.82437Z', note: 'x' },
        flat,
        { _source: conn },
      ]
        .map((one) => JSON.stringify(one))
        .join('\n'),
    )
    assert.deepEqual(skips, [])
    assert.deepEqual(
      events.map((one) => [one.channel, one.time, one.host, one.field('id.orig_h')]),
      [
        ['zeek conn', '2020-04-30T00:06:39.824370Z', '10.0.0.4', '10.0.1.6'],
        ['zeek my_script', '2020-04-30T00:06:39.824370Z', '', undefined],
        ['zeek conn', '2020-04-30T00:06:39.824370Z', '10.0.0.4', '10.0.1.6'],
        ['zeek conn', '2020-04-30T00:06:39.824370Z', '10.0.0.4', '10.0.1.6'],
      ],
    )
    assert.equal(events[0].field('dst_port'), '445')
  })
  it('is not taken for other JSON with a ts', () => {
    const has = (names: readonly string[]) => findZeekForm({ names, has: (name) => names.includes(name) })
    assert.equal(has(['ts', 'level', 'msg']), undefined)
    assert.equal(has(['ts', '_path']), undefined)
  })
  it('is cut off at every byte without an error', async () => {
    const text = Buffer.from(`${JSON.stringify(conn)}\n${JSON.stringify(conn)}`)
    for (let length = 0; length <= text.length; length++) await readAll(zeekJson, text.subarray(0, length))
  })
})
