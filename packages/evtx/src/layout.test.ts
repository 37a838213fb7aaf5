import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { rawLog } from '../test/raw-log.ts'
import { fieldsOf, read } from '../test/reading.ts'
import { CLEARED, SERVICE, SYSMON } from '../test/samples.ts'
import { writeEvtx } from './index.ts'

describe('layouts', () => {
  it('name every field of System and EventData, with a slot or a literal', () => {
    const [fields] = read(writeEvtx([SYSMON]), fieldsOf).records
    assert.deepEqual(fields, {
      '/Event@xmlns': 'http://schemas.microsoft.com/win/2004/08/events/event',
      'System/Provider@Name': 'Microsoft-Windows-Sysmon',
      'System/Provider@Guid': '{5770385f-c22a-43e0-bf4c-06f5698ffbd9}',
      'System/EventID@Qualifiers': null,
      'System/EventID': 1,
      'System/Version': 5,
      'System/Level': 4,
      'System/Task': 0,
      'System/Opcode': 0,
      'System/Keywords': '0x8000000000000000',
      'System/TimeCreated@SystemTime': '2024-01-02T03:04:05.6789010Z',
      'System/EventRecordID': 1,
      'System/Correlation@ActivityID': '{5770385f-c22a-43e0-bf4c-06f5698ffbd9}',
      'System/Correlation@RelatedActivityID': null,
      'System/Execution@ProcessID': 2000,
      'System/Execution@ThreadID': 3000,
      'System/Channel': 'Microsoft-Windows-Sysmon/Operational',
      'System/Computer': 'WS1.example.test',
      'System/Security@UserID': 'S-1-5-18',
      'EventData/UtcTime': '2024-01-02 03:04:05.678',
      'EventData/ProcessGuid': '{5770385f-c22a-43e0-bf4c-06f5698ffbd9}',
      'EventData/ProcessId': 4711,
      'EventData/Image': 'C:\\Windows\\System32\\cmd.exe',
      'EventData/CommandLine': 'cmd /c "echo \u00e4\u20ac\u{1f600}\t\u0001 > x"',
    })
  })

  it('know nested UserData by path', () => {
    const [paths] = read(writeEvtx([CLEARED]), ({ layout }) =>
      layout.fields.filter((field) => field.section === 'UserData').map((field) => [field.path, field.name]),
    ).records
    assert.deepEqual(paths, [
      ['Event/UserData/LogFileCleared@xmlns', 'LogFileCleared@xmlns'],
      ['Event/UserData/LogFileCleared/SubjectUserName', 'SubjectUserName'],
      ['Event/UserData/LogFileCleared/Details/Pid', 'Pid'],
    ])
  })

  it('are the same object for the same structure, in whatever chunk, and whatever the computer', () => {
    const long = { ...SYSMON, eventData: { ...SYSMON.eventData, Image: 'x'.repeat(20_000) } }
    const log = writeEvtx([SYSMON, long, SERVICE, long, { ...SYSMON, computer: 'OTHER' }])
    assert.ok(log.length > 4096 + 65536)
    const layouts = read(log, ({ layout }) => layout).records
    assert.equal(layouts[0], layouts[1])
    assert.equal(layouts[0], layouts[3])
    assert.equal(layouts[0], layouts[4])
    assert.notEqual(layouts[0], layouts[2])
    assert.ok(layouts[0].kept)
  })

  it('differ when a name or a literal does', () => {
    const [a, b, c] = read(
      writeEvtx([
        SYSMON,
        { ...SYSMON, channel: 'Microsoft-Windows-Sysmon/Operationa1' },
        { ...SYSMON, eventData: { ...SYSMON.eventData, Other: '' } },
      ]),
      ({ layout }) => layout,
    ).records
    assert.notEqual(a, b)
    assert.notEqual(a, c)
  })

  it('are shared by records without a template whose texts differ, not by those whose names do', () => {
    const record = (id: string, name: string, value: string) => (w: import('../test/raw-log.ts').TokenWriter) =>
      w
        .header()
        .open('Event')
        .open('System')
        .element('EventID', id)
        .element('Channel', 'C')
        .close()
        .open('EventData')
        .element('Data', value, { Name: name })
        .close()
        .close()
        .u8(0)
    const log = rawLog(record('1', 'A', 'x'), record('2', 'A', ''), record('2', 'B', 'x'))
    const seen = read(log, (r) => ({ layout: r.layout, fields: fieldsOf(r) })).records
    assert.equal(seen[0].layout, seen[1].layout)
    assert.notEqual(seen[1].layout, seen[2].layout)
    assert.deepEqual(seen[1].fields, { 'System/EventID': '2', 'System/Channel': 'C', 'EventData/A': '' })
  })

  it('are bounded in number: beyond it, records have layouts of their own that are not kept', () => {
    let kept = 0
    let total = 0
    for (let batch = 0; batch < 60; batch++) {
      const events = Array.from({ length: 100 }, (_, i) => ({ ...SERVICE, eventData: { [`Name${batch}_${i}`]: 'v' } }))
      const layouts = read(writeEvtx(events), (r) => {
        assert.equal(JSON.parse(r.toJson()).Event.EventData[`Name${batch}_${total % 100}`], 'v')
        total++
        return r.layout.kept
      }).records
      kept += layouts.filter(Boolean).length
    }
    assert.equal(total, 6000)
    assert.ok(kept <= 4096)
    assert.ok(kept > 3000)
  })
})
